//! Health checks of containers, and containers that wait for others. How AWS words its refusals is assumed.

use super::names::client;
use crate::doc::Doc;
use crate::operation::Answer;
use crate::world::ecs::{Condition, Container};
use serde_json::{Map, json};
use std::collections::BTreeSet;

/// Members of a health check: the least, the most and the default in seconds or times (ECS API, HealthCheck).
const LIMITS: [(&str, u64, u64, Option<u64>); 4] = [
    ("interval", 5, 300, Some(30)),
    ("timeout", 2, 120, Some(5)),
    ("retries", 1, 10, Some(3)),
    ("startPeriod", 0, 300, None),
];

/// Checks it, and writes out what is not given, as AWS tells it.
pub fn health_check(check: &mut Map<String, Doc>) -> Answer<()> {
    if check.get("command").and_then(Doc::as_array).is_none_or(Vec::is_empty) {
        return Err(client("Health check command cannot be empty."));
    }
    for (member, least, most, usual) in LIMITS {
        match check.get(member).filter(|value| !value.is_null()) {
            Some(value) if value.as_u64().is_none_or(|value| !(least..=most).contains(&value)) => {
                return Err(client(format!("Health check {member} must be between {least} and {most}.")));
            }
            Some(_) => {}
            None => {
                if let Some(usual) = usual {
                    check.insert(member.into(), json!(usual));
                }
            }
        }
    }
    Ok(())
}

/// What a container waits for; a condition that there is not is none.
pub fn waits_for(container: &Map<String, Doc>) -> Vec<(String, Condition)> {
    let all = container.get("dependsOn").and_then(Doc::as_array).into_iter().flatten();
    let condition = |word: &str| match word {
        "START" => Some(Condition::Start),
        "COMPLETE" => Some(Condition::Complete),
        "SUCCESS" => Some(Condition::Success),
        "HEALTHY" => Some(Condition::Healthy),
        _ => None,
    };
    all.filter_map(|one| Some((one["containerName"].as_str()?.into(), condition(one["condition"].as_str()?)?)))
        .collect()
}

/// Whether everything that is waited for can come (ECS API, ContainerDependency: HEALTHY requires a health check;
/// COMPLETE and SUCCESS cannot be set on an essential container).
pub fn check(containers: &[Container]) -> Answer<()> {
    for container in containers {
        let told = container.echo["dependsOn"].as_array().map_or(0, Vec::len);
        if told != container.waits_for.len() {
            return Err(client("Container dependency: containerName and condition must be given, and known."));
        }
        for (name, condition) in &container.waits_for {
            let Some(other) = containers.iter().find(|other| other.name == *name) else {
                return Err(client(format!(
                    "Container dependency: there is no container {name} in the task definition."
                )));
            };
            if *condition == Condition::Healthy && !other.checked {
                return Err(client(format!("Container dependency: {name} must have a health check to be HEALTHY.")));
            }
            if matches!(condition, Condition::Complete | Condition::Success) && other.essential {
                return Err(client(format!("Container dependency: {name} is essential and does not end.")));
            }
        }
    }
    // what waits for nothing that is left to start starts next
    let mut started = BTreeSet::new();
    while let Some(next) = containers
        .iter()
        .find(|one| !started.contains(&one.name) && one.waits_for.iter().all(|(name, _)| started.contains(name)))
    {
        started.insert(next.name.clone());
    }
    match containers.iter().find(|one| !started.contains(&one.name)) {
        Some(one) => Err(client(format!("Container dependency: {} waits for itself.", one.name))),
        None => Ok(()),
    }
}
