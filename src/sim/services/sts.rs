//! STS over awsQuery.
#![allow(non_snake_case, reason = "members are spelt as AWS spells them")]

use crate::operation::{Answer, Caller, Protocol, Service};
use crate::operations;
use crate::world::{ACCOUNT, World, hex_id};
use serde::{Deserialize, Serialize};

pub const STS: Service = Service {
    scope: "sts",
    speaks: &[Protocol::Query { xmlns: "https://sts.amazonaws.com/doc/2011-06-15/" }],
    items: &[],
    misshapen: "ValidationError",
    global: false,
    operations: operations![GetCallerIdentity => identity, reads;],
};

#[derive(Deserialize)]
struct Ask {}

#[derive(Serialize)]
struct Identity {
    Account: &'static str,
    Arn: String,
    UserId: String,
}

fn identity(_: &mut World, caller: &Caller, _: Ask) -> Answer<Identity> {
    Ok(Identity {
        Account: ACCOUNT,
        Arn: format!("arn:aws:iam::{ACCOUNT}:user/operator"),
        UserId: format!("AIDA{}", hex_id(&["user", &caller.principal], 17).to_uppercase()),
    })
}
