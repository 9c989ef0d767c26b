"""The whole life of a global table through boto3: items, conditions, queries, replicas that come and go, a table
with strong consistency in three Regions."""
from tools import PEER, REGION, bad, client, control, expect, good, until

THIRD = "us-east-2"
FOURTH = "us-west-2"

ddb = {region: client("dynamodb", region) for region in (REGION, PEER, THIRD, FOURTH)}
KEY = dict(AttributeDefinitions=[{"AttributeName": "session_id", "AttributeType": "S"}],
           KeySchema=[{"AttributeName": "session_id", "KeyType": "HASH"}], BillingMode="PAY_PER_REQUEST")
PAIR = dict(AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}, {"AttributeName": "sk", "AttributeType": "N"}],
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
            BillingMode="PAY_PER_REQUEST")


def told(region, table):
    return ddb[region].describe_table(TableName=table)["Table"]


def active(table, *regions):
    def met():
        tables = [told(region, table) for region in regions]
        replicas = [replica["ReplicaStatus"] for one in tables for replica in one.get("Replicas", [])]
        return all(one["TableStatus"] == "ACTIVE" for one in tables) and set(replicas) <= {"ACTIVE"}
    until(f"{table} ACTIVE in {regions}", met)


def tables():
    one = ddb[REGION]
    stream = {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"}
    arn = good(one, "create_table", TableName="probe", StreamSpecification=stream, Tags=[{"Key": "team", "Value": "a&b <c>"}], **KEY)["TableDescription"]["TableArn"]
    bad(one, "create_table", "ResourceInUseException", TableName="probe", **KEY)
    bad(one, "describe_table", "ResourceNotFoundException", TableName="missing")
    active("probe", REGION)
    good(one, "create_table", TableName="pairs", **PAIR)
    active("pairs", REGION)
    expect("tables", good(one, "list_tables")["TableNames"], ["pairs", "probe"])
    bad(one, "list_tables", "ValidationException", Limit=0)
    good(one, "update_time_to_live", TableName="probe", TimeToLiveSpecification={"Enabled": True, "AttributeName": "expires_at"})
    bad(one, "update_time_to_live", "ResourceNotFoundException", TableName="missing", TimeToLiveSpecification={"Enabled": True, "AttributeName": "x"})
    good(one, "describe_time_to_live", TableName="probe")
    bad(one, "describe_time_to_live", "ResourceNotFoundException", TableName="missing")
    recovery = {"PointInTimeRecoveryEnabled": True}
    good(one, "update_continuous_backups", TableName="probe", PointInTimeRecoverySpecification=recovery)
    bad(one, "update_continuous_backups", "TableNotFoundException", TableName="missing", PointInTimeRecoverySpecification=recovery)
    good(one, "describe_continuous_backups", TableName="probe")
    bad(one, "describe_continuous_backups", "TableNotFoundException", TableName="missing")
    good(one, "tag_resource", ResourceArn=arn, Tags=[{"Key": "a", "Value": "b"}])
    bad(one, "tag_resource", "ResourceNotFoundException", ResourceArn=arn + "x", Tags=[{"Key": "a", "Value": "b"}])
    good(one, "list_tags_of_resource", ResourceArn=arn)
    bad(one, "list_tags_of_resource", "ResourceNotFoundException", ResourceArn=arn + "x")
    good(one, "untag_resource", ResourceArn=arn, TagKeys=["a"])
    bad(one, "untag_resource", "ResourceNotFoundException", ResourceArn=arn + "x", TagKeys=["a"])


def items():
    one = ddb[REGION]
    item = {"session_id": {"S": "s1"}, "version": {"N": "1.50"}, "seen": {"BOOL": True}, "none": {"NULL": True}, "bin": {"B": b"\x00\xff"},
            "names": {"SS": ["b", "a"]}, "list": {"L": [{"N": "1"}, {"S": "é"}]}, "map": {"M": {"k": {"S": "v"}}}}
    good(one, "put_item", TableName="probe", Item=item)
    absent = dict(ConditionExpression="attribute_not_exists(session_id)")
    bad(one, "put_item", "ConditionalCheckFailedException", TableName="probe", Item=item, **absent)
    found = good(one, "get_item", TableName="probe", Key={"session_id": {"S": "s1"}}, ConsistentRead=True)["Item"]
    expect("version", found["version"], {"N": "1.5"})
    expect("the rest", {k: v for k, v in found.items() if k not in ("version", "names")}, {k: v for k, v in item.items() if k not in ("version", "names")})
    expect("set", sorted(found["names"]["SS"]), ["a", "b"])
    bad(one, "get_item", "ValidationException", TableName="probe", Key={"wrong": {"S": "s1"}})
    updated = good(one, "update_item", TableName="probe", Key={"session_id": {"S": "s1"}}, ReturnValues="ALL_NEW",
                   UpdateExpression="SET #v = #v + :one, cart = if_not_exists(cart, :empty) REMOVE seen ADD hits :one",
                   ConditionExpression="#v < :limit AND begins_with(session_id, :s)", ExpressionAttributeNames={"#v": "version"},
                   ExpressionAttributeValues={":one": {"N": "1"}, ":empty": {"L": []}, ":limit": {"N": "10"}, ":s": {"S": "s"}})["Attributes"]
    expect("updated", (updated["version"], updated["hits"], updated["cart"], "seen" in updated), ({"N": "2.5"}, {"N": "1"}, {"L": []}, False))
    bad(one, "update_item", "ValidationException", TableName="probe", Key={"session_id": {"S": "s1"}}, UpdateExpression="SET nonsense ==")
    for n in range(5):
        good(one, "put_item", TableName="pairs", Item={"pk": {"S": "p"}, "sk": {"N": str(n)}, "even": {"BOOL": n % 2 == 0}})
    query = dict(TableName="pairs", KeyConditionExpression="pk = :p AND sk BETWEEN :a AND :b",
                 ExpressionAttributeValues={":p": {"S": "p"}, ":a": {"N": "1"}, ":b": {"N": "4"}})
    page = good(one, "query", ScanIndexForward=False, Limit=2, **query)
    expect("first page", [i["sk"]["N"] for i in page["Items"]], ["4", "3"])
    page = good(one, "query", ScanIndexForward=False, ExclusiveStartKey=page["LastEvaluatedKey"], **query)
    expect("second page", [i["sk"]["N"] for i in page["Items"]], ["2", "1"])
    bad(one, "query", "ValidationException", TableName="pairs", KeyConditionExpression="sk = :p", ExpressionAttributeValues={":p": {"N": "1"}})
    scanned = good(one, "scan", TableName="pairs", FilterExpression="even = :yes", ExpressionAttributeValues={":yes": {"BOOL": True}})
    expect("scanned", (scanned["Count"], scanned["ScannedCount"]), (3, 5))
    bad(one, "scan", "ResourceNotFoundException", TableName="missing")
    good(one, "put_item", TableName="probe", Item={"session_id": {"S": "s3"}}, **absent)
    good(one, "delete_item", TableName="probe", Key={"session_id": {"S": "s3"}})
    bad(one, "delete_item", "ConditionalCheckFailedException", TableName="probe", Key={"session_id": {"S": "s3"}},
        ConditionExpression="attribute_exists(session_id)")


def several():
    one = ddb[REGION]
    item = lambda name, n: {"session_id": {"S": name}, "n": {"N": str(n)}}
    put = lambda name: {"PutRequest": {"Item": item(name, 1)}}
    good(one, "batch_write_item", RequestItems={"probe": [put("b1"), put("b2"), {"DeleteRequest": {"Key": {"session_id": {"S": "b3"}}}}]})
    bad(one, "batch_write_item", "ValidationException", RequestItems={"probe": [put("b1"), put("b1")]})
    keys = [{"session_id": {"S": name}} for name in ("b2", "b1", "none")]
    got = good(one, "batch_get_item", RequestItems={"probe": {"Keys": keys, "ConsistentRead": True}})
    expect("batch", got["Responses"]["probe"], [item("b2", 1), item("b1", 1)])
    bad(one, "batch_get_item", "ResourceNotFoundException", RequestItems={"missing": {"Keys": keys}})
    add = lambda name: {"Update": {"TableName": "probe", "Key": {"session_id": {"S": name}}, "UpdateExpression": "SET n = n + :one",
                                   "ConditionExpression": "attribute_exists(session_id)", "ExpressionAttributeValues": {":one": {"N": "1"}}}}
    good(one, "transact_write_items", TransactItems=[add("b1"), add("b2")])
    try:
        one.transact_write_items(TransactItems=[add("b1"), add("none")])
        expect("a transaction on nothing", "done", "cancelled")
    except one.exceptions.TransactionCanceledException as error:
        reasons = [reason["Code"] for reason in error.response["CancellationReasons"]]
        expect("reasons", reasons, ["None", "ConditionalCheckFailed"])
    get = lambda name: {"Get": {"TableName": "probe", "Key": {"session_id": {"S": name}}}}
    got = good(one, "transact_get_items", TransactItems=[get("b1"), get("none")])["Responses"]
    expect("transaction", got, [{"Item": item("b1", 2)}, {}])
    bad(one, "transact_get_items", "ValidationException", TransactItems=[get("b1"), get("b1")])


def replicas():
    one, peer = ddb[REGION], ddb[PEER]
    good(one, "update_table", TableName="probe", ReplicaUpdates=[{"Create": {"RegionName": PEER}}])
    bad(one, "update_table", "ResourceInUseException", TableName="probe", ReplicaUpdates=[{"Create": {"RegionName": THIRD}}])
    active("probe", REGION)
    active("probe", REGION, PEER)
    expect("replicas", [r["RegionName"] for r in told(PEER, "probe")["Replicas"]], [REGION])
    until("what was there before", lambda: "Item" in peer.get_item(TableName="probe", Key={"session_id": {"S": "s1"}}))
    good(peer, "put_item", TableName="probe", Item={"session_id": {"S": "from-peer"}})
    until("a session of the other Region", lambda: "Item" in one.get_item(TableName="probe", Key={"session_id": {"S": "from-peer"}}))


def strong():
    one = ddb[REGION]
    good(one, "create_table", TableName="control", **PAIR)
    active("control", REGION)
    good(one, "update_table", TableName="control", MultiRegionConsistency="STRONG",
         ReplicaUpdates=[{"Create": {"RegionName": THIRD}}, {"Create": {"RegionName": FOURTH}}])
    active("control", REGION, THIRD, FOURTH)
    expect("consistency", told(THIRD, "control").get("MultiRegionConsistency"), "STRONG")
    good(one, "put_item", TableName="control", Item={"pk": {"S": "lease"}, "sk": {"N": "0"}, "holder": {"S": "a"}})
    seen = good(ddb[FOURTH], "get_item", TableName="control", Key={"pk": {"S": "lease"}, "sk": {"N": "0"}}, ConsistentRead=True)
    expect("a strong read elsewhere", seen.get("Item", {}).get("holder"), {"S": "a"})
    bad(one, "update_time_to_live", "ValidationException", TableName="control", TimeToLiveSpecification={"Enabled": True, "AttributeName": "x"})
    bad(one, "delete_table", "ValidationException", TableName="control")
    bad(one, "update_table", "ValidationException", TableName="control", ReplicaUpdates=[{"Delete": {"RegionName": THIRD}}])
    good(one, "update_table", TableName="control", ReplicaUpdates=[{"Delete": {"RegionName": THIRD}}, {"Delete": {"RegionName": FOURTH}}])
    until("the table of one Region", lambda: "Replicas" not in told(REGION, "control") and told(REGION, "control")["TableStatus"] == "ACTIVE")
    witness = [{"Create": {"RegionName": FOURTH}}]
    bad(one, "update_table", "ValidationException", TableName="control", ReplicaUpdates=[{"Create": {"RegionName": THIRD}}], GlobalTableWitnessUpdates=witness)
    good(one, "delete_item", TableName="control", Key={"pk": {"S": "lease"}, "sk": {"N": "0"}})
    good(one, "update_table", TableName="control", MultiRegionConsistency="STRONG", ReplicaUpdates=[{"Create": {"RegionName": THIRD}}], GlobalTableWitnessUpdates=witness)
    active("control", REGION, THIRD)
    until("a witness", lambda: told(THIRD, "control")["GlobalTableWitnesses"] == [{"RegionName": FOURTH, "WitnessStatus": "ACTIVE"}])


def protected():
    one = ddb[REGION]
    good(one, "update_table", TableName="pairs", DeletionProtectionEnabled=True)
    active("pairs", REGION)
    bad(one, "delete_table", "ValidationException", TableName="pairs")
    good(one, "update_table", TableName="pairs", DeletionProtectionEnabled=False)
    active("pairs", REGION)
    good(one, "delete_table", TableName="pairs")
    bad(one, "delete_table", "ResourceNotFoundException", TableName="missing")
    until("no pairs", lambda: "pairs" not in one.list_tables()["TableNames"])


def removed():
    one, peer = ddb[REGION], ddb[PEER]
    good(one, "update_table", TableName="probe", ReplicaUpdates=[{"Delete": {"RegionName": PEER}}])
    until("no replica", lambda: "probe" not in peer.list_tables()["TableNames"])
    active("probe", REGION)
    good(one, "delete_table", TableName="probe")
    until("no table", lambda: "probe" not in one.list_tables()["TableNames"])


def everything():
    control("POST", "/_sim/clock", {"speed": 60})
    tables()
    items()
    several()
    replicas()
    strong()
    protected()
    removed()
