//! What statements are about: the resources, by the stack's names, and the Regions.
//!
//! Names that a stack makes begin with its own and a dash, so a second stack whose name goes on after such a dash
//! (`shop` and `shop-two`) is partly in reach of the first one's policies.

use crate::cloud::cloudwatch::NAMESPACE;
use crate::model::call::ROUTE53_HOME;
use crate::model::spec::{Roles, Spec};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// The resources of a statement, and a condition that belongs to them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum On {
    /// What has no resource-level permissions, or what is only read.
    Everything,
    Ecs,
    Service,
    ScalableTargets,
    Balancing,
    Rules,
    /// Zones have ids, but records have names: those below the policy record's.
    Records,
    Checks,
    /// What a failover and its snapshots are about.
    Clusters,
    Database,
    DataApi,
    /// Any key of the account, as long as it is RDS that asks.
    KeyByRds,
    Secrets,
    HeartbeatSecrets,
    Tables,
    Sessions,
    Control,
    Watching,
    /// Metrics in the namespace of watchers.
    OwnMetrics,
    /// The roles of tasks, for tasks.
    RolesToTasks,
    ServiceRoles,
    Stacks,
    Logs,
    SubnetGroup,
    Keys,
    /// Roles that are made.
    Roles,
    /// The same, within the boundary if there is one.
    RolesInBounds,
}

/// The Regions of a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Where {
    /// IAM and Route 53 are of no Region; reads look for leftovers wherever names point.
    Anywhere,
    Stack,
    /// And those of the control table.
    Tables,
    /// And those of watchers.
    Watched,
    /// The same and us-east-1, where Route 53 tells how health checks are.
    Alarms,
}

/// Services that make their own roles when they are first used: ECS, load balancers, RDS, autoscaling of ECS, and the
/// replication of DynamoDB.
const SERVICE_ROLES: [&str; 5] = [
    "ecs.amazonaws.com",
    "ecs.application-autoscaling.amazonaws.com",
    "elasticloadbalancing.amazonaws.com",
    "rds.amazonaws.com",
    "replication.dynamodb.amazonaws.com",
];

/// What names follow from.
pub(super) struct Names<'a> {
    pub spec: &'a Spec,
    /// `*`: any.
    pub account: &'a str,
}

impl Names<'_> {
    /// ARNs; none when a stack has no such thing.
    pub fn resources(&self, on: On) -> Vec<String> {
        // names of what is made are the same in every Region
        let (stack, home) = (&self.spec.stack, self.spec.home());
        let (name, service, db) = (&stack.name, stack.service(home), stack.global_cluster());
        let of = |kind: &str, names: &[String]| names.iter().map(|name| self.arn(kind, "*", name)).collect::<Vec<_>>();
        match on {
            On::Everything => vec!["*".into()],
            On::Ecs => {
                let app = (stack.cluster(home), service);
                let watchers = self.watched().then(|| (stack.watch_name(), stack.watch_name()));
                let names = [app].into_iter().chain(watchers).flat_map(|(cluster, service)| {
                    let names = [format!("cluster/{cluster}"), format!("service/{cluster}/{service}")];
                    names.into_iter().chain([format!("task-definition/{service}:*")])
                });
                of("ecs", &names.collect::<Vec<_>>())
            }
            On::Service => of("ecs", &[format!("service/{}/{service}", stack.cluster(home))]),
            On::ScalableTargets => of("application-autoscaling", &["scalable-target/*".into()]),
            On::Balancing => of(
                "elasticloadbalancing",
                &["listener-rule/app", "listener/app", "loadbalancer/app", "targetgroup"]
                    .map(|kind| format!("{kind}/{service}/*")),
            ),
            On::Rules => of("elasticloadbalancing", &[format!("listener-rule/app/{service}/*")]),
            On::Records => vec!["arn:aws:route53:::hostedzone/*".into()],
            On::Checks => vec!["arn:aws:route53:::healthcheck/*".into()],
            On::Clusters => {
                let names =
                    [format!("cluster:{db}-*"), "cluster-snapshot:kept-*".into(), "cluster-snapshot:rds:*".into()];
                of("rds", &names).into_iter().chain([self.global(&db)]).collect()
            }
            On::Database => {
                let names = [
                    format!("cluster:{db}-*"),
                    format!("cluster-pg:{db}"),
                    "cluster-pg:default.*".into(),
                    format!("cluster-snapshot:{db}-*"),
                    format!("db:{db}-*"),
                    "og:default:*".into(),
                    "pg:default.*".into(),
                    format!("subgrp:{db}"),
                ];
                of("rds", &names).into_iter().chain([self.global(&db)]).collect()
            }
            On::DataApi => of("rds", &[format!("cluster:{db}-*")]),
            On::KeyByRds => of("kms", &["key/*".into()]),
            On::Secrets => of("secretsmanager", &[format!("secret:{name}-*")]),
            On::HeartbeatSecrets => {
                of("secretsmanager", &["heartbeat", "reader"].map(|user| format!("secret:{name}-{user}-*")))
            }
            On::Tables => {
                of("dynamodb", &[stack.control_table(), stack.sessions_table()].map(|one| format!("table/{one}")))
            }
            On::Sessions => of("dynamodb", &[format!("table/{}", stack.sessions_table())]),
            On::Control => of("dynamodb", &[format!("table/{}", stack.control_table())]),
            // those of autoscaling are put by the service in the caller's name
            On::Watching => {
                let names =
                    [format!("alarm:{name}-*"), format!("alarm:TargetTracking-service/{}/*", stack.cluster(home))];
                let dashboard = self.arn("cloudwatch", "", &format!("dashboard/{name}"));
                of("cloudwatch", &names).into_iter().chain([dashboard]).collect()
            }
            On::RolesToTasks => self.made().into_iter().chain(self.given()).collect(),
            On::ServiceRoles => vec![self.arn("iam", "", "role/aws-service-role/*")],
            On::OwnMetrics => vec!["*".into()],
            On::Stacks => {
                let watch = self.watched().then_some("watch");
                let stacks = ["base", "certificate", "peering-*", "routes"].into_iter().chain(watch);
                of("cloudformation", &stacks.map(|one| format!("stack/{name}-{one}/*")).collect::<Vec<_>>())
            }
            On::Logs => {
                let groups = [name.clone()].into_iter().chain(self.watched().then(|| format!("{name}/watch")));
                let both = groups.flat_map(|group| ["", ":*"].map(|end| format!("log-group:/tandem/{group}{end}")));
                of("logs", &both.collect::<Vec<_>>())
            }
            On::SubnetGroup => of("rds", &[format!("subgrp:{db}")]),
            On::Keys => of("kms", &[format!("alias/{db}"), "key/*".into()]),
            On::Roles | On::RolesInBounds => self.made(),
        }
    }

    /// `None`: there is none.
    pub fn condition(&self, on: On, place: Where) -> Option<Value> {
        let mut equal = Map::new();
        let mut like = Map::new();
        if let Some(regions) = self.regions(place) {
            equal.insert("aws:RequestedRegion".into(), json!(regions));
        }
        match on {
            On::OwnMetrics => drop(equal.insert("cloudwatch:namespace".into(), json!(NAMESPACE))),
            On::RolesToTasks => drop(equal.insert("iam:PassedToService".into(), json!("ecs-tasks.amazonaws.com"))),
            On::ServiceRoles => drop(equal.insert("iam:AWSServiceName".into(), json!(SERVICE_ROLES))),
            On::KeyByRds => drop(like.insert("kms:ViaService".into(), json!("rds.*.amazonaws.com"))),
            On::RolesInBounds => {
                if let Some(boundary) = &self.spec.roles.boundary {
                    equal.insert("iam:PermissionsBoundary".into(), json!(boundary));
                }
            }
            On::Records => {
                let policy = self.spec.stack.policy.to_ascii_lowercase();
                let names = json!({ RECORD_NAMES: [policy, format!("*.{policy}")] });
                return Some(json!({ "ForAllValues:StringLike": names }));
            }
            _ => {}
        }
        let tests = [("StringEquals", equal), ("StringLike", like)];
        let tests: Map<String, Value> = tests
            .into_iter()
            .filter(|(_, keys)| !keys.is_empty())
            .map(|(test, keys)| (test.to_string(), Value::Object(keys)))
            .collect();
        (!tests.is_empty()).then_some(Value::Object(tests))
    }

    /// In alphabetical order; `None`: any.
    fn regions(&self, place: Where) -> Option<BTreeSet<&str>> {
        let stack = self.spec.region_names();
        Some(match place {
            Where::Anywhere => return None,
            Where::Stack => stack.collect(),
            Where::Tables => stack.chain(self.spec.control_regions.iter().map(String::as_str)).collect(),
            Where::Watched => stack.chain(self.spec.watch_regions()).collect(),
            Where::Alarms => stack.chain(self.spec.watch_regions()).chain([ROUTE53_HOME]).collect(),
        })
    }

    fn arn(&self, service: &str, region: &str, resource: &str) -> String {
        format!("arn:aws:{service}:{region}:{}:{resource}", self.account)
    }

    fn global(&self, db: &str) -> String {
        self.arn("rds", "", &format!("global-cluster:{db}"))
    }

    fn watched(&self) -> bool {
        self.spec.watch.image.is_some()
    }

    /// The roles that are made, in all Regions. Watchers have their own, whatever is given.
    fn made(&self) -> Vec<String> {
        let Roles { path, execution, task, .. } = &self.spec.roles;
        let role = |what: &str| self.arn("iam", "", &format!("role{path}{}-*-{what}", self.spec.stack.name));
        let made = [("execution", execution), ("task", task)].into_iter().filter_map(|(what, given)| match given {
            None => Some(role(what)),
            Some(_) => self.watched().then(|| role(&format!("watch-{what}"))),
        });
        made.collect()
    }

    /// The roles that are given.
    fn given(&self) -> Vec<String> {
        let Roles { execution, task, .. } = &self.spec.roles;
        [execution, task].into_iter().flatten().map(|arn| arn.replace("{region}", "*")).collect()
    }
}

const RECORD_NAMES: &str = "route53:ChangeResourceRecordSetsNormalizedRecordNames";
