//! Target tracking policies, and the two alarms that each of them makes.

use crate::moment::Moment;
use crate::world::metrics::alarm::{Comparison, Config};
use crate::world::metrics::{Series, Statistic};
use crate::world::{ACCOUNT, World, uuid};
use std::collections::BTreeMap;

/// Cooldowns unless a policy says otherwise (TargetTrackingScalingPolicyConfiguration: 300 s for ECS).
pub const COOLDOWN_S: u64 = 300;

/// Datapoints above the target that call for more, and below that call for less, a minute each
/// (User Guide, target tracking: AlarmHigh 3, AlarmLow 15).
const HIGH: usize = 3;
const LOW: usize = 15;

/// AlarmLow stands at this share of the target (target tracking of ECS services).
const LOW_SHARE: f64 = 0.9;

/// The predefined metrics of ECS services.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tracked {
    Cpu,
    Memory,
    /// `app/<name>/<id>` and `targetgroup/<name>/<id>`.
    RequestsPerTarget {
        load_balancer: String,
        target_group: String,
    },
}

impl Tracked {
    pub const ALL: [&str; 3] =
        ["ECSServiceAverageCPUUtilization", "ECSServiceAverageMemoryUtilization", "ALBRequestCountPerTarget"];

    /// Reads PredefinedMetricType with its ResourceLabel; `None` when the label does not fit.
    pub fn parse(kind: &str, label: Option<&str>) -> Option<Self> {
        match kind {
            "ECSServiceAverageCPUUtilization" => Some(Self::Cpu),
            "ECSServiceAverageMemoryUtilization" => Some(Self::Memory),
            _ => {
                let (load_balancer, group) = label?.split_once("/targetgroup/")?;
                let sound = load_balancer.starts_with("app/") && group.split('/').count() == 2;
                sound.then(|| Self::RequestsPerTarget {
                    load_balancer: load_balancer.into(),
                    target_group: format!("targetgroup/{group}"),
                })
            }
        }
    }

    pub fn word(&self) -> &'static str {
        match self {
            Self::Cpu => Self::ALL[0],
            Self::Memory => Self::ALL[1],
            Self::RequestsPerTarget { .. } => Self::ALL[2],
        }
    }

    pub fn label(&self) -> Option<String> {
        match self {
            Self::RequestsPerTarget { load_balancer, target_group } => Some(format!("{load_balancer}/{target_group}")),
            _ => None,
        }
    }

    fn series(&self, cluster: &str, service: &str) -> (Series, Statistic) {
        let of_service = [("ClusterName", cluster), ("ServiceName", service)];
        match self {
            Self::Cpu => (Series::new("AWS/ECS", "CPUUtilization", &of_service), Statistic::Average),
            Self::Memory => (Series::new("AWS/ECS", "MemoryUtilization", &of_service), Statistic::Average),
            Self::RequestsPerTarget { load_balancer, target_group } => {
                let dimensions = [("LoadBalancer", load_balancer.as_str()), ("TargetGroup", target_group.as_str())];
                (Series::new("AWS/ApplicationELB", "RequestCountPerTarget", &dimensions), Statistic::Sum)
            }
        }
    }
}

/// What a policy tracks and how.
#[derive(Debug, Clone, PartialEq)]
pub struct Tracking {
    pub target: f64,
    pub metric: Tracked,
    /// As they were given, seconds.
    pub out_cooldown_s: Option<u64>,
    pub in_cooldown_s: Option<u64>,
    pub disable_in: Option<bool>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Policy {
    pub arn: String,
    pub created: Moment,
    pub tracking: Tracking,
    pub high: String,
    /// None when scale-in is disabled.
    pub low: Option<String>,
}

/// Makes a policy or changes it, with its alarms. The caller has checked that the target is registered
/// and that `resource` names a service.
pub fn put(world: &mut World, region: &str, resource: &str, name: &str, tracking: Tracking) -> Option<Policy> {
    let (cluster, service) = super::ecs_link::parse(resource)?;
    let now = world.now;
    let key = (resource.to_string(), name.to_string());
    let before = world.scaling_in(region).policies.get(&key).cloned();
    let (id, created) = (uuid(&["policy", region, resource, name]), before.as_ref().map_or(now, |old| old.created));
    let arn =
        format!("arn:aws:autoscaling:{region}:{ACCOUNT}:scalingPolicy:{id}:resource/ecs/{resource}:policyName/{name}");
    let alarm =
        |side: &str| format!("TargetTracking-{resource}-{side}-{}", uuid(&["alarm", region, resource, name, side]));
    let policy = Policy {
        arn,
        created,
        high: alarm("AlarmHigh"),
        low: (tracking.disable_in != Some(true)).then(|| alarm("AlarmLow")),
        tracking,
    };
    let (series, statistic) = policy.tracking.metric.series(cluster, service);
    let config = |comparison, threshold, periods| Config {
        description: Some(format!("DO NOT EDIT OR DELETE. For TargetTrackingScaling policy {}.", policy.arn)),
        actions_enabled: true,
        ok_actions: vec![],
        alarm_actions: vec![policy.arn.clone()],
        insufficient_actions: vec![],
        series: series.clone(),
        statistic,
        unit: None,
        period_s: 60,
        evaluation_periods: periods,
        datapoints_to_alarm: None,
        threshold,
        comparison,
        missing: None,
        low_samples: None,
    };
    let high = config(Comparison::GreaterThanThreshold, policy.tracking.target, HIGH);
    let low = config(Comparison::LessThanThreshold, policy.tracking.target * LOW_SHARE, LOW);
    let alarms = &mut world.metrics_in(region).alarms;
    let arn_of = |alarm: &str| format!("arn:aws:cloudwatch:{region}:{ACCOUNT}:alarm:{alarm}");
    alarms.put(&policy.high, arn_of(&policy.high), high, BTreeMap::new(), now);
    match (&policy.low, before.and_then(|old| old.low)) {
        (Some(alarm), _) => alarms.put(alarm, arn_of(alarm), low, BTreeMap::new(), now),
        (None, Some(old)) => {
            alarms.remove(&old, now);
        }
        (None, None) => {}
    }
    world.scaling_in(region).policies.insert(key, policy.clone());
    Some(policy)
}

/// Takes a policy away with its alarms; false when there is none.
pub fn delete(world: &mut World, region: &str, resource: &str, name: &str) -> bool {
    let key = (resource.to_string(), name.to_string());
    let Some(policy) = world.scaling_in(region).policies.remove(&key) else { return false };
    let now = world.now;
    let alarms = &mut world.metrics_in(region).alarms;
    alarms.remove(&policy.high, now);
    if let Some(low) = policy.low {
        alarms.remove(&low, now);
    }
    true
}
