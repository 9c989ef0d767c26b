//! What stands in the account because stacks made it: networks, roles, log groups, keys, certificates. There is no API of
//! EC2, IAM, KMS, ACM or CloudWatch Logs in this world, so nothing else makes such things.

use crate::doc::Doc;
use crate::moment::Moment;
use serde_json::Map;
use std::collections::{BTreeMap, BTreeSet};

/// Where IAM's things are: in no Region.
pub const GLOBAL: &str = "global";

/// One thing.
#[derive(Debug, Clone, PartialEq)]
pub struct Thing {
    /// A Region, or [`GLOBAL`].
    pub place: String,
    /// `AWS::EC2::VPC`.
    pub kind: &'static str,
    /// Its physical id, which is what Ref returns.
    pub id: String,
    pub properties: Map<String, Doc>,
    /// What Fn::GetAtt returns.
    pub attributes: BTreeMap<String, Doc>,
    pub tags: BTreeMap<String, String>,
    /// The id of the stack that made it, and its logical id there.
    pub stack: String,
    pub logical: String,
    pub made: Moment,
}

impl Thing {
    /// A property as text; empty when it is absent.
    pub fn text(&self, property: &str) -> &str {
        self.properties.get(property).and_then(Doc::as_str).unwrap_or_default()
    }

    /// A property that is a list of texts.
    pub fn texts(&self, property: &str) -> impl Iterator<Item = &str> {
        self.properties.get(property).and_then(Doc::as_array).into_iter().flatten().filter_map(Doc::as_str)
    }

    /// An attribute as text; empty when it is absent.
    pub fn attribute(&self, name: &str) -> &str {
        self.attributes.get(name).and_then(Doc::as_str).unwrap_or_default()
    }
}

type Key = (String, &'static str, String);

/// Everything that stands.
#[derive(Debug, Clone, Default)]
pub struct Estate {
    things: BTreeMap<Key, Thing>,
    /// Ids of what stood once.
    gone: BTreeSet<(String, String)>,
}

impl Estate {
    pub fn get(&self, place: &str, kind: &'static str, id: &str) -> Option<&Thing> {
        self.things.get(&(place.to_string(), kind, id.to_string()))
    }

    pub(super) fn get_mut(&mut self, place: &str, kind: &'static str, id: &str) -> Option<&mut Thing> {
        self.things.get_mut(&(place.to_string(), kind, id.to_string()))
    }

    /// What stands of a kind in a place, by id.
    pub fn of<'a>(&'a self, place: &'a str, kind: &'static str) -> impl Iterator<Item = &'a Thing> {
        self.things
            .range((place.to_string(), kind, String::new())..)
            .take_while(move |((here, of, _), _)| here == place && *of == kind)
            .map(|(_, thing)| thing)
    }

    /// Everything, by place, kind and id.
    pub fn all(&self) -> impl Iterator<Item = &Thing> {
        self.things.values()
    }

    /// Whether it stood here once and does not any more. What never stood here may stand all the same: networks
    /// and roles that were there before this world are given by name.
    pub fn is_gone(&self, place: &str, id: &str) -> bool {
        self.gone.contains(&(place.to_string(), id.to_string()))
    }

    pub(super) fn put(&mut self, thing: Thing) {
        self.gone.remove(&(thing.place.clone(), thing.id.clone()));
        self.things.insert((thing.place.clone(), thing.kind, thing.id.clone()), thing);
    }

    /// Takes it away, whoever does that.
    pub fn take(&mut self, place: &str, kind: &'static str, id: &str) -> Option<Thing> {
        let thing = self.things.remove(&(place.to_string(), kind, id.to_string()))?;
        self.gone.insert((thing.place.clone(), thing.id.clone()));
        Some(thing)
    }
}
