//! What a stack of Tandem's would have, and why it matters to whoever flies the stack. Advice: nothing of it is changed.

use super::item::Kind;
use crate::model::deploy::Seen;
use crate::model::spec::Spec;
use serde_json::{Value, json};

/// One member that should be so.
pub struct Want {
    /// A pointer into what was seen, as `/Attributes/deletion_protection.enabled`.
    pub at: String,
    pub value: Value,
    /// What is lost without it.
    pub why: &'static str,
}

fn want(at: &str, value: impl Into<Value>, why: &'static str) -> Want {
    Want { at: at.into(), value: value.into(), why }
}

/// What is wanted of a resource of this kind in `region`.
pub fn of(kind: Kind, region: &str, seen: &Seen, spec: &Spec) -> Vec<Want> {
    match kind {
        Kind::Global => {
            vec![want("/DeletionProtection", true, "one call deletes the global database")]
        }
        Kind::Cluster => cluster(seen, spec),
        Kind::Table => table(region, seen, spec),
        Kind::Secret => secret(spec),
        Kind::Balancer => vec![
            want("/Scheme", "internet-facing", "checkers of Route 53 cannot reach it"),
            want("/Attributes/deletion_protection.enabled", "true", "one call deletes the load balancer"),
            want("/Attributes/client_keep_alive.seconds", "300", "clients keep connections after a drain"),
        ],
        Kind::TargetGroup => vec![
            want(
                "/HealthCheckPath",
                spec.stack.health_path.as_str(),
                "targets are judged by another page than the Region",
            ),
            want("/TargetType", "ip", "tasks on Fargate are registered by their addresses"),
        ],
        Kind::Listener => {
            let protocol = if spec.stack.https { "HTTPS" } else { "HTTP" };
            vec![want("/Protocol", protocol, "probes ask in another way than users")]
        }
        Kind::Service => vec![
            want("/deploymentConfiguration/deploymentCircuitBreaker/enable", true, "a bad deployment goes on for ever"),
            want(
                "/deploymentConfiguration/deploymentCircuitBreaker/rollback",
                true,
                "a bad deployment is not taken back",
            ),
            want("/ScalableTarget", "registered", "no bounds: nothing makes room in it for users of another Region"),
        ],
        Kind::Names => {
            let way = |region: &String| Want {
                at: format!("/Records/{region}"),
                value: "a weighted alias".into(),
                why: "it cannot be drained by the stack's name",
            };
            spec.stack.regions.iter().map(way).collect()
        }
    }
}

fn cluster(seen: &Seen, spec: &Spec) -> Vec<Want> {
    let mut wants = vec![
        want("/EnableGlobalWriteForwarding", true, "as a secondary it takes no writes"),
        want("/EnableLocalWriteForwarding", true, "as the writer its tasks cannot write through the reader endpoint"),
        want("/DeletionProtection", true, "one call deletes the cluster"),
        want("/StorageEncrypted", true, "it cannot be encrypted later"),
    ];
    if spec.stack.resources.global_cluster.is_some() {
        let global = spec.stack.global_cluster();
        wants.insert(0, want("/GlobalClusterIdentifier", global, "it is no member: no failover can go there"));
    }
    if spec.stack.resources.heartbeat_secret.is_some() {
        wants.push(want("/EnableHttpEndpoint", true, "no heartbeat can be committed"));
    }
    if seen.gift("instances").is_empty() {
        wants.push(want("/Instances", "one or more", "it cannot be promoted"));
    }
    wants
}

fn table(region: &str, seen: &Seen, spec: &Spec) -> Vec<Want> {
    let mut wants = vec![
        want("/TimeToLiveSpecification/Enabled", true, "sessions are kept for ever"),
        want("/DeletionProtectionEnabled", true, "one call deletes the table"),
        want("/PointInTimeRecoverySpecification/PointInTimeRecoveryEnabled", true, "what is overwritten is gone"),
    ];
    if seen.is["TimeToLiveSpecification"]["Enabled"] == true {
        let attribute = spec.sessions.ttl_attribute.as_str();
        let why = "sessions end by another attribute than [sessions] ttl_attribute";
        wants.push(want("/TimeToLiveSpecification/AttributeName", attribute, why));
    }
    let peers = spec.stack.peers(region);
    wants.extend(peers.map(|peer| want(&format!("/Replicas/{peer}"), "ACTIVE", "sessions do not get there")));
    wants
}

fn secret(spec: &Spec) -> Vec<Want> {
    let copy = |region: &String| Want {
        at: format!("/Regions/{region}"),
        value: json!(true),
        why: "no heartbeat can be committed after a failover to there",
    };
    spec.stack.regions.iter().map(copy).collect()
}
