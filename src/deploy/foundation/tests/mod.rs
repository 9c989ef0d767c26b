//! Sites, and what becomes of them.

mod mistakes;
mod templates;

use super::*;
use crate::model::spec::Grant;
use std::collections::BTreeMap;

fn new(region: &str, cidr: &str, zones: u32, nat: Nat) -> Region {
    Region { name: region.into(), network: Network::Made { cidr: cidr.into(), zones, nat } }
}

fn existing(region: &str, cidr: &str) -> Region {
    let ids = |ids: &[&str]| ids.iter().map(|id| id.to_string()).collect();
    Region {
        name: region.into(),
        network: Network::Given {
            vpc: "vpc-0123456789abcdef0".into(),
            cidr: cidr.into(),
            public: ids(&["subnet-0000000a", "subnet-0000000b"]),
            private: ids(&["subnet-0000000c", "subnet-0000000d"]),
            route_tables: ids(&["rtb-0000000c", "rtb-0000000d"]),
        },
    }
}

/// A stack in two Regions of which one has its network made.
fn site() -> Site {
    Site {
        stack: "shop".into(),
        environment: "prod".into(),
        tags: BTreeMap::from([("team".into(), "checkout".into())]),
        regions: vec![new("us-east-1", "10.0.0.0/16", 2, Nat::PerZone), existing("eu-west-1", "10.1.0.0/16")],
        listeners: Listeners::Both,
        app_port: 8080,
        database_port: 5432,
        roles: Roles {
            path: "/tandem/".into(),
            boundary: Some("arn:aws:iam::123456789012:policy/limits".into()),
            execution: None,
            task: None,
            repositories: vec![],
            grants: vec![Grant {
                actions: vec!["sqs:SendMessage".into()],
                resources: vec!["arn:aws:sqs:{region}:123456789012:orders".into()],
            }],
        },
        log_retention_days: 30,
        sessions_table: "shop-sessions".into(),
        control: Control {
            table: "shop-control".into(),
            regions: vec!["us-east-1".into(), "us-west-2".into()],
            read_by_tasks: true,
        },
        secrets: vec!["shop/*".into(), "shared-api-key".into()],
        given_secrets: [
            "arn:aws:secretsmanager:{region}:123456789012:secret:mail-a1b2c3:password::",
            "arn:aws:secretsmanager:{region}:123456789012:secret:mail-a1b2c3:user::",
            "arn:aws:ssm:{region}:123456789012:parameter/shop/key",
        ]
        .map(String::from)
        .to_vec(),
        watched: false,
    }
}
