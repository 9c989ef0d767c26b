//! The file as it is written. Spans stay with the values so that a mistake can be pointed at.

use super::resources::ResourcesSection;
use serde::Deserialize;
use std::collections::BTreeMap;
use toml::Spanned;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    pub stack: StackSection,
    #[serde(default)]
    pub app: AppSection,
    pub regions: Vec<RegionSection>,
    #[serde(default)]
    pub roles: RolesSection,
    #[serde(default)]
    pub database: DatabaseSection,
    #[serde(default)]
    pub sessions: SessionsSection,
    pub dns: DnsSection,
    #[serde(default)]
    pub control: ControlSection,
    #[serde(default)]
    pub alerts: AlertsSection,
    #[serde(default)]
    pub operations: OperationsSection,
    #[serde(default)]
    pub guardrails: GuardrailsSection,
    #[serde(default)]
    pub failover: FailoverSection,
    #[serde(default)]
    pub watch: WatchSection,
    #[serde(default)]
    pub resources: ResourcesSection,
    #[serde(default)]
    pub ui: UiSection,
    #[serde(default)]
    pub keys: KeysSection,
}

/// Keys by the action that they are given to.
#[derive(Debug, Default, Deserialize)]
pub(super) struct KeysSection(pub BTreeMap<String, Spanned<Keys>>);

#[derive(Debug, Deserialize)]
#[serde(untagged, expecting = "expected a key like \"d\", or a list of keys")]
pub(super) enum Keys {
    One(String),
    Several(Vec<String>),
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StackSection {
    pub name: Spanned<String>,
    pub environment: Option<Spanned<String>>,
    /// On every resource.
    #[serde(default)]
    pub tags: BTreeMap<String, Spanned<String>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AppSection {
    pub image: Option<Spanned<String>>,
    pub port: Option<Spanned<i64>>,
    pub health_path: Option<Spanned<String>>,
    pub cpu: Option<Spanned<i64>>,
    pub memory: Option<Spanned<i64>>,
    pub desired: Option<Spanned<i64>>,
    pub autoscaling: Option<bool>,
    pub min: Option<Spanned<i64>>,
    pub max: Option<Spanned<i64>>,
    pub cpu_target: Option<Spanned<i64>>,
    pub container_insights: Option<bool>,
    #[serde(default)]
    pub environment: BTreeMap<String, Spanned<String>>,
    pub log_retention_days: Option<Spanned<i64>>,
    /// A file beside this one.
    pub task_definition: Option<Spanned<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RegionSection {
    pub name: Spanned<String>,
    /// The ARN of the certificate of its load balancer.
    pub certificate: Option<Spanned<String>>,
    pub vpc_cidr: Option<Spanned<String>>,
    pub zones: Option<Spanned<i64>>,
    pub nat: Option<Spanned<String>>,
    /// A network that stands.
    pub vpc: Option<Spanned<String>>,
    pub public_subnets: Option<Spanned<Vec<String>>>,
    pub private_subnets: Option<Spanned<Vec<String>>>,
    pub route_tables: Option<Spanned<Vec<String>>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RolesSection {
    pub path: Option<Spanned<String>>,
    pub permissions_boundary: Option<Spanned<String>>,
    pub execution: Option<Spanned<String>>,
    pub task: Option<Spanned<String>>,
    #[serde(default)]
    pub repositories: Vec<String>,
    #[serde(default)]
    pub grants: Vec<GrantSection>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct GrantSection {
    pub actions: Vec<String>,
    pub resources: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DatabaseSection {
    pub version: Option<Spanned<String>>,
    pub class: Option<Spanned<String>>,
    pub instances: Option<Spanned<i64>>,
    pub backup_days: Option<Spanned<i64>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SessionsSection {
    pub ttl_attribute: Option<Spanned<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DnsSection {
    pub zone: Spanned<String>,
    pub name: Option<Spanned<String>>,
    pub routing: Option<Spanned<String>>,
    /// Whether Regions without a certificate get one made.
    pub certificates: Option<bool>,
}

/// Where leases, epochs and latches are kept.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ControlSection {
    pub regions: Option<Spanned<Vec<String>>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AlertsSection {
    /// The ARN of an SNS topic, by Region.
    #[serde(default)]
    pub topics: BTreeMap<String, Spanned<String>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OperationsSection {
    pub ramp: Option<Spanned<Vec<i64>>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct GuardrailsSection {
    pub floor_regions: Option<Spanned<i64>>,
    pub capacity_headroom: Option<Spanned<f64>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FailoverSection {
    pub by: Option<Spanned<String>>,
    pub max_data_loss_s: Option<Spanned<i64>>,
    pub fence: Option<Spanned<String>>,
    pub guard_image: Option<Spanned<String>>,
    pub accept_unproven_fence: Option<bool>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WatchSection {
    pub image: Option<Spanned<String>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct UiSection {
    pub theme: Option<super::ThemeChoice>,
    pub mouse: Option<bool>,
}
