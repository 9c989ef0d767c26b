//! The console's screen without a terminal: messages in, frames out.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use std::time::Duration;
use tandem::model::stack::Stack;
use tandem::tui::keys::Key;
use tandem::tui::theme::{Depth, Theme, Themes};
use tandem::tui::update::update;
use tandem::tui::view::view;
use tandem::tui::{Cmd, Mode, Model, Msg, Setup};

const AREA: Rect = Rect { x: 0, y: 0, width: 120, height: 40 };

pub struct Screen {
    model: Model,
    theme: Theme,
    pub frames: u64,
    pressed: u64,
}

impl Screen {
    pub fn new(stack: &Stack, now: jiff::Timestamp) -> Self {
        let themes = Themes::built_in();
        let clock = tandem::host::Clock::wall();
        let setup = Setup { writable: true, ..Setup::of(stack, Mode::Simulated { seed: 1, speed: 1.0 }, clock) };
        let model = Model { now, ..setup.model(AREA.width, AREA.height) };
        Self { model, theme: themes.named("dark").at_depth(Depth::None), frames: 0, pressed: 0 }
    }

    /// Takes one message and draws, whatever it was.
    pub fn take(&mut self, msg: Msg) -> (Vec<Cmd>, String) {
        let asked = update(&mut self.model, msg);
        let mut buffer = Buffer::empty(AREA);
        view(&self.model, &self.theme, AREA, &mut buffer);
        self.frames += 1;
        let rows = buffer.content.chunks(usize::from(AREA.width));
        let rows = rows.map(|row| row.iter().map(|cell| cell.symbol()).collect::<String>());
        (asked, rows.collect::<Vec<_>>().join("\n"))
    }

    /// A key, pressed by a slow hand.
    pub fn press(&mut self, key: Key) -> (Vec<Cmd>, String) {
        self.pressed += 1;
        self.take(Msg::Key { key, at: Duration::from_millis(500 * self.pressed) })
    }
}
