//! What more than one operation refuses, and how CloudFormation words it.

use crate::operation::{Answer, Refusal};
use crate::paging;
use crate::world::cloudformation::{CloudFormation, Stack};

/// Entries of a page (assumed: CloudFormation promises only 1 MB).
const PAGE: usize = 100;

pub fn invalid<T>(message: impl Into<String>) -> Answer<T> {
    Err(validation(message))
}

pub fn validation(message: impl Into<String>) -> Refusal {
    Refusal::new(400, "ValidationError", message)
}

/// What this world does not have is refused, never ignored.
pub fn unsupported(given: &[(&str, bool)]) -> Answer<()> {
    match given.iter().find(|(_, given)| *given) {
        Some((member, _)) => invalid(format!("{member} is not supported by this simulator")),
        None => Ok(()),
    }
}

/// A stack to look at.
pub fn seen<'a>(world: &'a CloudFormation, region: &'a str, name: &'a str) -> Answer<&'a Stack> {
    world.stack(region, name).ok_or_else(|| validation(format!("Stack with id {name} does not exist")))
}

/// A stack to act upon.
pub fn found<'a>(world: &'a CloudFormation, region: &'a str, name: &'a str) -> Answer<&'a Stack> {
    world.stack(region, name).ok_or_else(|| validation(format!("Stack [{name}] does not exist")))
}

/// CloudFormation API Reference, CreateStack.
pub fn stack_name(name: &str) -> Answer<()> {
    let right = name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let rule = match (right, name.len()) {
        (true, ..=128) => return Ok(()),
        (true, _) => "Member must have length less than or equal to 128",
        (false, _) => "Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*",
    };
    invalid(format!("1 validation error detected: Value '{name}' at 'stackName' failed to satisfy constraint: {rule}"))
}

/// A page of a list that is in order of `key`.
pub fn page<T>(
    items: impl IntoIterator<Item = T>,
    key: impl Fn(&T) -> String,
    token: Option<&str>,
) -> Answer<(Vec<T>, Option<String>)> {
    paging::page(items, key, token, PAGE, "ValidationError")
}
