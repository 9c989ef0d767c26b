//! What a Region has of what the database shall be.

use crate::cloud::Aws;
use crate::cloud::error::call_error;
use crate::cloud::look::rds::offers::{other_classes, other_versions};
use crate::model::outcome::CallError;

/// What is to be had instead; `None`: what was asked for is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Offers {
    pub versions: Option<Vec<String>>,
    pub classes: Option<Vec<String>>,
}

/// # Errors
/// As the calls end.
pub async fn offers(aws: &Aws, region: &str, engine: &str, version: &str, class: &str) -> Result<Offers, CallError> {
    let client = &aws.regional(region)?.rds.reads;
    let versions = client.describe_db_engine_versions().engine(engine).engine_version(version).send();
    let classes = client.describe_orderable_db_instance_options().engine(engine).engine_version(version);
    let (versions, classes) = tokio::join!(versions, classes.db_instance_class(class).send());
    let known = !versions.map_err(call_error)?.db_engine_versions().is_empty();
    if !known {
        let versions = other_versions(aws, region, engine, version).await.unwrap_or_default();
        return Ok(Offers { versions: Some(versions), classes: None });
    }
    if !classes.map_err(call_error)?.orderable_db_instance_options().is_empty() {
        return Ok(Offers::default());
    }
    let classes = other_classes(aws, region, engine, version, class).await.unwrap_or_default();
    Ok(Offers { versions: None, classes: Some(classes) })
}
