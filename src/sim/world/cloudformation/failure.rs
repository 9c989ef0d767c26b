//! Why a resource could not be made, changed or deleted, in the words that stack events show.

use crate::world::uuid;

/// A refusal of the service that a resource belongs to, or of CloudFormation itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// The service refused: the handler hands its words on.
    Service { service: &'static str, status: u16, message: String, code: &'static str },
    /// The handler refused by itself.
    Handler { message: String, code: &'static str },
    /// CloudFormation's own words.
    Plain(String),
}

impl Failure {
    pub fn ec2(message: impl Into<String>) -> Self {
        Self::Service { service: "Ec2", status: 400, message: message.into(), code: "InvalidRequest" }
    }

    pub fn limit(message: impl Into<String>) -> Self {
        Self::Service { service: "Ec2", status: 400, message: message.into(), code: "ServiceLimitExceeded" }
    }

    pub fn missing(service: &'static str, message: impl Into<String>) -> Self {
        let status = if service == "Ec2" { 400 } else { 404 };
        Self::Service { service, status, message: message.into(), code: "NotFound" }
    }

    pub fn exists(kind: &str, identifier: &str) -> Self {
        let message = format!("Resource of type '{kind}' with identifier '{identifier}' already exists.");
        Self::Handler { message, code: "AlreadyExists" }
    }

    /// A ResourceStatusReason; `parts` name the attempt, so that its request ids are its own.
    pub fn words(&self, parts: &[&str]) -> String {
        let id = |of: &'static str| uuid(&[&[of], parts].concat());
        let token = id("token");
        match self {
            Self::Plain(message) => message.clone(),
            Self::Handler { message, code } => {
                format!(
                    "Resource handler returned message: \"{message}\" (RequestToken: {token}, HandlerErrorCode: {code})"
                )
            }
            Self::Service { service, status, message, code } => format!(
                "Resource handler returned message: \"{message} (Service: {service}, Status Code: {status}, Request ID: {}) (SDK Attempt Count: 1)\" (RequestToken: {token}, HandlerErrorCode: {code})",
                id("request")
            ),
        }
    }
}
