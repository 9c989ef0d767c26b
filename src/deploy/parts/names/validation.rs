//! What proves the names of certificates. CloudFormation writes these records with the first certificate that has the
//! name and leaves them behind with the last: here they are taken away when none of the stack's is left.

use super::super::super::given::{Given, Missing};
use super::super::super::part::Part;
use super::batch;
use super::record::{is_region, key, members, plain};
use super::zone;
use crate::cloud::{Aws, route53};
use crate::model::call::Call;
use crate::model::deploy::{Difference, Next, Ready, Seen};
use crate::model::outcome::CallError;
use crate::model::records::{RecordSet, Tree};
use crate::model::spec::Spec;
use crate::probe::Boxed;
use serde_json::{Map, Value, json};

/// Where ACM answers for names that are proven (ACM User Guide, DNS validation).
const PROOFS: &str = ".acm-validations.aws";

pub struct Validation {
    zone: String,
    tree: Tree,
    regions: Vec<String>,
    /// Names of certificates that were given: they renew by their records when the stack is gone.
    spared: Vec<String>,
}

impl Validation {
    pub fn of(spec: &Spec) -> Self {
        let tree = spec.stack.tree();
        let given = spec.regions.iter().filter(|site| site.certificate.is_some() && !site.makes_certificate());
        Self {
            zone: spec.stack.zone.clone(),
            spared: given.flat_map(|site| tree.names(&site.name)).collect(),
            regions: spec.region_names().map(String::from).collect(),
            tree,
        }
    }

    fn ours(&self, set: &RecordSet) -> bool {
        let proves = |value: &String| value.trim_end_matches('.').to_ascii_lowercase().ends_with(PROOFS);
        let Some((label, name)) = set.name.split_once('.') else { return false };
        let plain = set.kind == "CNAME" && set.set_identifier.is_none() && label.starts_with('_');
        let of_region = || {
            let front = name.strip_suffix(&format!(".{}", self.tree.policy));
            front.is_some_and(|front| is_region(front.strip_prefix("origin-").unwrap_or(front)))
        };
        plain
            && !set.values.is_empty()
            && set.values.iter().all(proves)
            && (name == self.tree.policy || of_region())
            && !self.spared.iter().any(|spared| spared == name)
    }

    fn seen(&self, sets: &[RecordSet]) -> Seen {
        let ours = sets.iter().map(plain).filter(|set| self.ours(set));
        let records: Map<String, Value> = ours.map(|set| (key(&set), members(&set))).collect();
        if records.is_empty() { Seen::absent() } else { Seen::there("", json!({ "Records": records })) }
    }
}

impl Part for Validation {
    fn look<'a>(&'a self, aws: &'a Aws, given: &'a Given) -> Boxed<'a, Result<Seen, CallError>> {
        Box::pin(async move {
            let Some(zone) = zone::given_or_found(aws, given, &self.zone).await? else { return Ok(Seen::absent()) };
            let records = route53::records(aws, &zone, &self.tree, &self.regions).await?;
            Ok(self.seen(&records.sets).giving("zone", zone))
        })
    }

    fn want(&self, _: &Given) -> Result<Value, Missing> {
        Ok(json!({}))
    }

    /// Never called: certificates bring them.
    fn create(&self, _: &Value, _: &Given) -> Result<Call, Missing> {
        Err(Missing { node: super::VALIDATION.into(), gift: "records".into() })
    }

    fn ready(&self, _: &Seen) -> Ready {
        Ready::Yes
    }

    fn update(&self, _: &Value, _: &Seen, _: &[Difference], _: &Given) -> Result<Next, Missing> {
        Ok(Next::Done)
    }

    fn remove(&self, seen: &Seen, _: &Given) -> Result<Next, Missing> {
        Ok(batch::remove(seen.gift("zone"), seen))
    }

    fn comes_along(&self) -> bool {
        true
    }

    fn tagged(&self) -> bool {
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deploy::decide::{self, Verdict};
    use crate::deploy::parts::sample::spec;
    use crate::model::call::{Act, ChangeAction};
    use crate::model::records::Routing;
    use crate::model::spec::Certificate;
    use std::collections::BTreeMap;

    fn proof(name: &str, value: &str) -> RecordSet {
        RecordSet {
            name: name.into(),
            kind: "CNAME".into(),
            set_identifier: None,
            routing: Routing::Simple,
            alias: None,
            ttl_s: Some(300),
            values: vec![value.into()],
            health_check: None,
        }
    }

    fn made() -> Spec {
        let mut spec = spec(&["us-east-1", "eu-west-1"]);
        spec.regions.iter_mut().for_each(|site| site.certificate = Some(Certificate::Made));
        spec
    }

    fn seen(spec: &Spec, names: &[&str]) -> Vec<String> {
        let sets: Vec<RecordSet> = names.iter().map(|name| proof(name, "_y.z.acm-validations.aws.")).collect();
        let seen = Validation::of(spec).seen(&sets);
        seen.is["Records"].as_object().into_iter().flat_map(|all| all.keys().cloned()).collect()
    }

    #[test]
    fn what_proves_a_name_of_the_stack_is_taken_away_as_it_was_seen() {
        let spec = made();
        let part = Validation::of(&spec);
        let sets = [
            proof("_x.APP.shop.example.", "_y.z.acm-validations.aws."),
            proof("_x.origin-us-east-1.app.shop.example", "_y.z.ACM-validations.aws"),
            proof("_x.app.shop.example", "elsewhere.example."),
            proof("x.app.shop.example", "_y.z.acm-validations.aws."),
            proof("_x.admin.app.shop.example", "_y.z.acm-validations.aws."),
            proof("_x.shop.example", "_y.z.acm-validations.aws."),
        ];
        let given = Given::new("shop", "1", BTreeMap::new());
        let Next::Send(call) = part.remove(&part.seen(&sets).giving("zone", "Z1"), &given).unwrap() else {
            panic!("two are ours")
        };
        let Act::ChangeResourceRecordSets { zone_id, changes } = call.act else { panic!("{call:?} is no batch") };
        assert_eq!(zone_id, "Z1");
        assert!(changes.iter().all(|change| change.action == ChangeAction::Delete));
        let mut gone: Vec<RecordSet> = changes.into_iter().map(|change| change.set).collect();
        gone.sort_by(|one, other| one.name.cmp(&other.name));
        assert_eq!(gone, [plain(&sets[0]), sets[1].clone()]);
    }

    #[test]
    fn a_region_that_has_left_leaves_nothing_and_a_certificate_that_was_given_keeps_its_own() {
        let mut spec = made();
        let names = ["_x.app.shop.example", "_x.us-east-1.app.shop.example", "_x.ap-south-1.app.shop.example"];
        assert_eq!(seen(&spec, &names).len(), 3);
        spec.regions[0].certificate = Some(Certificate::Given("arn:aws:acm:us-east-1:1:certificate/x".into()));
        assert_eq!(seen(&spec, &names), ["_x.ap-south-1.app.shop.example|"]);
    }

    #[test]
    fn nobody_need_make_it() {
        let node = super::super::node(super::super::VALIDATION, "_*", Validation::of(&made()));
        let given = Given::new("shop", "1", BTreeMap::new());
        for seen in [Seen::absent(), Seen::there("", json!({ "Records": {} }))] {
            assert_eq!(decide::raise(&node, &seen, &given), Next::Done);
            assert_eq!(decide::judge(&node, &seen, &given), Verdict::Unchanged);
        }
        assert_eq!(decide::lower(&node, &Seen::absent(), &given), Next::Done);
    }
}
