//! The file as it is written. Spans stay with the values so that a mistake can be pointed at.

use serde::Deserialize;
use toml::Spanned;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    pub stack: StackSection,
    #[serde(default)]
    pub app: AppSection,
    pub regions: Vec<RegionSection>,
    pub dns: DnsSection,
    #[serde(default)]
    pub operations: OperationsSection,
    #[serde(default)]
    pub guardrails: GuardrailsSection,
    #[serde(default)]
    pub failover: FailoverSection,
    #[serde(default)]
    pub ui: UiSection,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StackSection {
    pub name: Spanned<String>,
    pub environment: Option<Spanned<String>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AppSection {
    pub health_path: Option<Spanned<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RegionSection {
    pub name: Spanned<String>,
    /// The ARN of the certificate of its load balancer.
    pub certificate: Option<Spanned<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DnsSection {
    pub zone: Spanned<String>,
    pub name: Option<Spanned<String>>,
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
    pub max_data_loss_s: Option<Spanned<i64>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct UiSection {
    pub theme: Option<super::ThemeChoice>,
}
