//! Secrets Manager as a client meets it.
#![allow(clippy::unwrap_used)]

use super::SECRETSMANAGER;
use crate::doc::{Doc, Input};
use crate::faults::{self, FaultSpec};
use crate::operation::{Answer, Caller};
use crate::world::World;
use serde_json::json;
use std::time::Duration;

const HOME: &str = "us-east-1";
const AWAY: &str = "eu-west-1";

fn call(world: &mut World, region: &str, operation: &str, ask: Doc) -> Answer<Doc> {
    let caller = Caller { region: region.into(), principal: "AKIA".into(), now: world.now };
    let operation = SECRETSMANAGER.operations.iter().find(|known| known.name == operation).unwrap();
    (operation.run)(world, &caller, Input::Typed(ask))
}

fn done(world: &mut World, region: &str, operation: &str, ask: Doc) -> Doc {
    call(world, region, operation, ask).unwrap()
}

fn refused(world: &mut World, region: &str, operation: &str, ask: Doc) -> (&'static str, String) {
    let refusal = call(world, region, operation, ask).unwrap_err();
    assert_eq!(refusal.status, 400);
    (refusal.code, refusal.message)
}

fn later(world: &mut World, seconds: u64) {
    world.advance(world.now + Duration::from_secs(seconds));
}

fn of(name: &str) -> Doc {
    json!({ "SecretId": name })
}

fn value(world: &mut World, region: &str, id: &str) -> Doc {
    done(world, region, "GetSecretValue", of(id))["SecretString"].clone()
}

/// A world with a secret that has a replica.
fn replicated() -> (World, String) {
    let mut world = World::empty(1);
    let ask = json!({
        "Name": "db", "SecretString": "one", "KmsKeyId": "home-key", "Tags": [{ "Key": "stack", "Value": "shop" }],
        "AddReplicaRegions": [{ "Region": AWAY, "KmsKeyId": "away-key" }],
    });
    let made = done(&mut world, HOME, "CreateSecret", ask);
    let copy = &made["ReplicationStatus"][0];
    assert_eq!((&copy["Region"], &copy["KmsKeyId"]), (&json!(AWAY), &json!("away-key")));
    assert_eq!(copy["Status"], "InProgress");
    assert_eq!(refused(&mut world, AWAY, "GetSecretValue", of("db")).0, "ResourceNotFoundException");
    later(&mut world, 10);
    (world, made["ARN"].as_str().unwrap().to_string())
}

fn status(world: &mut World) -> Doc {
    done(world, HOME, "DescribeSecret", of("db"))["ReplicationStatus"][0]["Status"].clone()
}

fn cut(world: &mut World) {
    faults::start(world, FaultSpec { kind: "F17".into(), region: Some(AWAY.into()), ..FaultSpec::default() }).unwrap();
}

#[test]
fn a_secret_is_found_by_name_by_arn_and_by_half_of_it() {
    let mut world = World::empty(1);
    let made = done(&mut world, HOME, "CreateSecret", json!({ "Name": "shop/db-pass", "SecretString": "x" }));
    let arn = made["ARN"].as_str().unwrap();
    let (half, suffix) = arn.rsplit_once('-').unwrap();
    assert_eq!(half, "arn:aws:secretsmanager:us-east-1:123456789012:secret:shop/db-pass");
    assert_eq!(suffix.len(), 6);
    for id in ["shop/db-pass", arn, half] {
        assert_eq!(value(&mut world, HOME, id), "x", "{id}");
    }
    for id in ["shop/db", "nobody", &arn.replace(HOME, AWAY), &format!("{half}-zzzzzz")] {
        let (code, message) = refused(&mut world, HOME, "GetSecretValue", of(id));
        assert_eq!(code, "ResourceNotFoundException", "{id}");
        assert_eq!(message, "Secrets Manager can't find the specified secret.");
    }
    let told = done(&mut world, HOME, "DescribeSecret", of("shop/db-pass"));
    assert_eq!(told["VersionIdsToStages"], json!({ made["VersionId"].as_str().unwrap(): ["AWSCURRENT"] }));
    assert!(told["LastAccessedDate"].is_object() && told["PrimaryRegion"].is_null(), "{told}");
}

#[test]
fn a_token_makes_a_call_one_that_can_be_repeated() {
    let mut world = World::empty(1);
    let token = "a".repeat(32);
    let ask = |value: &str| json!({ "Name": "db", "SecretString": value, "ClientRequestToken": token });
    let first = done(&mut world, HOME, "CreateSecret", ask("one"));
    assert_eq!(first["VersionId"], token.as_str());
    assert_eq!(done(&mut world, HOME, "CreateSecret", ask("one")), first);
    let (code, message) = refused(&mut world, HOME, "CreateSecret", ask("two"));
    assert_eq!(
        (code, message.as_str()),
        ("ResourceExistsException", "The operation failed because the secret db already exists.")
    );
    let put = |value: &str| json!({ "SecretId": "db", "SecretString": value, "ClientRequestToken": token });
    assert_eq!(done(&mut world, HOME, "PutSecretValue", put("one"))["VersionStages"], json!(["AWSCURRENT"]));
    assert_eq!(refused(&mut world, HOME, "PutSecretValue", put("two")).0, "ResourceExistsException");
    let short = json!({ "Name": "other", "ClientRequestToken": "short" });
    assert_eq!(refused(&mut world, HOME, "CreateSecret", short).1, "ClientRequestToken must be 32-64 characters long.");
}

#[test]
fn labels_move_from_version_to_version() {
    let mut world = World::empty(1);
    done(&mut world, HOME, "CreateSecret", json!({ "Name": "db" }));
    let (code, message) = refused(&mut world, HOME, "GetSecretValue", of("db"));
    assert_eq!(code, "ResourceNotFoundException");
    assert!(message.ends_with("value for staging label: AWSCURRENT"), "{message}");
    let put = |value: &str| json!({ "SecretId": "db", "SecretString": value });
    let ids: Vec<Doc> =
        ["one", "two"].map(|value| done(&mut world, HOME, "PutSecretValue", put(value))["VersionId"].clone()).to_vec();
    let staged = |world: &mut World, stage: &str| {
        done(world, HOME, "GetSecretValue", json!({ "SecretId": "db", "VersionStage": stage }))["SecretString"].clone()
    };
    assert_eq!((staged(&mut world, "AWSCURRENT"), staged(&mut world, "AWSPREVIOUS")), (json!("two"), json!("one")));
    let mut pending = put("three");
    pending["VersionStages"] = json!(["AWSPENDING"]);
    done(&mut world, HOME, "PutSecretValue", pending);
    assert_eq!((staged(&mut world, "AWSCURRENT"), staged(&mut world, "AWSPENDING")), (json!("two"), json!("three")));
    done(&mut world, HOME, "UpdateSecret", put("four"));
    assert_eq!((staged(&mut world, "AWSCURRENT"), staged(&mut world, "AWSPREVIOUS")), (json!("four"), json!("two")));
    let old = json!({ "SecretId": "db", "VersionId": ids[0] });
    assert_eq!(done(&mut world, HOME, "GetSecretValue", old.clone())["SecretString"], "one");
    let mut wrong = old;
    wrong["VersionStage"] = json!("AWSCURRENT");
    assert_eq!(refused(&mut world, HOME, "GetSecretValue", wrong).0, "InvalidRequestException");
    let nothing = refused(&mut world, HOME, "PutSecretValue", of("db"));
    assert_eq!(nothing.1, "You must provide either SecretString or SecretBinary.");
}

#[test]
fn what_is_no_secret_is_refused() {
    let mut world = World::empty(1);
    for (ask, code) in [
        (json!({}), "(misshapen)"),
        (json!({ "Name": "" }), "ValidationException"),
        (json!({ "Name": "a b" }), "ValidationException"),
        (json!({ "Name": "a", "SecretString": "" }), "ValidationException"),
        (json!({ "Name": "a", "SecretString": "x".repeat(65_537) }), "ValidationException"),
        (json!({ "Name": "a", "SecretString": "x", "SecretBinary": "eA==" }), "InvalidParameterException"),
        (json!({ "Name": "a", "AddReplicaRegions": [{ "Region": HOME }] }), "InvalidParameterException"),
        (json!({ "Name": "a", "AddReplicaRegions": [{ "Region": "mars-1" }] }), "InvalidParameterException"),
        (json!({ "Name": "a", "Tags": [{ "Key": "aws:x", "Value": "" }] }), "InvalidParameterException"),
    ] {
        assert_eq!(refused(&mut world, HOME, "CreateSecret", ask.clone()).0, code, "{ask}");
    }
    assert!(world.secrets.all.is_empty());
}

#[test]
fn a_replica_follows_its_primary_and_takes_no_writes() {
    let (mut world, arn) = replicated();
    let replica = arn.replace(HOME, AWAY);
    let told = done(&mut world, AWAY, "DescribeSecret", of("db"));
    assert_eq!((&told["ARN"], &told["PrimaryRegion"]), (&json!(replica), &json!(HOME)));
    assert_eq!((&told["KmsKeyId"], &told["Tags"][0]["Value"]), (&json!("away-key"), &json!("shop")));
    done(&mut world, HOME, "PutSecretValue", json!({ "SecretId": "db", "SecretString": "two" }));
    assert_eq!((value(&mut world, AWAY, &replica), status(&mut world)), (json!("one"), json!("InProgress")));
    later(&mut world, 10);
    assert_eq!((value(&mut world, AWAY, &replica), status(&mut world)), (json!("two"), json!("InSync")));
    for (operation, ask) in [
        ("PutSecretValue", json!({ "SecretString": "x" })),
        ("UpdateSecret", json!({ "SecretString": "x" })),
        ("DeleteSecret", json!({ "ForceDeleteWithoutRecovery": true })),
        ("RestoreSecret", json!({})),
        ("TagResource", json!({ "Tags": [] })),
        ("UntagResource", json!({ "TagKeys": [] })),
        ("PutResourcePolicy", json!({ "ResourcePolicy": "{}" })),
        ("DeleteResourcePolicy", json!({})),
        ("ReplicateSecretToRegions", json!({ "AddReplicaRegions": [{ "Region": "eu-west-2" }] })),
        ("RemoveRegionsFromReplication", json!({ "RemoveReplicaRegions": [AWAY] })),
    ] {
        let mut ask = ask;
        ask["SecretId"] = json!("db");
        let (code, message) = refused(&mut world, AWAY, operation, ask);
        assert_eq!(code, "InvalidParameterException", "{operation}");
        let words = "Operation not permitted on a replica secret. Call must be made in primary secret's region.";
        assert_eq!(message, words, "{operation}");
    }
}

#[test]
fn a_primary_with_replicas_is_not_deleted() {
    let (mut world, arn) = replicated();
    let (code, message) = refused(&mut world, HOME, "DeleteSecret", of("db"));
    assert_eq!(code, "InvalidParameterException");
    assert_eq!(message, format!("You can't delete secret {arn} that still has replica regions [{AWAY}]."));
    let nowhere = json!({ "SecretId": "db", "RemoveReplicaRegions": ["eu-west-2"] });
    assert_eq!(refused(&mut world, HOME, "RemoveRegionsFromReplication", nowhere).0, "InvalidParameterException");
    let away = json!({ "SecretId": "db", "RemoveReplicaRegions": [AWAY] });
    assert_eq!(done(&mut world, HOME, "RemoveRegionsFromReplication", away)["ReplicationStatus"], json!([]));
    assert_eq!(refused(&mut world, AWAY, "DescribeSecret", of("db")).0, "ResourceNotFoundException");
    done(&mut world, HOME, "DeleteSecret", of("db"));
}

#[test]
fn a_region_that_is_cut_off_hears_of_it_later() {
    let (mut world, _) = replicated();
    cut(&mut world);
    done(&mut world, HOME, "PutSecretValue", json!({ "SecretId": "db", "SecretString": "two" }));
    later(&mut world, 60);
    assert_eq!((value(&mut world, AWAY, "db"), status(&mut world)), (json!("one"), json!("InProgress")));
    faults::end_all(&mut world);
    later(&mut world, 2);
    assert_eq!((value(&mut world, AWAY, "db"), status(&mut world)), (json!("two"), json!("InSync")));
    cut(&mut world);
    let away = json!({ "SecretId": "db", "RemoveReplicaRegions": [AWAY] });
    done(&mut world, HOME, "RemoveRegionsFromReplication", away);
    assert_eq!(value(&mut world, AWAY, "db"), "two");
    faults::end_all(&mut world);
    later(&mut world, 2);
    assert_eq!(refused(&mut world, AWAY, "DescribeSecret", of("db")).0, "ResourceNotFoundException");
}

#[test]
fn a_replica_becomes_a_secret_of_its_own() {
    let (mut world, _) = replicated();
    assert_eq!(refused(&mut world, HOME, "StopReplicationToReplica", of("db")).0, "InvalidParameterException");
    cut(&mut world);
    done(&mut world, AWAY, "StopReplicationToReplica", of("db"));
    done(&mut world, AWAY, "PutSecretValue", json!({ "SecretId": "db", "SecretString": "mine" }));
    assert_eq!(status(&mut world), "InSync");
    faults::end_all(&mut world);
    later(&mut world, 2);
    assert!(status(&mut world).is_null());
    let replicate = |force: bool| {
        json!({
            "SecretId": "db", "AddReplicaRegions": [{ "Region": AWAY }], "ForceOverwriteReplicaSecret": force,
        })
    };
    done(&mut world, HOME, "ReplicateSecretToRegions", replicate(false));
    assert_eq!(refused(&mut world, HOME, "ReplicateSecretToRegions", replicate(true)).0, "InvalidParameterException");
    later(&mut world, 10);
    let told = done(&mut world, HOME, "DescribeSecret", of("db"))["ReplicationStatus"][0].clone();
    assert_eq!(told["Status"], "Failed");
    assert_eq!(told["StatusMessage"], "Replication failed: Secret name db already exists in region eu-west-1.");
    assert_eq!(value(&mut world, AWAY, "db"), "mine");
    done(&mut world, HOME, "ReplicateSecretToRegions", replicate(true));
    later(&mut world, 10);
    assert_eq!((value(&mut world, AWAY, "db"), status(&mut world)), (json!("one"), json!("InSync")));
}

#[test]
fn a_deleted_secret_keeps_its_name_until_its_window_is_over() {
    let mut world = World::empty(1);
    let made = done(&mut world, HOME, "CreateSecret", json!({ "Name": "db", "SecretString": "x" }));
    for ask in [
        json!({ "RecoveryWindowInDays": 6 }),
        json!({ "RecoveryWindowInDays": 31 }),
        json!({ "RecoveryWindowInDays": 7, "ForceDeleteWithoutRecovery": true }),
    ] {
        let mut ask = ask;
        ask["SecretId"] = json!("db");
        assert_eq!(refused(&mut world, HOME, "DeleteSecret", ask).0, "InvalidParameterException");
    }
    done(&mut world, HOME, "DeleteSecret", json!({ "SecretId": "db", "RecoveryWindowInDays": 7 }));
    let again = refused(&mut world, HOME, "CreateSecret", json!({ "Name": "db" }));
    assert_eq!(again.0, "InvalidRequestException");
    assert!(again.1.ends_with("a secret with this name is already scheduled for deletion."), "{}", again.1);
    assert_eq!(refused(&mut world, HOME, "GetSecretValue", of("db")).0, "InvalidRequestException");
    assert_eq!(refused(&mut world, HOME, "DeleteSecret", of("db")).0, "InvalidRequestException");
    assert!(done(&mut world, HOME, "DescribeSecret", of("db"))["DeletedDate"].is_object());
    done(&mut world, HOME, "RestoreSecret", of("db"));
    assert_eq!(value(&mut world, HOME, "db"), "x");
    let force = json!({ "SecretId": "db", "ForceDeleteWithoutRecovery": true });
    done(&mut world, HOME, "DeleteSecret", force.clone());
    done(&mut world, HOME, "DeleteSecret", force);
    let anew = done(&mut world, HOME, "CreateSecret", json!({ "Name": "db", "SecretString": "x" }));
    assert_ne!(anew["ARN"], made["ARN"]);
    done(&mut world, HOME, "DeleteSecret", json!({ "SecretId": "db", "RecoveryWindowInDays": 7 }));
    // a week of ticks takes long: the last second of it is enough
    world.secrets.all.values_mut().for_each(|secret| secret.deleted = Some((world.now, world.now)));
    later(&mut world, 1);
    assert_eq!(refused(&mut world, HOME, "DescribeSecret", of("db")).0, "ResourceNotFoundException");
}

#[test]
fn lists_are_filtered_and_come_in_pages() {
    let (mut world, _) = replicated();
    for name in ["app/one", "app/two", "gone"] {
        later(&mut world, 1);
        done(&mut world, HOME, "CreateSecret", json!({ "Name": name, "Description": "Login of the Shop" }));
    }
    done(&mut world, HOME, "DeleteSecret", of("gone"));
    let names = |world: &mut World, region: &str, ask: Doc| -> Vec<String> {
        let told = done(world, region, "ListSecrets", ask);
        let list = told["SecretList"].as_array().unwrap();
        list.iter().map(|secret| secret["Name"].as_str().unwrap().to_string()).collect()
    };
    let by = |key: &str, value: &str| json!({ "Filters": [{ "Key": key, "Values": [value] }] });
    assert_eq!(names(&mut world, HOME, json!({})), ["db", "app/one", "app/two"]);
    assert_eq!(names(&mut world, HOME, json!({ "IncludePlannedDeletion": true, "SortOrder": "desc" }))[0], "gone");
    assert_eq!(names(&mut world, AWAY, json!({})), ["db"]);
    assert_eq!(names(&mut world, HOME, by("name", "app/")), ["app/one", "app/two"]);
    assert_eq!(names(&mut world, HOME, by("name", "!app/")), ["db"]);
    assert_eq!(names(&mut world, HOME, by("description", "shop")), ["app/one", "app/two"]);
    assert_eq!(names(&mut world, HOME, by("tag-key", "stack")), ["db"]);
    assert_eq!(names(&mut world, HOME, by("tag-value", "Shop")), [""; 0]);
    assert_eq!(names(&mut world, HOME, by("all", "one login")), ["app/one"]);
    assert_eq!(names(&mut world, AWAY, by("primary-region", HOME)), ["db"]);
    let first = done(&mut world, HOME, "ListSecrets", json!({ "MaxResults": 2 }));
    let rest = json!({ "MaxResults": 2, "NextToken": first["NextToken"] });
    assert_eq!(names(&mut world, HOME, rest), ["app/two"]);
    assert_eq!(refused(&mut world, HOME, "ListSecrets", json!({ "NextToken": "junk" })).0, "InvalidNextTokenException");
    for ask in [by("colour", "red"), json!({ "MaxResults": 101 }), json!({ "SortOrder": "up" })] {
        assert_eq!(refused(&mut world, HOME, "ListSecrets", ask).0, "InvalidParameterException");
    }
}

#[test]
fn tags_and_policies_are_kept() {
    let (mut world, _) = replicated();
    done(&mut world, HOME, "TagResource", json!({ "SecretId": "db", "Tags": [{ "Key": "a", "Value": "1" }] }));
    done(&mut world, HOME, "UntagResource", json!({ "SecretId": "db", "TagKeys": ["stack"] }));
    let policy = r#"{"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}]}"#;
    let put = |text: &str, block: bool| json!({ "SecretId": "db", "ResourcePolicy": text, "BlockPublicPolicy": block });
    assert_eq!(refused(&mut world, HOME, "PutResourcePolicy", put("no", false)).0, "MalformedPolicyDocumentException");
    assert_eq!(refused(&mut world, HOME, "PutResourcePolicy", put(policy, true)).0, "PublicPolicyException");
    done(&mut world, HOME, "PutResourcePolicy", put(policy, false));
    later(&mut world, 10);
    assert_eq!(done(&mut world, AWAY, "GetResourcePolicy", of("db"))["ResourcePolicy"], policy);
    assert_eq!(done(&mut world, AWAY, "DescribeSecret", of("db"))["Tags"], json!([{ "Key": "a", "Value": "1" }]));
    done(&mut world, HOME, "DeleteResourcePolicy", of("db"));
    assert!(done(&mut world, HOME, "GetResourcePolicy", of("db"))["ResourcePolicy"].is_null());
    let many: Vec<Doc> = (0..51).map(|n| json!({ "Key": format!("k{n}"), "Value": "" })).collect();
    let ask = json!({ "SecretId": "db", "Tags": many });
    assert_eq!(refused(&mut world, HOME, "TagResource", ask).0, "LimitExceededException");
}

#[test]
fn passwords_have_what_was_asked_for() {
    let mut world = World::empty(1);
    let mut draw =
        |ask: Doc| done(&mut world, HOME, "GetRandomPassword", ask)["RandomPassword"].as_str().unwrap().to_string();
    let plain = draw(json!({}));
    assert_eq!(plain.len(), 32);
    assert!(
        plain.chars().any(|letter| letter.is_ascii_digit())
            && plain.chars().any(|letter| letter.is_ascii_punctuation())
    );
    assert_ne!(plain, draw(json!({})));
    let digits = draw(json!({
        "PasswordLength": 100, "ExcludePunctuation": true, "ExcludeLowercase": true, "ExcludeUppercase": true,
        "ExcludeCharacters": "07",
    }));
    assert!(digits.len() == 100 && digits.chars().all(|letter| "12345689".contains(letter)), "{digits}");
    let short = json!({ "PasswordLength": 3 });
    assert_eq!(refused(&mut world, HOME, "GetRandomPassword", short).0, "InvalidParameterException");
    assert_eq!(refused(&mut world, HOME, "GetRandomPassword", json!({ "PasswordLength": 0 })).0, "ValidationException");
}
