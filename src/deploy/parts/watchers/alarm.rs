//! The alarm that watches a watcher: it rings when nobody says that the watcher is armed.

use super::super::pieces::with;
use super::super::watching::CLOUDWATCH;
use crate::cloud::cloudwatch::{ARMED, DIMENSIONS, NAMESPACE};
use crate::cloud::{Aws, look};
use crate::deploy::given::{Given, Missing};
use crate::deploy::part::Part;
use crate::model::call::Call;
use crate::model::deploy::{Difference, Next, Ready, Seen};
use crate::model::outcome::CallError;
use crate::model::spec::Spec;
use crate::probe::Boxed;
use serde_json::{Value, json};

pub struct DeadMan {
    region: String,
    stack: String,
    name: String,
    /// Whom it tells.
    topic: Option<String>,
}

impl DeadMan {
    pub fn new(spec: &Spec, region: &str) -> Self {
        Self {
            region: region.into(),
            stack: spec.stack.name.clone(),
            name: spec.stack.watch_name(),
            topic: spec.alerts.topics.get(region).cloned(),
        }
    }

    /// AWS reads the tags only when it is new.
    fn put(&self, want: &Value, given: &Given) -> Call {
        let members = &want[&self.name];
        let more = json!({ "AlarmName": self.name, "Tags": given.tag_list("watch-alarm", members) });
        Call::request(&self.region, CLOUDWATCH, "PutMetricAlarm", with(members.clone(), more))
    }
}

impl Part for DeadMan {
    fn look<'a>(&'a self, aws: &'a Aws, _: &'a Given) -> Boxed<'a, Result<Seen, CallError>> {
        Box::pin(look::cloudwatch::alarms(aws, &self.region, std::slice::from_ref(&self.name)))
    }

    /// A watcher says 1 while it is armed and 0 while it is not; one that is gone says nothing, and that rings, too.
    fn want(&self, _: &Given) -> Result<Value, Missing> {
        Ok(json!({ &self.name: {
            "AlarmDescription": "The watcher of this Region is gone or disarmed: it moves nothing. See tandem watch status.",
            "Namespace": NAMESPACE,
            "MetricName": ARMED,
            "Dimensions": [
                { "Name": DIMENSIONS[0], "Value": self.stack },
                { "Name": DIMENSIONS[1], "Value": self.region },
            ],
            "Statistic": "Minimum",
            "Period": 60,
            "EvaluationPeriods": 3,
            "DatapointsToAlarm": 3,
            "Threshold": 1.0,
            "ComparisonOperator": "LessThanThreshold",
            "TreatMissingData": "breaching",
            "AlarmActions": self.topic.as_slice(),
            "OKActions": self.topic.as_slice(),
        } }))
    }

    fn create(&self, want: &Value, given: &Given) -> Result<Call, Missing> {
        Ok(self.put(want, given))
    }

    fn ready(&self, _: &Seen) -> Ready {
        Ready::Yes
    }

    fn update(&self, want: &Value, _: &Seen, _: &[Difference], given: &Given) -> Result<Next, Missing> {
        Ok(Next::Send(self.put(want, given)))
    }

    fn remove(&self, _: &Seen, _: &Given) -> Result<Next, Missing> {
        Ok(Next::Send(Call::request(&self.region, CLOUDWATCH, "DeleteAlarms", json!({ "AlarmNames": [self.name] }))))
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::fixtures::{self, request, sent};
    use super::*;

    #[test]
    fn silence_rings_as_loud_as_a_watcher_that_is_disarmed() {
        let given = fixtures::given();
        let mut spec = fixtures::spec();
        let topic = "arn:aws:sns:us-east-2:123456789012:pager";
        spec.alerts.topics.insert("us-east-2".into(), topic.into());
        let part = DeadMan::new(&spec, "us-east-2");
        let want = part.want(&given).unwrap();
        let (operation, input) = request(&part.create(&want, &given).unwrap());
        assert_eq!((operation.as_str(), &input["AlarmName"]), ("PutMetricAlarm", &json!("shop-watch")));
        assert_eq!((&input["TreatMissingData"], &input["Statistic"]), (&json!("breaching"), &json!("Minimum")));
        assert_eq!(input["Dimensions"][1], json!({ "Name": "Vantage", "Value": "us-east-2" }));
        assert_eq!(input["AlarmActions"], json!([topic]));
        assert!(input["Tags"].to_string().contains("watch-alarm"));
        let (_, input) = sent(part.remove(&Seen::there("", want), &given).unwrap());
        assert_eq!(input, json!({ "AlarmNames": ["shop-watch"] }));
    }
}
