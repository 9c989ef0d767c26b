//! Batches of records, from what can be seen to what is wanted; and the order of names.

use super::super::sample::spec;
use super::named::Named;
use super::*;
use crate::deploy::given::Given;
use crate::deploy::graph::Graph;
use crate::deploy::parts::tables;
use crate::model::call::{Act, Change, ChangeAction};
use crate::model::deploy::{Next, Ready, Seen, differences};
use crate::model::records::{RecordSet, Routing};
use crate::model::spec::Routing as Policy;
use std::collections::BTreeMap;

const THREE: [&str; 3] = ["us-east-1", "eu-west-1", "ap-south-1"];

fn given(regions: &[&str]) -> Given {
    let mut given = Given::new("shop", "123456789012", BTreeMap::new());
    let mut learn = |node: &str, gifts: &[(&str, String)]| {
        given.learn(node, gifts.iter().map(|(name, value)| (name.to_string(), value.clone())).collect());
    };
    learn("zone", &[("id", "Z1".into())]);
    for region in regions {
        let dns_name = format!("Shop-Web-1.{region}.elb.amazonaws.com");
        learn(&format!("{region}/alb"), &[("zone", format!("ZALB{region}")), ("dns_name", dns_name)]);
        learn(&format!("{region}/health"), &[("id", format!("hc-{region}"))]);
    }
    given
}

fn changes(next: Next) -> Vec<Change> {
    let Next::Send(call) = next else { panic!("{next:?} is no call") };
    let Act::ChangeResourceRecordSets { zone_id, changes } = call.act else { panic!("{call:?} is no batch") };
    assert_eq!((call.region.as_str(), zone_id.as_str()), ("us-east-1", "Z1"));
    changes
}

/// As Route 53 tells them: with the last dot.
fn told(changes: &[Change]) -> Vec<RecordSet> {
    let told = |change: &Change| {
        let mut set = change.set.clone();
        if let Some(alias) = &mut set.alias {
            alias.dns_name.push('.');
        }
        set
    };
    changes.iter().map(told).collect()
}

fn next(part: &impl Part, seen: &Seen, given: &Given) -> Next {
    let want = part.want(given).unwrap();
    if !seen.exists {
        return Next::Send(part.create(&want, given).unwrap());
    }
    assert_eq!(part.ready(seen), Ready::Yes);
    let found = differences(&want, &seen.is);
    if found.is_empty() { Next::Done } else { part.update(&want, seen, &found, given).unwrap() }
}

/// The records as they are made, and how they are seen then.
fn made(regions: &[&str], policy: Policy) -> (tree::Records, Vec<RecordSet>) {
    let mut spec = spec(regions);
    spec.routing = policy;
    let records = tree::Records::of(&spec);
    let made = changes(next(&records, &Seen::absent(), &given(regions)));
    assert!(made.iter().all(|change| change.action == ChangeAction::Create));
    (records, told(&made))
}

fn look(records: &tree::Records, sets: &[RecordSet]) -> Seen {
    records.seen(sets).giving("zone", "Z1")
}

fn named<'a>(sets: &'a mut [RecordSet], name: &str, identifier: &str) -> &'a mut RecordSet {
    sets.iter_mut().find(|set| set.name == name && set.set_identifier.as_deref() == Some(identifier)).unwrap()
}

#[test]
fn all_records_are_made_in_one_batch_and_differ_no_more() {
    let (records, mut sets) = made(&THREE, Policy::Latency);
    assert_eq!(sets.len(), 3 + 3 * 2 + 3 * 2);
    assert_eq!(next(&records, &look(&records, &sets), &given(&THREE)), Next::Done);
    let own = named(&mut sets, "eu-west-1.app.shop.example", "eu-west-1");
    assert_eq!((&own.routing, own.health_check.as_deref()), (&Routing::Weighted(100), Some("hc-eu-west-1")));
    assert_eq!(own.alias.as_ref().unwrap().dns_name, "shop-web-1.eu-west-1.elb.amazonaws.com.");
    let rest = named(&mut sets, "eu-west-1.app.shop.example", "rest-eu-west-1");
    assert_eq!((&rest.routing, rest.health_check.as_deref()), (&Routing::Weighted(0), None));
    let peer = named(&mut sets, "rest-eu-west-1.app.shop.example", "us-east-1");
    assert_eq!(
        (&peer.routing, peer.health_check.as_deref()),
        (&Routing::Latency("us-east-1".into()), Some("hc-us-east-1"))
    );
}

#[test]
fn an_alias_comes_after_what_it_leads_to_and_goes_before_it() {
    let (records, sets) = made(&THREE, Policy::Latency);
    let gone = changes(records.remove(&look(&records, &sets), &given(&THREE)).unwrap());
    let front = |name: &str| match name.strip_suffix("app.shop.example") {
        Some("") => 2,
        Some(front) if front.starts_with("rest-") => 0,
        _ => 1,
    };
    let order = |names: Vec<&str>| names.into_iter().map(front).collect::<Vec<_>>();
    let made = order(sets.iter().map(|set| set.name.as_str()).collect());
    let gone = order(gone.iter().map(|change| change.set.name.as_str()).collect());
    assert!(made.is_sorted() && made.last() == Some(&2), "{made:?}");
    assert!(gone.is_sorted_by(|a, b| a >= b) && gone.first() == Some(&2), "{gone:?}");
}

#[test]
fn one_region_has_nobody_to_send_its_users_to() {
    let (_, sets) = made(&["us-east-1"], Policy::Latency);
    let names: Vec<&str> = sets.iter().map(|set| set.name.as_str()).collect();
    assert_eq!(names, ["us-east-1.app.shop.example", "app.shop.example"]);
}

#[test]
fn a_dial_that_was_turned_stays_turned() {
    let (records, mut sets) = made(&THREE, Policy::Latency);
    let dial = "eu-west-1.app.shop.example";
    named(&mut sets, dial, "eu-west-1").routing = Routing::Weighted(25);
    named(&mut sets, dial, "rest-eu-west-1").routing = Routing::Weighted(75);
    assert_eq!(next(&records, &look(&records, &sets), &given(&THREE)), Next::Done);

    // another check: the old record goes as it is, and the new one keeps its weight
    named(&mut sets, dial, "eu-west-1").health_check = Some("old".into());
    let swap = changes(next(&records, &look(&records, &sets), &given(&THREE)));
    let [gone, new] = &swap[..] else { panic!("{swap:?}") };
    assert_eq!((gone.action, gone.set.health_check.as_deref()), (ChangeAction::Delete, Some("old")));
    assert_eq!((new.action, new.set.health_check.as_deref()), (ChangeAction::Create, Some("hc-eu-west-1")));
    assert_eq!((&gone.set.routing, &new.set.routing), (&Routing::Weighted(25), &Routing::Weighted(25)));

    // one that is missing takes what the other leaves
    sets.retain(|set| set.name != dial || set.set_identifier.as_deref() != Some("eu-west-1"));
    let [made] = &changes(next(&records, &look(&records, &sets), &given(&THREE)))[..] else { panic!("not one") };
    assert_eq!(made.set.routing, Routing::Weighted(25));
}

#[test]
fn what_a_region_leaves_behind_is_taken_away_and_nothing_else() {
    let (_, mut sets) = made(&THREE, Policy::Latency);
    let stranger =
        RecordSet { name: "shop.app.shop.example".into(), set_identifier: Some("blue".into()), ..sets[0].clone() };
    sets.push(stranger.clone());
    let two = tree::Records::of(&spec(&THREE[..2]));
    let seen = look(&two, &sets);
    let gone = changes(next(&two, &seen, &given(&THREE[..2])));
    assert!(gone.iter().all(|change| change.action == ChangeAction::Delete && change.set.name != stranger.name));
    // its policy, its dial and its rest, and where it was the rest of others
    assert_eq!(gone.len(), 1 + 2 + 2 + 2, "{gone:#?}");
    sets.retain(|set| !gone.iter().any(|change| record::key(&change.set) == record::key(&record::plain(set))));
    assert_eq!(next(&two, &look(&two, &sets), &given(&THREE[..2])), Next::Done);
}

#[test]
fn by_continent_the_policy_has_other_records_and_is_swapped_in_one_batch() {
    let (latency, sets) = made(&THREE[..2], Policy::Latency);
    let (geo, by_place) = made(&THREE[..2], Policy::Geolocation);
    assert_eq!(by_place.iter().filter(|set| set.name == "app.shop.example").count(), 8);
    for (part, sets) in [(&geo, &sets), (&latency, &by_place)] {
        let swap = changes(next(part, &look(part, sets), &given(&THREE[..2])));
        assert!(swap.iter().all(|change| change.set.name == "app.shop.example"), "{swap:#?}");
        assert_eq!(swap.len(), 10);
        let first = swap.iter().position(|change| change.action == ChangeAction::Create);
        assert!(
            swap[first.unwrap()..].iter().all(|change| change.action == ChangeAction::Create),
            "what goes goes first"
        );
    }
}

#[test]
fn removal_takes_each_record_as_it_is() {
    let (records, mut sets) = made(&THREE, Policy::Latency);
    named(&mut sets, "eu-west-1.app.shop.example", "eu-west-1").routing = Routing::Weighted(25);
    let gone = changes(records.remove(&look(&records, &sets), &given(&THREE)).unwrap());
    assert_eq!(gone.len(), sets.len());
    let turned = gone.iter().find(|change| change.set.routing == Routing::Weighted(25));
    assert!(turned.is_some_and(|change| change.action == ChangeAction::Delete));
    assert!(!look(&records, &[]).exists);
}

#[test]
fn a_record_that_cannot_be_written_is_left_to_people() {
    let (records, mut sets) = made(&THREE[..2], Policy::Latency);
    named(&mut sets, "app.shop.example", "us-east-1").routing = Routing::Other;
    let seen = look(&records, &sets);
    assert!(matches!(next(&records, &seen, &given(&THREE[..2])), Next::Stuck(_)));
    assert!(matches!(records.remove(&seen, &given(&THREE[..2])), Ok(Next::Stuck(_))));
}

#[test]
fn origins_lead_to_the_load_balancers_whatever_users_are_told() {
    let origins = origins::Origins::of(&spec(&THREE));
    let look = |sets: &[RecordSet]| origins.seen(sets).giving("zone", "Z1");
    let made = changes(next(&origins, &Seen::absent(), &given(&THREE)));
    assert_eq!(made.len(), 3);
    assert!(made.iter().all(|change| change.set.health_check.is_none() && change.set.set_identifier.is_none()));
    let mut sets = told(&made);
    assert_eq!(next(&origins, &look(&sets), &given(&THREE)), Next::Done);
    // a load balancer that was made anew
    sets[0].alias.as_mut().unwrap().dns_name = "gone.elb.amazonaws.com.".into();
    let swap = changes(next(&origins, &look(&sets), &given(&THREE)));
    assert_eq!(
        swap.iter().map(|change| change.action).collect::<Vec<_>>(),
        [ChangeAction::Delete, ChangeAction::Create]
    );
    let two = origins::Origins::of(&spec(&THREE[..2]));
    let gone = changes(next(&two, &two.seen(&told(&made)).giving("zone", "Z1"), &given(&THREE[..2])));
    assert_eq!(gone[0].set.name, "origin-ap-south-1.app.shop.example");
}

#[test]
fn users_follow_records_only_after_everything_and_leave_them_first() {
    let spec = spec(&THREE[..2]);
    let mut all = nodes(&spec);
    all.extend(tables::nodes(&spec));
    let others = ["alb", "listener", "service", "switch-us-east-1", "switch-eu-west-1"];
    for region in spec.region_names() {
        for what in others.iter().filter(|what| !what.ends_with(region)) {
            all.push(node(&format!("{region}/{what}"), *what, zone::Zone::of(&spec)));
        }
    }
    let graph = Graph::new(all).unwrap();
    let after = |node: &str, first: &str| {
        let place = |id: &str| graph.nodes().iter().position(|node| node.id == id).unwrap();
        let (mut reached, mut open) = (vec![], vec![place(node)]);
        while let Some(at) = open.pop() {
            open.extend(graph.needs(at).iter().copied().filter(|need| !reached.contains(need)));
            reached.push(at);
        }
        reached.contains(&place(first))
    };
    assert!(after("dns/records", "switch-proof") && after("dns/records", "us-east-1/health"));
    assert!(after("us-east-1/health", "switch-proof") && after("us-east-1/check-endpoint", "control"));
    assert!(after("switch-proof", "eu-west-1/switch-us-east-1") && after("switch-proof", "us-east-1/service"));
    assert!(after("us-east-1/check-switch-eu-west-1", "dns/origins") && after("dns/origins", "zone"));
    let needed: Vec<&str> = graph.nodes().iter().flat_map(|node| &node.needs).map(String::as_str).collect();
    assert!(!needed.contains(&"dns/records"));
}
