//! `tandem watch`: one watcher, how all of them are, and the words that humans have for them.

mod run;
mod status;
mod switch;

use super::args::{WatchArguments, WatchVerb, WorldArguments};
use super::world::{self, BeginError, Opening};
use crate::config::Config;
use crate::control::lease::Table;
use crate::model::outcome::CallError;
use crate::stage::{Stage, StagePlace};

/// Why a verb of watchers did not do what it should.
#[derive(Debug, thiserror::Error)]
pub enum WatchError {
    #[error(transparent)]
    Begin(#[from] BeginError),
    #[error("{from} is {region}, and no vantage of this stack: its watchers look from {vantages}")]
    NoVantage { from: &'static str, region: String, vantages: String },
    #[error("{0} changes something: allow it with --write")]
    ReadOnly(&'static str),
    #[error("[resources] names what somebody else built: it has no control table, and watchers need one")]
    NotOurs,
    #[error("no journal can be kept, and a watcher does nothing that is not written down first: {0}")]
    Journal(String),
    #[error("the control table does not answer: {0}")]
    Table(#[from] CallError),
    #[error("another promotion has begun meanwhile: look at it first, with tandem watch status")]
    Moved,
}

impl WatchError {
    /// Whether the command line or the configuration is to blame.
    pub fn is_usage(&self) -> bool {
        match self {
            Self::Begin(error) => matches!(error, BeginError::Config(_)),
            Self::NoVantage { .. } | Self::ReadOnly(_) | Self::NotOurs => true,
            Self::Journal(_) | Self::Table(_) | Self::Moved => false,
        }
    }
}

/// A stack, its control table, and the world that it is in.
struct Opened {
    config: Config,
    table: Table,
    stage: Stage,
    place: StagePlace,
    writable: bool,
}

impl Opened {
    async fn at(world: &WorldArguments) -> Result<Self, WatchError> {
        let Opening { config, place, writable, stage, .. } = world::open(world).await?;
        if !config.stack.resources.is_empty() {
            return Err(WatchError::NotOurs);
        }
        let table = Table { name: config.stack.control_table(), regions: config.spec.control_regions.clone() };
        let stage = stage.await.map_err(BeginError::from)?;
        Ok(Self { config, table, stage, place, writable })
    }

    fn if_writable(self, what: &'static str) -> Result<Self, WatchError> {
        if self.writable { Ok(self) } else { Err(WatchError::ReadOnly(what)) }
    }
}

/// Runs the verb; tells what it prints, and what the process exits with.
///
/// # Errors
/// What kept it from beginning, or what the control table says.
pub async fn run(world: &WorldArguments, asked: &WatchArguments) -> Result<(String, u8), WatchError> {
    match &asked.verb {
        None => {
            run::run(Opened::at(world).await?.if_writable("tandem watch")?, asked).await?;
            Ok((String::new(), 0))
        }
        Some(WatchVerb::Status) => status::run(&Opened::at(world).await?, asked.json).await,
        Some(WatchVerb::Off { why }) => {
            switch::off(&Opened::at(world).await?.if_writable("tandem watch off")?, why).await
        }
        Some(WatchVerb::On) => switch::on(&Opened::at(world).await?.if_writable("tandem watch on")?).await,
        Some(WatchVerb::Ack) => switch::ack(&Opened::at(world).await?.if_writable("tandem watch ack")?).await,
    }
}
