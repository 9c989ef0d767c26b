//! `tandem status`: look once at everything, say how it is, and exit accordingly.

mod json;
mod markdown;
mod report;
mod run;
mod stateful;
mod text;

use super::args::Format;
use crate::model::snapshot::Snapshot;
use crate::model::verdict::{self, Overall};
use jiff::Timestamp;
pub use report::Report;
pub use run::run;

/// The exit code of `status`: 0 healthy, 1 degraded, 2 could not tell.
pub fn exit_code(snapshot: &Snapshot, now: Timestamp) -> u8 {
    match overall(snapshot, now) {
        Overall::Healthy => 0,
        Overall::Degraded => 1,
        Overall::Unknown => 2,
    }
}

/// A stack whose Regions all serve is degraded all the same while its database has no writer or no Region that
/// could take over.
fn overall(snapshot: &Snapshot, now: Timestamp) -> Overall {
    match verdict::of_stack(snapshot, now) {
        Overall::Healthy if !stateful::database_is_sound(snapshot, now) => Overall::Degraded,
        overall => overall,
    }
}

/// The report in the form that was asked for.
pub fn render(snapshot: &Snapshot, now: Timestamp, world: &str, format: Format) -> String {
    let report = Report::new(snapshot, now, world);
    match format {
        Format::Text => text::render(&report),
        Format::Markdown => markdown::render(&report),
        Format::Json => json::render(&report),
    }
}

#[cfg(test)]
mod tests;
