"""A stack in two Regions that Tandem did not build, by names of its own, made through boto3:

    python foreign.py ENDPOINT build          makes it, prints the [resources] that name it
    python foreign.py ENDPOINT tag ARN KEY VALUE    tags a load balancer
    python foreign.py ENDPOINT heartbeats     makes the user and the table of heartbeats, prints what names them
    python foreign.py ENDPOINT latency        makes the weighted records latency records
    python foreign.py ENDPOINT weights        prints identifier, weight and check of each record

Some of it is not as Tandem would have it: the second Region's database has no deletion protection and forwards nothing
within the Region, the session table keeps what has ended, and the second Region's targets are asked for another page.
"""
import json
import sys
import time

import boto3

ENDPOINT, DEED, *ARGUMENTS = sys.argv[1:]
HOME, PEER = "us-east-1", "eu-west-1"
REGIONS = {HOME: "east", PEER: "ireland"}
NAME = "app.example.com"
ENGINE = dict(Engine="aurora-postgresql", EngineVersion="16.6")


def client(service, region=HOME):
    return boto3.client(service, region_name=region, endpoint_url=ENDPOINT, aws_access_key_id="AKIDTEST",
                        aws_secret_access_key="secret")


def until(what, met, seconds=120):
    for _ in range(seconds * 10):
        if met():
            return
        time.sleep(0.1)
    sys.exit(f"never came: {what}")


def balancing(region, short):
    elb = client("elbv2", region)
    found = elb.create_load_balancer(Name=f"edge-{short}", Subnets=["subnet-1a", "subnet-1b", "subnet-1c"],
                                     SecurityGroups=["sg-1"], Scheme="internet-facing", Type="application")["LoadBalancers"][0]
    group = elb.create_target_group(
        Name=f"front-{short}", Protocol="HTTP", Port=8080, VpcId="vpc-1", TargetType="ip", HealthCheckIntervalSeconds=10,
        HealthCheckPath="/health" if region == HOME else "/", HealthyThresholdCount=2)["TargetGroups"][0]["TargetGroupArn"]
    listener = elb.create_listener(LoadBalancerArn=found["LoadBalancerArn"], Protocol="HTTP", Port=80,
                                   DefaultActions=[{"Type": "forward", "TargetGroupArn": group}])["Listeners"][0]["ListenerArn"]
    return found, group, listener


def tasks(region, short, group):
    ecs = client("ecs", region)
    ecs.create_cluster(clusterName=f"live-{short}", capacityProviders=["FARGATE"])
    definition = ecs.register_task_definition(
        family="front", networkMode="awsvpc", requiresCompatibilities=["FARGATE"], cpu="256", memory="512",
        executionRoleArn="arn:aws:iam::123456789012:role/front", taskRoleArn="arn:aws:iam::123456789012:role/front",
        containerDefinitions=[{"name": "front", "image": f"123456789012.dkr.ecr.{region}.amazonaws.com/front:1",
                               "essential": True, "portMappings": [{"containerPort": 8080, "protocol": "tcp"}]}],
    )["taskDefinition"]["taskDefinitionArn"]
    service = ecs.create_service(
        cluster=f"live-{short}", serviceName="front", taskDefinition=definition, desiredCount=2, launchType="FARGATE",
        loadBalancers=[{"targetGroupArn": group, "containerName": "front", "containerPort": 8080}],
        networkConfiguration={"awsvpcConfiguration": {"subnets": ["subnet-1a", "subnet-1b"], "securityGroups": ["sg-1"],
                                                      "assignPublicIp": "DISABLED"}},
        deploymentConfiguration={"deploymentCircuitBreaker": {"enable": True, "rollback": True},
                                 "maximumPercent": 200, "minimumHealthyPercent": 100})["service"]["serviceArn"]
    client("application-autoscaling", region).register_scalable_target(
        ServiceNamespace="ecs", ResourceId=f"service/live-{short}/front", ScalableDimension="ecs:service:DesiredCount",
        MinCapacity=2, MaxCapacity=8)
    return service


def available(region, cluster):
    rds = client("rds", region)

    def met():
        found = rds.describe_db_clusters(DBClusterIdentifier=cluster)["DBClusters"][0]
        members = rds.describe_db_instances(Filters=[{"Name": "db-cluster-id", "Values": [cluster]}])["DBInstances"]
        return found["Status"] == "available" and all(one["DBInstanceStatus"] == "available" for one in members)
    until(f"{cluster} available", met)


def database():
    key = lambda region: f"arn:aws:kms:{region}:123456789012:key/11111111-2222-3333-4444-555555555555"
    one = client("rds")
    arn = one.create_global_cluster(GlobalClusterIdentifier="orders", StorageEncrypted=True, DatabaseName="orders",
                                    DeletionProtection=True, **ENGINE)["GlobalCluster"]["GlobalClusterArn"]
    clusters = {}
    for region, short in REGIONS.items():
        rds, name = client("rds", region), f"orders-{short}"
        rds.create_db_subnet_group(DBSubnetGroupName="orders", DBSubnetGroupDescription="orders",
                                   SubnetIds=["subnet-1a", "subnet-1b"])
        first = dict(MasterUsername="root", MasterUserPassword="correct-horse-1", DatabaseName="orders")
        made = rds.create_db_cluster(
            DBClusterIdentifier=name, GlobalClusterIdentifier="orders", DBSubnetGroupName="orders", StorageEncrypted=True,
            KmsKeyId=key(region), EnableGlobalWriteForwarding=True, EnableLocalWriteForwarding=region == HOME,
            BackupRetentionPeriod=7, DeletionProtection=region == HOME, **ENGINE, **(first if region == HOME else {}))
        clusters[region] = made["DBCluster"]["DBClusterArn"]
        available(region, name)
        rds.create_db_instance(DBInstanceIdentifier=f"{name}-1", DBClusterIdentifier=name, DBInstanceClass="db.r6g.large",
                               Engine="aurora-postgresql")
        available(region, name)

    def connected():
        members = one.describe_global_clusters(GlobalClusterIdentifier="orders")["GlobalClusters"][0]["GlobalClusterMembers"]
        return all(m["IsWriter"] or m.get("SynchronizationStatus") == "connected" for m in members)
    until("a connected member", connected)
    return arn, clusters


def table():
    one = client("dynamodb")
    one.create_table(TableName="carts", AttributeDefinitions=[{"AttributeName": "cart", "AttributeType": "S"}],
                     KeySchema=[{"AttributeName": "cart", "KeyType": "HASH"}], BillingMode="PAY_PER_REQUEST",
                     StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
                     DeletionProtectionEnabled=True)
    active = lambda region: client("dynamodb", region).describe_table(TableName="carts")["Table"]["TableStatus"] == "ACTIVE"
    until("carts", lambda: active(HOME))
    one.update_table(TableName="carts", ReplicaUpdates=[{"Create": {"RegionName": PEER}}])
    replicas = lambda: one.describe_table(TableName="carts")["Table"].get("Replicas", [])
    there = lambda: any(r["RegionName"] == PEER and r["ReplicaStatus"] == "ACTIVE" for r in replicas())
    until("the replica of carts", lambda: there() and active(HOME) and active(PEER))


def zone():
    return client("route53").list_hosted_zones()["HostedZones"][0]["Id"].removeprefix("/hostedzone/")


def change(changes):
    r53 = client("route53")
    made = r53.change_resource_record_sets(HostedZoneId=zone(), ChangeBatch={"Changes": changes})["ChangeInfo"]["Id"]
    until("records everywhere", lambda: r53.get_change(Id=made)["ChangeInfo"]["Status"] == "INSYNC")


def names(balancers):
    r53, records = client("route53"), []
    for region, found in balancers.items():
        config = {"Type": "HTTP", "FullyQualifiedDomainName": found["DNSName"], "Port": 80, "ResourcePath": "/health",
                  "RequestInterval": 10, "FailureThreshold": 3}
        check = r53.create_health_check(CallerReference=f"front-{region}", HealthCheckConfig=config)["HealthCheck"]["Id"]
        alias = {"HostedZoneId": found["CanonicalHostedZoneId"], "DNSName": f"dualstack.{found['DNSName']}",
                 "EvaluateTargetHealth": True}
        records.append({"Name": NAME, "Type": "A", "SetIdentifier": REGIONS[region], "Weight": 30 if region == HOME else 20,
                        "AliasTarget": alias, "HealthCheckId": check})
    change([{"Action": "CREATE", "ResourceRecordSet": one} for one in records])


def of_the_name():
    sets = client("route53").list_resource_record_sets(HostedZoneId=zone())["ResourceRecordSets"]
    return [one for one in sets if one["Name"].rstrip(".") == NAME]


def latency():
    """Weighted and latency records of one name exclude each other, so it is one batch."""
    deletes, creates = [], []
    for one in of_the_name():
        region = next(region for region, short in REGIONS.items() if short == one["SetIdentifier"])
        deletes.append({"Action": "DELETE", "ResourceRecordSet": one})
        other = {**{key: value for key, value in one.items() if key != "Weight"}, "Region": region}
        creates.append({"Action": "CREATE", "ResourceRecordSet": other})
    change(deletes + creates)


def heartbeats():
    """As the README has it."""
    rds, vault, data = client("rds"), client("secretsmanager"), client("rds-data")
    found = {region: client("rds", region).describe_db_clusters(DBClusterIdentifier=f"orders-{short}")["DBClusters"][0]
             for region, short in REGIONS.items()}
    secrets = {}
    for name, user, password in [("orders-root", "root", "correct-horse-1"), ("orders-beat", "beat", "correct-horse-2")]:
        login = json.dumps({"username": user, "password": password})
        secrets[name] = vault.create_secret(Name=name, SecretString=login, AddReplicaRegions=[{"Region": PEER}])["ARN"]
    for region, cluster in found.items():
        client("rds", region).enable_http_endpoint(ResourceArn=cluster["DBClusterArn"])
    for sql in ["CREATE TABLE tandem_heartbeat (vantage text, seq bigint, epoch bigint, at timestamptz DEFAULT now(), "
                "PRIMARY KEY (vantage, seq))",
                "CREATE ROLE beat LOGIN PASSWORD 'correct-horse-2'",
                "GRANT INSERT, SELECT ON tandem_heartbeat TO beat"]:
        data.execute_statement(resourceArn=found[HOME]["DBClusterArn"], secretArn=secrets["orders-root"], database="orders",
                               sql=sql)
    in_sync = lambda: all(one["Status"] == "InSync" for one in vault.describe_secret(SecretId="orders-beat")["ReplicationStatus"])
    until("the replica of the secret", in_sync)
    print(f'heartbeat_secret = "{secrets["orders-beat"]}"\nheartbeat_database = "orders"')


def weights():
    for one in of_the_name():
        print(one["SetIdentifier"], one.get("Weight"), one["HealthCheckId"])


def build():
    arn, clusters = database()
    table()
    balancers, lines = {}, ["[resources]", f'global_cluster = "{arn}"', 'sessions_table = "carts"']
    for region, short in REGIONS.items():
        found, group, listener = balancing(region, short)
        balancers[region] = found
        service = tasks(region, short, group)
        lines += [f"[resources.{region}]", f'service = "{service}"', f'load_balancer = "{found["LoadBalancerArn"]}"',
                  f'target_group = "{group}"', f'listener = "{listener}"', f'database_cluster = "{clusters[region]}"']
    names(balancers)
    for region, found in balancers.items():
        elb = client("elbv2", region)
        group = elb.describe_target_groups(LoadBalancerArn=found["LoadBalancerArn"])["TargetGroups"][0]["TargetGroupArn"]
        health = lambda: [one["TargetHealth"]["State"] for one in elb.describe_target_health(TargetGroupArn=group)["TargetHealthDescriptions"]]
        until(f"healthy targets in {region}", lambda: health() == ["healthy"] * 2)
    print("\n".join(lines))


def tag(arn, key, value):
    region = arn.split(":")[3]
    client("elbv2", region).add_tags(ResourceArns=[arn], Tags=[{"Key": key, "Value": value}])


{"build": build, "tag": tag, "heartbeats": heartbeats, "latency": latency, "weights": weights}[DEED](*ARGUMENTS)
