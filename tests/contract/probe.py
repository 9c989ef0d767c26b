"""Calls every operation of the simulator through boto3, once well and once badly:

    python probe.py ENDPOINT CONTROL

CONTROL is the simulator itself (for /_sim/), ENDPOINT may be a recorder before it. Prints what came out
otherwise than it should, and exits 1 then.
"""
import datetime
import sys
import time

import botocore.model
from botocore.exceptions import ClientError

import databases
import quotas
import sessions
import stacks
import vault
from tools import FAILED, REGION, bad, client, control, expect, good, until

sts, ecs, elb = client("sts"), client("ecs"), client("elbv2")
scaling, r53, cw = client("application-autoscaling"), client("route53"), client("cloudwatch")


def elbv2():
    lb = good(elb, "create_load_balancer", Name="probe", Subnets=["subnet-1a", "subnet-1b"], SecurityGroups=["sg-1"],
              Scheme="internet-facing", Type="application", Tags=[{"Key": "team", "Value": "a&b <c>"}])["LoadBalancers"][0]
    arn = lb["LoadBalancerArn"]
    bad(elb, "create_load_balancer", "DuplicateLoadBalancerName", Name="probe", Subnets=["subnet-1a", "subnet-1b"],
        Scheme="internal")
    bad(elb, "describe_load_balancers", "LoadBalancerNotFound", Names=["missing"])
    bad(elb, "describe_load_balancer_attributes", "LoadBalancerNotFound", LoadBalancerArn=arn + "x")
    good(elb, "describe_load_balancer_attributes", LoadBalancerArn=arn)
    good(elb, "modify_load_balancer_attributes", LoadBalancerArn=arn,
         Attributes=[{"Key": "client_keep_alive.seconds", "Value": "300"}])
    bad(elb, "modify_load_balancer_attributes", "LoadBalancerNotFound", LoadBalancerArn=arn + "x",
        Attributes=[{"Key": "client_keep_alive.seconds", "Value": "300"}])
    good(elb, "set_subnets", LoadBalancerArn=arn, Subnets=["subnet-1a", "subnet-1b", "subnet-1c"])
    bad(elb, "set_subnets", "LoadBalancerNotFound", LoadBalancerArn=arn + "x", Subnets=["subnet-1a", "subnet-1b"])
    good(elb, "set_security_groups", LoadBalancerArn=arn, SecurityGroups=["sg-1", "sg-2"])
    bad(elb, "set_security_groups", "InvalidSecurityGroup", LoadBalancerArn=arn, SecurityGroups=["missing"])
    group = good(elb, "create_target_group", Name="probe", Protocol="HTTP", Port=8080, VpcId="vpc-1", TargetType="ip",
                 HealthCheckPath="/health", HealthCheckIntervalSeconds=5, HealthCheckTimeoutSeconds=2, HealthyThresholdCount=2)["TargetGroups"][0]["TargetGroupArn"]
    bad(elb, "create_target_group", "DuplicateTargetGroupName", Name="probe", Protocol="HTTP", Port=9090, VpcId="vpc-1",
        TargetType="ip")
    good(elb, "describe_target_groups", Names=["probe"])
    bad(elb, "describe_target_groups", "TargetGroupNotFound", Names=["missing"])
    good(elb, "modify_target_group", TargetGroupArn=group, HealthCheckPath="/health")
    bad(elb, "modify_target_group", "TargetGroupNotFound", TargetGroupArn=group + "x", HealthCheckPath="/")
    good(elb, "describe_target_group_attributes", TargetGroupArn=group)
    bad(elb, "describe_target_group_attributes", "TargetGroupNotFound", TargetGroupArn=group + "x")
    good(elb, "modify_target_group_attributes", TargetGroupArn=group,
         Attributes=[{"Key": "deregistration_delay.timeout_seconds", "Value": "5"}])
    bad(elb, "modify_target_group_attributes", "TargetGroupNotFound", TargetGroupArn=group + "x",
        Attributes=[{"Key": "deregistration_delay.timeout_seconds", "Value": "5"}])
    forward = [{"Type": "forward", "TargetGroupArn": group}]
    listener = good(elb, "create_listener", LoadBalancerArn=arn, Protocol="HTTP", Port=80, DefaultActions=forward)["Listeners"][0]["ListenerArn"]
    fixed = [{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "200", "ContentType": "text/plain", "MessageBody": "SERVE us-west-2 1"}}]
    bad(elb, "create_listener", "DuplicateListener", LoadBalancerArn=arn, Protocol="HTTP", Port=80, DefaultActions=fixed)
    good(elb, "describe_listeners", LoadBalancerArn=arn)
    bad(elb, "describe_listeners", "LoadBalancerNotFound", LoadBalancerArn=arn + "x")
    good(elb, "modify_listener", ListenerArn=listener, DefaultActions=forward)
    bad(elb, "modify_listener", "ListenerNotFound", ListenerArn=listener + "x", DefaultActions=forward)
    path = [{"Field": "path-pattern", "PathPatternConfig": {"Values": ["/.tandem/switch/us-west-2"]}}]
    rule = good(elb, "create_rule", ListenerArn=listener, Priority=1, Conditions=path, Actions=fixed)["Rules"][0]["RuleArn"]
    bad(elb, "create_rule", "PriorityInUse", ListenerArn=listener, Priority=1, Conditions=path, Actions=fixed)
    good(elb, "describe_rules", ListenerArn=listener)
    bad(elb, "describe_rules", "RuleNotFound", RuleArns=[rule + "x"])
    good(elb, "modify_rule", RuleArn=rule, Actions=fixed)
    bad(elb, "modify_rule", "RuleNotFound", RuleArn=rule + "x", Actions=fixed)
    good(elb, "register_targets", TargetGroupArn=group, Targets=[{"Id": "10.9.9.9", "Port": 8080}])
    bad(elb, "register_targets", "TargetGroupNotFound", TargetGroupArn=group + "x", Targets=[{"Id": "10.9.9.9"}])
    good(elb, "describe_target_health", TargetGroupArn=group)
    bad(elb, "describe_target_health", "TargetGroupNotFound", TargetGroupArn=group + "x")
    good(elb, "deregister_targets", TargetGroupArn=group, Targets=[{"Id": "10.9.9.9", "Port": 8080}])
    bad(elb, "deregister_targets", "TargetGroupNotFound", TargetGroupArn=group + "x", Targets=[{"Id": "10.9.9.9"}])
    good(elb, "add_tags", ResourceArns=[arn], Tags=[{"Key": "tandem:stack", "Value": "probe"}])
    bad(elb, "add_tags", "LoadBalancerNotFound", ResourceArns=[arn + "x"], Tags=[{"Key": "a", "Value": "b"}])
    good(elb, "describe_tags", ResourceArns=[arn, group])
    bad(elb, "describe_tags", "LoadBalancerNotFound", ResourceArns=[arn + "x"])
    good(elb, "remove_tags", ResourceArns=[arn], TagKeys=["team"])
    bad(elb, "remove_tags", "LoadBalancerNotFound", ResourceArns=[arn + "x"], TagKeys=["team"])
    active = lambda: elb.describe_load_balancers(Names=["probe"])["LoadBalancers"][0]["State"]["Code"] == "active"
    until("an active load balancer", active)
    return lb, group, listener, rule


def ecs_calls(group):
    good(ecs, "create_cluster", clusterName="probe", tags=[{"key": "team", "value": "x"}])
    insights = [{"name": "containerInsights", "value": "enabled"}]
    good(ecs, "update_cluster_settings", cluster="probe", settings=insights)
    bad(ecs, "update_cluster_settings", "ClusterNotFoundException", cluster="missing", settings=insights)
    good(ecs, "describe_clusters", clusters=["probe", "missing"], include=["TAGS"])
    good(ecs, "list_clusters")
    bad(ecs, "list_clusters", "InvalidParameterException", nextToken="junk")
    container = {"name": "web", "image": "registry.example/web@sha256:" + "0" * 64, "essential": True,
                 "portMappings": [{"containerPort": 8080, "protocol": "tcp"}]}
    task = dict(family="probe", networkMode="awsvpc", requiresCompatibilities=["FARGATE"], containerDefinitions=[container])
    definition = good(ecs, "register_task_definition", cpu="256", memory="512", **task)["taskDefinition"]["taskDefinitionArn"]
    bad(ecs, "register_task_definition", "ClientException", cpu="256", memory="7777", **task)
    good(ecs, "describe_task_definition", taskDefinition="probe", include=["TAGS"])
    bad(ecs, "describe_task_definition", "ClientException", taskDefinition="missing")
    good(ecs, "list_task_definitions", familyPrefix="probe")
    bad(ecs, "list_task_definitions", "InvalidParameterException", nextToken="junk")
    network = {"awsvpcConfiguration": {"subnets": ["subnet-1a", "subnet-1b"], "securityGroups": ["sg-1"], "assignPublicIp": "DISABLED"}}
    service = dict(cluster="probe", serviceName="probe", taskDefinition=definition, launchType="FARGATE",
                   networkConfiguration=network, loadBalancers=[{"targetGroupArn": group, "containerName": "web", "containerPort": 8080}],
                   healthCheckGracePeriodSeconds=30,
                   deploymentConfiguration={"deploymentCircuitBreaker": {"enable": True, "rollback": True}})
    arn = good(ecs, "create_service", desiredCount=2, **service)["service"]["serviceArn"]
    bad(ecs, "create_service", "InvalidParameterException", desiredCount=3, **service)
    bad(ecs, "create_service", "ClusterNotFoundException", **{**service, "cluster": "missing"})
    steady = lambda: ecs.describe_services(cluster="probe", services=["probe"])["services"][0]["runningCount"] == 2
    until("two running tasks", steady)
    good(ecs, "describe_services", cluster="probe", services=["probe", "missing"], include=["TAGS"])
    bad(ecs, "describe_services", "ClusterNotFoundException", cluster="missing", services=["probe"])
    good(ecs, "list_services", cluster="probe")
    bad(ecs, "list_services", "ClusterNotFoundException", cluster="missing")
    tasks = good(ecs, "list_tasks", cluster="probe", serviceName="probe")["taskArns"]
    bad(ecs, "list_tasks", "ClusterNotFoundException", cluster="missing")
    good(ecs, "describe_tasks", cluster="probe", tasks=tasks + [tasks[0] + "0"])
    bad(ecs, "describe_tasks", "ClusterNotFoundException", cluster="missing", tasks=tasks)
    good(ecs, "stop_task", cluster="probe", task=tasks[0], reason="probe")
    bad(ecs, "stop_task", "ClusterNotFoundException", cluster="missing", task=tasks[0])
    good(ecs, "update_service", cluster="probe", service="probe", desiredCount=3)
    bad(ecs, "update_service", "ServiceNotFoundException", cluster="probe", service="missing", desiredCount=3)
    good(ecs, "tag_resource", resourceArn=arn, tags=[{"key": "a", "value": "b"}])
    bad(ecs, "tag_resource", "InvalidParameterException", resourceArn="junk", tags=[{"key": "a", "value": "b"}])
    good(ecs, "list_tags_for_resource", resourceArn=arn)
    bad(ecs, "list_tags_for_resource", "InvalidParameterException", resourceArn="junk")
    good(ecs, "untag_resource", resourceArn=arn, tagKeys=["a"])
    bad(ecs, "untag_resource", "InvalidParameterException", resourceArn="junk", tagKeys=["a"])
    return definition


def scaling_calls():
    name = dict(ServiceNamespace="ecs", ResourceId="service/probe/probe", ScalableDimension="ecs:service:DesiredCount")
    arn = good(scaling, "register_scalable_target", MinCapacity=1, MaxCapacity=5, **name)["ScalableTargetARN"]
    bad(scaling, "register_scalable_target", "ValidationException", MinCapacity=5, MaxCapacity=1, **name)
    good(scaling, "describe_scalable_targets", ServiceNamespace="ecs")
    bad(scaling, "describe_scalable_targets", "InvalidNextTokenException", ServiceNamespace="ecs", NextToken="junk")
    tracking = {"TargetValue": 60.0, "PredefinedMetricSpecification": {"PredefinedMetricType": "ECSServiceAverageCPUUtilization"}}
    policy = dict(PolicyName="cpu", PolicyType="TargetTrackingScaling", TargetTrackingScalingPolicyConfiguration=tracking)
    good(scaling, "put_scaling_policy", **policy, **name)
    bad(scaling, "put_scaling_policy", "ObjectNotFoundException", **policy, **{**name, "ResourceId": "service/probe/missing"})
    good(scaling, "describe_scaling_policies", ServiceNamespace="ecs")
    bad(scaling, "describe_scaling_policies", "InvalidNextTokenException", ServiceNamespace="ecs", NextToken="junk")
    good(scaling, "describe_scaling_activities", ServiceNamespace="ecs")
    bad(scaling, "describe_scaling_activities", "InvalidNextTokenException", ServiceNamespace="ecs", NextToken="junk")
    good(scaling, "tag_resource", ResourceARN=arn, Tags={"a": "b"})
    bad(scaling, "tag_resource", "ResourceNotFoundException", ResourceARN=arn + "x", Tags={"a": "b"})
    good(scaling, "list_tags_for_resource", ResourceARN=arn)
    bad(scaling, "list_tags_for_resource", "ResourceNotFoundException", ResourceARN=arn + "x")
    good(scaling, "untag_resource", ResourceARN=arn, TagKeys=["a"])
    bad(scaling, "untag_resource", "ResourceNotFoundException", ResourceARN=arn + "x", TagKeys=["a"])
    good(scaling, "delete_scaling_policy", PolicyName="cpu", **name)
    bad(scaling, "delete_scaling_policy", "ObjectNotFoundException", PolicyName="cpu", **name)
    good(scaling, "deregister_scalable_target", **name)
    bad(scaling, "deregister_scalable_target", "ObjectNotFoundException", **name)


def slowly(call, /, *arguments, **named):
    """Route 53 allows five calls a second of the world's time."""
    time.sleep(0.06)
    return call(r53, *arguments, **named)


def route53_calls(lb):
    zone = slowly(good, "create_hosted_zone", Name="probe.example", CallerReference="probe")["HostedZone"]["Id"]
    slowly(bad, "create_hosted_zone", "HostedZoneAlreadyExists", Name="probe.example", CallerReference="probe")
    slowly(good, "get_hosted_zone", Id=zone)
    slowly(bad, "get_hosted_zone", "NoSuchHostedZone", Id="ZMISSING")
    slowly(good, "list_hosted_zones")
    slowly(good, "list_hosted_zones_by_name", DNSName="probe.example")
    check = dict(Type="HTTP", FullyQualifiedDomainName="app.probe.example", Port=80, ResourcePath="/health", RequestInterval=10, FailureThreshold=3)
    health = slowly(good, "create_health_check", CallerReference="probe", HealthCheckConfig=check)["HealthCheck"]["Id"]
    slowly(bad, "create_health_check", "HealthCheckAlreadyExists", CallerReference="probe", HealthCheckConfig={**check, "Port": 81})
    slowly(good, "get_health_check", HealthCheckId=health)
    slowly(bad, "get_health_check", "NoSuchHealthCheck", HealthCheckId="00000000-0000-0000-0000-000000000000")
    slowly(good, "list_health_checks")
    slowly(good, "update_health_check", HealthCheckId=health, FailureThreshold=2)
    slowly(bad, "update_health_check", "NoSuchHealthCheck", HealthCheckId="00000000-0000-0000-0000-000000000000")
    slowly(bad, "update_health_check", "HealthCheckVersionMismatch", HealthCheckId=health, HealthCheckVersion=99, FailureThreshold=2)
    slowly(good, "get_health_check_status", HealthCheckId=health)
    slowly(bad, "get_health_check_status", "NoSuchHealthCheck", HealthCheckId="00000000-0000-0000-0000-000000000000")
    slowly(good, "get_health_check_last_failure_reason", HealthCheckId=health)
    slowly(bad, "get_health_check_last_failure_reason", "NoSuchHealthCheck", HealthCheckId="00000000-0000-0000-0000-000000000000")
    alias = {"HostedZoneId": lb["CanonicalHostedZoneId"], "DNSName": lb["DNSName"], "EvaluateTargetHealth": True}
    record = {"Name": "app.probe.example", "Type": "A", "SetIdentifier": "one", "Weight": 100, "AliasTarget": alias, "HealthCheckId": health}
    batch = lambda action, what: {"Comment": "probe & test", "Changes": [{"Action": action, "ResourceRecordSet": what}]}
    change = slowly(good, "change_resource_record_sets", HostedZoneId=zone, ChangeBatch=batch("CREATE", record))["ChangeInfo"]["Id"]
    slowly(bad, "change_resource_record_sets", "InvalidChangeBatch", HostedZoneId=zone, ChangeBatch=batch("CREATE", record))
    slowly(good, "list_resource_record_sets", HostedZoneId=zone)
    slowly(bad, "list_resource_record_sets", "NoSuchHostedZone", HostedZoneId="ZMISSING")
    until("INSYNC", lambda: slowly(good, "get_change", Id=change)["ChangeInfo"]["Status"] == "INSYNC")
    slowly(bad, "get_change", "NoSuchChange", Id="CMISSING")
    slowly(good, "test_dns_answer", HostedZoneId=zone, RecordName="app.probe.example", RecordType="A", EDNS0ClientSubnetIP="198.18.64.0")
    slowly(bad, "test_dns_answer", "NoSuchHostedZone", HostedZoneId="ZMISSING", RecordName="app.probe.example", RecordType="A")
    slowly(good, "change_tags_for_resource", ResourceType="healthcheck", ResourceId=health, AddTags=[{"Key": "Name", "Value": "probe"}])
    slowly(bad, "change_tags_for_resource", "NoSuchHealthCheck", ResourceType="healthcheck", ResourceId="00000000-0000-0000-0000-000000000000", AddTags=[{"Key": "a", "Value": "b"}])
    slowly(good, "list_tags_for_resource", ResourceType="healthcheck", ResourceId=health)
    slowly(bad, "list_tags_for_resource", "NoSuchHealthCheck", ResourceType="healthcheck", ResourceId="00000000-0000-0000-0000-000000000000")
    slowly(good, "list_tags_for_resources", ResourceType="healthcheck", ResourceIds=[health])
    slowly(bad, "list_tags_for_resources", "NoSuchHealthCheck", ResourceType="healthcheck", ResourceIds=["00000000-0000-0000-0000-000000000000"])
    slowly(bad, "delete_hosted_zone", "HostedZoneNotEmpty", Id=zone)
    slowly(good, "change_resource_record_sets", HostedZoneId=zone, ChangeBatch=batch("DELETE", record))
    slowly(good, "delete_health_check", HealthCheckId=health)
    slowly(bad, "delete_health_check", "NoSuchHealthCheck", HealthCheckId=health)
    slowly(good, "delete_hosted_zone", Id=zone)


def dashboards():
    good(cw, "put_dashboard", DashboardName="probe", DashboardBody='{"widgets": []}', Tags=[{"Key": "team", "Value": "x"}])
    bad(cw, "put_dashboard", "InvalidParameterInput", DashboardName="probe", DashboardBody="junk")
    arn = good(cw, "get_dashboard", DashboardName="probe")["DashboardArn"]
    bad(cw, "get_dashboard", "ResourceNotFound", DashboardName="missing")
    good(cw, "list_tags_for_resource", ResourceARN=arn)
    good(cw, "list_dashboards", DashboardNamePrefix="pro")
    bad(cw, "list_dashboards", "InvalidParameterValue", NextToken="junk")
    bad(cw, "delete_dashboards", "InvalidParameterValue", DashboardNames=[])
    good(cw, "delete_dashboards", DashboardNames=["probe", "missing"])


def cloudwatch_calls():
    now = datetime.datetime.fromtimestamp(control("GET", "/_sim/clock")["now_ms"] / 1000, datetime.timezone.utc)
    hour = dict(StartTime=now - datetime.timedelta(hours=1), EndTime=now)
    good(cw, "put_metric_data", Namespace="Probe", MetricData=[{"MetricName": "orders", "Value": 3.5, "Timestamp": now}])
    many = [{"MetricName": f"m{i}", "Value": float(i), "Unit": "Count", "Dimensions": [{"Name": "n", "Value": str(i)}]} for i in range(400)]
    good(cw, "put_metric_data", Namespace="Probe", MetricData=many)
    bad(cw, "put_metric_data", "InvalidParameterValue", Namespace="AWS/Probe", MetricData=[{"MetricName": "x", "Value": 1.0}])
    stat = {"Metric": {"Namespace": "AWS/ECS", "MetricName": "CPUUtilization", "Dimensions": [{"Name": "ClusterName", "Value": "probe"}, {"Name": "ServiceName", "Value": "probe"}]}, "Period": 60, "Stat": "Average"}
    good(cw, "get_metric_data", MetricDataQueries=[{"Id": "cpu", "MetricStat": stat}, {"Id": "half", "Expression": "cpu/2"}], **hour)
    bad(cw, "get_metric_data", "ValidationError", MetricDataQueries=[{"Id": "e", "Expression": "NOSUCH(1"}], **hour)
    good(cw, "get_metric_statistics", Namespace="AWS/ECS", MetricName="CPUUtilization", Period=60, Statistics=["Average", "Maximum"], Dimensions=stat["Metric"]["Dimensions"], **hour)
    bad(cw, "get_metric_statistics", "InvalidParameterValue", Namespace="AWS/ECS", MetricName="CPUUtilization", Period=7, Statistics=["Average"], **hour)
    good(cw, "list_metrics", Namespace="AWS/ECS")
    bad(cw, "list_metrics", "InvalidParameterValue", NextToken="junk")
    alarm = dict(AlarmName="probe", Namespace="AWS/ECS", MetricName="CPUUtilization", Statistic="Average", Period=60, EvaluationPeriods=1, Threshold=90.0, Dimensions=stat["Metric"]["Dimensions"])
    good(cw, "put_metric_alarm", ComparisonOperator="GreaterThanThreshold", **alarm)
    bad(cw, "put_metric_alarm", "ValidationError", ComparisonOperator="GreaterThanThreshold", **{**alarm, "Period": 7})
    described = good(cw, "describe_alarms", AlarmNames=["probe"])["MetricAlarms"][0]["AlarmArn"]
    bad(cw, "describe_alarms", "InvalidNextToken", NextToken="junk")
    good(cw, "describe_alarms_for_metric", Namespace="AWS/ECS", MetricName="CPUUtilization", Dimensions=stat["Metric"]["Dimensions"])
    good(cw, "set_alarm_state", AlarmName="probe", StateValue="ALARM", StateReason="probe")
    bad(cw, "set_alarm_state", "ResourceNotFound", AlarmName="missing", StateValue="ALARM", StateReason="probe")
    good(cw, "describe_alarm_history", AlarmName="probe")
    bad(cw, "describe_alarm_history", "InvalidNextToken", NextToken="junk")
    good(cw, "disable_alarm_actions", AlarmNames=["probe"])
    good(cw, "enable_alarm_actions", AlarmNames=["probe"])
    good(cw, "tag_resource", ResourceARN=described, Tags=[{"Key": "a", "Value": "b"}])
    bad(cw, "tag_resource", "ResourceNotFoundException", ResourceARN=described + "x", Tags=[{"Key": "a", "Value": "b"}])
    good(cw, "list_tags_for_resource", ResourceARN=described)
    bad(cw, "list_tags_for_resource", "ResourceNotFoundException", ResourceARN=described + "x")
    good(cw, "untag_resource", ResourceARN=described, TagKeys=["a"])
    bad(cw, "untag_resource", "ResourceNotFoundException", ResourceARN=described + "x", TagKeys=["a"])
    good(cw, "delete_alarms", AlarmNames=["probe"])
    bad(cw, "delete_alarms", "ResourceNotFound", AlarmNames=["probe"])


def tear_down(lb, group, listener, rule, definition):
    bad(ecs, "delete_cluster", "ClusterContainsServicesException", cluster="probe")
    bad(ecs, "delete_service", "ServiceNotFoundException", cluster="probe", service="missing")
    good(ecs, "delete_service", cluster="probe", service="probe", force=True)
    gone = lambda: ecs.describe_services(cluster="probe", services=["probe"])["services"][0]["status"] == "INACTIVE"
    until("an inactive service", gone)
    good(ecs, "delete_cluster", cluster="probe")
    good(ecs, "deregister_task_definition", taskDefinition=definition)
    bad(ecs, "deregister_task_definition", "ClientException", taskDefinition="missing:1")
    good(elb, "delete_rule", RuleArn=rule)
    bad(elb, "delete_rule", "RuleNotFound", RuleArn=rule)
    bad(elb, "delete_target_group", "ResourceInUse", TargetGroupArn=group)
    good(elb, "delete_listener", ListenerArn=listener)
    bad(elb, "delete_listener", "ListenerNotFound", ListenerArn=listener)
    good(elb, "delete_target_group", TargetGroupArn=group)
    good(elb, "modify_load_balancer_attributes", LoadBalancerArn=lb["LoadBalancerArn"], Attributes=[{"Key": "deletion_protection.enabled", "Value": "true"}])
    bad(elb, "delete_load_balancer", "OperationNotPermitted", LoadBalancerArn=lb["LoadBalancerArn"])
    good(elb, "modify_load_balancer_attributes", LoadBalancerArn=lb["LoadBalancerArn"], Attributes=[{"Key": "deletion_protection.enabled", "Value": "false"}])
    good(elb, "delete_load_balancer", LoadBalancerArn=lb["LoadBalancerArn"])


def expired():
    """Operations that refuse nothing of their own are refused with expired credentials."""
    fault = control("POST", "/_sim/faults", {"kind": "F11", "region": REGION, "duration_s": 600})
    for service, operation, arguments in [
        (sts, "get_caller_identity", {}), (ecs, "create_cluster", {"clusterName": "x"}), (ecs, "describe_clusters", {}),
        (r53, "list_hosted_zones", {}), (r53, "list_hosted_zones_by_name", {}), (r53, "list_health_checks", {}),
        (cw, "describe_alarms_for_metric", {"Namespace": "AWS/ECS", "MetricName": "CPUUtilization"}),
        (databases.rds[REGION], "describe_db_engine_versions", {}),
        (cw, "enable_alarm_actions", {"AlarmNames": ["x"]}), (cw, "disable_alarm_actions", {"AlarmNames": ["x"]}),
    ]:
        code = "ExpiredTokenException" if service in (ecs, cw) else "ExpiredToken"
        bad(service, operation, code, **arguments)
    control("DELETE", f"/_sim/faults/{fault['id']}")


def every_protocol():
    """CloudWatch speaks three protocols and says the same in each."""
    now = datetime.datetime.fromtimestamp(control("GET", "/_sim/clock")["now_ms"] / 1000, datetime.timezone.utc)
    span = dict(StartTime=now - datetime.timedelta(minutes=10), EndTime=now + datetime.timedelta(minutes=10))
    usual = botocore.model.PRIORITY_ORDERED_SUPPORTED_PROTOCOLS
    for protocol in ("smithy-rpc-v2-cbor", "json", "query"):
        botocore.model.PRIORITY_ORDERED_SUPPORTED_PROTOCOLS = (protocol,)
        one = client("cloudwatch")
        expect("protocol", one.meta.service_model.resolved_protocol, protocol)
        botocore.model.PRIORITY_ORDERED_SUPPORTED_PROTOCOLS = usual
        encodings = []
        one.meta.events.register("before-send.cloudwatch.PutMetricData",
                                 lambda request, **_: encodings.append(request.headers.get("Content-Encoding")))
        name = {"Namespace": "Probe", "MetricName": f"said in {protocol}", "Dimensions": [{"Name": "of", "Value": "a&b +<é>"}]}
        datum = {"MetricName": name["MetricName"], "Dimensions": name["Dimensions"], "Timestamp": now, "Unit": "Count"}
        summary = {"SampleCount": 2.0, "Sum": 3.0, "Minimum": 0.5, "Maximum": 2.5}
        good(one, "put_metric_data", Namespace="Probe", MetricData=[{**datum, "Value": 3.5}, {**datum, "StatisticValues": summary}])
        many = [{**datum, "MetricName": f"{protocol} {i}", "Values": [1.0, 2.5], "Counts": [1.0, 3.0]} for i in range(300)]
        good(one, "put_metric_data", Namespace="Probe", MetricData=many)
        expect(f"{protocol} encodings", [e and (e.decode() if isinstance(e, bytes) else e) for e in encodings], [None, "gzip"])
        stat = lambda name, stat: {"Metric": name, "Period": 60, "Stat": stat}
        last = {**name, "MetricName": f"{protocol} 299"}
        queries = [{"Id": "sum", "MetricStat": stat(name, "Sum"), "ReturnData": True}, {"Id": "most", "MetricStat": stat(name, "Maximum")},
                   {"Id": "twice", "Expression": "sum*2", "Label": "a <b> & c"}, {"Id": "count", "MetricStat": stat(last, "SampleCount")}]
        results = {}

        def told():
            answer = good(one, "get_metric_data", MetricDataQueries=queries, ScanBy="TimestampAscending", **span)
            results.update({result["Id"]: result for result in answer["MetricDataResults"]})
            return results["count"]["Values"]

        until(f"{protocol} values", told)
        expect(f"{protocol} values", {i: r["Values"] for i, r in results.items()},
               {"sum": [6.5], "most": [3.5], "twice": [13.0], "count": [4.0]})
        expect(f"{protocol} times", results["sum"]["Timestamps"], [now.replace(second=0, microsecond=0)])
        expect(f"{protocol} label", results["twice"]["Label"], "a <b> & c")
        alarm = dict(AlarmName=protocol, AlarmDescription="50 % <&> \u00e9", EvaluationPeriods=3, DatapointsToAlarm=2, Threshold=0.25,
                     ComparisonOperator="GreaterThanOrEqualToThreshold", TreatMissingData="breaching", ActionsEnabled=False,
                     Statistic="Sum", Period=60, AlarmActions=["arn:aws:sns:us-east-1:123456789012:probe"], **name)
        good(one, "put_metric_alarm", **alarm)
        described = good(one, "describe_alarms", AlarmNames=[protocol])["MetricAlarms"]
        expect(f"{protocol} alarms", [{key: a.get(key) for key in alarm} for a in described], [alarm])
        expect(f"{protocol} moment", type(described[0]["StateUpdatedTimestamp"]), datetime.datetime)
        bad(one, "put_metric_alarm", "ValidationError", **{**alarm, "Period": 7})
        bad(one, "put_metric_data", "InvalidParameterValue", Namespace="AWS/Probe", MetricData=[{**datum, "Value": 1.0}])
        bad(one, "get_metric_data", "InvalidNextToken", MetricDataQueries=queries, NextToken="junk", **span)
        bad(one, "set_alarm_state", "ResourceNotFound", AlarmName="missing", StateValue="OK", StateReason="probe")
        good(one, "delete_alarms", AlarmNames=[protocol])


def throttled():
    """Route 53 refuses the sixth call in a second, and a client that may try again does."""
    control("POST", "/_sim/clock", {"speed": 0.1})
    refused = None
    for _ in range(20):
        try:
            r53.list_hosted_zones()
        except ClientError as error:
            refused = error.response
            break
    told = refused and (refused["ResponseMetadata"]["HTTPStatusCode"], refused["Error"]["Code"], refused["Error"]["Message"])
    expect("throttling", told, (400, "Throttling", "Rate exceeded"))

    def hurry(parsed_response, **_):
        if "Error" in parsed_response:
            control("POST", "/_sim/clock", {"speed": 60})

    patient = client("route53", attempts=5)
    patient.meta.events.register("response-received.route53.ListHostedZones", hurry)
    while True:  # tokens trickle in, so that the first call may pass
        answer = good(patient, "list_hosted_zones")
        if not answer or answer["ResponseMetadata"]["RetryAttempts"]:
            break
    control("POST", "/_sim/clock", {"speed": 60})


def everything():
    good(sts, "get_caller_identity")
    balancer, group, listener, rule = elbv2()
    definition = ecs_calls(group)
    scaling_calls()
    route53_calls(balancer)
    cloudwatch_calls()
    dashboards()
    every_protocol()
    throttled()
    sessions.everything()
    databases.everything()
    stacks.everything()
    vault.everything()
    quotas.everything()
    tear_down(balancer, group, listener, rule, definition)
    expired()


try:
    everything()
finally:
    for line in FAILED:
        print("FAILED", line)
sys.exit(1 if FAILED else 0)
