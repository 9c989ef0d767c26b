//! Replicas come and go.

use super::*;

const THIRD: &str = "eu-central-1";
const SOURCE: &str = "Replica cannot be deleted because it has acted as a source region for new replica(s) being added to the table in the last 24 hours.";

fn update(world: &mut World, region: &str, updates: Doc) -> Answer<Doc> {
    call(world, region, "UpdateTable", json!({"TableName": "sessions", "ReplicaUpdates": updates}))
}

fn add(world: &mut World, at: &str, region: &str) -> Answer<Doc> {
    update(world, at, json!([{"Create": {"RegionName": region}}]))
}

fn drop_in(world: &mut World, at: &str, region: &str) -> Answer<Doc> {
    update(world, at, json!([{"Delete": {"RegionName": region}}]))
}

fn delete(world: &mut World, region: &str) -> Answer<Doc> {
    call(world, region, "DeleteTable", json!({"TableName": "sessions"}))
}

fn told(world: &mut World, region: &str) -> Doc {
    call(world, region, "DescribeTable", json!({"TableName": "sessions"})).unwrap()["Table"].clone()
}

#[test]
fn replicas_come_one_at_a_time() {
    let mut world = World::empty(6);
    create(&mut world, HOME, "sessions");
    assert!(told(&mut world, HOME)["Replicas"].is_null());
    let both = json!([{"Create": {"RegionName": PEER}}, {"Create": {"RegionName": THIRD}}]);
    let refused = update(&mut world, HOME, both).unwrap_err();
    assert_eq!(
        refused.message,
        "Update table operation with more than one create or delete replica actions not allowed"
    );
    add(&mut world, HOME, PEER).unwrap();
    assert_eq!(add(&mut world, HOME, THIRD).unwrap_err().code, "ResourceInUseException");
    assert_eq!(told(&mut world, HOME)["Replicas"][0]["ReplicaStatus"], "CREATING");
    assert_eq!(delete(&mut world, PEER).unwrap_err().code, "ResourceInUseException");
    pass(&mut world, 300);
    let table = told(&mut world, PEER);
    assert_eq!(table["StreamSpecification"]["StreamViewType"], "NEW_AND_OLD_IMAGES", "a stream began");
    assert!(table["MultiRegionConsistency"].is_null(), "only STRONG is told");
    assert_eq!(table["GlobalTableVersion"], "2019.11.21");
    add(&mut world, PEER, THIRD).unwrap();
    pass(&mut world, 300);
    let regions = told(&mut world, HOME)["Replicas"].as_array().unwrap().len();
    assert_eq!((regions, told(&mut world, THIRD)["TableStatus"].clone()), (2, json!("ACTIVE")));
}

#[test]
fn what_is_no_change_of_replicas_is_refused() {
    let mut world = sessions(7);
    let local = "Cannot add or delete the local region through ReplicaUpdates. Use CreateTable, DeleteTable, or UpdateTable as required.";
    for (updates, why) in [
        (json!([{"Create": {"RegionName": HOME}}]), local),
        (json!([{"Delete": {"RegionName": HOME}}]), local),
        (json!([{"Create": {"RegionName": PEER}}]), "already existed as tables."),
        (json!([{"Delete": {"RegionName": THIRD}}]), "without these replicas: [eu-central-1]."),
        (json!([{"Create": {"RegionName": "us-fake-1"}}]), "Region us-fake-1 is not supported."),
        (
            json!([{"Create": {"RegionName": THIRD}, "Delete": {"RegionName": PEER}}]),
            "more than one type of replica actions",
        ),
        (json!([{"Create": {"RegionName": THIRD, "KMSMasterKeyId": "k"}}]), "is not known here"),
    ] {
        let refused = update(&mut world, HOME, updates.clone()).unwrap_err();
        assert_eq!(refused.code, "ValidationException");
        assert!(refused.message.contains(why), "{updates}: {refused}");
    }
    let more = json!({"TableName": "sessions", "ReplicaUpdates": [{"Create": {"RegionName": THIRD}}],
        "DeletionProtectionEnabled": true});
    let refused = call(&mut world, HOME, "UpdateTable", more).unwrap_err();
    assert!(refused.message.ends_with("Replica modification must be the only operation in the request"), "{refused}");
    let nothing = call(&mut world, HOME, "UpdateTable", json!({"TableName": "sessions"})).unwrap_err();
    assert!(nothing.message.starts_with("At least one of ProvisionedThroughput, BillingMode"), "{nothing}");
    let stream = json!({"TableName": "sessions", "StreamSpecification": {"StreamEnabled": false}});
    let refused = call(&mut world, HOME, "UpdateTable", stream).unwrap_err();
    assert_eq!(refused.message, "Disabling Stream is not allowed for a Global Table replica");
}

#[test]
fn a_source_stays_a_day_unless_what_it_made_is_gone() {
    let mut world = sessions(8);
    add(&mut world, PEER, THIRD).unwrap();
    pass(&mut world, 300);
    assert_eq!(delete(&mut world, HOME).unwrap_err().message, SOURCE);
    assert_eq!(drop_in(&mut world, HOME, PEER).unwrap_err().message, SOURCE, "the third was made there");
    drop_in(&mut world, HOME, THIRD).unwrap();
    pass(&mut world, 5);
    assert_eq!(delete(&mut world, HOME).unwrap_err().code, "ResourceInUseException");
    pass(&mut world, 60);
    assert!(world.dynamo.table(THIRD, "sessions").is_none());
    drop_in(&mut world, HOME, PEER).unwrap();
    pass(&mut world, 60);
    let table = told(&mut world, HOME);
    assert!(table["Replicas"].is_null() && table["GlobalTableVersion"].is_null(), "{table}");
    delete(&mut world, HOME).unwrap();
    pass(&mut world, 60);
    assert!(world.dynamo.tables.is_empty());
}

#[test]
fn after_a_day_a_source_goes_and_its_replicas_stay() {
    let mut world = sessions(9);
    world.dynamo.tables.values_mut().for_each(|table| {
        if let Some((_, at)) = &mut table.source {
            *at = Moment(at.0 - 86_400_000);
        }
    });
    put(&mut world, HOME, "s", 1);
    pass(&mut world, 3);
    delete(&mut world, HOME).unwrap();
    assert_eq!(told(&mut world, PEER)["Replicas"][0]["ReplicaStatus"], "DELETING");
    pass(&mut world, 60);
    assert!(told(&mut world, PEER)["Replicas"].is_null());
    assert_eq!(version(&world, PEER, "s"), Some(1));
    delete(&mut world, PEER).unwrap();
}

#[test]
fn protection_is_each_replicas_own() {
    let mut world = sessions(10);
    let protect = |world: &mut World, region: &str, on: bool| {
        let ask = json!({"TableName": "sessions", "DeletionProtectionEnabled": on});
        call(world, region, "UpdateTable", ask).unwrap();
        pass(world, 30);
    };
    protect(&mut world, PEER, true);
    assert_eq!(told(&mut world, HOME)["DeletionProtectionEnabled"], false);
    let why = "Cannot delete table sessions in region eu-west-1 because it has deletion protection enabled. Disable deletion protection first.";
    assert_eq!(drop_in(&mut world, HOME, PEER).unwrap_err().message, why);
    assert_eq!(delete(&mut world, PEER).unwrap_err().message, why);
    protect(&mut world, PEER, false);
    delete(&mut world, PEER).unwrap();
    pass(&mut world, 60);
    protect(&mut world, HOME, true);
    let plain = delete(&mut world, HOME).unwrap_err();
    assert!(plain.message.starts_with("Resource cannot be deleted as it is currently protected"), "{plain}");
}
