//! Health checks. They have no names: one is found by the reference that it was made with, and a Region of the
//! stack is healthy when its own endpoint is and no peer says otherwise.
//!
//! What a check keeps for life changes by succession: another check is made beside it, proven as any new one is,
//! and counted in its place; then the former one goes, and the switch that only it asked ([`super::former`]).

use super::super::super::given::{Given, Missing, spec_hash};
use super::super::super::part::Part;
use super::super::marks::{by_name, marks};
use super::SERVICE;
use super::former::{self, Count};
use crate::cloud::Aws;
use crate::cloud::look::route53::{self, Check as Found};
use crate::model::call::{Call, ROUTE53_HOME};
use crate::model::deploy::{Difference, Next, Ready, Seen};
use crate::model::outcome::{CallError, ErrorClass};
use crate::model::records::Tree;
use crate::model::spec::Spec;
use crate::probe::Boxed;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Seconds between two requests of one checker.
pub const INTERVAL: u32 = 10;
/// Failures that make an endpoint unhealthy, and a switch.
pub const FAILURES: (u32, u32) = (3, 1);

/// Where checks are told whose place others took.
const FORMER: &str = "Former";

/// The longest CallerReference (API Reference, CreateHealthCheck), without what makes one unique.
const LONGEST: usize = 64 - "-0123abcd-9".len();

pub struct Check {
    role: String,
    /// What its reference begins with.
    name: String,
    config: Config,
}

enum Config {
    /// What checkers ask.
    Asks(Value),
    /// Others, which must all be healthy.
    Counts(Box<Count>),
}

impl Check {
    /// Whether the application in a Region is well.
    pub fn endpoint(spec: &Spec, region: &str) -> Self {
        let config = asks(spec, region, &spec.stack.health_path, FAILURES.0, None);
        Self::new(spec, |name| format!("endpoint-{}", name(region)), Config::Asks(config))
    }

    /// Whether the load balancer of `peer` lets `region` serve.
    pub fn switch(spec: &Spec, region: &str, peer: &str) -> Self {
        let config = asks(spec, peer, &Tree::switch_path(region), FAILURES.1, Some(format!("EVACUATE {region}")));
        Self::new(spec, |name| format!("switch-{}-at-{}", name(region), name(peer)), Config::Asks(config))
    }

    /// Whether users may be sent to a Region.
    pub fn health(spec: &Spec, region: &str) -> Self {
        let switch = |peer| (format!("{region}/check-switch-{peer}"), Self::switch(spec, region, peer).name);
        let endpoint = (format!("{region}/check-endpoint"), Self::endpoint(spec, region).name);
        let children = std::iter::once(endpoint).chain(spec.stack.peers(region).map(switch));
        let count = Count { children: children.collect(), stack: spec.stack.clone() };
        Self::new(spec, |name| format!("health-{}", name(region)), Config::Counts(Box::new(count)))
    }

    /// `role` is told how Regions are called in it.
    fn new(spec: &Spec, role: impl Fn(&dyn Fn(&str) -> String) -> String, config: Config) -> Self {
        let stack = &spec.stack.name;
        let (full, brief) = (role(&str::to_string), role(&short));
        let name = format!("{stack}-{full}");
        let name = if name.len() <= LONGEST { name } else { format!("{stack}-{brief}") };
        Self { role: full, name, config }
    }

    pub fn name(&self) -> String {
        self.name.clone()
    }

    fn config(&self, given: &Given) -> Result<Value, Missing> {
        Ok(match &self.config {
            Config::Asks(config) => config.clone(),
            Config::Counts(count) => {
                let mut ids = count.ids(given)?;
                ids.sort_unstable();
                json!({
                    "Type": "CALCULATED", "HealthThreshold": ids.len(), "ChildHealthChecks": ids,
                    "Inverted": false, "Disabled": false,
                })
            }
        })
    }

    /// Those that were made with a reference of ours.
    fn ours<'a>(&self, all: &'a [Found]) -> Vec<&'a Found> {
        all.iter().filter(|check| is_reference(&check.reference, &self.name)).collect()
    }

    /// The only one of them.
    fn only<'a>(&self, found: &[&'a Found]) -> Result<Option<&'a Found>, CallError> {
        let name = &self.name;
        match found[..] {
            [] => Ok(None),
            [one] => Ok(Some(one)),
            _ => {
                let ids = found.iter().map(|check| format!("{} ({})", check.id, check.reference)).collect::<Vec<_>>();
                let message = format!("{} health checks are {name}: {}. Delete all but one", ids.len(), ids.join(", "));
                Err(CallError::new(ErrorClass::Invalid, message))
            }
        }
    }

    fn seen(found: &Found, tags: BTreeMap<String, String>) -> Seen {
        let is = json!({
            "HealthCheckConfig": found.config, "HealthCheckVersion": found.version, "Tags": by_name(&tags),
        });
        Seen::there("", is).tagged(tags).giving("id", &found.id)
    }

    /// A reference can never be used for a second check: so it tells what is asked, for which control table, which
    /// every deployment makes anew, and whose place it takes.
    fn made(&self, want: &Value, given: &Given, former: &Value) -> Result<Call, Missing> {
        let (config, generation) = (&want["HealthCheckConfig"], given.of("control", "generation")?);
        let first = former.as_array().is_none_or(Vec::is_empty);
        let of = if first { json!([generation, config]) } else { json!([generation, config, former]) };
        let reference = format!("{}-{}", self.name, &spec_hash(&of)[..8]);
        let input = json!({ "CallerReference": reference, "HealthCheckConfig": config });
        Ok(Call::request(ROUTE53_HOME, SERVICE, "CreateHealthCheck", input))
    }
}

/// What checkers ask of a Region's load balancer. With a certificate it is HTTPS: port 80 only redirects there,
/// and a string is never found behind a redirect.
fn asks(spec: &Spec, region: &str, path: &str, failures: u32, string: Option<String>) -> Value {
    let https = spec.regions.iter().any(|site| site.name == region && site.certificate.is_some());
    let (protocol, port) = if https { ("HTTPS", 443) } else { ("HTTP", 80) };
    let mut config = json!({
        "Type": if string.is_some() { format!("{protocol}_STR_MATCH") } else { protocol.into() },
        "FullyQualifiedDomainName": spec.stack.tree().origin(region),
        "Port": port,
        "ResourcePath": path,
        "RequestInterval": INTERVAL,
        "FailureThreshold": failures,
        "MeasureLatency": false,
        "Inverted": string.is_some(),
        "Disabled": false,
    });
    if https {
        config["EnableSNI"] = json!(true);
    }
    if let Some(string) = string {
        config["SearchString"] = json!(string);
    }
    config
}

/// `ap-southeast-1` as `apse1`, as the ids of zones have it.
fn short(region: &str) -> String {
    let word = |word: &str| match word {
        "northeast" => "ne".to_string(),
        "northwest" => "nw".into(),
        "southeast" => "se".into(),
        "southwest" => "sw".into(),
        "north" | "south" | "east" | "west" | "central" => word[..1].into(),
        other => other.into(),
    };
    region.split('-').map(word).collect()
}

/// Whether it is a name of ours, and a hash, and perhaps a number.
pub(in crate::deploy) fn is_reference(reference: &str, name: &str) -> bool {
    let Some(rest) = reference.strip_prefix(name).and_then(|rest| rest.strip_prefix('-')) else { return false };
    let (hash, number) = rest.split_once('-').map_or((rest, None), |(hash, number)| (hash, Some(number)));
    let hash = hash.len() == 8 && hash.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    hash && number.is_none_or(|number| number.parse::<u32>().is_ok())
}

impl Part for Check {
    fn look<'a>(&'a self, aws: &'a Aws, given: &'a Given) -> Boxed<'a, Result<Seen, CallError>> {
        Box::pin(async move {
            let all = route53::checks(aws).await?;
            let (current, former) = match &self.config {
                Config::Asks(config) => former::split(self.ours(&all), config),
                Config::Counts(_) => (self.ours(&all), vec![]),
            };
            let current = self.only(&current)?;
            let Some(shown) = current.or(former.first().copied()) else { return Ok(Seen::absent()) };
            let mut seen = Self::seen(shown, route53::tags(aws, &shown.id).await?);
            seen.is[FORMER] = match &self.config {
                Config::Asks(_) => former.iter().map(|one| json!(one.id)).collect(),
                Config::Counts(count) => count.former(aws, given, &all).await?,
            };
            if current.is_none() {
                seen.gives.remove("id");
            }
            Ok(seen)
        })
    }

    fn want(&self, given: &Given) -> Result<Value, Missing> {
        let mut want = json!({ "HealthCheckConfig": self.config(given)?, "Tags": marks(given, &self.role) });
        if matches!(self.config, Config::Counts(_)) {
            want[FORMER] = json!([]);
        }
        Ok(want)
    }

    fn create(&self, want: &Value, given: &Given) -> Result<Call, Missing> {
        self.made(want, given, &Value::Null)
    }

    fn ready(&self, seen: &Seen) -> Ready {
        if seen.gift("id").is_empty() { Ready::NotYet("only its former one stands".into()) } else { Ready::Yes }
    }

    fn changes_while_busy(&self) -> bool {
        true
    }

    /// Whoever asks is succeeded instead.
    fn immutable(&self) -> &'static [&'static str] {
        match self.config {
            Config::Asks(_) => &[],
            Config::Counts(_) => &["HealthCheckConfig.Type"],
        }
    }

    fn update(&self, want: &Value, seen: &Seen, found: &[Difference], given: &Given) -> Result<Next, Missing> {
        let id = seen.gift("id");
        if id.is_empty() {
            return self.made(want, given, &seen.is[FORMER]).map(Next::Send);
        }
        let counts_others = found.iter().any(|one| one.member == "HealthCheckConfig.ChildHealthChecks");
        if let Some(why) = former::evacuates(&seen.is[FORMER]).filter(|_| counts_others) {
            return Ok(Next::Stuck(why));
        }
        let mut input = Map::new();
        for difference in found {
            if let Some(member) = difference.member.strip_prefix("HealthCheckConfig.") {
                input.insert(member.into(), difference.wanted.clone());
            }
        }
        if input.is_empty() {
            // what was counted goes when it is no more
            if let Some(next) = former::farewell(&seen.is[FORMER]).filter(|_| want[FORMER].is_array()) {
                return Ok(Next::Send(next));
            }
            let input =
                json!({ "ResourceType": "healthcheck", "ResourceId": id, "AddTags": given.tag_list(&self.role, want) });
            return Ok(Next::Send(Call::request(ROUTE53_HOME, SERVICE, "ChangeTagsForResource", input)));
        }
        input.insert("HealthCheckId".into(), json!(id));
        input.insert("HealthCheckVersion".into(), seen.is["HealthCheckVersion"].clone());
        Ok(Next::Send(Call::request(ROUTE53_HOME, SERVICE, "UpdateHealthCheck", input.into())))
    }

    fn remove(&self, seen: &Seen, _: &Given) -> Result<Next, Missing> {
        let former = seen.is[FORMER].as_array().and_then(|former| former.first()).and_then(Value::as_str);
        Ok(Next::Send(former::delete(former.unwrap_or(seen.gift("id")))))
    }

    /// Its tags come in a call of their own; that it is ours is told by its reference.
    fn tagged(&self) -> bool {
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deploy::parts::sample::spec;
    use crate::model::deploy::differences;
    use crate::model::spec::Certificate;

    fn given() -> Given {
        let mut given = Given::new("shop", "123456789012", BTreeMap::from([("team".into(), "web".into())]));
        given.learn("control", BTreeMap::from([("generation".into(), "1767621600".into())]));
        given.learn("us-east-1/check-endpoint", BTreeMap::from([("id".into(), "b".into())]));
        given.learn("us-east-1/check-switch-eu-west-1", BTreeMap::from([("id".into(), "a".into())]));
        given
    }

    fn two() -> Spec {
        spec(&["us-east-1", "eu-west-1"])
    }

    fn found(reference: &str, config: Value) -> Found {
        Found { id: "hc".into(), reference: reference.into(), version: 4, config }
    }

    fn operation(next: &Next) -> (&str, Value) {
        let Next::Send(call) = next else { panic!("{next:?} is no call") };
        (call.operation(), call.input())
    }

    #[test]
    fn a_switch_is_asked_at_the_peer_and_tells_of_the_region() {
        let want = Check::switch(&two(), "us-east-1", "eu-west-1").want(&given()).unwrap();
        let config = &want["HealthCheckConfig"];
        assert_eq!(config["FullyQualifiedDomainName"], "origin-eu-west-1.app.shop.example");
        assert_eq!(config["ResourcePath"], "/.tandem/switch/us-east-1");
        assert_eq!((&config["SearchString"], &config["Inverted"]), (&json!("EVACUATE us-east-1"), &json!(true)));
        assert_eq!((&config["Type"], &config["Port"]), (&json!("HTTP_STR_MATCH"), &json!(80)));
        assert_eq!(want["Tags"]["tandem:logical-id"], "switch-us-east-1-at-eu-west-1");
        assert_eq!(want["Tags"]["team"], "web");
    }

    #[test]
    fn with_a_certificate_checkers_ask_where_nothing_redirects() {
        let mut spec = two();
        spec.regions[1].certificate = Some(Certificate::Given("arn:aws:acm:eu-west-1:1:certificate/x".into()));
        let kind = |check: Check| check.want(&given()).unwrap()["HealthCheckConfig"].clone();
        let switch = kind(Check::switch(&spec, "us-east-1", "eu-west-1"));
        assert_eq!((&switch["Type"], &switch["Port"]), (&json!("HTTPS_STR_MATCH"), &json!(443)));
        assert_eq!(switch["EnableSNI"], true);
        assert_eq!(kind(Check::endpoint(&spec, "us-east-1"))["Type"], "HTTP");
    }

    #[test]
    fn a_reference_tells_the_deployment_and_the_question() {
        let check = Check::endpoint(&two(), "us-east-1");
        let reference = |given: &Given, check: &Check| {
            let call = check.create(&check.want(given).unwrap(), given).unwrap();
            call.input()["CallerReference"].as_str().unwrap().to_string()
        };
        let first = reference(&given(), &check);
        assert!(first.starts_with("shop-endpoint-us-east-1-") && is_reference(&first, "shop-endpoint-us-east-1"));
        assert_eq!(first, reference(&given(), &check));
        let mut later = given();
        later.learn("control", BTreeMap::from([("generation".into(), "1767721600".into())]));
        assert_ne!(first, reference(&later, &check));
        let mut other = two();
        other.stack.health_path = "/".into();
        assert_ne!(first, reference(&given(), &Check::endpoint(&other, "us-east-1")));
        assert_eq!(check.create(&json!({}), &Given::new("shop", "1", BTreeMap::new())).unwrap_err().node, "control");
    }

    #[test]
    fn the_longest_names_fit_and_stay_apart() {
        let mut spec = spec(&["ap-southeast-1", "ap-southeast-2", "ap-northeast-1", "us-east-1", "us-west-1"]);
        spec.stack.name = "a-stack-of-twenty-eight-long".into();
        let mut names = vec![];
        for region in spec.region_names() {
            names.push(Check::endpoint(&spec, region).name());
            names.push(Check::health(&spec, region).name());
            names.extend(spec.stack.peers(region).map(|peer| Check::switch(&spec, region, peer).name()));
        }
        assert!(names.iter().all(|name| name.len() <= LONGEST), "{names:?}");
        assert!(names.contains(&"a-stack-of-twenty-eight-long-switch-apse1-at-usw1".to_string()), "{names:?}");
        let all = names.len();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), all);
    }

    #[test]
    fn only_references_of_ours_count_and_of_two_none_is_picked() {
        let check = Check::endpoint(&two(), "us-east-1");
        let all = |references: &[&str]| references.iter().map(|one| found(one, json!({}))).collect::<Vec<_>>();
        for other in ["shop-endpoint-us-east-1", "shop-endpoint-us-east-1-old", "xshop-endpoint-us-east-1-0123abcd"] {
            assert_eq!(check.ours(&all(&[other])), Vec::<&Found>::new(), "{other}");
        }
        let one = all(&["shop-endpoint-us-east-1-0123abcd-2", "shop-endpoint-us-east-10-0123abcd"]);
        assert_eq!(check.only(&check.ours(&one)), Ok(one.first()));
        let two = all(&["shop-endpoint-us-east-1-0123abcd", "shop-endpoint-us-east-1-4567abcd"]);
        let message = check.only(&check.ours(&two)).unwrap_err().message;
        assert!(message.contains("0123abcd") && message.contains("4567abcd"), "{message}");
    }

    #[test]
    fn what_differs_is_changed_by_version_and_tags_come_last() {
        let (check, given) = (Check::endpoint(&two(), "us-east-1"), given());
        let want = check.want(&given).unwrap();
        let mut config = want["HealthCheckConfig"].clone();
        config["ResourcePath"] = json!("/old");
        let next = |config: &Value, tags: BTreeMap<String, String>| {
            let seen = Check::seen(&found("r", config.clone()), tags);
            let found = differences(&want, &seen.is);
            if found.is_empty() { Next::Done } else { check.update(&want, &seen, &found, &given).unwrap() }
        };
        let changed = next(&config, BTreeMap::new());
        let wanted = json!({ "HealthCheckId": "hc", "HealthCheckVersion": 4, "ResourcePath": "/health" });
        assert_eq!(operation(&changed), ("UpdateHealthCheck", wanted));
        let tagged = next(&want["HealthCheckConfig"], BTreeMap::new());
        assert_eq!(operation(&tagged).0, "ChangeTagsForResource");
        assert_eq!(operation(&tagged).1["AddTags"].as_array().map(Vec::len), Some(4));
        assert_eq!(next(&want["HealthCheckConfig"], given.tags_of("endpoint-us-east-1", &want)), Next::Done);
    }

    #[test]
    fn what_is_asked_for_life_is_asked_by_a_successor() {
        let (check, given) = (Check::endpoint(&two(), "us-east-1"), given());
        let want = check.want(&given).unwrap();
        let mut seen = Check::seen(&found("r", json!({ "Type": "HTTPS" })), BTreeMap::new());
        seen.gives.remove("id");
        seen.is[FORMER] = json!(["hc"]);
        assert!(matches!(check.ready(&seen), Ready::NotYet(_)) && check.changes_while_busy());
        let next = check.update(&want, &seen, &differences(&want, &seen.is), &given).unwrap();
        let (name, input) = operation(&next);
        assert_eq!((name, &input["HealthCheckConfig"]), ("CreateHealthCheck", &want["HealthCheckConfig"]));
        let first = check.create(&want, &given).unwrap().input()["CallerReference"].clone();
        assert_ne!(input["CallerReference"], first, "that of a check that is gone cannot be used again");
        let Next::Send(gone) = check.remove(&seen, &given).unwrap() else { panic!("it stays") };
        assert_eq!(gone.input(), json!({ "HealthCheckId": "hc" }));
    }

    #[test]
    fn a_successor_is_counted_before_the_former_one_goes_unless_users_are_kept_away() {
        let (check, given) = (Check::health(&two(), "us-east-1"), given());
        let want = check.want(&given).unwrap();
        let next = |children: Value, says: &str| {
            let mut config = want["HealthCheckConfig"].clone();
            config["ChildHealthChecks"] = children;
            let mut seen = Check::seen(&found("r", config), given.tags_of("health-us-east-1", &want));
            seen.is[FORMER] = json!([{ "Id": "old", "Region": "eu-west-1", "Rule": "arn:rule", "Says": says }]);
            check.update(&want, &seen, &differences(&want, &seen.is), &given).unwrap()
        };
        let counted = next(json!(["a", "old"]), "SERVE us-east-1 3");
        assert_eq!(operation(&counted).0, "UpdateHealthCheck");
        assert_eq!(operation(&counted).1["ChildHealthChecks"], json!(["a", "b"]));
        assert!(matches!(next(json!(["a", "old"]), "EVACUATE us-east-1 4"), Next::Stuck(_)));
        assert_eq!(operation(&next(json!(["a", "b"]), "SERVE us-east-1 3")).0, "DeleteRule");
    }

    #[test]
    fn a_region_needs_all_of_its_checks() {
        let check = Check::health(&two(), "us-east-1");
        let config = check.want(&given()).unwrap()["HealthCheckConfig"].clone();
        assert_eq!((&config["HealthThreshold"], &config["ChildHealthChecks"]), (&json!(2), &json!(["a", "b"])));
        let missing = check.want(&Given::new("shop", "1", BTreeMap::new())).unwrap_err();
        assert_eq!(missing.node, "us-east-1/check-endpoint");
    }
}
