//! The Application Load Balancer of a Region.

use super::balancing::ELB;
use super::pieces::{attributes, differing, id, items, with, without};
use crate::cloud::{Aws, look};
use crate::deploy::given::{Given, Missing};
use crate::deploy::part::Part;
use crate::model::call::Call;
use crate::model::deploy::{Difference, Next, Ready, Seen};
use crate::model::outcome::CallError;
use crate::model::spec::Spec;
use crate::probe::Boxed;
use serde_json::{Value, json};

const PROTECTION: &str = "deletion_protection.enabled";

pub struct LoadBalancer {
    region: String,
    name: String,
}

impl LoadBalancer {
    pub fn new(spec: &Spec, region: &str) -> Self {
        Self { region: region.into(), name: spec.stack.balancer(region) }
    }

    fn call(&self, operation: &str, input: Value) -> Call {
        Call::request(&self.region, ELB, operation, input)
    }
}

impl Part for LoadBalancer {
    fn look<'a>(&'a self, aws: &'a Aws, _: &'a Given) -> Boxed<'a, Result<Seen, CallError>> {
        Box::pin(look::elbv2::load_balancer(aws, &self.region, &self.name))
    }

    /// Connections of clients live five minutes at most, so that a drain ends (User Guide, HTTP client keepalive
    /// duration).
    fn want(&self, given: &Given) -> Result<Value, Missing> {
        let base = id(&self.region, "base");
        Ok(json!({
            "Name": self.name,
            "Subnets": items(given.of(&base, "public_subnets")?),
            "SecurityGroups": items(given.of(&base, "alb_security_group")?),
            "Scheme": "internet-facing",
            "Type": "application",
            "Attributes": {
                "access_logs.s3.enabled": "false",
                "client_keep_alive.seconds": "300",
                PROTECTION: "true",
            },
        }))
    }

    fn create(&self, want: &Value, given: &Given) -> Result<Call, Missing> {
        let more = json!({ "IpAddressType": "ipv4", "Tags": given.tag_list("alb", want) });
        Ok(self.call("CreateLoadBalancer", with(without(want.clone(), &["Attributes"]), more)))
    }

    fn ready(&self, seen: &Seen) -> Ready {
        // impaired: it serves, and lacks what it needs to grow
        Ready::by(&seen.state, &["active", "active_impaired"], &["failed"])
    }

    fn spoilt(&self, seen: &Seen) -> Option<String> {
        (seen.state == "failed").then(|| seen.state.clone())
    }

    fn immutable(&self) -> &'static [&'static str] {
        &["Scheme", "Type"]
    }

    fn update(&self, want: &Value, seen: &Seen, differences: &[Difference], _: &Given) -> Result<Next, Missing> {
        let arn = json!({ "LoadBalancerArn": seen.gift("arn") });
        let differing = differing(want, differences);
        for (member, operation) in [("SecurityGroups", "SetSecurityGroups"), ("Subnets", "SetSubnets")] {
            if let Some(value) = differing.get(member) {
                return Ok(Next::Send(self.call(operation, with(arn, json!({ member: value })))));
            }
        }
        let input = with(arn, json!({ "Attributes": attributes(want) }));
        Ok(Next::Send(self.call("ModifyLoadBalancerAttributes", input)))
    }

    fn remove(&self, seen: &Seen, _: &Given) -> Result<Next, Missing> {
        let arn = json!({ "LoadBalancerArn": seen.gift("arn") });
        if seen.is["Attributes"][PROTECTION] == "true" {
            let lifted = json!({ "Attributes": [{ "Key": PROTECTION, "Value": "false" }] });
            return Ok(Next::Send(self.call("ModifyLoadBalancerAttributes", with(arn, lifted))));
        }
        Ok(Next::Send(self.call("DeleteLoadBalancer", arn)))
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{self, request, sent};
    use super::*;
    use crate::model::deploy::differences;

    fn part() -> LoadBalancer {
        LoadBalancer::new(&fixtures::spec(), "eu-west-1")
    }

    fn seen(is: Value) -> Seen {
        Seen::there("active", is).giving("arn", "arn:lb")
    }

    #[test]
    fn it_is_made_without_attributes_and_with_tags() {
        let given = fixtures::given();
        let want = part().want(&given).unwrap();
        assert_eq!(want["Subnets"], json!(["subnet-a", "subnet-b"]));
        let (operation, input) = request(&part().create(&want, &given).unwrap());
        assert_eq!(operation, "CreateLoadBalancer");
        assert_eq!(input.get("Attributes"), None);
        assert!(input["Tags"].as_array().unwrap().contains(&json!({ "Key": "tandem:logical-id", "Value": "alb" })));
        assert_eq!(part().want(&Given::default()).unwrap_err().gift, "public_subnets");
    }

    #[test]
    fn each_difference_has_its_call() {
        let given = fixtures::given();
        let want = part().want(&given).unwrap();
        let mend = |is: Value| {
            let found = differences(&want, &is);
            sent(part().update(&want, &seen(is), &found, &given).unwrap())
        };
        let mut is = want.clone();
        is["SecurityGroups"] = json!(["sg-other"]);
        is["Attributes"]["client_keep_alive.seconds"] = json!("3600");
        let (operation, input) = mend(is);
        assert_eq!(operation, "SetSecurityGroups");
        assert_eq!(input, json!({ "LoadBalancerArn": "arn:lb", "SecurityGroups": ["sg-alb"] }));
        let mut is = want.clone();
        is["Subnets"] = json!(["subnet-a"]);
        assert_eq!(mend(is).0, "SetSubnets");
        let mut is = want.clone();
        is["Attributes"]["client_keep_alive.seconds"] = json!("3600");
        let (operation, input) = mend(is);
        assert_eq!(operation, "ModifyLoadBalancerAttributes");
        assert!(
            input["Attributes"]
                .as_array()
                .unwrap()
                .contains(&json!({ "Key": "client_keep_alive.seconds", "Value": "300" }))
        );
    }

    #[test]
    fn its_protection_is_lifted_before_it_goes() {
        let given = fixtures::given();
        let mut is = part().want(&given).unwrap();
        let (operation, input) = sent(part().remove(&seen(is.clone()), &given).unwrap());
        assert_eq!(operation, "ModifyLoadBalancerAttributes");
        assert_eq!(input["Attributes"], json!([{ "Key": PROTECTION, "Value": "false" }]));
        is["Attributes"][PROTECTION] = json!("false");
        assert_eq!(sent(part().remove(&seen(is), &given).unwrap()).0, "DeleteLoadBalancer");
    }

    #[test]
    fn nothing_is_built_on_one_that_is_not_there_yet() {
        let ready = |state: &str| part().ready(&Seen::there(state, Value::Null));
        assert_eq!(ready("active"), Ready::Yes);
        assert_eq!(ready("provisioning"), Ready::NotYet("provisioning".into()));
        assert_eq!(ready("failed"), Ready::Failed("failed".into()));
    }
}
