//! CloudWatch over rpc-v2-cbor, awsJson1_0 and awsQuery.
#![allow(non_snake_case, reason = "members are spelt as AWS spells them")]

use crate::operation::{Protocol, Service};
use crate::operations;

pub const CLOUDWATCH: Service = Service {
    scope: "monitoring",
    speaks: &[
        Protocol::Cbor,
        Protocol::Json { target: "GraniteServiceVersion20100801", version: "1.0" },
        Protocol::Query { xmlns: "http://monitoring.amazonaws.com/doc/2010-08-01/" },
    ],
    items: &[],
    misshapen: "InvalidParameterValue",
    global: false,
    operations: operations![],
};
