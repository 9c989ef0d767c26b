//! What more than one operation refuses, and how AWS words it.

use crate::operation::{Answer, Refusal};

pub fn refuse<T>(code: &'static str, message: impl Into<String>) -> Answer<T> {
    Err(Refusal::new(400, code, message))
}

pub fn invalid<T>(message: impl Into<String>) -> Answer<T> {
    refuse("ValidationError", message)
}

/// A member outside its range, as the API's own validation words it.
pub fn within(member: &str, value: u64, low: u64, high: u64) -> Answer<()> {
    let bound = match value {
        _ if value < low => format!("greater than or equal to {low}"),
        _ if value > high => format!("less than or equal to {high}"),
        _ => return Ok(()),
    };
    invalid(format!(
        "1 validation error detected: Value '{value}' at '{member}' failed to satisfy constraint: Member must have value {bound}"
    ))
}

/// A member that is none of its values.
pub fn one_of(member: &str, value: &str, values: &[&str]) -> Answer<()> {
    if values.contains(&value) {
        return Ok(());
    }
    invalid(format!(
        "1 validation error detected: Value '{value}' at '{member}' failed to satisfy constraint: Member must satisfy enum value set: [{}]",
        values.join(", ")
    ))
}

/// At most 32 characters, alphanumeric or hyphens, none at the ends.
pub fn name(kind: &str, name: &str) -> Answer<()> {
    if name.is_empty() {
        return invalid(format!("{kind} name cannot be empty"));
    }
    if name.len() > 32 {
        return invalid(format!("{kind} name '{name}' cannot be longer than '32' characters"));
    }
    if !name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') {
        return invalid(format!(
            "{kind} name '{name}' can only contain characters that are alphanumeric characters or hyphens(-)"
        ));
    }
    if name.starts_with('-') || name.ends_with('-') {
        return invalid(format!("{kind} name '{name}' cannot begin or end with a hyphen(-)"));
    }
    Ok(())
}

/// Refuses what is no ARN of this kind; `kind` as in `targetgroup`, `said` as in `target group`.
pub fn arn(arn: &str, kind: &str, said: &str) -> Answer<()> {
    let right = arn.starts_with("arn:aws:elasticloadbalancing:")
        && arn.split(':').nth(5).is_some_and(|resource| resource.split('/').next() == Some(kind));
    if right { Ok(()) } else { invalid(format!("'{arn}' is not a valid {said} ARN")) }
}

pub fn no_load_balancer(arn: &str) -> Refusal {
    Refusal::new(400, "LoadBalancerNotFound", format!("Load balancer '{arn}' not found"))
}

pub fn no_target_group(arn: &str) -> Refusal {
    Refusal::new(400, "TargetGroupNotFound", format!("Target groups '{arn}' not found"))
}

pub fn no_listener() -> Refusal {
    Refusal::new(400, "ListenerNotFound", "One or more listeners not found")
}

pub fn no_rule() -> Refusal {
    Refusal::new(400, "RuleNotFound", "One or more rules not found")
}

/// The size of a page: 400 unless fewer are asked for.
pub fn page_size(asked: Option<u64>) -> Answer<usize> {
    let size = asked.unwrap_or(400);
    within("pageSize", size, 1, 400)?;
    Ok(size as usize)
}
