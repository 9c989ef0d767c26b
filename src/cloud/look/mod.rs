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

/// In alphabetical order: where the order means nothing.
fn sorted<T: AsRef<str>>(texts: impl IntoIterator<Item = T>) -> Vec<String> {
    let mut texts: Vec<String> = texts.into_iter().map(|one| super::edge::text(Some(one.as_ref()))).collect();
    texts.sort();
    texts
}
