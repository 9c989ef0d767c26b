//! Whether a health check's configuration is right (botocore, HealthCheckConfig). The wordings of
//! these refusals are recalled.

use super::invalid;
use crate::operation::Answer;
use crate::world::World;
use crate::world::dns::check::{Alarm, HealthCheckConfig};
use crate::world::dns::checkers::{self, SITES};
use crate::world::metrics::Statistic;
use serde::Serialize;
use std::net::Ipv4Addr;

/// Children of a calculated check (Developer Guide, "Quotas").
const CHILDREN: usize = 255;

#[derive(Serialize)]
pub struct AlarmConfiguration {
    EvaluationPeriods: u64,
    Threshold: f64,
    ComparisonOperator: String,
    Period: u64,
    MetricName: String,
    Namespace: String,
    Statistic: &'static str,
    Dimensions: Vec<Dimension>,
}

#[derive(Serialize)]
struct Dimension {
    Name: String,
    Value: String,
}

pub fn describe(alarm: &Alarm) -> AlarmConfiguration {
    let dimensions = alarm.series.dimensions.iter();
    AlarmConfiguration {
        EvaluationPeriods: alarm.periods,
        Threshold: alarm.threshold,
        ComparisonOperator: alarm.comparison.clone(),
        Period: alarm.period_s,
        MetricName: alarm.series.name.clone(),
        Namespace: alarm.series.namespace.clone(),
        Statistic: match alarm.statistic {
            Statistic::Sum => "Sum",
            Statistic::Minimum => "Minimum",
            Statistic::Maximum => "Maximum",
            Statistic::SampleCount => "SampleCount",
            Statistic::Average | Statistic::Percentile(_) => "Average",
        },
        Dimensions: dimensions.map(|(name, value)| Dimension { Name: name.clone(), Value: value.clone() }).collect(),
    }
}

/// Why a check cannot follow this alarm.
pub fn unsupported(alarm: &Alarm) -> Option<&'static str> {
    if matches!(alarm.statistic, Statistic::Percentile(_)) {
        return Some("Health checks do not support alarms with an extended statistic.");
    }
    (alarm.period_s < 60).then_some("Health checks do not support alarms with a high-resolution metric.")
}

/// With the defaults that AWS fills in.
pub fn complete(mut config: HealthCheckConfig) -> HealthCheckConfig {
    let default = |value: &mut Option<bool>, to: bool| *value = Some(value.unwrap_or(to));
    default(&mut config.Inverted, false);
    default(&mut config.Disabled, false);
    if checkers::probed(&config.Type) {
        let secure = config.Type.starts_with("HTTPS");
        default(&mut config.MeasureLatency, false);
        default(&mut config.EnableSNI, secure);
        config.RequestInterval = config.RequestInterval.or(Some(30));
        config.FailureThreshold = config.FailureThreshold.or(Some(3));
        if config.Type != "TCP" {
            config.Port = config.Port.or(Some(if secure { 443 } else { 80 }));
        }
    }
    config.ChildHealthChecks = config.ChildHealthChecks.filter(|children| !children.is_empty());
    config.Regions = config.Regions.filter(|regions| !regions.is_empty());
    config
}

/// Refuses a configuration of the check `id` (`None`: a new one) that cannot be.
pub fn right(world: &World, id: Option<&str>, config: &HealthCheckConfig) -> Answer<()> {
    match config.Type.as_str() {
        "CALCULATED" => calculated(world, id, config),
        "CLOUDWATCH_METRIC" => metric(config),
        kind if checkers::probed(kind) => endpoint(config),
        "RECOVERY_CONTROL" => {
            Err(invalid("Health checks of type RECOVERY_CONTROL are not supported here: there is no routing control."))
        }
        other => Err(invalid(format!(
            "1 validation error detected: Value '{other}' at 'healthCheckConfig.type' failed to satisfy constraint: Member must satisfy enum value set: [HTTPS_STR_MATCH, HTTP, TCP, CLOUDWATCH_METRIC, HTTPS, HTTP_STR_MATCH, CALCULATED, RECOVERY_CONTROL]"
        ))),
    }
}

fn endpoint(config: &HealthCheckConfig) -> Answer<()> {
    let kind = config.Type.as_str();
    let name = config.FullyQualifiedDomainName.as_deref().unwrap_or_default();
    if config.IPAddress.is_none() && name.is_empty() {
        return Err(invalid("Invalid parameter: either IPAddress or FullyQualifiedDomainName must be specified."));
    }
    if let Some(text) = &config.IPAddress {
        let v6 = text.parse::<std::net::Ipv6Addr>().is_ok();
        let v4 = text.parse::<Ipv4Addr>().ok();
        let ours = |ip: Ipv4Addr| ip.is_private() || ip.is_loopback() || ip.is_link_local() || ip.is_multicast();
        if !v6 && v4.is_none_or(ours) {
            return Err(invalid(format!("Invalid parameter: {text} is not an IP address that can be checked.")));
        }
    }
    let matching = kind.ends_with("_STR_MATCH");
    if matching == config.SearchString.as_deref().unwrap_or_default().is_empty() {
        return Err(invalid(match matching {
            true => format!("Invalid parameter: SearchString must be specified for health checks of type {kind}."),
            false => format!("Invalid parameter: SearchString must not be specified for health checks of type {kind}."),
        }));
    }
    let too_long = |text: &Option<String>| text.as_ref().is_some_and(|text| text.len() > 255);
    if too_long(&config.SearchString) || too_long(&config.ResourcePath) || name.len() > 255 {
        return Err(invalid("Invalid parameter: at most 255 characters are allowed."));
    }
    if kind == "TCP" && config.Port.is_none() {
        return Err(invalid("Invalid parameter: Port must be specified for health checks of type TCP."));
    }
    if config.Port == Some(0) {
        return Err(invalid(
            "1 validation error detected: Value '0' at 'healthCheckConfig.port' failed to satisfy constraint: Member must have value greater than or equal to 1",
        ));
    }
    if !matches!(config.RequestInterval, None | Some(10 | 30)) {
        return Err(invalid("Invalid parameter: RequestInterval must be 10 or 30."));
    }
    if !(1..=10).contains(&config.FailureThreshold.unwrap_or(3)) {
        return Err(invalid("Invalid parameter: FailureThreshold must be between 1 and 10."));
    }
    if let Some(regions) = &config.Regions {
        let known = |region: &String| SITES.iter().any(|site| site.region == *region);
        if regions.len() < 3 || !regions.iter().all(known) {
            return Err(invalid("Invalid parameter: at least three Regions of health checkers must be specified."));
        }
    }
    Ok(())
}

fn calculated(world: &World, id: Option<&str>, config: &HealthCheckConfig) -> Answer<()> {
    if config.HealthThreshold.is_none_or(|threshold| threshold > 256) {
        return Err(invalid("Invalid parameter: HealthThreshold must be between 0 and 256."));
    }
    let children: Vec<&str> = config.ChildHealthChecks.iter().flatten().map(String::as_str).collect();
    if children.len() > CHILDREN {
        return Err(invalid(format!("Invalid parameter: at most {CHILDREN} child health checks are allowed.")));
    }
    for child in children {
        let known = world.dns.checks.get(child);
        if known.is_none() || Some(child) == id {
            return Err(invalid(format!("Invalid parameter: the child health check {child} does not exist.")));
        }
        if id.is_some_and(|id| known.is_some_and(|known| known.children().any(|below| below == id))) {
            return Err(invalid(format!("Invalid parameter: the child health check {child} refers to its parent.")));
        }
    }
    Ok(())
}

fn metric(config: &HealthCheckConfig) -> Answer<()> {
    if config.AlarmIdentifier.is_none() {
        return Err(invalid(
            "Invalid parameter: AlarmIdentifier must be specified for health checks of type CLOUDWATCH_METRIC.",
        ));
    }
    let status = config.InsufficientDataHealthStatus.as_deref();
    if !matches!(status, None | Some("Healthy" | "Unhealthy" | "LastKnownStatus")) {
        return Err(invalid(
            "Invalid parameter: InsufficientDataHealthStatus must be Healthy, Unhealthy or LastKnownStatus.",
        ));
    }
    Ok(())
}
