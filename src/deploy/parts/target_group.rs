//! The target group of the tasks of a Region.

use super::balancing::ELB;
use super::pieces::{attributes, differing, differs, id, with, without};
use crate::cloud::{Aws, look};
use crate::deploy::given::{Given, Missing};
use crate::deploy::part::Part;
use crate::model::call::Call;
use crate::model::deploy::{Difference, Next, Ready, Seen};
use crate::model::outcome::CallError;
use crate::model::spec::Spec;
use crate::probe::Boxed;
use serde_json::{Value, json};

pub struct TargetGroup {
    region: String,
    name: String,
    port: u16,
    health_path: String,
}

impl TargetGroup {
    pub fn new(spec: &Spec, region: &str) -> Self {
        Self {
            region: region.into(),
            name: spec.stack.target_group(region),
            port: spec.app.port,
            health_path: spec.stack.health_path.clone(),
        }
    }

    fn call(&self, operation: &str, input: Value) -> Next {
        Next::Send(Call::request(&self.region, ELB, operation, input))
    }
}

impl Part for TargetGroup {
    fn look<'a>(&'a self, aws: &'a Aws, _: &'a Given) -> Boxed<'a, Result<Seen, CallError>> {
        Box::pin(look::elbv2::target_group(aws, &self.region, &self.name))
    }

    /// Without its port: that is fixed for life, and means nothing, since every task is registered with its own.
    fn want(&self, given: &Given) -> Result<Value, Missing> {
        Ok(json!({
            "Name": self.name,
            "Protocol": "HTTP",
            "VpcId": given.of(&id(&self.region, "base"), "vpc")?,
            "TargetType": "ip",
            "HealthCheckProtocol": "HTTP",
            "HealthCheckPath": self.health_path,
            "HealthCheckIntervalSeconds": 10,
            "HealthCheckTimeoutSeconds": 5,
            "HealthyThresholdCount": 2,
            "UnhealthyThresholdCount": 2,
            "Matcher": { "HttpCode": "200" },
            "Attributes": { "deregistration_delay.timeout_seconds": "15" },
        }))
    }

    fn create(&self, want: &Value, given: &Given) -> Result<Call, Missing> {
        let more = json!({ "Port": self.port, "Tags": given.tag_list("target-group", want) });
        let input = with(without(want.clone(), &["Attributes"]), more);
        Ok(Call::request(&self.region, ELB, "CreateTargetGroup", input))
    }

    fn ready(&self, _: &Seen) -> Ready {
        Ready::Yes
    }

    fn immutable(&self) -> &'static [&'static str] {
        &["Protocol", "VpcId", "TargetType"]
    }

    fn update(&self, want: &Value, seen: &Seen, differences: &[Difference], _: &Given) -> Result<Next, Missing> {
        let arn = json!({ "TargetGroupArn": seen.gift("arn") });
        if differs("Attributes", differences) {
            let input = with(arn, json!({ "Attributes": attributes(want) }));
            return Ok(self.call("ModifyTargetGroupAttributes", input));
        }
        Ok(self.call("ModifyTargetGroup", with(arn, Value::Object(differing(want, differences)))))
    }

    fn remove(&self, seen: &Seen, _: &Given) -> Result<Next, Missing> {
        Ok(self.call("DeleteTargetGroup", json!({ "TargetGroupArn": seen.gift("arn") })))
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{self, request, sent};
    use super::*;
    use crate::model::deploy::differences;

    fn part() -> TargetGroup {
        TargetGroup::new(&fixtures::spec(), "eu-west-1")
    }

    #[test]
    fn its_port_is_told_once_and_never_compared() {
        let given = fixtures::given();
        let want = part().want(&given).unwrap();
        let (operation, input) = request(&part().create(&want, &given).unwrap());
        assert_eq!((operation.as_str(), &input["Port"]), ("CreateTargetGroup", &json!(8080)));
        assert_eq!((want.get("Port"), input.get("Attributes")), (None, None));
    }

    #[test]
    fn checks_and_attributes_are_changed_by_calls_of_their_own() {
        let given = fixtures::given();
        let want = part().want(&given).unwrap();
        let mut is = want.clone();
        is["HealthCheckPath"] = json!("/");
        is["Attributes"]["deregistration_delay.timeout_seconds"] = json!("300");
        let mend = |is: &Value| {
            let seen = Seen::there("", is.clone()).giving("arn", "arn:tg");
            sent(part().update(&want, &seen, &differences(&want, is), &given).unwrap())
        };
        let delay = json!([{ "Key": "deregistration_delay.timeout_seconds", "Value": "15" }]);
        assert_eq!(
            mend(&is),
            ("ModifyTargetGroupAttributes".into(), json!({ "TargetGroupArn": "arn:tg", "Attributes": delay }))
        );
        is["Attributes"] = want["Attributes"].clone();
        let changed = json!({ "TargetGroupArn": "arn:tg", "HealthCheckPath": "/health" });
        assert_eq!(mend(&is), ("ModifyTargetGroup".into(), changed));
    }
}
