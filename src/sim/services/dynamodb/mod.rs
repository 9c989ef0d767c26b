//! Amazon DynamoDB over awsJson1_0.
#![allow(non_snake_case, reason = "members are spelt as AWS spells them")]

use crate::operation::{Protocol, Service};

pub const DYNAMODB: Service = Service {
    scope: "dynamodb",
    speaks: &[Protocol::Json { target: "DynamoDB_20120810", version: "1.0" }],
    items: &[],
    misshapen: "ValidationException",
    global: false,
    operations: &[],
};
