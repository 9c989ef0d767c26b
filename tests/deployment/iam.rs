//! Reads policies as IAM does, as far as these tests need it.

use serde_json::Value;
use tandem::model::call::Call;

pub const ACCOUNT: &str = "123456789012";

pub fn list(value: &Value) -> Vec<&str> {
    value.as_array().into_iter().flatten().chain([value]).filter_map(Value::as_str).collect()
}

/// `*` and `?` as IAM reads them.
fn matches(pattern: &str, text: &str) -> bool {
    match pattern.as_bytes().first() {
        None => text.is_empty(),
        Some(b'*') => (0..=text.len()).any(|from| text.is_char_boundary(from) && matches(&pattern[1..], &text[from..])),
        Some(b'?') => !text.is_empty() && matches(&pattern[1..], &text[1..]),
        Some(first) => text.as_bytes().first() == Some(first) && matches(&pattern[1..], &text[1..]),
    }
}

/// Whether a statement allows it; without a resource, on whatever it is about.
pub fn allows(document: &Value, action: &str, region: &str, resource: Option<&str>) -> bool {
    document["Statement"].as_array().unwrap().iter().any(|statement| {
        let regions = &statement["Condition"]["StringEquals"]["aws:RequestedRegion"];
        let about = |resource: &str| list(&statement["Resource"]).iter().any(|pattern| matches(pattern, resource));
        list(&statement["Action"]).contains(&action)
            && (regions.is_null() || list(regions).contains(&region))
            && resource.is_none_or(about)
    })
}

/// Whether records of this name may be changed.
pub fn names_record(document: &Value, name: &str) -> bool {
    document["Statement"].as_array().unwrap().iter().any(|statement| {
        let names =
            &statement["Condition"]["ForAllValues:StringLike"]["route53:ChangeResourceRecordSetsNormalizedRecordNames"];
        list(names).iter().any(|pattern| matches(pattern, name))
    })
}

/// The resources that a call names, as far as its input tells.
pub fn touched(call: &Call) -> Vec<String> {
    let input = call.input();
    let text = |member: &str| input[member].as_str().map(str::to_string);
    let arn = |service: &str, resource: String| format!("arn:aws:{service}:{}:{ACCOUNT}:{resource}", call.region);
    let named =
        |service: &str, kind: &str, member: &str| text(member).map(|name| arn(service, format!("{kind}{name}")));
    let operation = call.operation();
    let found = match call.service() {
        "ecs" if ["CreateCluster", "RegisterTaskDefinition", "DeregisterTaskDefinition"].contains(&operation) => vec![],
        "ecs" => match text("service").or(text("serviceName")) {
            Some(service) => {
                vec![Some(arn("ecs", format!("service/{}/{service}", text("cluster").unwrap_or_default())))]
            }
            None => vec![named("ecs", "cluster/", "cluster")],
        },
        "elbv2" if operation == "CreateLoadBalancer" => {
            vec![text("Name").map(|name| arn("elasticloadbalancing", format!("loadbalancer/app/{name}/1")))]
        }
        "elbv2" if operation == "CreateTargetGroup" => {
            vec![text("Name").map(|name| arn("elasticloadbalancing", format!("targetgroup/{name}/1")))]
        }
        "elbv2" => ["RuleArn", "ListenerArn", "LoadBalancerArn", "TargetGroupArn"].map(text).into(),
        "rds" => vec![
            named("rds", "cluster:", "DBClusterIdentifier").filter(|_| operation != "CreateDBInstance"),
            named("rds", "db:", "DBInstanceIdentifier"),
            named("rds", "cluster-pg:", "DBClusterParameterGroupName"),
            named("rds", "subgrp:", "DBSubnetGroupName"),
            named("rds", "cluster-snapshot:", "FinalDBSnapshotIdentifier"),
            named("rds", "cluster-snapshot:", "TargetDBClusterSnapshotIdentifier"),
            text("GlobalClusterIdentifier").map(|name| format!("arn:aws:rds::{ACCOUNT}:global-cluster:{name}")),
            text("TargetDbClusterIdentifier"),
        ],
        "rds-data" => vec![text("resourceArn")],
        "dynamodb" => vec![named("dynamodb", "table/", "TableName"), text("ResourceArn")],
        "secretsmanager" => {
            let name = text("SecretId").or(text("Name")).unwrap_or_default();
            vec![Some(arn("secretsmanager", format!("secret:{name}-AbCdEf")))]
        }
        "cloudwatch" => {
            let alarms = list(&input["AlarmNames"]).into_iter().map(str::to_string).chain(text("AlarmName"));
            let dashboards =
                list(&input["DashboardNames"]).into_iter().map(str::to_string).chain(text("DashboardName"));
            let dashboard = |name: String| format!("arn:aws:cloudwatch::{ACCOUNT}:dashboard/{name}");
            let alarms = alarms.map(|name| Some(arn("cloudwatch", format!("alarm:{name}"))));
            alarms.chain(dashboards.map(|name| Some(dashboard(name)))).collect()
        }
        "cloudformation" => vec![named("cloudformation", "stack/", "StackName").map(|stack| stack + "/1")],
        _ => vec![],
    };
    found.into_iter().flatten().collect()
}
