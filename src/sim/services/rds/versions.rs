//! Engines and their versions, as they are in mid-2026.

use super::refusals::{combination, known, page, value};
use crate::operation::{Answer, Caller};
use crate::world::World;
use crate::world::aurora::Release;
use serde::{Deserialize, Serialize};

/// Engine, version, the quarter in which it came, and whether it forwards writes inside of a cluster: from it a major
/// upgrade leads to what came with it or later (Aurora User Guide, supported features, local write forwarding, and
/// upgrading; versions of cfn-lint's schema).
#[rustfmt::skip]
const VERSIONS: &[Release] = &[
    Release("aurora-postgresql", "13.18", 2, false), Release("aurora-postgresql", "13.20", 3, false),
    Release("aurora-postgresql", "13.21", 4, false), Release("aurora-postgresql", "13.22", 5, false),
    Release("aurora-postgresql", "13.23", 6, false),
    Release("aurora-postgresql", "14.12", 0, false), Release("aurora-postgresql", "14.13", 1, true),
    Release("aurora-postgresql", "14.15", 2, true), Release("aurora-postgresql", "14.17", 3, true),
    Release("aurora-postgresql", "14.18", 4, true), Release("aurora-postgresql", "14.19", 5, true),
    Release("aurora-postgresql", "14.20", 6, true), Release("aurora-postgresql", "14.22", 7, true),
    Release("aurora-postgresql", "15.7", 0, false), Release("aurora-postgresql", "15.8", 1, true),
    Release("aurora-postgresql", "15.10", 2, true), Release("aurora-postgresql", "15.12", 3, true),
    Release("aurora-postgresql", "15.13", 4, true), Release("aurora-postgresql", "15.14", 5, true),
    Release("aurora-postgresql", "15.15", 6, true), Release("aurora-postgresql", "15.17", 7, true),
    Release("aurora-postgresql", "16.3", 0, false), Release("aurora-postgresql", "16.4", 1, true),
    Release("aurora-postgresql", "16.6", 2, true), Release("aurora-postgresql", "16.8", 3, true),
    Release("aurora-postgresql", "16.9", 4, true), Release("aurora-postgresql", "16.10", 5, true),
    Release("aurora-postgresql", "16.11", 6, true), Release("aurora-postgresql", "16.13", 7, true),
    Release("aurora-postgresql", "17.4", 3, true), Release("aurora-postgresql", "17.5", 4, true),
    Release("aurora-postgresql", "17.6", 5, true), Release("aurora-postgresql", "17.7", 6, true),
    Release("aurora-postgresql", "17.9", 7, true),
    Release("aurora-mysql", "8.0.mysql_aurora.3.04.4", 0, true),
    Release("aurora-mysql", "8.0.mysql_aurora.3.08.0", 2, true),
    Release("aurora-mysql", "8.0.mysql_aurora.3.08.2", 3, true),
    Release("aurora-mysql", "8.0.mysql_aurora.3.09.0", 4, true),
    Release("aurora-mysql", "8.0.mysql_aurora.3.10.0", 5, true),
    Release("aurora-mysql", "8.0.mysql_aurora.3.10.3", 6, true),
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
    if release(engine, version).is_none() {
        return combination(format!("Cannot find version {version} for {engine}"));
    }
    Ok((engine.into(), version.into()))
}

pub fn release(engine: &str, version: &str) -> Option<&'static Release> {
    VERSIONS.iter().find(|release| release.0 == engine && release.1 == version)
}

/// Every version of an engine, oldest first.
pub fn of(engine: &str) -> impl Iterator<Item = &'static Release> {
    VERSIONS.iter().filter(move |release| release.0 == engine)
}

/// The family of parameter groups that a version takes.
pub fn family(engine: &str, version: &str) -> String {
    release(engine, version).map(Release::family).unwrap_or_default()
}

pub fn is_family(family: &str) -> bool {
    VERSIONS.iter().any(|release| release.family() == family)
}

/// Whether a version is upgraded to another; to another major version only if that is said.
pub fn upgrades(engine: &str, from: &str, to: &str, major: bool) -> Answer<()> {
    let (Some(old), Some(new)) = (release(engine, from), release(engine, to)) else {
        return combination(format!("Cannot find version {to} for {engine}"));
    };
    if !old.leads_to(new) {
        return combination(format!("Cannot upgrade {engine} from {from} to {to}"));
    }
    if old.family() != new.family() && !major {
        return combination("The AllowMajorVersionUpgrade flag must be present when upgrading to a new major version.");
    }
    Ok(())
}

#[derive(Deserialize)]
pub struct Describe {
    Engine: Option<String>,
    EngineVersion: Option<String>,
    DBParameterGroupFamily: Option<String>,
    DefaultOnly: Option<bool>,
    Filters: Option<Vec<super::arn::Filter>>,
    MaxRecords: Option<u64>,
    Marker: Option<String>,
}

#[derive(Serialize)]
pub struct Version {
    Engine: &'static str,
    MajorEngineVersion: String,
    EngineVersion: &'static str,
    DBParameterGroupFamily: String,
    DBEngineDescription: &'static str,
    DBEngineVersionDescription: String,
    SupportedEngineModes: Vec<&'static str>,
    SupportsReadReplica: bool,
    SupportsGlobalDatabases: bool,
    SupportsLocalWriteForwarding: bool,
    Status: &'static str,
    ValidUpgradeTarget: Vec<Target>,
}

#[derive(Serialize)]
struct Target {
    Engine: &'static str,
    EngineVersion: &'static str,
    Description: String,
    AutoUpgrade: bool,
    IsMajorVersionUpgrade: bool,
    SupportsGlobalDatabases: bool,
    SupportsLocalWriteForwarding: bool,
}

#[derive(Serialize)]
pub struct Described {
    DBEngineVersions: Vec<Version>,
    Marker: Option<String>,
}

pub fn describe(_: &mut World, _: &Caller, ask: Describe) -> Answer<Described> {
    known(ask.Filters.as_deref(), &[])?;
    let usual = |release: &Release| USUAL.contains(&(release.0, release.1));
    // `16` means every version of it
    let version = |release: &Release| {
        let wanted = ask.EngineVersion.as_deref();
        wanted.is_none_or(|wanted| release.1 == wanted || release.major() == wanted)
    };
    let wanted = |release: &&Release| {
        ask.Engine.as_ref().is_none_or(|engine| release.0 == engine)
            && version(release)
            && ask.DBParameterGroupFamily.as_ref().is_none_or(|family| release.family() == *family)
            && (ask.DefaultOnly != Some(true) || usual(release))
    };
    let place = |release: &&Release| {
        format!("{:04}", VERSIONS.iter().position(|one| one == *release).unwrap_or(VERSIONS.len()))
    };
    let (found, marker) = page(VERSIONS.iter().filter(wanted), place, ask.Marker.as_deref(), ask.MaxRecords)?;
    Ok(Described { DBEngineVersions: found.into_iter().map(told).collect(), Marker: marker })
}

fn told(release: &Release) -> Version {
    let target = |target: &Release| Target {
        Engine: target.0,
        EngineVersion: target.1,
        Description: target.description(),
        AutoUpgrade: false,
        IsMajorVersionUpgrade: target.family() != release.family(),
        SupportsGlobalDatabases: true,
        SupportsLocalWriteForwarding: target.3,
    };
    Version {
        Engine: release.0,
        MajorEngineVersion: release.major().into(),
        EngineVersion: release.1,
        DBParameterGroupFamily: release.family(),
        DBEngineDescription: if release.0 == "aurora-mysql" { "Aurora MySQL" } else { "Aurora PostgreSQL" },
        DBEngineVersionDescription: release.description(),
        SupportedEngineModes: vec!["provisioned"],
        SupportsReadReplica: false,
        SupportsGlobalDatabases: true,
        SupportsLocalWriteForwarding: release.3,
        Status: "available",
        ValidUpgradeTarget: of(release.0).filter(|target| release.leads_to(target)).map(target).collect(),
    }
}
