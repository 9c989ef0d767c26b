//! Application Auto Scaling over awsJson1_1.
#![allow(non_snake_case, reason = "members are spelt as AWS spells them")]

use crate::operation::{Protocol, Service};
use crate::operations;

pub const AUTOSCALING: Service = Service {
    scope: "application-autoscaling",
    speaks: &[Protocol::Json { target: "AnyScaleFrontendService", version: "1.1" }],
    items: &[],
    misshapen: "ValidationException",
    global: false,
    operations: operations![],
};
