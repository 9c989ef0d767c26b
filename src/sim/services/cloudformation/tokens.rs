//! Client tokens: the same request with the same token is carried out once (CloudFormation API Reference,
//! CreateStack, ClientRequestToken).

use super::refusals::invalid;
use crate::operation::{Answer, Caller, Refusal};
use crate::world::World;
use std::fmt::Debug;

/// What a request is, to tell it from another with the same token.
pub fn print(operation: &str, ask: &impl Debug) -> String {
    format!("{operation} {ask:?}")
}

/// The stack of the request that came with this token before.
pub fn known(world: &World, caller: &Caller, token: Option<&str>, print: &str) -> Answer<Option<String>> {
    let Some(token) = token else { return Ok(None) };
    let letters = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    if token.is_empty() || token.len() > 128 || !token.bytes().all(letters) {
        return invalid(format!(
            "1 validation error detected: Value '{token}' at 'clientRequestToken' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9][-a-zA-Z0-9]*"
        ));
    }
    match world.cloudformation.tokens.get(&(caller.region.clone(), token.to_string())) {
        Some((before, stack)) if before == print => Ok(Some(stack.clone())),
        Some(_) => {
            let message = format!("A client request token {token} already exists.");
            Err(Refusal::new(400, "TokenAlreadyExistsException", message))
        }
        None => Ok(None),
    }
}

pub fn remember(world: &mut World, caller: &Caller, token: Option<&str>, print: String, stack: &str) {
    if let Some(token) = token {
        world.cloudformation.tokens.insert((caller.region.clone(), token.to_string()), (print, stack.to_string()));
    }
}
