//! One Region of the stack: its load balancer, its service, and what watches over them.

use super::database::Endpoints;
use super::deployer::{Deployer, ReadyError, text};
use super::shape::{Member, Shape, switch_path, switch_says};
use crate::doc::Doc;
use crate::world::{ACCOUNT, hex_id};
use serde_json::json;
use std::collections::BTreeMap;

const ELB: &str = "elasticloadbalancing";

/// What other parts need to know of a Region that stands.
#[derive(Debug, Clone)]
pub struct Site {
    pub region: String,
    pub alb: String,
    pub dns_name: String,
    /// The hosted zone of its load balancers.
    pub alb_zone: String,
    pub target_group: String,
    /// The rule that is the switch of a peer, by the peer's name.
    pub switches: BTreeMap<String, String>,
}

/// Makes the load balancer and everything that hangs on it.
pub fn load_balancer(deployer: &mut Deployer<'_>, shape: &Shape, region: &str) -> Result<Site, ReadyError> {
    let spec = json!({
        "Name": shape.named("web"),
        "Subnets": subnets(shape, region),
        "SecurityGroups": [id(shape, region, "sg", "alb")],
        "Scheme": "internet-facing",
        "Type": "application",
        "IpAddressType": "ipv4",
    });
    let made = deployer.call(ELB, "CreateLoadBalancer", region, tagged(shape, "alb", spec))?;
    let alb = text(&made, "/LoadBalancers/0/LoadBalancerArn")?;
    let keep_alive = json!({
        "LoadBalancerArn": alb,
        "Attributes": [{"Key": "client_keep_alive.seconds", "Value": "300"}],
    });
    deployer.call(ELB, "ModifyLoadBalancerAttributes", region, keep_alive)?;
    let target_group = target_group(deployer, shape, region)?;
    let spec = json!({
        "LoadBalancerArn": alb,
        "Protocol": "HTTP",
        "Port": 80,
        "DefaultActions": [{"Type": "forward", "TargetGroupArn": target_group}],
    });
    let listener = deployer.call(ELB, "CreateListener", region, tagged(shape, "listener", spec))?;
    let listener = text(&listener, "/Listeners/0/ListenerArn")?;
    let mut switches = BTreeMap::new();
    for (priority, peer) in (1..).zip(shape.peers(region)) {
        let spec = json!({
            "ListenerArn": listener,
            "Priority": priority,
            "Conditions": [{"Field": "path-pattern", "PathPatternConfig": {"Values": [switch_path(&peer.name)]}}],
            "Actions": switch_says("SERVE", &peer.name, 1),
        });
        let role = format!("switch-{}", peer.name);
        let rule = deployer.call(ELB, "CreateRule", region, tagged(shape, &role, spec))?;
        switches.insert(peer.name.clone(), text(&rule, "/Rules/0/RuleArn")?);
    }
    Ok(Site {
        region: region.into(),
        dns_name: text(&made, "/LoadBalancers/0/DNSName")?,
        alb_zone: text(&made, "/LoadBalancers/0/CanonicalHostedZoneId")?,
        alb,
        target_group,
        switches,
    })
}

fn target_group(deployer: &mut Deployer<'_>, shape: &Shape, region: &str) -> Result<String, ReadyError> {
    let spec = json!({
        "Name": shape.named("web"),
        "Protocol": "HTTP",
        "Port": shape.port,
        "VpcId": id(shape, region, "vpc", "vpc"),
        "TargetType": "ip",
        "HealthCheckProtocol": "HTTP",
        "HealthCheckPath": shape.health_path,
        "HealthCheckIntervalSeconds": 10,
        "HealthCheckTimeoutSeconds": 5,
        "HealthyThresholdCount": 2,
        "UnhealthyThresholdCount": 2,
        "Matcher": {"HttpCode": "200"},
    });
    let made = deployer.call(ELB, "CreateTargetGroup", region, tagged(shape, "target-group", spec))?;
    let arn = text(&made, "/TargetGroups/0/TargetGroupArn")?;
    let delay = json!({
        "TargetGroupArn": arn,
        "Attributes": [{"Key": "deregistration_delay.timeout_seconds", "Value": "15"}],
    });
    deployer.call(ELB, "ModifyTargetGroupAttributes", region, delay)?;
    Ok(arn)
}

/// Makes the service on Fargate, its scaling and its alarms.
pub fn service(
    deployer: &mut Deployer<'_>,
    shape: &Shape,
    site: &Site,
    member: &Member,
    database: Option<&Endpoints>,
) -> Result<(), ReadyError> {
    let region = site.region.as_str();
    let spec = json!({
        "clusterName": shape.stack,
        "capacityProviders": ["FARGATE"],
        "settings": [{"name": "containerInsights", "value": "enabled"}],
    });
    deployer.call("ecs", "CreateCluster", region, ecs_tagged(shape, "cluster", spec))?;
    let family = task_definition(deployer, shape, region, database)?;
    let spec = json!({
        "cluster": shape.stack,
        "serviceName": shape.named("web"),
        "taskDefinition": family,
        "desiredCount": member.tasks,
        "launchType": "FARGATE",
        "loadBalancers": [{
            "targetGroupArn": site.target_group,
            "containerName": "web",
            "containerPort": shape.port,
        }],
        "networkConfiguration": {"awsvpcConfiguration": {
            "subnets": subnets(shape, region),
            "securityGroups": [id(shape, region, "sg", "web")],
            "assignPublicIp": "DISABLED",
        }},
        "healthCheckGracePeriodSeconds": 30,
        "deploymentConfiguration": {
            "deploymentCircuitBreaker": {"enable": true, "rollback": true},
            "maximumPercent": 200,
            "minimumHealthyPercent": 100,
        },
        "propagateTags": "SERVICE",
        "enableECSManagedTags": true,
    });
    deployer.call("ecs", "CreateService", region, ecs_tagged(shape, "service", spec))?;
    scaling(deployer, shape, member)?;
    alarms(deployer, shape, site)
}

fn task_definition(
    deployer: &mut Deployer<'_>,
    shape: &Shape,
    region: &str,
    database: Option<&Endpoints>,
) -> Result<String, ReadyError> {
    let mut environment = vec![json!({"name": "SESSIONS_TABLE", "value": shape.named("sessions")})];
    if let Some(endpoints) = database {
        environment.push(json!({"name": "DB_HOST", "value": endpoints.reader}));
        environment.push(json!({"name": "DB_WRITER_HOST", "value": endpoints.global}));
    }
    let role = |role: &str| format!("arn:aws:iam::{ACCOUNT}:role/{}-{role}-{region}", shape.stack);
    let spec = json!({
        "family": shape.named("web"),
        "networkMode": "awsvpc",
        "requiresCompatibilities": ["FARGATE"],
        "cpu": shape.cpu.to_string(),
        "memory": shape.memory.to_string(),
        "executionRoleArn": role("execution"),
        "taskRoleArn": role("task"),
        "containerDefinitions": [{
            "name": "web",
            "image": shape.image.replace("{region}", region),
            "essential": true,
            "environment": environment,
            "portMappings": [{"containerPort": shape.port, "protocol": "tcp"}],
            "stopTimeout": 20,
            "logConfiguration": {"logDriver": "awslogs", "options": {
                "awslogs-group": shape.named("web"),
                "awslogs-region": region,
                "awslogs-stream-prefix": "web",
            }},
        }],
    });
    let made = deployer.call("ecs", "RegisterTaskDefinition", region, ecs_tagged(shape, "task-definition", spec))?;
    text(&made, "/taskDefinition/taskDefinitionArn")
}

fn scaling(deployer: &mut Deployer<'_>, shape: &Shape, member: &Member) -> Result<(), ReadyError> {
    let target = json!({
        "ServiceNamespace": "ecs",
        "ResourceId": format!("service/{}/{}", shape.stack, shape.named("web")),
        "ScalableDimension": "ecs:service:DesiredCount",
    });
    let mut spec = target.clone();
    spec["MinCapacity"] = json!(member.min);
    spec["MaxCapacity"] = json!(member.max);
    let tags: serde_json::Map<String, Doc> =
        shape.tags("scaling", &spec).into_iter().map(|(key, value)| (key.to_string(), Doc::String(value))).collect();
    spec["Tags"] = Doc::Object(tags);
    deployer.call("application-autoscaling", "RegisterScalableTarget", &member.name, spec)?;
    let mut policy = target;
    policy["PolicyName"] = json!(shape.named("cpu"));
    policy["PolicyType"] = json!("TargetTrackingScaling");
    policy["TargetTrackingScalingPolicyConfiguration"] = json!({
        "TargetValue": 60.0,
        "PredefinedMetricSpecification": {"PredefinedMetricType": "ECSServiceAverageCPUUtilization"},
        "ScaleOutCooldown": 60,
        "ScaleInCooldown": 300,
    });
    deployer.call("application-autoscaling", "PutScalingPolicy", &member.name, policy)?;
    Ok(())
}

fn alarms(deployer: &mut Deployer<'_>, shape: &Shape, site: &Site) -> Result<(), ReadyError> {
    let last = |arn: &str, mark: &str| arn.split_once(mark).map_or_else(String::new, |(_, rest)| rest.to_string());
    let balancer = json!({"Name": "LoadBalancer", "Value": last(&site.alb, ":loadbalancer/")});
    let group =
        json!({"Name": "TargetGroup", "Value": format!("targetgroup/{}", last(&site.target_group, ":targetgroup/"))});
    let spec = json!({
        "AlarmName": shape.named("5xx"),
        "AlarmDescription": "More than 100 requests a minute are answered with a 5xx by the tasks.",
        "Namespace": "AWS/ApplicationELB",
        "MetricName": "HTTPCode_Target_5XX_Count",
        "Dimensions": [balancer],
        "Statistic": "Sum",
        "Period": 60,
        "EvaluationPeriods": 3,
        "DatapointsToAlarm": 2,
        "Threshold": 100.0,
        "ComparisonOperator": "GreaterThanThreshold",
        "TreatMissingData": "notBreaching",
    });
    deployer.call("monitoring", "PutMetricAlarm", &site.region, tagged(shape, "alarm-5xx", spec))?;
    let spec = json!({
        "AlarmName": shape.named("unhealthy-hosts"),
        "AlarmDescription": "Every node of the load balancer agrees that a target is unhealthy.",
        "Namespace": "AWS/ApplicationELB",
        "MetricName": "UnHealthyHostCount",
        "Dimensions": [balancer, group],
        "Statistic": "Minimum",
        "Period": 60,
        "EvaluationPeriods": 2,
        "DatapointsToAlarm": 2,
        "Threshold": 1.0,
        "ComparisonOperator": "GreaterThanOrEqualToThreshold",
        "TreatMissingData": "notBreaching",
    });
    deployer.call("monitoring", "PutMetricAlarm", &site.region, tagged(shape, "alarm-unhealthy-hosts", spec))?;
    Ok(())
}

fn tagged(shape: &Shape, role: &str, mut spec: Doc) -> Doc {
    spec["Tags"] = shape.tag_list(role, &spec);
    spec
}

/// ECS spells members in lower case.
fn ecs_tagged(shape: &Shape, role: &str, mut spec: Doc) -> Doc {
    let tags = shape.tags(role, &spec);
    spec["tags"] = tags.into_iter().map(|(key, value)| json!({"key": key, "value": value})).collect();
    spec
}

/// The id of a part of the network, which stands before the stack does.
fn id(shape: &Shape, region: &str, kind: &str, role: &str) -> String {
    format!("{kind}-0{}", hex_id(&[&shape.stack, region, kind, role], 16))
}

/// One a zone; the last letter of its id tells which.
fn subnets(shape: &Shape, region: &str) -> Vec<String> {
    let of = |zone| format!("subnet-{}{zone}", hex_id(&[&shape.stack, region, "subnet", zone], 16));
    ["a", "b", "c"].map(of).to_vec()
}
