//! The proof that every switch works, before anything depends on it: a check that never found its string would
//! hold an evacuation for ever, and a new inverted check begins unhealthy.
//!
//! Each switch goes from `SERVE R 1` to `EVACUATE R 2`, until its check is unhealthy, and back to `SERVE R 3`,
//! until it is healthy. How far it is stands in the rule and in what checkers say. What the health of a Region
//! counts already is proven, and is not touched: its switch may be in use.
//!
//! Where checkers cannot be asked, the time that they need is waited for. When it began is not told by AWS, so
//! whoever begins anew waits anew.

use super::super::super::given::{Given, Missing};
use super::super::super::part::Part;
use super::checks::{FAILURES, INTERVAL};
use crate::cloud::look::route53::{self, Check, Report};
use crate::cloud::{Aws, elbv2, look};
use crate::model::call::{Act, Call};
use crate::model::deploy::{Difference, Next, Ready, Seen};
use crate::model::observed::elapsed;
use crate::model::outcome::CallError;
use crate::model::snapshot::{SwitchPosition, SwitchView};
use crate::model::spec::Spec;
use crate::probe::Boxed;
use jiff::Timestamp;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// What is known of a switch or an endpoint that can be depended on.
const PROVEN: &str = "proven";
/// Beside the failures, for checkers to begin and Route 53 to count.
const SPARE_S: u32 = 60;

pub struct Proof {
    regions: Vec<String>,
    /// Since when this process has seen what cannot be asked for.
    since: Mutex<BTreeMap<String, Timestamp>>,
}

/// What comes next for one switch or endpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    Proven,
    /// The rule shall answer this.
    Say(String),
    Wait(String),
    Stuck(String),
}

/// What one who asks the checkers knows.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Known {
    Healthy,
    Unhealthy,
    /// Nothing yet: what is waited for.
    NotYet(String),
    /// Nothing, but for so long that it must be as it is told to be.
    Surely,
}

/// A switch of `region`, on the load balancer of a peer.
fn switch(region: &str, at: &str, view: Option<&SwitchView>, known: &Known) -> Step {
    let Some(view) = view else { return Step::Wait(format!("the switch of {region} at {at} to be listed")) };
    let fresh = view.epoch <= 2;
    let waits = |health: &str| match known {
        Known::NotYet(why) => Step::Wait(format!("the switch of {region} at {at} to be seen {health}: {why}")),
        _ => Step::Wait(format!("the switch of {region} at {at} to be seen {health}")),
    };
    match (view.position, fresh, known) {
        (SwitchPosition::Unreadable, ..) => {
            Step::Stuck(format!("the switch of {region} at {at} answers \"{}\": make it SERVE {region} 1", view.body))
        }
        (SwitchPosition::Evacuate, false, _) => {
            Step::Stuck(format!("{region} is evacuated at {at} (\"{}\"): restore it first", view.body))
        }
        (SwitchPosition::Serve, true, _) => Step::Say(format!("EVACUATE {region} 2")),
        (SwitchPosition::Evacuate, true, Known::Unhealthy | Known::Surely) => Step::Say(format!("SERVE {region} 3")),
        (SwitchPosition::Evacuate, true, _) => waits("unhealthy"),
        (SwitchPosition::Serve, false, Known::Healthy | Known::Surely) => Step::Proven,
        (SwitchPosition::Serve, false, _) => waits("healthy"),
    }
}

fn endpoint(region: &str, known: &Known, said: &str) -> Step {
    match known {
        Known::Healthy | Known::Surely => Step::Proven,
        Known::Unhealthy => Step::Wait(format!("the endpoint of {region} to be healthy: {said}")),
        Known::NotYet(why) => Step::Wait(format!("the endpoint of {region} to be seen: {why}")),
    }
}

impl Proof {
    pub fn of(spec: &Spec) -> Self {
        Self { regions: spec.region_names().map(String::from).collect(), since: Mutex::default() }
    }

    /// Region and peer of every switch.
    fn switches(&self) -> impl Iterator<Item = (&str, &str)> {
        let of = |region| self.regions.iter().map(move |peer: &String| (region, peer.as_str()));
        self.regions.iter().map(String::as_str).flat_map(of).filter(|(region, peer)| region != peer)
    }

    /// What the checkers of a check say, or how long they were waited for instead.
    async fn known(&self, aws: &Aws, check: &Check, state: &str, failures: u32) -> Result<(Known, String), CallError> {
        let report = route53::report(aws, check).await?;
        Ok(match report {
            Report::Healthy => (Known::Healthy, String::new()),
            Report::Unhealthy(said) => (Known::Unhealthy, said),
            Report::Unseen => (Known::NotYet("no checker has asked yet".into()), String::new()),
            Report::Unreadable(why) => (self.patience(&check.id, state, failures, &why, look::now(aws)), String::new()),
        })
    }

    fn patience(&self, check: &str, state: &str, failures: u32, why: &str, now: Timestamp) -> Known {
        let needed = Duration::from_secs(u64::from(INTERVAL * failures + SPARE_S));
        let mut since = self.since.lock().unwrap_or_else(PoisonError::into_inner);
        let passed = elapsed(*since.entry(format!("{check} {state}")).or_insert(now), now);
        if passed >= needed {
            return Known::Surely;
        }
        let left = (needed - passed).as_secs();
        Known::NotYet(format!("what checkers say cannot be read ({why}), so {left} s are waited for instead"))
    }

    async fn steps(&self, aws: &Aws, given: &Given) -> Result<Option<Vec<(String, String, Step)>>, CallError> {
        let Ok(wanted) = self.gifts(given) else { return Ok(None) };
        let all = route53::checks(aws).await?;
        let counted = |id: &str| all.iter().any(|check| check.counts(id));
        let mut rules: BTreeMap<&str, BTreeMap<String, SwitchView>> = BTreeMap::new();
        let mut steps = vec![];
        for Wanted { key, region, at, check, listener } in wanted {
            if counted(check) {
                steps.push((key, at.to_string(), Step::Proven));
                continue;
            }
            let Some(check) = all.iter().find(|one| one.id == check) else {
                steps.push((key, at.to_string(), Step::Wait(format!("the health check {check} to be listed"))));
                continue;
            };
            let step = match listener {
                Some(listener) => {
                    if !rules.contains_key(at) {
                        rules.insert(at, elbv2::switches(aws, at, listener).await?);
                    }
                    let view = rules.get(at).and_then(|switches| switches.get(region));
                    let body = view.map_or("", |view| view.body.as_str());
                    let asks = view.is_some_and(|view| view.position == SwitchPosition::Evacuate || view.epoch > 2);
                    let known = match asks {
                        true => self.known(aws, check, body, FAILURES.1).await?.0,
                        false => Known::NotYet(String::new()),
                    };
                    switch(region, at, view, &known)
                }
                None => {
                    let (known, said) = self.known(aws, check, "", FAILURES.0).await?;
                    endpoint(region, &known, &said)
                }
            };
            steps.push((key, at.to_string(), step));
        }
        Ok(Some(steps))
    }

    /// Everything that must be proven, switches first: what is slow begins early.
    fn gifts<'a>(&'a self, given: &'a Given) -> Result<Vec<Wanted<'a>>, Missing> {
        let mut wanted = vec![];
        for (region, at) in self.switches() {
            let check = given.of(&format!("{region}/check-switch-{at}"), "id")?;
            let listener = Some(given.of(&format!("{at}/listener"), "arn")?);
            wanted.push(Wanted { key: key(region, at), region, at, check, listener });
        }
        for region in &self.regions {
            let check = given.of(&format!("{region}/check-endpoint"), "id")?;
            wanted.push(Wanted { key: region.clone(), region, at: region, check, listener: None });
        }
        Ok(wanted)
    }
}

/// What must be proven.
struct Wanted<'a> {
    key: String,
    region: &'a str,
    at: &'a str,
    check: &'a str,
    /// Of a switch.
    listener: Option<&'a str>,
}

fn key(region: &str, at: &str) -> String {
    format!("{region} at {at}")
}

fn seen(steps: Vec<(String, String, Step)>) -> Seen {
    let (mut is, mut next) = (Map::new(), vec![]);
    for (key, at, step) in steps {
        let (word, step) = match step {
            Step::Proven => (PROVEN.to_string(), None),
            Step::Say(body) => ("not yet".to_string(), Some(json!({ "Key": key, "Region": at, "Say": body }))),
            Step::Wait(what) => ("not yet".to_string(), Some(json!({ "Wait": what }))),
            Step::Stuck(why) => ("stuck".to_string(), Some(json!({ "Stuck": why }))),
        };
        is.insert(key, json!(word));
        next.extend(step);
    }
    Seen::there("", json!({ "Proof": is, "Next": next }))
}

impl Part for Proof {
    fn look<'a>(&'a self, aws: &'a Aws, given: &'a Given) -> Boxed<'a, Result<Seen, CallError>> {
        Box::pin(async move { Ok(self.steps(aws, given).await?.map_or_else(Seen::absent, seen)) })
    }

    fn want(&self, _: &Given) -> Result<Value, Missing> {
        let switches = self.switches().map(|(region, at)| key(region, at));
        let keys: Map<String, Value> =
            switches.chain(self.regions.iter().cloned()).map(|key| (key, json!(PROVEN))).collect();
        Ok(json!({ "Proof": keys }))
    }

    /// Before its checks stand there is nothing to prove: the look tells what comes next once they do.
    fn create(&self, _: &Value, given: &Given) -> Result<Call, Missing> {
        self.gifts(given)?;
        Err(Missing { node: "switch-proof".into(), gift: "checks".into() })
    }

    fn ready(&self, seen: &Seen) -> Ready {
        let proven = |proof: &Map<String, Value>| proof.values().all(|word| word == PROVEN);
        if seen.is["Proof"].as_object().is_some_and(proven) {
            Ready::Yes
        } else {
            Ready::NotYet("switches are being proven".into())
        }
    }

    fn changes_while_busy(&self) -> bool {
        true
    }

    /// Whatever can be flipped is, before anything is waited for.
    fn update(&self, _: &Value, seen: &Seen, _: &[Difference], given: &Given) -> Result<Next, Missing> {
        let steps = || seen.is["Next"].as_array().into_iter().flatten();
        let first = |word: &str| steps().find_map(|step| step[word].as_str().map(String::from));
        if let Some(why) = first("Stuck") {
            return Ok(Next::Stuck(why));
        }
        if let Some(step) = steps().find(|step| step["Say"].is_string()) {
            let text = |name: &str| step[name].as_str().unwrap_or_default();
            let region = text("Key").split(' ').next().unwrap_or_default();
            let rule_arn = given.of(&format!("{}/switch-{region}", text("Region")), "arn")?.to_string();
            return Ok(Next::Send(Call::new(text("Region"), Act::ModifyRule { rule_arn, body: text("Say").into() })));
        }
        Ok(first("Wait").map_or(Next::Done, Next::Wait))
    }

    fn remove(&self, _: &Seen, _: &Given) -> Result<Next, Missing> {
        Ok(Next::Done)
    }

    fn goes_along(&self) -> bool {
        true
    }

    fn tagged(&self) -> bool {
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deploy::parts::sample::spec;
    use crate::model::deploy::differences;

    fn view(position: SwitchPosition, epoch: u64) -> SwitchView {
        let word = if position == SwitchPosition::Evacuate { "EVACUATE" } else { "SERVE" };
        SwitchView { rule_arn: "arn:rule".into(), position, epoch, body: format!("{word} us-east-1 {epoch}") }
    }

    #[test]
    fn a_switch_is_flipped_seen_flipped_back_and_seen_again() {
        use SwitchPosition::{Evacuate, Serve, Unreadable};
        let step =
            |position, epoch, known: Known| switch("us-east-1", "eu-west-1", Some(&view(position, epoch)), &known);
        let nothing = || Known::NotYet(String::new());
        assert_eq!(step(Serve, 1, nothing()), Step::Say("EVACUATE us-east-1 2".into()));
        assert!(matches!(step(Evacuate, 2, Known::Healthy), Step::Wait(_)));
        assert!(matches!(step(Evacuate, 2, nothing()), Step::Wait(_)));
        for known in [Known::Unhealthy, Known::Surely] {
            assert_eq!(step(Evacuate, 2, known), Step::Say("SERVE us-east-1 3".into()));
        }
        assert!(matches!(step(Serve, 3, Known::Unhealthy), Step::Wait(_)));
        assert_eq!(step(Serve, 3, Known::Healthy), Step::Proven);
        assert_eq!(step(Serve, 17, Known::Surely), Step::Proven);
        assert!(matches!(step(Evacuate, 4, Known::Unhealthy), Step::Stuck(why) if why.contains("restore it first")));
        assert!(matches!(step(Unreadable, 0, Known::Healthy), Step::Stuck(_)));
        assert!(matches!(switch("a", "b", None, &Known::Healthy), Step::Wait(_)));
    }

    #[test]
    fn where_checkers_cannot_be_asked_time_tells() {
        let proof = Proof::of(&spec(&["us-east-1", "eu-west-1"]));
        let at = |second| Timestamp::from_second(second).unwrap();
        let known = |state: &str, second| proof.patience("hc", state, 1, "denied", at(second));
        let Known::NotYet(why) = known("EVACUATE us-east-1 2", 0) else { panic!("too early") };
        assert!(why.contains("denied") && why.contains("70 s"), "{why}");
        assert!(matches!(known("EVACUATE us-east-1 2", 69), Known::NotYet(_)));
        assert_eq!(known("EVACUATE us-east-1 2", 70), Known::Surely);
        assert!(matches!(known("SERVE us-east-1 3", 70), Known::NotYet(_)), "each state has its time");
    }

    #[test]
    fn flips_come_before_waits_and_trouble_before_both() {
        let proof = Proof::of(&spec(&["us-east-1", "eu-west-1"]));
        let mut given = Given::new("shop", "1", BTreeMap::new());
        given.learn("eu-west-1/switch-us-east-1", BTreeMap::from([("arn".into(), "arn:rule".into())]));
        let want = proof.want(&given).unwrap();
        assert_eq!(want["Proof"].as_object().map(Map::len), Some(4));
        let of = |steps: [Step; 4]| {
            let keys = ["eu-west-1 at us-east-1", "us-east-1 at eu-west-1", "us-east-1", "eu-west-1"];
            let at = ["us-east-1", "eu-west-1", "us-east-1", "eu-west-1"];
            seen(keys.into_iter().zip(at).zip(steps).map(|((key, at), step)| (key.into(), at.into(), step)).collect())
        };
        let next = |seen: &Seen| proof.update(&want, seen, &[], &given).unwrap();
        let (wait, say) = (Step::Wait("w".into()), Step::Say("EVACUATE us-east-1 2".into()));
        let flip = of([wait.clone(), say.clone(), Step::Proven, Step::Proven]);
        let Next::Send(call) = next(&flip) else { panic!("nothing is sent") };
        assert_eq!((call.region.as_str(), call.operation()), ("eu-west-1", "ModifyRule"));
        assert_eq!(call.input()["RuleArn"], "arn:rule");
        assert!(matches!(proof.ready(&flip), Ready::NotYet(_)) && proof.changes_while_busy());
        assert_eq!(next(&of([wait.clone(), Step::Proven, Step::Proven, Step::Proven])), Next::Wait("w".into()));
        assert_eq!(next(&of([wait, Step::Stuck("s".into()), say, Step::Proven])), Next::Stuck("s".into()));
        let done = of([Step::Proven, Step::Proven, Step::Proven, Step::Proven]);
        assert_eq!((differences(&want, &done.is), proof.ready(&done)), (vec![], Ready::Yes));
    }
}
