//! GetSecretValue and PutSecretValue.

use super::refuse::{absent, alive, changeable, exists, of, parameter, request, validation};
use crate::moment::Moment;
use crate::operation::{Answer, Caller};
use crate::world::secrets::{self, CURRENT, Key, Payload};
use crate::world::{World, uuid};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The largest value, bytes (API Reference, SecretString).
const LARGEST: usize = 65_536;

/// What a call brings to be kept, and the id of the version that it becomes.
pub struct Given {
    pub id: String,
    pub payload: Option<Payload>,
}

impl Given {
    /// A token makes the call one that may be repeated; without one the version has a random id.
    pub fn new(world: &mut World, token: Option<String>, payload: Option<Payload>) -> Answer<Self> {
        let id = match token {
            Some(token) if (32..=64).contains(&token.chars().count()) => token,
            Some(_) => return Err(parameter("ClientRequestToken must be 32-64 characters long.")),
            None => {
                let drawn = [(); 2].map(|()| world.chance.secrets.below(u64::MAX).to_string());
                uuid(&["secret version", &drawn[0], &drawn[1]])
            }
        };
        Ok(Self { id, payload })
    }
}

/// The value that a call gives, if it gives one.
pub fn payload(text: Option<String>, binary: Option<String>) -> Answer<Option<Payload>> {
    let payload = match (text, binary) {
        (Some(_), Some(_)) => {
            return Err(parameter("You can't specify both SecretString and SecretBinary."));
        }
        (Some(text), None) => Payload::Text(text),
        (None, Some(binary)) => Payload::Binary(binary),
        (None, None) => return Ok(None),
    };
    let (member, length) = match &payload {
        Payload::Text(text) => ("secretString", text.len()),
        Payload::Binary(text) => ("secretBinary", text.len() / 4 * 3),
    };
    match length {
        0 => Err(validation(format!(
            "1 validation error detected: Value at '{member}' failed to satisfy constraint: Member must have length greater than or equal to 1"
        ))),
        1..=LARGEST => Ok(Some(payload)),
        _ => Err(validation(format!(
            "1 validation error detected: Value at '{member}' failed to satisfy constraint: Member must have length less than or equal to {LARGEST}"
        ))),
    }
}

/// Keeps a value as a new version, or knows that it was kept already; tells the version and its labels.
pub fn store(world: &mut World, key: &Key, given: Given, stages: BTreeSet<String>) -> Answer<(String, Vec<String>)> {
    let now = world.now;
    let secret = of(world, key)?;
    let Given { id, payload } = given;
    let payload = payload.ok_or_else(|| request("You must provide either SecretString or SecretBinary."))?;
    if let Some(there) = secret.versions.get(&id) {
        if there.payload != payload {
            return Err(exists(format!(
                "You can't use ClientRequestToken {id} because that value is already in use for a version of secret {}.",
                secret.arn()
            )));
        }
        return Ok((id, there.stages.iter().cloned().collect()));
    }
    let labels = stages.iter().cloned().collect();
    secret.add(&id, payload, stages, now);
    secrets::touched(world, key);
    Ok((id, labels))
}

#[derive(Deserialize)]
pub struct Put {
    SecretId: String,
    ClientRequestToken: Option<String>,
    SecretBinary: Option<String>,
    SecretString: Option<String>,
    VersionStages: Option<Vec<String>>,
}

#[derive(Serialize)]
pub struct Kept {
    ARN: String,
    Name: String,
    VersionId: String,
    VersionStages: Vec<String>,
}

pub fn put(world: &mut World, caller: &Caller, ask: Put) -> Answer<Kept> {
    let key = changeable(world, caller, &ask.SecretId)?;
    let stages = match ask.VersionStages {
        None => BTreeSet::from([CURRENT.to_string()]),
        Some(stages) if (1..=20).contains(&stages.len()) => stages.into_iter().collect(),
        Some(_) => return Err(parameter("VersionStages must have between 1 and 20 staging labels.")),
    };
    let payload = payload(ask.SecretString, ask.SecretBinary)?;
    let given = Given::new(world, ask.ClientRequestToken, payload)?;
    let (id, labels) = store(world, &key, given, stages)?;
    let arn = of(world, &key)?.arn();
    Ok(Kept { ARN: arn, Name: key.1, VersionId: id, VersionStages: labels })
}

#[derive(Deserialize)]
pub struct Get {
    SecretId: String,
    VersionId: Option<String>,
    VersionStage: Option<String>,
}

#[derive(Serialize)]
pub struct Value {
    ARN: String,
    Name: String,
    VersionId: String,
    SecretBinary: Option<String>,
    SecretString: Option<String>,
    VersionStages: Vec<String>,
    CreatedDate: Moment,
}

pub fn get(world: &mut World, caller: &Caller, ask: Get) -> Answer<Value> {
    let secret = alive(world, caller, &ask.SecretId)?;
    let (id, version) = match &ask.VersionId {
        Some(id) => secret.versions.get_key_value(id).ok_or_else(|| {
            absent(format!("Secrets Manager can't find the specified secret value for VersionId: {id}"))
        })?,
        None => {
            let stage = ask.VersionStage.as_deref().unwrap_or(CURRENT);
            secret.staged(stage).ok_or_else(|| {
                absent(format!("Secrets Manager can't find the specified secret value for staging label: {stage}"))
            })?
        }
    };
    if ask.VersionStage.as_ref().is_some_and(|stage| !version.stages.contains(stage)) {
        return Err(request("You provided a VersionStage that is not associated to the provided VersionId."));
    }
    let (text, binary) = match version.payload.clone() {
        Payload::Text(text) => (Some(text), None),
        Payload::Binary(text) => (None, Some(text)),
    };
    let value = Value {
        ARN: secret.arn(),
        Name: secret.name.clone(),
        VersionId: id.clone(),
        SecretBinary: binary,
        SecretString: text,
        VersionStages: version.stages.iter().cloned().collect(),
        CreatedDate: version.created,
    };
    let (key, today) = (secret.key(), world.now.floor(86_400));
    of(world, &key)?.accessed = Some(today);
    Ok(value)
}
