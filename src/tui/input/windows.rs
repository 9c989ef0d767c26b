//! Where there is no terminal of Unix, crossterm reads it.

use super::{Heard, Input};
use crate::tui::keys::{Code, Key};
use crate::tui::msg::Msg;
use crate::tui::pace::Pace;
use crossterm::event::{self, Event, KeyCode, KeyEventKind, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use std::io;
use std::time::Duration;

pub struct Reader {
    pace: Pace,
}

impl Reader {
    /// Keys are stamped by `pace`.
    pub fn new(pace: Pace) -> Self {
        Self { pace }
    }

    /// The next thing that the terminal says, if it says one in time.
    ///
    /// # Errors
    /// When the terminal cannot be read.
    pub fn next(&mut self, within: Duration, _ours: impl Fn() -> bool) -> io::Result<Option<Heard>> {
        if !event::poll(within)? {
            return Ok(None);
        }
        let at = self.pace.passed();
        let input = match event::read()? {
            Event::Key(key) if key.kind != KeyEventKind::Release => self::key(key).map(Input::Key),
            Event::Paste(text) => Some(Input::Paste(text)),
            Event::Resize(width, height) => return Ok(Some(Heard::Msg(Msg::Resize { width, height }))),
            Event::FocusGained => Some(Input::FocusGained),
            Event::FocusLost => Some(Input::FocusLost),
            Event::Mouse(mouse) => self::mouse(mouse),
            Event::Key(_) => None,
        };
        Ok(input.map(|input| input.heard(at)))
    }

    /// Nobody else has the terminal here.
    pub fn forget(&mut self) {}
}

fn mouse(mouse: MouseEvent) -> Option<Input> {
    let (column, row) = (mouse.column, mouse.row);
    match mouse.kind {
        MouseEventKind::Down(MouseButton::Left) => Some(Input::Click { column, row }),
        MouseEventKind::ScrollUp => Some(Input::Wheel { column, row, up: true }),
        MouseEventKind::ScrollDown => Some(Input::Wheel { column, row, up: false }),
        _ => None,
    }
}

fn key(key: event::KeyEvent) -> Option<Key> {
    let code = match key.code {
        KeyCode::Char(character) => Code::Char(character),
        KeyCode::Enter => Code::Enter,
        KeyCode::Esc => Code::Esc,
        KeyCode::Tab => Code::Tab,
        KeyCode::BackTab => Code::BackTab,
        KeyCode::Backspace => Code::Backspace,
        KeyCode::Delete => Code::Delete,
        KeyCode::Left => Code::Left,
        KeyCode::Right => Code::Right,
        KeyCode::Up => Code::Up,
        KeyCode::Down => Code::Down,
        KeyCode::Home => Code::Home,
        KeyCode::End => Code::End,
        KeyCode::PageUp => Code::PageUp,
        KeyCode::PageDown => Code::PageDown,
        _ => return None,
    };
    let ctrl = key.modifiers.contains(KeyModifiers::CONTROL);
    Some(Key { code, ctrl, alt: key.modifiers.contains(KeyModifiers::ALT) })
}
