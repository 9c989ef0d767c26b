//! `tandem plan`: live against spec.

use super::open::open;
use super::{CHANGES, DeployError, FAILED, NO_CHANGES, report};
use crate::cli::args::{PlanArguments, WorldArguments};
use crate::control::journal::Journal;
use crate::deploy::board::Board;
use crate::deploy::engine::Engine;
use crate::deploy::orphans::{self, Orphans};

/// The plan as it is to be printed, and the exit code.
pub async fn plan(world: &WorldArguments, arguments: &PlanArguments) -> Result<(String, u8), DeployError> {
    let opened = open(world, &arguments.deploy, "plan").await?;
    let (board, journal) = (Board::new(&opened.graph), Journal::off());
    let engine = Engine::new(&opened.stage.aws, opened.clock(), &opened.graph, &journal, &board, opened.given.clone());
    let plan = engine.survey().await;
    // a part of the graph does not tell what the whole stack has
    let orphans = match arguments.deploy.only.is_empty() {
        true => orphans::search(&opened.stage.aws, &opened.spec, &opened.graph).await,
        false => Orphans::default(),
    };
    let text = if arguments.json {
        format!("{:#}\n", report::json(&plan, &orphans))
    } else {
        report::text(&opened.title(), &plan) + &report::orphans(&orphans)
    };
    let code = if plan.obstacles().next().is_some() {
        FAILED
    } else if plan.changes().next().is_some() || !orphans.found.is_empty() {
        CHANGES
    } else {
        NO_CHANGES
    };
    Ok((text, code))
}
