//! A field that must be typed by hand.

use crate::tui::keys::{Code, Key};
use crate::tui::model::{Confirm, Field};
use tui_input::InputRequest;

/// The longest text that a field takes.
const LONGEST: usize = 120;

/// What an editing key asks of a field.
pub(in crate::tui) fn request(key: Key) -> Option<InputRequest> {
    Some(match (key.code, key.ctrl) {
        (Code::Char('u'), true) => InputRequest::DeleteLine,
        (Code::Char('w'), true) => InputRequest::DeletePrevWord,
        (Code::Char('a'), true) | (Code::Home, _) => InputRequest::GoToStart,
        (Code::Char('e'), true) | (Code::End, _) => InputRequest::GoToEnd,
        (Code::Backspace, _) => InputRequest::DeletePrevChar,
        (Code::Delete, _) => InputRequest::DeleteNextChar,
        (Code::Left, _) => InputRequest::GoToPrevChar,
        (Code::Right, _) => InputRequest::GoToNextChar,
        _ => InputRequest::InsertChar(key.typed()?),
    })
}

impl Confirm {
    /// Takes an editing key. A burst takes back the key that it began with as well.
    pub(super) fn edit(&mut self, key: Key, burst: bool) {
        if burst {
            return self.burst();
        }
        let Some(request) = request(key) else { return };
        if matches!(request, InputRequest::InsertChar(_)) && self.input.value().chars().count() >= LONGEST {
            return;
        }
        self.note = None;
        self.before = self.input.value().to_string();
        self.input.0.handle(request);
    }

    /// Keys came faster than a hand types.
    pub(super) fn burst(&mut self) {
        self.input = Field::new(self.before.clone());
        self.note = Some("keys came too fast to be typed: they do not count".into());
    }
}
