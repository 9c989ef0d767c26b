//! Route 53 over restXml.
#![allow(non_snake_case, reason = "members are spelt as AWS spells them")]

use crate::operation::{Protocol, Service};
use crate::operations;

pub const ROUTE53: Service = Service {
    scope: "route53",
    speaks: &[Protocol::RestXml { xmlns: "https://route53.amazonaws.com/doc/2013-04-01/" }],
    items: &[],
    misshapen: "InvalidInput",
    global: true,
    operations: operations![],
};
