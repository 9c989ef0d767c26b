//! What a template would change: foreseen before it is done.

use super::CloudFormation;
use super::kinds::{Kind, Property, Shape, coerced};
use super::run::Live;
use super::stack::{Design, Resource, Stack, Told};
use super::template::{Answers, Place, Scope, UNKNOWN, is_unknown};
use crate::doc::Doc;
use serde_json::Map;
use std::collections::{BTreeMap, BTreeSet};

/// What is done to a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    Add,
    Modify,
    Remove,
}

/// Whether a change makes a new resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Replacement {
    False,
    /// Only doing it will tell.
    Conditional,
    True,
}

/// What would be done to one resource.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    pub logical: String,
    pub physical: Option<String>,
    pub kind: &'static Kind,
    pub action: Action,
    /// Of a change that modifies.
    pub replacement: Option<Replacement>,
    /// Properties that would change, with what their change would mean, and whether they are known only then.
    pub properties: Vec<(&'static str, Replacement, bool)>,
}

/// Everything that a design would change, in the order of the logical ids, and its outputs.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    pub changes: Vec<Change>,
    pub outputs: Vec<Told>,
}

/// What is there, but for what would be made or replaced.
struct Foreseen<'a> {
    live: Live<'a>,
    active: &'a BTreeSet<String>,
    fresh: &'a BTreeSet<String>,
}

impl Answers for Foreseen<'_> {
    fn resource(&self, logical: &str, attribute: Option<&str>) -> Option<Doc> {
        if !self.active.contains(logical) {
            return None;
        }
        let there = self.live.resource(logical, attribute).filter(|_| !self.fresh.contains(logical));
        Some(there.unwrap_or_else(|| Doc::String(UNKNOWN.into())))
    }

    fn export(&self, name: &str) -> Option<String> {
        Some(self.live.export(name).unwrap_or_else(|| UNKNOWN.into()))
    }
}

/// The logical ids whose conditions hold.
pub fn active(scope: &Scope<'_>) -> Result<BTreeSet<String>, String> {
    let mut active = BTreeSet::new();
    for (logical, declared) in &scope.template.resources {
        if scope.holds(declared.condition.as_deref())? {
            active.insert(logical.clone());
        }
    }
    Ok(active)
}

/// What `design` would change in a stack with these resources.
pub fn plan(
    world: &CloudFormation,
    place: &Place,
    resources: &BTreeMap<String, Resource>,
    design: &Design,
) -> Result<Plan, String> {
    let (template, values) = (design.template.as_ref(), &design.values);
    let live = || Live::new(world, &place.region, resources);
    let active = {
        let live = live();
        active(&Scope { template, values, place, answers: &live })?
    };
    let mut fresh: BTreeSet<String> = active.iter().filter(|name| !stands(resources, name)).cloned().collect();
    let mut changes = BTreeMap::new();
    let mut left: BTreeSet<&String> = active.iter().collect();
    // Needs come first, as their replacement changes what refers to them.
    while let Some(logical) = next(&left, |name| template.needs(name)).cloned() {
        left.remove(&logical);
        let Some(declared) = template.resources.get(&logical) else { continue };
        let properties = {
            let answers = Foreseen { live: live(), active: &active, fresh: &fresh };
            let scope = Scope { template, values, place, answers: &answers };
            coerced(declared.kind.properties, scope.properties(&declared.properties)?)
        };
        let there = resources.get(&logical).filter(|there| there.physical.is_some());
        let Some(there) = there else {
            changes.insert(logical.clone(), change(&logical, None, declared.kind, Action::Add));
            continue;
        };
        if there.kind != declared.kind {
            return Err(format!(
                "Update of resource type is not permitted. The new template modifies resource type of the following resources: [{logical}]"
            ));
        }
        let tags = all_tags(place, &design.tags, &logical, declared.kind, &properties);
        let modified = modified(there, &properties, &tags);
        let Some(worst) = modified.iter().map(|(_, replacement, _)| *replacement).max() else { continue };
        if worst == Replacement::True {
            fresh.insert(logical.clone());
        }
        let known = change(&logical, there.physical.clone(), declared.kind, Action::Modify);
        changes.insert(logical, Change { replacement: Some(worst), properties: modified, ..known });
    }
    for (logical, there) in resources.iter().filter(|(logical, _)| !active.contains(*logical)) {
        changes.insert(logical.clone(), change(logical, there.physical.clone(), there.kind, Action::Remove));
    }
    let answers = Foreseen { live: live(), active: &active, fresh: &fresh };
    let outputs = outputs(&Scope { template, values, place, answers: &answers })?;
    Ok(Plan { changes: changes.into_values().collect(), outputs })
}

fn stands(resources: &BTreeMap<String, Resource>, logical: &str) -> bool {
    resources.get(logical).is_some_and(|resource| resource.physical.is_some())
}

/// One that needs nothing of what is left.
fn next<'a>(left: &BTreeSet<&'a String>, needs: impl Fn(&str) -> BTreeSet<String>) -> Option<&'a String> {
    left.iter().find(|name| !needs(name).iter().any(|need| left.contains(need))).copied()
}

fn change(logical: &str, physical: Option<String>, kind: &'static Kind, action: Action) -> Change {
    Change { logical: logical.to_string(), physical, kind, action, replacement: None, properties: vec![] }
}

fn modified(
    there: &Resource,
    new: &Map<String, Doc>,
    tags: &BTreeMap<String, String>,
) -> Vec<(&'static str, Replacement, bool)> {
    let of = |property: &'static Property| {
        let unknown = new.get(property.name).is_some_and(is_unknown);
        let replacement = match (property.replaces, unknown) {
            (false, _) => Replacement::False,
            (true, true) => Replacement::Conditional,
            (true, false) => Replacement::True,
        };
        (property.name, replacement, unknown)
    };
    changed(there, new, tags).into_iter().map(of).collect()
}

/// Properties that differ from those that were applied last. Tags count with the stack's.
pub fn changed(there: &Resource, new: &Map<String, Doc>, tags: &BTreeMap<String, String>) -> Vec<&'static Property> {
    let differs = |property: &&'static Property| match property.shape {
        Shape::Tags => there.tags != *tags,
        _ => there.properties.get(property.name) != new.get(property.name),
    };
    let known: Vec<&'static Property> = there.kind.properties.iter().filter(differs).collect();
    known
}

/// The tags that a resource of a stack gets (CloudFormation User Guide, Resource tag).
pub fn tags(stack: &Stack, logical: &str, kind: &Kind, properties: &Map<String, Doc>) -> BTreeMap<String, String> {
    all_tags(&stack.place(), &stack.design.tags, logical, kind, properties)
}

fn all_tags(
    place: &Place,
    of_stack: &BTreeMap<String, String>,
    logical: &str,
    kind: &Kind,
    properties: &Map<String, Doc>,
) -> BTreeMap<String, String> {
    if !kind.taggable() {
        return BTreeMap::new();
    }
    let mut tags = of_stack.clone();
    let own = properties.get("Tags").and_then(Doc::as_array).into_iter().flatten();
    tags.extend(
        own.filter_map(|tag| Some((tag.get("Key")?.as_str()?.to_string(), tag.get("Value")?.as_str()?.to_string()))),
    );
    tags.insert("aws:cloudformation:stack-name".into(), place.stack.clone());
    tags.insert("aws:cloudformation:stack-id".into(), place.stack_id.clone());
    tags.insert("aws:cloudformation:logical-id".into(), logical.to_string());
    tags
}

/// The outputs whose conditions hold.
pub fn outputs(scope: &Scope<'_>) -> Result<Vec<Told>, String> {
    let mut told = vec![];
    for (key, output) in &scope.template.outputs {
        if !scope.holds(output.condition.as_deref())? {
            continue;
        }
        told.push(Told {
            key: key.clone(),
            value: scope.text(&output.value)?,
            description: output.description.clone(),
            export: output.export.as_ref().map(|name| scope.text(name)).transpose()?,
        });
    }
    Ok(told)
}

/// Outputs, if their exports collide with none and break none that is in use.
pub fn exportable(world: &CloudFormation, stack: &Stack, outputs: Vec<Told>) -> Result<Vec<Told>, String> {
    let new: BTreeMap<&str, &str> =
        outputs.iter().filter_map(|output| Some((output.export.as_deref()?, output.value.as_str()))).collect();
    let others = world.exports(&stack.region);
    let foreign = |name: &&str| others.get(*name).is_some_and(|(_, owner)| owner.id != stack.id);
    if let Some(name) = new.keys().find(|name| foreign(name)) {
        let owner = others.get(*name).map(|(_, owner)| owner.name.as_str()).unwrap_or_default();
        return Err(format!("Export with name {name} is already exported by stack {owner}"));
    }
    for (name, value) in stack.exports() {
        let Some(user) = world.importers(&stack.region, name).next() else { continue };
        let verb = match new.get(name) {
            None => "deleted",
            Some(new) if *new != value => "updated",
            Some(_) => continue,
        };
        return Err(format!("Export {name} cannot be {verb} as it is in use by {}", user.name));
    }
    drop(new);
    Ok(outputs)
}
