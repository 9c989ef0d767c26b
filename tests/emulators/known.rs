//! Where a program is not as AWS is stands in a file beside its tests: everything else must go well.

use crate::Said;
use crate::support::python::script;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

/// What a program does otherwise than AWS.
#[derive(Deserialize)]
pub struct Known {
    plan: Vec<Row>,
    #[serde(default)]
    pub apply: Vec<Failure>,
    #[serde(default)]
    pub destroy: Vec<Failure>,
}

/// A row of the plan.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
pub struct Row {
    id: String,
    action: String,
    #[serde(default)]
    differs: BTreeSet<String>,
}

/// A resource that a run cannot bring to its place.
#[derive(Deserialize)]
pub struct Failure {
    id: String,
    /// What the service answers.
    says: String,
}

impl Known {
    /// That of the program whose folder this is.
    pub fn of(name: &str) -> Self {
        let text = std::fs::read_to_string(script(&format!("{name}/known.toml"))).unwrap();
        toml::from_str(&text).unwrap()
    }

    pub fn rows(&self) -> BTreeSet<Row> {
        self.plan.iter().cloned().collect()
    }
}

/// The rows of a plan that are not unchanged.
pub fn rows(said: &Said) -> BTreeSet<Row> {
    let plan: serde_json::Value = serde_json::from_str(&said.out).unwrap();
    let row = |row: &serde_json::Value| {
        let text = |name: &str| row[name].as_str().unwrap_or_default().to_string();
        let found = row["differences"].as_array().into_iter().flatten();
        let differs = found.filter_map(|one| one["member"].as_str()).map(String::from).collect();
        Row { id: text("id"), action: text("action"), differs }
    };
    plan["resources"].as_array().unwrap().iter().map(row).filter(|row| row.action != "unchanged").collect()
}

/// Exactly the known failures, each in the words of the service.
#[track_caller]
pub fn fails_as_known(said: &Said, known: &[Failure]) {
    let failed = said.errors.lines().filter_map(|line| line.split_once(": "));
    let known: BTreeMap<&str, &str> = known.iter().map(|one| (one.id.as_str(), one.says.as_str())).collect();
    let failed: BTreeMap<&str, &str> = failed.filter(|(id, _)| said.out.contains(&format!("  {id}  failed"))).collect();
    let ids: Vec<&&str> = failed.keys().collect();
    assert_eq!(ids, known.keys().collect::<Vec<_>>(), "{}\n{}", said.out, said.errors);
    failed.iter().for_each(|(id, why)| assert!(why.contains(known[id]), "{id}: {why}"));
}
