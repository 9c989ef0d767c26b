//! Operations: plan, confirm, run. A planner is a pure function of what was seen; [`run`] carries a
//! plan out, call by call, and reads from the snapshot whether it took effect.

pub mod drain;
pub mod evacuate;
pub mod failover;
pub mod fence;
pub mod held;
pub mod keep;
pub mod restore;
pub mod rollback;
pub mod run;
pub mod scale;
mod turn;
mod weight;

use crate::control::lease::Table;
use crate::model::call::Call;
use crate::model::epoch::Epoch;
use crate::model::plan::{Kind, Plan};
use crate::model::revisions::Revisions;
use crate::model::safety::{self, Check};
use crate::model::snapshot::{RegionView, Snapshot};
use crate::model::stack::Stack;
use jiff::Timestamp;

/// What a planner may look at.
#[derive(Debug, Clone, Copy)]
pub struct Scene<'a> {
    pub stack: &'a Stack,
    pub snapshot: &'a Snapshot,
    pub now: Timestamp,
    /// The operation that is open, if there is one.
    pub open: Option<&'a str>,
    /// What earlier operations raised and nobody has put back.
    pub held: &'a [Call],
    /// What a service runs and ran before, when a wish needs to know.
    pub revisions: Option<&'a Revisions>,
    /// The control table, where the stack has one and the wish needs it.
    pub control: Option<&'a Control>,
}

/// The control table, as a planner needs it.
#[derive(Debug, Clone, PartialEq)]
pub struct Control {
    pub table: Table,
    /// Who may write; why it could not be read.
    pub epoch: Result<Option<Epoch>, String>,
}

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish {
    pub kind: Kind,
    pub region: String,
    /// For scale only.
    pub tasks: Option<u32>,
}

/// Why there is no plan at all: what it would rest on has never been seen, or there is nothing to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    #[error("{region} is no Region of this stack: it has {known}")]
    UnknownRegion { region: String, known: String },
    #[error("cannot plan: {what} of {region} has never been seen")]
    NeverSeen { what: &'static str, region: String },
    #[error("nothing to do: {0}")]
    Nothing(String),
    #[error("{0}")]
    Impossible(String),
}

/// The plan for a wish.
///
/// # Errors
/// When there is nothing to do, or the stack was never seen. A plan that the safety rules forbid is a
/// plan all the same: it shows why.
pub fn plan(scene: Scene<'_>, wish: &Wish) -> Result<Plan, PlanError> {
    match wish.kind {
        Kind::Scale => scale::plan(scene, &wish.region, wish.tasks),
        Kind::Drain => drain::plan(scene, &wish.region),
        Kind::Evacuate => evacuate::plan(scene, &wish.region),
        Kind::Restore => restore::plan(scene, &wish.region),
        Kind::Failover => failover::plan(scene, &wish.region, false),
        Kind::ForcedFailover => failover::plan(scene, &wish.region, true),
        Kind::Keep => keep::plan(scene, &wish.region),
        Kind::RollBack => rollback::plan(scene, &wish.region),
    }
}

impl<'a> Scene<'a> {
    fn region(&self, name: &str) -> Result<&'a RegionView, PlanError> {
        self.snapshot
            .region(name)
            .ok_or_else(|| PlanError::UnknownRegion { region: name.into(), known: self.stack.regions.join(", ") })
    }

    /// The rule that every plan has.
    fn alone(&self) -> Check {
        safety::alone(self.open)
    }
}

fn never_seen(what: &'static str, region: &str) -> PlanError {
    PlanError::NeverSeen { what, region: region.into() }
}

#[cfg(test)]
mod tests;
