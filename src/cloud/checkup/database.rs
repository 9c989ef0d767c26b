//! The global cluster as one Region tells it, with what protects it.

use crate::cloud::Aws;
use crate::cloud::edge::{region_of, some_text, text};
use crate::cloud::look::rds::find_global;
use crate::model::outcome::CallError;

/// A global cluster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Global {
    pub version: String,
    pub protected: bool,
    /// The Region that writes.
    pub writer: Option<String>,
    /// Regions, and whether each forwards writes as its member tells it (`enabled`, ...).
    pub members: Vec<(String, Option<String>)>,
}

/// The global cluster `id`, as `region` tells it.
///
/// # Errors
/// As the call ends; that there is none is none.
pub async fn global(aws: &Aws, region: &str, id: &str) -> Result<Option<Global>, CallError> {
    let Some(found) = find_global(aws, region, id).await? else { return Ok(None) };
    let members = found.global_cluster_members();
    let place = |arn: Option<&str>| region_of(arn.unwrap_or_default());
    Ok(Some(Global {
        version: text(found.engine_version()),
        protected: found.deletion_protection() == Some(true),
        writer: members.iter().find(|one| one.is_writer() == Some(true)).and_then(|one| place(one.db_cluster_arn())),
        members: members
            .iter()
            .filter_map(|one| {
                let forwarding = some_text(one.global_write_forwarding_status().map(|status| status.as_str()));
                Some((place(one.db_cluster_arn())?, forwarding))
            })
            .collect(),
    }))
}
