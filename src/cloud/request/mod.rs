//! Sends the requests of a deployment: one file a service, each of which turns AWS's own input into the
//! SDK's. Secrets become themselves here and nowhere else.

mod autoscaling;
mod cloudformation;
mod cloudwatch;
mod dynamodb;
mod ecs;
mod elbv2;
pub mod members;
mod rds;
mod rdsdata;
mod resolve;
mod route53;
mod secretsmanager;

use super::Aws;
use crate::model::call::Request;
use crate::model::outcome::{CallError, ErrorClass};

/// Sends the request in `region`; tells its id.
///
/// # Errors
/// As the call ends, and `Invalid` when the input has what cannot be sent.
pub(super) async fn send(aws: &Aws, region: &str, request: &Request) -> Result<Option<String>, CallError> {
    let input = resolve::resolved(aws, region, &request.input).await?;
    let operation = request.operation.as_str();
    match request.service.as_str() {
        "cloudformation" => cloudformation::send(aws, region, operation, &input).await,
        "application-autoscaling" => autoscaling::send(aws, region, operation, &input).await,
        "cloudwatch" => cloudwatch::send(aws, region, operation, &input).await,
        "ecs" => ecs::send(aws, region, operation, &input).await,
        "elbv2" => elbv2::send(aws, region, operation, &input).await,
        "dynamodb" => dynamodb::send(aws, region, operation, &input).await,
        "route53" => route53::send(aws, operation, &input).await,
        "rds" => rds::send(aws, region, operation, &input).await,
        "rds-data" => rdsdata::send(aws, region, operation, &input).await,
        "secretsmanager" => secretsmanager::send(aws, region, operation, &input).await,
        _ => Err(unknown(&request.service, operation)),
    }
}

/// The request is none that can be sent.
pub(super) fn unknown(service: &str, operation: &str) -> CallError {
    CallError::new(ErrorClass::Invalid, format!("{service} {operation} is no request that can be sent"))
}
