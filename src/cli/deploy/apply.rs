//! `tandem apply` and `tandem destroy`: shown, confirmed, run.

use super::follow::Follower;
use super::open::{Opened, journal, open};
use super::{CHANGES, DeployError, FAILED, NO_CHANGES, report};
use crate::cli::args::{ApplyArguments, DeployArguments, DestroyArguments, WorldArguments};
use crate::cli::signals::Signals;
use crate::deploy::apply::{Ended, RunError};
use crate::deploy::board::Board;
use crate::deploy::engine::Engine;
use crate::deploy::plan::Plan;
use std::future::Future;
use std::io::{self, IsTerminal, Write};
use std::pin::pin;

/// Brings the stack to its configuration.
pub async fn apply(world: &WorldArguments, arguments: &ApplyArguments) -> Result<u8, DeployError> {
    let opened = open(world, &arguments.deploy, "apply").await?;
    let (journal, before) = journal(&opened)?;
    let board = Board::new(&opened.graph);
    let given = opened.given.clone();
    let engine = Engine::new(&opened.stage.aws, opened.clock(), &opened.graph, &journal, &board, given).after(before);
    let plan = engine.survey().await;
    print(&report::text(&opened.title(), &plan));
    if plan.changes().next().is_none() {
        return Ok(NO_CHANGES);
    }
    if plan.obstacles().next().is_some() {
        eprintln!("Nothing was changed: see to what is marked with ! first.");
        return Ok(FAILED);
    }
    confirm(arguments.yes, &opened.spec.stack.name, "apply this plan")?;
    let run = engine.apply(&plan, opened.table(), opened.holder("apply"), |text| eprintln!("{text}"));
    let follower = Follower::new(board.subscribe(), opened.clock().clone(), plan.expected);
    run_to_end(&engine, follower, "apply", run).await
}

/// Takes the stack away.
pub async fn destroy(world: &WorldArguments, arguments: &DestroyArguments) -> Result<u8, DeployError> {
    // the whole of it: a part would leave what needs it behind
    let whole = DeployArguments { only: vec![], empty: arguments.empty };
    let opened = open(world, &whole, "destroy").await?;
    let (journal, before) = journal(&opened)?;
    let board = Board::new(&opened.graph);
    let mut given = opened.given.clone();
    if !arguments.no_final_snapshots {
        given.final_snapshots = Some(opened.clock().now().strftime("%Y%m%d%H%M%S").to_string());
    }
    let engine = Engine::new(&opened.stage.aws, opened.clock(), &opened.graph, &journal, &board, given).after(before);
    let plan = engine.survey().await;
    print(&lost(&opened, &plan, arguments.no_final_snapshots));
    if !plan.rows.iter().any(|row| row.exists) {
        return Ok(NO_CHANGES);
    }
    confirm(arguments.yes, &opened.spec.stack.name, "destroy all of this")?;
    let run = engine.destroy(&plan, opened.table(), opened.holder("destroy"), |text| eprintln!("{text}"));
    let follower = Follower::new(board.subscribe(), opened.clock().clone(), plan.takes_away);
    run_to_end(&engine, follower, "destroy", run).await
}

/// What a destroy takes away.
fn lost(opened: &Opened, plan: &Plan, without_snapshots: bool) -> String {
    let there: Vec<_> = plan.rows.iter().filter(|row| row.exists).collect();
    if there.is_empty() {
        return format!("{}: nothing is there.\n", opened.title());
    }
    let mut text = format!("{}\n", opened.title());
    for row in there.iter().rev() {
        let data = if row.holds_data { "  holds data" } else { "" };
        text.push_str(&format!("  - {}  {} {}{data}\n", row.id, row.service, row.name));
    }
    let snapshots = if without_snapshots { "without final snapshots" } else { "after final snapshots of the database" };
    text.push_str(&format!("{} resources are deleted, {snapshots}.\n", there.len()));
    text
}

/// Asks for the stack's name, unless `yes`.
pub fn confirm(yes: bool, name: &str, what: &str) -> Result<(), DeployError> {
    if yes {
        return Ok(());
    }
    if !io::stdin().is_terminal() {
        return Err(DeployError::Confirm(format!("nobody is here to {what}: give --yes")));
    }
    print(&format!("Type {name} to {what}: "));
    let mut typed = String::new();
    let read = io::stdin().read_line(&mut typed);
    if read.is_ok() && typed.trim() == name {
        return Ok(());
    }
    Err(DeployError::Confirm("Nothing was changed.".into()))
}

/// Follows a run until it is over; an interrupt ends it after the calls that run, a second one at once.
async fn run_to_end(
    engine: &Engine<'_>,
    mut follower: Follower,
    verb: &str,
    run: impl Future<Output = Result<Ended, RunError>>,
) -> Result<u8, DeployError> {
    let again = again(verb);
    let mut signals = Signals::ends();
    let mut run = pin!(run);
    let ended = loop {
        tokio::select! {
            biased;
            ended = &mut run => break ended,
            _ = signals.next() => {
                if engine.is_stopped() {
                    eprintln!("Left at once; what AWS was told goes on. To go on from there: {again}");
                    return Ok(CHANGES);
                }
                eprintln!("Stopping: nothing new is begun, calls that run are finished. Once more leaves at once.");
                engine.stop();
            }
            () = follower.changed() => follower.draw(),
        }
    };
    follower.end();
    Ok(match ended? {
        Ended::Done(view) => {
            view.remarks().for_each(|(row, remark)| eprintln!("{}: {remark}", row.id));
            println!("Done: {} resources, {} calls.", view.done(), view.sent());
            NO_CHANGES
        }
        Ended::Failed(view) => {
            for (row, failure) in view.failures() {
                eprintln!("{}: {failure}", row.id);
                if let Some(request) = &failure.request_id {
                    eprintln!("  request id {request}");
                }
                eprintln!("  {}", failure.advice);
            }
            let waits = view.rows.len() - view.done() - view.failures().count();
            eprintln!("{} done, {} failed, {waits} not begun. To go on: {again}", view.done(), view.failures().count());
            FAILED
        }
        Ended::Stopped(view) => {
            eprintln!("Stopped: {} of {} done. To go on: {again}", view.done(), view.rows.len());
            CHANGES
        }
    })
}

/// The line that goes on.
fn again(verb: &str) -> String {
    let mut words = vec!["tandem".to_string()];
    words.extend(std::env::args().skip(1).map(|word| crate::model::call::quoted(&crate::model::text::clean(&word))));
    if words.len() == 1 { format!("tandem {verb}") } else { words.join(" ") }
}

pub fn print(text: &str) {
    // A pipe that closes early has what it wanted.
    let _ = io::stdout().write_all(text.as_bytes());
    let _ = io::stdout().flush();
}
