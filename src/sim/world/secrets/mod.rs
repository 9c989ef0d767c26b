//! Secrets Manager: secrets, their versions, and their replicas in other Regions.
//!
//! `version` is what a secret has held, `replicate` carries it to other Regions and takes it away from there.

mod replicate;
mod version;

pub use replicate::{Copy, CopyStatus, copy_to, detach, remove_from, touched};
pub use version::{CURRENT, PENDING, PREVIOUS, Payload, Version};

use super::{ACCOUNT, World};
use crate::moment::Moment;
use crate::random::Random;
use std::collections::{BTreeMap, BTreeSet};

/// A Region and the name of a secret in it.
pub type Key = (String, String);

/// Every secret of the account.
#[derive(Debug, Clone, Default)]
pub struct Secrets {
    pub all: BTreeMap<Key, Secret>,
    /// Replicas that were taken away and are still there: their Region does not hear of it yet.
    removals: BTreeSet<replicate::Removal>,
}

/// A secret in one Region: a primary, or a replica of one.
#[derive(Debug, Clone)]
pub struct Secret {
    pub region: String,
    pub name: String,
    /// What ends its ARN.
    pub suffix: String,
    pub description: Option<String>,
    pub kms_key: Option<String>,
    pub tags: BTreeMap<String, String>,
    pub policy: Option<String>,
    pub versions: BTreeMap<String, Version>,
    pub created: Moment,
    pub changed: Moment,
    pub accessed: Option<Moment>,
    /// When it was marked for deletion, and when it is gone.
    pub deleted: Option<(Moment, Moment)>,
    /// The Region of the primary, if this is a replica.
    pub primary: Option<String>,
    /// The Regions of its replicas, with how far each is.
    pub copies: BTreeMap<String, Copy>,
}

impl Secret {
    pub fn arn(&self) -> String {
        format!("{}-{}", arn(&self.region, &self.name), self.suffix)
    }

    pub fn key(&self) -> Key {
        (self.region.clone(), self.name.clone())
    }

    /// The Region whose copy is written to; none for a secret without replicas.
    pub fn primary_region(&self) -> Option<&str> {
        match &self.primary {
            Some(region) => Some(region),
            None if self.copies.is_empty() => None,
            None => Some(&self.region),
        }
    }
}

/// The ARN of a name, without its suffix.
pub fn arn(region: &str, name: &str) -> String {
    format!("arn:aws:secretsmanager:{region}:{ACCOUNT}:secret:{name}")
}

impl Secrets {
    /// The secret that a name, an ARN, or an ARN without its suffix means in a Region.
    pub fn find(&self, region: &str, id: &str) -> Option<&Secret> {
        if let Some(secret) = self.all.get(&(region.to_string(), id.to_string())) {
            return Some(secret);
        }
        let name = id.strip_prefix(&arn(region, ""))?;
        let named = |name: &str| self.all.get(&(region.to_string(), name.to_string()));
        let whole = name.rsplit_once('-').and_then(|(name, suffix)| named(name).filter(|found| found.suffix == suffix));
        whole.or_else(|| named(name))
    }
}

/// Six letters and digits that keep ARNs of later secrets with the same name apart.
pub fn suffix(chance: &mut Random) -> String {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    (0..6).map(|_| char::from(LETTERS[chance.below(LETTERS.len() as u64) as usize])).collect()
}

pub fn tick(world: &mut World) {
    let now = world.now;
    world.secrets.all.retain(|_, secret| secret.deleted.is_none_or(|(_, gone)| gone > now));
    replicate::tick(world);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_suffix_follows_from_the_seed() {
        let of = |seed| suffix(&mut Random::stream(seed, "secrets"));
        assert_eq!(of(1), of(1));
        assert_ne!(of(1), of(2));
        assert!(of(1).len() == 6 && of(1).bytes().all(|letter| letter.is_ascii_alphanumeric()));
    }
}
