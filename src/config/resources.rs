//! `[resources]` as it is written: a few keys for all, and a section for each Region.

use serde::Deserialize;
use serde::de::{IgnoredAny, MapAccess, Visitor};
use std::fmt;
use toml::Spanned;

/// The keys for all Regions.
pub(super) const KEYS: [&str; 4] = ["global_cluster", "sessions_table", "heartbeat_secret", "heartbeat_database"];

#[derive(Debug, Default)]
pub(super) struct ResourcesSection {
    pub global_cluster: Option<Spanned<String>>,
    pub sessions_table: Option<Spanned<String>>,
    pub heartbeat_secret: Option<Spanned<String>>,
    pub heartbeat_database: Option<Spanned<String>>,
    /// By the names of Regions, in the order of the file.
    pub regions: Vec<(Spanned<String>, NamedSection)>,
    /// Keys that mean nothing.
    pub unknown: Vec<Spanned<String>>,
}

/// What is named in one Region.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NamedSection {
    pub service: Option<Spanned<String>>,
    pub load_balancer: Option<Spanned<String>>,
    pub target_group: Option<Spanned<String>>,
    pub listener: Option<Spanned<String>>,
    pub database_cluster: Option<Spanned<String>>,
}

impl<'de> Deserialize<'de> for ResourcesSection {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Reader)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = ResourcesSection;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("keys and sections of Regions")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<ResourcesSection, A::Error> {
        let mut read = ResourcesSection::default();
        while let Some(key) = map.next_key::<Spanned<String>>()? {
            match key.get_ref().as_str() {
                "global_cluster" => read.global_cluster = Some(map.next_value()?),
                "sessions_table" => read.sessions_table = Some(map.next_value()?),
                "heartbeat_secret" => read.heartbeat_secret = Some(map.next_value()?),
                "heartbeat_database" => read.heartbeat_database = Some(map.next_value()?),
                // keys have none, and every Region has two
                name if name.contains('-') => {
                    let section = map.next_value()?;
                    read.regions.push((key, section));
                }
                _ => {
                    map.next_value::<IgnoredAny>()?;
                    read.unknown.push(key);
                }
            }
        }
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use crate::config::parse;
    use crate::model::snapshot::Lacks;
    use std::path::Path;

    const GOOD: &str = r#"
[stack]
name = "shop"
[[regions]]
name = "us-east-1"
[[regions]]
name = "eu-west-1"
[dns]
zone = "example.com"
[resources]
global_cluster = "arn:aws:rds::123456789012:global-cluster:orders"
sessions_table = "arn:aws:dynamodb:eu-west-1:123456789012:table/carts"
heartbeat_secret = "arn:aws:secretsmanager:us-east-1:123456789012:secret:beat-a1b2c3"
[resources.us-east-1]
service = "arn:aws:ecs:us-east-1:123456789012:service/live/front"
load_balancer = "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/edge/50dc6c495c0c9188"
target_group = "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/front/73e2d6bc24d8a067"
listener = "arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/edge/50dc6c495c0c9188/f2f7dc8efc522ab2"
database_cluster = "arn:aws:rds:us-east-1:123456789012:cluster:orders-a"
"#;

    fn said(text: &str) -> String {
        parse(Path::new("config.toml"), text).map_or_else(|e| e.to_string(), |config| format!("accepted {config:?}"))
    }

    #[test]
    fn what_is_named_is_what_the_stack_says() {
        let stack = parse(Path::new("config.toml"), GOOD).unwrap().stack;
        let here = "us-east-1";
        assert_eq!((stack.cluster(here).as_str(), stack.service(here).as_str()), ("live", "front"));
        assert_eq!(stack.scaling_resource(here), "service/live/front");
        assert!(stack.balancer(here).ends_with("loadbalancer/app/edge/50dc6c495c0c9188"));
        assert!(stack.target_group(here).ends_with("targetgroup/front/73e2d6bc24d8a067"));
        assert!(stack.listener(here).is_some_and(|arn| arn.ends_with("f2f7dc8efc522ab2")));
        assert_eq!((stack.global_cluster().as_str(), stack.member(here).as_str()), ("orders", "orders-a"));
        assert_eq!((stack.sessions_table().as_str(), stack.database()), ("carts", "app"));
        let secret = stack.heartbeat_secret("eu-west-1").unwrap();
        assert_eq!(secret, "arn:aws:secretsmanager:eu-west-1:123456789012:secret:beat-a1b2c3");
        assert_eq!(stack.lacks(), Lacks { heartbeats: false, canaries: true });
        // what is not named has the names that follow from the stack's
        let there = "eu-west-1";
        assert_eq!((stack.cluster(there).as_str(), stack.balancer(there).as_str()), ("shop", "shop-web"));
        assert_eq!((stack.listener(there), stack.member(there).as_str()), (None, "orders-eu-west-1"));
    }

    #[test]
    fn a_stack_without_it_is_tandems_own() {
        let (before, _) = GOOD.split_once("[resources]").unwrap();
        let stack = parse(Path::new("config.toml"), before).unwrap().stack;
        assert!(stack.resources.is_empty());
        assert_eq!(stack.lacks(), Lacks::default());
        assert_eq!(stack.heartbeat_secret("eu-west-1").as_deref(), Some("shop-heartbeat"));
        assert_eq!(stack.member("eu-west-1"), "shop-db-eu-west-1");
    }

    #[test]
    fn a_stack_that_somebody_else_built_has_no_heartbeats_of_itself() {
        let text = GOOD.replace("heartbeat_secret", "# heartbeat_secret");
        let stack = parse(Path::new("config.toml"), &text).unwrap().stack;
        assert_eq!(stack.heartbeat_secret("us-east-1"), None);
        assert!(stack.lacks().heartbeats);
    }

    #[test]
    fn mistakes_name_line_key_and_the_way_out() {
        let edit = |from: &str, to: &str| said(&GOOD.replace(from, to));
        let cases = [
            (
                edit("global_cluster =", "global_clustre ="),
                "11: [resources] unknown key `global_clustre`: did you mean `global_cluster`?",
            ),
            (
                edit("target_group =", "target_groop ="),
                "17: [resources.us-east-1] unknown key `target_groop`: did you mean `target_group`?",
            ),
            (
                edit("[resources.us-east-1]", "[resources.us-east-2]").lines().next().unwrap_or("").to_string(),
                "14: [resources.us-east-2]: us-east-2 is no Region of this stack: its Regions are us-east-1, eu-west-1",
            ),
            (
                edit("[resources.us-east-1]", "[resources.us-esat-1]"),
                "14: [resources.us-esat-1]: `us-esat-1` is no Region: did you mean `us-east-1`?",
            ),
            (
                edit("\"arn:aws:ecs:us-east-1:123456789012:service/live/front\"", "\"front\""),
                "15: [resources.us-east-1] service: `front` is no ARN of an ECS service: use one like \
                 `arn:aws:ecs:us-east-1:123456789012:service/CLUSTER/SERVICE`",
            ),
            (
                edit("service/live/front", "service/front"),
                "15: [resources.us-east-1] service: `arn:aws:ecs:us-east-1:123456789012:service/front` is no ARN of \
                 an ECS service: use one like `arn:aws:ecs:us-east-1:123456789012:service/CLUSTER/SERVICE`",
            ),
            (
                edit("arn:aws:ecs:us-east-1", "arn:aws:ecs:eu-west-1"),
                "15: [resources.us-east-1] service: is in eu-west-1: name the ECS service of us-east-1, or move the \
                 line",
            ),
            (
                edit("loadbalancer/app/edge", "loadbalancer/net/edge").lines().next().unwrap_or("").to_string(),
                "16: [resources.us-east-1] load_balancer: \
                 `arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/net/edge/50dc6c495c0c9188` is no \
                 ARN of an Application Load Balancer: use one like \
                 `arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/NAME/0123456789abcdef`",
            ),
            (
                edit("listener/app/edge", "listener/app/other"),
                "18: [resources.us-east-1] listener: is not one of the load_balancer that is named: name one of it, or \
                 leave it out",
            ),
            (
                edit("rds::123456789012:global-cluster", "rds:us-east-1:123456789012:global-cluster"),
                "11: [resources] global_cluster: `arn:aws:rds:us-east-1:123456789012:global-cluster:orders` is no ARN \
                 of a global database: use one like `arn:aws:rds::123456789012:global-cluster:NAME`",
            ),
            (
                edit("dynamodb:eu-west-1", "dynamodb:eu-west-2"),
                "12: [resources] sessions_table: is in eu-west-2, no Region of this stack: its Regions are us-east-1, \
                 eu-west-1",
            ),
            (
                edit("\"arn:aws:dynamodb:eu-west-1:123456789012:table/carts\"", "\"c!\""),
                "12: [resources] sessions_table: `c!` is no name of a table: use its name or its ARN",
            ),
            (
                edit("123456789012:cluster:orders-a", "210987654321:cluster:orders-a"),
                "19: [resources.us-east-1] database_cluster: is of account 210987654321, others are of 123456789012: \
                 a stack has one account",
            ),
            (
                edit(
                    "heartbeat_secret = \"arn:aws:secretsmanager:us-east-1:123456789012:secret:beat-a1b2c3\"",
                    "heartbeat_database = \"shop\"",
                ),
                "13: [resources] heartbeat_database: says where heartbeats are written, and nobody writes any: give \
                 `heartbeat_secret` as well",
            ),
        ];
        for (said, expected) in cases {
            assert_eq!(said, format!("config.toml:{expected}"));
        }
    }
}
