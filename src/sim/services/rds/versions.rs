//! Engines and their versions: a short list of those that forward writes in both ways.

use super::refusals::{page, value};
use crate::operation::{Answer, Caller, Refusal};
use crate::world::World;
use serde::{Deserialize, Serialize};

/// Engine, version, family (Aurora User Guide, supported features for Aurora global databases).
const VERSIONS: &[(&str, &str, &str)] = &[
    ("aurora-postgresql", "15.10", "aurora-postgresql15"),
    ("aurora-postgresql", "16.4", "aurora-postgresql16"),
    ("aurora-postgresql", "16.6", "aurora-postgresql16"),
    ("aurora-postgresql", "16.8", "aurora-postgresql16"),
    ("aurora-postgresql", "17.4", "aurora-postgresql17"),
    ("aurora-mysql", "8.0.mysql_aurora.3.08.0", "aurora-mysql8.0"),
    ("aurora-mysql", "8.0.mysql_aurora.3.09.0", "aurora-mysql8.0"),
];

/// The version when none is asked for.
const USUAL: &[(&str, &str)] = &[("aurora-postgresql", "16.6"), ("aurora-mysql", "8.0.mysql_aurora.3.08.0")];

/// Engine and version, as asked for.
pub fn chosen(engine: Option<&str>, version: Option<&str>) -> Answer<(String, String)> {
    let engine = engine.unwrap_or("aurora-mysql");
    let Some((_, usual)) = USUAL.iter().find(|(known, _)| *known == engine) else {
        return value(format!("Invalid DB engine: {engine}. Aurora engines alone are known here."));
    };
    let version = version.unwrap_or(usual);
    if !VERSIONS.iter().any(|(known, found, _)| *known == engine && *found == version) {
        let message = format!("Cannot find version {version} for {engine}");
        return Err(Refusal::new(400, "InvalidParameterCombination", message));
    }
    Ok((engine.into(), version.into()))
}

/// The family of parameter groups that a version takes.
pub fn family(engine: &str, version: &str) -> &'static str {
    VERSIONS.iter().find(|(e, v, _)| *e == engine && *v == version).map_or("", |(.., family)| family)
}

#[derive(Deserialize)]
pub struct Describe {
    Engine: Option<String>,
    EngineVersion: Option<String>,
    MaxRecords: Option<u64>,
    Marker: Option<String>,
}

#[derive(Serialize)]
pub struct Version {
    Engine: &'static str,
    EngineVersion: &'static str,
    DBParameterGroupFamily: &'static str,
    SupportsGlobalDatabases: bool,
    SupportsLocalWriteForwarding: bool,
    Status: &'static str,
}

#[derive(Serialize)]
pub struct Described {
    DBEngineVersions: Vec<Version>,
    Marker: Option<String>,
}

pub fn describe(_: &mut World, _: &Caller, ask: Describe) -> Answer<Described> {
    let wanted = |version: &&(&str, &str, &str)| {
        ask.Engine.as_ref().is_none_or(|engine| version.0 == engine)
            && ask.EngineVersion.as_ref().is_none_or(|wanted| version.1 == wanted)
    };
    let key = |version: &&(&str, &str, &str)| format!("{} {}", version.0, version.1);
    let (found, marker) = page(VERSIONS.iter().filter(wanted), key, ask.Marker.as_deref(), ask.MaxRecords)?;
    let told = |(engine, version, family): &(&'static str, &'static str, &'static str)| Version {
        Engine: engine,
        EngineVersion: version,
        DBParameterGroupFamily: family,
        SupportsGlobalDatabases: true,
        SupportsLocalWriteForwarding: true,
        Status: "available",
    };
    Ok(Described { DBEngineVersions: found.into_iter().map(told).collect(), Marker: marker })
}
