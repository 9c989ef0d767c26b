//! CreateSecret, DescribeSecret, UpdateSecret.

use super::refuse::{changeable, exists, known, of, request, validation};
use super::replicas::{self, ReplicaRegion};
use super::shape::{self, Replication, Told};
use super::tags::{self, Tag};
use super::values::{self, Given};
use crate::operation::{Answer, Caller};
use crate::world::World;
use crate::world::secrets::{self, CURRENT, Secret};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

#[derive(Deserialize)]
pub struct Create {
    Name: String,
    ClientRequestToken: Option<String>,
    Description: Option<String>,
    KmsKeyId: Option<String>,
    SecretBinary: Option<String>,
    SecretString: Option<String>,
    Tags: Option<Vec<Tag>>,
    AddReplicaRegions: Option<Vec<ReplicaRegion>>,
    #[serde(default)]
    ForceOverwriteReplicaSecret: bool,
}

#[derive(Serialize)]
pub struct Created {
    ARN: String,
    Name: String,
    VersionId: Option<String>,
    ReplicationStatus: Option<Vec<Replication>>,
}

pub fn create(world: &mut World, caller: &Caller, ask: Create) -> Answer<Created> {
    name(&ask.Name)?;
    let payload = values::payload(ask.SecretString, ask.SecretBinary)?;
    let given = Given::new(world, ask.ClientRequestToken, payload)?;
    let tags = tags::read(ask.Tags.unwrap_or_default())?;
    let wanted = ask.AddReplicaRegions.unwrap_or_default();
    replicas::check(caller, &wanted)?;
    let key = (caller.region.clone(), ask.Name);
    if let Some(there) = world.secrets.all.get(&key) {
        return again(world, there, &given);
    }
    let now = world.now;
    let mut secret = Secret {
        region: key.0.clone(),
        name: key.1.clone(),
        suffix: secrets::suffix(&mut world.chance.secrets),
        description: ask.Description,
        kms_key: ask.KmsKeyId,
        tags,
        policy: None,
        versions: BTreeMap::new(),
        created: now,
        changed: now,
        accessed: None,
        deleted: None,
        primary: None,
        copies: BTreeMap::new(),
    };
    let version = given.payload.map(|payload| {
        secret.add(&given.id, payload, BTreeSet::from([CURRENT.to_string()]), now);
        given.id
    });
    world.secrets.all.insert(key.clone(), secret);
    for replica in &wanted {
        let (region, kms) = (&replica.Region, replica.KmsKeyId.clone());
        secrets::copy_to(world, &key, region, kms, ask.ForceOverwriteReplicaSecret);
    }
    let secret = of(world, &key)?.clone();
    let replication = (!wanted.is_empty()).then(|| shape::replication(world, &secret));
    Ok(Created { ARN: secret.arn(), Name: key.1, VersionId: version, ReplicationStatus: replication })
}

/// A request that was heard already is answered again; any other of this name is refused.
fn again(world: &World, there: &Secret, given: &Given) -> Answer<Created> {
    if there.deleted.is_some() {
        return Err(request(
            "You can't create this secret because a secret with this name is already scheduled for deletion.",
        ));
    }
    let heard = there.versions.get(&given.id).is_some_and(|version| Some(&version.payload) == given.payload.as_ref());
    if !heard || there.primary.is_some() {
        return Err(exists(format!("The operation failed because the secret {} already exists.", there.name)));
    }
    let replication = (!there.copies.is_empty()).then(|| shape::replication(world, there));
    let (arn, name) = (there.arn(), there.name.clone());
    Ok(Created { ARN: arn, Name: name, VersionId: Some(given.id.clone()), ReplicationStatus: replication })
}

fn name(name: &str) -> Answer<()> {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "/_+=.@-!".contains(letter);
    match name.chars().count() {
        0 => Err(validation(
            "1 validation error detected: Value '' at 'name' failed to satisfy constraint: Member must have length greater than or equal to 1",
        )),
        513.. => Err(validation(format!(
            "1 validation error detected: Value '{name}' at 'name' failed to satisfy constraint: Member must have length less than or equal to 512"
        ))),
        _ if name.chars().all(plain) => Ok(()),
        _ => Err(validation(
            "Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!",
        )),
    }
}

#[derive(Deserialize)]
pub struct Named {
    SecretId: String,
}

#[derive(Serialize)]
pub struct Described {
    #[serde(flatten)]
    secret: Told,
    VersionIdsToStages: Option<BTreeMap<String, Vec<String>>>,
    ReplicationStatus: Option<Vec<Replication>>,
}

pub fn describe(world: &mut World, caller: &Caller, ask: Named) -> Answer<Described> {
    let secret = known(world, caller, &ask.SecretId)?;
    let replication = (!secret.copies.is_empty()).then(|| shape::replication(world, secret));
    Ok(Described {
        secret: shape::told(secret),
        VersionIdsToStages: shape::stages(secret),
        ReplicationStatus: replication,
    })
}

#[derive(Deserialize)]
pub struct Update {
    SecretId: String,
    ClientRequestToken: Option<String>,
    Description: Option<String>,
    KmsKeyId: Option<String>,
    SecretBinary: Option<String>,
    SecretString: Option<String>,
}

#[derive(Serialize)]
pub struct Updated {
    ARN: String,
    Name: String,
    VersionId: Option<String>,
}

pub fn update(world: &mut World, caller: &Caller, ask: Update) -> Answer<Updated> {
    let key = changeable(world, caller, &ask.SecretId)?;
    let payload = values::payload(ask.SecretString, ask.SecretBinary)?;
    // SDKs send a token always; without a value there is no version for it to name
    let given = Given::new(world, ask.ClientRequestToken, payload)?;
    let version = if given.payload.is_some() {
        let (id, _) = values::store(world, &key, given, BTreeSet::from([CURRENT.to_string()]))?;
        Some(id)
    } else {
        None
    };
    let now = world.now;
    let secret = of(world, &key)?;
    if let Some(description) = ask.Description {
        secret.description = Some(description);
    }
    if let Some(kms) = ask.KmsKeyId {
        secret.kms_key = Some(kms);
    }
    secret.changed = now;
    let (arn, name) = (secret.arn(), secret.name.clone());
    secrets::touched(world, &key);
    Ok(Updated { ARN: arn, Name: name, VersionId: version })
}
