//! What the verbs of deployments work with.

use super::{BeginError, DeployError};
use crate::cli::args::{DeployArguments, WorldArguments};
use crate::cli::{journal as own, world};
use crate::cloud::sts;
use crate::control::journal::{self, Journal};
use crate::control::lease::{Holder, Table};
use crate::deploy::board::Board;
use crate::deploy::engine::Engine;
use crate::deploy::given::Given;
use crate::deploy::graph::Graph;
use crate::deploy::plan::Plan;
use crate::deploy::{policy, resume, stack};
use crate::host::Clock;
use crate::host::disk::RealDisk;
use crate::model::call::Call;
use crate::model::spec::Spec;
use crate::model::stack::Stack;
use crate::stage::Stage;
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::time::Duration;

/// How often a verb asks who it is before it gives up, and the pause between.
const TRIES: u32 = 5;
const PAUSE: Duration = Duration::from_secs(2);

/// A stack and the world that it is deployed in.
pub struct Opened {
    pub spec: Spec,
    pub graph: Graph,
    pub stage: Stage,
    pub given: Given,
}

impl Opened {
    /// The graph of the spec, of which only these roles are kept, for the account of the stage's credentials.
    pub async fn of(spec: Spec, stage: Stage, only: &[String]) -> Result<Self, DeployError> {
        let graph = stack::graph(&spec)?.only(only).map_err(stack::SpecError::from)?;
        let account = account(&stage, &spec.stack.regions).await?;
        let given = Given::new(&spec.stack.name, &account, spec.tags.clone());
        Ok(Self { spec, graph, stage, given })
    }

    /// What an apply would do now. Nothing is changed.
    pub async fn survey(&self) -> Plan {
        let (board, journal) = (Board::new(&self.graph), Journal::off());
        Engine::new(&self.stage.aws, self.clock(), &self.graph, &journal, &board, self.given.clone()).survey().await
    }

    /// The clock of the world.
    pub fn clock(&self) -> &Clock {
        &self.stage.clock
    }

    /// `shop/prod in us-east-1, eu-west-1 (simulator)`
    pub fn title(&self) -> String {
        title(&self.spec, &self.stage)
    }

    pub fn table(&self) -> Table {
        Table { name: self.spec.stack.control_table(), regions: self.spec.control_regions.clone() }
    }

    /// This process, as others see it in the lease.
    pub fn holder(&self, what: &str) -> Holder {
        own::holder(what, self.clock().now())
    }
}

/// `shop/prod in us-east-1, eu-west-1 (simulator)`
pub fn title(spec: &Spec, stage: &Stage) -> String {
    let stack = &spec.stack;
    let regions = stack.regions.join(", ");
    format!("{}/{} in {regions} ({})", stack.name, stack.environment, world::name(&stage.place))
}

/// Opens the world and makes the graph, of which only the roles of `arguments` are kept. `verb` is who asks.
pub async fn open(
    world: &WorldArguments,
    arguments: &DeployArguments,
    verb: &'static str,
) -> Result<Opened, DeployError> {
    let (spec, stage) = ours(world, arguments.empty, verb).await?;
    Opened::of(spec, stage, &arguments.only).await
}

/// The spec, and its world.
///
/// # Errors
/// When somebody else built the stack.
async fn ours(world: &WorldArguments, empty: bool, verb: &'static str) -> Result<(Spec, Stage), DeployError> {
    let configured = world::configuration(world).map_err(BeginError::from)?;
    if !configured.config.stack.resources.is_empty() {
        return Err(DeployError::NotOurs(verb));
    }
    let stage = world::stage(&configured, world, empty).await.map_err(BeginError::from)?;
    Ok((configured.config.spec, stage))
}

/// What IAM must allow for the stack, in the account that the credentials belong to; any when nobody tells.
pub async fn policy(world: &WorldArguments, empty: bool) -> Result<String, DeployError> {
    let (spec, stage) = ours(world, empty, "plan").await?;
    let account = account(&stage, &spec.stack.regions).await;
    Ok(policy::text(&spec, account.as_deref().unwrap_or("*")))
}

/// The account that the credentials belong to, asked for in one Region after another: one may be silent, or not
/// enabled.
pub async fn account(stage: &Stage, regions: &[String]) -> Result<String, DeployError> {
    let mut next = regions.iter().cycle();
    let mut tries = 0;
    loop {
        tries += 1;
        let region = next.next().map_or("us-east-1", String::as_str);
        match sts::identity(&stage.aws, region).await {
            Ok(identity) => return Ok(identity.account),
            Err(_) if (tries as usize) < regions.len() => {}
            Err(why) if tries < TRIES && why.class.may_have_happened() => stage.clock.sleep(PAUSE).await,
            Err(why) => return Err(DeployError::Account(why)),
        }
    }
}

/// Calls that earlier processes may have sent, by node, and when.
pub type Before = BTreeMap<String, Vec<(Call, Timestamp)>>;

/// The journal of this process, and what those of earlier ones say. The world of a simulator in this process
/// ends with it: nothing is kept of it.
pub fn journal(opened: &Opened) -> Result<(Journal, Before), DeployError> {
    journal_of(&opened.stage, &opened.spec.stack)
}

/// The same for a stack in a world.
pub fn journal_of(stage: &Stage, stack: &Stack) -> Result<(Journal, Before), DeployError> {
    let Some(folder) = own::folder(&stage.place, stack) else {
        return Ok((Journal::off(), Before::new()));
    };
    let failed = |why| DeployError::Journal { place: folder.display().to_string(), why };
    let now = stage.clock.now();
    let earlier = journal::all(&RealDisk, &folder).map_err(failed)?;
    let before = resume::may_show(earlier.iter().flat_map(|read| &read.records), now);
    Ok((own::begin(&folder, now).map_err(failed)?, before))
}
