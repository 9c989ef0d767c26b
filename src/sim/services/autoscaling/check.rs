//! What every operation checks, and refusals as Application Auto Scaling words them.

use crate::operation::{Answer, Refusal};
use crate::world::scaling::ecs_link;

pub const NAMESPACE: &str = "ecs";
pub const DIMENSION: &str = "ecs:service:DesiredCount";
pub const INVALID_TOKEN: &str = "InvalidNextTokenException";

/// Results of a page, at most and unless asked otherwise.
const PAGE: usize = 50;

const NAMESPACES: &str = "[cassandra, dynamodb, ecs, kafka, lambda, rds, elasticache, ec2, sagemaker, comprehend, \
                          appstream, custom-resource, elasticmapreduce, neptune, workspaces]";

pub fn validation(message: impl Into<String>) -> Refusal {
    Refusal::new(400, "ValidationException", message)
}

pub fn not_found(message: impl Into<String>) -> Refusal {
    Refusal::new(400, "ObjectNotFoundException", message)
}

pub fn required<T>(member: Option<T>, name: &str) -> Answer<T> {
    member.ok_or_else(|| {
        validation(format!(
            "1 validation error detected: Value at '{name}' failed to satisfy constraint: Member must not be null"
        ))
    })
}

/// Whether the namespace is that of ECS; those of other services have nothing in this world.
pub fn of_ecs(namespace: Option<String>) -> Answer<bool> {
    let namespace = required(namespace, "serviceNamespace")?;
    match namespace.as_str() {
        NAMESPACE => Ok(true),
        known if NAMESPACES.trim_matches(['[', ']']).split(", ").any(|name| name == known) => Ok(false),
        odd => Err(validation(format!(
            "1 validation error detected: Value '{odd}' at 'serviceNamespace' failed to satisfy constraint: Member \
             must satisfy enum value set: {NAMESPACES}"
        ))),
    }
}

/// The resource that namespace, id and dimension name together.
pub fn resource(namespace: Option<String>, id: Option<String>, dimension: Option<String>) -> Answer<String> {
    let ecs = of_ecs(namespace)?;
    let id = required(id, "resourceId")?;
    let dimension = required(dimension, "scalableDimension")?;
    if !ecs || dimension != DIMENSION || ecs_link::parse(&id).is_none() {
        return Err(validation("Unsupported service namespace, resource type or scalable dimension"));
    }
    Ok(id)
}

/// The words by which a resource is named in refusals.
pub fn named(resource: &str) -> String {
    format!("service namespace: {NAMESPACE}, resource ID: {resource}, scalable dimension: {DIMENSION}")
}

/// A dimension that is given needs a resource id, and only that of ECS services exists.
pub fn dimension(dimension: Option<&String>, resource_given: bool) -> Answer<()> {
    match dimension {
        Some(_) if !resource_given => {
            Err(validation("If you specify a scalable dimension, you must also specify a resource ID"))
        }
        Some(odd) if odd != DIMENSION => {
            Err(validation("Unsupported service namespace, resource type or scalable dimension"))
        }
        _ => Ok(()),
    }
}

pub fn results(asked: Option<i64>) -> Answer<usize> {
    match asked {
        None => Ok(PAGE),
        Some(n) if (1..=PAGE as i64).contains(&n) => Ok(n as usize),
        Some(n) => Err(validation(format!("MaxResults must be between 1 and {PAGE}: {n}"))),
    }
}
