//! Hosted zones and changes: the API sees a change at once, the name servers when it is INSYNC.

use super::names;
use super::record::{Key, RecordSet, RrType};
use super::served::LiveZone;
use crate::moment::Moment;
use crate::world::World;
use std::collections::BTreeMap;
use std::time::Duration;

/// How long a change is PENDING, seconds (ChangeResourceRecordSets: "generally within 60 seconds";
/// the distribution is assumed: even).
const PENDING_S: (f64, f64) = (5.0, 60.0);

/// A hosted zone as the API sees it.
#[derive(Debug, Clone)]
pub struct Zone {
    pub id: String,
    pub name: String,
    pub caller_reference: String,
    pub comment: Option<String>,
    /// Region and id of the VPC of a private zone.
    pub vpc: Option<(String, String)>,
    pub order: u64,
    pub records: BTreeMap<Key, RecordSet>,
    pub tags: BTreeMap<String, String>,
}

#[derive(Debug, Clone)]
pub struct Change {
    pub id: String,
    pub zone: String,
    pub comment: Option<String>,
    pub submitted: Moment,
    due: Moment,
    pub state: ChangeState,
    effect: Effect,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeState {
    Pending,
    InSync,
    /// Lost with the control plane: it never applies, and nobody knows it.
    Stranded,
}

#[derive(Debug, Clone)]
enum Effect {
    Made(LiveZone),
    Records(Vec<Edit>),
    Gone,
}

/// One step of a batch that was found right.
#[derive(Debug, Clone)]
pub enum Edit {
    Put(Box<RecordSet>),
    Remove(Key),
}

/// Makes the zone with its NS and SOA records; tells the ids of the zone and of the change.
pub fn make(world: &mut World, mut zone: Zone) -> (String, String) {
    let servers: Vec<String> = names::name_servers(&zone.id).into_iter().map(|server| format!("{server}.")).collect();
    // the values of AWS's own SOA record (Developer Guide, "The start of authority (SOA) record")
    let first = servers.first().cloned().unwrap_or_default();
    let soa = format!("{first} awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400");
    for set in [
        RecordSet::plain(&zone.name, RrType::Ns, 172_800, servers),
        RecordSet::plain(&zone.name, RrType::Soa, 900, vec![soa]),
    ] {
        zone.records.insert(set.key(), set);
    }
    zone.order = world.next_id();
    let live = LiveZone {
        origin: zone.name.clone(),
        private: zone.vpc.is_some(),
        order: zone.order,
        records: zone.records.clone(),
    };
    let id = zone.id.clone();
    world.dns.zones.insert(id.clone(), zone);
    let change = submit(world, &id, None, Effect::Made(live));
    (id, change)
}

/// Deletes the zone.
pub fn delete(world: &mut World, id: &str) -> String {
    world.dns.zones.remove(id);
    submit(world, id, None, Effect::Gone)
}

/// Edits the zone's records, all of them or (when the control plane dies meanwhile) none.
pub fn edit(world: &mut World, id: &str, edits: Vec<Edit>, comment: Option<String>) -> String {
    if let Some(zone) = world.dns.zones.get_mut(id) {
        apply(&mut zone.records, &edits);
    }
    submit(world, id, comment, Effect::Records(edits))
}

/// Puts a record for another service of the account; one that is there already is left as it is.
pub fn put(world: &mut World, id: &str, set: RecordSet) {
    let there = world.dns.zones.get(id).and_then(|zone| zone.records.get(&set.key()));
    if there != Some(&set) {
        edit(world, id, vec![Edit::Put(Box::new(set))], None);
    }
}

fn apply(records: &mut BTreeMap<Key, RecordSet>, edits: &[Edit]) {
    for edit in edits {
        match edit {
            Edit::Put(set) => records.insert(set.key(), (**set).clone()),
            Edit::Remove(key) => records.remove(key),
        };
    }
}

fn submit(world: &mut World, zone: &str, comment: Option<String>, effect: Effect) -> String {
    let id = names::change_id(world.next_id());
    let drawn = world.now + Duration::from_secs_f64(world.chance.dns.between(PENDING_S.0, PENDING_S.1));
    // the changes of a zone take effect in their order
    let pending = world.dns.pending.iter().filter_map(|id| world.dns.changes.get(id));
    let before = pending.filter(|change| change.zone == zone).map(|change| change.due).max();
    let change = Change {
        id: id.clone(),
        zone: zone.into(),
        comment,
        submitted: world.now,
        due: before.map_or(drawn, |before| before.max(drawn)),
        state: ChangeState::Pending,
        effect,
    };
    world.truth.note(world.now, "dns.pending", "global", change.what());
    world.dns.changes.insert(id.clone(), change);
    world.dns.pending.push(id.clone());
    id
}

impl Change {
    fn what(&self) -> String {
        match &self.effect {
            Effect::Made(zone) => format!("{} zone {} made", self.id, zone.origin),
            Effect::Gone => format!("{} zone {} deleted", self.id, self.zone),
            Effect::Records(edits) => {
                let names = edits.iter().map(|edit| match edit {
                    Edit::Put(set) => format!("+{}", set.Name),
                    Edit::Remove(key) => format!("-{}", names::reversed(&key.0)),
                });
                format!("{} {} {}", self.id, self.zone, names.collect::<Vec<_>>().join(" "))
            }
        }
    }
}

/// Carries out what is due; tells whether the name servers know something new.
pub fn settle(world: &mut World) -> bool {
    let now = world.now;
    let dns = &mut world.dns;
    let mut news = false;
    for id in std::mem::take(&mut dns.pending) {
        let Some(change) = dns.changes.get_mut(&id) else { continue };
        if change.due > now {
            dns.pending.push(id);
            continue;
        }
        change.state = ChangeState::InSync;
        news = true;
        match &change.effect {
            Effect::Made(zone) => drop(dns.live.insert(change.zone.clone(), zone.clone())),
            Effect::Gone => drop(dns.live.remove(&change.zone)),
            Effect::Records(edits) => {
                if let Some(zone) = dns.live.get_mut(&change.zone) {
                    apply(&mut zone.records, edits);
                }
            }
        }
        world.truth.note(now, "dns.insync", "global", change.what());
    }
    news
}

/// The control plane has died: the record changes that were pending are lost, and its copy knows only
/// what the name servers know. A zone being made or deleted goes on (assumed: the copy has zones).
pub fn strand(world: &mut World) {
    let dns = &mut world.dns;
    for id in std::mem::take(&mut dns.pending) {
        let Some(change) = dns.changes.get_mut(&id) else { continue };
        if !matches!(change.effect, Effect::Records(_)) {
            dns.pending.push(id);
            continue;
        }
        change.state = ChangeState::Stranded;
        if let Some(zone) = dns.zones.get_mut(&change.zone) {
            match dns.live.get(&change.zone) {
                Some(live) => zone.records = live.records.clone(),
                // the zone is not served yet: its own two records are all that is sure
                None => zone
                    .records
                    .retain(|key, _| key.0 == names::reversed(&zone.name) && matches!(key.1, RrType::Ns | RrType::Soa)),
            }
        }
    }
}
