//! What is looked for: one item for each resource that is named, and the stack's own name in DNS.

use super::super::given::{LOGICAL_ID, STACK};
use crate::model::call::{Call, ROUTE53_HOME};
use crate::model::resources::{Named, in_region, name_of};
use crate::model::shapes::Arn;
use crate::model::stack::Stack;
use serde_json::{Value, json};

/// What kind of thing is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Global,
    Cluster,
    Table,
    Secret,
    Balancer,
    TargetGroup,
    Listener,
    Service,
    /// The records of the stack's name. They have no tags.
    Names,
}

impl Kind {
    /// What it is for the stack, as its tag says: as of a resource that a deployment makes.
    pub fn role(self) -> &'static str {
        match self {
            Kind::Global => "global-db",
            Kind::Cluster => "db",
            Kind::Table => "sessions",
            Kind::Secret => "secret/heartbeat",
            Kind::Balancer => "alb",
            Kind::TargetGroup => "target-group",
            Kind::Listener => "listener",
            Kind::Service => "service",
            Kind::Names => "names",
        }
    }

    /// By the name that the AWS CLI has for it.
    pub fn service(self) -> &'static str {
        match self {
            Kind::Global | Kind::Cluster => "rds",
            Kind::Table => "dynamodb",
            Kind::Secret => "secretsmanager",
            Kind::Balancer | Kind::TargetGroup | Kind::Listener => "elbv2",
            Kind::Service => "ecs",
            Kind::Names => "route53",
        }
    }
}

/// One thing that is looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// `us-east-1/alb`, or the role alone where it belongs to no Region.
    pub id: String,
    pub kind: Kind,
    /// Where it is asked for.
    pub region: String,
    /// Its ARN, or its name where that is what was given.
    pub name: String,
}

impl Item {
    fn of(kind: Kind, region: &str, name: &str) -> Self {
        Self { id: format!("{region}/{}", kind.role()), kind, region: region.into(), name: name.into() }
    }

    fn of_all(kind: Kind, region: &str, name: &str) -> Self {
        Self { id: kind.role().into(), ..Self::of(kind, region, name) }
    }

    /// What it is called, without what ARNs have around it.
    pub fn short(&self) -> &str {
        match Arn::read(&self.name) {
            Some(arn) if self.kind == Kind::Service => {
                arn.resource.split_once('/').map_or(arn.resource, |(_, name)| name)
            }
            Some(arn) if matches!(self.kind, Kind::Balancer | Kind::TargetGroup | Kind::Listener) => {
                let parts: Vec<&str> = arn.resource.split('/').collect();
                parts.get(if self.kind == Kind::TargetGroup { 1 } else { 2 }).copied().unwrap_or(arn.resource)
            }
            _ => name_of(&self.name),
        }
    }

    /// The one call that puts the tags on the resource with this ARN, in `region`.
    pub fn tagging(&self, stack: &str, region: &str, arn: &str) -> Option<Call> {
        let tags = [(STACK, stack), (LOGICAL_ID, self.kind.role())];
        let upper: Value = tags.iter().map(|(key, value)| json!({ "Key": key, "Value": value })).collect();
        let lower: Value = tags.iter().map(|(key, value)| json!({ "key": key, "value": value })).collect();
        let (operation, input) = match self.kind {
            Kind::Service => ("TagResource", json!({ "resourceArn": arn, "tags": lower })),
            Kind::Balancer | Kind::TargetGroup | Kind::Listener => {
                ("AddTags", json!({ "ResourceArns": [arn], "Tags": upper }))
            }
            Kind::Global | Kind::Cluster => ("AddTagsToResource", json!({ "ResourceName": arn, "Tags": upper })),
            Kind::Table => ("TagResource", json!({ "ResourceArn": arn, "Tags": upper })),
            Kind::Secret => ("TagResource", json!({ "SecretId": arn, "Tags": upper })),
            Kind::Names => return None,
        };
        Some(Call::request(region, self.kind.service(), operation, input))
    }
}

/// Everything that the stack names: what belongs to all Regions first, then Region by Region.
pub fn items(stack: &Stack) -> Vec<Item> {
    let resources = &stack.resources;
    let home = stack.regions.first().map_or(ROUTE53_HOME, String::as_str);
    let mut items = vec![Item::of_all(Kind::Names, ROUTE53_HOME, &stack.policy)];
    items.extend(resources.global_cluster.iter().map(|arn| Item::of_all(Kind::Global, home, arn)));
    if let Some(arn) = &resources.heartbeat_secret {
        let at = Arn::read(arn).map_or(home, |arn| arn.region);
        items.push(Item::of_all(Kind::Secret, at, arn));
    }
    for region in &stack.regions {
        items.extend(resources.sessions_table.iter().map(|name| Item::of(Kind::Table, region, name)));
        if let Some(Named { service, load_balancer, target_group, listener, database_cluster }) =
            resources.named(region)
        {
            let named = [
                (Kind::Cluster, database_cluster),
                (Kind::Balancer, load_balancer),
                (Kind::TargetGroup, target_group),
                (Kind::Listener, listener),
                (Kind::Service, service),
            ];
            let of = |(kind, arn): (Kind, &Option<String>)| Some(Item::of(kind, region, arn.as_deref()?));
            items.extend(named.into_iter().filter_map(of));
        }
    }
    items
}

/// What is not named, and so is looked for by the names that Tandem gives: keys of the configuration. A listener is found
/// from its load balancer, and a stack need not have heartbeats.
pub fn unnamed(stack: &Stack) -> Vec<String> {
    let resources = &stack.resources;
    let all = [("global_cluster", &resources.global_cluster), ("sessions_table", &resources.sessions_table)];
    let mut keys: Vec<String> =
        all.iter().filter(|(_, value)| value.is_none()).map(|(key, _)| (*key).to_string()).collect();
    let nothing = Named::default();
    for region in &stack.regions {
        let named = resources.named(region).unwrap_or(&nothing);
        let here = [
            ("service", &named.service),
            ("load_balancer", &named.load_balancer),
            ("target_group", &named.target_group),
            ("database_cluster", &named.database_cluster),
        ];
        keys.extend(here.iter().filter(|(_, value)| value.is_none()).map(|(key, _)| format!("{region}.{key}")));
    }
    keys
}

/// The name of a secret, from its ARN: six characters follow it (Secrets Manager User Guide, ARNs of secrets).
pub fn secret_name(arn: &str) -> &str {
    let name = name_of_secret(arn);
    name.len().checked_sub(7).and_then(|end| name.get(..end)).filter(|_| name.contains('-')).unwrap_or(name)
}

fn name_of_secret(arn: &str) -> &str {
    Arn::read(arn).and_then(|read| read.resource.strip_prefix("secret:")).unwrap_or(arn)
}

/// The ARN that a secret has where its primary is.
pub fn secret_at(arn: &str, primary: &str) -> String {
    in_region(arn, primary)
}
