//! The console: everything below it on the runtime's workers, the screen on a thread of its own.

use super::args::WorldArguments;
use super::world::{self, BeginError, Opening};
use crate::model::event::Severity;
use crate::observe::Observer;
use crate::operate::run::Operator;
use crate::stage::{Stage, StagePlace};
use crate::tui::runner::{self, Crew};
use crate::tui::theme::choice::{ThemeChoice, choose};
use crate::tui::{self, Mode, Msg, Setup};
use std::io;
use std::sync::mpsc::sync_channel;
use tokio::sync::mpsc;

/// Messages and commands that may wait.
const BOUND: usize = 256;

/// Why the console ended badly.
#[derive(Debug, thiserror::Error)]
pub enum ConsoleError {
    #[error(transparent)]
    Begin(#[from] BeginError),
    #[error("the terminal: {0}")]
    Terminal(#[from] io::Error),
}

/// Runs until the operator quits, a signal ends it, or the terminal is gone.
pub async fn run(arguments: &WorldArguments) -> Result<(), ConsoleError> {
    let Opening { config, clock, place, breakable, writable, stage } = world::open(arguments).await?;
    let stack = config.stack;
    let wanted = arguments.theme.as_deref().map_or(config.ui.theme, ThemeChoice::word);
    let setup = Setup {
        mode: mode(&place, clock.speed(), breakable),
        writable,
        stack: stack.name.clone(),
        environment: stack.environment.clone(),
        regions: stack.regions.clone(),
        themes: super::themes::all(super::themes::home().as_deref()),
        theme: choose(&wanted, std::env::var("COLORFGBG").ok().as_deref()),
        depth: tui::run::depth(std::env::var("NO_COLOR").ok().as_deref(), std::env::var("COLORTERM").ok().as_deref()),
        clock: clock.clone(),
    };
    let (to_screen, inbox) = sync_channel(BOUND);
    let (to_runner, commands) = mpsc::channel(BOUND);
    if !setup.themes.names().contains(&setup.theme) {
        let text = format!("no theme is called {}: t shows which there are", setup.theme);
        let _ = to_screen.try_send(Msg::Notice { severity: Severity::Warn, text });
    }
    let (ended, screen) = tokio::sync::oneshot::channel();
    std::thread::Builder::new().name("tandem-screen".into()).spawn(move || {
        // Nobody hears of the end of a screen that a signal has ended already.
        let _ = ended.send(tui::run(setup, inbox, to_runner));
    })?;
    let Stage { aws, vantage, lever, .. } = match stage.await {
        Ok(stage) => stage,
        Err(error) => {
            tui::terminal::restore();
            return Err(BeginError::from(error).into());
        }
    };
    let observer = Observer::start(aws.clone(), vantage, clock.clone(), stack.clone(), writable);
    let operator =
        Operator::new(aws, clock.clone(), stack, observer.snapshots(), observer.events(), observer.refresh());
    let crew = Crew { observer, operator, lever, clock, writable };
    let work = tokio::spawn(runner::serve(crew, to_screen, commands));
    let result = tokio::select! {
        biased;
        () = super::signals::end() => {
            tui::terminal::restore();
            Ok(())
        }
        result = screen => result.unwrap_or(Ok(())),
    };
    work.abort();
    Ok(result?)
}

fn mode(place: &StagePlace, speed: f64, faults: bool) -> Mode {
    match place {
        StagePlace::Simulator { seed } => Mode::Simulated { seed: *seed, speed },
        StagePlace::Served { .. } => Mode::Served { endpoint: world::name(place), faults },
        StagePlace::Aws { .. } => Mode::Aws,
    }
}
