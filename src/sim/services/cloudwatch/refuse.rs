//! Refusals as CloudWatch words them.

use crate::operation::{Answer, Refusal};

pub const INVALID_TOKEN: &str = "InvalidNextToken";

pub fn validation(message: impl Into<String>) -> Refusal {
    Refusal::new(400, "ValidationError", message)
}

pub fn value(message: impl Into<String>) -> Refusal {
    Refusal::new(400, "InvalidParameterValue", message)
}

pub fn combination(message: impl Into<String>) -> Refusal {
    Refusal::new(400, "InvalidParameterCombination", message)
}

pub fn missing(member: &str) -> Refusal {
    Refusal::new(400, "MissingParameter", format!("The parameter {member} is required."))
}

pub fn required<T>(member: Option<T>, name: &str) -> Answer<T> {
    member.ok_or_else(|| missing(name))
}

/// A word outside its enumeration. `member` is spelt as in `comparisonOperator`.
pub fn outside(member: &str, word: &str, set: &[&str]) -> Refusal {
    validation(format!(
        "1 validation error detected: Value '{word}' at '{member}' failed to satisfy constraint: Member must satisfy \
         enum value set: [{}]",
        set.join(", ")
    ))
}

/// Checks the length of a text.
pub fn length(member: &str, text: &str, most: usize) -> Answer<()> {
    match text.chars().count() {
        0 => Err(value(format!("The parameter {member} must not be empty."))),
        n if n > most => {
            Err(value(format!("The parameter {member} must be shorter than or equal to {most} characters.")))
        }
        _ => Ok(()),
    }
}
