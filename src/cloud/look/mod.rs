//! Looks at the resources of a deployment by their names: one file a service. What AWS says is not there is
//! [`Seen::absent`](crate::model::deploy::Seen::absent); every other error stays an error.

pub mod autoscaling;
pub mod cloudformation;
pub mod cloudwatch;
pub mod dynamodb;
pub mod ecs;
pub mod elbv2;
pub mod rds;
pub mod rdsdata;
pub mod route53;
pub mod secretsmanager;
pub mod strays;

use super::Aws;
use crate::model::deploy::Seen;
use crate::model::outcome::{CallError, ErrorClass};
use jiff::Timestamp;

/// What the clock says that the clients sign with.
pub fn now(aws: &Aws) -> Timestamp {
    aws.0.clock.now()
}

/// `None` when AWS says that there is no such thing.
fn known<T>(answer: Result<T, CallError>) -> Result<Option<T>, CallError> {
    match answer {
        Ok(answer) => Ok(Some(answer)),
        Err(error) if error.class == ErrorClass::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// What it means that no Region that answered has a thing which Regions share, when others did not answer. Where the
/// home lacks it and the database `global` has no member yet, nothing can stand anywhere that must be kept: a Region
/// that is silent holds up nobody else. Whoever answers tells of members in every Region (RDS API Reference,
/// DescribeGlobalClusters: the filter `region`).
///
/// # Errors
/// What the silent Region ended with, when it may have the thing.
pub async fn missing(
    aws: &Aws,
    home: &str,
    lacking: &[&str],
    silent: Option<CallError>,
    global: &str,
) -> Result<Seen, CallError> {
    let Some(error) = silent else { return Ok(Seen::absent()) };
    if !lacking.contains(&home) {
        return Err(error);
    }
    for region in lacking {
        let found = rds::find_global(aws, region, global).await?;
        if found.is_some_and(|found| !found.global_cluster_members().is_empty()) {
            return Err(error);
        }
    }
    Ok(Seen::absent())
}

/// In alphabetical order: where the order means nothing.
fn sorted<T: AsRef<str>>(texts: impl IntoIterator<Item = T>) -> Vec<String> {
    let mut texts: Vec<String> = texts.into_iter().map(|one| super::edge::text(Some(one.as_ref()))).collect();
    texts.sort();
    texts
}
