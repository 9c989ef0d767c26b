//! One atomic batch of changes, from the records that were seen to those that are wanted.

use super::record::{key, members, plain, read};
use crate::model::call::{Act, Call, Change, ChangeAction, ROUTE53_HOME};
use crate::model::deploy::{Next, Seen, differences};
use crate::model::records::{RecordSet, Routing, same_name};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Records by their keys.
pub type Sets = BTreeMap<String, RecordSet>;

pub fn by_key(sets: impl IntoIterator<Item = RecordSet>) -> Sets {
    sets.into_iter().map(|set| (key(&set), set)).collect()
}

/// What is compared of the wanted records: weights are states of a running stack.
pub fn want(sets: &Sets) -> Value {
    let records: Map<String, Value> = sets.iter().map(|(key, set)| (key.clone(), unweighted(set))).collect();
    json!({ "Records": records, "Leftover": [] })
}

fn unweighted(set: &RecordSet) -> Value {
    let mut members = members(set);
    if let Value::Object(members) = &mut members {
        members.remove("Weight");
    }
    members
}

/// What was seen of the records that are ours: those that `wanted` names, and what `ours` knows to be left over.
pub fn seen(all: &[RecordSet], wanted: &[String], ours: impl Fn(&RecordSet) -> bool) -> Seen {
    let (mut records, mut leftover) = (Map::new(), vec![]);
    for set in all.iter().filter(|set| set.kind == "A").map(plain) {
        let key = key(&set);
        let known = wanted.contains(&key);
        if !known && ours(&set) {
            leftover.push(key.clone());
        } else if !known {
            continue;
        }
        records.insert(key, members(&set));
    }
    if records.is_empty() {
        return Seen::absent();
    }
    leftover.sort();
    Seen::there("", json!({ "Records": records, "Leftover": leftover }))
}

/// Makes what is missing, swaps what differs and takes away what is left over. The weight of a record that is
/// there is kept; one that is missing beside others gets what they leave of 100.
pub fn bring(zone: &str, wanted: &Sets, seen: &Seen) -> Next {
    let there = &seen.is["Records"];
    let (mut gone, mut made) = (vec![], vec![]);
    for (key, set) in wanted {
        let Some(old) = there.get(key) else {
            made.push(RecordSet { routing: left_over_weight(set, there), ..set.clone() });
            continue;
        };
        if differences(&unweighted(set), old).is_empty() {
            continue;
        }
        let Some(old) = read(old) else { return unwritten(key) };
        let routing = match (&set.routing, &old.routing) {
            (Routing::Weighted(_), Routing::Weighted(weight)) => Routing::Weighted(*weight),
            (wanted, _) => wanted.clone(),
        };
        made.push(RecordSet { routing, ..set.clone() });
        gone.push(old);
    }
    for key in seen.is["Leftover"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        let Some(old) = there.get(key).and_then(read) else { return unwritten(key) };
        gone.push(old);
    }
    send(zone, gone, made)
}

/// Of 100, what other records with the same name leave to a weighted one.
fn left_over_weight(set: &RecordSet, there: &Value) -> Routing {
    let Routing::Weighted(weight) = set.routing else { return set.routing.clone() };
    let named = |old: &&Value| old["Name"].as_str() == Some(&set.name);
    let others: Vec<i64> = there
        .as_object()
        .into_iter()
        .flat_map(Map::values)
        .filter(named)
        .filter_map(|old| old["Weight"].as_i64())
        .collect();
    let left = if others.is_empty() { weight } else { (100 - others.iter().sum::<i64>()).clamp(0, 100) };
    Routing::Weighted(left)
}

/// Takes everything away.
pub fn remove(zone: &str, seen: &Seen) -> Next {
    let mut gone = vec![];
    for (key, old) in seen.is["Records"].as_object().into_iter().flatten() {
        let Some(old) = read(old) else { return unwritten(key) };
        gone.push(old);
    }
    send(zone, gone, vec![])
}

fn send(zone: &str, gone: Vec<RecordSet>, made: Vec<RecordSet>) -> Next {
    let change = |action| move |set| Change { action, set };
    let gone = targets_first(gone).into_iter().rev().map(change(ChangeAction::Delete));
    let made = targets_first(made).into_iter().map(change(ChangeAction::Create));
    let changes: Vec<Change> = gone.chain(made).collect();
    if changes.is_empty() {
        return Next::Done;
    }
    Next::Send(call(zone, changes))
}

/// Route 53 goes through a batch in its order, and an alias must lead to what is there by then.
fn targets_first(sets: Vec<RecordSet>) -> Vec<RecordSet> {
    let (mut left, mut ordered) = (sets, vec![]);
    while !left.is_empty() {
        let leads_on = |set: &&RecordSet| {
            let target = set.alias.as_ref().map_or("", |alias| alias.dns_name.as_str());
            left.iter().any(|other| same_name(&other.name, target))
        };
        // what has a name is there when all of its records are
        let late: Vec<&str> = left.iter().filter(leads_on).map(|set| set.name.as_str()).collect();
        let (later, now): (Vec<_>, Vec<_>) = left.iter().cloned().partition(|set| late.contains(&set.name.as_str()));
        if now.is_empty() {
            // aliases that lead in a circle are Route 53's to refuse
            ordered.extend(later);
            break;
        }
        ordered.extend(now);
        left = later;
    }
    ordered
}

pub fn call(zone: &str, changes: Vec<Change>) -> Call {
    Call::new(ROUTE53_HOME, Act::ChangeResourceRecordSets { zone_id: zone.into(), changes })
}

fn unwritten(key: &str) -> Next {
    Next::Stuck(format!("the record {key} has a routing policy that is not written here: remove it yourself"))
}

/// The call that makes all of them.
pub fn create(zone: &str, wanted: &Sets) -> Call {
    let change = |set| Change { action: ChangeAction::Create, set };
    call(zone, targets_first(wanted.values().cloned().collect()).into_iter().map(change).collect())
}
