//! What the terminal says: keys, pastes, focus, the mouse. Read here and not by crossterm, which lets the rest of a
//! sequence that it does not know through as keys, and spins when the terminal vanishes (its issue 793).

#[cfg(unix)]
mod parser;
#[cfg(unix)]
mod unix;
#[cfg(not(unix))]
mod windows;

use super::keys::Key;
use super::msg::Msg;
use std::time::Duration;
#[cfg(unix)]
pub use unix::Reader;
#[cfg(not(unix))]
pub use windows::Reader;

/// Something that the terminal said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    Key(Key),
    Paste(String),
    FocusGained,
    FocusLost,
    /// The left button, over a cell counted from 0.
    Click {
        column: u16,
        row: u16,
    },
    Wheel {
        column: u16,
        row: u16,
        up: bool,
    },
}

/// What it means: a message, or something of the mouse that only a drawn screen gives a meaning.
#[derive(Debug, Clone, PartialEq)]
pub enum Heard<M = Msg> {
    Msg(M),
    Click { column: u16, row: u16, at: Duration },
    Wheel { column: u16, row: u16, up: bool },
}

impl Heard {
    /// For a screen with messages of its own.
    pub fn for_screen<M: From<Msg>>(self) -> Heard<M> {
        match self {
            Heard::Msg(msg) => Heard::Msg(M::from(msg)),
            Heard::Click { column, row, at } => Heard::Click { column, row, at },
            Heard::Wheel { column, row, up } => Heard::Wheel { column, row, up },
        }
    }
}

impl Input {
    /// `at`: when it came.
    pub fn heard(self, at: Duration) -> Heard {
        Heard::Msg(match self {
            Input::Key(key) => Msg::Key { key, at },
            Input::Paste(text) => Msg::Paste(text),
            Input::FocusGained => Msg::FocusGained,
            Input::FocusLost => Msg::FocusLost,
            Input::Click { column, row } => return Heard::Click { column, row, at },
            Input::Wheel { column, row, up } => return Heard::Wheel { column, row, up },
        })
    }
}
