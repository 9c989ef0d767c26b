//! The verbs, one file each, and what they exit with.

pub mod args;
pub mod console;
mod deploy;
mod doctor;
mod farewell;
mod guard;
mod journal;
mod keys;
pub mod manual;
mod memory;
mod signals;
pub mod sim;
pub mod status;
pub mod themes;
mod watch;
mod wizard;
pub mod world;

use args::{Arguments, SimVerb, StatusArguments, ThemesArguments, Verb};
use clap::Parser;
use clap::error::ErrorKind;
use etcetera::BaseStrategy;
use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;

/// The command line was wrong (sysexits.h, EX_USAGE).
const USAGE: u8 = 64;
/// A theme has findings.
const UNSOUND: u8 = 1;
/// A guard ended its task, or is not open.
const CLOSED: u8 = 1;
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
        Some(Verb::Sim(_) | Verb::Guard(_)) => crate::host::logs::to_stderr(),
        _ => log_to_file(),
    }
    let terminal = std::io::stdout().is_terminal() && std::io::stdin().is_terminal();
    if arguments.record.is_some() && (arguments.verb.is_some() || !terminal) {
        eprintln!("--record: only the console is recorded: no verb, and a terminal");
        return Ok(ExitCode::from(USAGE));
    }
    if arguments.deploy {
        if arguments.verb.is_some() || arguments.record.is_some() {
            eprintln!("--deploy: it takes neither a verb nor --record");
            return Ok(ExitCode::from(USAGE));
        }
        return Ok(match wizard::run(&arguments.world, terminal).await {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                eprintln!("{error}");
                ExitCode::from(if error.is_usage() { USAGE } else { COULD_NOT_TELL })
            }
        });
    }
    match &arguments.verb {
        Some(Verb::Sim(SimVerb::Serve(serve))) => match sim::serve(&arguments.world, serve).await {
            Ok(()) => Ok(ExitCode::SUCCESS),
            Err(error) => refuse(error),
        },
        Some(Verb::Themes(asked)) => Ok(show_themes(asked)),
        Some(Verb::Keys(asked)) => match keys::run(&arguments.world, asked) {
            Ok(text) => {
                // A pipe that closes early has what it wanted.
                let _ = std::io::stdout().write_all(text.as_bytes());
                Ok(ExitCode::SUCCESS)
            }
            Err(error) => refuse(error.into()),
        },
        Some(Verb::Journal(asked)) => match journal::run(&arguments.world, asked) {
            Ok(text) => {
                // A pipe that closes early has what it wanted.
                let _ = std::io::stdout().write_all(text.as_bytes());
                Ok(ExitCode::SUCCESS)
            }
            Err(error) => refuse(error),
        },
        Some(Verb::Watch(asked)) => match watch::run(&arguments.world, asked).await {
            Ok((text, code)) => {
                // A pipe that closes early has what it wanted.
                let _ = std::io::stdout().write_all(text.as_bytes());
                Ok(ExitCode::from(code))
            }
            Err(error) => {
                eprintln!("{error}");
                Ok(ExitCode::from(if error.is_usage() { USAGE } else { COULD_NOT_TELL }))
            }
        },
        Some(Verb::Man) => {
            manual::page(&mut std::io::stdout())?;
            Ok(ExitCode::SUCCESS)
        }
        Some(Verb::Completions { shell }) => {
            manual::completions(*shell, &mut std::io::stdout());
            Ok(ExitCode::SUCCESS)
        }
        Some(Verb::Doctor(asked)) => match doctor::run(&arguments.world, asked).await {
            Ok((text, code)) => {
                // A pipe that closes early has what it wanted.
                let _ = std::io::stdout().write_all(text.as_bytes());
                Ok(ExitCode::from(code))
            }
            Err(doctor::DoctorError::Begin(error)) => refuse(error),
            Err(error) => {
                eprintln!("{error}");
                Ok(ExitCode::from(USAGE))
            }
        },
        Some(Verb::Plan(asked)) => match deploy::plan(&arguments.world, asked).await {
            Ok((text, code)) => {
                // A pipe that closes early has what it wanted.
                let _ = std::io::stdout().write_all(text.as_bytes());
                Ok(ExitCode::from(code))
            }
            Err(error) => Ok(undone(&error)),
        },
        Some(Verb::Apply(asked)) => Ok(told(deploy::apply(&arguments.world, asked).await)),
        Some(Verb::Destroy(asked)) => Ok(told(deploy::destroy(&arguments.world, asked).await)),
        Some(Verb::Guard(asked)) if asked.probe => {
            Ok(if guard::probe(asked).await { ExitCode::SUCCESS } else { ExitCode::from(CLOSED) })
        }
        Some(Verb::Guard(asked)) => match guard::run(&arguments.world, asked).await {
            Ok(None) => Ok(ExitCode::SUCCESS),
            Ok(Some(_)) => Ok(ExitCode::from(CLOSED)),
            Err(error) => {
                eprintln!("{error}");
                Ok(ExitCode::from(USAGE))
            }
        },
        Some(Verb::Adopt(asked)) => Ok(told(deploy::adopt(&arguments.world, asked).await)),
        Some(Verb::Status(asked)) => show_status(&arguments, asked).await,
        None if !terminal => {
            show_status(&arguments, &StatusArguments { json: false, format: args::Format::Text }).await
        }
        None => match console::run(&arguments.world, arguments.record.as_deref()).await {
            Ok(()) => Ok(ExitCode::SUCCESS),
            Err(error @ console::ConsoleError::Record(_)) => {
                eprintln!("{error}");
                Ok(ExitCode::from(USAGE))
            }
            Err(console::ConsoleError::Begin(error)) => refuse(error),
            Err(error) => Err(error.into()),
        },
    }
}

/// `$XDG_STATE_HOME` or what stands for it.
fn state_home() -> Option<PathBuf> {
    etcetera::choose_base_strategy().ok()?.state_dir()
}

/// A console without a log is better than none.
fn log_to_file() {
    if let Some(Err(error)) = state_home().map(|state| crate::host::logs::to_file(&state)) {
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

fn told(ended: Result<u8, deploy::DeployError>) -> ExitCode {
    ended.map_or_else(|error| undone(&error), ExitCode::from)
}

fn undone(error: &deploy::DeployError) -> ExitCode {
    eprintln!("{error}");
    ExitCode::from(if error.is_usage() { USAGE } else { deploy::FAILED })
}
