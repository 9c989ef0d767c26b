"""The whole life of a global database through boto3, from create to delete in the documented order, with the
wrong orders refused; and SQL through the Data API."""
import vault
from tools import PEER, REGION, bad, client, control, expect, good, until

THIRD = "eu-central-1"
ENGINE = dict(Engine="aurora-postgresql", EngineVersion="16.6")

rds = {region: client("rds", region) for region in (REGION, PEER, THIRD)}
data = {region: client("rds-data", region) for region in (REGION, PEER)}


def pages(service, operation, result, **arguments):
    found, marker = [], None
    while True:
        more = {"Marker": marker} if marker else {}
        answer = good(service, operation, **arguments, **more)
        found += answer.get(result, [])
        marker = answer.get("Marker")
        if not marker:
            return found


def groups():
    for region in (REGION, PEER):
        one = rds[region]
        good(one, "create_db_subnet_group", DBSubnetGroupName="probe", DBSubnetGroupDescription="probe",
             SubnetIds=["subnet-1a", "subnet-1b"])
        good(one, "create_db_cluster_parameter_group", DBClusterParameterGroupName="probe",
             DBParameterGroupFamily="aurora-postgresql16", Description="probe", Tags=[{"Key": "team", "Value": "a&b"}])
    one = rds[REGION]
    bad(one, "create_db_subnet_group", "DBSubnetGroupAlreadyExists", DBSubnetGroupName="probe",
        DBSubnetGroupDescription="probe", SubnetIds=["subnet-1a", "subnet-1b"])
    good(one, "describe_db_subnet_groups", DBSubnetGroupName="probe")
    bad(one, "describe_db_subnet_groups", "DBSubnetGroupNotFoundFault", DBSubnetGroupName="missing")
    bad(one, "create_db_cluster_parameter_group", "DBParameterGroupAlreadyExists", DBClusterParameterGroupName="probe",
        DBParameterGroupFamily="aurora-postgresql16", Description="probe")
    good(one, "describe_db_cluster_parameter_groups", DBClusterParameterGroupName="probe")
    bad(one, "describe_db_cluster_parameter_groups", "DBParameterGroupNotFound", DBClusterParameterGroupName="missing")
    good(one, "describe_db_cluster_parameters", DBClusterParameterGroupName="probe")
    bad(one, "describe_db_cluster_parameters", "DBParameterGroupNotFound", DBClusterParameterGroupName="missing")
    parameter = {"ParameterName": "apg_write_forward.consistency_mode", "ParameterValue": "SESSION", "ApplyMethod": "immediate"}
    good(one, "modify_db_cluster_parameter_group", DBClusterParameterGroupName="probe", Parameters=[parameter])
    bad(one, "modify_db_cluster_parameter_group", "DBParameterGroupNotFound", DBClusterParameterGroupName="missing",
        Parameters=[parameter])


def available(region, cluster):
    def met():
        found = rds[region].describe_db_clusters(DBClusterIdentifier=cluster)["DBClusters"][0]
        members = rds[region].describe_db_instances(Filters=[{"Name": "db-cluster-id", "Values": [cluster]}])["DBInstances"]
        return found["Status"] == "available" and all(one["DBInstanceStatus"] == "available" for one in members)
    until(f"{cluster} available", met)


def member(region):
    """How the global cluster tells this Region's member, whichever Region is asked."""
    told = [one.describe_global_clusters(GlobalClusterIdentifier="probe")["GlobalClusters"][0] for one in rds.values()]
    expect("every Region tells the same", told[1:], told[:1] * 2)
    return next(m for m in told[0]["GlobalClusterMembers"] if m["DBClusterArn"].split(":")[3] == region)


def settled(writer):
    def met():
        told = rds[writer].describe_global_clusters(GlobalClusterIdentifier="probe")["GlobalClusters"][0]
        return told["Status"] == "available" and not told.get("FailoverState") and member(writer)["IsWriter"]
    until(f"{writer} writes", met)


def created():
    one, peer = rds[REGION], rds[PEER]
    good(one, "describe_db_engine_versions", Engine="aurora-postgresql")
    good(one, "create_global_cluster", GlobalClusterIdentifier="probe", StorageEncrypted=True, DatabaseName="app", **ENGINE)
    bad(one, "create_global_cluster", "GlobalClusterAlreadyExistsFault", GlobalClusterIdentifier="probe", **ENGINE)
    bad(one, "describe_global_clusters", "GlobalClusterNotFoundFault", GlobalClusterIdentifier="missing")
    common = dict(GlobalClusterIdentifier="probe", DBSubnetGroupName="probe", StorageEncrypted=True,
                  EnableGlobalWriteForwarding=True, DBClusterParameterGroupName="probe", **ENGINE)
    key = lambda region: f"arn:aws:kms:{region}:123456789012:key/11111111-2222-3333-4444-555555555555"
    bad(peer, "create_db_cluster", "GlobalClusterNotFoundFault", DBClusterIdentifier="lonely",
        **{**common, "GlobalClusterIdentifier": "missing"})
    first = dict(MasterUsername="root", MasterUserPassword="correct-horse-1", DatabaseName="app", BackupRetentionPeriod=7,
                 EnableLocalWriteForwarding=True, EnableHttpEndpoint=True, KmsKeyId=key(REGION))
    bad(one, "create_db_cluster", "InvalidParameterCombination", DBClusterIdentifier="managed", ManageMasterUserPassword=True,
        MasterUsername="root", **common)
    arn = good(one, "create_db_cluster", DBClusterIdentifier="probe-one", **first, **common)["DBCluster"]["DBClusterArn"]
    bad(one, "create_db_cluster", "DBClusterAlreadyExistsFault", DBClusterIdentifier="probe-one", **first, **common)
    available(REGION, "probe-one")
    instance = dict(Engine="aurora-postgresql", DBClusterIdentifier="probe-one", DBInstanceClass="db.r6g.large")
    good(one, "create_db_instance", DBInstanceIdentifier="probe-one-1", **instance)
    bad(one, "create_db_instance", "DBInstanceAlreadyExists", DBInstanceIdentifier="probe-one-1", **instance)
    bad(one, "create_db_instance", "DBClusterNotFoundFault", DBInstanceIdentifier="stray", **{**instance, "DBClusterIdentifier": "missing"})
    good(one, "create_db_instance", DBInstanceIdentifier="probe-one-2", **instance)
    available(REGION, "probe-one")
    good(peer, "create_db_cluster", DBClusterIdentifier="probe-two", KmsKeyId=key(PEER), EnableLocalWriteForwarding=True,
         EnableHttpEndpoint=True, **common)
    available(PEER, "probe-two")
    good(peer, "create_db_instance", DBInstanceIdentifier="probe-two-1", **{**instance, "DBClusterIdentifier": "probe-two"})
    available(PEER, "probe-two")
    until("a connected member", lambda: member(PEER).get("SynchronizationStatus") == "connected")
    until("write forwarding", lambda: member(PEER).get("GlobalWriteForwardingStatus") == "enabled")
    expect("forwarding of the writer is null", member(REGION).get("GlobalWriteForwardingStatus"), None)
    return arn, arn.replace(REGION, PEER).replace("probe-one", "probe-two")


def described(arn):
    one = rds[REGION]
    bad(one, "describe_db_clusters", "DBClusterNotFoundFault", DBClusterIdentifier="missing")
    bad(one, "describe_db_instances", "DBInstanceNotFound", DBInstanceIdentifier="missing")
    expect("instances", [i["DBInstanceIdentifier"] for i in pages(one, "describe_db_instances", "DBInstances", MaxRecords=20)],
           ["probe-one-1", "probe-one-2"])
    good(one, "add_tags_to_resource", ResourceName=arn, Tags=[{"Key": "tandem:stack", "Value": "probe"}])
    bad(one, "add_tags_to_resource", "DBClusterNotFoundFault", ResourceName=arn + "x", Tags=[{"Key": "a", "Value": "b"}])
    tags = good(one, "list_tags_for_resource", ResourceName=arn).get("TagList")
    expect("tags", tags, [{"Key": "tandem:stack", "Value": "probe"}])
    bad(one, "list_tags_for_resource", "DBClusterNotFoundFault", ResourceName=arn + "x")
    good(one, "remove_tags_from_resource", ResourceName=arn, TagKeys=["tandem:stack"])
    bad(one, "remove_tags_from_resource", "DBClusterNotFoundFault", ResourceName=arn + "x", TagKeys=["a"])
    good(one, "modify_db_cluster", DBClusterIdentifier="probe-one", DeletionProtection=True, ApplyImmediately=True)
    bad(one, "modify_db_cluster", "DBClusterNotFoundFault", DBClusterIdentifier="missing", DeletionProtection=True)
    available(REGION, "probe-one")
    good(one, "modify_db_instance", DBInstanceIdentifier="probe-one-2", PromotionTier=0, ApplyImmediately=True)
    bad(one, "modify_db_instance", "DBInstanceNotFound", DBInstanceIdentifier="missing", PromotionTier=0)
    good(one, "modify_global_cluster", GlobalClusterIdentifier="probe", DeletionProtection=True)
    bad(one, "modify_global_cluster", "GlobalClusterNotFoundFault", GlobalClusterIdentifier="missing", DeletionProtection=True)
    bad(one, "delete_global_cluster", "InvalidGlobalClusterStateFault", GlobalClusterIdentifier="probe")
    good(one, "modify_global_cluster", GlobalClusterIdentifier="probe", DeletionProtection=False)
    bad(one, "delete_global_cluster", "InvalidGlobalClusterStateFault", GlobalClusterIdentifier="probe")


def statements(arn, other, secret):
    one, peer = data[REGION], data[PEER]
    where = dict(resourceArn=arn, secretArn=secret, database="app")
    good(one, "execute_statement", sql="CREATE TABLE IF NOT EXISTS probe (who text, n bigint, at timestamptz DEFAULT now(), PRIMARY KEY (who, n))", **where)
    insert = "INSERT INTO probe (who, n) VALUES (:who, :n) ON CONFLICT DO NOTHING"
    values = lambda n: [{"name": "who", "value": {"stringValue": "a&b é"}}, {"name": "n", "value": {"longValue": n}}]
    expect("inserted", good(one, "execute_statement", sql=insert, parameters=values(1), **where)["numberOfRecordsUpdated"], 1)
    expect("again", good(one, "execute_statement", sql=insert, parameters=values(1), **where)["numberOfRecordsUpdated"], 0)
    good(one, "batch_execute_statement", sql=insert, parameterSets=[values(2), values(3)], **where)
    bad(one, "batch_execute_statement", "DatabaseErrorException", sql="INSERT INTO missing VALUES (1)", parameterSets=[[]], **where)
    told = good(one, "execute_statement", sql="SELECT who, n FROM probe WHERE n >= :n ORDER BY n DESC LIMIT 2", includeResultMetadata=True,
                parameters=values(2)[1:], **where)
    expect("rows", told["records"], [[{"stringValue": "a&b é"}, {"longValue": 3}], [{"stringValue": "a&b é"}, {"longValue": 2}]])
    expect("columns", [c["name"] for c in told["columnMetadata"]], ["who", "n"])
    bad(one, "execute_statement", "DatabaseErrorException", sql="SELEC 1", **where)
    bad(one, "execute_statement", "ValidationException", sql="SELECT 1", **{**where, "resourceArn": "junk"})
    transaction = good(one, "begin_transaction", **where)["transactionId"]
    bad(one, "begin_transaction", "ValidationException", **{**where, "resourceArn": "junk"})
    good(one, "execute_statement", sql=insert, parameters=values(4), transactionId=transaction, **where)
    both = dict(resourceArn=arn, secretArn=secret)
    good(one, "rollback_transaction", transactionId=transaction, **both)
    bad(one, "rollback_transaction", "TransactionNotFoundException", transactionId=transaction, **both)
    transaction = good(one, "begin_transaction", **where)["transactionId"]
    good(one, "execute_statement", sql=insert, parameters=values(5), transactionId=transaction, **where)
    good(one, "commit_transaction", transactionId=transaction, **both)
    bad(one, "commit_transaction", "TransactionNotFoundException", transactionId=transaction, **both)
    count = good(one, "execute_statement", sql="SELECT count(*) FROM probe", **where)["records"]
    expect("committed rows", count, [[{"longValue": 4}]])
    try:
        peer.execute_statement(sql="SELECT 1", resourceArn=other, secretArn=secret.replace(REGION, PEER), database="app")
        expect("the Data API of a secondary", "answered", "refused")
    except peer.exceptions.ClientError:
        pass


def moved(arn, other, secret):
    one, peer = rds[REGION], rds[PEER]
    call = dict(GlobalClusterIdentifier="probe")
    bad(one, "switchover_global_cluster", "GlobalClusterNotFoundFault", GlobalClusterIdentifier="missing", TargetDbClusterIdentifier=other)
    bad(one, "failover_global_cluster", "GlobalClusterNotFoundFault", GlobalClusterIdentifier="missing", TargetDbClusterIdentifier=other)
    good(one, "switchover_global_cluster", TargetDbClusterIdentifier=other, **call)
    bad(one, "switchover_global_cluster", "InvalidGlobalClusterStateFault", TargetDbClusterIdentifier=other, **call)
    settled(PEER)
    count = good(data[PEER], "execute_statement", sql="SELECT count(*) FROM probe", resourceArn=other,
                 secretArn=secret.replace(REGION, PEER), database="app")["records"]
    expect("rows after the switchover", count, [[{"longValue": 4}]])
    good(one, "failover_global_cluster", TargetDbClusterIdentifier=arn, AllowDataLoss=True, **call)
    settled(REGION)
    until("a rebuilt member", lambda: member(PEER).get("SynchronizationStatus") == "connected")
    events = good(one, "describe_events", SourceType="db-cluster", SourceIdentifier="probe-one", Duration=10080)["Events"]
    expect("events tell of the role changes", len(events) > 3, True)
    good(peer, "describe_events", SourceType="db-cluster", Duration=10080)
    bad(one, "describe_events", "InvalidParameterCombination", SourceIdentifier="probe-one")


def restarts(arn):
    one, peer = rds[REGION], rds[PEER]
    good(one, "enable_http_endpoint", ResourceArn=arn)
    bad(one, "enable_http_endpoint", "ResourceNotFoundFault", ResourceArn=arn + "x")
    good(one, "disable_http_endpoint", ResourceArn=arn)
    bad(one, "disable_http_endpoint", "ResourceNotFoundFault", ResourceArn=arn + "x")
    writer = lambda: next(m["DBInstanceIdentifier"] for m in one.describe_db_clusters(DBClusterIdentifier="probe-one")["DBClusters"][0]["DBClusterMembers"] if m["IsClusterWriter"])
    expect("writer", writer(), "probe-one-1")
    good(one, "failover_db_cluster", DBClusterIdentifier="probe-one", TargetDBInstanceIdentifier="probe-one-2")
    bad(one, "failover_db_cluster", "DBClusterNotFoundFault", DBClusterIdentifier="missing")
    available(REGION, "probe-one")
    expect("writer", writer(), "probe-one-2")
    bad(peer, "failover_db_cluster", "InvalidDBClusterStateFault", DBClusterIdentifier="probe-two")
    good(one, "reboot_db_instance", DBInstanceIdentifier="probe-one-2")
    bad(one, "reboot_db_instance", "DBInstanceNotFound", DBInstanceIdentifier="missing")
    available(REGION, "probe-one")


def instance_groups():
    one = rds[REGION]
    name = dict(DBParameterGroupName="probe-instances")
    good(one, "create_db_parameter_group", DBParameterGroupFamily="aurora-postgresql16", Description="probe", **name)
    bad(one, "create_db_parameter_group", "DBParameterGroupAlreadyExists", DBParameterGroupFamily="aurora-postgresql16", Description="probe", **name)
    good(one, "describe_db_parameter_groups", **name)
    bad(one, "describe_db_parameter_groups", "DBParameterGroupNotFound", DBParameterGroupName="missing")
    change = lambda value: [{"ParameterName": "log_statement", "ParameterValue": value, "ApplyMethod": "immediate"}]
    good(one, "modify_db_parameter_group", Parameters=change("ddl"), **name)
    bad(one, "modify_db_parameter_group", "InvalidParameterValue", Parameters=change("loudly"), **name)
    changed = good(one, "describe_db_parameters", Source="user", **name)["Parameters"]
    expect("parameters", [(p["ParameterName"], p["ParameterValue"]) for p in changed], [("log_statement", "ddl")])
    bad(one, "describe_db_parameters", "DBParameterGroupNotFound", DBParameterGroupName="missing")
    good(one, "delete_db_parameter_group", **name)
    bad(one, "delete_db_parameter_group", "DBParameterGroupNotFound", **name)
    good(one, "describe_orderable_db_instance_options", Engine="aurora-postgresql", EngineVersion="16.6")
    bad(one, "describe_orderable_db_instance_options", "InvalidParameterValue", Engine="oracle-ee")


def snapshots():
    one = rds[REGION]
    available(REGION, "probe-one")
    name = dict(DBClusterSnapshotIdentifier="probe-manual", DBClusterIdentifier="probe-one")
    good(one, "create_db_cluster_snapshot", **name)
    bad(one, "create_db_cluster_snapshot", "DBClusterSnapshotAlreadyExistsFault", **name)
    ready = lambda which: one.describe_db_cluster_snapshots(DBClusterSnapshotIdentifier=which)["DBClusterSnapshots"][0]["Status"] == "available"
    until("a snapshot", lambda: ready("probe-manual"))
    bad(one, "describe_db_cluster_snapshots", "DBClusterSnapshotNotFoundFault", DBClusterSnapshotIdentifier="missing")
    good(one, "copy_db_cluster_snapshot", SourceDBClusterSnapshotIdentifier="probe-manual", TargetDBClusterSnapshotIdentifier="probe-copy")
    bad(one, "copy_db_cluster_snapshot", "DBClusterSnapshotNotFoundFault", SourceDBClusterSnapshotIdentifier="missing", TargetDBClusterSnapshotIdentifier="x")
    until("a copy", lambda: ready("probe-copy"))
    for which in ("probe-manual", "probe-copy"):
        good(one, "delete_db_cluster_snapshot", DBClusterSnapshotIdentifier=which)
    bad(one, "delete_db_cluster_snapshot", "DBClusterSnapshotNotFoundFault", DBClusterSnapshotIdentifier="missing")


def deleted(arn, other):
    one, peer = rds[REGION], rds[PEER]
    remove = dict(GlobalClusterIdentifier="probe")
    bad(one, "remove_from_global_cluster", "InvalidGlobalClusterStateFault", DbClusterIdentifier=arn, **remove)
    bad(one, "remove_from_global_cluster", "DBClusterNotFoundFault", DbClusterIdentifier=arn + "x", **remove)
    bad(one, "delete_db_cluster", "InvalidParameterCombination", DBClusterIdentifier="probe-one", SkipFinalSnapshot=True)
    good(peer, "remove_from_global_cluster", DbClusterIdentifier=other, **remove)
    alone = lambda: len(one.describe_global_clusters(**remove)["GlobalClusters"][0]["GlobalClusterMembers"]) == 1
    until("the secondary removed", alone)
    for region, cluster, instances in ((PEER, "probe-two", ["probe-two-1"]), (REGION, "probe-one", ["probe-one-2", "probe-one-1"])):
        here = rds[region]
        if region == REGION:
            good(here, "remove_from_global_cluster", DbClusterIdentifier=arn, **remove)
            available(region, cluster)
            good(here, "modify_db_cluster", DBClusterIdentifier=cluster, DeletionProtection=False, ApplyImmediately=True)
        available(region, cluster)
        bad(here, "delete_db_cluster", "InvalidDBClusterStateFault", DBClusterIdentifier=cluster, SkipFinalSnapshot=True)
        for instance in instances:
            good(here, "delete_db_instance", DBInstanceIdentifier=instance, SkipFinalSnapshot=True)
        gone = lambda: not here.describe_db_instances(Filters=[{"Name": "db-cluster-id", "Values": [cluster]}])["DBInstances"]
        until("no instances", gone)
        good(here, "delete_db_cluster", DBClusterIdentifier=cluster, SkipFinalSnapshot=True)
        until(f"no {cluster}", lambda: cluster not in [c["DBClusterIdentifier"] for c in here.describe_db_clusters()["DBClusters"]])
        good(here, "delete_db_subnet_group", DBSubnetGroupName="probe")
        good(here, "delete_db_cluster_parameter_group", DBClusterParameterGroupName="probe")
    bad(one, "delete_db_instance", "DBInstanceNotFound", DBInstanceIdentifier="missing", SkipFinalSnapshot=True)
    bad(one, "delete_db_cluster", "DBClusterNotFoundFault", DBClusterIdentifier="missing", SkipFinalSnapshot=True)
    bad(one, "delete_db_subnet_group", "DBSubnetGroupNotFoundFault", DBSubnetGroupName="missing")
    bad(one, "delete_db_cluster_parameter_group", "DBParameterGroupNotFound", DBClusterParameterGroupName="missing")
    good(one, "delete_global_cluster", **remove)
    until("no global cluster", lambda: not one.describe_global_clusters()["GlobalClusters"])
    bad(one, "delete_global_cluster", "GlobalClusterNotFoundFault", GlobalClusterIdentifier="probe")


def everything():
    control("POST", "/_sim/clock", {"speed": 600})
    groups()
    instance_groups()
    arn, other = created()
    described(arn)
    secret = vault.login("probe")
    statements(arn, other, secret)
    moved(arn, other, secret)
    restarts(arn)
    snapshots()
    deleted(arn, other)
    control("POST", "/_sim/clock", {"speed": 60})
