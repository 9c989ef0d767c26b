//! What is sent for a table in each state that it can be seen in.

use super::super::sample::spec;
use super::*;
use crate::cloud::look::dynamodb::{Found, Ttl};
use crate::deploy::given::{Given, STACK};
use crate::deploy::part::Part;
use crate::model::deploy::{Next, Ready, Seen, differences};
use jiff::Timestamp;
use std::collections::BTreeMap;

const MADE: i64 = 1_767_621_600;

fn given() -> Given {
    let mut given = Given::new("shop", "123456789012", BTreeMap::new());
    given.learn("sessions", BTreeMap::from([("region".into(), "us-east-1".into())]));
    given
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(MADE + seconds).unwrap()
}

/// A table as one Region tells it, made so long after the first.
fn found(region: &str, name: &str, want: &Value, after: i64, others: &[&str]) -> Found {
    let mut settings = want.clone();
    for member in ["Replicas", "Region", "Tags", "MultiRegionConsistency", "TimeToLiveSpecification"] {
        settings.as_object_mut().unwrap().remove(member);
    }
    Found {
        region: region.into(),
        arn: format!("arn:aws:dynamodb:{region}:123456789012:table/{name}"),
        status: "ACTIVE".into(),
        created: Some(at(after)),
        settings,
        protected: false,
        consistency: String::new(),
        replicas: others.iter().map(|other| (other.to_string(), "ACTIVE".to_string())).collect(),
        tags: Some(BTreeMap::new()),
    }
}

/// As the engine decides.
fn next(part: &impl Part, seen: &Seen, given: &Given) -> Next {
    let want = part.want(given).unwrap();
    if !seen.exists {
        return Next::Send(part.create(&want, given).unwrap());
    }
    if let Ready::NotYet(why) = part.ready(seen) {
        return Next::Wait(why);
    }
    let found = differences(&want, &seen.is);
    if found.is_empty() { Next::Done } else { part.update(&want, seen, &found, given).unwrap() }
}

fn sent(next: Next) -> (String, String, Value) {
    let Next::Send(call) = next else { panic!("{next:?} is no call") };
    (call.region.clone(), call.operation().to_string(), call.input())
}

mod control {
    use super::*;
    use crate::deploy::parts::tables::control::{Control, in_region};

    const REGIONS: [&str; 3] = ["us-east-1", "us-east-2", "us-west-2"];

    fn part() -> Control {
        Control::of(&spec(&["us-east-1", "eu-west-1"]))
    }

    /// All three, where the first made so long after the others as told.
    fn three(part: &Control, first: i64) -> Vec<Found> {
        let want = part.want(&given()).unwrap();
        let of = |(place, region): (usize, &&str)| {
            let others: Vec<&str> = REGIONS.into_iter().filter(|other| other != region).collect();
            let after = if place == 0 { first } else { 60 };
            Found { consistency: "STRONG".into(), ..found(region, "shop-control", &want, after, &others) }
        };
        REGIONS.iter().enumerate().map(of).collect()
    }

    fn whole(part: &Control) -> Vec<Found> {
        let tags = given().tags_of("control", &part.want(&given()).unwrap());
        let whole = |one| Found { protected: true, tags: Some(tags.clone()), ..one };
        three(part, 0).into_iter().map(whole).collect()
    }

    #[test]
    fn it_is_made_alone_and_joined_by_both_others_at_once() {
        let part = part();
        let (region, operation, input) = sent(next(&part, &part.seen(&[], "shop"), &given()));
        assert_eq!((region.as_str(), operation.as_str()), ("us-east-1", "CreateTable"));
        assert_eq!(
            (&input["DeletionProtectionEnabled"], &input["BillingMode"]),
            (&json!(true), &json!("PAY_PER_REQUEST"))
        );
        assert!(input["Tags"].as_array().is_some_and(|tags| tags.iter().any(|tag| tag["Key"] == STACK)));
        assert!(input.get("Replicas").is_none() && input.get("TimeToLiveSpecification").is_none());

        let alone = found("us-east-1", "shop-control", &part.want(&given()).unwrap(), 0, &[]);
        let (region, operation, input) = sent(next(&part, &part.seen(&[alone], "shop"), &given()));
        assert_eq!((region.as_str(), operation.as_str()), ("us-east-1", "UpdateTable"));
        assert_eq!(input["MultiRegionConsistency"], "STRONG");
        let both = json!([{ "Create": { "RegionName": "us-east-2" } }, { "Create": { "RegionName": "us-west-2" } }]);
        assert_eq!(input["ReplicaUpdates"], both);
    }

    #[test]
    fn each_region_is_protected_and_tagged_and_then_nothing_is_left() {
        let part = part();
        let mut found = three(&part, 0);
        for place in 0..3 {
            let (region, _, input) = sent(next(&part, &part.seen(&found, "shop"), &given()));
            assert_eq!((region.as_str(), &input["DeletionProtectionEnabled"]), (REGIONS[place], &json!(true)));
            found[place].protected = true;
        }
        for place in 0..3 {
            let (region, operation, input) = sent(next(&part, &part.seen(&found, "shop"), &given()));
            assert_eq!((region.as_str(), operation.as_str()), (REGIONS[place], "TagResource"));
            assert_eq!(
                input["ResourceArn"],
                format!("arn:aws:dynamodb:{}:123456789012:table/shop-control", REGIONS[place])
            );
            found[place].tags = Some(given().tags_of("control", &part.want(&given()).unwrap()));
        }
        let seen = part.seen(&found, "shop");
        assert_eq!((next(&part, &seen, &given()), part.ready(&seen)), (Next::Done, Ready::Yes));
        assert_eq!(seen.gift("generation"), MADE.to_string());
    }

    #[test]
    fn every_replica_must_be_active_and_known_to_its_region() {
        let part = part();
        let mut found = whole(&part);
        found[0].replicas.insert("us-west-2".into(), "CREATING".into());
        assert_eq!(part.ready(&part.seen(&found, "shop")), Ready::NotYet("CREATING".into()));
        found[0].replicas.insert("us-west-2".into(), "CREATION_FAILED".into());
        assert_eq!(part.ready(&part.seen(&found, "shop")), Ready::Failed("CREATION_FAILED".into()));
        let two = &whole(&part)[..2];
        assert_eq!(part.ready(&part.seen(two, "shop")), Ready::NotYet("CREATING".into()));
    }

    #[test]
    fn two_of_three_regions_are_enough_to_see_that_it_stands() {
        let part = part();
        let all = whole(&part);
        for (place, silent) in REGIONS.into_iter().enumerate() {
            let mut two = all.clone();
            two.remove(place);
            assert!(part.stands_without(&two, silent));
            let seen = part.without(&two, silent, &given());
            let ready = (part.ready(&seen), seen.is["Replicas"][silent]["DeletionProtectionEnabled"].clone());
            assert_eq!(ready, (Ready::Yes, json!(true)), "{}", silent);
            assert!(!part.stands_without(&two[..1], silent), "one of three does not say enough");
            let other = two[1].region.clone();
            two[0].replicas.insert(other, "CREATING".into());
            assert!(!part.stands_without(&two, silent), "it is not whole yet");
        }
        let alone = found_alone(&part);
        assert!(!part.stands_without(&[alone], "us-west-2"), "it is still to be joined");
    }

    #[test]
    fn a_table_that_tells_no_tags_yet_is_waited_for() {
        let part = part();
        let want = part.want(&given()).unwrap();
        let young =
            Found { status: "CREATING".into(), tags: None, ..found("us-east-1", "shop-control", &want, 0, &[]) };
        let seen = part.seen(&[young], "shop");
        assert_eq!(seen.tags[STACK], "shop");
        assert_eq!(next(&part, &seen, &given()), Next::Wait("CREATING".into()));
        assert!(matches!(part.remove(&seen, &given()), Ok(Next::Wait(_))));
        let foreign = Found { tags: Some(BTreeMap::new()), ..found("us-east-1", "shop-control", &want, 0, &[]) };
        assert_eq!(part.seen(&[foreign], "shop").tags, BTreeMap::new());
    }

    #[test]
    fn it_keeps_its_regions_for_life() {
        let part = part();
        let mut found = whole(&part);
        found.pop();
        found.iter_mut().for_each(|one| {
            one.replicas.remove("us-west-2");
            one.replicas.insert("eu-west-1".into(), "ACTIVE".into());
        });
        let Next::Stuck(why) = next(&part, &part.seen(&found, "shop"), &given()) else { panic!("not stuck") };
        assert!(why.contains("eu-west-1, us-east-1, us-east-2 (STRONG consistency)"), "{why}");
        let mut eventual = whole(&part);
        eventual.iter_mut().for_each(|one| one.consistency = "EVENTUAL".into());
        assert!(matches!(next(&part, &part.seen(&eventual, "shop"), &given()), Next::Stuck(_)));
        // one that tells no mode is worked with, and stays in the plan
        let mut untold = eventual.clone();
        untold.iter_mut().for_each(|one| one.consistency.clear());
        assert_eq!(next(&part, &part.seen(&untold, "shop"), &given()), Next::Done);
        let found = differences(&part.want(&given()).unwrap(), &part.seen(&untold, "shop").is);
        assert_eq!(found.iter().map(|one| one.member.as_str()).collect::<Vec<_>>(), ["MultiRegionConsistency"]);
    }

    #[test]
    fn it_goes_unprotected_in_every_region_then_both_replicas_then_the_rest() {
        let part = part();
        let mut found = whole(&part);
        let remove = |found: &[Found]| sent(part.remove(&part.seen(found, "shop"), &given()).unwrap());
        for place in 0..3 {
            let (region, _, input) = remove(&found);
            assert_eq!((region.as_str(), &input["DeletionProtectionEnabled"]), (REGIONS[place], &json!(false)));
            found[place].protected = false;
        }
        let (region, operation, input) = remove(&found);
        assert_eq!((region.as_str(), operation.as_str()), ("us-east-1", "UpdateTable"));
        let both = json!([{ "Delete": { "RegionName": "us-east-2" } }, { "Delete": { "RegionName": "us-west-2" } }]);
        assert_eq!(input["ReplicaUpdates"], both);
        let alone = found_alone(&part);
        assert_eq!(remove(&[alone]).1, "DeleteTable");
        // the one that the others were made from stays to the end, whichever it is
        assert_eq!(remove(&three(&part, 90)).0, "us-east-2");
    }

    fn found_alone(part: &Control) -> Found {
        found("us-east-1", "shop-control", &part.want(&given()).unwrap(), 0, &[])
    }

    #[test]
    fn an_arn_is_told_of_another_region() {
        assert_eq!(
            in_region("arn:aws:dynamodb:us-east-1:1:table/x", "eu-west-1"),
            "arn:aws:dynamodb:eu-west-1:1:table/x"
        );
    }
}

mod sessions {
    use super::*;
    use crate::deploy::parts::tables::sessions::{Sessions, seen};

    fn part() -> Sessions {
        Sessions::of(&spec(&["us-east-1", "eu-west-1"]))
    }

    fn ttl(status: &str, attribute: &str) -> Option<(Ttl, bool)> {
        Some((Ttl { status: status.into(), attribute: attribute.into() }, true))
    }

    fn whole(part: &Sessions) -> Found {
        let want = part.want(&given()).unwrap();
        let tags = Some(given().tags_of("sessions", &want));
        Found { protected: true, tags, ..found("us-east-1", "shop-sessions", &want, 0, &["eu-west-1"]) }
    }

    #[test]
    fn it_is_made_at_home_and_has_no_differences_once_it_is_whole() {
        let part = part();
        let (region, operation, input) = sent(next(&part, &Seen::absent(), &given()));
        assert_eq!((region.as_str(), operation.as_str()), ("us-east-1", "CreateTable"));
        assert_eq!(input["StreamSpecification"]["StreamViewType"], "NEW_AND_OLD_IMAGES");
        assert!(input.get("TimeToLiveSpecification").is_none() && input.get("Region").is_none());
        for status in ["ENABLED", "ENABLING"] {
            let seen = seen(&whole(&part), ttl(status, "expires_at"), "shop");
            assert_eq!(next(&part, &seen, &given()), Next::Done);
            assert_eq!((seen.gift("region"), seen.tags[STACK].as_str()), ("us-east-1", "shop"));
        }
    }

    #[test]
    fn each_difference_has_its_call() {
        let part = part();
        let calls = |change: fn(&mut Found), more| {
            let mut found = whole(&part);
            change(&mut found);
            let (region, operation, input) = sent(next(&part, &seen(&found, more, "shop"), &given()));
            assert_eq!(region, "us-east-1");
            (operation, input)
        };
        let good = || ttl("ENABLED", "expires_at");
        let (operation, input) = calls(|found| found.protected = false, good());
        assert_eq!((operation.as_str(), &input["DeletionProtectionEnabled"]), ("UpdateTable", &json!(true)));
        let (operation, input) = calls(|found| found.settings["BillingMode"] = json!("PROVISIONED"), good());
        assert_eq!((operation.as_str(), &input["BillingMode"]), ("UpdateTable", &json!("PAY_PER_REQUEST")));
        let (_, input) = calls(|found| found.settings["StreamSpecification"] = Value::Null, good());
        assert_eq!(input["StreamSpecification"]["StreamEnabled"], true);
        assert_eq!(calls(|_| (), ttl("DISABLED", "")).0, "UpdateTimeToLive");
        assert_eq!(calls(|_| (), good().map(|(ttl, _)| (ttl, false))).0, "UpdateContinuousBackups");
        assert_eq!(
            calls(|found| drop(found.tags.as_mut().unwrap().remove("tandem:logical-id")), good()).0,
            "TagResource"
        );
    }

    #[test]
    fn another_attribute_can_end_items_once_the_first_does_no_more() {
        let part = part();
        let then =
            |status: &str, attribute: &str| next(&part, &seen(&whole(&part), ttl(status, attribute), "shop"), &given());
        let off = sent(then("ENABLED", "old")).2;
        assert_eq!(off["TimeToLiveSpecification"], json!({ "Enabled": false, "AttributeName": "old" }));
        assert!(matches!(then("DISABLING", "old"), Next::Wait(_)));
        let on = sent(then("DISABLED", "")).2;
        assert_eq!(on["TimeToLiveSpecification"], json!({ "Enabled": true, "AttributeName": "expires_at" }));
    }

    #[test]
    fn a_table_that_stands_elsewhere_is_joined_at_home() {
        let part = part();
        let mut elsewhere = whole(&part);
        elsewhere.region = "eu-west-1".into();
        elsewhere.replicas.clear();
        let seen = seen(&elsewhere, ttl("ENABLED", "expires_at"), "shop");
        assert_eq!(seen.gift("region"), "eu-west-1");
        let (region, operation, input) = sent(next(&part, &seen, &given()));
        assert_eq!((region.as_str(), operation.as_str()), ("eu-west-1", "UpdateTable"));
        assert_eq!(input["ReplicaUpdates"], json!([{ "Create": { "RegionName": "us-east-1" } }]));
    }

    #[test]
    fn it_goes_after_its_protection_and_its_replicas() {
        let part = part();
        let mut found = whole(&part);
        let remove = |found: &Found| sent(part.remove(&seen(found, None, "shop"), &given()).unwrap());
        assert_eq!(remove(&found).2["DeletionProtectionEnabled"], false);
        found.protected = false;
        assert_eq!(remove(&found).2["ReplicaUpdates"], json!([{ "Delete": { "RegionName": "eu-west-1" } }]));
        found.replicas.insert("eu-west-1".into(), "DELETING".into());
        assert!(matches!(part.remove(&seen(&found, None, "shop"), &given()), Ok(Next::Wait(_))));
        found.replicas.clear();
        assert_eq!(remove(&found).1, "DeleteTable");
    }
}

mod replica {
    use super::*;
    use crate::deploy::parts::tables::replica::Replica;

    fn part() -> Replica {
        Replica::of(&spec(&["us-east-1", "eu-west-1"]), "eu-west-1")
    }

    fn home() -> Found {
        found("us-east-1", "shop-sessions", &json!({}), 0, &["eu-west-1"])
    }

    fn own(after: i64) -> Found {
        found("eu-west-1", "shop-sessions", &json!({}), after, &["us-east-1"])
    }

    fn look(own: Option<&Found>, home: &Found, recovery: bool) -> Seen {
        part().seen(own, Some(home), own.map(|_| recovery), at(3600))
    }

    #[test]
    fn it_joins_where_the_sessions_stand_and_gets_what_is_its_own() {
        let (part, given) = (part(), given());
        let alone = Found { replicas: BTreeMap::new(), ..home() };
        let (region, operation, input) = sent(next(&part, &look(None, &alone, false), &given));
        assert_eq!((region.as_str(), operation.as_str()), ("us-east-1", "UpdateTable"));
        assert_eq!(input["ReplicaUpdates"], json!([{ "Create": { "RegionName": "eu-west-1" } }]));
        let missing = part.create(&json!({}), &Given::new("shop", "1", BTreeMap::new())).unwrap_err();
        assert_eq!(missing.node, "sessions");

        let mut own = own(60);
        let of = |own: &Found, recovery| next(&part, &look(Some(own), &home(), recovery), &given);
        let (region, _, input) = sent(of(&own, false));
        assert_eq!((region.as_str(), &input["DeletionProtectionEnabled"]), ("eu-west-1", &json!(true)));
        own.protected = true;
        assert_eq!(sent(of(&own, false)).1, "UpdateContinuousBackups");
        assert_eq!(sent(of(&own, true)).1, "TagResource");
        own.tags = Some(given.tags_of("sessions", &part.want(&given).unwrap()));
        assert_eq!(of(&own, true), Next::Done);
    }

    #[test]
    fn it_is_there_as_soon_as_the_home_says_so_and_ready_when_both_are_free() {
        let part = part();
        let making = Found { replicas: BTreeMap::from([("eu-west-1".into(), "CREATING".into())]), ..home() };
        let seen = look(None, &making, false);
        assert!(seen.exists && part.ready(&seen) == Ready::NotYet("CREATING".into()));
        // said to be there, and not yet known where it is
        assert_eq!(part.ready(&look(None, &home(), false)), Ready::NotYet("CREATING".into()));
        let busy = Found { status: "UPDATING".into(), ..home() };
        assert_eq!(part.ready(&look(Some(&own(60)), &busy, true)), Ready::NotYet("UPDATING".into()));
        assert_eq!(part.ready(&look(Some(&own(60)), &home(), true)), Ready::Yes);
    }

    #[test]
    fn a_table_of_its_own_is_neither_joined_nor_removed() {
        let part = part();
        let stranger = Found { replicas: BTreeMap::new(), ..own(60) };
        let alone = Found { replicas: BTreeMap::new(), ..home() };
        let seen = look(Some(&stranger), &alone, true);
        assert!(matches!(next(&part, &seen, &given()), Next::Stuck(why) if why.contains("a table of its own")));
        assert!(matches!(part.remove(&seen, &given()), Ok(Next::Stuck(_))));
        let ours = Found { tags: Some(BTreeMap::from([(STACK.into(), "shop".into())])), ..stranger };
        assert_eq!(sent(part.remove(&look(Some(&ours), &alone, true), &given()).unwrap()).1, "DeleteTable");
    }

    #[test]
    fn it_is_dropped_at_home_once_it_is_not_protected() {
        let part = part();
        let protected = Found { protected: true, ..own(60) };
        let remove = |own: &Found| sent(part.remove(&look(Some(own), &home(), true), &given()).unwrap());
        let (region, _, input) = remove(&protected);
        assert_eq!((region.as_str(), &input["DeletionProtectionEnabled"]), ("eu-west-1", &json!(false)));
        let (region, _, input) = remove(&own(60));
        assert_eq!(
            (region.as_str(), &input["ReplicaUpdates"]),
            ("us-east-1", &json!([{ "Delete": { "RegionName": "eu-west-1" } }]))
        );
    }

    #[test]
    fn the_one_that_others_were_made_from_stays_for_a_day() {
        let part = part();
        let seen = |now| part.seen(Some(&own(-60)), Some(&home()), Some(true), at(now));
        let Ok(Next::Stuck(why)) = part.remove(&seen(3600), &given()) else { panic!("not stuck") };
        assert!(why.contains("acted as a source region") && why.contains("2026-01-06T14:00:00Z"), "{why}");
        assert!(matches!(part.remove(&seen(24 * 3600 + 1), &given()), Ok(Next::Send(_))));
    }
}

#[test]
fn regions_join_without_waiting_for_one_another() {
    let nodes = nodes(&spec(&["us-east-1", "eu-west-1", "ap-south-1"]));
    let needs: Vec<(&str, Vec<&str>)> =
        nodes.iter().map(|node| (node.id.as_str(), node.needs.iter().map(String::as_str).collect())).collect();
    assert_eq!(
        needs,
        [
            ("control", vec![]),
            ("sessions", vec!["control"]),
            ("eu-west-1/sessions", vec!["control", "sessions"]),
            ("ap-south-1/sessions", vec!["control", "sessions"]),
        ]
    );
    assert!(nodes.iter().all(|node| node.holds_data));
}
