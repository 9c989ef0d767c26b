//! Tables with multi-Region strong consistency: three Regions, of which any two agree on every write and on every
//! strongly consistent read (Developer Guide, global tables: how it works). A Region that reaches neither of the
//! others answers neither; one that missed writes learns them before it answers.

use super::table::{ItemKey, Stored};
use super::write::{NotWritten, reached};
use super::{Dynamo, Key, World};
use std::collections::BTreeMap;

/// What a witness keeps: it is no table, and nobody reads or writes it.
#[derive(Debug, Clone, Default)]
pub struct Kept {
    items: BTreeMap<ItemKey, Stored>,
    behind: bool,
}

/// Says whether the Region may answer a write or a strongly consistent read of its table now, and lets its replica
/// learn what it missed.
///
/// # Errors
/// When there is no such table, or its Region is alone.
pub fn agree(world: &mut World, at: &Key) -> Result<(), NotWritten> {
    let table = world.dynamo.tables.get(at).ok_or(NotWritten::NoTable)?;
    if table.strong != Some(true) {
        return Ok(());
    }
    let others = table.others();
    if !others.iter().any(|other| reached(world, &at.0, other)) {
        return Err(NotWritten::Alone);
    }
    catch_up(world, at);
    Ok(())
}

/// Keeps a write in every Region that is reached; the others are behind.
pub(super) fn keep(world: &mut World, at: &Key, key: &ItemKey, stored: &Stored) {
    let Some(table) = world.dynamo.tables.get(at) else { return };
    let others = table.others();
    for region in others.iter().chain([&at.0]) {
        let hears = reached(world, &at.0, region);
        let Some((items, behind)) = world.dynamo.copy(region, at) else { continue };
        if hears {
            items.insert(key.clone(), stored.clone());
        } else {
            *behind = true;
        }
    }
}

/// Lets every copy that missed writes learn them as soon as it reaches another one.
pub fn tick(world: &mut World) {
    let tables = world.dynamo.tables.iter().filter(|(_, table)| table.behind).map(|(key, _)| key.clone());
    let witnesses = world.dynamo.witnesses.iter().filter(|(_, kept)| kept.behind).map(|(key, _)| key.clone());
    for key in tables.chain(witnesses).collect::<Vec<_>>() {
        catch_up(world, &key);
    }
}

/// Two copies have every write that was ever acknowledged between them: each was kept by two of the three.
fn catch_up(world: &mut World, at: &Key) {
    if !world.dynamo.is_behind(at) {
        return;
    }
    let group = world.dynamo.group(at);
    let there: Vec<&String> = group.iter().filter(|region| **region != at.0 && reached(world, &at.0, region)).collect();
    if there.is_empty() {
        return;
    }
    let mut news: Vec<(ItemKey, Stored)> = vec![];
    for region in there {
        let Some((items, _)) = world.dynamo.copy(region, at) else { continue };
        news.extend(items.iter().map(|(key, stored)| (key.clone(), stored.clone())));
    }
    let Some((items, behind)) = world.dynamo.copy(&at.0, at) else { return };
    for (key, stored) in news {
        if items.get(&key).is_none_or(|ours| ours.stamp < stored.stamp) {
            items.insert(key, stored);
        }
    }
    *behind = false;
    world.truth.note(world.now, "replica.caught-up", &at.0, &at.1);
}

impl Dynamo {
    /// Makes the witness of a table in a Region; the table is empty.
    pub(super) fn witness(&mut self, region: &str, name: &str) {
        self.witnesses.insert((region.to_string(), name.to_string()), Kept::default());
    }

    /// What a Region keeps of a table's items, and whether it missed writes: its replica, or else its witness.
    fn copy(&mut self, region: &str, of: &Key) -> Option<(&mut BTreeMap<ItemKey, Stored>, &mut bool)> {
        let key = (region.to_string(), of.1.clone());
        // a table of the same name may stand where the witness is
        if let Some(kept) = self.witnesses.get_mut(&key) {
            return Some((&mut kept.items, &mut kept.behind));
        }
        self.tables.get_mut(&key).map(|table| (&mut table.items, &mut table.behind))
    }

    fn is_behind(&self, at: &Key) -> bool {
        match self.witnesses.get(at) {
            Some(kept) => kept.behind,
            None => self.tables.get(at).is_some_and(|table| table.behind),
        }
    }

    /// The Regions of the strongly consistent table that a copy belongs to.
    fn group(&self, at: &Key) -> Vec<String> {
        let ours = |table: &&super::Table| table.strong == Some(true) && table.name == at.1;
        let all =
            self.tables.values().filter(ours).find(|table| table.region == at.0 || table.others().contains(&at.0));
        all.map(|table| table.others().into_iter().chain([table.region.clone()]).collect()).unwrap_or_default()
    }
}
