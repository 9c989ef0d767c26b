//! The simulator, judged by clients and models that nobody here wrote: boto3, the AWS CLI, and the
//! service models that botocore ships. Where they are not installed the tests say SKIPPED.

#![allow(clippy::unwrap_used, reason = "a test may panic")]
#![allow(clippy::disallowed_methods, reason = "real processes run by real time")]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use support::python::{Recorder, python, script};
use support::served::Served;

#[test]
fn boto3_calls_every_operation_well_and_badly_and_the_models_agree() {
    let Some(python) = python(&["boto3"]) else { return };
    let served = Served::start(&["--empty", "--speed", "60"]);
    let recorder = Recorder::start(&python, served.port, "boto3");
    let output = Command::new(&python)
        .arg(script("contract/probe.py"))
        .arg(recorder.endpoint())
        .arg(served.endpoint())
        .output()
        .unwrap();
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{said}");
    let judged = recorder.answers_judged(&python);
    let mut seen: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for line in judged.lines() {
        if let Some((operation, result)) = line.split_once(' ') {
            let result = result.split(' ').next().unwrap();
            seen.entry(operation.to_string()).or_default().insert(result);
        }
    }
    let botocore_name = |scope: &str| match scope {
        "elasticloadbalancing" => "elbv2".to_string(),
        "monitoring" => "cloudwatch".to_string(),
        "servicequotas" => "service-quotas".to_string(),
        other => other.to_string(),
    };
    let mut missing = vec![];
    for service in tandem_sim::services::ALL {
        for operation in service.operations {
            let name = format!("{}.{}", botocore_name(service.scope), operation.name);
            for wanted in ["ok", "error"] {
                if !seen.get(&name).is_some_and(|results| results.contains(wanted)) {
                    missing.push(format!("{name} {wanted}"));
                }
            }
        }
    }
    assert!(missing.is_empty(), "the table has operations that were not tried: {missing:?}");
}

#[test]
fn the_aws_cli_reads_the_ready_stack() {
    let Some(python) = python(&["boto3"]) else { return };
    let beside = Path::new(&python).with_file_name("aws");
    let aws = if beside.exists() { beside } else { PathBuf::from("aws") };
    if Command::new(&aws).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_err() {
        println!("SKIPPED: the AWS CLI is not installed");
        return;
    }
    let served = Served::start(&[]);
    let recorder = Recorder::start(&python, served.port, "cli");
    let run = |line: &str| {
        let output = Command::new(&aws)
            .args(line.split(' '))
            .args(["--endpoint-url", &recorder.endpoint(), "--output", "json"])
            .env("AWS_ACCESS_KEY_ID", "AKIDCLI")
            .env("AWS_SECRET_ACCESS_KEY", "secret")
            .env("AWS_CONFIG_FILE", "/dev/null")
            .env("AWS_PAGER", "")
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "aws {line}: {said}");
        serde_json::from_slice::<serde_json::Value>(&output.stdout).unwrap()
    };
    let services = run("ecs describe-services --region eu-west-1 --cluster shop --services shop-web");
    let service = &services["services"][0];
    assert_eq!(service["runningCount"], service["desiredCount"]);
    let balancers = run("elbv2 describe-load-balancers --region us-east-1 --names shop-web");
    assert_eq!(balancers["LoadBalancers"][0]["State"]["Code"], "active");
    let zones = run("route53 list-hosted-zones --region us-east-1");
    let zone = zones["HostedZones"][0]["Id"].as_str().unwrap().rsplit('/').next().unwrap().to_string();
    let records = run(&format!("route53 list-resource-record-sets --region us-east-1 --hosted-zone-id {zone}"));
    let names: BTreeSet<&str> =
        records["ResourceRecordSets"].as_array().unwrap().iter().filter_map(|set| set["Name"].as_str()).collect();
    for name in ["app.shop.example.", "us-east-1.app.shop.example.", "rest-us-east-1.app.shop.example."] {
        assert!(names.contains(name), "{name} is not in {names:?}");
    }
    let metrics = run("cloudwatch list-metrics --region eu-west-1 --namespace AWS/ApplicationELB --max-items 5");
    assert!(!metrics["Metrics"].as_array().unwrap().is_empty());
    let targets = run("application-autoscaling describe-scalable-targets --region eu-west-1 --service-namespace ecs");
    assert_eq!(targets["ScalableTargets"][0]["ResourceId"], "service/shop/shop-web");
    assert_eq!(run("sts get-caller-identity --region eu-west-1")["Account"], "123456789012");
    recorder.answers_judged(&python);
}

#[test]
fn what_tandem_sends_and_gets_fits_the_models() {
    let Some(python) = python(&["boto3"]) else { return };
    let served = Served::start(&[]);
    let recorder = Recorder::start(&python, served.port, "tandem");
    let output = Command::new(env!("CARGO_BIN_EXE_tandem"))
        .args(["status", "--json", "--endpoint-url", &recorder.endpoint()])
        .current_dir(std::env::temp_dir())
        .env("XDG_CONFIG_HOME", "/nonexistent")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{}\n{said}", String::from_utf8_lossy(&output.stdout));
    let judged = recorder.answers_judged(&python);
    for operation in [
        "ecs.DescribeServices",
        "elbv2.DescribeTargetHealth",
        "cloudwatch.GetMetricData",
        "route53.ListResourceRecordSets",
    ] {
        assert!(judged.contains(operation), "{operation} was not called:\n{judged}");
    }
    recorder.requests_judged(&python);
}
