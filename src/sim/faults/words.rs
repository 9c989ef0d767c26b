//! How each service refuses what a fault or a limit refuses.
//!
//! Codes are those of the services' models where these have them, else of their lists of common errors.

use crate::moment::Moment;
use crate::operation::{Protocol, Refusal, Service};
use crate::world::ACCOUNT;
use std::time::Duration;

/// DynamoDB's operations on items, limited by what their table was given; the others are limited together.
const ON_ITEMS: &[&str] = &[
    "BatchGetItem",
    "BatchWriteItem",
    "DeleteItem",
    "GetItem",
    "PutItem",
    "Query",
    "Scan",
    "TransactGetItems",
    "TransactWriteItems",
    "UpdateItem",
];

fn in_xml(service: &Service) -> bool {
    matches!(service.speaks.first(), Some(Protocol::Query { .. } | Protocol::RestXml { .. }))
}

/// 403 where the protocol says so by status, 400 in the JSON protocols that always answer that.
fn forbidden(service: &Service) -> u16 {
    let by_status = in_xml(service) || service.speaks.first() == Some(&Protocol::RestJson);
    if by_status { 403 } else { 400 }
}

/// Something went wrong inside.
pub(super) fn broken(service: &Service) -> Refusal {
    let message = "The request processing has failed because of an unknown error, exception or failure.";
    match service.scope {
        // The message is recalled.
        "ecs" => Refusal::new(500, "ServerException", "Service Unavailable. Please try again later."),
        "application-autoscaling" => Refusal::new(500, "InternalServiceException", message),
        "secretsmanager" => Refusal::new(500, "InternalServiceError", "An error occurred on the server side."),
        "monitoring" => Refusal::new(500, "InternalServiceError", message),
        // (recalled), DynamoDB Developer Guide, Error handling
        "dynamodb" => {
            let message = "The server encountered an internal error trying to fulfill the request.";
            Refusal::new(500, "InternalServerError", message)
        }
        "rds-data" => Refusal::new(500, "InternalServerErrorException", message),
        _ if in_xml(service) => Refusal::new(500, "InternalFailure", message),
        _ => Refusal::new(500, "InternalServerException", message),
    }
}

/// The whole service is unavailable.
pub(super) fn unavailable(service: &Service) -> Refusal {
    let message = "The request has failed due to a temporary failure of the server.";
    match service.scope {
        // (recalled), DynamoDB Developer Guide, Error handling
        "dynamodb" => Refusal::new(503, "ServiceUnavailable", "DynamoDB is currently unavailable."),
        "rds-data" => Refusal::new(503, "ServiceUnavailableError", message),
        _ if in_xml(service) => Refusal::new(503, "ServiceUnavailable", message),
        _ => Refusal::new(503, "ServiceUnavailableException", message),
    }
}

/// There were too many calls.
pub(super) fn throttled(service: &Service, operation: &str) -> Refusal {
    match service.scope {
        // (recalled), DynamoDB Developer Guide, Error handling
        "dynamodb" if ON_ITEMS.contains(&operation) => {
            let message = "The level of configured provisioned throughput for the table was exceeded. \
                           Consider increasing your provisioning level with the UpdateTable API.";
            Refusal::new(400, "ProvisionedThroughputExceededException", message)
        }
        "dynamodb" => Refusal::new(400, "ThrottlingException", "Rate of requests exceeds the allowed throughput."),
        _ if in_xml(service) => Refusal::new(400, "Throttling", "Rate exceeded"),
        _ => Refusal::new(400, "ThrottlingException", "Rate exceeded"),
    }
}

/// The credentials have expired.
pub(super) fn expired(service: &Service) -> Refusal {
    let code = if in_xml(service) { "ExpiredToken" } else { "ExpiredTokenException" };
    Refusal::new(forbidden(service), code, "The security token included in the request is expired")
}

/// The clock that signed is `behind` by more than five minutes.
pub(super) fn skewed(service: &Service, now: Moment, behind: Duration) -> Refusal {
    let code = if in_xml(service) { "SignatureDoesNotMatch" } else { "InvalidSignatureException" };
    let message = format!(
        "Signature expired: {} is now earlier than {} ({} - 5 min.)",
        basic(now - behind),
        basic(now - Duration::from_secs(300)),
        basic(now)
    );
    Refusal::new(forbidden(service), code, message)
}

/// The user that STS tells may not do this, to whatever resource.
pub(super) fn denied(service: &Service, operation: &str) -> Refusal {
    let code = if in_xml(service) { "AccessDenied" } else { "AccessDeniedException" };
    // The prefix of a service's actions is its signing name, but for CloudWatch.
    let prefix = if service.scope == "monitoring" { "cloudwatch" } else { service.scope };
    let (user, action) = (format!("arn:aws:iam::{ACCOUNT}:user/operator"), format!("{prefix}:{operation}"));
    let message = format!(
        "User: {user} is not authorized to perform: {action} on resource: * \
         because no identity-based policy allows the {action} action"
    );
    Refusal::new(forbidden(service), code, message)
}

/// ISO 8601 basic format, as SigV4 writes it: `20260105T140000Z`.
fn basic(at: Moment) -> String {
    let iso = at.iso();
    let whole = iso.split('.').next().unwrap_or_default();
    whole.chars().filter(|letter| !matches!(letter, '-' | ':')).chain(['Z']).collect()
}
