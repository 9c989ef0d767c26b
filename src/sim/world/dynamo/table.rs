//! A table in one Region.

use super::value::{Item, Value};
use crate::moment::Moment;
use std::cmp::Ordering;
use std::collections::BTreeMap;

#[derive(Debug, Clone)]
pub struct Table {
    pub region: String,
    pub name: String,
    pub id: String,
    /// Names and types (`S`, `N`, `B`) of the attributes of its key.
    pub definitions: Vec<(String, String)>,
    pub hash: String,
    pub range: Option<String>,
    pub provisioned: Option<(u64, u64)>,
    pub stream: Option<String>,
    pub protected: bool,
    pub status: Status,
    pub due: Option<Moment>,
    pub created: Moment,
    pub stream_label: Moment,
    pub ttl: Option<String>,
    pub recovery: Option<Moment>,
    pub tags: BTreeMap<String, String>,
    /// Regions of the other replicas, with how far each is.
    pub replicas: BTreeMap<String, Replica>,
    /// Set for a global table: whether it is strongly consistent.
    pub strong: Option<bool>,
    /// The Region of the witness, with how far it is.
    pub witness: Option<(String, Replica)>,
    pub items: BTreeMap<ItemKey, Stored>,
    /// Whether a strongly consistent table has writes elsewhere that this replica has not heard of.
    pub behind: bool,
    /// The Region whose endpoint made this replica, and when.
    pub source: Option<(String, Moment)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    Creating,
    Updating,
    Active,
    Deleting,
}

impl Status {
    pub fn word(self) -> &'static str {
        match self {
            Self::Creating => "CREATING",
            Self::Updating => "UPDATING",
            Self::Active => "ACTIVE",
            Self::Deleting => "DELETING",
        }
    }
}

/// Another replica, as this one knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Replica {
    pub status: Status,
    pub since: Moment,
    pub due: Option<Moment>,
}

/// A version of an item. `None` is a deletion that others may not have heard of yet.
#[derive(Debug, Clone)]
pub struct Stored {
    pub item: Option<Item>,
    pub stamp: Stamp,
}

/// When and where a version was written: the later one wins, the Region's name breaks ties.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stamp {
    pub at: Moment,
    /// Of writes at one moment the later.
    pub number: u64,
    pub region: String,
}

/// The key of an item, in the order in which a table keeps its partitions.
#[derive(Debug, Clone, PartialEq)]
pub struct ItemKey {
    pub hash: Value,
    pub range: Option<Value>,
}

impl Eq for ItemKey {}

impl Ord for ItemKey {
    fn cmp(&self, other: &Self) -> Ordering {
        let order = |one: &Value, other: &Value| one.order(other).unwrap_or_else(|| one.kind().cmp(other.kind()));
        order(&self.hash, &other.hash).then_with(|| match (&self.range, &other.range) {
            (Some(one), Some(other)) => order(one, other),
            (one, other) => one.is_some().cmp(&other.is_some()),
        })
    }
}

impl PartialOrd for ItemKey {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Table {
    /// The names of the key's attributes.
    pub fn key_names(&self) -> Vec<String> {
        std::iter::once(self.hash.clone()).chain(self.range.clone()).collect()
    }

    /// The key of an item, or why it has none.
    pub fn key_of(&self, item: &Item) -> Result<ItemKey, String> {
        let part = |name: &String| {
            let wanted =
                self.definitions.iter().find(|(known, _)| known == name).map_or("S", |(_, kind)| kind.as_str());
            let value = item.get(name).ok_or_else(|| {
                format!("One or more parameter values were invalid: Missing the key {name} in the item")
            })?;
            if value.kind() != wanted {
                return Err(format!(
                    "One or more parameter values were invalid: Type mismatch for key {name} expected: {wanted} actual: {}",
                    value.kind()
                ));
            }
            let empty = matches!(value, Value::S(text) if text.is_empty())
                || matches!(value, Value::B(bytes) if bytes.is_empty());
            if empty {
                return Err(format!(
                    "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: {name}"
                ));
            }
            Ok(value.clone())
        };
        Ok(ItemKey { hash: part(&self.hash)?, range: self.range.as_ref().map(part).transpose()? })
    }

    pub fn get(&self, key: &ItemKey) -> Option<&Item> {
        self.items.get(key)?.item.as_ref()
    }

    /// Items that are there, in order.
    pub fn all(&self) -> impl DoubleEndedIterator<Item = (&ItemKey, &Item)> {
        self.items.iter().filter_map(|(key, stored)| Some((key, stored.item.as_ref()?)))
    }

    /// The Regions of its other replicas and of its witness.
    pub fn others(&self) -> Vec<String> {
        self.replicas.keys().chain(self.witness.as_ref().map(|(region, _)| region)).cloned().collect()
    }

    /// Whether reads and writes are taken.
    pub fn open(&self) -> bool {
        matches!(self.status, Status::Active | Status::Updating)
    }
}
