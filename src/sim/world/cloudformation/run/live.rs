//! What stands, as templates ask for it.

use crate::doc::Doc;
use crate::world::cloudformation::CloudFormation;
use crate::world::cloudformation::estate::GLOBAL;
use crate::world::cloudformation::stack::Resource;
use crate::world::cloudformation::template::Answers;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

/// The resources of one stack and the exports of its Region.
pub struct Live<'a> {
    pub world: &'a CloudFormation,
    pub region: &'a str,
    pub resources: &'a BTreeMap<String, Resource>,
    /// Exports that were asked for.
    pub imported: RefCell<BTreeSet<String>>,
}

impl<'a> Live<'a> {
    pub fn new(world: &'a CloudFormation, region: &'a str, resources: &'a BTreeMap<String, Resource>) -> Self {
        Self { world, region, resources, imported: RefCell::default() }
    }
}

impl Answers for Live<'_> {
    fn resource(&self, logical: &str, attribute: Option<&str>) -> Option<Doc> {
        let resource = self.resources.get(logical)?;
        let id = resource.physical.as_deref()?;
        let Some(attribute) = attribute else { return Some(Doc::String(id.to_string())) };
        let place = if resource.kind.global() { GLOBAL } else { self.region };
        self.world.estate.get(place, resource.kind.name, id)?.attributes.get(attribute).cloned()
    }

    fn export(&self, name: &str) -> Option<String> {
        let value = self.world.exports(self.region).get(name).map(|(value, _)| (*value).to_string())?;
        self.imported.borrow_mut().insert(name.to_string());
        Some(value)
    }
}
