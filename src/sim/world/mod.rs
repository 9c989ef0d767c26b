//! State and dynamics. One tick is one second; [`World::advance`] says in which order things happen
//! in it. Services word AWS's answers; how things behave in time is decided here.

pub mod app;
pub mod aurora;
pub mod cloudformation;
pub mod dns;
pub mod dynamo;
pub mod ecs;
pub mod elb;
pub mod metrics;
mod names;
pub mod scaling;
pub mod secrets;
pub mod sql;

use crate::calls::{Call, Recent};
use crate::faults::Faults;
use crate::faults::limits::Limits;
use crate::moment::Moment;
use crate::random::Random;
use crate::truth::Truth;
use crate::users::Users;
pub use names::{ACCOUNT, hex_id, uuid};
use std::collections::BTreeMap;
use std::time::Duration;

/// The length of a tick.
pub const TICK: Duration = Duration::from_secs(1);

/// Everything there is. Regional services are keyed by the Region's name and spring into being when
/// they are first asked for.
#[derive(Debug, Clone)]
pub struct World {
    pub seed: u64,
    pub now: Moment,
    /// When this world began.
    pub began: Moment,
    ticked: Moment,
    /// How fast its holder lets time pass; the world itself does not care.
    pub speed: f64,
    pub ecs: BTreeMap<String, ecs::Ecs>,
    pub elb: BTreeMap<String, elb::Elb>,
    pub scaling: BTreeMap<String, scaling::Scaling>,
    pub metrics: BTreeMap<String, metrics::Metrics>,
    /// CloudWatch's, by name: they belong to the account.
    pub dashboards: BTreeMap<String, metrics::dashboard::Dashboard>,
    pub dns: dns::Dns,
    pub aurora: aurora::Aurora,
    pub dynamo: dynamo::Dynamo,
    pub cloudformation: cloudformation::CloudFormation,
    pub secrets: secrets::Secrets,
    pub sessions: app::Sessions,
    pub users: Users,
    pub faults: Faults,
    pub limits: Limits,
    pub truth: Truth,
    pub chance: Chance,
    /// Requests answered so far; names the next request id.
    pub requests: u64,
    /// Resources made so far; names what AWS gives random names.
    pub made: u64,
    /// The last API calls.
    pub calls: Recent<Call>,
    /// One line for every request that could not be understood; its holder may take and print them.
    pub log: Recent<String>,
}

/// The streams of chance.
#[derive(Debug, Clone)]
pub struct Chance {
    pub wire: Random,
    pub ecs: Random,
    pub elb: Random,
    pub dns: Random,
    pub aurora: Random,
    pub dynamo: Random,
    pub secrets: Random,
    pub app: Random,
    pub metrics: Random,
    pub users: Random,
    pub faults: Random,
    pub cloudformation: Random,
}

impl World {
    /// An account with nothing in it, at [`Moment::START`].
    pub fn empty(seed: u64) -> Self {
        Self::empty_at(seed, Moment::START)
    }

    /// An account with nothing in it.
    pub fn empty_at(seed: u64, now: Moment) -> Self {
        let stream = |name| Random::stream(seed, name);
        Self {
            seed,
            now,
            began: now,
            ticked: now,
            speed: 1.0,
            ecs: BTreeMap::new(),
            elb: BTreeMap::new(),
            scaling: BTreeMap::new(),
            metrics: BTreeMap::new(),
            dashboards: BTreeMap::new(),
            dns: dns::Dns::default(),
            aurora: aurora::Aurora::default(),
            dynamo: dynamo::Dynamo::default(),
            cloudformation: cloudformation::CloudFormation::default(),
            secrets: secrets::Secrets::default(),
            sessions: app::Sessions::default(),
            users: Users::default(),
            faults: Faults::default(),
            limits: Limits::default(),
            truth: Truth::default(),
            chance: Chance {
                wire: stream("wire"),
                ecs: stream("ecs"),
                elb: stream("elb"),
                dns: stream("dns"),
                aurora: stream("aurora"),
                dynamo: stream("dynamo"),
                secrets: stream("secrets"),
                app: stream("app"),
                metrics: stream("metrics"),
                users: stream("users"),
                faults: stream("faults"),
                cloudformation: stream("cloudformation"),
            },
            requests: 0,
            made: 0,
            calls: Recent::new(40_000),
            log: Recent::new(1_000),
        }
    }

    /// Lets time pass up to `to`; the past is left alone.
    pub fn advance(&mut self, to: Moment) {
        while self.ticked + TICK <= to {
            self.ticked = self.ticked + TICK;
            self.now = self.ticked;
            self.tick();
        }
        self.now = self.now.max(to);
    }

    /// Causes before effects: what breaks, what runs, who is asked, what is stored, who asks, what is measured, and
    /// what acts upon the measure.
    fn tick(&mut self) {
        crate::faults::tick(self);
        ecs::tick(self);
        elb::tick(self);
        dns::tick(self);
        aurora::tick(self);
        dynamo::tick(self);
        cloudformation::tick(self);
        secrets::tick(self);
        crate::users::tick(self);
        metrics::tick(self);
        scaling::tick(self);
    }

    /// A number that no other resource of this world has.
    pub fn next_id(&mut self) -> u64 {
        self.made += 1;
        self.made
    }

    pub fn ecs_in(&mut self, region: &str) -> &mut ecs::Ecs {
        self.ecs.entry(region.to_string()).or_default()
    }

    pub fn elb_in(&mut self, region: &str) -> &mut elb::Elb {
        self.elb.entry(region.to_string()).or_default()
    }

    pub fn scaling_in(&mut self, region: &str) -> &mut scaling::Scaling {
        self.scaling.entry(region.to_string()).or_default()
    }

    pub fn metrics_in(&mut self, region: &str) -> &mut metrics::Metrics {
        self.metrics.entry(region.to_string()).or_default()
    }
}
