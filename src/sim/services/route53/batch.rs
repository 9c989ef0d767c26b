//! Whether a change batch is right, in AWS's words. Changes are looked at in their order, each as the
//! ones before it left the zone; one that is wrong refuses all.

use super::{invalid, no_such_check, shape};
use crate::geo;
use crate::operation::{Answer, Refusal};
use crate::world::World;
use crate::world::dns::record::{AliasTarget, Key, RecordSet, RrType};
use crate::world::dns::zones::{Edit, Zone};
use crate::world::dns::{balancer_exists, names};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::net::{Ipv4Addr, Ipv6Addr};

/// Records of one name, type and policy (botocore, ResourceRecordSet.Weight; the same is assumed of
/// the other policies).
const GROUP: usize = 100;
/// ResourceRecord elements in one batch, those of an UPSERT counted twice (Developer Guide, "Quotas").
const BATCH: usize = 1_000;

#[derive(Deserialize)]
pub struct Asked {
    Action: Action,
    ResourceRecordSet: RecordSet,
}

#[derive(Deserialize, Clone, Copy, PartialEq, Eq, Debug)]
#[serde(rename_all = "UPPERCASE")]
enum Action {
    Create,
    Delete,
    Upsert,
}

impl Action {
    fn name(self) -> &'static str {
        match self {
            Action::Create => "CREATE",
            Action::Delete => "DELETE",
            Action::Upsert => "UPSERT",
        }
    }
}

type Records = BTreeMap<Key, RecordSet>;

/// The edits that the batch comes to.
pub fn edits(world: &World, zone: &Zone, changes: Vec<Asked>) -> Answer<Vec<Edit>> {
    if changes.is_empty() {
        return Err(invalid(
            "1 validation error detected: Value '[]' at 'changeBatch.changes' failed to satisfy constraint: Member must have length greater than or equal to 1",
        ));
    }
    let (mut records, mut edits, mut wrong) = (zone.records.clone(), vec![], vec![]);
    let (mut put, mut values) = (BTreeSet::new(), 0);
    for (place, change) in (1..).zip(changes) {
        let (action, set) = (change.Action, change.ResourceRecordSet.normal());
        shape::right(action.name(), &set, place)?;
        let key = set.key();
        values += set.values().count() * if action == Action::Upsert { 2 } else { 1 };
        if action == Action::Delete {
            match removal(zone, &records, &key, &set) {
                Some(why) => wrong.push(why),
                None => drop(records.remove(&key)),
            }
            edits.push(Edit::Remove(key));
            continue;
        }
        if let Some(id) = set.HealthCheckId.as_ref().filter(|id| !world.dns.checks.contains_key(*id)) {
            return Err(no_such_check(id));
        }
        if !put.insert(key.clone()) {
            wrong.push(format!(
                "The request contains an invalid set of changes for a resource record set '{} {}'",
                set.Type.name(),
                set.Name
            ));
        } else if action == Action::Create && records.contains_key(&key) {
            wrong.push(format!("Tried to create resource record set {} but it already exists", label(&set)));
        } else {
            let faults = faults(world, zone, &records, &key, &set);
            if faults.is_empty() {
                records.insert(key, set.clone());
            }
            wrong.extend(faults);
        }
        edits.push(Edit::Put(Box::new(set)));
    }
    if values > BATCH {
        wrong.push(format!("Number of records limit of {BATCH} exceeded."));
    }
    wrong.extend(put.iter().filter_map(|key| uneven(&records, key)));
    if wrong.is_empty() {
        return Ok(edits);
    }
    Err(Refusal::new(400, "InvalidChangeBatch", format!("[{}]", wrong.join(", "))))
}

/// `[name='app.example.com.', type='A', set-identifier='one']`
fn label(set: &RecordSet) -> String {
    let identifier = set.SetIdentifier.as_ref().map(|id| format!(", set-identifier='{id}'")).unwrap_or_default();
    format!("[name='{}', type='{}'{identifier}]", set.Name, set.Type.name())
}

/// Why the record set cannot be deleted.
fn removal(zone: &Zone, records: &Records, key: &Key, set: &RecordSet) -> Option<String> {
    match records.get(key) {
        None => Some(format!("Tried to delete resource record set {} but it was not found", label(set))),
        Some(found) if !found.same(set) => Some(format!(
            "Tried to delete resource record set {} but the values provided do not match the current values",
            label(set)
        )),
        Some(_) if set.Name == zone.name && set.Type == RrType::Soa => {
            Some("A HostedZone must contain exactly one SOA record.".into())
        }
        Some(_) if set.Name == zone.name && set.Type == RrType::Ns => {
            Some("A HostedZone must contain at least one NS record for the zone itself.".into())
        }
        Some(_) => None,
    }
}

/// What is wrong with putting the record set into the zone.
fn faults(world: &World, zone: &Zone, records: &Records, key: &Key, set: &RecordSet) -> Vec<String> {
    let (name, kind) = (&set.Name, set.Type.name());
    if !names::within(name, &zone.name) {
        return vec![format!("RRSet with DNS name {name} is not permitted in zone {}", zone.name)];
    }
    let mut wrong = vec![];
    if set.Type == RrType::Cname && *name == zone.name {
        wrong.push(format!("RRSet of type CNAME with DNS name {name} is not permitted at apex in zone {}", zone.name));
    }
    if set.Type == RrType::Soa && !records.contains_key(key) {
        wrong.push("A HostedZone must contain exactly one SOA record.".into());
    }
    let first = Key(key.0.clone(), RrType::A, String::new());
    let here = records.range(first..).take_while(|(other, _)| other.0 == key.0);
    let others: Vec<&RecordSet> = here.filter(|(other, _)| *other != key).map(|(_, set)| set).collect();
    let cname = others.iter().any(|other| other.Type == RrType::Cname);
    if set.Type == RrType::Cname && others.iter().any(|other| other.Type != RrType::Cname) {
        wrong.push(format!(
            "RRSet of type CNAME with DNS name {name} is not permitted as it conflicts with other records with the same DNS name in zone {}",
            zone.name
        ));
    } else if set.Type != RrType::Cname && cname {
        wrong.push(format!(
            "RRSet of type {kind} with DNS name {name} is not permitted because a conflicting RRSet of type CNAME with the same DNS name already exists in zone {}",
            zone.name
        ));
    }
    let siblings: Vec<&RecordSet> = others.into_iter().filter(|other| other.Type == set.Type).collect();
    wrong.extend(mixed(set, &siblings));
    match &set.AliasTarget {
        Some(target) => wrong.extend(alias(world, zone, records, set, target)),
        None => wrong.extend(set.values().filter_map(|value| value_fault(set.Type, value))),
    }
    if set.Type == RrType::Cname && set.values().count() > 1 {
        wrong.push(format!("RRSet of type CNAME with DNS name {name} must have exactly one value"));
    }
    wrong
}

/// Why the record set cannot stand beside those of the same name and type. The first and the third
/// wording are AWS's, the rest recalled.
fn mixed(set: &RecordSet, siblings: &[&RecordSet]) -> Option<String> {
    let (name, kind) = (&set.Name, set.Type.name());
    let first = siblings.first()?;
    let Some(identifier) = &set.SetIdentifier else {
        return Some(format!(
            "RRSet with DNS name {name}, type {kind} cannot be created as other RRSets exist with the same name and type."
        ));
    };
    let who = format!("RRSet with DNS name {name}, type {kind}, SetIdentifier {identifier}");
    let policy = set.policy();
    if first.policy() != policy {
        return Some(format!("{who} cannot be created as a non-{policy} RRSet exists with the same name and type."));
    }
    if siblings.len() >= GROUP {
        return Some(format!("{who} cannot be created as {GROUP} RRSets with the same name and type exist already."));
    }
    let twin = |same: fn(&RecordSet, &RecordSet) -> bool| siblings.iter().any(|other| same(set, other));
    if let Some(region) = &set.Region
        && twin(|a, b| a.Region == b.Region)
    {
        return Some(format!(
            "{who}, and Region Name={region} cannot be created because a latency RRSet with the same name, type and region already exists."
        ));
    }
    if let Some(role) = &set.Failover
        && twin(|a, b| a.Failover == b.Failover)
    {
        return Some(format!(
            "{who}, and Failover={role} cannot be created because a failover RRSet with the same name, type and failover already exists."
        ));
    }
    if set.GeoLocation.is_some() && twin(|a, b| a.GeoLocation == b.GeoLocation) {
        return Some(format!(
            "{who} cannot be created because a geolocation RRSet with the same name, type and geolocation already exists."
        ));
    }
    None
}

/// Weighted records have one TTL (botocore, ResourceRecordSet.TTL); judged by what the whole batch
/// leaves, so that it can be changed. The wording is recalled.
fn uneven(records: &Records, key: &Key) -> Option<String> {
    let set = records.get(key).filter(|set| set.Weight.is_some() && set.AliasTarget.is_none())?;
    let first = Key(key.0.clone(), key.1, String::new());
    let mut group = records.range(first..).take_while(|(other, _)| (&other.0, other.1) == (&key.0, key.1));
    let differs = group.any(|(_, other)| other.AliasTarget.is_none() && other.TTL != set.TTL);
    let identifier = set.SetIdentifier.as_deref().unwrap_or_default();
    differs.then(|| {
        format!(
            "RRSet with DNS name {}, type {}, SetIdentifier {identifier} cannot be created as weighted sets must contain the same TTL.",
            set.Name,
            set.Type.name()
        )
    })
}

/// Why the target cannot be an alias target: it must lie in the zone that is named for it, and exist.
fn alias(world: &World, zone: &Zone, records: &Records, set: &RecordSet, target: &AliasTarget) -> Vec<String> {
    let who = format!(
        "Tried to create an alias that targets {}, type {} in zone {}",
        target.DNSName,
        set.Type.name(),
        target.HostedZoneId
    );
    let region = geo::REGIONS.iter().find(|region| region.alb_zone == target.HostedZoneId);
    let (inside, exists) = if target.HostedZoneId == zone.id {
        let key = Key(names::reversed(&target.DNSName), set.Type, String::new());
        let exists = records.range(key.clone()..).next().is_some_and(|(at, _)| at.0 == key.0 && at.1 == key.1);
        (names::within(&target.DNSName, &zone.name), exists)
    } else if let Some(region) = region {
        let inside = target.DNSName.ends_with(&format!(".{}.elb.amazonaws.com.", region.name));
        let kind = matches!(set.Type, RrType::A | RrType::Aaaa);
        (inside, inside && kind && balancer_exists(world, &target.DNSName))
    } else {
        (false, false)
    };
    let mut wrong = vec![];
    if !inside {
        wrong.push(format!("{who}, but the alias target name does not lie within the target zone"));
    }
    if !exists {
        wrong.push(format!("{who}, but that target was not found"));
    }
    wrong
}

/// What is wrong with one value; only the types that are commonly written by hand are read.
fn value_fault(kind: RrType, value: &str) -> Option<String> {
    let problem = match kind {
        RrType::A if value.parse::<Ipv4Addr>().is_err() => {
            "ARRDATAIllegalIPv4Address (Value is not a valid IPv4 address)"
        }
        RrType::Aaaa if value.parse::<Ipv6Addr>().is_err() => {
            "AAAARRDATAIllegalIPv6Address (Value is not a valid IPv6 address)"
        }
        RrType::Txt | RrType::Spf if !(value.len() >= 2 && value.starts_with('"') && value.ends_with('"')) => {
            "InvalidCharacterString (Value should be enclosed in quotation marks)"
        }
        RrType::Cname | RrType::Ns if !names::plausible(&names::normal(value)) => {
            "DomainNameEmpty (Domain name is empty)"
        }
        _ => return None,
    };
    Some(format!("Invalid Resource Record: 'FATAL problem: {problem} encountered with '{value}''"))
}
