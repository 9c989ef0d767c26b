//! A spec to test with.

use crate::model::spec::{Alerts, App, Database, Nat, Network, Roles, Routing, Sessions, Site, Spec, Watch};
use std::collections::BTreeMap;

/// The stack of the simulator, in these Regions.
pub fn spec(regions: &[&str]) -> Spec {
    let mut stack = crate::config::simulated();
    stack.regions = regions.iter().map(ToString::to_string).collect();
    let site = |(place, name): (usize, &&str)| Site {
        name: name.to_string(),
        network: Network::Made { cidr: format!("10.{place}.0.0/16"), zones: 2, nat: Nat::One },
        certificate: None,
    };
    Spec {
        stack,
        tags: BTreeMap::new(),
        app: App {
            image: "shop:1".into(),
            port: 8080,
            cpu: 1024,
            memory: 2048,
            desired: 3,
            autoscaling: None,
            container_insights: false,
            environment: BTreeMap::new(),
            log_retention_days: 30,
            template: None,
        },
        regions: regions.iter().enumerate().map(site).collect(),
        roles: Roles::default(),
        database: Database { version: "16.6".into(), class: "db.r6g.large".into(), instances: 1, backup_days: 7 },
        sessions: Sessions { ttl_attribute: "expires_at".into() },
        control_regions: ["us-east-1", "us-east-2", "us-west-2"].map(String::from).to_vec(),
        routing: Routing::Latency,
        alerts: Alerts::default(),
        watch: Watch::default(),
    }
}
