//! What the wizard is told, and what it asks for.

use super::answers::Draft;
use crate::deploy::board::View;
use crate::deploy::cost::Estimate;
use crate::deploy::plan::Plan;
use crate::model::snapshot::Identity;
use crate::tui::msg::Msg as Screen;
use std::sync::Arc;

/// Something that happened.
#[derive(Debug, Clone, PartialEq)]
pub enum Msg {
    /// Of the terminal: keys, clicks, pastes, its size, and the time.
    Screen(Screen),
    /// The answer to [`Cmd::Identify`].
    Identified(Result<Identity, String>),
    /// The answer to [`Cmd::Zones`]: names without the last dot.
    Zones(Result<Vec<String>, String>),
    /// The answer to [`Cmd::Survey`] of this text.
    Surveyed(String, Result<Arc<Survey>, String>),
    /// The answer to [`Cmd::Save`].
    Saved(Result<(), String>),
    /// What was answered could not be kept.
    NotKept(String),
    /// How far the apply is.
    Run(Arc<View>),
    Ended(End),
}

impl From<Screen> for Msg {
    fn from(screen: Screen) -> Self {
        Self::Screen(screen)
    }
}

/// What a look at the account told of a file.
#[derive(Debug, Clone, PartialEq)]
pub struct Survey {
    pub plan: Plan,
    pub estimate: Estimate,
    /// The IAM policy that is needed, as JSON.
    pub policy: String,
}

/// How an apply ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    Done,
    /// Some of it could not be brought where it should be; the board says what.
    Failed,
    Stopped,
    /// It did not begin, or lost what it needs to go on.
    Broken(String),
}

/// Something to be done outside.
#[derive(Debug, Clone, PartialEq)]
pub enum Cmd {
    /// Ask who we are.
    Identify,
    /// List the account's public hosted zones.
    Zones,
    /// Keep what was answered for the next sitting.
    Keep(Draft),
    /// Look at the account: what of this file stands, what is to be made, what it costs.
    Survey(String),
    /// Write the file, and nothing else.
    Save(String),
    /// Write the file and bring the stack to it.
    Apply(String),
    /// Begin nothing new.
    Stop,
    /// Put text into the operator's clipboard.
    Copy(String),
    /// Give the terminal to the shell and stop.
    Suspend,
    /// On to the console.
    Console,
    Quit,
}
