//! The alarms of a Region: tasks that answer with errors, and tasks that are not healthy.

use super::pieces::{differs, with};
use super::watching::{CLOUDWATCH, dimensions};
use crate::cloud::{Aws, look};
use crate::deploy::given::{Given, Missing};
use crate::deploy::part::Part;
use crate::model::call::Call;
use crate::model::deploy::{Difference, Next, Ready, Seen};
use crate::model::outcome::CallError;
use crate::model::spec::Spec;
use crate::probe::Boxed;
use serde_json::{Value, json};

/// What they are for the stack.
const ROLES: [&str; 2] = ["5xx", "unhealthy-hosts"];

pub struct Alarms {
    region: String,
    stack: String,
    /// Whom they tell.
    topic: Option<String>,
    names: Vec<String>,
}

impl Alarms {
    pub fn new(spec: &Spec, region: &str) -> Self {
        let stack = spec.stack.name.clone();
        Self {
            region: region.into(),
            topic: spec.alerts.topics.get(region).cloned(),
            names: ROLES.iter().map(|role| format!("{stack}-{role}")).collect(),
            stack,
        }
    }

    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Puts one of the alarms; AWS reads the tags only when it is new.
    fn put(&self, name: &str, want: &Value, given: &Given) -> Call {
        let role = name.strip_prefix(&format!("{}-", self.stack)).unwrap_or(name);
        let members = &want[name];
        let more = json!({ "AlarmName": name, "Tags": given.tag_list(&format!("alarm-{role}"), members) });
        Call::request(&self.region, CLOUDWATCH, "PutMetricAlarm", with(members.clone(), more))
    }
}

impl Part for Alarms {
    fn look<'a>(&'a self, aws: &'a Aws, _: &'a Given) -> Boxed<'a, Result<Seen, CallError>> {
        Box::pin(look::cloudwatch::alarms(aws, &self.region, &self.names))
    }

    /// By their names.
    fn want(&self, given: &Given) -> Result<Value, Missing> {
        let (balancer, group) = dimensions(&self.region, given)?;
        let balancer = json!({ "Name": "LoadBalancer", "Value": balancer });
        let group = json!({ "Name": "TargetGroup", "Value": group });
        let common = json!({
            "Namespace": "AWS/ApplicationELB",
            "Period": 60,
            "DatapointsToAlarm": 2,
            "TreatMissingData": "notBreaching",
            "AlarmActions": self.topic.as_slice(),
            "OKActions": self.topic.as_slice(),
        });
        let errors = json!({
            "AlarmDescription": "More than 100 requests a minute are answered with a 5xx by the tasks.",
            "MetricName": "HTTPCode_Target_5XX_Count",
            "Dimensions": [balancer],
            "Statistic": "Sum",
            "EvaluationPeriods": 3,
            "Threshold": 100.0,
            "ComparisonOperator": "GreaterThanThreshold",
        });
        let unhealthy = json!({
            "AlarmDescription": "Every node of the load balancer agrees that a target is unhealthy.",
            "MetricName": "UnHealthyHostCount",
            "Dimensions": [balancer, group],
            "Statistic": "Minimum",
            "EvaluationPeriods": 2,
            "Threshold": 1.0,
            "ComparisonOperator": "GreaterThanOrEqualToThreshold",
        });
        let alarms = self.names.iter().zip([errors, unhealthy]);
        Ok(Value::Object(alarms.map(|(name, own)| (name.clone(), with(common.clone(), own))).collect()))
    }

    fn create(&self, want: &Value, given: &Given) -> Result<Call, Missing> {
        Ok(self.put(&self.names[0], want, given))
    }

    fn ready(&self, _: &Seen) -> Ready {
        Ready::Yes
    }

    fn update(&self, want: &Value, _: &Seen, differences: &[Difference], given: &Given) -> Result<Next, Missing> {
        let name = self.names.iter().find(|name| differs(name, differences)).unwrap_or(&self.names[0]);
        Ok(Next::Send(self.put(name, want, given)))
    }

    fn remove(&self, seen: &Seen, _: &Given) -> Result<Next, Missing> {
        let there: Vec<&String> = self.names.iter().filter(|name| seen.is.get(name.as_str()).is_some()).collect();
        Ok(Next::Send(Call::request(&self.region, CLOUDWATCH, "DeleteAlarms", json!({ "AlarmNames": there }))))
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{self, request, sent};
    use super::*;
    use crate::model::deploy::differences;

    fn part() -> Alarms {
        Alarms::new(&fixtures::spec(), "eu-west-1")
    }

    #[test]
    fn they_are_put_one_after_another() {
        let given = fixtures::given();
        let want = part().want(&given).unwrap();
        let (operation, input) = request(&part().create(&want, &given).unwrap());
        assert_eq!((operation.as_str(), input["AlarmName"].as_str()), ("PutMetricAlarm", Some("shop-5xx")));
        assert!(
            input["Tags"].as_array().unwrap().contains(&json!({ "Key": "tandem:logical-id", "Value": "alarm-5xx" }))
        );
        let half = json!({ "shop-5xx": want["shop-5xx"] });
        let found = differences(&want, &half);
        let (_, input) = sent(part().update(&want, &Seen::there("", half.clone()), &found, &given).unwrap());
        assert_eq!(input["AlarmName"], "shop-unhealthy-hosts");
        assert_eq!(input["Dimensions"][1]["Value"], "targetgroup/shop-web/73e2d6bc24d8a067");
        let (_, input) = sent(part().remove(&Seen::there("", half), &given).unwrap());
        assert_eq!(input, json!({ "AlarmNames": ["shop-5xx"] }));
    }

    #[test]
    fn a_topic_is_told_when_it_begins_and_when_it_ends() {
        let given = fixtures::given();
        let mut spec = fixtures::spec();
        let silent = part().want(&given).unwrap();
        assert_eq!(silent["shop-5xx"]["AlarmActions"], json!([]));
        spec.alerts.topics.insert("eu-west-1".into(), "arn:aws:sns:eu-west-1:123456789012:pager".into());
        let loud = Alarms::new(&spec, "eu-west-1").want(&given).unwrap();
        let topic = json!(["arn:aws:sns:eu-west-1:123456789012:pager"]);
        assert_eq!((&loud["shop-5xx"]["AlarmActions"], &loud["shop-unhealthy-hosts"]["OKActions"]), (&topic, &topic));
        assert_eq!(differences(&silent, &loud).len(), 4);
    }
}
