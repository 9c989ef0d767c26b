//! Health checks.

use super::{bare, config, invalid, no_such_check, page_size};
use crate::operation::{Answer, Caller, Empty, Refusal};
use crate::world::dns::check::{AlarmIdentifier, Check, HealthCheckConfig, REMEMBERED};
use crate::world::dns::{self, checkers};
use crate::world::{World, uuid};
use serde::{Deserialize, Serialize};

/// The most health checks in one answer (botocore, ListHealthChecks: "1000 is the maximum").
const PAGE: usize = 1_000;
/// Health checks of an account (Developer Guide, "Quotas").
const MOST: usize = 200;

#[derive(Deserialize)]
pub struct Create {
    CallerReference: String,
    HealthCheckConfig: HealthCheckConfig,
}

#[derive(Serialize)]
struct HealthCheck {
    Id: String,
    CallerReference: String,
    HealthCheckConfig: HealthCheckConfig,
    HealthCheckVersion: u64,
    CloudWatchAlarmConfiguration: Option<config::AlarmConfiguration>,
}

#[derive(Serialize)]
pub struct Created {
    HealthCheck: HealthCheck,
    Location: String,
}

pub fn create(world: &mut World, _: &Caller, ask: Create) -> Answer<Created> {
    if !(1..=64).contains(&ask.CallerReference.len()) {
        return Err(invalid("Invalid parameter: CallerReference must have 1 to 64 characters."));
    }
    let config = config::complete(ask.HealthCheckConfig);
    let now = world.now;
    let deleted = world.dns.tombstones.get(&ask.CallerReference).filter(|at| now.since(**at) < REMEMBERED).is_some();
    let existing = world.dns.checks.values().find(|check| check.caller_reference == ask.CallerReference);
    match existing {
        // a repeated request
        Some(check) if check.config == config => {
            let id = check.id.clone();
            return created(world, &id);
        }
        None if !deleted => {}
        _ => {
            let why = "A different health check has already been created with the specified caller reference.";
            return Err(Refusal::new(409, "HealthCheckAlreadyExists", why));
        }
    }
    config::right(world, None, &config)?;
    if world.dns.checks.len() >= MOST {
        return Err(Refusal::new(
            400,
            "TooManyHealthChecks",
            format!("Limits Exceeded: MAX_HEALTH_CHECKS_BY_OWNER - Cannot create more than {MOST}"),
        ));
    }
    // the same reference after its tombstone has gone is another check
    let made = world.next_id().to_string();
    let again = world.dns.tombstones.remove(&ask.CallerReference).is_some();
    let id = uuid(&["health check", &ask.CallerReference, if again { &made } else { "" }]);
    let mut check = Check::new(id.clone(), ask.CallerReference, config);
    check.observers = checkers::assign(&check.config, now, &mut world.chance.dns);
    world.dns.checks.insert(id.clone(), check);
    dns::copy_alarm(world, &id);
    if let Some(why) = world.dns.checks.get(&id).and_then(|check| config::unsupported(check.alarm.as_ref()?)) {
        world.dns.checks.remove(&id);
        return Err(invalid(why));
    }
    created(world, &id)
}

fn created(world: &World, id: &str) -> Answer<Created> {
    Ok(Created {
        HealthCheck: describe(find(world, id)?),
        Location: format!("https://route53.amazonaws.com/2013-04-01/healthcheck/{id}"),
    })
}

fn find<'a>(world: &'a World, id: &str) -> Answer<&'a Check> {
    world.dns.checks.get(bare(id)).ok_or_else(|| no_such_check(id))
}

fn describe(check: &Check) -> HealthCheck {
    HealthCheck {
        Id: check.id.clone(),
        CallerReference: check.caller_reference.clone(),
        HealthCheckConfig: check.config.clone(),
        HealthCheckVersion: check.version,
        CloudWatchAlarmConfiguration: check.alarm.as_ref().map(config::describe),
    }
}

#[derive(Deserialize)]
pub struct Get {
    HealthCheckId: String,
}

#[derive(Serialize)]
pub struct Got {
    HealthCheck: HealthCheck,
}

pub fn get(world: &mut World, _: &Caller, ask: Get) -> Answer<Got> {
    Ok(Got { HealthCheck: describe(find(world, &ask.HealthCheckId)?) })
}

#[derive(Deserialize)]
pub struct List {
    marker: Option<String>,
    maxitems: Option<String>,
}

#[derive(Serialize)]
pub struct Listed {
    HealthChecks: Vec<HealthCheck>,
    Marker: String,
    IsTruncated: bool,
    NextMarker: Option<String>,
    MaxItems: String,
}

pub fn list(world: &mut World, _: &Caller, ask: List) -> Answer<Listed> {
    // unlike the other lists, 100 is what one gets without asking for more
    let size = ask.maxitems.as_deref().map_or(Ok(100), |asked| page_size(Some(asked), PAGE))?;
    let marker = ask.marker.unwrap_or_default();
    let mut rest = world.dns.checks.range(marker.clone()..).map(|(_, check)| check);
    let page: Vec<HealthCheck> = rest.by_ref().take(size).map(describe).collect();
    let next = rest.next().map(|check| check.id.clone());
    Ok(Listed {
        HealthChecks: page,
        Marker: marker,
        IsTruncated: next.is_some(),
        NextMarker: next,
        MaxItems: size.to_string(),
    })
}

#[derive(Deserialize)]
pub struct Update {
    HealthCheckId: String,
    HealthCheckVersion: Option<u64>,
    IPAddress: Option<String>,
    Port: Option<u16>,
    ResourcePath: Option<String>,
    FullyQualifiedDomainName: Option<String>,
    SearchString: Option<String>,
    FailureThreshold: Option<u32>,
    Inverted: Option<bool>,
    Disabled: Option<bool>,
    HealthThreshold: Option<u32>,
    ChildHealthChecks: Option<Vec<String>>,
    EnableSNI: Option<bool>,
    Regions: Option<Vec<String>>,
    AlarmIdentifier: Option<AlarmIdentifier>,
    InsufficientDataHealthStatus: Option<String>,
    ResetElements: Option<Vec<String>>,
}

pub fn update(world: &mut World, _: &Caller, ask: Update) -> Answer<Got> {
    let check = find(world, &ask.HealthCheckId)?;
    if let Some(version) = ask.HealthCheckVersion.filter(|version| *version != check.version) {
        let why = format!("The version of the health check is {}, not {version}.", check.version);
        return Err(Refusal::new(409, "HealthCheckVersionMismatch", why));
    }
    let (id, old) = (check.id.clone(), check.config.clone());
    if ask.IPAddress.is_some() && old.IPAddress.is_none() {
        return Err(invalid("An IPAddress cannot be added to an existing health check."));
    }
    let mut config = old.clone();
    for element in ask.ResetElements.iter().flatten() {
        match element.as_str() {
            "FullyQualifiedDomainName" => config.FullyQualifiedDomainName = None,
            "Regions" => config.Regions = None,
            "ResourcePath" => config.ResourcePath = None,
            "ChildHealthChecks" => config.ChildHealthChecks = None,
            other => return Err(invalid(format!("{other} is not an element that can be reset."))),
        }
    }
    config = HealthCheckConfig {
        IPAddress: ask.IPAddress.or(config.IPAddress),
        Port: ask.Port.or(config.Port),
        ResourcePath: ask.ResourcePath.or(config.ResourcePath),
        FullyQualifiedDomainName: ask.FullyQualifiedDomainName.or(config.FullyQualifiedDomainName),
        SearchString: ask.SearchString.or(config.SearchString),
        FailureThreshold: ask.FailureThreshold.or(config.FailureThreshold),
        Inverted: ask.Inverted.or(config.Inverted),
        Disabled: ask.Disabled.or(config.Disabled),
        HealthThreshold: ask.HealthThreshold.or(config.HealthThreshold),
        ChildHealthChecks: ask.ChildHealthChecks.or(config.ChildHealthChecks),
        EnableSNI: ask.EnableSNI.or(config.EnableSNI),
        Regions: ask.Regions.or(config.Regions),
        AlarmIdentifier: ask.AlarmIdentifier.or(config.AlarmIdentifier),
        InsufficientDataHealthStatus: ask.InsufficientDataHealthStatus.or(config.InsufficientDataHealthStatus),
        ..config
    };
    config::right(world, Some(&id), &config)?;
    let observers =
        (config.Regions != old.Regions).then(|| checkers::assign(&config, world.now, &mut world.chance.dns));
    if let Some(check) = world.dns.checks.get_mut(&id) {
        check.version += 1;
        check.config = config;
        check.observers = observers.unwrap_or(std::mem::take(&mut check.observers));
    }
    dns::copy_alarm(world, &id);
    Ok(Got { HealthCheck: describe(find(world, &id)?) })
}

/// Records may go on naming a deleted check (API Reference, DeleteHealthCheck: Route 53 "does not
/// prevent you"); the children of a calculated one are held.
pub fn delete(world: &mut World, _: &Caller, ask: Get) -> Answer<Empty> {
    let check = find(world, &ask.HealthCheckId)?;
    let id = check.id.clone();
    let parents = world.dns.checks.values().filter(|other| other.children().any(|child| *child == id));
    let parents: Vec<&str> = parents.map(|parent| parent.id.as_str()).collect();
    if !parents.is_empty() {
        let parents = parents.join(", ");
        return Err(invalid(format!("Health check {id} is still referenced from parent health check(s): {parents}")));
    }
    if let Some(check) = world.dns.checks.remove(&id) {
        world.dns.tombstones.insert(check.caller_reference, world.now);
    }
    Ok(Empty {})
}
