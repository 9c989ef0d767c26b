//! Amazon RDS over awsQuery: Aurora clusters, instances and global clusters.
#![allow(non_snake_case, reason = "members are spelt as AWS spells them")]

use crate::operation::{Protocol, Service};

pub const RDS: Service = Service {
    scope: "rds",
    speaks: &[Protocol::Query { xmlns: "http://rds.amazonaws.com/doc/2014-10-31/" }],
    items: &[],
    misshapen: "InvalidParameterValue",
    global: false,
    operations: &[],
};
