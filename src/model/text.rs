//! Text from elsewhere. AWS lets tags, reasons and names hold what a terminal would obey, so every
//! remote string passes [`clean`] where it enters.

use sha2::{Digest, Sha256};

/// The longest remote string that is kept, in characters.
const LONGEST: usize = 2_000;
/// Combining marks that may follow one character.
const MOST_MARKS: usize = 4;

/// Remote text made harmless: control characters (C0, DEL, C1), bidi controls, zero-width and tag
/// characters become visible marks, a line feed becomes a blank, piles of combining marks and very
/// long text are cut.
pub fn clean(remote: &str) -> String {
    let mut text = String::with_capacity(remote.len().min(LONGEST * 4));
    let mut marks = 0;
    for (place, character) in remote.chars().enumerate() {
        if place >= LONGEST {
            text.push('…');
            break;
        }
        if is_combining(character) {
            marks += 1;
            if marks > MOST_MARKS {
                continue;
            }
        } else {
            marks = 0;
        }
        text.push(harmless(character));
    }
    text
}

/// Whether [`clean`] would leave the text as it is, as far as it is short.
pub fn is_clean(text: &str) -> bool {
    text.len() <= LONGEST && text.chars().all(|character| harmless(character) == character && !is_combining(character))
}

/// Remote or own text to compare and show: as it is when it is short and harmless, else what stands for all of it.
pub fn brief(text: &str) -> String {
    if is_clean(text) {
        return text.into();
    }
    let digest: String = Sha256::digest(text).iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    format!("sha256:{digest}…")
}

fn harmless(character: char) -> char {
    match character {
        '\n' => ' ',
        '\t' => ' ',
        '\u{7f}' | '\u{80}'..='\u{9f}' => '␡',
        control if (control as u32) < 0x20 => char::from_u32(0x2400 + control as u32).unwrap_or('�'),
        '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2028}'
        | '\u{2029}'
        | '\u{2060}'..='\u{206f}'
        | '\u{061c}'
        | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e007f}' => '�',
        plain => plain,
    }
}

fn is_combining(character: char) -> bool {
    matches!(character,
        '\u{0300}'..='\u{036f}' | '\u{0483}'..='\u{0489}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}'
        | '\u{20d0}'..='\u{20ff}' | '\u{fe20}'..='\u{fe2f}' | '\u{fe00}'..='\u{fe0f}')
}

/// The text as a part of a file's name: letters, digits and hyphens, `_` for all else.
pub fn file_name(text: &str) -> String {
    text.replace(|c: char| !c.is_ascii_alphanumeric() && c != '-', "_")
}

/// The word that was probably meant, when one is near enough.
pub fn nearest<'a>(word: &str, among: &[&'a str]) -> Option<&'a str> {
    among
        .iter()
        .map(|candidate| (strsim::damerau_levenshtein(word, candidate), *candidate))
        .filter(|(distance, candidate)| *distance <= 1 + candidate.len() / 3)
        .min()
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::{brief, clean};
    use proptest::prelude::*;

    #[test]
    fn escapes_and_bidi_become_visible() {
        assert_eq!(clean("a\u{1b}]52;c;x\u{7}b"), "a␛]52;c;x␇b");
        assert_eq!(clean("re\u{202e}txt\rok"), "re�txt␍ok");
        assert_eq!(clean("two\nlines"), "two lines");
    }

    #[test]
    fn long_and_many_lines_are_told_by_what_stands_for_them() {
        assert_eq!(brief("debug"), "debug");
        let file = "[stack]\nname = \"shop\"\n";
        assert!(brief(file).starts_with("sha256:") && brief(file).len() < 40, "{}", brief(file));
        assert_ne!(brief(file), brief(&file.replace("shop", "shoq")));
        assert_ne!(brief(&"a".repeat(3_000)), brief(&"a".repeat(3_001)));
    }

    proptest! {
        #[test]
        fn nothing_a_terminal_obeys_is_left(remote in any::<String>()) {
            let text = clean(&remote);
            prop_assert!(text.chars().all(|c| !c.is_control()));
            let bidi = text.chars().any(|c| ('\u{202a}'..='\u{202e}').contains(&c));
            prop_assert!(!bidi);
            prop_assert!(text.chars().count() <= 2_001);
        }

        #[test]
        fn plain_text_is_left_alone(remote in "[ -~äöüß→日本]{0,200}") {
            prop_assert_eq!(clean(&remote), remote);
        }
    }
}
