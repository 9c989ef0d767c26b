"""What a test does to an emulator by boto3: python deeds.py ENDPOINT DEED ARGUMENTS.."""
import sys
import time

import boto3

ENDPOINT, DEED, *ARGUMENTS = sys.argv[1:]
REGIONS = ["us-east-1", "us-east-2", "us-west-2", "eu-west-1"]


def client(service, region="us-east-1"):
    return boto3.client(service, region_name=region, endpoint_url=ENDPOINT, aws_access_key_id="AKIDTEST",
                        aws_secret_access_key="secret")


def zone(name):
    client("route53").create_hosted_zone(Name=name, CallerReference=name)


def switchover(cluster, region):
    """Moves the writer of a global database, and waits until it is there."""
    rds = client("rds", region)
    describe = lambda: rds.describe_global_clusters(GlobalClusterIdentifier=cluster)["GlobalClusters"][0]
    members = describe()["GlobalClusterMembers"]
    target = next(one["DBClusterArn"] for one in members if f":{region}:" in one["DBClusterArn"])
    rds.switchover_global_cluster(GlobalClusterIdentifier=cluster, TargetDbClusterIdentifier=target)
    for _ in range(100):
        if any(one["IsWriter"] and one["DBClusterArn"] == target for one in describe()["GlobalClusterMembers"]):
            return
        time.sleep(0.2)
    sys.exit(f"the writer does not move to {region}")


def forget_secrets(prefix):
    """Deletes secrets with their replicas."""
    for region in REGIONS:
        secrets = client("secretsmanager", region)
        for secret in secrets.list_secrets()["SecretList"]:
            if secret["Name"].startswith(prefix) and not secret.get("PrimaryRegion", region) != region:
                secrets.delete_secret(SecretId=secret["ARN"], ForceDeleteWithoutRecovery=True)


def names(region):
    """Whatever a stack leaves in a Region."""
    of = lambda service, operation, key, name, **asked: [
        one if name is None else one[name] for one in getattr(client(service, region), operation)(**asked)[key]]
    yield from of("dynamodb", "list_tables", "TableNames", None)
    yield from of("cloudformation", "list_stacks", "StackSummaries", "StackName", StackStatusFilter=[
        "CREATE_COMPLETE", "CREATE_FAILED", "UPDATE_COMPLETE", "ROLLBACK_COMPLETE", "DELETE_FAILED"])
    yield from of("elbv2", "describe_load_balancers", "LoadBalancers", "LoadBalancerName")
    yield from of("elbv2", "describe_target_groups", "TargetGroups", "TargetGroupName")
    clusters = client("ecs", region)
    yield from (arn for arn in clusters.list_clusters()["clusterArns"])
    yield from clusters.list_task_definitions(status="ACTIVE")["taskDefinitionArns"]
    yield from of("rds", "describe_db_clusters", "DBClusters", "DBClusterIdentifier")
    yield from of("rds", "describe_db_instances", "DBInstances", "DBInstanceIdentifier")
    yield from of("rds", "describe_db_cluster_parameter_groups", "DBClusterParameterGroups", "DBClusterParameterGroupName")
    yield from of("secretsmanager", "list_secrets", "SecretList", "Name")
    yield from of("cloudwatch", "describe_alarms", "MetricAlarms", "AlarmName")
    yield from of("cloudwatch", "list_dashboards", "DashboardEntries", "DashboardName")


def left(stack):
    """Prints what is left of a stack, a line each."""
    for region in REGIONS:
        for name in names(region):
            if stack in name:
                print(region, name)
    rds, route53 = client("rds"), client("route53")
    for one in rds.describe_global_clusters()["GlobalClusters"]:
        print("global", one["GlobalClusterIdentifier"])
    for check in route53.list_health_checks()["HealthChecks"]:
        print("health check", check["CallerReference"])
    for one in route53.list_hosted_zones()["HostedZones"]:
        for record in route53.list_resource_record_sets(HostedZoneId=one["Id"])["ResourceRecordSets"]:
            if record["Type"] not in ("NS", "SOA"):
                print("record", record["Name"], record["Type"])


{"zone": zone, "switchover": switchover, "forget_secrets": forget_secrets, "left": left}[DEED](*ARGUMENTS)
