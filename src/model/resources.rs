//! What somebody else built, by its ARNs: `[resources]` of the configuration. What is named here is watched, operated and
//! tagged, and never made, replaced or deleted.

use super::shapes::Arn;
use std::collections::BTreeMap;

/// Empty for a stack that Tandem makes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Resources {
    /// By Region.
    pub regions: BTreeMap<String, Named>,
    /// The ARN of the global database.
    pub global_cluster: Option<String>,
    /// The name of the session table, the same in every Region.
    pub sessions_table: Option<String>,
    /// The ARN of the secret of the database user that writes heartbeats, as one Region has it.
    pub heartbeat_secret: Option<String>,
    /// The database that has the table of heartbeats.
    pub heartbeat_database: Option<String>,
}

/// What is named in one Region, by ARNs.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Named {
    /// With its cluster: `arn:aws:ecs:REGION:ACCOUNT:service/CLUSTER/SERVICE`.
    pub service: Option<String>,
    pub load_balancer: Option<String>,
    pub target_group: Option<String>,
    /// Where there is none, the one that users meet is found.
    pub listener: Option<String>,
    pub database_cluster: Option<String>,
}

impl Resources {
    /// Whether nothing is named: everything has the names that follow from the stack's.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    pub fn named(&self, region: &str) -> Option<&Named> {
        self.regions.get(region)
    }
}

impl Named {
    /// The names of the cluster and of the service.
    pub fn cluster_and_service(&self) -> Option<(&str, &str)> {
        Arn::read(self.service.as_deref()?)?.resource.strip_prefix("service/")?.split_once('/')
    }
}

/// What an ARN names, without its kind: `cluster:NAME` is `NAME`. A name is itself.
pub fn name_of(arn: &str) -> &str {
    arn.rsplit([':', '/']).next().unwrap_or(arn)
}

/// The same resource as another Region has it: replicas differ by nothing else (Secrets Manager User Guide, replicate a
/// secret; DynamoDB Developer Guide, global tables). A name is itself.
pub fn in_region(arn: &str, region: &str) -> String {
    match Arn::read(arn) {
        Some(read) => format!("arn:aws:{}:{region}:{}:{}", read.service, read.account, read.resource),
        None => arn.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arn_tells_names_and_its_copies() {
        let service = Some("arn:aws:ecs:eu-west-1:123456789012:service/live/web".to_string());
        let named = Named { service, ..Named::default() };
        assert_eq!(named.cluster_and_service(), Some(("live", "web")));
        assert_eq!(Named::default().cluster_and_service(), None);
        assert_eq!(name_of("arn:aws:rds::123456789012:global-cluster:orders"), "orders");
        let secret = "arn:aws:secretsmanager:us-east-1:123456789012:secret:beat-a1b2c3";
        assert_eq!(in_region(secret, "eu-west-1"), "arn:aws:secretsmanager:eu-west-1:123456789012:secret:beat-a1b2c3");
        assert_eq!(in_region("beat", "eu-west-1"), "beat");
    }
}
