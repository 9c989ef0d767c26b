"""The whole life of a secret through boto3: versions, replicas, tags, policies, deletion and what comes back."""
from tools import PEER, REGION, bad, client, expect, good, until

vault = {region: client("secretsmanager", region) for region in (REGION, PEER)}
MISSING = dict(SecretId="missing")


def login(name):
    """A secret that opens a database, in both Regions; the ARN in the first."""
    made = good(vault[REGION], "create_secret", Name=name, SecretString='{"username": "root", "password": "correct-horse-1"}',
                AddReplicaRegions=[{"Region": PEER}])
    until(f"{name} in {PEER}", lambda: in_sync(name))
    return made["ARN"]


def in_sync(name):
    told = vault[REGION].describe_secret(SecretId=name)
    return all(one["Status"] == "InSync" for one in told.get("ReplicationStatus", []))


def everything():
    one, peer = vault[REGION], vault[PEER]
    made = good(one, "create_secret", Name="probe/one", SecretString="first", Description="a&b <c>", Tags=[{"Key": "team", "Value": "a&b"}])
    arn = made["ARN"]
    bad(one, "create_secret", "ResourceExistsException", Name="probe/one", SecretString="other")
    bad(one, "create_secret", "InvalidParameterException", Name="probe/two", SecretString="x", SecretBinary=b"x")
    good(one, "create_secret", Name="probe/two", SecretBinary=b"\x00\xff")
    expect("binary", good(one, "get_secret_value", SecretId="probe/two")["SecretBinary"], b"\x00\xff")
    expect("text", good(one, "get_secret_value", SecretId=arn)["SecretString"], "first")
    bad(one, "get_secret_value", "ResourceNotFoundException", **MISSING)
    good(one, "describe_secret", SecretId="probe/one")
    bad(one, "describe_secret", "ResourceNotFoundException", **MISSING)
    token = "11111111-2222-3333-4444-555555555555"
    second = good(one, "put_secret_value", SecretId="probe/one", SecretString="second", ClientRequestToken=token)
    expect("version", (second["VersionId"], second["VersionStages"]), (token, ["AWSCURRENT"]))
    bad(one, "put_secret_value", "ResourceExistsException", SecretId="probe/one", SecretString="third", ClientRequestToken=token)
    expect("before", good(one, "get_secret_value", SecretId=arn, VersionStage="AWSPREVIOUS")["SecretString"], "first")
    good(one, "update_secret", SecretId="probe/one", Description="new")
    bad(one, "update_secret", "ResourceNotFoundException", Description="new", **MISSING)
    listed = good(one, "list_secrets", Filters=[{"Key": "name", "Values": ["probe/"]}], MaxResults=1)
    rest = good(one, "list_secrets", Filters=[{"Key": "name", "Values": ["probe/"]}], NextToken=listed["NextToken"])
    expect("names", [s["Name"] for s in listed["SecretList"] + rest["SecretList"]], ["probe/one", "probe/two"])
    bad(one, "list_secrets", "InvalidNextTokenException", NextToken="junk")
    good(one, "replicate_secret_to_regions", SecretId="probe/one", AddReplicaRegions=[{"Region": PEER}])
    bad(one, "replicate_secret_to_regions", "InvalidParameterException", SecretId="probe/one", AddReplicaRegions=[{"Region": REGION}])
    until("a replica", lambda: in_sync("probe/one"))
    expect("the replica", good(peer, "get_secret_value", SecretId="probe/one")["SecretString"], "second")
    bad(peer, "put_secret_value", "InvalidParameterException", SecretId="probe/one", SecretString="x")
    bad(one, "delete_secret", "InvalidParameterException", SecretId="probe/one")
    bad(one, "stop_replication_to_replica", "InvalidParameterException", SecretId="probe/one")
    good(peer, "stop_replication_to_replica", SecretId="probe/one")
    good(one, "replicate_secret_to_regions", SecretId="probe/two", AddReplicaRegions=[{"Region": PEER}])
    until("a replica", lambda: in_sync("probe/two"))
    good(one, "remove_regions_from_replication", SecretId="probe/two", RemoveReplicaRegions=[PEER])
    bad(one, "remove_regions_from_replication", "InvalidParameterException", SecretId="probe/two", RemoveReplicaRegions=[PEER])
    good(one, "tag_resource", SecretId="probe/one", Tags=[{"Key": "a", "Value": "b"}])
    bad(one, "tag_resource", "ResourceNotFoundException", Tags=[], **MISSING)
    good(one, "untag_resource", SecretId="probe/one", TagKeys=["a"])
    bad(one, "untag_resource", "ResourceNotFoundException", TagKeys=[], **MISSING)
    policy = '{"Version": "2012-10-17", "Statement": []}'
    good(one, "put_resource_policy", SecretId="probe/one", ResourcePolicy=policy)
    bad(one, "put_resource_policy", "MalformedPolicyDocumentException", SecretId="probe/one", ResourcePolicy="no")
    expect("policy", good(one, "get_resource_policy", SecretId="probe/one").get("ResourcePolicy"), policy)
    bad(one, "get_resource_policy", "ResourceNotFoundException", **MISSING)
    good(one, "delete_resource_policy", SecretId="probe/one")
    bad(one, "delete_resource_policy", "ResourceNotFoundException", **MISSING)
    expect("password", len(good(one, "get_random_password", PasswordLength=20)["RandomPassword"]), 20)
    bad(one, "get_random_password", "InvalidParameterException", PasswordLength=2)
    bad(one, "delete_secret", "InvalidParameterException", SecretId="probe/two", RecoveryWindowInDays=1)
    good(one, "delete_secret", SecretId="probe/two", RecoveryWindowInDays=7)
    bad(one, "get_secret_value", "InvalidRequestException", SecretId="probe/two")
    good(one, "restore_secret", SecretId="probe/two")
    bad(one, "restore_secret", "ResourceNotFoundException", **MISSING)
    for region, name in ((REGION, "probe/one"), (REGION, "probe/two"), (PEER, "probe/one")):
        good(vault[region], "delete_secret", SecretId=name, ForceDeleteWithoutRecovery=True)
