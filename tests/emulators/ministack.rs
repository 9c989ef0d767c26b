//! The whole life of a stack on ministack: it replicates tables, moves writers and runs tasks. Where it is not as
//! AWS is stands in `tests/ministack/known.toml`, and nowhere else.

use crate::emulator::Emulator;
use crate::support::python::{python, script};
use crate::{Folder, Said};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

/// What ministack does otherwise.
#[derive(Deserialize)]
struct Known {
    plan: Vec<Row>,
    apply: Vec<Failure>,
    destroy: Vec<Failure>,
}

/// A row of the plan.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
struct Row {
    id: String,
    action: String,
    #[serde(default)]
    differs: BTreeSet<String>,
}

/// A resource that a run cannot bring to its place.
#[derive(Deserialize)]
struct Failure {
    id: String,
    /// What the service answers.
    says: String,
}

fn known() -> Known {
    toml::from_str(&std::fs::read_to_string(script("ministack/known.toml")).unwrap()).unwrap()
}

fn ministack(python: &str) -> Emulator {
    Emulator::start(python, "ministack", |command, port| {
        command
            .arg(script("emulators/start_ministack.py"))
            .env("BIND_HOST", "127.0.0.1")
            .env("GATEWAY_PORT", port.to_string())
            .env("MINISTACK_ACCOUNT_ID", "123456789012")
            .env("DOCKER_HOST", "unix:///nonexistent/docker.sock")
            .env("LOG_LEVEL", "ERROR")
            .env("SFTP_ENABLED", "0")
            .env("IOT_MTLS_ENABLED", "0");
    })
}

/// The rows of a plan that are not unchanged.
fn rows(said: &Said) -> BTreeSet<Row> {
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
fn fails_as_known(said: &Said, known: &[Failure]) {
    let failed = said.errors.lines().filter_map(|line| line.split_once(": "));
    let known: BTreeMap<&str, &str> = known.iter().map(|one| (one.id.as_str(), one.says.as_str())).collect();
    let failed: BTreeMap<&str, &str> = failed.filter(|(id, _)| said.out.contains(&format!("  {id}  failed"))).collect();
    let ids: Vec<&&str> = failed.keys().collect();
    assert_eq!(ids, known.keys().collect::<Vec<_>>(), "{}\n{}", said.out, said.errors);
    failed.iter().for_each(|(id, why)| assert!(why.contains(known[id]), "{id}: {why}"));
}

#[test]
fn a_stack_is_made_planned_switched_over_and_taken_away() {
    let Some(python) = python(&["boto3", "ministack", "cbor2"]) else { return };
    let (emulator, folder, known) = (ministack(&python), Folder::new("ministack"), known());
    let endpoint = emulator.recorder.endpoint();
    folder.configure(&[
        ("# image = ", "image = "),
        ("# autoscaling = true", "autoscaling = false"),
        // of those that it has
        ("# version = \"16.6\"", "version = \"16.9\""),
    ]);
    emulator.run("deeds.py", &["zone", "example.com"]);

    let applied = folder.tandem(&endpoint, &["apply", "--yes"]).ended_with(1);
    fails_as_known(&applied, &known.apply);
    let wanted: BTreeSet<Row> = known.plan.into_iter().collect();
    assert_eq!(rows(&folder.tandem(&endpoint, &["plan", "--json"])), wanted);

    emulator.run("deeds.py", &["switchover", "shop-db", "eu-west-1"]);
    assert_eq!(rows(&folder.tandem(&endpoint, &["plan", "--json"])), wanted, "after a switchover");

    let destroyed = folder.tandem(&endpoint, &["destroy", "--yes"]).ended_with(1);
    fails_as_known(&destroyed, &known.destroy);
    emulator.run("deeds.py", &["forget_secrets", "shop-"]);
    folder.tandem(&endpoint, &["destroy", "--yes"]).ended_with(0);
    assert_eq!(emulator.run("deeds.py", &["left", "shop"]), "");

    let judged = emulator.recorder.requests_judged(&python);
    for operation in ["rds.CreateGlobalCluster", "ecs.CreateService", "route53.CreateHealthCheck"] {
        assert!(judged.contains(operation), "{operation} was not called");
    }
}
