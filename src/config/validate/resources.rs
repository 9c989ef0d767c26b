//! `[resources]`: what somebody else built, by its ARNs.

use super::super::resources::{KEYS, NamedSection, ResourcesSection};
use super::problems::Problems;
use super::regions::{REGIONS, no_region};
use crate::model::resources::{Named, Resources, name_of};
use crate::model::shapes::Arn;
use crate::model::text::nearest;
use std::collections::BTreeMap;
use toml::Spanned;

/// What an ARN has to be.
struct Kind {
    what: &'static str,
    service: &'static str,
    /// What comes after the account, up to the name.
    prefix: &'static str,
    /// What a whole one ends with, for the hint.
    like: &'static str,
    /// How many parts the name has between slashes.
    parts: usize,
}

const SERVICE: Kind =
    Kind { what: "ECS service", service: "ecs", prefix: "service/", like: "CLUSTER/SERVICE", parts: 2 };
const BALANCER: Kind = Kind {
    what: "Application Load Balancer",
    service: "elasticloadbalancing",
    prefix: "loadbalancer/app/",
    like: "NAME/0123456789abcdef",
    parts: 2,
};
const TARGET_GROUP: Kind = Kind {
    what: "target group",
    service: "elasticloadbalancing",
    prefix: "targetgroup/",
    like: "NAME/0123456789abcdef",
    parts: 2,
};
const LISTENER: Kind = Kind {
    what: "listener of an Application Load Balancer",
    service: "elasticloadbalancing",
    prefix: "listener/app/",
    like: "NAME/0123456789abcdef/0123456789abcdef",
    parts: 3,
};
const CLUSTER: Kind = Kind { what: "database cluster", service: "rds", prefix: "cluster:", like: "NAME", parts: 1 };
const GLOBAL: Kind =
    Kind { what: "global database", service: "rds", prefix: "global-cluster:", like: "NAME", parts: 1 };
const TABLE: Kind = Kind { what: "table", service: "dynamodb", prefix: "table/", like: "NAME", parts: 1 };
const SECRET: Kind =
    Kind { what: "secret", service: "secretsmanager", prefix: "secret:", like: "NAME-a1b2c3", parts: 1 };

/// Where an ARN must be.
enum At<'a> {
    Region(&'a str),
    /// Any Region of the stack.
    Any(&'a [&'a str]),
    /// In none.
    Nowhere,
}

pub(super) fn resources(section: &ResourcesSection, stack: &[&str], problems: &mut Problems) -> Resources {
    for key in &section.unknown {
        let name = key.get_ref();
        let hint = nearest(name, &KEYS)
            .map_or_else(|| format!("keys here are {}, and sections of Regions", KEYS.join(", ")), did_you_mean);
        problems.at(key, format!("[resources] unknown key `{name}`: {hint}"));
    }
    let mut read = Reader { problems, account: None };
    let global_cluster = read.arn("[resources] global_cluster", &GLOBAL, &At::Nowhere, section.global_cluster.as_ref());
    let mut regions = BTreeMap::new();
    for (name, named) in &section.regions {
        if read.region(name, stack) {
            regions.insert(name.get_ref().clone(), read.named(name.get_ref(), named));
        }
    }
    let sessions_table = read.table(section.sessions_table.as_ref(), stack);
    let heartbeat_secret =
        read.arn("[resources] heartbeat_secret", &SECRET, &At::Any(stack), section.heartbeat_secret.as_ref());
    if let (Some(database), None) = (&section.heartbeat_database, &section.heartbeat_secret) {
        let why = "says where heartbeats are written, and nobody writes any: give `heartbeat_secret` as well";
        read.problems.at(database, format!("[resources] heartbeat_database: {why}"));
    }
    let heartbeat_database = section.heartbeat_database.as_ref().map(|name| name.get_ref().clone());
    Resources { regions, global_cluster, sessions_table, heartbeat_secret, heartbeat_database }
}

fn did_you_mean(near: &str) -> String {
    format!("did you mean `{near}`?")
}

struct Reader<'a> {
    problems: &'a mut Problems,
    /// The account of the first ARN: a stack has one.
    account: Option<String>,
}

impl Reader<'_> {
    fn region(&mut self, name: &Spanned<String>, stack: &[&str]) -> bool {
        let text = name.get_ref().as_str();
        if stack.contains(&text) {
            return true;
        }
        let said = match REGIONS.contains(&text) {
            true => format!("{text} is no Region of this stack: its Regions are {}", stack.join(", ")),
            false => no_region(text),
        };
        self.problems.at(name, format!("[resources.{text}]: {said}"));
        false
    }

    fn named(&mut self, region: &str, given: &NamedSection) -> Named {
        let mut arn = |key: &str, kind: &Kind, value: &Option<Spanned<String>>| {
            self.arn(&format!("[resources.{region}] {key}"), kind, &At::Region(region), value.as_ref())
        };
        let named = Named {
            service: arn("service", &SERVICE, &given.service),
            load_balancer: arn("load_balancer", &BALANCER, &given.load_balancer),
            target_group: arn("target_group", &TARGET_GROUP, &given.target_group),
            listener: arn("listener", &LISTENER, &given.listener),
            database_cluster: arn("database_cluster", &CLUSTER, &given.database_cluster),
        };
        if let (Some(listener), Some(arn), Some(balancer)) = (&given.listener, &named.listener, &named.load_balancer)
            && !arn.starts_with(&format!("{}/", balancer.replace(":loadbalancer/", ":listener/")))
        {
            let why = "is not one of the load_balancer that is named: name one of it, or leave it out";
            self.problems.at(listener, format!("[resources.{region}] listener: {why}"));
        }
        named
    }

    /// The name, given as it is or as an ARN of any of the Regions: it is the same in all of them.
    fn table(&mut self, value: Option<&Spanned<String>>, stack: &[&str]) -> Option<String> {
        let text = value?.get_ref();
        if text.starts_with("arn:") {
            let arn = self.arn("[resources] sessions_table", &TABLE, &At::Any(stack), value)?;
            return Some(name_of(&arn).into());
        }
        // Amazon DynamoDB Developer Guide, naming rules
        let plain = |c: u8| c.is_ascii_alphanumeric() || b"_-.".contains(&c);
        if !(3..=255).contains(&text.len()) || !text.bytes().all(plain) {
            let why = format!("`{text}` is no name of a table: use its name or its ARN");
            self.problems.at(value?, format!("[resources] sessions_table: {why}"));
        }
        Some(text.clone())
    }

    fn arn(&mut self, key: &str, kind: &Kind, at: &At<'_>, value: Option<&Spanned<String>>) -> Option<String> {
        let value = value?;
        if let Err(why) = self.check(kind, at, value.get_ref()) {
            self.problems.at(value, format!("{key}: {why}"));
        }
        Some(value.get_ref().clone())
    }

    fn check(&mut self, kind: &Kind, at: &At<'_>, text: &str) -> Result<(), String> {
        let Kind { what, service, prefix, like, parts } = kind;
        let place = match at {
            At::Region(region) => region,
            At::Any(stack) => stack.first().copied().unwrap_or("us-east-1"),
            At::Nowhere => "",
        };
        let no = || {
            let article = if what.starts_with(['A', 'E']) { "an" } else { "a" };
            let example = format!("arn:aws:{service}:{place}:123456789012:{prefix}{like}");
            format!("`{text}` is no ARN of {article} {what}: use one like `{example}`")
        };
        let arn = Arn::read(text).ok_or_else(no)?;
        let name = arn.resource.strip_prefix(prefix).ok_or_else(no)?;
        if arn.service != *service || name.split('/').count() != *parts || name.split('/').any(str::is_empty) {
            return Err(no());
        }
        match at {
            At::Region(region) if arn.region != *region => {
                return Err(format!("is in {}: name the {what} of {region}, or move the line", or_none(arn.region)));
            }
            At::Any(stack) if !stack.contains(&arn.region) => {
                let all = stack.join(", ");
                return Err(format!("is in {}, no Region of this stack: its Regions are {all}", or_none(arn.region)));
            }
            At::Nowhere if !arn.region.is_empty() => return Err(no()),
            _ => {}
        }
        match &self.account {
            Some(first) if first != arn.account => {
                Err(format!("is of account {}, others are of {first}: a stack has one account", arn.account))
            }
            Some(_) => Ok(()),
            None => {
                self.account = Some(arn.account.into());
                Ok(())
            }
        }
    }
}

fn or_none(region: &str) -> &str {
    if region.is_empty() { "no Region" } else { region }
}
