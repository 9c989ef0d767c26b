//! The console: everything below it on the runtime's workers, the screen on a thread of its own.

use super::args::WorldArguments;
use super::farewell::{self, Look};
use super::memory;
use super::signals::{Asked, Signals};
use super::world::{self, BeginError, Opening};
use crate::control::journal::{self, Journal};
use crate::control::lease::Table;
use crate::host::Clock;
use crate::host::disk::RealDisk;
use crate::model::call::Call;
use crate::model::event::Severity;
use crate::model::stack::Stack;
use crate::observe::Observer;
use crate::operate::held::outstanding;
use crate::operate::run::Operator;
use crate::stage::{Stage, StagePlace};
use crate::tui::record::Recorder;
use crate::tui::record::write::RecordError;
use crate::tui::runner::{self, Crew};
use crate::tui::theme::choice::{ThemeChoice, choose};
use crate::tui::{self, Mode, Msg, Setup};
use std::io::{self, Write};
use std::path::Path;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::time::Duration;
use tokio::sync::mpsc;

/// Messages and commands that may wait.
const BOUND: usize = 256;

/// How long a terminal may take to be given back and to be told what is under way: one that takes nothing
/// any more must not hold the door.
const PARTING: Duration = Duration::from_secs(1);

/// Why the console ended badly.
#[derive(Debug, thiserror::Error)]
pub enum ConsoleError {
    #[error(transparent)]
    Begin(#[from] BeginError),
    #[error("--record: {0}")]
    Record(#[from] RecordError),
    #[error("the terminal: {0}")]
    Terminal(#[from] io::Error),
}

/// Runs until the operator quits, a signal ends it, or the terminal is gone. With a file to record to,
/// everything that the console takes in is there at the end, whichever it was.
pub async fn run(arguments: &WorldArguments, record: Option<&Path>) -> Result<(), ConsoleError> {
    let opening = world::open(arguments).await?;
    let recorder = record.map(|path| Recorder::create(&RealDisk, path)).transpose()?;
    let result = fly(arguments, opening, recorder.clone()).await;
    if let Some(recorder) = recorder {
        recorder.finish();
    }
    result
}

/// The same in a world that stands already, which is not recorded.
pub async fn fly_on(arguments: &WorldArguments, opening: Opening) -> Result<(), ConsoleError> {
    fly(arguments, opening, None).await
}

async fn fly(arguments: &WorldArguments, opening: Opening, recorder: Option<Recorder>) -> Result<(), ConsoleError> {
    let Opening { config, keymap, clock, place, breakable, writable, stage } = opening;
    let look = look(&place, arguments);
    let stack = config.stack;
    let table = Table { name: stack.control_table(), regions: config.spec.control_regions.clone() };
    // what somebody else built has no such table
    let shared = writable && stack.resources.is_empty();
    let wanted = arguments.theme.as_deref().map_or(config.ui.theme, ThemeChoice::word);
    let remembered = memory::path(&stack.name, &stack.environment);
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
        keymap,
        zone: jiff::tz::TimeZone::system(),
        mouse: config.ui.mouse,
        tmux: std::env::var_os("TMUX").is_some(),
        memory: remembered.as_deref().map(memory::read).unwrap_or_default(),
        remember: Box::new(move |last| {
            if let Some(Err(error)) = remembered.map(|path| memory::write(&path, last)) {
                tracing::warn!("where you were is not remembered: {error}");
            }
        }),
    };
    let (to_screen, inbox) = sync_channel(BOUND);
    let mut signals = Signals::all();
    let screen_of_signals = to_screen.clone();
    let mut ended_by_signal = std::pin::pin!(heed(&mut signals, &screen_of_signals));
    let (to_runner, commands) = mpsc::channel(BOUND);
    if !setup.themes.names().contains(&setup.theme) {
        let text = format!("no theme is called {}: t shows which there are", setup.theme);
        let _ = to_screen.try_send(Msg::Notice { severity: Severity::Warn, text });
    }
    let (ended, mut screen) = tokio::sync::oneshot::channel();
    std::thread::Builder::new().name("tandem-screen".into()).spawn(move || {
        // Nobody hears of the end of a screen that a signal has ended already.
        let _ = ended.send(tui::run(setup, inbox, to_runner, recorder));
    })?;
    let stage = tokio::select! {
        biased;
        () = &mut ended_by_signal => {
            part(String::new());
            return Ok(());
        }
        result = &mut screen => return Ok(result.unwrap_or(Ok(()))?),
        stage = stage => stage,
    };
    let Stage { aws, vantage, lever, .. } = match stage {
        Ok(stage) => stage,
        Err(error) => {
            tui::terminal::restore();
            return Err(BeginError::from(error).into());
        }
    };
    let observer = Observer::start(aws.clone(), vantage, clock.clone(), stack.clone(), writable);
    let held = held(&place, &stack);
    let journal = journal(&place, &stack, writable, &clock, &to_screen);
    let operator =
        Operator::new(aws, clock.clone(), stack, observer.snapshots(), observer.events(), observer.refresh(), journal)
            .holding(held);
    let operator = match shared {
        true => operator.sharing(table, super::journal::holder("console", clock.now())),
        false => operator,
    };
    let crew = Crew { observer, operator: operator.clone(), lever, clock: clock.clone(), writable };
    let work = tokio::spawn(runner::serve(crew, to_screen, commands));
    let result = tokio::select! {
        biased;
        () = ended_by_signal => Ok(()),
        result = screen => result.unwrap_or(Ok(())),
    };
    let open = operator.leave();
    work.abort();
    let said = farewell::text(&open, clock.now(), &look);
    if !said.is_empty() {
        // Also for those whose terminal is gone.
        tracing::warn!("{said}");
    }
    part(said);
    Ok(result?)
}

/// Tells the screen what signals ask of it, until one asks to end.
pub(super) async fn heed<M: From<Msg>>(signals: &mut Signals, screen: &SyncSender<M>) {
    loop {
        let msg = match signals.next().await {
            Asked::End => return,
            Asked::Suspend => Msg::Suspend,
            Asked::Continued => Msg::Continued,
            Asked::Resized => match tui::terminal::size() {
                Ok((width, height)) => Msg::Resize { width, height },
                Err(_) => continue,
            },
        };
        runner::send(screen, msg.into()).await;
    }
}

/// Gives the terminal back, then says this.
pub(super) fn part(said: String) {
    let (done, parted) = sync_channel(1);
    let parting = std::thread::Builder::new().name("tandem-parting".into()).spawn(move || {
        tui::terminal::restore();
        // There may be no terminal any more.
        let _ = io::stdout().write_all(said.as_bytes());
        let _ = io::stdout().flush();
        let _ = done.send(());
    });
    if parting.is_ok() {
        let _ = parted.recv_timeout(PARTING);
    }
}

/// The journal of this console; the operator is told when none can be kept.
fn journal(place: &StagePlace, stack: &Stack, writable: bool, clock: &Clock, screen: &SyncSender<Msg>) -> Journal {
    let folder = super::journal::folder(place, stack).filter(|_| writable);
    let begun = folder.map(|folder| super::journal::begin(&folder, clock.now()));
    match begun {
        Some(Ok(journal)) => journal,
        Some(Err(why)) => {
            let text = format!("no journal is kept: {why}");
            let _ = screen.try_send(Msg::Notice { severity: Severity::Warn, text });
            Journal::off()
        }
        None => Journal::off(),
    }
}

/// What earlier processes took of a stack that somebody else built: a dial tells it itself.
fn held(place: &StagePlace, stack: &Stack) -> Vec<Call> {
    let folder = super::journal::folder(place, stack).filter(|_| !stack.resources.is_empty());
    let read = folder.and_then(|folder| journal::all(&RealDisk, &folder).ok()).unwrap_or_default();
    outstanding(read.iter().flat_map(|read| &read.records))
}

/// What is left of the world when the console has ended.
fn look(place: &StagePlace, arguments: &WorldArguments) -> Look {
    match place {
        StagePlace::Simulator { .. } => Look::Gone,
        StagePlace::Served { .. } | StagePlace::Aws { .. } => Look::outside(arguments),
    }
}

fn mode(place: &StagePlace, speed: f64, faults: bool) -> Mode {
    match place {
        StagePlace::Simulator { seed } => Mode::Simulated { seed: *seed, speed },
        StagePlace::Served { .. } => Mode::Served { endpoint: world::name(place), faults },
        StagePlace::Aws { .. } => Mode::Aws,
    }
}
