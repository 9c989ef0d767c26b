//! Targets and their health.
#![allow(non_snake_case, reason = "members are spelt as AWS spells them")]

use super::refusals::{self, invalid, no_target_group, refuse, within};
use crate::operation::{Answer, Caller, Empty};
use crate::world::World;
use crate::world::elb::{Target, TargetGroup};
use serde::{Deserialize, Serialize};
use std::net::Ipv4Addr;

/// Targets that a target group may have (quotas).
const MOST: usize = 1000;

#[derive(Deserialize)]
pub struct Change {
    TargetGroupArn: String,
    Targets: Vec<TargetDescription>,
}

#[derive(Clone, Deserialize, Serialize)]
struct TargetDescription {
    Id: String,
    Port: Option<u64>,
    AvailabilityZone: Option<String>,
}

type Place = (Ipv4Addr, u16, Option<String>);

fn place(region: &str, group: &TargetGroup, target: &TargetDescription) -> Answer<Place> {
    let id = &target.Id;
    if group.settings.target_type == "instance" {
        if !id.starts_with("i-") {
            return invalid(format!("Instance ID '{id}' is not valid"));
        }
        let message = format!("The following targets are not in a running state and cannot be registered: '{id}'");
        return refuse("InvalidTarget", message);
    }
    let Ok(ip) = id.parse::<Ipv4Addr>() else {
        return invalid(format!("The IP address '{id}' is not a valid IPv4 address"));
    };
    let [a, b, ..] = ip.octets();
    let shared = a == 100 && b & 0xc0 == 64;
    if !ip.is_private() && !shared {
        return refuse("InvalidTarget", format!("The IP address '{id}' is not within the VPC or a private range"));
    }
    let port = target.Port.unwrap_or(u64::from(group.settings.port));
    within("targets.1.member.port", port, 1, 65_535)?;
    let zone = target.AvailabilityZone.clone().filter(|zone| zone != "all");
    if let Some(zone) = zone.as_ref().filter(|zone| !zone.starts_with(region)) {
        return invalid(format!("The Availability Zone '{zone}' is not valid"));
    }
    Ok((ip, port as u16, zone))
}

pub fn register(world: &mut World, caller: &Caller, ask: Change) -> Answer<Empty> {
    refusals::arn(&ask.TargetGroupArn, "targetgroup", "target group")?;
    let now = world.now;
    let elb = world.elb_in(&caller.region);
    let group = elb.group_mut(&ask.TargetGroupArn).ok_or_else(|| no_target_group(&ask.TargetGroupArn))?;
    if ask.Targets.is_empty() {
        return invalid("At least one target must be specified");
    }
    let places = ask.Targets.iter().map(|target| place(&caller.region, group, target)).collect::<Answer<Vec<_>>>()?;
    let more = places.iter().filter(|(ip, port, _)| group.target(*ip, *port).is_none()).count();
    if group.targets.len() + more > MOST {
        return refuse("TooManyTargets", format!("The maximum number of targets is '{MOST}'"));
    }
    for (ip, port, zone) in places {
        group.register(ip, port, zone, now);
    }
    Ok(Empty {})
}

pub fn deregister(world: &mut World, caller: &Caller, ask: Change) -> Answer<Empty> {
    refusals::arn(&ask.TargetGroupArn, "targetgroup", "target group")?;
    let now = world.now;
    let elb = world.elb_in(&caller.region);
    let group = elb.group_mut(&ask.TargetGroupArn).ok_or_else(|| no_target_group(&ask.TargetGroupArn))?;
    let mut notes = vec![];
    for target in &ask.Targets {
        let Ok(ip) = target.Id.parse::<Ipv4Addr>() else { continue };
        let port = target.Port.and_then(|port| u16::try_from(port).ok()).unwrap_or(group.settings.port);
        notes.extend(group.deregister(ip, port, now));
    }
    for note in notes {
        world.truth.note(now, note.kind, &caller.region, note.what);
    }
    Ok(Empty {})
}

#[derive(Deserialize)]
pub struct Describe {
    TargetGroupArn: String,
    #[serde(default)]
    Targets: Vec<TargetDescription>,
}

#[derive(Serialize)]
pub struct Described {
    TargetHealthDescriptions: Vec<TargetHealthDescription>,
}

#[derive(Serialize)]
struct TargetHealthDescription {
    Target: TargetDescription,
    HealthCheckPort: String,
    TargetHealth: TargetHealth,
}

#[derive(Serialize)]
struct TargetHealth {
    State: &'static str,
    Reason: Option<&'static str>,
    Description: Option<String>,
}

fn described(group: &TargetGroup, target: &Target) -> TargetHealthDescription {
    let (state, reason, description) = group.health_of(target);
    TargetHealthDescription {
        Target: TargetDescription {
            Id: target.ip.to_string(),
            Port: Some(u64::from(target.port)),
            AvailabilityZone: target.zone.clone(),
        },
        HealthCheckPort: group.check.port.unwrap_or(target.port).to_string(),
        TargetHealth: TargetHealth { State: state, Reason: reason, Description: description },
    }
}

pub fn health(world: &mut World, caller: &Caller, ask: Describe) -> Answer<Described> {
    refusals::arn(&ask.TargetGroupArn, "targetgroup", "target group")?;
    let elb = world.elb_in(&caller.region);
    let group = elb.group(&ask.TargetGroupArn).ok_or_else(|| no_target_group(&ask.TargetGroupArn))?;
    if ask.Targets.is_empty() {
        let all = group.targets.iter().map(|target| described(group, target)).collect();
        return Ok(Described { TargetHealthDescriptions: all });
    }
    let one = |asked: &TargetDescription| {
        let port = asked.Port.unwrap_or(u64::from(group.settings.port));
        let known = asked.Id.parse().ok().zip(u16::try_from(port).ok());
        let known = known.and_then(|(ip, port)| group.target(ip, port));
        known.map_or_else(|| unknown(group, asked, port), |target| described(group, target))
    };
    Ok(Described { TargetHealthDescriptions: ask.Targets.iter().map(one).collect() })
}

fn unknown(group: &TargetGroup, asked: &TargetDescription, port: u64) -> TargetHealthDescription {
    TargetHealthDescription {
        Target: TargetDescription { Port: Some(port), ..asked.clone() },
        HealthCheckPort: group.check.port.map_or(port, u64::from).to_string(),
        TargetHealth: TargetHealth {
            State: "unused",
            Reason: Some("Target.NotRegistered"),
            Description: Some("Target is not registered to the target group".into()),
        },
    }
}
