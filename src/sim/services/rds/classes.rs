//! Instance classes, and DescribeOrderableDBInstanceOptions.

use super::refusals::{combination, known, value};
use super::versions;
use crate::operation::{Answer, Caller};
use crate::paging;
use crate::world::World;
use crate::world::aurora::Release;
use serde::{Deserialize, Serialize};

/// Families with their sizes (RDS API, DescribeOrderableDBInstanceOptions in us-east-1, as moto recorded it; r7 and r8
/// by the Aurora User Guide, DB instance classes).
const CLASSES: &[(&str, &str)] = &[
    ("r5", "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge"),
    ("r6g", "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge"),
    ("r6i", "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 32xlarge"),
    ("r7g", "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge"),
    ("r7i", "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 48xlarge"),
    ("r8g", "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 48xlarge"),
    ("serverless", ""),
    ("t3", "medium large"),
    ("t4g", "medium large"),
    ("x2g", "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge"),
];

fn all() -> impl Iterator<Item = (String, bool)> {
    CLASSES.iter().flat_map(|(family, sizes)| {
        let global = !family.starts_with('t');
        let sizes: Vec<&str> = if sizes.is_empty() { vec![""] } else { sizes.split(' ').collect() };
        sizes.into_iter().map(move |size| (format!("db.{family}.{size}").trim_end_matches('.').to_string(), global))
    })
}

fn license(engine: &str) -> &'static str {
    if engine == "aurora-mysql" { "general-public-license" } else { "postgresql-license" }
}

/// Refuses a class that an engine does not run on, or a global database does not take: those for burstable work
/// (Aurora User Guide, configuration requirements of a global database).
pub fn check(class: &str, engine: &str, version: &str, global: bool) -> Answer<()> {
    if !class.starts_with("db.") {
        return value(format!("Invalid DB Instance class: {class}"));
    }
    match all().find(|(known, _)| known == class) {
        None => combination(format!(
            "RDS does not support creating a DB instance with the following combination: DBInstanceClass={class}, Engine={engine}, EngineVersion={version}, LicenseModel={}. For supported combinations of instance class and database engine version, see the documentation.",
            license(engine)
        )),
        Some((_, false)) if global => {
            combination(format!("The DB instance class {class} isn't supported for an Aurora global database."))
        }
        Some(_) => Ok(()),
    }
}

#[derive(Deserialize)]
pub struct Describe {
    Engine: String,
    EngineVersion: Option<String>,
    DBInstanceClass: Option<String>,
    LicenseModel: Option<String>,
    Vpc: Option<bool>,
    Filters: Option<Vec<super::arn::Filter>>,
    MaxRecords: Option<u64>,
    Marker: Option<String>,
}

#[derive(Serialize)]
pub struct Described {
    OrderableDBInstanceOptions: Vec<Told>,
    Marker: Option<String>,
}

#[derive(Serialize)]
struct Told {
    Engine: &'static str,
    EngineVersion: &'static str,
    DBInstanceClass: String,
    LicenseModel: &'static str,
    AvailabilityZones: Vec<Zone>,
    MultiAZCapable: bool,
    ReadReplicaCapable: bool,
    Vpc: bool,
    SupportsStorageEncryption: bool,
    StorageType: &'static str,
    SupportsGlobalDatabases: bool,
    SupportsClusters: bool,
    SupportedEngineModes: Vec<&'static str>,
}

#[derive(Serialize)]
struct Zone {
    Name: String,
}

pub fn describe(_: &mut World, caller: &Caller, ask: Describe) -> Answer<Described> {
    known(ask.Filters.as_deref(), &[])?;
    let (engine, _) = versions::chosen(Some(&ask.Engine), None)?;
    let size = ask.MaxRecords.unwrap_or(100);
    if !(20..=10_000).contains(&size) {
        return value(format!("Invalid value {size} for MaxRecords. Must be between 20 and 10000"));
    }
    let told = |release: &'static Release, (class, global): (String, bool)| Told {
        Engine: release.0,
        EngineVersion: release.1,
        DBInstanceClass: class,
        LicenseModel: license(release.0),
        AvailabilityZones: ["a", "b", "c"].map(|zone| Zone { Name: format!("{}{zone}", caller.region) }).into(),
        MultiAZCapable: false,
        ReadReplicaCapable: false,
        Vpc: true,
        SupportsStorageEncryption: true,
        StorageType: "aurora",
        SupportsGlobalDatabases: global,
        SupportsClusters: true,
        SupportedEngineModes: vec!["provisioned"],
    };
    let options = versions::of(&engine).flat_map(|release| all().map(move |class| told(release, class)));
    let wanted = |option: &Told| {
        ask.EngineVersion.as_ref().is_none_or(|version| option.EngineVersion == version)
            && ask.DBInstanceClass.as_ref().is_none_or(|class| option.DBInstanceClass == *class)
            && ask.LicenseModel.as_ref().is_none_or(|license| option.LicenseModel == license)
            && ask.Vpc != Some(false)
    };
    // numbers keep the order in which they were counted
    let found: Vec<(usize, Told)> = options.filter(wanted).enumerate().collect();
    let place = |(number, _): &(usize, Told)| format!("{number:06}");
    let (found, marker) = paging::page(found, place, ask.Marker.as_deref(), size as usize, "InvalidParameterValue")?;
    Ok(Described { OrderableDBInstanceOptions: found.into_iter().map(|(_, told)| told).collect(), Marker: marker })
}
