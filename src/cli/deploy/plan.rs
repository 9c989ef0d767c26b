//! `tandem plan`: live against spec.

use super::open::{open, policy};
use super::{CHANGES, DeployError, FAILED, NO_CHANGES, cost, report};
use crate::cli::args::{PlanArguments, WorldArguments};
use crate::deploy::cost::estimate;
use crate::deploy::orphans::{self, Orphans};
use crate::deploy::stack;

/// The plan as it is to be printed, and the exit code.
pub async fn plan(world: &WorldArguments, arguments: &PlanArguments) -> Result<(String, u8), DeployError> {
    if arguments.policy {
        return Ok((policy(world, arguments.deploy.empty).await?, NO_CHANGES));
    }
    let opened = open(world, &arguments.deploy, "plan").await?;
    let plan = opened.survey().await;
    // a part of the graph does not tell what the whole stack has
    let orphans = match arguments.deploy.only.is_empty() {
        true => orphans::search(&opened.stage.aws, &opened.spec, &opened.graph).await,
        false => Orphans::default(),
    };
    // of the whole stack, whatever part of it is planned
    let estimate = estimate(&opened.spec, &stack::graph(&opened.spec)?);
    let text = if arguments.json {
        let mut told = report::json(&plan, &orphans);
        cost::add(&mut told, &estimate);
        format!("{told:#}\n")
    } else {
        let creates = plan.count("create") > 0;
        let cost = if creates { cost::line(&estimate) } else { String::new() };
        report::text(&opened.title(), &plan) + &report::orphans(&orphans) + &cost
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
