//! The screen of a recording: its messages go through the console's own update, its frames through the
//! console's own view.

use super::read::{Log, ReadError};
use crate::tui::model::Model;
use crate::tui::theme::Themes;
use crate::tui::update::update;
use crate::tui::view::view;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use std::io::BufRead;
use std::time::Duration;

/// A recording that is played. What its messages ask for is not done: the answers are in the recording.
pub struct Replay<R> {
    log: Log<R>,
    model: Model,
    at: Duration,
    ahead: Option<(Duration, crate::tui::Msg)>,
}

impl<R: BufRead> Replay<R> {
    /// At its first frame.
    pub fn of(log: Log<R>) -> Self {
        let model = log.head().model();
        Self { log, model, at: Duration::ZERO, ahead: None }
    }

    /// The model as it is now.
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// When the last message came: since the console began.
    pub fn at(&self) -> Duration {
        self.at
    }

    /// Whether the last line was cut off. Known at the end.
    pub fn cut(&self) -> bool {
        self.log.cut()
    }

    /// Takes the next message in; false when there is none.
    ///
    /// # Errors
    /// When the recording cannot be read on.
    pub fn step(&mut self) -> Result<bool, ReadError> {
        let next = match self.ahead.take() {
            Some(next) => Some(next),
            None => self.log.next().transpose()?,
        };
        let Some((at, msg)) = next else { return Ok(false) };
        self.at = at;
        update(&mut self.model, msg);
        Ok(true)
    }

    /// Takes in every message that came until then.
    ///
    /// # Errors
    /// When the recording cannot be read on.
    pub fn until(&mut self, then: Duration) -> Result<(), ReadError> {
        loop {
            if self.ahead.is_none() {
                self.ahead = self.log.next().transpose()?;
            }
            match &self.ahead {
                Some((at, _)) if *at <= then => self.step()?,
                _ => return Ok(()),
            };
        }
    }

    /// The screen as it is now, in the size that the terminal has.
    pub fn frame(&self, themes: &Themes) -> Buffer {
        let area = Rect::new(0, 0, self.model.width, self.model.height);
        let mut buffer = Buffer::empty(area);
        view(&self.model, &themes.named(&self.model.theme), area, &mut buffer);
        buffer
    }
}
