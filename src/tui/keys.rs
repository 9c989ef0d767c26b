//! Keys, apart from any terminal library, and their names.

use std::fmt;

/// A key with its modifiers. Shift is in the character.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    pub code: Code,
    pub ctrl: bool,
    pub alt: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
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
