use super::*;
use proptest::prelude::*;

/// All that these bytes are, when nothing follows.
fn read(bytes: &[u8]) -> Vec<Input> {
    let mut parser = Parser::new();
    let mut inputs: Vec<Input> = bytes.iter().filter_map(|byte| parser.feed(*byte)).collect();
    while parser.patience().is_some() {
        inputs.extend(parser.rest());
    }
    inputs
}

fn keys(text: &str) -> Vec<Input> {
    text.chars().map(|character| Input::Key(Key::char(character))).collect()
}

#[test]
fn keys_of_every_kind_are_read() {
    let key = |code| Input::Key(Key::of(code));
    for (bytes, wanted) in [
        (&b"q"[..], Input::Key(Key::char('q'))),
        ("é".as_bytes(), Input::Key(Key::char('é'))),
        ("𝄞".as_bytes(), Input::Key(Key::char('𝄞'))),
        (b"\x03", Input::Key(Key::ctrl('c'))),
        (b"\x1a", Input::Key(Key::ctrl('z'))),
        (b"\r", key(Code::Enter)),
        (b"\t", key(Code::Tab)),
        (b"\x7f", key(Code::Backspace)),
        (b"\x1b", key(Code::Esc)),
        (b"\x1b[Z", key(Code::BackTab)),
        (b"\x1b[A", key(Code::Up)),
        (b"\x1bOB", key(Code::Down)),
        (b"\x1b[3~", key(Code::Delete)),
        (b"\x1b[6~", key(Code::PageDown)),
        (b"\x1b[1~", key(Code::Home)),
        (b"\x1b[1;5C", Input::Key(Key { ctrl: true, ..Key::of(Code::Right) })),
        (b"\x1b[1;3D", Input::Key(Key { alt: true, ..Key::of(Code::Left) })),
        (b"\x1bx", alt('x')),
        (b"\x1b]", alt(']')),
        (b"\x1bO", alt('O')),
        (b"\x1b[", alt('[')),
        (b"\x1b[I", Input::FocusGained),
        (b"\x1b[O", Input::FocusLost),
        (b"\x1b[200~us-\x1b[east\x1b[201~", Input::Paste("us-\x1b[east".into())),
    ] {
        assert_eq!(read(bytes), [wanted], "{:?}", String::from_utf8_lossy(bytes));
    }
    assert_eq!(read(b"\x1b\x1b[A"), [key(Code::Esc), key(Code::Up)]);
}

#[test]
fn what_a_terminal_answers_presses_no_key() {
    for answer in [
        &b"\x1b]11;rgb:dddd/ffff/eeee\x07"[..],
        b"\x1b]10;rgb:eeee/dddd/ffff\x1b\\",
        b"\x1b[12;40R",
        b"\x1b[?62;1;2;4c",
        b"\x1b[>41;354;0c",
        b"\x1b[?2026;2$y",
        b"\x1b[?31u",
        b"\x1b[99999999999999;2A",
        b"\x1bP1$r2 q\x1b\\",
        b"\x1b_Gi=31;OK\x1b\\",
        b"\x1b[[A",
        b"\x1b[M !!",
        b"\x1b[<35;24;9M",
        b"\x1b[15~",
        b"\x1b[201~",
        b"\xff\xfe\xc2\x9b",
    ] {
        assert_eq!(read(answer), [], "{:?}", String::from_utf8_lossy(answer));
        let followed = [answer, b"e"].concat();
        assert_eq!(read(&followed), keys("e"), "{:?}", String::from_utf8_lossy(answer));
    }
}

#[test]
fn an_answer_whose_end_is_lost_is_dropped_and_keys_are_heard_again() {
    let mut parser = Parser::new();
    assert!(b"\x1b]11;rgb:dd".iter().all(|byte| parser.feed(*byte).is_none()));
    assert_eq!((parser.patience(), parser.rest()), (Some(SEQUENCE), None));
    assert_eq!(parser.feed(b'e'), Some(Input::Key(Key::char('e'))));
    for begun in ["\x1b]11;rgb:dd", "\x1b[12;", "\x1bP1", "\x1b"] {
        let interrupted = read(&[begun.as_bytes(), b"\x03"].concat());
        assert!(matches!(interrupted[..], [Input::Key(Key { code: Code::Char('c'), ctrl: true, .. })]), "{begun:?}");
    }
}

#[test]
fn a_paste_without_end_and_a_huge_one_are_held_to_something() {
    assert_eq!(read(b"\x1b[200~abc"), [Input::Paste("abc".into())]);
    let huge = [b"\x1b[200~", &[b'a'; 3 * PASTED][..], PASTE_ENDS, b"e"].concat();
    assert_eq!(read(&huge), [Input::Paste("a".repeat(PASTED)), Input::Key(Key::char('e'))]);
}

#[test]
fn the_mouse_presses_cells_and_nothing_else() {
    assert_eq!(read(b"\x1b[<0;12;3M\x1b[<0;12;3m"), [Input::Click { column: 11, row: 2 }]);
    assert_eq!(read(b"\x1b[<64;300;1M"), [Input::Wheel { column: 299, row: 0, up: true }]);
    assert_eq!(read(b"\x1b[<65;1;1M"), [Input::Wheel { column: 0, row: 0, up: false }]);
    for other in [&b"\x1b[<2;1;1M"[..], b"\x1b[<0;0;1M", b"\x1b[<0;1M", b"\x1b[<0;1;1;1M"] {
        assert_eq!(read(other), []);
    }
}

proptest! {
    /// Whatever a string says, nothing of it is a key.
    #[test]
    fn strings_are_read_to_their_end(opener in "[\\]PX^_]", said in "[ -~]{1,200}", bell in any::<bool>()) {
        let answer = format!("\u{1b}{opener}{said}{}", if bell { "\u{7}" } else { "\u{1b}\\" });
        prop_assert_eq!(read(answer.as_bytes()), vec![]);
    }

    #[test]
    fn nothing_upsets_it(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        read(&bytes);
    }

    /// Where the line cuts a sequence makes no difference.
    #[test]
    fn text_is_read_as_it_was_typed(text in "[a-zé€𝄞 ]{0,40}") {
        prop_assert_eq!(read(text.as_bytes()), keys(&text));
    }
}
