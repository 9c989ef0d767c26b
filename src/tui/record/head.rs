//! The first line of a recording: what the console began with.

use crate::model::event::Severity;
use crate::tui::actions::keymap::Keymap;
use crate::tui::memory::Memory;
use crate::tui::model::{Mode, Model, Pane, Topic};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;
use std::sync::Arc;

/// The version of the format. A reader reads its own only.
pub const VERSION: u32 = 1;

/// What the console began with: its first frame follows from it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Head {
    /// [`VERSION`]
    pub tandem_recording: u32,
    /// The version of Tandem that wrote it.
    pub tandem: String,
    pub mode: Mode,
    pub writable: bool,
    pub stack: String,
    pub environment: String,
    /// In the order of the columns.
    pub regions: Vec<String>,
    /// The names of all themes, in the order of their list.
    pub themes: Vec<String>,
    pub theme: String,
    /// What was wrong with themes.
    pub warnings: Vec<String>,
    pub width: u16,
    pub height: u16,
    /// The stack's time when the console began.
    pub began: Timestamp,
    /// The keys of actions that have other ones than usual.
    #[serde(default)]
    pub keys: Vec<(String, Vec<String>)>,
    #[serde(default)]
    pub memory: Memory,
    /// Of the operator's clock (IANA).
    #[serde(default)]
    pub zone: Option<String>,
}

impl Head {
    /// The model of the first frame, before anything was seen.
    pub fn model(&self) -> Model {
        let mut model = Model {
            mode: self.mode.clone(),
            writable: self.writable,
            stack: self.stack.clone(),
            environment: self.environment.clone(),
            selected: self.regions.first().cloned().unwrap_or_default(),
            regions: self.regions.clone(),
            pane: Pane::Regions,
            topic: Topic::Tasks,
            snapshot: None,
            operations: Arc::default(),
            faults: None,
            overlays: vec![],
            events_scroll: 0,
            own_events: VecDeque::new(),
            notice: None,
            read: self.began,
            frozen: None,
            now: self.began,
            themes: self.themes.clone(),
            theme: self.theme.clone(),
            width: self.width,
            height: self.height,
            focused: true,
            keymap: Arc::new(Keymap::changed(&self.keys)),
            pending: vec![],
            history: vec![],
            zone: self.zone.as_deref().and_then(|name| TimeZone::get(name).ok()).unwrap_or(TimeZone::UTC),
            local_time: false,
            last_key: None,
        };
        self.memory.recall(&mut model);
        for warning in &self.warnings {
            model.say(Severity::Warn, warning);
        }
        model
    }
}
