//! The whole life of a stack on ministack: it replicates tables, moves writers and runs tasks. Where it is not as
//! AWS is stands in `tests/ministack/known.toml`, and nowhere else.

use crate::emulator::Emulator;
use crate::known::{Known, fails_as_known, rows};
use crate::support::python::{python, script};
use crate::{APP_IMAGE, Home};

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

#[test]
fn a_stack_is_made_planned_switched_over_and_taken_away() {
    let Some(python) = python(&["boto3", "ministack", "cbor2"]) else { return };
    let (emulator, folder, known) = (ministack(&python), Home::new("ministack"), Known::of("ministack"));
    let endpoint = emulator.recorder.endpoint();
    folder.configure(&[
        APP_IMAGE,
        ("# autoscaling = true", "autoscaling = false"),
        // of those that it has
        ("# version = \"16.6\"", "version = \"16.9\""),
    ]);
    emulator.run("deeds.py", &["zone", "example.com"]);

    let applied = folder.tandem(&endpoint, &["apply", "--yes"]).ended_with(1);
    fails_as_known(&applied, &known.apply);
    let wanted = known.rows();
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
