//! One ill a row.

use crate::ward::{HOME, PEER, THIRD, Ward, told};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use tandem::deploy::doctor;
use tandem::deploy::doctor::report::State;
use tandem::model::spec::Certificate;

/// What is planted; the check that names it, where, and a word of what it says.
type Row = (&'static str, fn(&mut Ward), &'static str, &'static str, &'static str);

const ROWS: &[Row] = &[
    ("credentials that ran out", |ward| ward.fault("F11", |_| {}), "credentials", "", "aws sso login"),
    ("a clock that is behind", |ward| ward.fault("F12", |_| {}), "clock", "", "timedatectl"),
    (
        "a service that may not be read",
        |ward| ward.fault("F13", |fault| fault.service = Some("rds".into())),
        "permissions",
        "eu-west-1, us-east-1",
        "rds:DescribeDBClusters is denied",
    ),
    (
        "one call that may not be made, in one Region",
        |ward| {
            ward.fault("F13", |fault| {
                fault.region = Some(PEER.into());
                fault.operation = Some("DescribeTimeToLive".into());
            });
        },
        "permissions",
        PEER,
        "dynamodb:DescribeTimeToLive is denied",
    ),
    (
        "health checks that may not be listed",
        |ward| ward.fault("F13", |fault| fault.operation = Some("ListHealthChecks".into())),
        "permissions",
        "",
        "route53:ListHealthChecks is denied",
    ),
    (
        "a Region that the account has not opted in to",
        |ward| ward.fault("F34", |fault| fault.region = Some(PEER.into())),
        "regions",
        PEER,
        "aws account enable-region --region-name eu-west-1",
    ),
    ("too few vCPUs", |ward| quota(ward, PEER, "L-3032A538", 6.0), "quotas", PEER, "needs up to 12"),
    (
        "no room for a watcher where nothing else is",
        |ward| {
            watched(ward);
            quota(ward, "us-east-2", "L-F678F1CE", 0.0);
        },
        "quotas",
        "us-east-2",
        "VPCs per Region",
    ),
    (
        "a watcher's image that is nowhere",
        |ward| {
            watched(ward);
            ward.fault("F33", |fault| fault.region = Some("us-east-2".into()));
        },
        "image",
        "us-east-2",
        "docker push 123456789012.dkr.ecr.us-east-2.amazonaws.com/tandem:1",
    ),
    ("too few health checks", |ward| quota(ward, HOME, "L-ACB674F3", 5.0), "quotas", HOME, "--quota-code L-ACB674F3"),
    ("no NAT gateways", |ward| quota(ward, HOME, "L-FE5A380F", 0.0), "quotas", HOME, "NAT gateways"),
    ("too few addresses", |ward| quota(ward, PEER, "L-0263D0A3", 2.0), "quotas", PEER, "Elastic IPs"),
    ("too few database instances", |ward| quota(ward, PEER, "L-7B6409FD", 1.0), "quotas", PEER, "DB instances"),
    (
        "an image that one registry lacks",
        |ward| ward.fault("F33", |fault| fault.region = Some(PEER.into())),
        "image",
        PEER,
        "docker push 123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop-web:1.0",
    ),
    (
        "a version that is not to be had",
        |ward| ward.spec.database.version = "16.5".into(),
        "engine",
        HOME,
        "use one of 16.3, 16.4, 16.6",
    ),
    ("a class that is not to be had", |ward| ward.spec.database.class = "db.r4.large".into(), "engine", PEER, "db.r6g"),
    (
        "a certificate of another Region",
        |ward| {
            for site in &mut ward.spec.regions {
                let arn = "arn:aws:acm:us-east-1:123456789012:certificate/1";
                site.certificate = Some(Certificate::Given(arn.into()));
            }
        },
        "certificates",
        PEER,
        "its certificate is of us-east-1",
    ),
    (
        "a zone that is not there",
        |ward| {
            ward.spec.stack.zone = "other.example".into();
            ward.spec.stack.policy = "app.other.example".into();
        },
        "zone",
        "",
        "correct [dns] zone",
    ),
    (
        "two zones with one name",
        |ward| {
            let ask = json!({ "Name": "shop.example", "CallerReference": "second" });
            ward.call(HOME, "route53", "CreateHostedZone", ask);
        },
        "zone",
        "",
        "several public hosted zones",
    ),
    ("a domain that is elsewhere", |ward| ward.fault("F35", |_| {}), "delegation", "", "parking.example"),
    (
        "a member with another version",
        |ward| ward.fault("F27", |fault| fault.region = Some(PEER.into())),
        "parity",
        PEER,
        "a switchover to it is refused",
    ),
    (
        "writes that are not forwarded",
        |ward| cluster(ward, PEER, json!({ "EnableGlobalWriteForwarding": false })),
        "forwarding",
        PEER,
        "--enable-global-write-forwarding",
    ),
    (
        "a member in a Region that the file does not name",
        |ward| {
            let ask = json!({ "DBClusterIdentifier": "stranger", "Engine": "aurora-postgresql", "EngineVersion": "16.6",
                              "GlobalClusterIdentifier": "shop-db", "KmsKeyId": "alias/aws/rds" });
            ward.call("eu-central-1", "rds", "CreateDBCluster", ask);
            ward.pass(1200);
        },
        "members",
        "eu-central-1",
        "the file does not name the Region",
    ),
    (
        "a cluster that can be deleted",
        |ward| cluster(ward, HOME, json!({ "DeletionProtection": false })),
        "protection",
        HOME,
        "shop-db-us-east-1",
    ),
    (
        "sessions that can be deleted",
        |ward| {
            let ask = json!({ "TableName": "shop-sessions", "DeletionProtectionEnabled": false });
            ward.call(PEER, "dynamodb", "UpdateTable", ask);
            ward.pass(60);
        },
        "protection",
        PEER,
        "the table shop-sessions",
    ),
    (
        "backups that are kept a day",
        |ward| cluster(ward, PEER, json!({ "BackupRetentionPeriod": 1 })),
        "backups",
        PEER,
        "keeps backups 1 days",
    ),
    (
        "sessions that cannot go back in time",
        |ward| {
            let recovery = json!({ "PointInTimeRecoveryEnabled": false });
            let ask = json!({ "TableName": "shop-sessions", "PointInTimeRecoverySpecification": recovery });
            ward.call(HOME, "dynamodb", "UpdateContinuousBackups", ask);
        },
        "backups",
        HOME,
        "point in time",
    ),
    (
        "sessions that never end",
        |ward| {
            let ttl = json!({ "Enabled": false, "AttributeName": "expires_at" });
            let ask = json!({ "TableName": "shop-sessions", "TimeToLiveSpecification": ttl });
            ward.call(HOME, "dynamodb", "UpdateTimeToLive", ask);
            ward.pass(3700);
        },
        "ttl",
        HOME,
        "the table grows for ever",
    ),
    (
        "a control table that is elsewhere",
        |ward| ward.spec.control_regions = ["us-east-1", "us-east-2", "ca-central-1"].map(String::from).into(),
        "control",
        "ca-central-1",
        "the replica of shop-control is missing",
    ),
    (
        "a Region without sessions",
        |ward| {
            let off = json!({ "TableName": "shop-sessions", "DeletionProtectionEnabled": false });
            ward.call(PEER, "dynamodb", "UpdateTable", off);
            ward.pass(60);
            let ask = json!({ "TableName": "shop-sessions", "ReplicaUpdates": [{ "Delete": { "RegionName": PEER } }] });
            ward.call(HOME, "dynamodb", "UpdateTable", ask);
            ward.pass(1200);
        },
        "sessions",
        PEER,
        "the replica of shop-sessions is missing",
    ),
    (
        "a secret that one Region lacks",
        |ward| {
            let ask = json!({ "SecretId": "shop-heartbeat", "RemoveReplicaRegions": [PEER] });
            ward.call(HOME, "secretsmanager", "RemoveRegionsFromReplication", ask);
            ward.pass(60);
        },
        "secrets",
        PEER,
        "the secret shop-heartbeat is missing",
    ),
    (
        "scaling that is suspended",
        |ward| {
            let state = json!({ "DynamicScalingOutSuspended": true });
            let ask = json!({ "ServiceNamespace": "ecs", "ResourceId": "service/shop/shop-web",
                              "ScalableDimension": "ecs:service:DesiredCount", "SuspendedState": state });
            ward.call(PEER, "application-autoscaling", "RegisterScalableTarget", ask);
        },
        "scaling",
        PEER,
        "DynamicScalingOut of service/shop/shop-web is suspended",
    ),
    (
        "a switch that is missing",
        |ward| {
            let rule = switch(ward, HOME, PEER);
            ward.call(HOME, "elasticloadbalancing", "DeleteRule", json!({ "RuleArn": rule }));
            ward.pass(120);
        },
        "switches",
        HOME,
        "the switch of eu-west-1 is missing",
    ),
    (
        "a switch that says nonsense",
        |ward| {
            let rule = switch(ward, PEER, HOME);
            let says = json!([{ "Type": "fixed-response", "FixedResponseConfig": {
                "StatusCode": "200", "ContentType": "text/plain", "MessageBody": "hello" } }]);
            ward.call(PEER, "elasticloadbalancing", "ModifyRule", json!({ "RuleArn": rule, "Actions": says }));
            ward.pass(120);
        },
        "switches",
        PEER,
        "which no check understands",
    ),
    (
        "a health check that is disabled",
        |ward| health_check(ward, "shop-endpoint-eu-west-1", json!({ "Disabled": true })),
        "checks",
        PEER,
        "is disabled",
    ),
    (
        "a health check that asks in vain",
        |ward| health_check(ward, "shop-endpoint-eu-west-1", json!({ "Port": 81 })),
        "checks",
        PEER,
        "is unhealthy",
    ),
    (
        "a health check that is gone",
        |ward| {
            let id = found(ward, "shop-health-us-east-1")["Id"].clone();
            ward.call(HOME, "route53", "DeleteHealthCheck", json!({ "HealthCheckId": id }));
            ward.pass(60);
        },
        "checks",
        HOME,
        "is missing",
    ),
    (
        "two health checks for one thing",
        |ward| {
            let config = found(ward, "shop-endpoint-eu-west-1")["HealthCheckConfig"].clone();
            let ask = json!({ "CallerReference": "shop-endpoint-eu-west-1-0a1b2c3d", "HealthCheckConfig": config });
            ward.call(HOME, "route53", "CreateHealthCheck", ask);
            ward.pass(60);
        },
        "checks",
        PEER,
        "there are several health checks shop-endpoint-eu-west-1",
    ),
    (
        "a service that is gone",
        |ward| {
            let ask = json!({ "cluster": "shop", "service": "shop-web", "force": true });
            ward.call(PEER, "ecs", "DeleteService", ask);
        },
        "service",
        PEER,
        "shop-web",
    ),
    (
        "a health path that needs the writer",
        |ward| ward.fault("F36", |_| {}),
        "health-path",
        HOME,
        "/health touches the database's writer",
    ),
    (
        "an alarm that is left over",
        |ward| {
            let ask = json!({ "AlarmName": "shop-old", "MetricName": "RequestCount", "Namespace": "AWS/ApplicationELB",
                              "Statistic": "Sum", "Period": 60, "EvaluationPeriods": 1, "Threshold": 1.0,
                              "ComparisonOperator": "GreaterThanThreshold",
                              "Tags": [{ "Key": "tandem:stack", "Value": "shop" }] });
            ward.call(PEER, "monitoring", "PutMetricAlarm", ask);
        },
        "orphans",
        PEER,
        "shop-old is tagged as a part of shop",
    ),
];

fn watched(ward: &mut Ward) {
    ward.spec.watch.image = Some("123456789012.dkr.ecr.{region}.amazonaws.com/tandem:1".into());
}

fn quota(ward: &mut Ward, region: &str, code: &str, value: f64) {
    ward.fault("F32", |fault| {
        (fault.region, fault.quota, fault.value) = (Some(region.into()), Some(code.into()), Some(value));
    });
}

fn cluster(ward: &mut Ward, region: &str, mut ask: Value) {
    ask["DBClusterIdentifier"] = json!(format!("shop-db-{region}"));
    ask["ApplyImmediately"] = json!(true);
    ward.call(region, "rds", "ModifyDBCluster", ask);
    ward.pass(600);
}

/// The rule on the load balancer of `at` that evacuates `of`.
fn switch(ward: &mut Ward, at: &str, of: &str) -> String {
    let balancers = ward.call(at, "elasticloadbalancing", "DescribeLoadBalancers", json!({ "Names": ["shop-web"] }));
    let ask = json!({ "LoadBalancerArn": balancers["LoadBalancers"][0]["LoadBalancerArn"] });
    let listeners = ward.call(at, "elasticloadbalancing", "DescribeListeners", ask);
    let ask = json!({ "ListenerArn": listeners["Listeners"][0]["ListenerArn"] });
    let rules = ward.call(at, "elasticloadbalancing", "DescribeRules", ask);
    let path = format!("/.tandem/switch/{of}");
    let rule = rules["Rules"].as_array().unwrap().iter().find(|rule| rule.to_string().contains(&path)).unwrap();
    rule["RuleArn"].as_str().unwrap().into()
}

fn found(ward: &mut Ward, reference: &str) -> Value {
    let all = ward.call(HOME, "route53", "ListHealthChecks", json!({}));
    let named = |check: &&Value| check["CallerReference"].as_str().unwrap().starts_with(reference);
    all["HealthChecks"].as_array().unwrap().iter().find(named).unwrap().clone()
}

fn health_check(ward: &mut Ward, reference: &str, mut change: Value) {
    change["HealthCheckId"] = found(ward, reference)["Id"].clone();
    ward.call(HOME, "route53", "UpdateHealthCheck", change);
    ward.pass(180);
}

#[tokio::test(start_paused = true)]
async fn each_ill_is_named_and_no_other() {
    assert!(ROWS.len() >= 25);
    let mut wrong = vec![];
    for (what, plant, check, region, words) in ROWS {
        let mut ward = Ward::well();
        plant(&mut ward);
        let report = ward.report().await;
        let ills = report.lines.iter().filter(|line| line.state == State::Ill);
        let mut named: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for line in ills {
            let todo = line.todo.as_deref().unwrap_or_default();
            assert!(!todo.is_empty(), "{what}: {} says nothing to do", line.check);
            named.entry(line.check).or_default().push(format!("{}|{} {todo}", line.region, line.what));
        }
        let lines = named.get(check).cloned().unwrap_or_default();
        let there = lines.iter().any(|line| line.starts_with(&format!("{region}|")) && line.contains(words));
        if named.len() != 1 || !there || report.exit_code() != 1 {
            wrong.push(format!("## {what} (wanted {check} {region} {words})\n{}", told(&report)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[tokio::test(start_paused = true)]
async fn switches_that_disagree_are_named() {
    let mut ward = Ward::of_three();
    let report = ward.again().report().await;
    assert_eq!(report.exit_code(), 0, "{}", told(&report));
    let rule = switch(&mut ward, THIRD, PEER);
    let says = json!([{ "Type": "fixed-response", "FixedResponseConfig": {
        "StatusCode": "200", "ContentType": "text/plain", "MessageBody": "SERVE eu-west-1 9" } }]);
    ward.call(THIRD, "elasticloadbalancing", "ModifyRule", json!({ "RuleArn": rule, "Actions": says }));
    let report = ward.again().report().await;
    assert_eq!(report.ills(), ["switches"], "{}", told(&report));
    assert!(told(&report).contains("\"SERVE eu-west-1 9\" here"), "{}", told(&report));
    // a Region that is evacuated by all has unhealthy checks, as it shall
    for peer in [HOME, THIRD] {
        let rule = switch(&mut ward, peer, PEER);
        let says = json!([{ "Type": "fixed-response", "FixedResponseConfig": {
            "StatusCode": "200", "ContentType": "text/plain", "MessageBody": "EVACUATE eu-west-1 10" } }]);
        ward.call(peer, "elasticloadbalancing", "ModifyRule", json!({ "RuleArn": rule, "Actions": says }));
    }
    ward.pass(120);
    let report = ward.report().await;
    assert_eq!(report.exit_code(), 0, "{}", told(&report));
}

#[tokio::test(start_paused = true)]
async fn credentials_that_end_soon_and_a_clock_that_wanders_are_named() {
    let (mut findings, spec, ..) = Ward::well().look().await;
    findings.expires = Some(findings.now + jiff::SignedDuration::from_mins(5));
    let report = doctor::judge(&findings, &spec);
    assert_eq!(report.ills(), ["credentials"], "{}", told(&report));
    assert!(told(&report).contains("run out in 5 minutes"), "{}", told(&report));

    findings.expires = Some(findings.now + jiff::SignedDuration::from_hours(5));
    findings.dated = true;
    for region in &mut findings.regions {
        region.caller.as_mut().unwrap().ahead = Some(jiff::SignedDuration::from_secs(200));
    }
    let report = doctor::judge(&findings, &spec);
    assert_eq!(report.ills(), ["clock"], "{}", told(&report));
    assert!(told(&report).contains("200 s behind"), "{}", told(&report));
}
