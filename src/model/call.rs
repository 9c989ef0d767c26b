//! The one description of an act. A plan's text, its hash, the AWS CLI line and what is sent all come
//! from a [`Call`]: what is shown is what is sent.

use super::epoch::{self, Epoch};
use super::records::{RecordSet, Routing};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// A mutation of one service in one Region.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Call {
    /// Where it is sent. Route 53 has one home: `us-east-1`.
    pub region: String,
    pub act: Act,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Act {
    /// ecs: only the number of tasks.
    UpdateService { cluster: String, service: String, desired: u32 },
    /// application-autoscaling: `resource` is `service/<cluster>/<service>`.
    RegisterScalableTarget { resource: String, min: u32, max: u32 },
    /// elbv2: the text of a fixed-response rule.
    ModifyRule { rule_arn: String, body: String },
    /// route53: one atomic batch.
    ChangeResourceRecordSets { zone_id: String, changes: Vec<Change> },
    /// rds: nothing is lost. Sent in the writer's Region.
    SwitchoverGlobalCluster { global: String, target_arn: String },
    /// rds: with data loss allowed. Sent in the target's Region.
    FailoverGlobalCluster { global: String, target_arn: String },
    /// rds: keeps a system snapshot beyond the retention of its cluster.
    CopyDbClusterSnapshot { source_arn: String, target_id: String },
    /// rds-data: one row that proves a writer.
    Heartbeat(Heartbeat),
    /// dynamodb: who may write, in the control table.
    WriteEpoch { table: String, before: Option<u64>, epoch: Epoch },
    /// Any request of a deployment, with AWS's own input.
    Request(Request),
}

/// A request as the AWS CLI takes it. Secrets stand in it as the dynamic references of CloudFormation,
/// `{{resolve:secretsmanager:NAME:SecretString:KEY}}`, and become themselves only when it is sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// The service, by the name that the AWS CLI has for it.
    pub service: String,
    /// By the API's name: `CreateLoadBalancer`.
    pub operation: String,
    pub input: Value,
}

/// A heartbeat: whoever commits it writes, and under which epoch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heartbeat {
    pub cluster_arn: String,
    /// Name or ARN of the secret of the user that may insert.
    pub secret: String,
    pub database: String,
    pub vantage: String,
    pub seq: u64,
    pub epoch: u64,
}

impl Heartbeat {
    /// The statement; a heartbeat that is sent twice is there once. The table: `tandem_heartbeat (vantage text,
    /// seq bigint, epoch bigint, at timestamptz DEFAULT now(), PRIMARY KEY (vantage, seq))`.
    pub const SQL: &str = "INSERT INTO tandem_heartbeat (vantage, seq, epoch) \
        VALUES (:vantage, :seq, :epoch) ON CONFLICT DO NOTHING";
}

/// A change of one record set. DELETE must match the record exactly, so a DELETE and CREATE pair is a
/// compare-and-swap.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    pub action: ChangeAction,
    pub set: RecordSet,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ChangeAction {
    Create,
    Delete,
}

impl ChangeAction {
    pub fn word(self) -> &'static str {
        match self {
            ChangeAction::Create => "CREATE",
            ChangeAction::Delete => "DELETE",
        }
    }
}

/// Where Route 53's control plane lives (AWS Fault Isolation Boundaries, Global services).
pub const ROUTE53_HOME: &str = "us-east-1";

impl Call {
    pub fn new(region: impl Into<String>, act: Act) -> Self {
        Self { region: region.into(), act }
    }

    /// A request of a deployment.
    pub fn request(region: &str, service: &str, operation: &str, input: Value) -> Self {
        Self::new(region, Act::Request(Request { service: service.into(), operation: operation.into(), input }))
    }

    /// Whether it may be sent again when nobody knows how it ended: it does nothing the second time.
    pub fn repeatable(&self) -> bool {
        matches!(self.act, Act::Heartbeat(_))
    }

    /// The service, by the name that the AWS CLI has for it.
    pub fn service(&self) -> &str {
        match &self.act {
            Act::UpdateService { .. } => "ecs",
            Act::RegisterScalableTarget { .. } => "application-autoscaling",
            Act::ModifyRule { .. } => "elbv2",
            Act::ChangeResourceRecordSets { .. } => "route53",
            Act::SwitchoverGlobalCluster { .. }
            | Act::FailoverGlobalCluster { .. }
            | Act::CopyDbClusterSnapshot { .. } => "rds",
            Act::Heartbeat(_) => "rds-data",
            Act::WriteEpoch { .. } => "dynamodb",
            Act::Request(request) => &request.service,
        }
    }

    pub fn operation(&self) -> &str {
        match &self.act {
            Act::UpdateService { .. } => "UpdateService",
            Act::RegisterScalableTarget { .. } => "RegisterScalableTarget",
            Act::ModifyRule { .. } => "ModifyRule",
            Act::ChangeResourceRecordSets { .. } => "ChangeResourceRecordSets",
            Act::SwitchoverGlobalCluster { .. } => "SwitchoverGlobalCluster",
            Act::FailoverGlobalCluster { .. } => "FailoverGlobalCluster",
            Act::CopyDbClusterSnapshot { .. } => "CopyDBClusterSnapshot",
            Act::Heartbeat(_) => "ExecuteStatement",
            Act::WriteEpoch { .. } => "PutItem",
            Act::Request(request) => &request.operation,
        }
    }

    /// The IAM action that it needs.
    pub fn iam_action(&self) -> String {
        let prefix = match self.service() {
            "elbv2" => "elasticloadbalancing",
            other => other,
        };
        format!("{prefix}:{}", self.operation())
    }

    /// The input, with AWS's names.
    pub fn input(&self) -> Value {
        match &self.act {
            Act::UpdateService { cluster, service, desired } => {
                json!({ "cluster": cluster, "service": service, "desiredCount": desired })
            }
            Act::RegisterScalableTarget { resource, min, max } => json!({
                "ServiceNamespace": "ecs", "ResourceId": resource,
                "ScalableDimension": "ecs:service:DesiredCount", "MinCapacity": min, "MaxCapacity": max,
            }),
            Act::ModifyRule { rule_arn, body } => json!({ "RuleArn": rule_arn, "Actions": [fixed_response(body)] }),
            Act::ChangeResourceRecordSets { zone_id, changes } => json!({
                "HostedZoneId": zone_id, "ChangeBatch": { "Changes": changes.iter().map(change).collect::<Vec<_>>() },
            }),
            Act::SwitchoverGlobalCluster { global, target_arn } => {
                json!({ "GlobalClusterIdentifier": global, "TargetDbClusterIdentifier": target_arn })
            }
            Act::FailoverGlobalCluster { global, target_arn } => json!({
                "GlobalClusterIdentifier": global, "TargetDbClusterIdentifier": target_arn, "AllowDataLoss": true,
            }),
            Act::CopyDbClusterSnapshot { source_arn, target_id } => json!({
                "SourceDBClusterSnapshotIdentifier": source_arn, "TargetDBClusterSnapshotIdentifier": target_id,
            }),
            Act::Heartbeat(beat) => json!({
                "resourceArn": beat.cluster_arn, "secretArn": beat.secret, "database": beat.database,
                "sql": Heartbeat::SQL,
                "parameters": [
                    { "name": "vantage", "value": { "stringValue": beat.vantage } },
                    { "name": "seq", "value": { "longValue": beat.seq } },
                    { "name": "epoch", "value": { "longValue": beat.epoch } },
                ],
            }),
            Act::WriteEpoch { table, before, epoch } => write_epoch(table, *before, epoch),
            Act::Request(request) => request.input.clone(),
        }
    }

    /// One line for people.
    pub fn summary(&self) -> String {
        match &self.act {
            Act::UpdateService { service, desired, .. } => format!("set desired count of {service} to {desired}"),
            Act::RegisterScalableTarget { resource, min, max } => {
                format!("let {} scale between {min} and {max}", resource.rsplit('/').next().unwrap_or(resource))
            }
            Act::ModifyRule { body, .. } => format!("switch rule answers \"{body}\""),
            Act::ChangeResourceRecordSets { changes, .. } => {
                let weights: Vec<String> = changes
                    .iter()
                    .filter(|change| change.action == ChangeAction::Create)
                    .map(|change| match change.set.routing {
                        Routing::Weighted(weight) => {
                            format!("{} weight {weight}", change.set.set_identifier.as_deref().unwrap_or("-"))
                        }
                        _ => change.set.name.clone(),
                    })
                    .collect();
                format!("records: {}", weights.join(", "))
            }
            Act::SwitchoverGlobalCluster { target_arn, .. } => format!("switch over to {}", last_part(target_arn)),
            Act::FailoverGlobalCluster { target_arn, .. } => {
                format!("fail over to {}, data loss allowed", last_part(target_arn))
            }
            Act::CopyDbClusterSnapshot { target_id, .. } => format!("copy the snapshot as {target_id}"),
            Act::Heartbeat(beat) => format!("commit a heartbeat of epoch {}", beat.epoch),
            Act::WriteEpoch { epoch, .. } => {
                let deposed: Vec<&str> = epoch.deposed.iter().map(String::as_str).collect();
                let deposed = if deposed.is_empty() { "none".into() } else { deposed.join(", ") };
                format!("epoch {}: {} writes, deposed: {deposed}", epoch.number, epoch.writer)
            }
            Act::Request(request) => request.operation.clone(),
        }
    }

    /// The same act as a line for a shell.
    pub fn cli(&self) -> String {
        let operation = kebab(self.operation());
        let mut line = format!("aws {} {operation} --region {}", self.service(), self.region);
        if let Value::Object(members) = self.input() {
            for (name, value) in members {
                let name = kebab(&name);
                match &value {
                    Value::Bool(true) => line.push_str(&format!(" --{name}")),
                    Value::Bool(false) => line.push_str(&format!(" --no-{name}")),
                    Value::String(text) => line.push_str(&format!(" --{name} {}", quoted(text))),
                    other => line.push_str(&format!(" --{name} {}", quoted(&other.to_string()))),
                }
            }
        }
        line
    }
}

/// An item is written over only when it is the one that was read: of two that promote, one is refused.
fn write_epoch(table: &str, before: Option<u64>, epoch: &Epoch) -> Value {
    let attribute = |value: &Value| match value {
        Value::Number(number) => json!({ "N": number.to_string() }),
        other => json!({ "S": other }),
    };
    let item: serde_json::Map<String, Value> =
        epoch.item().iter().map(|(name, value)| (name.clone(), attribute(value))).collect();
    let mut input = json!({ "TableName": table, "Item": item });
    match before {
        Some(number) => {
            input["ConditionExpression"] = json!("#a = :v");
            input["ExpressionAttributeNames"] = json!({ "#a": epoch::NUMBER });
            input["ExpressionAttributeValues"] = json!({ ":v": { "N": number.to_string() } });
        }
        None => input["ConditionExpression"] = json!("attribute_not_exists(pk)"),
    }
    input
}

/// What an ARN names.
fn last_part(arn: &str) -> &str {
    arn.rsplit([':', '/']).next().unwrap_or(arn)
}

/// The action of a switch rule that answers `body`.
fn fixed_response(body: &str) -> Value {
    json!({
        "Type": "fixed-response",
        "FixedResponseConfig": { "StatusCode": "200", "ContentType": "text/plain", "MessageBody": body },
    })
}

fn change(change: &Change) -> Value {
    json!({ "Action": change.action.word(), "ResourceRecordSet": record(&change.set) })
}

/// A record set with AWS's names.
pub fn record(set: &RecordSet) -> Value {
    let mut record = json!({ "Name": set.name, "Type": set.kind });
    let Some(members) = record.as_object_mut() else { return record };
    let mut put = |name: &str, value: Value| members.insert(name.to_string(), value);
    if let Some(identifier) = &set.set_identifier {
        put("SetIdentifier", json!(identifier));
    }
    match &set.routing {
        Routing::Weighted(weight) => drop(put("Weight", json!(weight))),
        Routing::Latency(region) => drop(put("Region", json!(region))),
        Routing::Geolocation { continent, country } => {
            let mut location = serde_json::Map::new();
            if let Some(code) = continent {
                location.insert("ContinentCode".into(), json!(code));
            }
            if let Some(code) = country {
                location.insert("CountryCode".into(), json!(code));
            }
            put("GeoLocation", Value::Object(location));
        }
        Routing::Simple | Routing::Other => {}
    }
    if let Some(alias) = &set.alias {
        put(
            "AliasTarget",
            json!({ "HostedZoneId": alias.zone_id, "DNSName": alias.dns_name,
                    "EvaluateTargetHealth": alias.evaluate_target_health }),
        );
    }
    if let Some(ttl) = set.ttl_s {
        put("TTL", json!(ttl));
        put("ResourceRecords", Value::Array(set.values.iter().map(|value| json!({ "Value": value })).collect()));
    }
    if let Some(check) = &set.health_check {
        put("HealthCheckId", json!(check));
    }
    record
}

/// As the AWS CLI spells it: `DeleteDBInstance` is `delete-db-instance`.
fn kebab(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    let mut text = String::new();
    for (place, letter) in letters.iter().enumerate() {
        let after = place.checked_sub(1).and_then(|before| letters.get(before));
        let ends = letters.get(place + 1).is_some_and(char::is_ascii_lowercase);
        if letter.is_ascii_uppercase() && after.is_some_and(|before| !before.is_ascii_uppercase() || ends) {
            text.push('-');
        }
        text.push(letter.to_ascii_lowercase());
    }
    text
}

/// As one word of a shell.
pub(crate) fn quoted(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=,".contains(c);
    if !text.is_empty() && text.chars().all(plain) { text.into() } else { format!("'{}'", text.replace('\'', r"'\''")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_reads_the_same_in_every_form() {
        let call = Call::new(
            "eu-west-1",
            Act::UpdateService { cluster: "shop".into(), service: "shop-web".into(), desired: 6 },
        );
        assert_eq!(call.iam_action(), "ecs:UpdateService");
        assert_eq!(
            call.cli(),
            "aws ecs update-service --region eu-west-1 --cluster shop --desired-count 6 --service shop-web"
        );
    }

    #[test]
    fn names_and_flags_are_spelt_as_the_aws_cli_has_them() {
        let input = json!({ "DBClusterIdentifier": "shop-db", "DeletionProtection": false, "ApplyImmediately": true });
        assert_eq!(
            Call::request("eu-west-1", "rds", "ModifyDBCluster", input).cli(),
            "aws rds modify-db-cluster --region eu-west-1 --apply-immediately --db-cluster-identifier shop-db --no-deletion-protection"
        );
        assert_eq!(
            (kebab("TTL"), kebab("MaxTTL"), kebab("desiredCount")),
            ("ttl".into(), "max-ttl".into(), "desired-count".into())
        );
    }

    #[test]
    fn a_shell_gets_json_in_quotes() {
        let rule = Act::ModifyRule { rule_arn: "arn:aws:x".into(), body: "EVACUATE it's 2".into() };
        let line = Call::new("eu-west-1", rule).cli();
        assert!(line.contains(r"--actions '[{"), "{line}");
        assert!(line.contains(r"it'\''s"), "{line}");
    }
}
