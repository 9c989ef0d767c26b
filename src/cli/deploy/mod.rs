//! `tandem plan`, `apply`, `destroy` and `adopt`.
//!
//! - [`open`]: the world, the graph and the journal that they work with;
//! - [`report`]: a plan as text or JSON; [`cost`]: what it says of the cost;
//! - [`follow`]: a run as it goes on.

mod adopt;
mod apply;
mod cost;
mod follow;
mod open;
mod plan;
mod report;

pub use adopt::adopt;
pub use apply::{apply, destroy};
pub use open::{Opened, journal};
pub use plan::plan;

use super::world::BeginError;
use crate::deploy::apply::RunError;
use crate::deploy::stack::SpecError;

/// Nothing differs.
pub const NO_CHANGES: u8 = 0;
/// It could not be planned, or not be brought to its end.
pub const FAILED: u8 = 1;
/// Something differs; for a run: it was stopped before its end.
pub const CHANGES: u8 = 2;

/// Why a verb of deployments did not come to its end.
#[derive(Debug, thiserror::Error)]
pub enum DeployError {
    #[error(transparent)]
    Begin(#[from] BeginError),
    #[error("{0}")]
    Spec(#[from] SpecError),
    #[error("the account cannot be read: {0}")]
    Account(crate::model::outcome::CallError),
    #[error(transparent)]
    Run(#[from] RunError),
    #[error("no journal can be kept in {place}, and without one nothing is changed: {why}")]
    Journal { place: String, why: std::io::Error },
    #[error("{0}")]
    Confirm(String),
    #[error(
        "[resources] names what somebody else built, and what is named there is never made, replaced or deleted: {0} is \
         refused. `tandem status`, the console with its operations and `tandem adopt` work on it."
    )]
    NotOurs(&'static str),
    #[error(
        "[resources] of the configuration names nothing, so there is nothing to adopt: config.example.toml shows how"
    )]
    NothingNamed,
    #[error("read-only: to tag resources give --write")]
    ReadOnly,
}

impl DeployError {
    /// Whether what was typed or written must be corrected.
    pub fn is_usage(&self) -> bool {
        matches!(
            self,
            Self::Begin(BeginError::Config(_))
                | Self::Spec(_)
                | Self::Confirm(_)
                | Self::NotOurs(_)
                | Self::NothingNamed
                | Self::ReadOnly
        )
    }
}
