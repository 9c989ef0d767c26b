//! Certificates that are made: a stack of CloudFormation for each, which waits until ACM finds the records of proof.

use super::foundation::{self, Stack};
use super::pieces::id;
use crate::cloud::{Aws, look};
use crate::deploy::foundation::{Mistakes, certificate};
use crate::deploy::given::{Given, Missing};
use crate::deploy::node::Node;
use crate::deploy::part::Part;
use crate::model::call::Call;
use crate::model::deploy::{Difference, Next, Ready, Seen};
use crate::model::outcome::CallError;
use crate::model::spec::{Site, Spec};
use crate::probe::Boxed;
use serde_json::Value;
use std::collections::BTreeMap;

/// What takes the records of proof away when no certificate is left.
pub(super) const VALIDATION: &str = "dns/validation";

struct Certificate(Stack);

/// The certificate of every Region that has none given.
///
/// # Errors
/// As those of the foundation.
pub fn nodes(spec: &Spec) -> Result<Vec<Node>, Mistakes> {
    let (site, tree) = (foundation::site(spec), spec.stack.tree());
    let node = |region: &Site| {
        let stack = Stack::new("certificate", certificate(&site, &region.name, &tree)?, &BTreeMap::new());
        Ok(stack.node(id(&region.name, "certificate"), Certificate).needs([VALIDATION]))
    };
    spec.regions.iter().filter(|region| region.makes_certificate()).map(node).collect()
}

impl Part for Certificate {
    fn look<'a>(&'a self, aws: &'a Aws, given: &'a Given) -> Boxed<'a, Result<Seen, CallError>> {
        Box::pin(async move {
            let seen = self.0.look(aws, given).await?;
            if !["CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS"].contains(&seen.state.as_str()) {
                return Ok(seen);
            }
            let (region, name) = self.0.place();
            let records = look::cloudformation::wanted_records(aws, region, name).await;
            Ok(seen.giving("records", records.join(", ")))
        })
    }

    fn want(&self, given: &Given) -> Result<Value, Missing> {
        self.0.want(given)
    }

    fn create(&self, want: &Value, given: &Given) -> Result<Call, Missing> {
        self.0.create(want, given)
    }

    fn spoilt(&self, seen: &Seen) -> Option<String> {
        self.0.spoilt(seen)
    }

    fn ready(&self, seen: &Seen) -> Ready {
        match (seen.state.as_str(), seen.gift("records")) {
            // the new one stands, and the old one can go only when no listener has it any more
            ("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", _) => Ready::Yes,
            (state, records) if !records.is_empty() => Ready::NotYet(format!(
                "{state}: ACM looks for {records}; if this takes long, the domain is not delegated to this hosted zone"
            )),
            _ => self.0.ready(seen),
        }
    }

    fn update(&self, want: &Value, seen: &Seen, differences: &[Difference], given: &Given) -> Result<Next, Missing> {
        if seen.state.ends_with("_IN_PROGRESS") {
            return Ok(Next::Wait(seen.state.clone()));
        }
        self.0.update(want, seen, differences, given)
    }

    fn remove(&self, seen: &Seen, given: &Given) -> Result<Next, Missing> {
        self.0.remove(seen, given)
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{self, request, sent};
    use super::super::sample;
    use super::*;
    use crate::model::deploy::differences;
    use crate::model::spec::Certificate as Wanted;
    use serde_json::json;

    fn spec() -> Spec {
        let mut spec = sample::spec(&["us-east-1", "eu-west-1"]);
        spec.regions[1].certificate = Some(Wanted::Made);
        spec
    }

    fn given() -> Given {
        let mut given = fixtures::given();
        given.learn("zone", BTreeMap::from([("id".into(), "Z1".into())]));
        given
    }

    fn only(spec: &Spec) -> Node {
        let mut nodes = nodes(spec).unwrap();
        assert_eq!(nodes.len(), 1, "one that is given is nobody's to make");
        nodes.remove(0)
    }

    #[test]
    fn it_is_made_where_none_is_given_for_the_names_of_its_region() {
        let mut spec = spec();
        spec.regions[0].certificate = Some(Wanted::Given("arn:aws:acm:us-east-1:1:certificate/x".into()));
        let node = only(&spec);
        assert_eq!((node.id.as_str(), node.name.as_str()), ("eu-west-1/certificate", "shop-certificate"));
        assert_eq!(node.needs, ["zone", VALIDATION]);
        let missing = node.part.want(&fixtures::given()).unwrap_err();
        assert_eq!(missing.node, "zone");
        let given = given();
        let (operation, input) = request(&node.part.create(&node.part.want(&given).unwrap(), &given).unwrap());
        assert_eq!(operation, "CreateStack");
        assert_eq!(input["Parameters"], json!([{ "ParameterKey": "HostedZoneId", "ParameterValue": "Z1" }]));
        assert!(input["Tags"].as_array().unwrap().contains(&json!({ "Key": "tandem:stack", "Value": "shop" })));
        let body: Value = serde_json::from_str(input["TemplateBody"].as_str().unwrap()).unwrap();
        let made = &body["Resources"]["Certificate"]["Properties"];
        assert_eq!(made["DomainName"], "app.shop.example");
        let more = json!(["eu-west-1.app.shop.example", "origin-eu-west-1.app.shop.example"]);
        assert_eq!(made["SubjectAlternativeNames"], more);
        assert_eq!(made["DomainValidationOptions"].as_array().map(Vec::len), Some(3));
    }

    #[test]
    fn it_says_what_it_waits_for() {
        let node = only(&spec());
        let seen = Seen::there("CREATE_IN_PROGRESS", json!({}));
        assert_eq!(node.part.ready(&seen), Ready::NotYet("CREATE_IN_PROGRESS".into()));
        let Ready::NotYet(why) = node.part.ready(&seen.giving("records", "_a.app.shop.example")) else {
            panic!("it is not there yet")
        };
        assert!(why.contains("ACM looks for _a.app.shop.example;") && why.contains("delegated"), "{why}");
    }

    #[test]
    fn listeners_get_the_new_one_before_the_old_one_goes() {
        let (node, given) = (only(&spec()), given());
        let want = node.part.want(&given).unwrap();
        let cleaning = Seen::there("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", want.clone());
        assert_eq!(node.part.ready(&cleaning), Ready::Yes);
        let mut other = want.clone();
        other["Template"] = json!("another");
        let found = differences(&want, &other);
        let update = |state: &str| node.part.update(&want, &Seen::there(state, other.clone()), &found, &given).unwrap();
        assert!(matches!(update("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS"), Next::Wait(_)));
        assert_eq!(sent(update("UPDATE_COMPLETE")).0, "UpdateStack");
    }
}
