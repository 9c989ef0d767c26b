//! `tandem doctor`: look once at the stack, its account and this machine, name what is ill, and exit accordingly.

mod render;
mod terminal;

use super::args::{DoctorArguments, WorldArguments};
use super::world::{self, BeginError};
use crate::config::Config;
use crate::deploy::doctor::report::{Finding, Group, Report};
use crate::deploy::doctor::{self, Patient};
use crate::deploy::stack::SpecError;
use crate::model::text::clean;
use crate::stage::{Stage, StageError, StagePlace};
use terminal::Terminal;

/// Why nothing was looked at.
#[derive(Debug, thiserror::Error)]
pub enum DoctorError {
    #[error(transparent)]
    Begin(BeginError),
    #[error(transparent)]
    Spec(#[from] SpecError),
    #[error(
        "[resources] names what somebody else built, and doctor knows what Tandem builds alone: `tandem adopt --check` \
         tells what is there and what differs"
    )]
    NotOurs,
}

/// The report and the exit code: 0 healthy, 1 ills found, 2 could not tell.
pub async fn run(arguments: &WorldArguments, asked: &DoctorArguments) -> Result<(String, u8), DoctorError> {
    let configured = world::configuration(arguments).map_err(|error| DoctorError::Begin(error.into()))?;
    let config = &configured.config;
    if !config.stack.resources.is_empty() {
        return Err(DoctorError::NotOurs);
    }
    let (mut report, world) = match world::stage(&configured, arguments, asked.empty).await {
        Ok(stage) => (examine(config, &stage).await?, world::name(&stage.place)),
        // that there is nothing to sign with is an ill, and the terminal can be looked at without
        Err(StageError::Credentials(why)) => (without_credentials(&why), "aws".into()),
        Err(error) => return Err(DoctorError::Begin(error.into())),
    };
    report.add(Group::Terminal, "terminal", terminal::judge(Terminal::here().as_ref()));
    let text = match asked.json {
        true => render::json(&report, &config.stack, &world),
        false => render::text(&report, &config.stack, &world),
    };
    Ok((text, report.exit_code()))
}

async fn examine(config: &Config, stage: &Stage) -> Result<Report, SpecError> {
    let patient = Patient {
        aws: &stage.aws,
        vantage: &*stage.vantage,
        clock: &stage.clock,
        spec: &config.spec,
        dated: matches!(stage.place, StagePlace::Aws { .. }),
    };
    doctor::examine(&patient).await
}

fn without_credentials(why: &str) -> Report {
    let mut report = Report::default();
    let mut finding = Finding::fine("");
    let what = format!("there are no credentials to sign calls with: {}", clean(why));
    finding.ill("", what, "Sign in (aws sso login), or name a profile that has some: --profile NAME");
    report.add(Group::You, "credentials", finding);
    report
}
