//! Replicas: every change of a primary is carried to them, while their Region can be reached.

use super::{Key, Secret, World};
use crate::faults;
use crate::moment::Moment;
use std::time::Duration;

/// How long a replica takes to have what its primary has, seconds (assumed).
const TAKES_S: (f64, f64) = (2.0, 8.0);

/// A replica, as its primary knows it.
#[derive(Debug, Clone)]
pub struct Copy {
    pub kms_key: Option<String>,
    pub status: CopyStatus,
    /// Whether a secret of this name that is already there gives way.
    overwrite: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CopyStatus {
    /// On its way until then.
    InProgress(Moment),
    InSync,
    Failed(String),
}

/// Who removes a replica, from where.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Removal {
    from: Key,
    primary: String,
}

fn takes(world: &mut World) -> Duration {
    Duration::from_secs_f64(world.chance.secrets.between(TAKES_S.0, TAKES_S.1))
}

/// Begins to replicate a secret to another Region.
pub fn copy_to(world: &mut World, key: &Key, region: &str, kms_key: Option<String>, overwrite: bool) {
    let status = CopyStatus::InProgress(world.now + takes(world));
    if let Some(secret) = world.secrets.all.get_mut(key) {
        secret.copies.insert(region.to_string(), Copy { kms_key, status, overwrite });
    }
}

/// Says that a primary has changed: its replicas follow.
pub fn touched(world: &mut World, key: &Key) {
    let Some(secret) = world.secrets.all.get(key) else { return };
    let standing = secret.copies.iter().filter(|(_, copy)| !matches!(copy.status, CopyStatus::Failed(_)));
    let regions: Vec<String> = standing.map(|(region, _)| region.clone()).collect();
    for region in regions {
        let status = CopyStatus::InProgress(world.now + takes(world));
        if let Some(copy) = world.secrets.all.get_mut(key).and_then(|secret| secret.copies.get_mut(&region)) {
            copy.status = status;
        }
    }
}

/// Takes a replica away: at once, or as soon as its Region hears of it.
pub fn remove_from(world: &mut World, key: &Key, region: &str) {
    if let Some(secret) = world.secrets.all.get_mut(key) {
        secret.copies.remove(region);
    }
    world.secrets.removals.insert(Removal { from: (region.to_string(), key.1.clone()), primary: key.0.clone() });
    remove(world);
}

/// Makes a replica a secret of its own; its primary forgets it as soon as it hears of it.
pub fn detach(world: &mut World, key: &Key) {
    let primary = world.secrets.all.get_mut(key).and_then(|secret| secret.primary.take());
    let Some(region) = primary.filter(|region| faults::linked(world, region, &key.0)) else { return };
    if let Some(secret) = world.secrets.all.get_mut(&(region, key.1.clone())) {
        secret.copies.remove(&key.0);
    }
}

pub(super) fn tick(world: &mut World) {
    remove(world);
    forget(world);
    let due = |secret: &Secret| {
        let over = |status: &CopyStatus| matches!(status, CopyStatus::InProgress(due) if *due <= world.now);
        let copies = secret.copies.iter().filter(|(_, copy)| over(&copy.status));
        copies.map(|(region, _)| (secret.key(), region.clone())).collect::<Vec<_>>()
    };
    let due: Vec<(Key, String)> = world.secrets.all.values().flat_map(due).collect();
    for (key, region) in due {
        if faults::linked(world, &key.0, &region) {
            arrive(world, &key, &region);
        }
    }
}

fn remove(world: &mut World) {
    for removal in world.secrets.removals.iter().cloned().collect::<Vec<_>>() {
        if faults::linked(world, &removal.primary, &removal.from.0) {
            let theirs = world.secrets.all.get(&removal.from).and_then(|secret| secret.primary.as_ref());
            if theirs == Some(&removal.primary) {
                world.secrets.all.remove(&removal.from);
            }
            world.secrets.removals.remove(&removal);
        }
    }
}

/// Lets primaries forget replicas that became secrets of their own when they could not hear of it.
fn forget(world: &mut World) {
    let mut detached = vec![];
    for (key, secret) in &world.secrets.all {
        for (region, _) in secret.copies.iter().filter(|(_, copy)| copy.status == CopyStatus::InSync) {
            let there = world.secrets.all.get(&(region.clone(), key.1.clone()));
            let ours = there.is_some_and(|there| there.primary.as_ref() == Some(&key.0));
            if !ours && faults::linked(world, &key.0, region) {
                detached.push((key.clone(), region.clone()));
            }
        }
    }
    for (key, region) in detached {
        if let Some(secret) = world.secrets.all.get_mut(&key) {
            secret.copies.remove(&region);
        }
    }
}

/// Gives a replica what its primary has, unless another secret has its name.
fn arrive(world: &mut World, key: &Key, region: &str) {
    let there = (region.to_string(), key.1.clone());
    let all = &mut world.secrets.all;
    let old = all.get(&there).map(|old| (old.primary.clone(), old.accessed));
    let Some(secret) = all.get_mut(key) else { return };
    let Some(copy) = secret.copies.get_mut(region) else { return };
    let foreign = old.as_ref().is_some_and(|(primary, _)| primary.as_ref() != Some(&key.0));
    if foreign && !copy.overwrite {
        let name = &key.1;
        // moto's words for it
        let why = format!("Replication failed: Secret name {name} already exists in region {region}.");
        copy.status = CopyStatus::Failed(why);
        return;
    }
    copy.status = CopyStatus::InSync;
    let replica = Secret {
        region: region.to_string(),
        kms_key: copy.kms_key.clone(),
        accessed: old.and_then(|(_, accessed)| accessed),
        primary: Some(key.0.clone()),
        copies: Default::default(),
        ..secret.clone()
    };
    all.insert(there, replica);
}
