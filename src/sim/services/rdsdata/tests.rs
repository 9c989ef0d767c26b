//! The Data API as a client meets it.
#![allow(clippy::unwrap_used)]

use crate::doc::Input;
use crate::operation::Caller;
use crate::wire::{Request, Response};
use crate::world::aurora::NoData;
use crate::world::sql::Database;
use crate::{Reply, World, handle};
use serde_json::{Value as Json, json};
use std::cell::RefCell;
use std::time::Duration;

const CLUSTER: &str = "arn:aws:rds:eu-west-1:123456789012:cluster:double";
const SECRET: &str = "heartbeat-writer";

/// Stands in for the cluster called `double`: its store, or why there is none, and the rows it was told of.
struct Double {
    store: Result<Database, NoData>,
    committed: Vec<u64>,
}

thread_local! {
    static DOUBLE: RefCell<Double> = RefCell::new(Double { store: Ok(Database::default()), committed: vec![] });
}

pub(super) fn stands_in(cluster: &str) -> bool {
    cluster == CLUSTER
}

pub(super) fn on_double<T>(act: impl FnOnce(&mut Database) -> T) -> Result<T, NoData> {
    DOUBLE.with_borrow_mut(|double| double.store.as_mut().map(act).map_err(|why| why.clone()))
}

pub(super) fn count_rows(rows: u64) {
    DOUBLE.with_borrow_mut(|double| double.committed.push(rows));
}

fn committed() -> Vec<u64> {
    DOUBLE.with_borrow(|double| double.committed.clone())
}

fn send(world: &mut World, path: &str, body: &Json) -> Response {
    let authorization = "AWS4-HMAC-SHA256 Credential=AKIDTEST/20260105/eu-west-1/rds-data/aws4_request, \
                         SignedHeaders=host, Signature=0";
    let request: Request = http::Request::builder()
        .method("POST")
        .uri(path)
        .header("authorization", authorization)
        .header("content-type", "application/json")
        .body(body.to_string().into_bytes())
        .unwrap();
    match handle(world, world.now, &request) {
        Reply::After(_, response) => response,
        other => panic!("an answer was expected, not {other:?}"),
    }
}

fn with_target(mut body: Json) -> Json {
    let members = body.as_object_mut().unwrap();
    members.entry("resourceArn").or_insert(json!(CLUSTER));
    members.entry("secretArn").or_insert(json!(SECRET));
    body
}

/// The answer, which is good.
fn call(world: &mut World, path: &str, body: Json) -> Json {
    let response = send(world, path, &with_target(body));
    let text = String::from_utf8_lossy(response.body()).into_owned();
    assert_eq!(response.status(), 200, "{text}");
    assert_eq!(response.headers()["content-type"], "application/json");
    serde_json::from_str(&text).unwrap()
}

fn execute(world: &mut World, sql: &str) -> Json {
    call(world, "/Execute", json!({ "sql": sql }))
}

/// Status, code and message of a refusal.
fn refused(world: &mut World, path: &str, body: Json) -> (u16, String, String) {
    let response = send(world, path, &with_target(body));
    let status = response.status().as_u16();
    let doc: Json = serde_json::from_slice(response.body()).unwrap();
    let code = response.headers()["x-amzn-errortype"].to_str().unwrap().to_string();
    assert_eq!(doc["__type"], code.as_str());
    (status, code, doc["message"].as_str().unwrap().to_string())
}

/// A world with a secret that opens the database.
fn opened() -> World {
    let mut world = World::empty(1);
    keep(&mut world, SECRET, r#"{"username": "beat", "password": "x"}"#);
    world
}

fn keep(world: &mut World, name: &str, value: &str) -> String {
    let table = crate::services::ALL.iter().find(|table| table.scope == "secretsmanager").unwrap();
    let create = table.operations.iter().find(|operation| operation.name == "CreateSecret").unwrap();
    let caller = Caller { region: "eu-west-1".into(), principal: "AKIDTEST".into(), now: world.now };
    let ask = Input::Typed(json!({ "Name": name, "SecretString": value }));
    (create.run)(world, &caller, ask).unwrap()["ARN"].as_str().unwrap().to_string()
}

/// A world with a table of heartbeats.
fn world() -> World {
    let mut world = opened();
    let sql = "CREATE TABLE beat (vantage text, seq bigint, epoch integer, at timestamptz DEFAULT now(), \
               PRIMARY KEY (vantage, seq))";
    assert_eq!(execute(&mut world, sql), json!({ "numberOfRecordsUpdated": 0, "generatedFields": [] }));
    world
}

fn beat(seq: i64) -> Json {
    json!({
        "sql": "INSERT INTO beat (vantage, seq, epoch) VALUES (:v, :s, :e) ON CONFLICT DO NOTHING",
        "parameters": [
            { "name": "v", "value": { "stringValue": "ops" } },
            { "name": "s", "value": { "longValue": seq } },
            { "name": "e", "value": { "longValue": 1 } },
        ],
    })
}

#[test]
fn a_heartbeat_is_written_once_and_told_of() {
    let mut world = world();
    assert_eq!(call(&mut world, "/Execute", beat(1))["numberOfRecordsUpdated"], 1);
    assert_eq!(call(&mut world, "/Execute", beat(1))["numberOfRecordsUpdated"], 0);
    assert_eq!(committed(), [1]);
    let read = call(
        &mut world,
        "/Execute",
        json!({ "sql": "SELECT vantage, seq, at, epoch > 0 AS good, null AS none FROM beat", "includeResultMetadata": true }),
    );
    assert_eq!(
        read["records"],
        json!([[
            { "stringValue": "ops" }, { "longValue": 1 }, { "stringValue": "2026-01-05 14:00:00" },
            { "booleanValue": true }, { "isNull": true },
        ]])
    );
    assert_eq!(read["numberOfRecordsUpdated"], 0);
    let column = &read["columnMetadata"][1];
    assert_eq!((&column["name"], &column["typeName"], &column["type"]), (&json!("seq"), &json!("int8"), &json!(-5)));
    assert!(read.get("generatedFields").is_none() && read.get("formattedRecords").is_none());
    assert_eq!(committed(), [1], "reads commit nothing");
}

#[test]
fn records_come_as_json_in_the_order_of_columns() {
    let mut world = world();
    call(&mut world, "/Execute", beat(7));
    let sql = "SELECT seq, vantage, sum(seq) AS all FROM beat GROUP BY seq, vantage";
    let read = call(&mut world, "/Execute", json!({ "sql": sql, "formatRecordsAs": "JSON" }));
    assert_eq!(read["formattedRecords"], r#"[{"seq":7,"vantage":"ops","all":7}]"#);
    assert!(read.get("records").is_none());
    let twice = json!({ "sql": "SELECT seq, seq FROM beat", "formatRecordsAs": "JSON" });
    assert_eq!(refused(&mut world, "/Execute", twice).1, "UnsupportedResultException");
}

#[test]
fn numbers_come_as_asked() {
    let mut world = world();
    call(&mut world, "/Execute", beat(7));
    let ask = |options: Json| json!({ "sql": "SELECT sum(seq), 2, 0.5, 'NaN'::float8 FROM beat", "resultSetOptions": options });
    let plain = call(&mut world, "/Execute", ask(json!({})));
    let fields =
        json!([[{ "stringValue": "7" }, { "longValue": 2 }, { "doubleValue": 0.5 }, { "doubleValue": "NaN" }]]);
    assert_eq!(plain["records"], fields);
    let other =
        call(&mut world, "/Execute", ask(json!({ "decimalReturnType": "DOUBLE_OR_LONG", "longReturnType": "STRING" })));
    assert_eq!(other["records"][0][0], json!({ "longValue": 7 }));
    assert_eq!(other["records"][0][1], json!({ "stringValue": "2" }));
}

#[test]
fn hints_make_moments_of_text() {
    let mut world = world();
    let ask = |hint: &str, text: &str| {
        json!({
            "sql": "SELECT :t < now(), :t",
            "parameters": [{ "name": "t", "typeHint": hint, "value": { "stringValue": text } }],
        })
    };
    let read = call(&mut world, "/Execute", ask("TIMESTAMP", "2026-01-05 13:59:59.5"));
    assert_eq!(read["records"], json!([[{ "booleanValue": true }, { "stringValue": "2026-01-05 13:59:59.5" }]]));
    call(&mut world, "/Execute", ask("DATE", "2026-01-05"));
    for (hint, text) in [("TIMESTAMP", "yesterday"), ("DATE", "2026-13-01"), ("TIME", "10:00:00"), ("YEAR", "2026")] {
        assert_eq!(refused(&mut world, "/Execute", ask(hint, text)).1, "ValidationException", "{hint}");
    }
}

#[test]
fn what_the_database_refuses_is_an_error_of_the_database() {
    let mut world = world();
    let ask = |sql: &str| json!({ "sql": sql });
    assert_eq!(
        refused(&mut world, "/Execute", ask("SELECT 1 FROM nothing")),
        (400, "DatabaseErrorException".into(), "ERROR: relation \"nothing\" does not exist; SQLState: 42P01".into())
    );
    call(&mut world, "/Execute", beat(1));
    let (.., message) = refused(&mut world, "/Execute", ask("INSERT INTO beat VALUES ('ops', 1, 1)"));
    assert_eq!(
        message,
        "ERROR: duplicate key value violates unique constraint \"beat_pkey\"; \
         Detail: Key (vantage, seq)=(ops, 1) already exists.; SQLState: 23505"
    );
    let bad = |message: &str| (400, "ValidationException".to_string(), message.to_string());
    assert_eq!(refused(&mut world, "/Execute", ask("SELECT :x")), bad("Cannot find parameter: x"));
    assert_eq!(refused(&mut world, "/Execute", ask("SELECT 1; SELECT 2")), bad("Multistatements aren't supported."));
    assert_eq!(committed(), [1]);
}

#[test]
fn what_has_not_the_shape_is_refused() {
    let mut world = opened();
    let response = send(&mut world, "/Execute", &json!({ "secretArn": SECRET, "sql": "SELECT 1" }));
    assert_eq!(response.status(), 400);
    let text = String::from_utf8_lossy(response.body()).into_owned();
    assert!(
        text.contains("Value null at 'resourceArn' failed to satisfy constraint: Member must not be null"),
        "{text}"
    );
    let parameter = |value: Json| json!({ "sql": "SELECT :x", "parameters": [{ "name": "x", "value": value }] });
    for value in
        [json!({}), json!({ "longValue": 1, "stringValue": "1" }), json!({ "arrayValue": { "longValues": [1] } })]
    {
        assert_eq!(refused(&mut world, "/Execute", parameter(value)).1, "ValidationException");
    }
    for (member, value) in [("schema", "other"), ("formatRecordsAs", "XML"), ("resourceArn", "short")] {
        let mut ask = json!({ "sql": "SELECT 1" });
        ask[member] = json!(value);
        assert_eq!(refused(&mut world, "/Execute", ask).1, "ValidationException", "{member}");
    }
    assert_eq!(send(&mut world, "/ExecuteSql", &json!({})).status(), 404);
}

#[test]
fn without_a_writer_nothing_is_answered() {
    let mut world = opened();
    let cases = [
        (NoData::NotFound, 404, "DatabaseNotFoundException"),
        (NoData::EndpointOff, 400, "HttpEndpointNotEnabledException"),
        (NoData::NoWriter, 504, "DatabaseUnavailableException"),
        (NoData::Unavailable("fenced"), 504, "DatabaseUnavailableException"),
    ];
    for (why, status, code) in cases {
        DOUBLE.with_borrow_mut(|double| double.store = Err(why));
        for path in ["/Execute", "/BatchExecute", "/BeginTransaction", "/CommitTransaction", "/RollbackTransaction"] {
            let (got, named, _) = refused(&mut world, path, json!({ "sql": "SELECT 1", "transactionId": "t" }));
            assert_eq!((got, named.as_str()), (status, code), "{path}");
        }
    }
    let elsewhere = json!({ "sql": "SELECT 1", "resourceArn": "arn:aws:rds:eu-west-1:123456789012:cluster:none" });
    assert_eq!(refused(&mut world, "/Execute", elsewhere).1, "DatabaseNotFoundException");
}

#[test]
fn a_secret_is_one_that_is_kept_in_this_region() {
    let mut world = opened();
    let ask = |secret: &str| json!({ "sql": "SELECT 1", "secretArn": secret });
    let arn = keep(&mut world, "master-user", r#"{"username": "postgres", "password": "y"}"#);
    let (half, _) = arn.rsplit_once('-').unwrap();
    for secret in [SECRET, &arn, half] {
        call(&mut world, "/Execute", ask(secret));
    }
    keep(&mut world, "not-even-json", "plain");
    keep(&mut world, "half-a-login", r#"{"username": "postgres"}"#);
    let (elsewhere, stranger) = (arn.replace("eu-west-1", "us-east-1"), arn.replace("123456789012", "999999999999"));
    for (secret, code) in [
        ("somebody-else", "SecretsErrorException"),
        (&elsewhere, "SecretsErrorException"),
        (&stranger, "SecretsErrorException"),
        (&format!("{half}-zzzzzz"), "SecretsErrorException"),
        ("not-even-json", "InvalidSecretException"),
        ("half-a-login", "InvalidSecretException"),
        ("arn:aws:rds:eu-west-1:123456789012:cluster:double", "InvalidSecretException"),
        ("", "ValidationException"),
    ] {
        for path in ["/Execute", "/BatchExecute", "/BeginTransaction"] {
            assert_eq!(refused(&mut world, path, ask(secret)).1, code, "{path} {secret}");
        }
    }
    let (.., message) = refused(&mut world, "/Execute", ask("somebody-else"));
    assert_eq!(message, "Error fetching secret somebody-else : Secrets Manager can't find the specified secret.");
    let key = ("eu-west-1".to_string(), "master-user".to_string());
    world.secrets.all.get_mut(&key).unwrap().deleted = Some((world.now, world.now + Duration::from_secs(60)));
    assert_eq!(refused(&mut world, "/Execute", ask(&arn)).1, "SecretsErrorException");
}

#[test]
fn a_batch_is_done_as_a_whole() {
    let mut world = world();
    let set = |seq: i64| json!([{ "name": "s", "value": { "longValue": seq } }]);
    let ask = |seqs: &[i64]| {
        let sets: Vec<Json> = seqs.iter().map(|seq| set(*seq)).collect();
        json!({ "sql": "INSERT INTO beat VALUES ('batch', :s, 1)", "parameterSets": sets })
    };
    let done = call(&mut world, "/BatchExecute", ask(&[1, 2, 3]));
    assert_eq!(done, json!({ "updateResults": vec![json!({ "generatedFields": [] }); 3] }));
    assert_eq!(refused(&mut world, "/BatchExecute", ask(&[4, 5, 1])).1, "DatabaseErrorException");
    assert_eq!(execute(&mut world, "SELECT count(*) FROM beat")["records"], json!([[{ "longValue": 3 }]]));
    assert_eq!(committed(), [3]);
}

fn begin(world: &mut World) -> String {
    call(world, "/BeginTransaction", json!({}))["transactionId"].as_str().unwrap().to_string()
}

fn within(mut ask: Json, id: &str) -> Json {
    ask["transactionId"] = json!(id);
    ask
}

const COUNT: &str = "SELECT count(*) FROM beat";

#[test]
fn a_transaction_is_seen_when_it_commits() {
    let mut world = world();
    let id = begin(&mut world);
    call(&mut world, "/Execute", within(beat(1), &id));
    let count = |n: u64| json!([[{ "longValue": n }]]);
    assert_eq!(call(&mut world, "/Execute", within(json!({ "sql": COUNT }), &id))["records"], count(1));
    assert_eq!(execute(&mut world, COUNT)["records"], count(0));
    assert!(committed().is_empty());
    let done = call(&mut world, "/CommitTransaction", json!({ "transactionId": id }));
    assert_eq!(done, json!({ "transactionStatus": "Transaction Committed" }));
    assert_eq!(execute(&mut world, COUNT)["records"], count(1));
    assert_eq!(committed(), [1]);
    let (status, code, message) = refused(&mut world, "/CommitTransaction", json!({ "transactionId": id }));
    assert_eq!((status, code.as_str()), (404, "TransactionNotFoundException"));
    let cause = "One previous call resulted in a termination of your transaction.";
    assert_eq!(message, format!("Transaction {id} is not found. {cause}"));
}

#[test]
fn a_transaction_that_is_rolled_back_leaves_nothing() {
    let mut world = world();
    let id = begin(&mut world);
    call(&mut world, "/Execute", within(beat(1), &id));
    let done = call(&mut world, "/RollbackTransaction", json!({ "transactionId": id }));
    assert_eq!(done, json!({ "transactionStatus": "Rollback Complete" }));
    assert_eq!(execute(&mut world, COUNT)["records"], json!([[{ "longValue": 0 }]]));
    assert!(committed().is_empty());
}

#[test]
fn a_transaction_ends_by_an_error_and_by_time() {
    let mut world = world();
    let id = begin(&mut world);
    let wrong = within(json!({ "sql": "SELECT nothing" }), &id);
    assert_eq!(refused(&mut world, "/Execute", wrong).1, "DatabaseErrorException");
    let (_, code, message) = refused(&mut world, "/Execute", within(beat(1), &id));
    assert_eq!(code, "TransactionNotFoundException");
    assert!(message.ends_with("Transaction has been aborted due to an error from a previous call."), "{message}");
    call(&mut world, "/RollbackTransaction", json!({ "transactionId": id }));

    let id = begin(&mut world);
    for _ in 0..3 {
        world.advance(world.now + Duration::from_secs(179));
        call(&mut world, "/Execute", within(json!({ "sql": COUNT }), &id));
    }
    world.advance(world.now + Duration::from_secs(180));
    let (.., message) = refused(&mut world, "/Execute", within(beat(1), &id));
    assert_eq!(message, format!("Transaction {id} is not found. Transaction may be expired."));
}

#[test]
fn what_is_too_large_is_no_result() {
    let mut world = world();
    let long = json!({
        "sql": "INSERT INTO beat VALUES (:v, 1, 1)",
        "parameters": [{ "name": "v", "value": { "stringValue": "x".repeat(70_000) } }],
    });
    call(&mut world, "/Execute", long);
    let (_, code, message) = refused(&mut world, "/Execute", json!({ "sql": "SELECT vantage FROM beat" }));
    assert_eq!(code, "UnsupportedResultException");
    assert!(message.starts_with("Packet for query is too large"), "{message}");
}
