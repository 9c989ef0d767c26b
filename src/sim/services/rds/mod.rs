//! Amazon RDS over awsQuery: Aurora clusters, instances and global clusters.
//!
//! One file a resource; `refusals` words what several of them refuse, `arn` reads and writes names. Wordings
//! that no public page shows are recalled.
#![allow(non_snake_case, reason = "members are spelt as AWS spells them")]

mod arn;
mod classes;
mod clusters;
mod create_cluster;
mod events;
mod globals;
mod http_endpoint;
mod instances;
mod parameter_groups;
mod parameters;
mod refusals;
mod restarts;
mod role_changes;
mod snapshots;
mod subnet_groups;
mod tags;
#[cfg(test)]
mod tests;
mod versions;

use crate::operation::{Protocol, Service};
use crate::operations;

pub const RDS: Service = Service {
    scope: "rds",
    speaks: &[Protocol::Query { xmlns: "http://rds.amazonaws.com/doc/2014-10-31/" }],
    items: &[
        ("GlobalClusters", "GlobalClusterMember"),
        ("GlobalClusterMembers", "GlobalClusterMember"),
        ("DBClusters", "DBCluster"),
        ("DBClusterMembers", "DBClusterMember"),
        ("AvailabilityZones", "AvailabilityZone"),
        ("VpcSecurityGroups", "VpcSecurityGroupMembership"),
        ("DBInstances", "DBInstance"),
        ("DBSubnetGroups", "DBSubnetGroup"),
        ("Subnets", "Subnet"),
        ("DBClusterParameterGroups", "DBClusterParameterGroup"),
        ("Parameters", "Parameter"),
        ("DBClusterSnapshots", "DBClusterSnapshot"),
        ("Events", "Event"),
        ("EventCategories", "EventCategory"),
        ("TagList", "Tag"),
        ("DBEngineVersions", "DBEngineVersion"),
        ("ValidUpgradeTarget", "UpgradeTarget"),
        ("DBParameterGroups", "DBParameterGroup"),
        ("OrderableDBInstanceOptions", "OrderableDBInstanceOption"),
    ],
    misshapen: "InvalidParameterValue",
    global: false,
    operations: operations![
        CreateGlobalCluster => globals::create;
        DescribeGlobalClusters => globals::describe, reads;
        ModifyGlobalCluster => globals::modify;
        DeleteGlobalCluster => globals::delete;
        RemoveFromGlobalCluster => globals::remove;
        SwitchoverGlobalCluster => role_changes::switchover;
        FailoverGlobalCluster => role_changes::failover;
        CreateDBCluster => create_cluster::create;
        DescribeDBClusters => clusters::describe, reads;
        ModifyDBCluster => clusters::modify;
        DeleteDBCluster => clusters::delete;
        CreateDBInstance => instances::create;
        DescribeDBInstances => instances::describe, reads;
        ModifyDBInstance => instances::modify;
        DeleteDBInstance => instances::delete;
        RebootDBInstance => restarts::reboot;
        FailoverDBCluster => restarts::failover;
        EnableHttpEndpoint => http_endpoint::enable;
        DisableHttpEndpoint => http_endpoint::disable;
        CreateDBSubnetGroup => subnet_groups::create;
        DescribeDBSubnetGroups => subnet_groups::describe, reads;
        DeleteDBSubnetGroup => subnet_groups::delete;
        CreateDBClusterParameterGroup => parameter_groups::of_clusters::create;
        DescribeDBClusterParameterGroups => parameter_groups::of_clusters::describe, reads;
        DescribeDBClusterParameters => parameter_groups::of_clusters::parameters, reads;
        ModifyDBClusterParameterGroup => parameter_groups::of_clusters::modify;
        DeleteDBClusterParameterGroup => parameter_groups::of_clusters::delete;
        CreateDBParameterGroup => parameter_groups::of_instances::create;
        DescribeDBParameterGroups => parameter_groups::of_instances::describe, reads;
        DescribeDBParameters => parameter_groups::of_instances::parameters, reads;
        ModifyDBParameterGroup => parameter_groups::of_instances::modify;
        DeleteDBParameterGroup => parameter_groups::of_instances::delete;
        CreateDBClusterSnapshot => snapshots::create;
        DescribeDBClusterSnapshots => snapshots::describe, reads;
        CopyDBClusterSnapshot => snapshots::copy;
        DeleteDBClusterSnapshot => snapshots::delete;
        DescribeEvents => events::describe, reads;
        AddTagsToResource => tags::add;
        ListTagsForResource => tags::list, reads;
        RemoveTagsFromResource => tags::remove;
        DescribeDBEngineVersions => versions::describe, reads;
        DescribeOrderableDBInstanceOptions => classes::describe, reads;
    ],
};
