//! A simulated stack that is well, and what can be done to it before it is looked at.

use serde_json::Value;
use std::sync::OnceLock;
use std::time::Duration;
use tandem::config;
use tandem::deploy::doctor::findings::{self, Findings};
use tandem::deploy::doctor::report::{Report, State};
use tandem::deploy::doctor::{self, Patient};
use tandem::deploy::stack;
use tandem::model::spec::{Network, Spec};
use tandem::stage::Stage;
use tandem::stage::simulator::Simulator;
use tandem_sim::faults::{self, FaultSpec};
use tandem_sim::operation::Caller;
use tandem_sim::ready::{self, Member, Shape};
use tandem_sim::{World, services};

pub const HOME: &str = "us-east-1";
pub const PEER: &str = "eu-west-1";
pub const THIRD: &str = "ap-northeast-1";

/// Built once: it is the same for every row.
static READY: OnceLock<World> = OnceLock::new();

pub struct Ward {
    pub world: World,
    pub spec: Spec,
}

impl Ward {
    pub fn well() -> Self {
        let world = READY.get_or_init(|| ready::world(7, &Shape::default()).unwrap());
        Self { world: world.clone(), spec: config::simulated_spec() }
    }

    /// The same with a third Region.
    pub fn of_three() -> Self {
        let mut shape = Shape::default();
        shape.regions.push(Member::new(THIRD, 3, 3, 12));
        let mut spec = config::simulated_spec();
        let mut site = spec.regions[0].clone();
        site.name = THIRD.into();
        if let Network::Made { cidr, .. } = &mut site.network {
            *cidr = "10.2.0.0/16".into();
        }
        spec.regions.push(site);
        spec.stack.regions.push(THIRD.into());
        Self { world: ready::world(7, &shape).unwrap(), spec }
    }

    /// The same world for another look.
    pub fn again(&self) -> Self {
        Self { world: self.world.clone(), spec: self.spec.clone() }
    }

    /// An account with nothing in it but the zone.
    pub fn empty() -> Self {
        let spec = config::simulated_spec();
        Self { world: ready::account(7, &spec.stack.zone).unwrap(), spec }
    }

    /// One call, as a signed request makes it, and a second.
    pub fn call(&mut self, region: &str, service: &str, operation: &str, input: Value) -> Value {
        let table = services::ALL.iter().find(|table| table.scope == service).unwrap();
        let found = table.operations.iter().find(|found| found.name == operation);
        let found = found.unwrap_or_else(|| panic!("{service} has no {operation}"));
        let caller = Caller { region: region.into(), principal: "AKIDTEST".into(), now: self.world.now };
        let answer = (found.run)(&mut self.world, &caller, ready::decoded(table, input));
        self.pass(1);
        answer.unwrap_or_else(|refusal| panic!("{service} {operation}: {refusal}"))
    }

    pub fn fault(&mut self, kind: &str, tell: impl FnOnce(&mut FaultSpec)) {
        let mut spec = FaultSpec { kind: kind.into(), duration_s: Some(36_000.0), ..FaultSpec::default() };
        tell(&mut spec);
        faults::start(&mut self.world, spec).unwrap();
    }

    pub fn pass(&mut self, seconds: u64) {
        self.world.advance(self.world.now + Duration::from_secs(seconds));
    }

    /// What comes of looking, and the world after it.
    pub async fn look(self) -> (Findings, Spec, Simulator, Stage) {
        let simulator = Simulator::new(self.world, 1.0);
        let mut regions = self.spec.stack.regions.clone();
        regions.extend(self.spec.control_regions.iter().cloned());
        regions.push(HOME.into());
        let stage = simulator.stage(regions);
        let patient =
            Patient { aws: &stage.aws, vantage: &*stage.vantage, clock: &stage.clock, spec: &self.spec, dated: false };
        let findings = findings::look(&patient, &stack::graph(&self.spec).unwrap()).await;
        (findings, self.spec, simulator, stage)
    }

    pub async fn report(self) -> Report {
        let (findings, spec, ..) = self.look().await;
        doctor::judge(&findings, &spec)
    }
}

/// Every line that is not well.
pub fn told(report: &Report) -> String {
    let lines = report.lines.iter().filter(|line| line.state != State::Ok);
    let word = |line: &tandem::deploy::doctor::report::Line| {
        let todo = line.todo.as_deref().unwrap_or("-");
        format!("{:?} {} {}: {} -> {todo}", line.state, line.check, line.region, line.what)
    };
    lines.map(word).collect::<Vec<_>>().join("\n")
}
