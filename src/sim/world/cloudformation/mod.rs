//! CloudFormation: stacks, what they are made from, and what stands because of them.
//!
//! `template` reads templates and works them out, `kinds` is the table of resource types, `make` does what EC2,
//! IAM, RDS, KMS and CloudWatch Logs would, `estate` is what stands. A `stack` is at rest or has a `run`, which
//! a tick moves on: resources are made as soon as what they need is there, and go in the opposite order. `plan`
//! foresees what a template would change, for change sets and for "No updates are to be performed.".

pub mod change_set;
mod cidr;
pub mod estate;
mod failure;
pub mod kinds;
mod make;
pub mod plan;
mod run;
mod stack;
pub mod template;

pub use run::{begin_create, begin_delete, begin_review, begin_update, refuse_delete};
pub use stack::{Design, Event, OnFailure, Resource, Stack, Status, Told};

use super::World;
use estate::{Estate, Thing};
use std::collections::BTreeMap;

/// A Region and the id of a stack in it.
pub type Key = (String, String);

/// CloudFormation in all Regions.
#[derive(Debug, Clone, Default)]
pub struct CloudFormation {
    /// Deleted ones stay: they are found by their ids.
    pub stacks: BTreeMap<Key, Stack>,
    pub estate: Estate,
    /// Client tokens by Region: what was asked with each, and the stack.
    pub tokens: BTreeMap<Key, (String, String)>,
}

impl CloudFormation {
    /// The stack of that name, or of that id; only the id finds a deleted one.
    pub fn stack<'a>(&'a self, region: &'a str, name: &'a str) -> Option<&'a Stack> {
        if name.starts_with("arn:") {
            return self.stacks.get(&(region.to_string(), name.to_string()));
        }
        self.in_region(region).find(|stack| stack.name == name && stack.status != Status::DeleteComplete)
    }

    pub fn stack_mut(&mut self, region: &str, name: &str) -> Option<&mut Stack> {
        let id = self.stack(region, name)?.id.clone();
        self.stacks.get_mut(&(region.to_string(), id))
    }

    /// Stacks of a Region, also deleted ones, by id.
    pub fn in_region<'a>(&'a self, region: &'a str) -> impl Iterator<Item = &'a Stack> {
        self.stacks
            .range((region.to_string(), String::new())..)
            .take_while(move |((here, _), _)| here == region)
            .map(|(_, stack)| stack)
    }

    /// Exports of a Region: name, value and the stack that exports it.
    pub fn exports<'a>(&'a self, region: &'a str) -> BTreeMap<&'a str, (&'a str, &'a Stack)> {
        let standing = self.in_region(region).filter(|stack| stack.status != Status::DeleteComplete);
        standing.flat_map(|stack| stack.exports().map(move |(name, value)| (name, (value, stack)))).collect()
    }

    /// Stacks that use an export.
    pub fn importers<'a>(&'a self, region: &'a str, export: &'a str) -> impl Iterator<Item = &'a Stack> {
        self.in_region(region)
            .filter(move |stack| stack.status != Status::DeleteComplete && stack.imports.contains(export))
    }

    /// Everything that stacks still hold, also what they left behind: an account that was cleaned up holds nothing.
    pub fn holdings(&self) -> Vec<&Thing> {
        self.estate.all().collect()
    }

    /// Stacks that are not deleted.
    pub fn standing(&self) -> impl Iterator<Item = &Stack> {
        self.stacks.values().filter(|stack| stack.status != Status::DeleteComplete)
    }
}

/// Moves every stack on that has something to do.
pub fn tick(world: &mut World) {
    let busy: Vec<Key> =
        world.cloudformation.stacks.iter().filter(|(_, s)| s.run.is_some()).map(|(k, _)| k.clone()).collect();
    for key in busy {
        // Out of the world while it acts, so that the world can be changed meanwhile.
        let Some(mut stack) = world.cloudformation.stacks.remove(&key) else { continue };
        let before = stack.status;
        run::step(world, &mut stack);
        if stack.status != before {
            let what = format!("{} {}", stack.name, stack.status.name());
            world.truth.note(world.now, "stack.status", &key.0, what);
        }
        world.cloudformation.stacks.insert(key, stack);
    }
}
