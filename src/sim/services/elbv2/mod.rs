//! Elastic Load Balancing v2 over awsQuery.
#![allow(non_snake_case, reason = "members are spelt as AWS spells them")]

use crate::operation::{Protocol, Service};
use crate::operations;

pub const ELBV2: Service = Service {
    scope: "elasticloadbalancing",
    speaks: &[Protocol::Query { xmlns: "http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/" }],
    items: &[],
    misshapen: "ValidationError",
    global: false,
    operations: operations![],
};
