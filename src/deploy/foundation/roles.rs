//! The roles of tasks, each with no more than it needs.

use super::site::Site;
use super::template::{Document, attribute, sub, tags};
use serde_json::{Value as Json, json};

const HERE: &str = "${AWS::Region}:${AWS::AccountId}";

/// Where the two roles are.
pub(super) struct Arns {
    pub execution: Json,
    pub task: Json,
    /// Whether any is made here: CloudFormation wants a capability for that.
    pub made: bool,
}

pub(super) fn add(document: &mut Document, site: &Site, region: &str) -> Arns {
    let given = |arn: &String| Json::from(in_region(arn, region));
    let execution = site.roles.execution.as_ref().map(given);
    let task = site.roles.task.as_ref().map(given);
    let made = execution.is_none() || task.is_none();
    Arns {
        execution: execution.unwrap_or_else(|| {
            let mut statements = execution_policy(site, region, &site.log_group(), &site.secrets);
            statements.extend(given_secrets(site, region));
            role(document, site, region, "execution", trust(None), vec![("execution", statements)])
        }),
        task: task.unwrap_or_else(|| {
            role(document, site, region, "task", trust(Some(task_source())), vec![("task", task_policy(site, region))])
        }),
        made,
    }
}

/// The roles of a watcher in a Region; `policies` are statements by the names of what they are about.
pub(super) fn add_of_watcher(
    document: &mut Document,
    site: &Site,
    region: &str,
    policies: Vec<(&str, Vec<Json>)>,
) -> Arns {
    let statements = execution_policy(site, region, &site.watch_log_group(), &[]);
    Arns {
        execution: role(document, site, region, "watch-execution", trust(None), vec![("execution", statements)]),
        task: role(document, site, region, "watch-task", trust(Some(task_source())), policies),
        made: true,
    }
}

fn role(
    document: &mut Document,
    site: &Site,
    region: &str,
    what: &str,
    trust: Json,
    policies: Vec<(&str, Vec<Json>)>,
) -> Json {
    let policy = |(name, statements): (&str, Vec<Json>)| json!({ "PolicyName": name, "PolicyDocument": { "Version": "2012-10-17", "Statement": statements } });
    let id = super::network::logical("", what) + "Role";
    let mut properties = json!({
        "RoleName": site.role(region, what),
        "Path": site.roles.path,
        "AssumeRolePolicyDocument": trust,
        "Policies": policies.into_iter().map(policy).collect::<Vec<_>>(),
        "Tags": tags(site, &format!("{what}-role")),
    });
    if let Some(boundary) = &site.roles.boundary {
        properties["PermissionsBoundary"] = boundary.as_str().into();
    }
    document.add(&id, "AWS::IAM::Role", properties);
    attribute(&id, "Arn")
}

fn trust(condition: Option<Json>) -> Json {
    let mut statement = json!({
        "Effect": "Allow",
        "Principal": { "Service": "ecs-tasks.amazonaws.com" },
        "Action": "sts:AssumeRole",
    });
    if let Some(condition) = condition {
        statement["Condition"] = condition;
    }
    json!({ "Version": "2012-10-17", "Statement": [statement] })
}

/// Only for tasks of this account and Region (Amazon ECS Developer Guide, task IAM role). The guide
/// does not say so of the execution role.
fn task_source() -> Json {
    json!({
        "StringEquals": { "aws:SourceAccount": { "Ref": "AWS::AccountId" } },
        "ArnLike": { "aws:SourceArn": sub(format!("arn:${{AWS::Partition}}:ecs:{HERE}:*")) },
    })
}

fn execution_policy(site: &Site, region: &str, log_group: &str, secrets: &[String]) -> Vec<Json> {
    let repositories: Vec<Json> = if site.roles.repositories.is_empty() {
        vec![sub(format!("arn:${{AWS::Partition}}:ecr:{HERE}:repository/*"))]
    } else {
        site.roles.repositories.iter().map(|arn| in_region(arn, region).into()).collect()
    };
    let mut statements = vec![
        // The token is for the registry: it has no resource.
        allow("Login", &["ecr:GetAuthorizationToken"], vec!["*".into()]),
        allow(
            "Pull",
            &["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
            repositories,
        ),
        allow(
            "Log",
            &["logs:CreateLogStream", "logs:PutLogEvents"],
            vec![sub(format!("arn:${{AWS::Partition}}:logs:{HERE}:log-group:{log_group}:*"))],
        ),
    ];
    if !secrets.is_empty() {
        let arn = |name| sub(format!("arn:${{AWS::Partition}}:secretsmanager:{HERE}:secret:{name}"));
        let secrets = secrets.iter().map(|name| arn(with_suffix(name))).collect();
        statements.push(allow("Secrets", &["secretsmanager:GetSecretValue"], secrets));
    }
    statements
}

/// What starts tasks reads the values that the operator's containers name (Amazon ECS Developer Guide, passing
/// sensitive data).
fn given_secrets(site: &Site, region: &str) -> Vec<Json> {
    let of = |service: &str| {
        let arns = site.given_secrets.iter().filter(move |arn| arn.split(':').nth(2) == Some(service));
        // what follows the name picks a member of the value, and a version of it
        let whole = arns.map(|arn| in_region(&arn.split(':').take(7).collect::<Vec<_>>().join(":"), region));
        let mut whole: Vec<String> = whole.collect();
        whole.sort();
        whole.dedup();
        whole.into_iter().map(Json::from).collect::<Vec<_>>()
    };
    let statements = [
        ("Values", "secretsmanager:GetSecretValue", of("secretsmanager")),
        ("Parameters", "ssm:GetParameters", of("ssm")),
    ];
    let asked = statements.into_iter().filter(|(_, _, arns)| !arns.is_empty());
    asked.map(|(id, action, arns)| allow(id, &[action], arns)).collect()
}

fn task_policy(site: &Site, region: &str) -> Vec<Json> {
    let table = |region: &str, name: &str| {
        sub(format!("arn:${{AWS::Partition}}:dynamodb:{region}:${{AWS::AccountId}}:table/{name}"))
    };
    let sessions = &site.sessions_table;
    let mut statements = vec![allow(
        "Sessions",
        &[
            "dynamodb:BatchGetItem",
            "dynamodb:BatchWriteItem",
            "dynamodb:ConditionCheckItem",
            "dynamodb:DeleteItem",
            "dynamodb:DescribeTable",
            "dynamodb:GetItem",
            "dynamodb:PutItem",
            "dynamodb:Query",
            "dynamodb:UpdateItem",
        ],
        vec![table("${AWS::Region}", sessions), table("${AWS::Region}", &format!("{sessions}/index/*"))],
    )];
    if site.control.read_by_tasks {
        let tables = site.control.regions.iter().map(|region| table(region, &site.control.table));
        statements.push(allow("Lease", &["dynamodb:GetItem"], tables.collect()));
    }
    statements.extend(site.roles.grants.iter().enumerate().map(|(place, grant)| {
        let actions: Vec<_> = grant.actions.iter().map(String::as_str).collect();
        let resources = grant.resources.iter().map(|arn| in_region(arn, region).into()).collect();
        allow(&format!("Grant{}", place + 1), &actions, resources)
    }));
    statements
}

fn allow(id: &str, actions: &[&str], resources: Vec<Json>) -> Json {
    json!({ "Sid": id, "Effect": "Allow", "Action": actions, "Resource": resources })
}

/// The ARN of a secret ends in six characters that Secrets Manager adds to its name.
fn with_suffix(name: &str) -> String {
    if name.ends_with('*') { name.into() } else { format!("{name}-??????") }
}

fn in_region(arn: &str, region: &str) -> String {
    arn.replace("{region}", region)
}
