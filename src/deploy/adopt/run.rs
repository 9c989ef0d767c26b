//! Tags what was found: one call a resource, each written down before it is sent and after.

use super::judge::Survey;
use crate::cloud::{self, Aws};
use crate::control::journal::{Journal, What};
use crate::host::Clock;
use crate::model::outcome::Outcome;
use std::io;

/// What became of the calls.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tagged {
    pub done: usize,
    /// The item and why.
    pub failed: Vec<(String, Outcome)>,
}

/// Sends every call of the survey. One that fails keeps no other back: to tag twice does no harm.
///
/// # Errors
/// When the journal cannot be written: nothing more is sent then.
pub async fn run(aws: &Aws, clock: &Clock, journal: &Journal, survey: &Survey) -> io::Result<Tagged> {
    let note = |what| journal.write(clock.now(), what);
    note(What::Run { verb: "adopt".into(), plan: survey.hash() })?;
    let mut tagged = Tagged::default();
    for (id, call) in survey.calls() {
        note(What::Intent { node: id.into(), call: call.clone() })?;
        let outcome = cloud::send(aws, call).await;
        note(What::Outcome { node: id.into(), outcome: outcome.clone() })?;
        match outcome {
            Outcome::Done { .. } => tagged.done += 1,
            other => tagged.failed.push((id.into(), other)),
        }
    }
    let state = if tagged.failed.is_empty() { "done" } else { "failed" };
    note(What::RunOver { verb: "adopt".into(), state: state.into() })?;
    Ok(tagged)
}
