//! `tandem --deploy`: the wizard, and what it asks of the world.
//!
//! - [`ground`]: the world that it works in;
//! - [`papers`]: the draft of the answers and the configuration file;
//! - [`serve`]: carries out what the screen asks for.

mod ground;
mod papers;
mod serve;

use super::args::WorldArguments;
use super::console::{self, ConsoleError};
use super::signals::Signals;
use super::world::BeginError;
use crate::config::{self, ConfigError};
use crate::tui;
use crate::tui::theme::choice::{ThemeChoice, choose};
use crate::tui::wizard::model::Place;
use crate::tui::wizard::run::Left;
use crate::tui::wizard::{Msg, Setup, Wizard};
use ground::Ground;
use papers::Papers;
use std::io;
use std::sync::mpsc::sync_channel;
use tokio::sync::{mpsc, oneshot};

/// Messages and commands that may wait.
const BOUND: usize = 256;

/// Why the wizard ended badly.
#[derive(Debug, thiserror::Error)]
pub enum WizardError {
    #[error("--deploy asks questions: it needs a terminal; with a configuration file `tandem apply` needs none")]
    NoTerminal,
    #[error(transparent)]
    Begin(#[from] BeginError),
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error("the terminal: {0}")]
    Terminal(#[from] io::Error),
    #[error(transparent)]
    Console(#[from] ConsoleError),
}

impl WizardError {
    /// Whether what was typed or written must be corrected.
    pub fn is_usage(&self) -> bool {
        matches!(self, Self::NoTerminal | Self::Config(_) | Self::Begin(BeginError::Config(_)))
    }
}

/// Runs until the operator leaves it, and then the console if that is where they go.
pub async fn run(arguments: &WorldArguments, terminal: bool) -> Result<(), WizardError> {
    if !terminal {
        return Err(WizardError::NoTerminal);
    }
    let papers = Papers::at(arguments)?;
    let zone = papers.zone().unwrap_or_else(|| config::simulated().zone);
    let ground = Ground::open(arguments, &zone).await?;
    let clock = ground.stage.clock.clone();
    let standing = papers.standing.as_ref().map(|(file, _)| file.clone());
    let wizard = Wizard::new(place(&ground), papers.path.clone(), papers.draft.clone(), standing, clock.now());
    let wanted = arguments.theme.as_deref().map_or_else(ThemeChoice::default, ThemeChoice::word);
    let depth = tui::run::depth(std::env::var("NO_COLOR").ok().as_deref(), std::env::var("COLORTERM").ok().as_deref());
    let theme = choose(&wanted, std::env::var("COLORFGBG").ok().as_deref());
    let setup = Setup {
        wizard,
        theme: super::themes::all(super::themes::home().as_deref()).named(&theme).at_depth(depth),
        in_process: ground.is_in_process(),
        clock,
        mouse: true,
        tmux: std::env::var_os("TMUX").is_some(),
    };
    let (to_screen, inbox) = sync_channel::<Msg>(BOUND);
    let (to_runner, commands) = mpsc::channel(BOUND);
    let (ended, screen) = oneshot::channel();
    let mut signals = Signals::all();
    let screen_of_signals = to_screen.clone();
    std::thread::Builder::new().name("tandem-wizard".into()).spawn(move || {
        // Nobody hears of the end of a screen that a signal has ended already.
        let _ = ended.send(tui::wizard::run(setup, inbox, to_runner));
    })?;
    let mut server = serve::Server::new(ground, papers, to_screen);
    let left = tokio::select! {
        biased;
        () = console::heed(&mut signals, &screen_of_signals) => Ok(Left::Quit),
        left = screen => left.unwrap_or(Ok(Left::Quit)),
        () = server.serve(commands) => Ok(Left::Quit),
    };
    let still = server.leave();
    match left? {
        Left::Quit => {
            console::part(still.map(|said| said + "\n").unwrap_or_default());
            Ok(())
        }
        Left::ForConsole => Ok(console::fly_on(arguments, server.opening(arguments)?).await?),
    }
}

fn place(ground: &Ground) -> Place {
    use crate::stage::StagePlace;
    match &ground.stage.place {
        StagePlace::Simulator { .. } => Place::Simulator,
        place @ StagePlace::Served { .. } => Place::Served(super::world::name(place)),
        StagePlace::Aws { profile } => Place::Aws(profile.clone()),
    }
}
