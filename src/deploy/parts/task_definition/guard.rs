//! The guard beside what answers: it ends its task when the Region was deposed, or when nobody can tell.

use super::logs;
use crate::model::records::Tree;
use crate::model::spec::Spec;
use serde_json::{Value, json};

/// The container that guards.
const CONTAINER: &str = "guard";

/// MiB that are kept for it: of a few it uses.
const MEMORY: u32 = 32;

pub(super) struct Guard {
    region: String,
    image: String,
    table: String,
    control_regions: String,
    /// The switch for this Region on each peer.
    peers: String,
}

impl Guard {
    /// `None`: the spec has none.
    pub fn of(spec: &Spec, region: &str) -> Option<Self> {
        let image = spec.watch.guard_image.as_ref()?.replace("{region}", region);
        let (tree, path) = (spec.stack.tree(), Tree::switch_path(region));
        let switch = |peer: &str| {
            let https = spec.regions.iter().any(|site| site.name == peer && site.certificate.is_some());
            format!("{}://{}{path}", if https { "https" } else { "http" }, tree.origin(peer))
        };
        Some(Self {
            region: region.into(),
            image,
            table: spec.stack.control_table(),
            control_regions: spec.control_regions.join(","),
            peers: spec.stack.peers(region).map(switch).collect::<Vec<_>>().join(","),
        })
    }

    /// The task ends with it. It is healthy from when the epoch was confirmed.
    pub fn container(&self, log_group: &str) -> Value {
        let options = [
            ("--region", &self.region),
            ("--table", &self.table),
            ("--control-regions", &self.control_regions),
            ("--peers", &self.peers),
        ];
        let options = options.iter().flat_map(|(name, value)| [*name, value.as_str()]);
        let command: Vec<&str> = ["guard"].into_iter().chain(options).collect();
        json!({
            "name": CONTAINER,
            "image": self.image,
            "essential": true,
            "command": command,
            "environment": [],
            "secrets": [],
            "portMappings": [],
            "memoryReservation": MEMORY,
            "readonlyRootFilesystem": true,
            "healthCheck": {
                "command": ["CMD", "/tandem", "guard", "--probe"],
                "interval": 10,
                "timeout": 5,
                "retries": 3,
                "startPeriod": 10,
            },
            "logConfiguration": logs(&self.region, log_group, CONTAINER),
        })
    }

    /// What a container waits for that must not begin before the guard is open.
    pub fn awaited() -> Value {
        json!([{ "containerName": CONTAINER, "condition": "HEALTHY" }])
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::fixtures;
    use super::*;
    use crate::model::spec::Certificate;

    #[test]
    fn it_is_told_the_table_and_the_switches_on_its_peers() {
        let mut spec = fixtures::spec();
        assert!(Guard::of(&spec, "eu-west-1").is_none());
        spec.watch.guard_image = Some("123456789012.dkr.ecr.{region}.amazonaws.com/tandem:1".into());
        let guard = Guard::of(&spec, "eu-west-1").unwrap().container("/tandem/shop");
        assert_eq!(guard["image"], "123456789012.dkr.ecr.eu-west-1.amazonaws.com/tandem:1");
        let command: Vec<&str> = guard["command"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
        assert_eq!(
            command,
            [
                "guard",
                "--region",
                "eu-west-1",
                "--table",
                "shop-control",
                "--control-regions",
                "us-east-1,us-east-2,us-west-2",
                "--peers",
                "http://origin-us-east-1.app.shop.example/.tandem/switch/eu-west-1",
            ]
        );
        spec.regions[0].certificate = Some(Certificate::Made);
        let guard = Guard::of(&spec, "eu-west-1").unwrap().container("/tandem/shop");
        assert!(guard["command"].to_string().contains("https://origin-us-east-1."), "{guard}");
    }
}
