//! Health checks whose place another one has taken, or is about to.

use super::super::super::given::{Given, Missing};
use super::super::balancing::ELB;
use super::SERVICE;
use super::checks::is_reference;
use crate::cloud::look::route53::Check as Found;
use crate::cloud::{Aws, look};
use crate::model::call::{Call, ROUTE53_HOME};
use crate::model::outcome::CallError;
use crate::model::records::{Tree, same_name};
use crate::model::stack::Stack;
use serde_json::{Value, json};

/// What a check keeps for life (API Reference, UpdateHealthCheck).
const FIXED: [&str; 3] = ["Type", "RequestInterval", "MeasureLatency"];

/// What a calculated check counts.
pub struct Count {
    /// Nodes, and what the references of their checks begin with.
    pub children: Vec<(String, String)>,
    pub stack: Stack,
}

/// Those that can become what is wanted, and those that never will.
pub fn split<'a>(ours: Vec<&'a Found>, wanted: &Value) -> (Vec<&'a Found>, Vec<&'a Found>) {
    ours.into_iter().partition(|check| FIXED.iter().all(|name| check.config[*name] == wanted[*name]))
}

impl Count {
    /// The ids of what is counted.
    ///
    /// # Errors
    /// When one of them is not there yet.
    pub fn ids<'a>(&self, given: &'a Given) -> Result<Vec<&'a str>, Missing> {
        self.children.iter().map(|(node, _)| given.of(node, "id")).collect()
    }

    /// Whose place its children took: the check, and the rule that only it asked, with its Region and words. None while a child
    /// is not there yet.
    ///
    /// # Errors
    /// As the calls end.
    pub async fn former(&self, aws: &Aws, given: &Given, all: &[Found]) -> Result<Value, CallError> {
        let mut former = vec![];
        let ids = self.ids(given).unwrap_or_default();
        for ((_, name), id) in self.children.iter().zip(ids) {
            let Some(child) = all.iter().find(|one| one.id == id) else { continue };
            for one in all.iter().filter(|one| one.id != id && is_reference(&one.reference, name)) {
                let mut told = json!({ "Id": one.id });
                if let Some((region, port)) = self.asked(&one.config).filter(|_| moved(one, child)) {
                    let path = one.config["ResourcePath"].as_str().unwrap_or_default();
                    let rule = look::elbv2::rule(aws, region, &self.stack.balancer(region), port, path).await?;
                    if rule.exists {
                        told["Region"] = json!(region);
                        told["Rule"] = json!(rule.gift("arn"));
                        told["Says"] = rule.is["Actions"][0]["FixedResponseConfig"]["MessageBody"].clone();
                    }
                }
                former.push(told);
            }
        }
        Ok(former.into())
    }

    /// Region and port of the switch that a check asks; `None`: it asks no switch of this stack.
    fn asked(&self, config: &Value) -> Option<(&str, u16)> {
        let path = config["ResourcePath"].as_str()?;
        let mut regions = self.stack.regions.iter();
        regions.find(|region| Tree::switch_path(region) == path)?;
        let (tree, host) = (self.stack.tree(), config["FullyQualifiedDomainName"].as_str()?);
        let region = self.stack.regions.iter().find(|region| same_name(&tree.origin(region), host))?;
        Some((region, config["Port"].as_u64().and_then(|port| u16::try_from(port).ok())?))
    }
}

/// What a switch says that still counts and keeps users from its Region: its successor does not know of it.
pub fn evacuates(former: &Value) -> Option<String> {
    let switches = former.as_array()?.iter();
    let (at, says) = switches
        .filter_map(|one| Some((one["Region"].as_str()?, one["Says"].as_str()?)))
        .find(|(_, says)| says.contains("EVACUATE"))?;
    Some(format!("a switch at {at} says \"{says}\": restore that Region first, then go on"))
}

/// Whether the two ask at different ports.
fn moved(former: &Found, current: &Found) -> bool {
    former.config["Port"] != current.config["Port"]
}

pub fn delete(check: &str) -> Call {
    Call::request(ROUTE53_HOME, SERVICE, "DeleteHealthCheck", json!({ "HealthCheckId": check }))
}

/// What takes the first of them away: its rule before itself, since nobody else knows of it.
pub fn farewell(former: &Value) -> Option<Call> {
    let first = former.as_array()?.first()?;
    match (first["Region"].as_str(), first["Rule"].as_str()) {
        (Some(region), Some(rule)) => Some(Call::request(region, ELB, "DeleteRule", json!({ "RuleArn": rule }))),
        _ => Some(delete(first["Id"].as_str()?)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(id: &str, config: Value) -> Found {
        Found { id: id.into(), reference: String::new(), version: 1, config }
    }

    fn config(kind: &str, interval: u32) -> Value {
        json!({ "Type": kind, "RequestInterval": interval, "MeasureLatency": false, "Port": 80 })
    }

    #[test]
    fn what_is_kept_for_life_tells_them_apart() {
        let all = [found("a", config("HTTP", 10)), found("b", config("HTTPS", 10)), found("c", config("HTTPS", 30))];
        let (current, former) = split(
            all.iter().collect(),
            &json!({ "Type": "HTTPS", "RequestInterval": 10, "MeasureLatency": false, "Port": 443 }),
        );
        let ids = |some: &[&Found]| some.iter().map(|one| one.id.clone()).collect::<Vec<_>>();
        assert_eq!((ids(&current), ids(&former)), (vec!["b".into()], vec!["a".into(), "c".into()]));
    }

    #[test]
    fn the_rule_that_only_it_asked_goes_before_it() {
        let mut former = json!([{ "Id": "a", "Region": "eu-west-1", "Rule": "arn:rule", "Says": "SERVE us-east-1 3" }]);
        let call = farewell(&former).unwrap();
        assert_eq!((call.region.as_str(), call.operation()), ("eu-west-1", "DeleteRule"));
        assert_eq!(evacuates(&former), None);
        former[0]["Says"] = json!("EVACUATE us-east-1 4");
        assert!(evacuates(&former).is_some_and(|why| why.contains("eu-west-1") && why.contains("restore")));
        assert_eq!(farewell(&json!([{ "Id": "a" }])).unwrap().input(), json!({ "HealthCheckId": "a" }));
        assert_eq!((farewell(&json!([])), evacuates(&json!([]))), (None, None));
    }

    #[test]
    fn a_check_of_a_switch_is_told_from_others() {
        let stack = crate::config::simulated();
        let count = Count { children: vec![], stack };
        let asks =
            |host: &str, path: &str| json!({ "FullyQualifiedDomainName": host, "ResourcePath": path, "Port": 80 });
        let host = "origin-eu-west-1.app.shop.example";
        assert_eq!(count.asked(&asks(host, "/.tandem/switch/us-east-1")), Some(("eu-west-1", 80)));
        assert_eq!(count.asked(&asks(host, "/health")), None);
        assert_eq!(count.asked(&asks("elsewhere.example", "/.tandem/switch/us-east-1")), None);
    }
}
