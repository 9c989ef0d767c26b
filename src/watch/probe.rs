//! One round: what users of each Region would meet, and whether the replicas of the control table answer. Everything is
//! asked at once, and nothing is waited for longer than a deadline.

use super::PK;
use crate::cloud::Aws;
use crate::cloud::control;
use crate::control::lease::Table;
use crate::host::Clock;
use crate::model::outcome::{CallError, ErrorClass};
use crate::model::place::Place;
use crate::model::stack::Stack;
use crate::model::watch::evidence::{Look, Met};
use crate::probe::{ProbeError, Url, Vantage};
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinSet;

/// No answer within this is none: shorter than a round.
const WITHIN: Duration = Duration::from_secs(8);

/// Asks from one place.
#[derive(Clone)]
pub struct Prober {
    pub aws: Aws,
    pub vantage: Arc<dyn Vantage>,
    pub clock: Clock,
    pub stack: Arc<Stack>,
    pub table: Table,
    /// Near the vantage Region.
    pub place: Place,
}

enum Found {
    Path(String, Met),
    Users(Met),
    Replica(String, bool),
}

impl Prober {
    /// Looks at everything once.
    pub async fn look(&self) -> Look {
        let mut asking = JoinSet::new();
        let tree = self.stack.tree();
        for region in self.stack.regions.clone() {
            let (me, host) = (self.clone(), tree.origin(&region));
            asking.spawn(async move { Found::Path(region, me.visit(host).await) });
        }
        let (me, host) = (self.clone(), self.stack.policy.clone());
        asking.spawn(async move { Found::Users(me.visit(host).await) });
        for region in self.table.regions.clone() {
            let me = self.clone();
            asking.spawn(async move {
                let answers = me.replica(&region).await;
                Found::Replica(region, answers)
            });
        }
        let paths = self.stack.regions.iter().map(|region| (region.clone(), None)).collect();
        let mut look = Look { paths, ..Look::default() };
        while let Some(found) = asking.join_next().await {
            match found {
                Ok(Found::Path(region, met)) => drop(look.paths.insert(region, Some(met))),
                Ok(Found::Users(met)) => look.users = Some(met),
                Ok(Found::Replica(region, answers)) => drop(look.replicas.insert(region, answers)),
                Err(_) => {}
            }
        }
        look
    }

    async fn visit(&self, host: String) -> Met {
        let ask = async {
            let addresses = match self.vantage.resolve(&host, &self.place).await {
                Ok(addresses) => addresses,
                Err(why) => return Met::Unclear(why.to_string()),
            };
            let Some(address) = addresses.first() else { return Met::Unclear(format!("{host} has no address")) };
            let url = Url { https: self.stack.https, host: host.clone(), path: self.stack.health_path.clone() };
            match self.vantage.fetch(&url, *address, &self.place).await {
                Ok(fetched) => Met::Answered(fetched.status),
                Err(ProbeError::TimedOut) => Met::Silence,
                Err(ProbeError::Refused) => Met::Refused,
                Err(why) => Met::Unclear(why.to_string()),
            }
        };
        tokio::select! {
            biased;
            met = ask => met,
            () = self.clock.sleep(WITHIN) => Met::Silence,
        }
    }

    /// Whether the replica answers, be it with a refusal.
    async fn replica(&self, region: &str) -> bool {
        let one = [region.to_string()];
        let asked = control::get(&self.aws, &one, &self.table.name, PK, super::switch::OFF);
        tokio::select! {
            biased;
            answer = asked => answers(answer.err()),
            () = self.clock.sleep(WITHIN) => false,
        }
    }
}

fn answers(error: Option<CallError>) -> bool {
    use ErrorClass::{Invalid, Service, Timeout, Unreachable};
    error.is_none_or(|error| !matches!(error.class, Timeout | Unreachable | Invalid | Service))
}

/// The place that is nearest to a Region, by its continent; the first one where none is on it.
pub fn place_near(region: &str, places: &[Place]) -> Option<Place> {
    let continents: &[&str] = match region.split('-').next().unwrap_or_default() {
        "us" | "ca" | "mx" => &["NA"],
        "sa" => &["SA"],
        "eu" => &["EU"],
        "af" => &["AF"],
        "ap" if region.starts_with("ap-southeast") => &["OC", "AS"],
        _ => &["AS"],
    };
    let on = |continent: &&str| places.iter().find(|place| place.continent == **continent);
    continents.iter().find_map(on).or(places.first()).cloned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stage::simulator::{Shape, ready};

    #[test]
    fn a_refusal_is_an_answer() {
        assert!(answers(None));
        let of = |class| answers(Some(CallError::new(class, "")));
        assert!(of(ErrorClass::Denied) && of(ErrorClass::Throttled));
        assert!(!of(ErrorClass::Timeout) && !of(ErrorClass::Unreachable) && !of(ErrorClass::Invalid));
    }

    #[tokio::test(start_paused = true)]
    async fn a_round_sees_every_region_and_replica_and_no_silence_delays_another() {
        let simulator = ready(31, &Shape::default(), 1.0).unwrap();
        let regions = ["eu-west-1", "us-east-1", "us-east-2", "us-west-2"].map(String::from);
        let stage = simulator.stage(regions.to_vec());
        let stack = crate::config::simulated();
        let table = Table { name: stack.control_table(), regions: crate::config::simulated_spec().control_regions };
        let place = place_near("eu-west-1", &stage.vantage.places()).unwrap();
        assert_eq!(place.continent, "EU");
        let prober = Prober {
            aws: stage.aws.clone(),
            vantage: stage.vantage.clone(),
            clock: stage.clock.clone(),
            stack: Arc::new(stack),
            table,
            place,
        };
        let look = prober.look().await;
        assert_eq!(look.paths.values().flatten().collect::<Vec<_>>(), [&Met::Answered(200), &Met::Answered(200)]);
        assert_eq!(
            (look.users, look.replicas.values().filter(|answers| **answers).count()),
            (Some(Met::Answered(200)), 3)
        );
        let gone = tandem_sim::faults::FaultSpec {
            kind: "F17".into(),
            region: Some("us-east-1".into()),
            ..tandem_sim::faults::FaultSpec::default()
        };
        simulator.with(|world| tandem_sim::faults::start(world, gone)).unwrap();
        let began = stage.clock.now();
        let look = prober.look().await;
        assert_eq!(look.paths["us-east-1"], Some(Met::Silence));
        assert_eq!(look.paths["eu-west-1"], Some(Met::Answered(200)));
        assert_eq!(look.replicas.values().filter(|answers| **answers).count(), 2);
        assert!(crate::model::observed::elapsed(began, stage.clock.now()) <= WITHIN);
    }
}
