//! The alarms of every Region's health, where Route 53 tells it: in us-east-1, and nowhere else (Developer Guide,
//! "Monitoring health checks using CloudWatch").

use super::super::pieces::{differs, with};
use super::super::watching::CLOUDWATCH;
use crate::cloud::{Aws, look};
use crate::deploy::given::{Given, Missing};
use crate::deploy::part::Part;
use crate::model::call::{Call, ROUTE53_HOME};
use crate::model::deploy::{Difference, Next, Ready, Seen};
use crate::model::outcome::CallError;
use crate::model::spec::Spec;
use crate::probe::Boxed;
use serde_json::{Value, json};

const ROLE: &str = "alarm-health";

pub struct Alarms {
    /// Whom they tell.
    topic: String,
    regions: Vec<String>,
    names: Vec<String>,
}

impl Alarms {
    /// `None` when there is nobody to tell: a topic must be in the Region of the alarm.
    pub fn of(spec: &Spec) -> Option<Self> {
        let topic = spec.alerts.topics.get(ROUTE53_HOME)?.clone();
        let regions: Vec<String> = spec.region_names().map(String::from).collect();
        let names = regions.iter().map(|region| format!("{}-health-{region}", spec.stack.name)).collect();
        Some(Self { topic, regions, names })
    }

    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Puts one of the alarms; AWS reads the tags only when it is new.
    fn put(&self, name: &str, want: &Value, given: &Given) -> Call {
        let members = &want[name];
        let more = json!({ "AlarmName": name, "Tags": given.tag_list(ROLE, members) });
        Call::request(ROUTE53_HOME, CLOUDWATCH, "PutMetricAlarm", with(members.clone(), more))
    }

    fn first(&self) -> &str {
        self.names.first().map_or("", String::as_str)
    }
}

impl Part for Alarms {
    fn look<'a>(&'a self, aws: &'a Aws, _: &'a Given) -> Boxed<'a, Result<Seen, CallError>> {
        Box::pin(look::cloudwatch::alarms(aws, ROUTE53_HOME, &self.names))
    }

    /// By their names.
    fn want(&self, given: &Given) -> Result<Value, Missing> {
        let alarm = |(region, name): (&String, &String)| {
            let check = given.of(&format!("{region}/health"), "id")?;
            let alarm = json!({
                "AlarmDescription": format!("Route 53 sends no users to {region}."),
                "Namespace": "AWS/Route53",
                "MetricName": "HealthCheckStatus",
                "Dimensions": [{ "Name": "HealthCheckId", "Value": check }],
                "Statistic": "Minimum",
                "Period": 60,
                "EvaluationPeriods": 2,
                "DatapointsToAlarm": 2,
                "Threshold": 1.0,
                "ComparisonOperator": "LessThanThreshold",
                // that nothing is told is no news of the Region
                "TreatMissingData": "missing",
                "AlarmActions": [self.topic],
                "OKActions": [self.topic],
            });
            Ok((name.clone(), alarm))
        };
        Ok(Value::Object(self.regions.iter().zip(&self.names).map(alarm).collect::<Result<_, _>>()?))
    }

    fn create(&self, want: &Value, given: &Given) -> Result<Call, Missing> {
        Ok(self.put(self.first(), want, given))
    }

    fn ready(&self, _: &Seen) -> Ready {
        Ready::Yes
    }

    fn update(&self, want: &Value, _: &Seen, found: &[Difference], given: &Given) -> Result<Next, Missing> {
        let name = self.names.iter().find(|name| differs(name, found)).map_or(self.first(), String::as_str);
        Ok(Next::Send(self.put(name, want, given)))
    }

    fn remove(&self, seen: &Seen, _: &Given) -> Result<Next, Missing> {
        let there: Vec<&String> = self.names.iter().filter(|name| seen.is.get(name.as_str()).is_some()).collect();
        Ok(Next::Send(Call::request(ROUTE53_HOME, CLOUDWATCH, "DeleteAlarms", json!({ "AlarmNames": there }))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deploy::parts::sample::spec;
    use crate::model::deploy::differences;
    use std::collections::BTreeMap;

    #[test]
    fn a_region_that_users_are_kept_from_is_told_of_where_route_53_tells_it() {
        let mut spec = spec(&["us-east-1", "eu-west-1"]);
        spec.alerts.topics.insert("eu-west-1".into(), "arn:aws:sns:eu-west-1:123456789012:pager".into());
        assert!(Alarms::of(&spec).is_none(), "a topic must be in the Region of the alarm");
        spec.alerts.topics.insert("us-east-1".into(), "arn:aws:sns:us-east-1:123456789012:pager".into());
        let alarms = Alarms::of(&spec).unwrap();
        assert_eq!(alarms.names(), ["shop-health-us-east-1", "shop-health-eu-west-1"]);
        let mut given = Given::new("shop", "123456789012", BTreeMap::new());
        assert_eq!(alarms.want(&given).unwrap_err().node, "us-east-1/health");
        for region in ["us-east-1", "eu-west-1"] {
            given.learn(&format!("{region}/health"), BTreeMap::from([("id".into(), format!("hc-{region}"))]));
        }
        let want = alarms.want(&given).unwrap();
        let call = alarms.create(&want, &given).unwrap();
        assert_eq!((call.region.as_str(), call.operation()), ("us-east-1", "PutMetricAlarm"));
        assert_eq!(call.input()["Dimensions"][0]["Value"], "hc-us-east-1");
        let half = Seen::there("", json!({ "shop-health-us-east-1": want["shop-health-us-east-1"] }));
        let found = differences(&want, &half.is);
        let Next::Send(call) = alarms.update(&want, &half, &found, &given).unwrap() else { panic!("nothing is sent") };
        assert_eq!(call.input()["AlarmName"], "shop-health-eu-west-1");
        let Next::Send(call) = alarms.remove(&half, &given).unwrap() else { panic!("nothing is sent") };
        assert_eq!(call.input(), json!({ "AlarmNames": ["shop-health-us-east-1"] }));
    }
}
