//! DeleteSecret and RestoreSecret.

use super::refuse::{known, not_found, of, parameter, primary, request};
use crate::moment::Moment;
use crate::operation::{Answer, Caller};
use crate::world::World;
use crate::world::secrets;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// How long a secret can be restored, days: least, most, and unless said otherwise (API Reference, DeleteSecret).
const WINDOW: (i64, i64, i64) = (7, 30, 30);

#[derive(Deserialize)]
pub struct Delete {
    SecretId: String,
    RecoveryWindowInDays: Option<i64>,
    #[serde(default)]
    ForceDeleteWithoutRecovery: bool,
}

#[derive(Serialize)]
pub struct Deleted {
    ARN: String,
    Name: String,
    DeletionDate: Moment,
}

pub fn delete(world: &mut World, caller: &Caller, ask: Delete) -> Answer<Deleted> {
    let (least, most, usual) = WINDOW;
    let force = ask.ForceDeleteWithoutRecovery;
    if force && ask.RecoveryWindowInDays.is_some() {
        return Err(parameter("You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays."));
    }
    let days = ask.RecoveryWindowInDays.unwrap_or(usual);
    if !(least..=most).contains(&days) {
        return Err(parameter("The RecoveryWindowInDays value must be between 7 and 30 days (inclusive)."));
    }
    let now = world.now;
    let secret = match known(world, caller, &ask.SecretId) {
        Ok(secret) => secret,
        // What is gone already counts as deleted by force (API Reference, ForceDeleteWithoutRecovery).
        Err(_) if force && !ask.SecretId.starts_with("arn:") => {
            let arn = secrets::arn(&caller.region, &ask.SecretId);
            return Ok(Deleted { ARN: arn, Name: ask.SecretId, DeletionDate: now });
        }
        Err(refusal) => return Err(refusal),
    };
    primary(secret)?;
    if !secret.copies.is_empty() {
        let regions: Vec<&str> = secret.copies.keys().map(String::as_str).collect();
        // gruntwork-io/cloud-nuke#435
        return Err(parameter(format!(
            "You can't delete secret {} that still has replica regions [{}].",
            secret.arn(),
            regions.join(", ")
        )));
    }
    if secret.deleted.is_some() && !force {
        return Err(request(
            "You can't perform this operation on the secret because it was already scheduled for deletion.",
        ));
    }
    let (key, arn) = (secret.key(), secret.arn());
    let gone = if force {
        world.secrets.all.remove(&key).ok_or_else(not_found)?;
        now
    } else {
        let gone = now + Duration::from_secs(days as u64 * 86_400);
        of(world, &key)?.deleted = Some((now, gone));
        gone
    };
    Ok(Deleted { ARN: arn, Name: key.1, DeletionDate: gone })
}

#[derive(Deserialize)]
pub struct Restore {
    SecretId: String,
}

#[derive(Serialize)]
pub struct Named {
    pub ARN: String,
    pub Name: String,
}

pub fn restore(world: &mut World, caller: &Caller, ask: Restore) -> Answer<Named> {
    let secret = known(world, caller, &ask.SecretId)?;
    primary(secret)?;
    let key = secret.key();
    let secret = of(world, &key)?;
    secret.deleted = None;
    Ok(Named { ARN: secret.arn(), Name: key.1 })
}
