//! Resource record sets.

use super::batch::{self, Asked};
use super::changes::{self, Changed};
use super::{invalid, page_size, zones};
use crate::operation::{Answer, Caller};
use crate::world::World;
use crate::world::dns::names;
use crate::world::dns::record::{Key, RecordSet, RrType};
use crate::world::dns::zones as world_zones;
use serde::{Deserialize, Serialize};

/// The most record sets in one answer (botocore, ListResourceRecordSets).
const PAGE: usize = 300;

#[derive(Deserialize)]
pub struct Change {
    Id: String,
    ChangeBatch: ChangeBatch,
}

#[derive(Deserialize)]
struct ChangeBatch {
    Comment: Option<String>,
    Changes: Vec<Asked>,
}

pub fn change(world: &mut World, _: &Caller, ask: Change) -> Answer<Changed> {
    let zone = zones::find(world, &ask.Id)?;
    let edits = batch::edits(world, zone, ask.ChangeBatch.Changes)?;
    let id = zone.id.clone();
    let comment = ask.ChangeBatch.Comment.filter(|comment| !comment.is_empty());
    let change = world_zones::edit(world, &id, edits, comment);
    changes::changed(world, &change)
}

#[derive(Deserialize)]
pub struct List {
    Id: String,
    name: Option<String>,
    #[serde(rename = "type")]
    kind: Option<RrType>,
    identifier: Option<String>,
    maxitems: Option<String>,
}

#[derive(Serialize)]
pub struct Listed {
    ResourceRecordSets: Vec<RecordSet>,
    IsTruncated: bool,
    NextRecordName: Option<String>,
    NextRecordType: Option<RrType>,
    NextRecordIdentifier: Option<String>,
    MaxItems: String,
}

pub fn list(world: &mut World, _: &Caller, ask: List) -> Answer<Listed> {
    let size = page_size(ask.maxitems.as_deref(), PAGE)?;
    let zone = zones::find(world, &ask.Id)?;
    let from = match (ask.name, ask.kind, ask.identifier) {
        (None, None, None) => Key(String::new(), RrType::A, String::new()),
        (None, ..) => return Err(invalid("The type parameter requires the name parameter.")),
        (Some(_), None, Some(_)) => return Err(invalid("The identifier parameter requires the type parameter.")),
        (Some(name), kind, identifier) => {
            Key(names::reversed(&names::normal(&name)), kind.unwrap_or(RrType::A), identifier.unwrap_or_default())
        }
    };
    let mut rest = zone.records.range(from..).map(|(_, set)| set);
    let page: Vec<RecordSet> = rest.by_ref().take(size).cloned().collect();
    let next = rest.next();
    Ok(Listed {
        ResourceRecordSets: page,
        IsTruncated: next.is_some(),
        NextRecordName: next.map(|set| set.Name.clone()),
        NextRecordType: next.map(|set| set.Type),
        NextRecordIdentifier: next.and_then(|set| set.SetIdentifier.clone()),
        MaxItems: size.to_string(),
    })
}
