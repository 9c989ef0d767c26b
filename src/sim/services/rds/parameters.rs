//! What parameter groups of clusters and of instances share: the parameters themselves, how they are told and
//! changed, and which group a resource takes.

use super::refusals::{combination, no_parameter_group, page, refuse, value};
use super::versions;
use crate::operation::Answer;
use crate::world::aurora::{Key, ParameterGroup};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Engine, whether clusters have it, whether instances have it, name, default, allowed values, whether it is dynamic,
/// what it does (Aurora User Guide, parameters of Aurora PostgreSQL and of Aurora MySQL; a few of them).
type Row = (&'static str, bool, bool, &'static str, &'static str, &'static str, bool, &'static str);

const PG: &str = "aurora-postgresql";
const MY: &str = "aurora-mysql";

#[rustfmt::skip]
const PARAMETERS: &[Row] = &[
    (PG, true, false, "apg_write_forward.consistency_mode", "SESSION", "SESSION,EVENTUAL,GLOBAL,OFF", true, "Consistency of forwarded writes."),
    (PG, true, false, "apg_write_forward.max_forwarding_connections_percent", "25", "1-100", true, "Share of connections for forwarded writes."),
    (PG, true, true, "idle_in_transaction_session_timeout", "86400000", "0-2147483647", true, "Ends sessions that are idle in a transaction, milliseconds."),
    (PG, true, true, "log_connections", "0", "0,1", true, "Logs each successful connection."),
    (PG, true, true, "log_min_duration_statement", "-1", "-1-2147483647", true, "Logs statements that take longer, milliseconds."),
    (PG, true, true, "log_statement", "none", "none,ddl,mod,all", true, "Sets the type of statements logged."),
    (PG, true, true, "max_connections", "LEAST({DBInstanceClassMemory/9531392},5000)", "6-262143", false, "Sets the maximum number of concurrent connections."),
    (PG, true, false, "rds.force_ssl", "1", "0,1", true, "Force SSL connections."),
    (PG, true, false, "rds.global_db_rpo", "-1", "-1,20-2147483647", true, "Commits wait while every secondary is further behind, seconds."),
    (PG, true, false, "rds.logical_replication", "0", "0,1", false, "Enables logical decoding."),
    (PG, true, true, "statement_timeout", "0", "0-2147483647", true, "Sets the maximum allowed duration of any statement, milliseconds."),
    (MY, true, false, "aurora_fwd_writer_idle_timeout", "60", "1-86400", true, "Closes idle forwarded connections, seconds."),
    (MY, true, false, "aurora_fwd_writer_max_connections_pct", "10", "0-90", true, "Share of connections for forwarded writes."),
    (MY, true, false, "aurora_replica_read_consistency", "", ",EVENTUAL,SESSION,GLOBAL", true, "Consistency of reads where writes are forwarded."),
    (MY, true, true, "long_query_time", "10", "0-31536000", true, "What counts as slow, seconds."),
    (MY, true, true, "max_connections", "GREATEST({log(DBInstanceClassMemory/805306368)*45},{log(DBInstanceClassMemory/8187281408)*1000})", "1-16000", true, "The number of simultaneous client connections allowed."),
    (MY, true, true, "slow_query_log", "0", "0,1", true, "Logs slow statements."),
];

/// What a group is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Of {
    Clusters,
    Instances,
}

impl Of {
    fn has(self, row: &Row, family: &str) -> bool {
        let (engine, cluster, instance, ..) = *row;
        family.starts_with(engine) && if self == Self::Clusters { cluster } else { instance }
    }
}

#[derive(Serialize)]
pub struct Parameter {
    ParameterName: &'static str,
    ParameterValue: String,
    Description: &'static str,
    AllowedValues: &'static str,
    Source: &'static str,
    ApplyType: &'static str,
    ApplyMethod: &'static str,
    IsModifiable: bool,
}

/// A page of the parameters of a group, those of one source where that is asked for.
pub fn told(
    of: Of,
    group: &ParameterGroup,
    source: Option<&str>,
    marker: Option<&str>,
    size: Option<u64>,
) -> Answer<(Vec<Parameter>, Option<String>)> {
    let parameter = |row: &Row| {
        let (.., name, usual, allowed, dynamic, what) = *row;
        let changed = group.values.get(name);
        Parameter {
            ParameterName: name,
            ParameterValue: changed.cloned().unwrap_or_else(|| usual.to_string()),
            Description: what,
            AllowedValues: allowed,
            Source: if changed.is_some() { "user" } else { "engine-default" },
            ApplyType: if dynamic { "dynamic" } else { "static" },
            ApplyMethod: if dynamic { "immediate" } else { "pending-reboot" },
            IsModifiable: true,
        }
    };
    let all = PARAMETERS.iter().filter(|row| of.has(row, &group.family)).map(parameter);
    let wanted = all.filter(|parameter| source.is_none_or(|source| parameter.Source == source));
    page(wanted, |parameter| parameter.ParameterName.to_string(), marker, size)
}

#[derive(Deserialize)]
pub struct Change {
    ParameterName: String,
    ParameterValue: String,
    ApplyMethod: Option<String>,
}

/// How many parameters one call changes (RDS API Reference).
const AT_ONCE: usize = 20;

/// Changes all of the parameters, or none.
pub fn change(of: Of, group: &mut ParameterGroup, changes: Vec<Change>) -> Answer<()> {
    if changes.len() > AT_ONCE {
        return value(format!("A maximum of {AT_ONCE} parameters can be modified in a single request"));
    }
    for change in &changes {
        let row = PARAMETERS.iter().find(|row| row.3 == change.ParameterName && of.has(row, &group.family));
        let Some((.., name, _, allowed, dynamic, _)) = row else {
            return value(format!("Could not find parameter with name: {}", change.ParameterName));
        };
        if !allows(allowed, &change.ParameterValue) {
            return value(format!(
                "Invalid parameter value: {} for: {name} allowed values are: {allowed}",
                change.ParameterValue
            ));
        }
        match change.ApplyMethod.as_deref() {
            Some("immediate") if !dynamic => {
                return combination("cannot use immediate apply method for static parameter");
            }
            None | Some("immediate" | "pending-reboot") => {}
            Some(other) => return value(format!("Invalid apply method: {other}")),
        }
    }
    group.values.extend(changes.into_iter().map(|change| (change.ParameterName, change.ParameterValue)));
    Ok(())
}

/// Whether `value` is one of `a,b,1-9`; a range may begin below zero.
fn allows(allowed: &str, value: &str) -> bool {
    allowed.split(',').any(|one| {
        let middle = one.char_indices().skip(1).find(|(_, letter)| *letter == '-').map(|(at, _)| at);
        let range = middle.and_then(|at| Some((one[..at].parse::<i64>().ok()?, one[at + 1..].parse::<i64>().ok()?)));
        match (range, value.parse::<i64>()) {
            (Some((low, high)), Ok(value)) => (low..=high).contains(&value),
            _ => one == value,
        }
    })
}

/// The name of the group that a resource takes, which must be of its engine's family.
pub fn chosen(
    groups: &BTreeMap<Key, ParameterGroup>,
    region: &str,
    asked: Option<&str>,
    engine: &str,
    version: &str,
) -> Answer<String> {
    let family = versions::family(engine, version);
    let usual = format!("default.{family}");
    let Some(name) = asked.map(str::to_ascii_lowercase).filter(|name| *name != usual) else { return Ok(usual) };
    match groups.get(&(region.to_string(), name.clone())) {
        None => Err(no_parameter_group(&name)),
        Some(group) if group.family != family => combination(format!(
            "The Parameter Group {name} with DBParameterGroupFamily {} cannot be used for this instance. Please use a Parameter Group with DBParameterGroupFamily {family}",
            group.family
        )),
        Some(_) => Ok(name),
    }
}

/// The group of this name; AWS's own ones, of which every family has one, hold nothing but defaults.
pub fn find(groups: &BTreeMap<Key, ParameterGroup>, region: &str, name: &str) -> Answer<ParameterGroup> {
    let name = name.to_ascii_lowercase();
    if let Some(group) = groups.get(&(region.to_string(), name.clone())) {
        return Ok(group.clone());
    }
    match name.strip_prefix("default.").filter(|family| versions::is_family(family)) {
        Some(family) => Ok(usual(region, family)),
        None => Err(no_parameter_group(&name)),
    }
}

/// The group of a family that AWS made.
pub fn usual(region: &str, family: &str) -> ParameterGroup {
    ParameterGroup {
        region: region.into(),
        name: format!("default.{family}"),
        family: family.into(),
        description: format!("Default parameter group for {family}"),
        values: Default::default(),
        tags: Default::default(),
    }
}

/// Refuses what is no name of a new group, and families that no engine has.
pub fn new(groups: &BTreeMap<Key, ParameterGroup>, key: &Key, family: &str) -> Answer<()> {
    if groups.contains_key(key) {
        return refuse("DBParameterGroupAlreadyExists", format!("Parameter group {} already exists", key.1));
    }
    let plain = key.1.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let named = key.1.starts_with(|first: char| first.is_ascii_alphabetic())
        && plain
        && key.1.len() <= 255
        && !key.1.ends_with('-')
        && !key.1.contains("--");
    if !named {
        return value(format!("The parameter DBParameterGroupName is not a valid identifier: {}", key.1));
    }
    if !versions::is_family(family) {
        return value(format!("ParameterGroupFamily {family} is not a valid parameter group family"));
    }
    Ok(())
}

/// Refuses to change or delete what AWS made.
pub fn own(name: &str, what: &str) -> Answer<()> {
    if name.starts_with("default.") {
        return value(format!("Default parameter group {name} cannot be {what}."));
    }
    Ok(())
}

/// What keeps a group from being deleted.
pub fn in_use<T>(name: &str) -> Answer<T> {
    refuse(
        "InvalidDBParameterGroupState",
        format!(
            "One or more database instances are still members of this parameter group {name}, so the group cannot be deleted"
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::allows;

    #[test]
    fn values_are_one_of_a_list_or_in_a_range() {
        let rpo = "-1,20-2147483647";
        assert!(allows(rpo, "-1") && allows(rpo, "20") && allows(rpo, "60"));
        assert!(!allows(rpo, "19") && !allows(rpo, "soon"));
        assert!(allows("SESSION,OFF", "OFF") && !allows("SESSION,OFF", "off"));
        assert!(allows("-1-2147483647", "-1") && allows("-1-2147483647", "0") && !allows("-1-2147483647", "-2"));
    }
}
