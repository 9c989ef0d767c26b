//! Keys, apart from any terminal library, and their names.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A key with its modifiers. Shift is in the character.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Key {
    pub code: Code,
    pub ctrl: bool,
    pub alt: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Code {
    Char(char),
    Enter,
    Esc,
    Tab,
    BackTab,
    Backspace,
    Delete,
    Left,
    Right,
    Up,
    Down,
    Home,
    End,
    PageUp,
    PageDown,
}

impl Key {
    pub const fn of(code: Code) -> Self {
        Self { code, ctrl: false, alt: false }
    }

    pub const fn char(character: char) -> Self {
        Self::of(Code::Char(character))
    }

    pub const fn ctrl(character: char) -> Self {
        Self { code: Code::Char(character), ctrl: true, alt: false }
    }

    /// The character that it types into a field.
    pub fn typed(self) -> Option<char> {
        match self.code {
            Code::Char(character) if !self.ctrl && !self.alt => Some(character),
            _ => None,
        }
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.ctrl {
            f.write_str("^")?;
        }
        if self.alt {
            f.write_str("alt-")?;
        }
        let name = match self.code {
            Code::Char(' ') => "space",
            Code::Char(character) if self.ctrl => return write!(f, "{}", character.to_ascii_uppercase()),
            Code::Char(character) => return write!(f, "{character}"),
            Code::Enter => "enter",
            Code::Esc => "esc",
            Code::Tab => "tab",
            Code::BackTab => "shift-tab",
            Code::Backspace => "backspace",
            Code::Delete => "delete",
            Code::Left => "←",
            Code::Right => "→",
            Code::Up => "↑",
            Code::Down => "↓",
            Code::Home => "home",
            Code::End => "end",
            Code::PageUp => "pgup",
            Code::PageDown => "pgdn",
        };
        f.write_str(name)
    }
}

/// Keys that are pressed one after another.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Chord(pub Vec<Key>);

impl Chord {
    /// Whether the one is the beginning of the other, so that both cannot be meant.
    pub fn clashes(&self, other: &Self) -> bool {
        self.0.starts_with(&other.0) || other.0.starts_with(&self.0)
    }
}

impl fmt::Display for Chord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let keys: Vec<String> = self.0.iter().map(ToString::to_string).collect();
        f.write_str(&keys.join(" "))
    }
}

/// Text that names no key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no key: use one like d, ctrl-d, enter or space d")]
pub struct NoKey(String);

/// The longest chord.
const LONGEST: usize = 3;

impl std::str::FromStr for Chord {
    type Err = NoKey;

    fn from_str(text: &str) -> Result<Self, NoKey> {
        let keys: Vec<Key> = text.split_whitespace().map(str::parse).collect::<Result<_, _>>()?;
        if (1..=LONGEST).contains(&keys.len()) { Ok(Self(keys)) } else { Err(NoKey(text.into())) }
    }
}

impl std::str::FromStr for Key {
    type Err = NoKey;

    fn from_str(text: &str) -> Result<Self, NoKey> {
        let (mut ctrl, mut alt, mut rest) = (false, false, text);
        loop {
            let (modifier, tail) = match rest.split_once('-') {
                Some((modifier @ ("ctrl" | "alt"), tail)) if !tail.is_empty() => (modifier, tail),
                _ => break,
            };
            (ctrl, alt, rest) = (ctrl || modifier == "ctrl", alt || modifier == "alt", tail);
        }
        if let Some(tail) = rest.strip_prefix('^').filter(|tail| !tail.is_empty()) {
            (ctrl, rest) = (true, tail);
        }
        let code = match rest {
            "space" => Code::Char(' '),
            "enter" => Code::Enter,
            "esc" => Code::Esc,
            "tab" => Code::Tab,
            "shift-tab" => Code::BackTab,
            "backspace" => Code::Backspace,
            "delete" => Code::Delete,
            "left" | "←" => Code::Left,
            "right" | "→" => Code::Right,
            "up" | "↑" => Code::Up,
            "down" | "↓" => Code::Down,
            "home" => Code::Home,
            "end" => Code::End,
            "pgup" => Code::PageUp,
            "pgdn" => Code::PageDown,
            _ => {
                let mut characters = rest.chars();
                match (characters.next(), characters.next()) {
                    (Some(one), None) if !one.is_control() && !one.is_whitespace() => {
                        Code::Char(if ctrl { one.to_ascii_lowercase() } else { one })
                    }
                    _ => return Err(NoKey(text.into())),
                }
            }
        };
        Ok(Self { code, ctrl, alt })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn keys_are_written_as_they_are_shown() {
        for text in ["d", "^C", "alt-x", "space", "shift-tab", "←", "pgdn", "-", "^", "!", "é"] {
            assert_eq!(text.parse::<Key>().unwrap().to_string(), text);
        }
        assert_eq!("ctrl-c".parse::<Key>(), Ok(Key::ctrl('c')));
        assert_eq!("ctrl-C".parse::<Key>(), Ok(Key::ctrl('c')));
        assert_eq!("ctrl--".parse::<Key>(), Ok(Key::ctrl('-')));
        for text in ["", "ctrl-", "f99", "hyper-x", "ab", "\u{1b}"] {
            assert_eq!(text.parse::<Key>(), Err(NoKey(text.into())));
        }
        assert_eq!("space d".parse::<Chord>().unwrap().0, [Key::char(' '), Key::char('d')]);
        assert!("a b c d".parse::<Chord>().is_err() && " ".parse::<Chord>().is_err());
    }

    proptest! {
        #[test]
        fn any_text_is_a_key_or_is_not(text in "\\PC{0,8}") {
            if let Ok(key) = text.parse::<Key>() {
                prop_assert_eq!(key.to_string().parse::<Key>(), Ok(key));
            }
        }
    }
}
