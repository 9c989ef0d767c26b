//! Strongly consistent tables: two of three Regions agree, whatever is cut.

use super::*;

const OHIO: &str = "us-east-2";
const OREGON: &str = "us-west-2";
const ALL: [&str; 3] = [HOME, OHIO, OREGON];

fn strong(creates: &[&str], witness: Option<&str>) -> Doc {
    let creates: Vec<Doc> = creates.iter().map(|region| json!({"Create": {"RegionName": region}})).collect();
    let mut ask = json!({"TableName": "control", "MultiRegionConsistency": "STRONG", "ReplicaUpdates": creates});
    if let Some(region) = witness {
        ask["GlobalTableWitnessUpdates"] = json!([{"Create": {"RegionName": region}}]);
    }
    ask
}

fn made(seed: u64, ask: Doc) -> World {
    let mut world = World::empty(seed);
    create(&mut world, HOME, "control");
    let told = call(&mut world, HOME, "UpdateTable", ask).unwrap();
    assert_eq!(told["TableDescription"]["MultiRegionConsistency"], "STRONG");
    pass(&mut world, 400);
    world
}

/// In three Regions.
fn control(seed: u64) -> World {
    made(seed, strong(&[OHIO, OREGON], None))
}

/// In two Regions with a witness in the third.
fn watched(seed: u64) -> World {
    made(seed, strong(&[OHIO], Some(OREGON)))
}

fn cut(world: &mut World, one: &str, other: &str) {
    let spec = FaultSpec {
        kind: "F19".into(),
        region: Some(one.into()),
        from: Some(other.into()),
        duration_s: Some(600.0),
        ..FaultSpec::default()
    };
    faults::start(world, spec).unwrap();
}

fn isolate(world: &mut World, region: &str) {
    for other in ALL.into_iter().filter(|other| *other != region) {
        cut(world, region, other);
    }
}

/// Takes the lease if nobody else has it: who has it, or why nobody can be asked.
fn take(world: &mut World, region: &str, who: &str) -> Result<bool, String> {
    let ask = json!({"TableName": "control", "Key": {"session_id": {"S": "lease"}},
        "UpdateExpression": "SET holder = :me", "ConditionExpression": "attribute_not_exists(holder) OR holder = :me",
        "ExpressionAttributeValues": {":me": {"S": who}}});
    match call(world, region, "UpdateItem", ask) {
        Ok(_) => Ok(true),
        Err(refused) if refused.code == "ConditionalCheckFailedException" => Ok(false),
        Err(refused) => Err(refused.code.to_string()),
    }
}

fn read(world: &mut World, region: &str, consistent: bool) -> Answer<Doc> {
    let ask = json!({"TableName": "control", "Key": {"session_id": {"S": "lease"}}, "ConsistentRead": consistent});
    call(world, region, "GetItem", ask).map(|told| told["Item"]["holder"]["S"].clone())
}

fn scan(world: &mut World, region: &str) -> Answer<Doc> {
    call(world, region, "Scan", json!({"TableName": "control", "ConsistentRead": true}))
}

#[test]
fn one_of_two_callers_takes_the_lease_whichever_pair_is_cut() {
    for (one, other) in [(HOME, OHIO), (HOME, OREGON), (OHIO, OREGON)] {
        for (first, second) in [(one, other), (other, one)] {
            let mut world = control(1);
            cut(&mut world, one, other);
            assert_eq!(take(&mut world, first, "first"), Ok(true), "{one} x {other}");
            pass(&mut world, 1);
            assert_eq!(take(&mut world, second, "second"), Ok(false), "{one} x {other}");
            for region in ALL {
                assert_eq!(read(&mut world, region, true), Ok(json!("first")), "{one} x {other} in {region}");
                assert_eq!(scan(&mut world, region).unwrap()["Count"], 1, "{one} x {other} in {region}");
            }
        }
    }
}

#[test]
fn the_latest_is_read_after_writes_on_both_sides_of_a_cut() {
    let mut world = control(2);
    cut(&mut world, HOME, OHIO);
    for (number, region) in [HOME, OHIO, HOME, OREGON, OHIO].into_iter().enumerate() {
        let item = json!({"TableName": "control",
            "Item": {"session_id": {"S": "lease"}, "holder": {"S": number.to_string()}}});
        call(&mut world, region, "PutItem", item).unwrap();
        pass(&mut world, 1);
        for region in ALL {
            assert_eq!(read(&mut world, region, true), Ok(json!(number.to_string())), "{region}");
        }
    }
}

#[test]
fn a_region_that_is_alone_answers_nothing_and_the_others_go_on() {
    for alone in ALL {
        let mut world = control(3);
        assert_eq!(take(&mut world, HOME, "before"), Ok(true));
        pass(&mut world, 1);
        isolate(&mut world, alone);
        assert_eq!(take(&mut world, alone, "before"), Err("InternalServerError".into()));
        assert_eq!(read(&mut world, alone, true).unwrap_err().status, 500);
        assert_eq!(scan(&mut world, alone).unwrap_err().status, 500);
        assert_eq!(read(&mut world, alone, false), Ok(json!("before")), "its own copy is read");
        let there: Vec<&str> = ALL.into_iter().filter(|region| *region != alone).collect();
        let item = json!({"TableName": "control", "Item": {"session_id": {"S": "lease"}, "holder": {"S": "after"}}});
        call(&mut world, there[0], "PutItem", item).unwrap();
        assert_eq!(read(&mut world, there[1], true), Ok(json!("after")));
        assert_eq!(read(&mut world, alone, false), Ok(json!("before")));
        faults::end_all(&mut world);
        pass(&mut world, 2);
        assert_eq!(read(&mut world, alone, false), Ok(json!("after")), "it has caught up");
    }
}

#[test]
fn with_two_regions_alone_nobody_answers_and_nothing_is_kept() {
    for (one, other) in [(HOME, OHIO), (HOME, OREGON), (OHIO, OREGON)] {
        let mut world = control(4);
        assert_eq!(take(&mut world, HOME, "before"), Ok(true));
        pass(&mut world, 1);
        isolate(&mut world, one);
        isolate(&mut world, other);
        for region in ALL {
            assert_eq!(take(&mut world, region, "before"), Err("InternalServerError".into()), "{region}");
            assert_eq!(take(&mut world, region, "after"), Err("InternalServerError".into()), "{region}");
            assert!(read(&mut world, region, true).is_err());
        }
        faults::end_all(&mut world);
        pass(&mut world, 2);
        assert!(ALL.into_iter().all(|region| read(&mut world, region, true) == Ok(json!("before"))));
    }
}

#[test]
fn a_region_that_was_away_learns_from_one_that_was_not_there_either() {
    let mut world = control(5);
    isolate(&mut world, OREGON);
    assert_eq!(take(&mut world, HOME, "a"), Ok(true));
    faults::end_all(&mut world);
    isolate(&mut world, HOME);
    // Oregon has missed the lease and Virginia is away: Ohio tells it
    assert_eq!(take(&mut world, OREGON, "b"), Ok(false));
    assert_eq!(take(&mut world, OHIO, "a").map_err(|code| code == "ReplicatedWriteConflictException"), Err(true));
}

#[test]
fn pausing_replication_isolates_a_region_as_well() {
    let mut world = control(6);
    let spec = FaultSpec { kind: "F31".into(), region: Some(OHIO.into()), ..FaultSpec::default() };
    faults::start(&mut world, spec).unwrap();
    assert_eq!(take(&mut world, OHIO, "x"), Err("InternalServerError".into()));
    assert_eq!(take(&mut world, OREGON, "x"), Ok(true));
}

#[test]
fn a_witness_keeps_what_two_replicas_agree_on() {
    for (first, second) in [(HOME, OHIO), (OHIO, HOME)] {
        let mut world = watched(7);
        cut(&mut world, HOME, OHIO);
        assert_eq!(take(&mut world, first, "first"), Ok(true));
        pass(&mut world, 1);
        assert_eq!(take(&mut world, second, "second"), Ok(false), "the witness was told");
        assert_eq!(read(&mut world, second, true), Ok(json!("first")));
        isolate(&mut world, HOME);
        assert!(take(&mut world, HOME, "first").is_err());
        faults::end_all(&mut world);
    }
    // a witness that was away: what both replicas have it learns later
    let mut world = watched(8);
    isolate(&mut world, OREGON);
    assert_eq!(take(&mut world, HOME, "first"), Ok(true));
    faults::end_all(&mut world);
    pass(&mut world, 2);
    cut(&mut world, HOME, OHIO);
    assert_eq!(take(&mut world, OHIO, "second"), Ok(false));
}

#[test]
fn a_witness_is_no_table() {
    let mut world = World::empty(9);
    create(&mut world, HOME, "control");
    call(&mut world, HOME, "UpdateTable", strong(&[OHIO], Some(OREGON))).unwrap();
    let told = |world: &mut World, region: &str| {
        call(world, region, "DescribeTable", json!({"TableName": "control"})).map(|told| told["Table"].clone())
    };
    let status = |table: &Doc| table["GlobalTableWitnesses"][0]["WitnessStatus"].clone();
    assert_eq!(status(&told(&mut world, HOME).unwrap()), "CREATING");
    pass(&mut world, 400);
    for region in [HOME, OHIO] {
        let table = told(&mut world, region).unwrap();
        assert_eq!(table["GlobalTableWitnesses"], json!([{"RegionName": OREGON, "WitnessStatus": "ACTIVE"}]));
        assert_eq!((&table["MultiRegionConsistency"], &table["TableStatus"]), (&json!("STRONG"), &json!("ACTIVE")));
    }
    assert_eq!(told(&mut world, OREGON).unwrap_err().code, "ResourceNotFoundException");
    // one of the same name may stand there
    create(&mut world, OREGON, "control");
    take(&mut world, OREGON, "stranger").unwrap();
    assert_eq!(take(&mut world, HOME, "ours"), Ok(true));
    assert_eq!(read(&mut world, OREGON, true), Ok(json!("stranger")));
}

#[test]
fn one_region_writes_an_item_at_a_time() {
    let mut world = control(10);
    assert_eq!(take(&mut world, HOME, "a"), Ok(true));
    assert_eq!(take(&mut world, OHIO, "a"), Err("ReplicatedWriteConflictException".into()));
    assert_eq!(take(&mut world, OHIO, "b"), Ok(false), "the condition is of the latest");
    pass(&mut world, 1);
    assert_eq!(take(&mut world, OHIO, "a"), Ok(true));
}

#[test]
fn a_strong_table_is_made_of_an_empty_one_in_three_regions_of_a_set() {
    let mut world = World::empty(11);
    create(&mut world, HOME, "control");
    let count = "Unsupported replica count for global tables with MultiRegionConsistency set to STRONG.";
    let outside = |region: &str| {
        format!(
            "Unsupported Region(s) specified for global tables with MultiRegionConsistency set to STRONG: [{region}]."
        )
    };
    let same = "Cannot add a witness in the same region as an existing replica when creating a global table with MultiRegionConsistency set to STRONG.";
    let mut eventual = strong(&[OHIO], Some(OREGON));
    eventual["MultiRegionConsistency"] = json!("EVENTUAL");
    let mut witnesses = strong(&[OHIO], None);
    witnesses["GlobalTableWitnessUpdates"] =
        json!([{"Create": {"RegionName": OREGON}}, {"Create": {"RegionName": OHIO}}]);
    let mut more = strong(&[OHIO, OREGON], None);
    more["DeletionProtectionEnabled"] = json!(true);
    for (ask, why) in [
        (strong(&[OHIO], None), count.to_string()),
        (strong(&[OHIO, OREGON, "us-west-1"], None), count.into()),
        (strong(&[OHIO, OREGON], Some("us-west-1")), count.into()),
        (strong(&[OHIO, PEER], None), outside(PEER)),
        (strong(&[OHIO], Some("us-west-1")), outside("us-west-1")),
        (strong(&[OHIO], Some(HOME)), same.into()),
        (strong(&[OHIO], Some(OHIO)), "Cannot target multiple regions with the same action".into()),
        (
            eventual,
            "MultiRegionConsistency must be set as STRONG when GlobalTableWitnessUpdates parameter is present.".into(),
        ),
        (more, "Requests that modify replicas or witnesses must not also modify other fields".into()),
    ] {
        let refused = call(&mut world, HOME, "UpdateTable", ask.clone()).unwrap_err();
        assert_eq!((refused.code, refused.message), ("ValidationException", why), "{ask}");
    }
    let refused = call(&mut world, HOME, "UpdateTable", witnesses).unwrap_err();
    assert!(refused.message.ends_with("length less than or equal to 1"), "{refused}");
    let alone = json!({"TableName": "control", "MultiRegionConsistency": "STRONG"});
    assert!(call(&mut world, HOME, "UpdateTable", alone).unwrap_err().message.starts_with("At least one of"));
    take(&mut world, HOME, "x").unwrap();
    let refused = call(&mut world, HOME, "UpdateTable", strong(&[OHIO, OREGON], None)).unwrap_err();
    assert!(refused.message.contains("empty"), "{refused}");
}

#[test]
fn region_sets_are_those_of_aws() {
    for (home, others) in [
        ("eu-west-1", ["eu-west-2", "eu-central-1"]),
        ("eu-west-3", ["eu-west-1", "eu-central-1"]),
        ("ap-northeast-1", ["ap-northeast-2", "ap-northeast-3"]),
    ] {
        let mut world = World::empty(12);
        create(&mut world, home, "control");
        call(&mut world, home, "UpdateTable", strong(&others, None)).unwrap();
        pass(&mut world, 400);
        assert_eq!(take(&mut world, others[1], "x"), Ok(true));
    }
}

#[test]
fn a_strong_table_keeps_its_regions_and_goes_whole() {
    for mut world in [control(13), watched(13)] {
        let witness = world.dynamo.table(HOME, "control").unwrap().witness.is_some();
        let update = |world: &mut World, members: Doc| {
            let mut ask = json!({"TableName": "control"});
            ask.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
            call(world, HOME, "UpdateTable", ask).map_err(|refused| refused.message)
        };
        let create = json!([{"Create": {"RegionName": PEER}}]);
        for (ask, why) in [
            (
                json!({"ReplicaUpdates": create}),
                "Cannot add replicas to a global table with strong MultiRegionConsistency",
            ),
            (
                json!({"ReplicaUpdates": create, "MultiRegionConsistency": "EVENTUAL"}),
                "MultiRegionConsistency parameter is unsupported on existing global table",
            ),
            (
                json!({"ReplicaUpdates": [{"Delete": {"RegionName": OHIO}}], "MultiRegionConsistency": "STRONG"}),
                "Only Replica Create actions are supported when MultiRegionConsistency parameter is provided.",
            ),
            (
                json!({"ReplicaUpdates": [{"Delete": {"RegionName": OHIO}}]}),
                if witness {
                    "Update table delete operation does not include all witnesses."
                } else {
                    "Deletion of only one table replica is not supported for global tables with MultiRegionConsistency set to STRONG."
                },
            ),
        ] {
            assert_eq!(update(&mut world, ask.clone()).unwrap_err(), why, "{ask}");
        }
        for region in [HOME, OHIO] {
            let refused = call(&mut world, region, "DeleteTable", json!({"TableName": "control"})).unwrap_err();
            assert!(refused.message.starts_with("Deletion of only one table replica is not supported"), "{refused}");
        }
        let all = if witness {
            json!({"ReplicaUpdates": [{"Delete": {"RegionName": OHIO}}],
                "GlobalTableWitnessUpdates": [{"Delete": {"RegionName": OREGON}}]})
        } else {
            json!({"ReplicaUpdates": [{"Delete": {"RegionName": OHIO}}, {"Delete": {"RegionName": OREGON}}]})
        };
        take(&mut world, OHIO, "kept").unwrap();
        update(&mut world, all).unwrap();
        pass(&mut world, 60);
        let left: Vec<&Key> = world.dynamo.tables.keys().collect();
        assert_eq!(left, [&(HOME.to_string(), "control".to_string())]);
        assert!(world.dynamo.witnesses.is_empty());
        let told = call(&mut world, HOME, "DescribeTable", json!({"TableName": "control"})).unwrap();
        assert!(told["Table"]["MultiRegionConsistency"].is_null() && told["Table"]["GlobalTableWitnesses"].is_null());
        assert_eq!(read(&mut world, HOME, true), Ok(json!("kept")), "it is a table of one Region now");
        call(&mut world, HOME, "DeleteTable", json!({"TableName": "control"})).unwrap();
        pass(&mut world, 60);
        assert!(world.dynamo.tables.is_empty());
    }
}

#[test]
fn a_strong_table_has_no_time_to_live() {
    let mut world = control(14);
    let ttl = json!({"TableName": "control", "TimeToLiveSpecification": {"Enabled": true, "AttributeName": "x"}});
    assert_eq!(call(&mut world, HOME, "UpdateTimeToLive", ttl.clone()).unwrap_err().code, "ValidationException");
    let mut world = World::empty(15);
    create(&mut world, HOME, "control");
    call(&mut world, HOME, "UpdateTimeToLive", ttl).unwrap();
    assert!(call(&mut world, HOME, "UpdateTable", strong(&[OHIO, OREGON], None)).is_err());
}
