//! How many tasks there may be, and what they are counted by.
//!
//! A minimum above the wanted one is no difference: an operation may have raised it so that a Region can take
//! the load of another, and lowering it would undo that. Whoever raised it lowers it again.

use super::pieces::{differing, with};
use super::tasks::SCALING;
use crate::cloud::{Aws, look};
use crate::deploy::given::{Given, Missing};
use crate::deploy::part::Part;
use crate::model::call::Call;
use crate::model::deploy::{Difference, Next, Ready, Seen};
use crate::model::outcome::CallError;
use crate::model::spec::{Autoscaling, Spec};
use crate::probe::Boxed;
use serde_json::{Value, json};

/// What a seen minimum is kept as when it is not the one to compare.
const HELD: &str = "minimum";

/// Which service, as every call takes it.
fn of(resource: &str) -> Value {
    json!({ "ServiceNamespace": "ecs", "ResourceId": resource, "ScalableDimension": "ecs:service:DesiredCount" })
}

/// The bounds.
pub struct Target {
    region: String,
    resource: String,
    min: u32,
    max: u32,
}

impl Target {
    pub fn new(spec: &Spec, region: &str, bounds: &Autoscaling) -> Self {
        Self { region: region.into(), resource: spec.stack.scaling_resource(region), min: bounds.min, max: bounds.max }
    }

    /// With the minimum that is to be compared; the one that was seen is a gift.
    fn unheld(&self, mut seen: Seen) -> Seen {
        if let Some(minimum) = seen.is.get("MinCapacity").and_then(Value::as_u64) {
            seen = seen.giving(HELD, minimum.to_string());
            seen.is["MinCapacity"] = json!(minimum.min(u64::from(self.min)));
        }
        seen
    }

    fn call(&self, operation: &str, input: Value) -> Call {
        Call::request(&self.region, SCALING, operation, input)
    }
}

impl Part for Target {
    fn look<'a>(&'a self, aws: &'a Aws, _: &'a Given) -> Boxed<'a, Result<Seen, CallError>> {
        Box::pin(async move {
            look::autoscaling::scalable_target(aws, &self.region, &self.resource).await.map(|seen| self.unheld(seen))
        })
    }

    fn want(&self, _: &Given) -> Result<Value, Missing> {
        Ok(with(of(&self.resource), json!({ "MinCapacity": self.min, "MaxCapacity": self.max })))
    }

    fn create(&self, want: &Value, given: &Given) -> Result<Call, Missing> {
        let tags = json!({ "Tags": given.tags_of("scaling", want) });
        Ok(self.call("RegisterScalableTarget", with(want.clone(), tags)))
    }

    fn ready(&self, _: &Seen) -> Ready {
        Ready::Yes
    }

    fn update(&self, want: &Value, seen: &Seen, differences: &[Difference], _: &Given) -> Result<Next, Missing> {
        let held = seen.gift(HELD).parse().unwrap_or(0);
        if held > self.max {
            return Ok(Next::Stuck(format!(
                "the minimum of {} is held at {held}, above the wanted maximum of {}: end the operation that raised it",
                self.resource, self.max
            )));
        }
        let input = with(of(&self.resource), Value::Object(differing(want, differences)));
        Ok(Next::Send(self.call("RegisterScalableTarget", input)))
    }

    fn remove(&self, _: &Seen, _: &Given) -> Result<Next, Missing> {
        Ok(Next::Send(self.call("DeregisterScalableTarget", of(&self.resource))))
    }
}

/// What it aims at.
pub struct Policy {
    region: String,
    name: String,
    resource: String,
    cpu_percent: u32,
}

impl Policy {
    pub fn new(spec: &Spec, region: &str, bounds: &Autoscaling) -> Self {
        Self {
            region: region.into(),
            name: format!("{}-cpu", spec.stack.name),
            resource: spec.stack.scaling_resource(region),
            cpu_percent: bounds.cpu_percent,
        }
    }

    pub fn name(&self) -> String {
        self.name.clone()
    }

    fn put(&self, want: &Value) -> Call {
        Call::request(&self.region, SCALING, "PutScalingPolicy", want.clone())
    }
}

impl Part for Policy {
    fn look<'a>(&'a self, aws: &'a Aws, _: &'a Given) -> Boxed<'a, Result<Seen, CallError>> {
        Box::pin(look::autoscaling::scaling_policy(aws, &self.region, &self.resource, &self.name))
    }

    fn want(&self, _: &Given) -> Result<Value, Missing> {
        let more = json!({
            "PolicyName": self.name,
            "PolicyType": "TargetTrackingScaling",
            "TargetTrackingScalingPolicyConfiguration": {
                "TargetValue": self.cpu_percent,
                "PredefinedMetricSpecification": { "PredefinedMetricType": "ECSServiceAverageCPUUtilization" },
                "ScaleOutCooldown": 60,
                "ScaleInCooldown": 300,
            },
        });
        Ok(with(of(&self.resource), more))
    }

    fn create(&self, want: &Value, _: &Given) -> Result<Call, Missing> {
        Ok(self.put(want))
    }

    fn ready(&self, _: &Seen) -> Ready {
        Ready::Yes
    }

    fn update(&self, want: &Value, _: &Seen, _: &[Difference], _: &Given) -> Result<Next, Missing> {
        Ok(Next::Send(self.put(want)))
    }

    fn remove(&self, _: &Seen, _: &Given) -> Result<Next, Missing> {
        let input = with(of(&self.resource), json!({ "PolicyName": self.name }));
        Ok(Next::Send(Call::request(&self.region, SCALING, "DeleteScalingPolicy", input)))
    }

    /// Policies have no tags.
    fn tagged(&self) -> bool {
        false
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{self, request, sent};
    use super::*;
    use crate::model::deploy::differences;

    fn target() -> Target {
        let spec = fixtures::spec();
        Target::new(&spec, "eu-west-1", spec.app.autoscaling.as_ref().unwrap())
    }

    fn seen(min: u32, max: u32) -> Seen {
        let is = with(of("service/shop/shop-web"), json!({ "MinCapacity": min, "MaxCapacity": max }));
        target().unheld(Seen::there("", is))
    }

    fn mended(seen: &Seen) -> Next {
        let given = fixtures::given();
        let want = target().want(&given).unwrap();
        target().update(&want, seen, &differences(&want, &seen.is), &given).unwrap()
    }

    #[test]
    fn a_minimum_that_was_raised_is_left_and_one_that_is_too_low_is_not() {
        let given = fixtures::given();
        let want = target().want(&given).unwrap();
        assert_eq!(differences(&want, &seen(3, 12).is), []);
        assert_eq!(differences(&want, &seen(8, 12).is), []);
        assert_eq!(sent(mended(&seen(2, 12))).1, with(of("service/shop/shop-web"), json!({ "MinCapacity": 3 })));
        // the raised minimum is not sent along
        assert_eq!(sent(mended(&seen(8, 10))).1, with(of("service/shop/shop-web"), json!({ "MaxCapacity": 12 })));
    }

    #[test]
    fn a_maximum_below_a_raised_minimum_is_for_a_human() {
        assert!(matches!(mended(&seen(13, 20)), Next::Stuck(why) if why.contains("held at 13")));
    }

    #[test]
    fn tags_are_members_of_an_object() {
        let given = fixtures::given();
        let (operation, input) = request(&target().create(&target().want(&given).unwrap(), &given).unwrap());
        assert_eq!(
            (operation.as_str(), &input["Tags"]["tandem:logical-id"]),
            ("RegisterScalableTarget", &json!("scaling"))
        );
    }

    #[test]
    fn the_policy_is_put_as_a_whole() {
        let (spec, given) = (fixtures::spec(), fixtures::given());
        let policy = Policy::new(&spec, "eu-west-1", spec.app.autoscaling.as_ref().unwrap());
        let want = policy.want(&given).unwrap();
        let mut is = want.clone();
        is["TargetTrackingScalingPolicyConfiguration"]["TargetValue"] = json!(60.0);
        assert_eq!(differences(&want, &is), []);
        is["TargetTrackingScalingPolicyConfiguration"]["TargetValue"] = json!(50.0);
        let found = differences(&want, &is);
        assert_eq!(
            sent(policy.update(&want, &Seen::there("", is), &found, &given).unwrap()),
            ("PutScalingPolicy".into(), want)
        );
        assert_eq!(sent(policy.remove(&Seen::absent(), &given).unwrap()).1["PolicyName"], "shop-cpu");
    }
}
