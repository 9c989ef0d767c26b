//! Where somebody else made the names there is no dial: weighted records of the stack's own name lead straight to the load
//! balancers. A Region's weight goes to 0 and back to exactly what it was.

use super::drain::Turned;
use super::{PlanError, Scene, never_seen};
use crate::model::call::{Act, Call, Change, ChangeAction, ROUTE53_HOME};
use crate::model::plan::{Enough, Step, Until};
use crate::model::records::{RecordSet, Routing};
use crate::model::snapshot::Records;
use crate::model::steering::{self, ALIAS_TTL_S};
use std::time::Duration;

/// The weight of `region` to 0, in one batch and at once: between is nothing that users of one record would see.
pub(super) fn away(scene: Scene<'_>, records: &Records, region: &str) -> Result<Turned, PlanError> {
    let policy = &scene.stack.policy;
    let found = leading(scene, records, region)?;
    if found.is_empty() {
        return Err(PlanError::Impossible(format!(
            "no record of {policy} leads to the load balancer of {region}, so nothing can be turned: make weighted \
             aliases of {policy}, one for each Region, that lead to the load balancers"
        )));
    }
    let weights: Option<Vec<i64>> = found.iter().map(|set| weight(set)).collect();
    let Some(weights) = weights else {
        let way = records.straight.get(region).map_or_else(|| "otherwise".into(), |straight| straight.way.words());
        return Err(PlanError::Impossible(format!(
            "{policy} sends users to {region} {way}, and such a record cannot be turned down: put weighted aliases \
             between, one for each Region, or make them of {policy} itself; then it can be drained"
        )));
    };
    if weights.iter().all(|weight| *weight == 0) {
        return Err(PlanError::Nothing(format!("the weight of {region} is 0")));
    }
    let heaviest = weights.iter().copied().max().unwrap_or(0);
    let none = |set: &RecordSet| RecordSet { routing: Routing::Weighted(0), ..set.clone() };
    let turned: Vec<&RecordSet> = found.iter().filter(|set| weight(set) != Some(0)).copied().collect();
    let swap = |from: &dyn Fn(&RecordSet) -> RecordSet, to: &dyn Fn(&RecordSet) -> RecordSet| {
        let pair = |set: &&RecordSet| {
            [(ChangeAction::Delete, from(set)), (ChangeAction::Create, to(set))]
                .map(|(action, set)| Change { action, set })
        };
        let changes = turned.iter().flat_map(pair).collect();
        Call::new(ROUTE53_HOME, Act::ChangeResourceRecordSets { zone_id: records.zone_id.clone(), changes })
    };
    let (away, back) = (swap(&RecordSet::clone, &none), swap(&none, &RecordSet::clone));
    Ok(Turned {
        title: format!("weight {heaviest} to 0"),
        steps: vec![Step {
            title: format!("Take the weight of {region} to 0"),
            calls: vec![away],
            enough: Enough::All,
            until: Until::Weighed { region: region.into(), weight: 0, live_s: live(&turned) },
            within: Duration::from_secs(10 * 60),
        }],
        held: vec![back],
        undo: format!("restore {region}: its records come back with the weight that they have now"),
    })
}

/// What gives `region` its weight back, when it is 0: the call that the drain left.
///
/// # Errors
/// When nobody here knows what the weight was.
pub(super) fn back(scene: Scene<'_>, region: &str) -> Result<Option<Step>, PlanError> {
    let Some(records) = &scene.snapshot.records.value else { return Ok(None) };
    if scene.stack.resources.is_empty() || records.dials.contains_key(region) {
        return Ok(None);
    }
    let found = leading(scene, records, region)?;
    if found.is_empty() || found.iter().any(|set| weight(set) != Some(0)) {
        return Ok(None);
    }
    let same = |one: &RecordSet, other: &RecordSet| {
        (&one.name, &one.kind, &one.set_identifier) == (&other.name, &other.kind, &other.set_identifier)
    };
    let made = |call: &&Call| created(call).any(|set| found.iter().any(|one| same(one, set)));
    let Some(call) = scene.held.iter().find(made) else {
        return Err(PlanError::Impossible(format!(
            "the weight of {region} is 0, and the journals of this machine do not have what it was: on the machine \
             that drained it `tandem journal` has the line that undoes it"
        )));
    };
    let sets: Vec<&RecordSet> = created(call).collect();
    let heaviest = sets.iter().filter_map(|set| weight(set)).max().unwrap_or(0);
    Ok(Some(Step {
        title: format!("Give {region} its weight back, {heaviest}"),
        calls: vec![call.clone()],
        enough: Enough::All,
        until: Until::Weighed { region: region.into(), weight: heaviest, live_s: live(&sets) },
        within: Duration::from_secs(10 * 60),
    }))
}

fn leading<'a>(scene: Scene<'a>, records: &'a Records, region: &str) -> Result<Vec<&'a RecordSet>, PlanError> {
    let balancer = scene.region(region)?.balancer.value.as_ref();
    let balancer = balancer.ok_or_else(|| never_seen("the load balancer", region))?;
    Ok(steering::leading(&records.sets, &scene.stack.policy, &balancer.dns_name).collect())
}

fn weight(set: &RecordSet) -> Option<i64> {
    if let Routing::Weighted(weight) = set.routing { Some(weight) } else { None }
}

fn created(call: &Call) -> impl Iterator<Item = &RecordSet> {
    let changes = match &call.act {
        Act::ChangeResourceRecordSets { changes, .. } => changes.as_slice(),
        _ => &[],
    };
    changes.iter().filter(|change| change.action == ChangeAction::Create).map(|change| &change.set)
}

/// How long answers live that were given before, seconds.
fn live(sets: &[&RecordSet]) -> u64 {
    let longest = sets.iter().map(|set| set.ttl_s.unwrap_or(ALIAS_TTL_S)).max();
    longest.and_then(|ttl| u64::try_from(ttl).ok()).unwrap_or(ALIAS_TTL_S.unsigned_abs())
}
