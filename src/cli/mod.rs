//! The verbs, one file each, and what they exit with.

pub mod args;
pub mod console;
mod signals;
pub mod sim;
pub mod status;
pub mod themes;
pub mod world;

use args::{Arguments, SimVerb, StatusArguments, ThemesArguments, Verb};
use clap::Parser;
use clap::error::ErrorKind;
use etcetera::BaseStrategy;
use std::io::{IsTerminal, Write};
use std::process::ExitCode;

/// The command line was wrong (sysexits.h, EX_USAGE).
const USAGE: u8 = 64;
/// A theme has findings.
const UNSOUND: u8 = 1;
/// The world could not be looked at.
const COULD_NOT_TELL: u8 = 2;

/// Runs the verb that was typed.
///
/// # Errors
/// What kept the verb from beginning or going on.
pub async fn run() -> color_eyre::Result<ExitCode> {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            let _ = error.print();
            let fine = matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion);
            return Ok(if fine { ExitCode::SUCCESS } else { ExitCode::from(USAGE) });
        }
    };
    match arguments.verb {
        Some(Verb::Sim(_)) => crate::host::logs::to_stderr(),
        _ => log_to_file(),
    }
    match &arguments.verb {
        Some(Verb::Sim(SimVerb::Serve(serve))) => match sim::serve(&arguments.world, serve).await {
            Ok(()) => Ok(ExitCode::SUCCESS),
            Err(error) => refuse(error),
        },
        Some(Verb::Themes(asked)) => Ok(show_themes(asked)),
        Some(Verb::Status(asked)) => show_status(&arguments, asked).await,
        None if !std::io::stdout().is_terminal() || !std::io::stdin().is_terminal() => {
            show_status(&arguments, &StatusArguments { json: false, format: args::Format::Text }).await
        }
        None => match console::run(&arguments.world).await {
            Ok(()) => Ok(ExitCode::SUCCESS),
            Err(console::ConsoleError::Begin(error)) => refuse(error),
            Err(error) => Err(error.into()),
        },
    }
}

/// A console without a log is better than none.
fn log_to_file() {
    let state = etcetera::choose_base_strategy().ok().and_then(|strategy| strategy.state_dir());
    if let Some(Err(error)) = state.map(|state| crate::host::logs::to_file(&state)) {
        eprintln!("no log is kept: {error}");
    }
}

fn show_themes(asked: &ThemesArguments) -> ExitCode {
    match themes::run(asked, themes::home().as_deref()) {
        Ok(said) => {
            // A pipe that closes early has what it wanted.
            let _ = std::io::stdout().write_all(said.text.as_bytes());
            if said.sound { ExitCode::SUCCESS } else { ExitCode::from(UNSOUND) }
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(USAGE)
        }
    }
}

async fn show_status(arguments: &Arguments, asked: &StatusArguments) -> color_eyre::Result<ExitCode> {
    match status::run(&arguments.world, asked).await {
        Ok((report, code)) => {
            // A pipe that closes early has what it wanted.
            let _ = std::io::stdout().write_all(report.as_bytes());
            Ok(ExitCode::from(code))
        }
        Err(error) => refuse(error),
    }
}

/// A mistake of the configuration is one of usage; a world that cannot be reached tells nothing.
fn refuse(error: world::BeginError) -> color_eyre::Result<ExitCode> {
    eprintln!("{error}");
    Ok(ExitCode::from(match error {
        world::BeginError::Config(_) => USAGE,
        world::BeginError::Stage(_) => COULD_NOT_TELL,
    }))
}
