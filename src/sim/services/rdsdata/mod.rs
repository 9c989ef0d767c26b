//! The RDS Data API over restJson: SQL for a cluster's writer.
#![allow(non_snake_case, reason = "members are spelt as AWS spells them")]

use crate::operation::{Protocol, Service};

pub const RDSDATA: Service = Service {
    scope: "rds-data",
    speaks: &[Protocol::RestJson],
    items: &[],
    misshapen: "BadRequestException",
    global: false,
    operations: &[],
};
