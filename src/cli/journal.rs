//! `tandem journal`: what was done to the stack from this machine, and where it stands written.

use super::args::{JournalArguments, WorldArguments};
use super::world::{self, BeginError};
use crate::control::journal::{self, Journal, Read, What};
use crate::control::lease::Holder;
use crate::host::disk::RealDisk;
use crate::model::outcome::Outcome;
use crate::model::stack::Stack;
use crate::model::text::clean;
use crate::stage::StagePlace;
use jiff::Timestamp;
use std::io;
use std::path::{Path, PathBuf};

/// Where the journals of this stack in this world are. The world of a simulator in this process ends with it:
/// nothing is kept of it.
pub fn folder(place: &StagePlace, stack: &Stack) -> Option<PathBuf> {
    if matches!(place, StagePlace::Simulator { .. }) {
        return None;
    }
    Some(journal::folder(&super::state_home()?, &stack.name, &stack.environment, &world::name(place)))
}

/// Begins the journal of this process.
///
/// # Errors
/// As the disk says.
pub fn begin(folder: &Path, now: Timestamp) -> io::Result<Journal> {
    Journal::begin(&RealDisk, folder, std::process::id(), now, &who())
}

/// `alice@laptop`
pub fn who() -> String {
    let user = ["USER", "LOGNAME"].iter().find_map(|name| std::env::var(name).ok().filter(|user| !user.is_empty()));
    let host = std::fs::read_to_string("/proc/sys/kernel/hostname").ok().or_else(|| std::env::var("HOSTNAME").ok());
    let host = host.map(|host| host.trim().to_string()).filter(|host| !host.is_empty());
    let or = |text: Option<String>, or: &str| clean(&text.unwrap_or_else(|| or.into()));
    format!("{}@{}", or(user, "somebody"), or(host, "somewhere"))
}

/// This process, as others see it in the lease.
pub fn holder(what: &str, now: Timestamp) -> Holder {
    let who = who();
    let id = format!("{who} {} {now}", std::process::id());
    Holder { who, id, what: what.into() }
}

/// Every record as text, oldest first.
///
/// # Errors
/// When the configuration is wrong.
pub fn run(world: &WorldArguments, arguments: &JournalArguments) -> Result<String, BeginError> {
    let configured = world::configuration(world)?;
    let place = world::place(world, configured.from_file);
    let stack = &configured.config.stack;
    let Some(folder) = folder(&place, stack) else {
        return Ok("The simulator in this process ends with it: no journal is kept of it.\n".into());
    };
    let read = journal::all(&RealDisk, &folder).map_err(|why| crate::config::ConfigError::unreadable(&folder, &why))?;
    if arguments.json {
        let records = read.iter().flat_map(|read| &read.records);
        return Ok(records.filter_map(|record| serde_json::to_string(record).ok()).map(|line| line + "\n").collect());
    }
    if read.is_empty() {
        return Ok(format!("No journal in {}: nothing was changed from here.\n", folder.display()));
    }
    Ok(read.iter().map(text).collect())
}

fn text(read: &Read) -> String {
    let mut text = format!("{}\n", read.path.display());
    for record in &read.records {
        let at = record.at.strftime("%Y-%m-%dT%H:%M:%SZ");
        text.push_str(&format!("{at}  {}\n", clean(&words(&record.what))));
    }
    if let Some(broken) = &read.broken {
        text.push_str(&format!("  {broken}\n"));
    }
    text
}

fn words(what: &What) -> String {
    match what {
        What::Began { tandem, who, .. } => format!("tandem {tandem} of {who} began"),
        What::Started { operation, title, plan, as_, .. } => {
            let by = as_.as_deref().unwrap_or("somebody");
            format!("operation {operation}: {title} (plan {plan}) by {by}")
        }
        What::Sending { of, region, command } => {
            format!("operation {} step {}: {region} {command}", of.operation, of.step + 1)
        }
        What::Ended { of, outcome } => format!("operation {} step {}: {}", of.operation, of.step + 1, ended(outcome)),
        What::Held { operation, call } => format!("operation {operation} is undone by {}", call.cli()),
        What::Step { operation, step, state, note } => {
            format!("operation {operation} step {}: {state} {note}", step + 1)
        }
        What::Told { operation, word, reason } => {
            format!("operation {operation}: {word} {}", reason.as_deref().unwrap_or_default())
        }
        What::Over { operation, state } => format!("operation {operation}: {state}"),
        What::Run { verb, plan } => format!("{verb}: plan {plan}"),
        What::Intent { node, call } => format!("{node}: {}", call.cli()),
        What::Outcome { node, outcome } => format!("{node}: {}", ended(outcome)),
        What::Node { node, state } => format!("{node}: {state}"),
        What::RunOver { verb, state } => format!("{verb}: {state}"),
    }
}

pub fn ended(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Done { request_id: Some(id) } => format!("done, request id {id}"),
        Outcome::Done { request_id: None } => "done".into(),
        Outcome::Refused(why) => format!("refused: {why}"),
        Outcome::Unknown(why) => format!("not known: {why}"),
    }
}
