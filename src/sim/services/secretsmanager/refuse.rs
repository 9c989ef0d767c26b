//! What more than one operation refuses, and how Secrets Manager words it. Codes are those of its model; wordings
//! without a source are recalled.

use crate::operation::{Answer, Caller, Refusal};
use crate::world::World;
use crate::world::secrets::{Key, Secret};

pub fn parameter(message: impl Into<String>) -> Refusal {
    Refusal::new(400, "InvalidParameterException", message)
}

pub fn request(message: impl Into<String>) -> Refusal {
    Refusal::new(400, "InvalidRequestException", message)
}

pub fn exists(message: impl Into<String>) -> Refusal {
    Refusal::new(400, "ResourceExistsException", message)
}

pub fn validation(message: impl Into<String>) -> Refusal {
    Refusal::new(400, "ValidationException", message)
}

pub fn absent(message: impl Into<String>) -> Refusal {
    Refusal::new(400, "ResourceNotFoundException", message)
}

pub fn not_found() -> Refusal {
    absent("Secrets Manager can't find the specified secret.")
}

/// The secret that an id means in the caller's Region.
pub fn known<'w>(world: &'w World, caller: &Caller, id: &str) -> Answer<&'w Secret> {
    world.secrets.find(&caller.region, id).ok_or_else(not_found)
}

/// One that is not marked for deletion.
pub fn alive<'w>(world: &'w World, caller: &Caller, id: &str) -> Answer<&'w Secret> {
    let secret = known(world, caller, id)?;
    if secret.deleted.is_some() {
        return Err(request("You can't perform this operation on the secret because it was marked for deletion."));
    }
    Ok(secret)
}

/// One that may be changed: replicas follow their primary (wording: gruntwork-io/cloud-nuke#435).
pub fn primary(secret: &Secret) -> Answer<()> {
    if secret.primary.is_some() {
        return Err(parameter(
            "Operation not permitted on a replica secret. Call must be made in primary secret's region.",
        ));
    }
    Ok(())
}

/// The key of a secret that may be changed here and now.
pub fn changeable(world: &World, caller: &Caller, id: &str) -> Answer<Key> {
    let secret = alive(world, caller, id)?;
    primary(secret)?;
    Ok(secret.key())
}

/// What a key means, for changing it.
pub fn of<'w>(world: &'w mut World, key: &Key) -> Answer<&'w mut Secret> {
    world.secrets.all.get_mut(key).ok_or_else(not_found)
}
