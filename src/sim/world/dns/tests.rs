//! How names are answered, record by record and by chance.

use super::record::{AliasTarget, GeoLocation, RecordSet, RrType};
use super::served::{LiveZone, Served};
use super::*;
use crate::geo::{self, PLACES, REGIONS};
use proptest::prelude::*;

const ZONE: &str = "ZTEST";

/// A world whose name servers have these records; a check is healthy unless its name is in `sick`.
fn serving(sets: Vec<RecordSet>, sick: &[String]) -> World {
    let mut world = World::empty(1);
    let mut zone = LiveZone { origin: "example.com.".into(), ..LiveZone::default() };
    for set in sets {
        let set = set.normal();
        if let Some(id) = &set.HealthCheckId {
            let mut check = check::Check::new(id.clone(), id.clone(), Default::default());
            check.healthy = !sick.contains(id);
            world.dns.checks.insert(id.clone(), check);
        }
        zone.records.insert(set.key(), set);
    }
    world.dns.live.insert(ZONE.into(), zone);
    let mut served = Served::link(&world.dns.live);
    served.judge(&world, &world.dns.checks);
    world.dns.served = served;
    world
}

fn record(name: &str, last: u8) -> RecordSet {
    RecordSet {
        SetIdentifier: Some(last.to_string()),
        ..RecordSet::plain(name, RrType::A, 60, vec![format!("203.0.113.{last}")])
    }
}

fn alias(name: &str, target: &str, identifier: &str) -> RecordSet {
    let target = AliasTarget { HostedZoneId: ZONE.into(), DNSName: target.into(), EvaluateTargetHealth: true };
    RecordSet {
        TTL: None,
        ResourceRecords: None,
        AliasTarget: Some(target),
        SetIdentifier: Some(identifier.into()),
        ..RecordSet::plain(name, RrType::A, 60, vec![])
    }
}

fn checked(set: RecordSet, check: &str) -> RecordSet {
    RecordSet { HealthCheckId: Some(check.into()), ..set }
}

fn at(continent: Option<&str>, country: Option<&str>) -> Option<GeoLocation> {
    Some(GeoLocation {
        ContinentCode: continent.map(String::from),
        CountryCode: country.map(String::from),
        SubdivisionCode: None,
    })
}

fn last_bytes(world: &World, name: &str, from: &str, roll: f64) -> Vec<u8> {
    let answer = resolve(world, name, RecordType::A, geo::place(from).expect("a place"), roll);
    let ips = answer.records.iter();
    ips.filter_map(|record| if let RecordData::A(ip) = record.data { Some(ip.octets()[3]) } else { None }).collect()
}

#[test]
fn a_dead_branch_is_left_for_the_next_region() {
    let region = |name: &str| Some(name.to_string());
    let tree = |sick: &[&str]| {
        let sick: Vec<String> = sick.iter().map(|s| s.to_string()).collect();
        let sets = vec![
            RecordSet { Region: region("us-east-1"), ..alias("app.example.com", "us.example.com", "us") },
            RecordSet { Region: region("eu-west-1"), ..alias("app.example.com", "eu.example.com", "eu") },
            RecordSet { Weight: Some(100), ..checked(record("us.example.com", 1), "us") },
            RecordSet { Weight: Some(100), ..checked(record("eu.example.com", 2), "eu-a") },
            RecordSet { Weight: Some(0), ..checked(record("eu.example.com", 3), "eu-b") },
        ];
        serving(sets, &sick)
    };
    assert_eq!(last_bytes(&tree(&[]), "app.example.com", "london", 0.4), [2]);
    assert_eq!(last_bytes(&tree(&["eu-a"]), "app.example.com", "london", 0.4), [3]);
    assert_eq!(last_bytes(&tree(&["eu-a", "eu-b"]), "app.example.com", "london", 0.4), [1]);
    let dead = tree(&["eu-a", "eu-b", "us"]);
    assert_eq!(last_bytes(&dead, "app.example.com", "london", 0.4), [2]);
    let answer = resolve(&dead, "APP.example.com.", RecordType::A, &PLACES[0], 0.4);
    assert!(answer.last_resort);
}

#[test]
fn geolocation_widens_and_answers_nothing_without_a_default() {
    let sets = |default: bool| {
        let mut sets = vec![
            RecordSet { GeoLocation: at(None, Some("GB")), ..checked(record("geo.example.com", 1), "gb") },
            RecordSet { GeoLocation: at(Some("EU"), None), ..checked(record("geo.example.com", 2), "eu") },
        ];
        if default {
            sets.push(RecordSet { GeoLocation: at(None, Some("*")), ..record("geo.example.com", 3) });
        }
        sets
    };
    let sick = |names: &[&str]| names.iter().map(|s| s.to_string()).collect::<Vec<_>>();
    let world = serving(sets(true), &[]);
    assert_eq!(last_bytes(&world, "geo.example.com", "london", 0.0), [1]);
    assert_eq!(last_bytes(&world, "geo.example.com", "paris", 0.0), [2]);
    assert_eq!(last_bytes(&world, "geo.example.com", "tokyo", 0.0), [3]);
    assert_eq!(last_bytes(&serving(sets(true), &sick(&["gb"])), "geo.example.com", "london", 0.0), [2]);
    assert_eq!(last_bytes(&serving(sets(true), &sick(&["gb", "eu"])), "geo.example.com", "london", 0.0), [3]);
    let tokyo = geo::place("tokyo").expect("a place");
    let none = resolve(&serving(sets(false), &[]), "geo.example.com", RecordType::A, tokyo, 0.0);
    assert_eq!(none, DnsAnswer { code: ResponseCode::NoError, records: vec![], last_resort: false });
}

#[test]
fn failover_and_multivalue_answer_by_health() {
    let role = |name: &str| Some(name.to_string());
    let pair = |sick: &[&str]| {
        let sick: Vec<String> = sick.iter().map(|s| s.to_string()).collect();
        let sets = vec![
            RecordSet { Failover: role("PRIMARY"), ..checked(record("f.example.com", 1), "1") },
            RecordSet { Failover: role("SECONDARY"), ..checked(record("f.example.com", 2), "2") },
            RecordSet { MultiValueAnswer: Some(true), ..checked(record("m.example.com", 3), "1") },
            RecordSet { MultiValueAnswer: Some(true), ..checked(record("m.example.com", 4), "2") },
        ];
        serving(sets, &sick)
    };
    assert_eq!(last_bytes(&pair(&[]), "f.example.com", "paris", 0.0), [1]);
    assert_eq!(last_bytes(&pair(&["1"]), "f.example.com", "paris", 0.0), [2]);
    assert_eq!(last_bytes(&pair(&["1", "2"]), "f.example.com", "paris", 0.0), [1]);
    assert_eq!(last_bytes(&pair(&[]), "m.example.com", "paris", 0.0), [3, 4]);
    assert_eq!(last_bytes(&pair(&["1"]), "m.example.com", "paris", 0.0), [4]);
    assert_eq!(last_bytes(&pair(&["1", "2"]), "m.example.com", "paris", 0.0), [3, 4]);
}

#[test]
fn names_that_are_not_there_and_names_without_the_type_differ() {
    let cname = RecordSet::plain("c.example.com", RrType::Cname, 30, vec!["a.b.example.com".into()]);
    let outside = RecordSet::plain("o.example.com", RrType::Cname, 30, vec!["elsewhere.org".into()]);
    let star = RecordSet { SetIdentifier: None, ..record("*.w.example.com", 9) };
    let plain = RecordSet { SetIdentifier: None, ..record("a.b.example.com", 1) };
    let world = serving(vec![cname, outside, star, plain], &[]);
    let ask = |name: &str, kind| resolve(&world, name, kind, &PLACES[0], 0.0);
    assert_eq!(ask("x.example.com", RecordType::A).code, ResponseCode::NxDomain);
    assert_eq!(ask("x.example.org", RecordType::A).code, ResponseCode::Refused);
    assert_eq!(ask("b.example.com", RecordType::A).code, ResponseCode::NoError, "an empty non-terminal");
    assert_eq!(ask("a.b.example.com", RecordType::Aaaa).code, ResponseCode::NoError);
    assert!(ask("a.b.example.com", RecordType::Aaaa).records.is_empty());
    let followed = ask("c.example.com", RecordType::A).records;
    assert_eq!(followed[0].data, RecordData::Cname("a.b.example.com.".into()));
    assert_eq!(followed[1].data, RecordData::A(Ipv4Addr::new(203, 0, 113, 1)));
    assert_eq!(ask("o.example.com", RecordType::A).records.len(), 1);
    assert_eq!(last_bytes(&world, "any.w.example.com", "paris", 0.0), [9]);
}

#[test]
fn nested_weights_are_independent() {
    let half = |set: RecordSet| RecordSet { Weight: Some(50), ..set };
    let sets = vec![
        half(alias("top.example.com", "left.example.com", "l")),
        half(alias("top.example.com", "right.example.com", "r")),
        half(record("left.example.com", 1)),
        half(record("left.example.com", 2)),
        half(record("right.example.com", 3)),
        half(record("right.example.com", 4)),
    ];
    let world = serving(sets, &[]);
    let mut counts = [0; 5];
    for i in 0..1000 {
        counts[usize::from(last_bytes(&world, "top.example.com", "paris", f64::from(i) / 1000.0)[0])] += 1;
    }
    assert!(counts[1..].iter().all(|count| (249..=251).contains(count)), "{counts:?}");
}

fn branch(kind: u8, name: &'static str, healthy: Vec<bool>, weights: Vec<i64>) -> Vec<RecordSet> {
    let member = |index: usize| {
        let set = checked(record(name, index as u8 + 1), &format!("{name}{index}-{}", healthy[index]));
        match kind {
            0 => RecordSet { Weight: Some(weights[index]), ..set },
            1 => RecordSet { Region: Some(REGIONS[index * 3].name.into()), ..set },
            2 => RecordSet { GeoLocation: at(None, Some(["*", "GB", "US", "JP"][index])), ..set },
            _ => RecordSet { MultiValueAnswer: Some(true), ..set },
        }
    };
    (0..healthy.len()).map(member).collect()
}

proptest! {
    #[test]
    fn a_tree_with_a_default_always_answers(
        kinds in (0..4_u8, 0..4_u8),
        left in prop::collection::vec((any::<bool>(), 0..3_i64), 1..=4),
        right in prop::collection::vec((any::<bool>(), 0..3_i64), 1..=4),
        place in 0..PLACES.len(),
        roll in 0.0..1.0_f64,
        top in 0..2_u8,
    ) {
        let (left_ok, left_weights): (Vec<bool>, Vec<i64>) = left.into_iter().unzip();
        let (right_ok, right_weights): (Vec<bool>, Vec<i64>) = right.into_iter().unzip();
        let any_healthy = left_ok.iter().chain(&right_ok).any(|ok| *ok);
        let mut sets = branch(kinds.0, "left.example.com", left_ok.clone(), left_weights);
        sets.extend(branch(kinds.1, "right.example.com", right_ok, right_weights));
        for (target, region, weight) in [("left.example.com", "us-east-1", 0), ("right.example.com", "eu-west-1", 7)] {
            let set = alias("app.example.com", target, target);
            sets.push(match top {
                0 => RecordSet { Region: Some(region.into()), ..set },
                _ => RecordSet { Weight: Some(weight), ..set },
            });
        }
        let sick: Vec<String> =
            sets.iter().filter_map(|set| set.HealthCheckId.clone()).filter(|id| id.ends_with("false")).collect();
        let world = serving(sets, &sick);
        let answer = resolve(&world, "app.example.com", RecordType::A, &PLACES[place], roll);
        prop_assert_eq!(answer.code, ResponseCode::NoError);
        prop_assert!(!answer.records.is_empty());
        prop_assert_eq!(&answer, &resolve(&world, "app.example.com", RecordType::A, &PLACES[place], roll));
        if !any_healthy {
            prop_assert!(answer.last_resort);
        } else if kinds.0 != 2 && kinds.1 != 2 {
            // only a geolocation may have its healthy records where the user is not
            prop_assert!(!answer.last_resort);
        }
    }

    #[test]
    fn weight_0_is_drawn_only_when_no_other_is_healthy(
        members in prop::collection::vec((any::<bool>(), 0..3_i64), 1..=4),
        roll in 0.0..1.0_f64,
    ) {
        let (healthy, weights): (Vec<bool>, Vec<i64>) = members.into_iter().unzip();
        let sets = branch(0, "w.example.com", healthy.clone(), weights.clone());
        let sick: Vec<String> =
            sets.iter().filter_map(|set| set.HealthCheckId.clone()).filter(|id| id.ends_with("false")).collect();
        let chosen = usize::from(last_bytes(&serving(sets, &sick), "w.example.com", "paris", roll)[0] - 1);
        let heavy = |index: usize| healthy[index] && weights[index] > 0;
        if (0..healthy.len()).any(heavy) {
            prop_assert!(heavy(chosen));
        } else if healthy.iter().any(|ok| *ok) {
            prop_assert!(healthy[chosen]);
        }
    }
}
