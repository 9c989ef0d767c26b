//! Target groups.
#![allow(non_snake_case, reason = "members are spelt as AWS spells them")]

use super::refusals::{self, invalid, no_load_balancer, no_target_group, one_of, page_size, refuse, within};
use super::tags::{self, Tag};
use crate::operation::{Answer, Caller, Empty};
use crate::paging;
use crate::world::World;
use crate::world::elb::target_group::{Check, Settings, ranges};
use crate::world::elb::{Listener, Scheme, TargetGroup};
use serde::{Deserialize, Serialize};

/// Target groups that a Region may have (quotas).
const MOST: usize = 3000;

#[derive(Deserialize)]
pub struct Create {
    Name: String,
    Protocol: Option<String>,
    ProtocolVersion: Option<String>,
    Port: Option<u64>,
    VpcId: Option<String>,
    TargetType: Option<String>,
    IpAddressType: Option<String>,
    #[serde(default)]
    Tags: Vec<Tag>,
    #[serde(flatten)]
    check: AskedCheck,
}

/// Health check members, the same for creation and change.
#[derive(Deserialize)]
struct AskedCheck {
    HealthCheckProtocol: Option<String>,
    HealthCheckPort: Option<String>,
    HealthCheckEnabled: Option<String>,
    HealthCheckPath: Option<String>,
    HealthCheckIntervalSeconds: Option<String>,
    HealthCheckTimeoutSeconds: Option<String>,
    HealthyThresholdCount: Option<String>,
    UnhealthyThresholdCount: Option<String>,
    Matcher: Option<Matcher>,
}

#[derive(Deserialize, Serialize)]
struct Matcher {
    HttpCode: Option<String>,
}

#[derive(Serialize)]
pub struct TargetGroups {
    TargetGroups: Vec<Described>,
    NextMarker: Option<String>,
}

#[derive(Serialize)]
struct Described {
    TargetGroupArn: String,
    TargetGroupName: String,
    Protocol: &'static str,
    Port: u16,
    VpcId: String,
    HealthCheckProtocol: &'static str,
    HealthCheckPort: String,
    HealthCheckEnabled: bool,
    HealthCheckIntervalSeconds: u64,
    HealthCheckTimeoutSeconds: u64,
    HealthyThresholdCount: u32,
    UnhealthyThresholdCount: u32,
    HealthCheckPath: String,
    Matcher: Matcher,
    LoadBalancerArns: Vec<String>,
    TargetType: String,
    ProtocolVersion: String,
    IpAddressType: &'static str,
}

fn described(group: &TargetGroup) -> Described {
    let (settings, check) = (&group.settings, &group.check);
    Described {
        TargetGroupArn: group.arn.clone(),
        TargetGroupName: group.name.clone(),
        Protocol: settings.scheme.name(),
        Port: settings.port,
        VpcId: settings.vpc.clone(),
        HealthCheckProtocol: check.scheme.name(),
        HealthCheckPort: check.port.map_or_else(|| "traffic-port".into(), |port| port.to_string()),
        HealthCheckEnabled: true,
        HealthCheckIntervalSeconds: check.interval_s,
        HealthCheckTimeoutSeconds: check.timeout_s,
        HealthyThresholdCount: check.healthy_threshold,
        UnhealthyThresholdCount: check.unhealthy_threshold,
        HealthCheckPath: check.path.clone(),
        Matcher: Matcher { HttpCode: Some(check.matcher.clone()) },
        LoadBalancerArns: group.used_by.iter().map(|user| user.arn.clone()).collect(),
        TargetType: settings.target_type.clone(),
        ProtocolVersion: settings.protocol_version.clone(),
        IpAddressType: "ipv4",
    }
}

fn only(group: &TargetGroup) -> TargetGroups {
    TargetGroups { TargetGroups: vec![described(group)], NextMarker: None }
}

fn scheme(member: &str, protocol: &str) -> Answer<Scheme> {
    const ALL: &[&str] = &["HTTP", "HTTPS", "TCP", "TLS", "UDP", "TCP_UDP", "GENEVE", "QUIC", "TCP_QUIC"];
    one_of(member, protocol, ALL)?;
    match protocol {
        "HTTP" => Ok(Scheme::Http),
        "HTTPS" => Ok(Scheme::Https),
        _ => refuse("InvalidConfigurationRequest", format!("Protocol '{protocol}' is not supported here")),
    }
}

pub fn create(world: &mut World, caller: &Caller, ask: Create) -> Answer<TargetGroups> {
    refusals::name("Target group", &ask.Name)?;
    let target_type = ask.TargetType.unwrap_or_else(|| "instance".into());
    one_of("targetType", &target_type, &["instance", "ip", "lambda", "alb"])?;
    if !matches!(target_type.as_str(), "instance" | "ip") {
        return refuse("InvalidConfigurationRequest", format!("Target type '{target_type}' is not supported here"));
    }
    let Some(protocol) = ask.Protocol else { return invalid("A protocol must be specified") };
    let scheme = scheme("protocol", &protocol)?;
    let Some(port) = ask.Port else { return invalid("A port must be specified") };
    within("port", port, 1, 65_535)?;
    let Some(vpc) = ask.VpcId else { return invalid("A VPC ID must be specified") };
    if !vpc.starts_with("vpc-") {
        return invalid(format!("The VPC ID '{vpc}' is not found"));
    }
    let version = ask.ProtocolVersion.unwrap_or_else(|| "HTTP1".into());
    if !matches!(version.as_str(), "HTTP1" | "HTTP2") {
        return invalid(format!("Protocol version '{version}' is not supported"));
    }
    if ask.IpAddressType.is_some_and(|kind| kind != "ipv4") {
        return refuse("InvalidConfigurationRequest", "The VPC has no IPv6 CIDR block");
    }
    let check = ask.check.over(Check::new(scheme))?;
    let settings = Settings { scheme, protocol_version: version, port: port as u16, vpc, target_type };
    let tags = tags::read(ask.Tags)?;
    let elb = world.elb_in(&caller.region);
    if let Some(found) = elb.target_groups.get(&ask.Name) {
        if found.settings == settings && found.check == check {
            return Ok(only(found));
        }
        return refuse(
            "DuplicateTargetGroupName",
            format!("A target group with the same name '{}' exists, but with different settings", ask.Name),
        );
    }
    if elb.target_groups.len() >= MOST {
        return refuse("TooManyTargetGroups", format!("The maximum number of target groups is '{MOST}'"));
    }
    let group = TargetGroup::new(&caller.region, &ask.Name, settings, check, tags);
    let answer = only(&group);
    elb.target_groups.insert(ask.Name, group);
    Ok(answer)
}

impl AskedCheck {
    /// `check` with what was asked, if AWS would have it.
    fn over(self, mut check: Check) -> Answer<Check> {
        let number = |member: &str, text: Option<String>, low, high, old: u64| {
            let Some(text) = text else { return Ok(old) };
            let Ok(value) = text.trim().parse() else { return invalid(format!("'{text}' is not a valid {member}")) };
            within(member, value, low, high)?;
            Ok(value)
        };
        if let Some(protocol) = &self.HealthCheckProtocol {
            check.scheme = scheme("healthCheckProtocol", protocol)?;
        }
        if let Some(port) = &self.HealthCheckPort {
            check.port = match port.as_str() {
                "traffic-port" => None,
                number => match number.parse() {
                    Ok(port @ 1..) => Some(port),
                    _ => {
                        return invalid(format!(
                            "Health check port '{port}' must be in the range 1 - 65535 or 'traffic-port'"
                        ));
                    }
                },
            };
        }
        if self.HealthCheckEnabled.is_some_and(|enabled| enabled == "false") {
            return invalid("Health check enabled must be true for target groups with target type 'instance' or 'ip'");
        }
        if let Some(path) = self.HealthCheckPath {
            if !path.starts_with('/') || path.len() > 1024 {
                return invalid(format!(
                    "Health check path '{path}' must begin with '/' and have at most 1024 characters"
                ));
            }
            check.path = path;
        }
        check.interval_s =
            number("healthCheckIntervalSeconds", self.HealthCheckIntervalSeconds, 5, 300, check.interval_s)?;
        check.timeout_s = number("healthCheckTimeoutSeconds", self.HealthCheckTimeoutSeconds, 2, 120, check.timeout_s)?;
        let (healthy, unhealthy) = (u64::from(check.healthy_threshold), u64::from(check.unhealthy_threshold));
        check.healthy_threshold = number("healthyThresholdCount", self.HealthyThresholdCount, 2, 10, healthy)? as u32;
        check.unhealthy_threshold =
            number("unhealthyThresholdCount", self.UnhealthyThresholdCount, 2, 10, unhealthy)? as u32;
        if check.timeout_s >= check.interval_s {
            return invalid("Health check interval must be greater than the timeout.");
        }
        if let Some(codes) = self.Matcher.and_then(|matcher| matcher.HttpCode) {
            if ranges(&codes).is_none() {
                return invalid(format!("Health check matcher HTTP code '{codes}' must be within '200-499' inclusive"));
            }
            check.matcher = codes;
        }
        Ok(check)
    }
}

#[derive(Deserialize)]
pub struct Describe {
    LoadBalancerArn: Option<String>,
    #[serde(default)]
    TargetGroupArns: Vec<String>,
    #[serde(default)]
    Names: Vec<String>,
    Marker: Option<String>,
    PageSize: Option<u64>,
}

pub fn describe(world: &mut World, caller: &Caller, ask: Describe) -> Answer<TargetGroups> {
    let size = page_size(ask.PageSize)?;
    let elb = world.elb_in(&caller.region);
    if !ask.TargetGroupArns.is_empty() && !ask.Names.is_empty() {
        return invalid("Target group names and target group ARNs cannot be specified at the same time");
    }
    for arn in &ask.TargetGroupArns {
        refusals::arn(arn, "targetgroup", "target group")?;
    }
    if let Some(arn) = &ask.LoadBalancerArn {
        refusals::arn(arn, "loadbalancer", "load balancer")?;
        elb.load_balancer(arn).ok_or_else(|| no_load_balancer(arn))?;
    }
    let known = ask.Names.iter().all(|name| elb.target_groups.contains_key(name))
        && ask.TargetGroupArns.iter().all(|arn| elb.group(arn).is_some());
    if !known {
        return refuse("TargetGroupNotFound", "One or more target groups not found");
    }
    let all = ask.Names.is_empty() && ask.TargetGroupArns.is_empty();
    let asked = |group: &&TargetGroup| {
        let owned = group.used_by.as_ref().map(|user| &user.arn);
        (all || ask.Names.contains(&group.name) || ask.TargetGroupArns.contains(&group.arn))
            && ask.LoadBalancerArn.as_ref().is_none_or(|arn| owned == Some(arn))
    };
    let found = elb.target_groups.values().filter(asked);
    let (page, next) = paging::page(found, |group| group.name.clone(), ask.Marker.as_deref(), size, "ValidationError")?;
    Ok(TargetGroups { TargetGroups: page.into_iter().map(described).collect(), NextMarker: next })
}

#[derive(Deserialize)]
pub struct Modify {
    TargetGroupArn: String,
    #[serde(flatten)]
    check: AskedCheck,
}

pub fn modify(world: &mut World, caller: &Caller, ask: Modify) -> Answer<TargetGroups> {
    refusals::arn(&ask.TargetGroupArn, "targetgroup", "target group")?;
    let now = world.now;
    let elb = world.elb_in(&caller.region);
    let group = elb.group_mut(&ask.TargetGroupArn).ok_or_else(|| no_target_group(&ask.TargetGroupArn))?;
    let check = ask.check.over(group.check.clone())?;
    group.check_by(check, now);
    Ok(only(group))
}

#[derive(Deserialize)]
pub struct Delete {
    TargetGroupArn: String,
}

pub fn delete(world: &mut World, caller: &Caller, ask: Delete) -> Answer<Empty> {
    refusals::arn(&ask.TargetGroupArn, "targetgroup", "target group")?;
    let elb = world.elb_in(&caller.region);
    let Some(group) = elb.group(&ask.TargetGroupArn) else { return Ok(Empty {}) };
    let mut used = elb.load_balancers.values().flat_map(|lb| lb.listeners.values()).flat_map(Listener::target_groups);
    if used.any(|arn| arn == group.arn) {
        let message = format!("Target group '{}' is currently in use by a listener or a rule", group.arn);
        return refuse("ResourceInUse", message);
    }
    let name = group.name.clone();
    elb.target_groups.remove(&name);
    Ok(Empty {})
}
