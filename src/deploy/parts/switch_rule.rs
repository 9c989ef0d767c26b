//! A switch: a rule on a Region's listener that says whether users shall still go to a peer. What it says is a
//! state of the running stack, and never compared.

use super::balancing::ELB;
use super::listener::port;
use super::pieces::{differing, id, items, with};
use crate::cloud::{Aws, look};
use crate::deploy::given::{Given, Missing};
use crate::deploy::part::Part;
use crate::model::call::Call;
use crate::model::deploy::{Difference, Next, Ready, Seen};
use crate::model::outcome::CallError;
use crate::model::records::Tree;
use crate::model::spec::{Site, Spec};
use crate::probe::Boxed;
use serde_json::{Value, json};

pub struct SwitchRule {
    region: String,
    balancer: String,
    port: u16,
    peer: String,
    /// Its place among the Region's switches, from 1.
    place: usize,
    /// How many of them there are.
    all: usize,
}

impl SwitchRule {
    /// The switches of a Region, in the order of its peers.
    pub fn all(spec: &Spec, site: &Site) -> Vec<Self> {
        let peers: Vec<&str> = spec.region_names().filter(|name| *name != site.name).collect();
        let switch = |(place, peer): (usize, &&str)| Self {
            region: site.name.clone(),
            balancer: spec.stack.balancer(&site.name),
            port: port(site),
            peer: (*peer).into(),
            place,
            all: peers.len(),
        };
        (1..).zip(&peers).map(switch).collect()
    }

    pub fn role(&self) -> String {
        format!("switch-{}", self.peer)
    }

    pub fn path(&self) -> String {
        Tree::switch_path(&self.peer)
    }

    /// Its own place, or else a later number that no other switch would take.
    fn priority(&self, taken: &str) -> usize {
        let taken = items(taken);
        let free = |priority: &usize| !taken.contains(&priority.to_string().as_str());
        (self.place..).step_by(self.all).find(free).unwrap_or(self.place)
    }

    fn says(&self, actions: &Value, body: &str) -> Value {
        let mut actions = actions.clone();
        if let Some(config) = actions.pointer_mut("/0/FixedResponseConfig") {
            config["MessageBody"] = json!(body);
        }
        actions
    }

    fn call(&self, operation: &str, input: Value) -> Call {
        Call::request(&self.region, ELB, operation, input)
    }
}

impl Part for SwitchRule {
    fn look<'a>(&'a self, aws: &'a Aws, _: &'a Given) -> Boxed<'a, Result<Seen, CallError>> {
        Box::pin(async move { look::elbv2::rule(aws, &self.region, &self.balancer, self.port, &self.path()).await })
    }

    /// Without its priority: switches have different paths, so the order among them means nothing.
    fn want(&self, _: &Given) -> Result<Value, Missing> {
        Ok(json!({
            "Conditions": [{ "Field": "path-pattern", "PathPatternConfig": { "Values": [self.path()] } }],
            "Actions": [{
                "Type": "fixed-response",
                "FixedResponseConfig": { "StatusCode": "200", "ContentType": "text/plain" },
            }],
        }))
    }

    fn create(&self, want: &Value, given: &Given) -> Result<Call, Missing> {
        let listener = id(&self.region, "listener");
        let more = json!({
            "ListenerArn": given.of(&listener, "arn")?,
            "Priority": self.priority(given.of(&listener, "priorities")?),
            "Actions": self.says(&want["Actions"], &format!("SERVE {} 1", self.peer)),
            "Tags": given.tag_list(&self.role(), want),
        });
        Ok(self.call("CreateRule", with(want.clone(), more)))
    }

    fn ready(&self, _: &Seen) -> Ready {
        Ready::Yes
    }

    fn update(&self, want: &Value, seen: &Seen, differences: &[Difference], _: &Given) -> Result<Next, Missing> {
        let mut input = with(json!({ "RuleArn": seen.gift("arn") }), Value::Object(differing(want, differences)));
        if let Some(actions) = input.get("Actions") {
            // a rule's actions are replaced as a whole, and what it says must stay
            let said = seen.is.pointer("/Actions/0/FixedResponseConfig/MessageBody").and_then(Value::as_str);
            let Some(body) = said.filter(|body| !body.is_empty()) else {
                return Ok(Next::Stuck(format!(
                    "the rule for {} of {} says nothing that could be kept: remove it, then apply again",
                    self.path(),
                    self.region
                )));
            };
            input["Actions"] = self.says(actions, body);
        }
        Ok(Next::Send(self.call("ModifyRule", input)))
    }

    fn remove(&self, seen: &Seen, _: &Given) -> Result<Next, Missing> {
        Ok(Next::Send(self.call("DeleteRule", json!({ "RuleArn": seen.gift("arn") }))))
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{self, request, sent};
    use super::*;
    use crate::model::deploy::differences;

    fn part(region: usize) -> SwitchRule {
        let spec = fixtures::spec();
        SwitchRule::all(&spec, &spec.regions[region]).remove(0)
    }

    #[test]
    fn it_serves_when_it_is_made() {
        let given = fixtures::given();
        let want = part(1).want(&given).unwrap();
        let (operation, input) = request(&part(1).create(&want, &given).unwrap());
        assert_eq!((operation.as_str(), &input["ListenerArn"]), ("CreateRule", &json!("arn:listener")));
        assert_eq!(input["Actions"][0]["FixedResponseConfig"]["MessageBody"], "SERVE us-east-1 1");
        assert_eq!(input["Conditions"][0]["PathPatternConfig"]["Values"], json!(["/.tandem/switch/us-east-1"]));
        assert_eq!(input["Priority"], 1);
    }

    #[test]
    fn a_region_that_comes_later_finds_a_priority_that_is_free() {
        let mut spec = fixtures::spec();
        let more = |name: &str| Site { name: name.into(), ..spec.regions[0].clone() };
        let (first, second) = (more("ap-south-1"), more("sa-east-1"));
        spec.regions.insert(0, first);
        spec.regions.insert(0, second);
        let us = spec.regions.iter().find(|site| site.name == "us-east-1").unwrap();
        // eu-west-1 has 1 since there were two Regions; somebody else's rule has 4
        let taken = "1,4";
        let chosen: Vec<(String, usize)> =
            SwitchRule::all(&spec, us).iter().map(|part| (part.peer.clone(), part.priority(taken))).collect();
        assert_eq!(chosen, [("sa-east-1".into(), 7), ("ap-south-1".into(), 2), ("eu-west-1".into(), 3)]);
    }

    #[test]
    fn what_it_says_is_never_a_difference_and_is_kept() {
        let given = fixtures::given();
        let want = part(1).want(&given).unwrap();
        let mut is = want.clone();
        is["Actions"][0]["FixedResponseConfig"]["MessageBody"] = json!("EVACUATE us-east-1 9");
        assert_eq!(differences(&want, &is), []);
        is["Actions"][0]["FixedResponseConfig"]["StatusCode"] = json!("503");
        let seen = Seen::there("", is.clone()).giving("arn", "arn:rule");
        let (operation, input) = sent(part(1).update(&want, &seen, &differences(&want, &is), &given).unwrap());
        assert_eq!(operation, "ModifyRule");
        let config = json!({ "StatusCode": "200", "ContentType": "text/plain", "MessageBody": "EVACUATE us-east-1 9" });
        assert_eq!(
            input,
            json!({ "RuleArn": "arn:rule", "Actions": [{ "Type": "fixed-response", "FixedResponseConfig": config }] })
        );
    }

    #[test]
    fn a_rule_of_its_path_that_says_nothing_is_left_to_a_human() {
        let given = fixtures::given();
        let want = part(1).want(&given).unwrap();
        let is =
            json!({ "Conditions": want["Conditions"], "Actions": [{ "Type": "forward", "TargetGroupArn": "arn:tg" }] });
        let next = part(1).update(&want, &Seen::there("", is.clone()), &differences(&want, &is), &given).unwrap();
        assert!(matches!(next, Next::Stuck(_)), "{next:?}");
    }
}
