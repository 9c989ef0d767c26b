//! Starting and ending a fault: what was asked, and what is wrong with it.

use super::catalogue::{self, CATALOGUE, Kind, LONGEST_S, MOST_OF_A_QUOTA};
use super::{Fault, Sender};
use crate::geo::{self, PLACES, REGIONS};
use crate::moment::Moment;
use crate::services;
use crate::world::World;
use serde::Deserialize;
use std::time::Duration;

/// A fault as it is asked for. Which members a kind takes, the catalogue tells.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FaultSpec {
    /// Id (`F16`) or name (`apis-hang`).
    pub kind: String,
    pub region: Option<String>,
    pub zone: Option<String>,
    pub service: Option<String>,
    pub operation: Option<String>,
    pub from: Option<String>,
    pub quota: Option<String>,
    pub value: Option<f64>,
    pub rate: Option<f64>,
    pub delay_s: Option<f64>,
    pub period_s: Option<f64>,
    pub duration_s: Option<f64>,
    pub start_s: Option<f64>,
}

/// Why a fault cannot be started or ended.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FaultError {
    #[error("there is no fault {given:?}; there are {possible}")]
    UnknownKind { given: String, possible: String },
    #[error("{kind} needs {parameter:?}: {description}")]
    Missing { kind: &'static str, parameter: &'static str, description: &'static str },
    #[error("{kind} takes no {parameter:?}; it takes {possible}")]
    Unused { kind: &'static str, parameter: &'static str, possible: String },
    #[error("there is no {what} {given:?}; there are {possible}")]
    Unknown { what: &'static str, given: String, possible: String },
    #[error("{parameter:?} must be from {least} to {most}, not {given}")]
    OutOfRange { parameter: &'static str, given: String, least: String, most: String },
    #[error("no fault {0:?} is active or to come")]
    NotStarted(String),
}

/// Starts a fault, now or later, and tells its id.
pub fn start(world: &mut World, spec: FaultSpec) -> Result<String, FaultError> {
    let mut fault = check(world.now, spec)?;
    world.faults.started += 1;
    fault.id = format!("fault-{}", world.faults.started);
    let id = fault.id.clone();
    world.faults.list.push(fault);
    super::tick(world);
    Ok(id)
}

/// Ends a fault before its time.
pub fn end(world: &mut World, id: &str) -> Result<(), FaultError> {
    let now = world.now;
    let fault = world.faults.list.iter_mut().find(|fault| fault.id == id);
    fault.ok_or_else(|| FaultError::NotStarted(id.to_string()))?.ends = now;
    super::tick(world);
    Ok(())
}

/// Ends every fault and tells how many there were.
pub fn end_all(world: &mut World) -> usize {
    let now = world.now;
    world.faults.list.iter_mut().for_each(|fault| fault.ends = now);
    let count = world.faults.list.len();
    super::tick(world);
    count
}

fn check(now: Moment, spec: FaultSpec) -> Result<Fault, FaultError> {
    let kind = catalogue::kind(&spec.kind).ok_or_else(|| FaultError::UnknownKind {
        given: spec.kind.clone(),
        possible: list(CATALOGUE.iter().map(|kind| format!("{} ({})", kind.id, kind.name))),
    })?;
    complete(kind, &spec)?;
    let numbers = Numbers { kind };
    let starts = now + seconds(numbers.read("start_s", spec.start_s, 0.0, LONGEST_S)?);
    let region = spec.region.map(region).transpose()?;
    let usual = |name: &str, value: &str| kind.takes(name).then(|| value.to_string());
    let longest = match kind.id {
        "F2" => 300.0,
        "F9" => 120.0,
        _ => LONGEST_S,
    };
    let zone = spec.zone.or_else(|| usual("zone", catalogue::ZONE));
    let from = spec.from.or_else(|| usual("from", catalogue::FROM));
    Ok(Fault {
        id: String::new(),
        kind,
        zone: zone.zip(region).map(|(zone, region)| self::zone(&zone, region)).transpose()?,
        region,
        service: spec.service.map(service).transpose()?,
        operation: spec.operation,
        from: from.map(sender).transpose()?,
        quota: spec.quota,
        value: numbers.read("value", spec.value, 0.0, MOST_OF_A_QUOTA)?,
        rate: numbers.read("rate", spec.rate, 0.0, 1.0)?,
        delay: seconds(numbers.read("delay_s", spec.delay_s, 0.0, longest)?),
        period: seconds(numbers.read("period_s", spec.period_s, 2.0, LONGEST_S)?),
        starts,
        ends: starts + seconds(numbers.read("duration_s", spec.duration_s, 1.0, LONGEST_S)?),
        begun: false,
    })
}

/// Everything that the kind needs is there, and nothing that it does not know.
fn complete(kind: &'static Kind, spec: &FaultSpec) -> Result<(), FaultError> {
    let given = [
        ("region", spec.region.is_some()),
        ("zone", spec.zone.is_some()),
        ("service", spec.service.is_some()),
        ("operation", spec.operation.is_some()),
        ("from", spec.from.is_some()),
        ("quota", spec.quota.is_some()),
        ("value", spec.value.is_some()),
        ("rate", spec.rate.is_some()),
        ("delay_s", spec.delay_s.is_some()),
        ("period_s", spec.period_s.is_some()),
        ("duration_s", spec.duration_s.is_some()),
        ("start_s", spec.start_s.is_some()),
    ];
    for (name, given) in given {
        let parameter = kind.parameters.iter().find(|parameter| parameter.name == name);
        match parameter {
            Some(parameter) if parameter.required && !given => {
                let (parameter, description) = (parameter.name, parameter.description);
                return Err(FaultError::Missing { kind: kind.id, parameter, description });
            }
            None if given => {
                let possible = list(kind.parameters.iter().map(|parameter| parameter.name.to_string()));
                return Err(FaultError::Unused { kind: kind.id, parameter: name, possible });
            }
            _ => {}
        }
    }
    Ok(())
}

struct Numbers {
    kind: &'static Kind,
}

impl Numbers {
    /// What was given, else the kind's default, else zero.
    fn read(&self, name: &'static str, given: Option<f64>, least: f64, most: f64) -> Result<f64, FaultError> {
        let Some(given) = given else {
            let parameter = self.kind.parameters.iter().find(|parameter| parameter.name == name);
            return Ok(parameter.and_then(|parameter| parameter.default).unwrap_or_default());
        };
        if (least..=most).contains(&given) {
            return Ok(given);
        }
        let (least, most) = (least.to_string(), most.to_string());
        Err(FaultError::OutOfRange { parameter: name, given: given.to_string(), least, most })
    }
}

fn seconds(seconds: f64) -> Duration {
    Duration::from_millis((seconds * 1000.0).round() as u64)
}

fn list(names: impl Iterator<Item = String>) -> String {
    names.collect::<Vec<_>>().join(", ")
}

fn unknown(what: &'static str, given: String, possible: impl Iterator<Item = &'static str>) -> FaultError {
    FaultError::Unknown { what, given, possible: list(possible.map(str::to_string)) }
}

fn region(given: String) -> Result<&'static str, FaultError> {
    match geo::region(&given) {
        Some(region) => Ok(region.name),
        None => Err(unknown("Region", given, REGIONS.iter().map(|region| region.name))),
    }
}

fn zone(given: &str, region: &str) -> Result<String, FaultError> {
    match given.strip_prefix(region).unwrap_or(given) {
        letter @ ("a" | "b" | "c") => Ok(format!("{region}{letter}")),
        _ => Err(FaultError::Unknown {
            what: "zone",
            given: given.to_string(),
            possible: list(["a", "b", "c"].iter().map(|letter| format!("{region}{letter}"))),
        }),
    }
}

fn service(given: String) -> Result<&'static str, FaultError> {
    match services::ALL.iter().find(|service| service.scope == given) {
        Some(service) => Ok(service.scope),
        None => Err(unknown("service", given, services::ALL.iter().map(|service| service.scope))),
    }
}

const CONTINENTS: &[&str] = &["AF", "AN", "AS", "EU", "NA", "OC", "SA"];

fn sender(given: String) -> Result<Sender, FaultError> {
    if let Some(code) = CONTINENTS.iter().find(|code| code.eq_ignore_ascii_case(&given)) {
        return Ok(Sender::Continent(code));
    }
    if let Some(place) = geo::place(&given) {
        return Ok(Sender::Place(place.name));
    }
    if let Some(region) = geo::region(&given) {
        return Ok(Sender::Region(region.name));
    }
    let places = PLACES.iter().map(|place| place.name);
    let possible = CONTINENTS.iter().copied().chain(places).chain(REGIONS.iter().map(|region| region.name));
    Err(unknown("sender", given, possible))
}
