//! The hosted zone, with what its parent zone should say of it.

use crate::cloud::Aws;
use crate::cloud::edge::{name, some_text};
use crate::cloud::error::call_error;
use crate::model::outcome::CallError;

/// A public hosted zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zone {
    /// In alphabetical order, without trailing dots.
    pub servers: Vec<String>,
    /// AWS's word for its accelerated recovery (API Reference, HostedZoneFeatures); absent where it was never asked for.
    pub recovery: Option<String>,
}

/// # Errors
/// As the call ends.
pub async fn zone(aws: &Aws, id: &str) -> Result<Zone, CallError> {
    aws.0.route53_pace.turn().await;
    let answer = aws.0.route53.reads.get_hosted_zone().id(id).send().await.map_err(call_error)?;
    let servers = answer.delegation_set().map(|set| set.name_servers()).unwrap_or_default();
    let mut servers: Vec<String> = servers.iter().map(|server| name(server).to_ascii_lowercase()).collect();
    servers.sort();
    let features = answer.hosted_zone().and_then(|zone| zone.features());
    let recovery = features.and_then(|features| features.accelerated_recovery_status());
    Ok(Zone { servers, recovery: some_text(recovery.map(|status| status.as_str())) })
}
