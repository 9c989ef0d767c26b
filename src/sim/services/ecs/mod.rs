//! ECS over awsJson1_1.
#![allow(non_snake_case, reason = "members are spelt as AWS spells them")]

use crate::operation::{Protocol, Service};
use crate::operations;

pub const ECS: Service = Service {
    scope: "ecs",
    speaks: &[Protocol::Json { target: "AmazonEC2ContainerServiceV20141113", version: "1.1" }],
    items: &[],
    misshapen: "InvalidParameterException",
    global: false,
    operations: operations![],
};
