//! Bytes from a terminal, sorted: keys, pastes, focus, and what must press no key.
//!
//! A terminal answers questions that some program asked long ago (colours, positions, versions), over SSH
//! as late as it likes. Such an answer holds letters that are keys here. So sequences are read to their end
//! by the rules of ECMA-48, and all that is not known is dropped whole.

use super::Input;
use crate::tui::keys::{Code, Key};
use std::time::Duration;

/// After a lone escape, how long the rest of a sequence may take; then it was the key.
const ESCAPE: Duration = Duration::from_millis(25);
/// How long a sequence may stand still; then its end is lost.
const SEQUENCE: Duration = Duration::from_millis(500);
/// The same for a paste.
const PASTE: Duration = Duration::from_secs(2);
/// What is kept of a paste, bytes.
const PASTED: usize = 65_536;
/// What is kept of a sequence, bytes: no key is longer.
const LONGEST: usize = 32;
const INTERRUPT: u8 = 0x03;
const CANCELED: [u8; 2] = [0x18, 0x1a];
const PASTE_ENDS: &[u8] = b"\x1b[201~";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Ground,
    Escape,
    /// `ESC [`
    Control,
    /// `ESC O`
    Shift,
    /// Within a string that this opened: `ESC ]`, `ESC P` and the like.
    String(u8),
    /// An escape within it: the string ends with the next byte.
    StringEnds,
    Letter,
    Paste,
    /// This many bytes belong to what came before.
    Skip(u8),
}

#[derive(Debug)]
pub struct Parser {
    state: State,
    /// Of the sequence, letter or paste that is not complete yet.
    kept: Vec<u8>,
}

impl Parser {
    pub fn new() -> Self {
        Self { state: State::Ground, kept: vec![] }
    }

    /// How long it may stay quiet before [`Self::rest`] has something to say.
    pub fn patience(&self) -> Option<Duration> {
        match self.state {
            State::Ground => None,
            State::Escape | State::StringEnds => Some(ESCAPE),
            State::Control | State::Shift | State::String(_) if self.kept.is_empty() => Some(ESCAPE),
            State::Paste => Some(PASTE),
            _ => Some(SEQUENCE),
        }
    }

    /// Nothing more has come for as long as it was patient.
    pub fn rest(&mut self) -> Option<Input> {
        let begun = self.kept.is_empty();
        let input = match self.state {
            State::Escape | State::StringEnds => Some(Input::Key(Key::of(Code::Esc))),
            State::Control if begun => Some(alt('[')),
            State::Shift => Some(alt('O')),
            State::String(opener) if begun => Some(alt(char::from(opener))),
            State::Paste => Some(self.pasted()),
            _ => None,
        };
        self.to(State::Ground);
        input
    }

    /// Takes the next byte in.
    pub fn feed(&mut self, byte: u8) -> Option<Input> {
        match self.state {
            State::Paste => return self.paste(byte),
            State::Ground | State::Escape => {}
            // Ctrl-C is heard whatever else the line says.
            _ if byte == INTERRUPT => self.to(State::Ground),
            _ if CANCELED.contains(&byte) => return self.drop(),
            _ => {}
        }
        match self.state {
            State::Ground => self.ground(byte),
            State::Escape => self.escape(byte),
            State::Control => self.control(byte),
            State::Shift => {
                self.to(State::Ground);
                shifted(byte)
            }
            State::String(_) if byte == 0x07 => self.drop(),
            State::String(_) if byte == 0x1b => {
                self.to(State::StringEnds);
                None
            }
            State::String(_) => {
                self.keep(byte, LONGEST);
                None
            }
            State::StringEnds if byte == b'\\' => self.drop(),
            State::StringEnds => {
                self.to(State::Escape);
                self.escape(byte)
            }
            State::Letter => self.letter(byte),
            State::Skip(left) => {
                self.state = if left > 1 { State::Skip(left - 1) } else { State::Ground };
                None
            }
            State::Paste => None,
        }
    }

    fn to(&mut self, state: State) {
        self.state = state;
        self.kept.clear();
    }

    fn drop(&mut self) -> Option<Input> {
        self.to(State::Ground);
        None
    }

    fn keep(&mut self, byte: u8, most: usize) {
        if self.kept.len() < most {
            self.kept.push(byte);
        }
    }

    fn ground(&mut self, byte: u8) -> Option<Input> {
        match byte {
            0x1b => {
                self.to(State::Escape);
                None
            }
            0x80.. => {
                self.to(State::Letter);
                self.letter(byte)
            }
            _ => plain(byte).map(Input::Key),
        }
    }

    fn escape(&mut self, byte: u8) -> Option<Input> {
        match byte {
            b'[' => self.to(State::Control),
            b'O' => self.to(State::Shift),
            b']' | b'P' | b'X' | b'^' | b'_' => self.to(State::String(byte)),
            0x1b => return Some(Input::Key(Key::of(Code::Esc))),
            0x80.. => return self.drop(),
            _ => {
                self.to(State::Ground);
                return plain(byte).map(|key| Input::Key(Key { alt: true, ..key }));
            }
        }
        None
    }

    fn control(&mut self, byte: u8) -> Option<Input> {
        match byte {
            0x1b => {
                self.to(State::Escape);
                None
            }
            0x20..=0x3f => {
                self.keep(byte, LONGEST);
                None
            }
            // What a Linux console sends for F1 to F5.
            b'[' if self.kept.is_empty() => {
                self.to(State::Skip(1));
                None
            }
            // A mouse that some other program has asked for.
            b'M' if self.kept.is_empty() => {
                self.to(State::Skip(3));
                None
            }
            0x40..=0x7e => {
                let kept = std::mem::take(&mut self.kept);
                self.state = State::Ground;
                if kept == b"200" && byte == b'~' {
                    self.state = State::Paste;
                }
                controlled(&kept, byte)
            }
            _ => None,
        }
    }

    fn letter(&mut self, byte: u8) -> Option<Input> {
        self.kept.push(byte);
        match std::str::from_utf8(&self.kept) {
            Ok(text) => {
                let letter = text.chars().next().filter(|letter| !letter.is_control());
                self.to(State::Ground);
                letter.map(|letter| Input::Key(Key::char(letter)))
            }
            // The letter is not complete.
            Err(error) if error.error_len().is_none() => None,
            Err(_) => {
                self.to(State::Ground);
                if byte < 0x80 { self.ground(byte) } else { None }
            }
        }
    }

    fn paste(&mut self, byte: u8) -> Option<Input> {
        self.kept.push(byte);
        if self.kept.ends_with(PASTE_ENDS) {
            self.kept.truncate(self.kept.len() - PASTE_ENDS.len());
            let pasted = self.pasted();
            self.to(State::Ground);
            return Some(pasted);
        }
        // Its end must be found, however long it is.
        if self.kept.len() > PASTED + PASTE_ENDS.len() {
            self.kept.remove(PASTED);
        }
        None
    }

    fn pasted(&self) -> Input {
        let most = self.kept.len().min(PASTED);
        Input::Paste(String::from_utf8_lossy(&self.kept[..most]).into_owned())
    }
}

fn alt(character: char) -> Input {
    Input::Key(Key { alt: true, ..Key::char(character) })
}

/// A key of one byte.
fn plain(byte: u8) -> Option<Key> {
    Some(match byte {
        b'\r' => Key::of(Code::Enter),
        b'\t' => Key::of(Code::Tab),
        0x7f => Key::of(Code::Backspace),
        0 => Key::ctrl(' '),
        0x01..=0x1a => Key::ctrl(char::from(byte - 1 + b'a')),
        0x1c..=0x1f => Key::ctrl(char::from(byte - 0x1c + b'4')),
        0x20..=0x7e => Key::char(char::from(byte)),
        _ => return None,
    })
}

/// What follows `ESC O`, as keypads in application mode send it.
fn shifted(byte: u8) -> Option<Input> {
    Some(Input::Key(Key::of(match byte {
        b'A' => Code::Up,
        b'B' => Code::Down,
        b'C' => Code::Right,
        b'D' => Code::Left,
        b'H' => Code::Home,
        b'F' => Code::End,
        b'M' => Code::Enter,
        _ => return None,
    })))
}

/// A whole control sequence: what stood between `ESC [` and its last byte.
fn controlled(parameters: &[u8], last: u8) -> Option<Input> {
    let text = std::str::from_utf8(parameters).ok()?;
    if let Some(place) = text.strip_prefix('<') {
        return mouse(place, last);
    }
    let mut numbers =
        text.split(';').map(|number| if number.is_empty() { Some(1) } else { number.parse::<u16>().ok() });
    let (first, second) = (numbers.next().flatten()?, numbers.next().unwrap_or(Some(1))?);
    if numbers.next().is_some() {
        return None;
    }
    let code = match (last, first) {
        (b'I', _) if text.is_empty() => return Some(Input::FocusGained),
        (b'O', _) if text.is_empty() => return Some(Input::FocusLost),
        (b'Z', 1) => Code::BackTab,
        (b'A', 1) => Code::Up,
        (b'B', 1) => Code::Down,
        (b'C', 1) => Code::Right,
        (b'D', 1) => Code::Left,
        (b'H', 1) | (b'~', 1 | 7) => Code::Home,
        (b'F', 1) | (b'~', 4 | 8) => Code::End,
        (b'~', 3) => Code::Delete,
        (b'~', 5) => Code::PageUp,
        (b'~', 6) => Code::PageDown,
        _ => return None,
    };
    // Shift 1, alt 2, ctrl 4, and one more than their sum (xterm control sequences, PC-style function keys).
    let modifiers = second.checked_sub(1)?;
    Some(Input::Key(Key { code, alt: modifiers & 2 != 0, ctrl: modifiers & 4 != 0 }))
}

/// `button;column;row`, from 1; `M` is a press, `m` a release (xterm control sequences, mode 1006).
fn mouse(place: &str, last: u8) -> Option<Input> {
    let numbers: Vec<u16> = place.split(';').map(|number| number.parse().ok()).collect::<Option<_>>()?;
    let [button, column, row] = numbers[..] else { return None };
    let (column, row) = (column.checked_sub(1)?, row.checked_sub(1)?);
    match (button, last) {
        (0, b'M') => Some(Input::Click { column, row }),
        (64, b'M') => Some(Input::Wheel { column, row, up: true }),
        (65, b'M') => Some(Input::Wheel { column, row, up: false }),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
