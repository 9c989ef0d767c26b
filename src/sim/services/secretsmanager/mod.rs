//! AWS Secrets Manager over awsJson1_1.
//!
//! `secrets` makes, tells and lists, `values` reads and writes, `delete` and `restore` are in `delete`, `replicas`
//! are in other Regions; `shape` tells a secret and `refuse` words what several refuse. Rotation is not known here.
#![allow(non_snake_case, reason = "members are spelt as AWS spells them")]

mod delete;
mod list;
mod password;
mod policy;
mod refuse;
mod replicas;
mod secrets;
mod shape;
mod tags;
#[cfg(test)]
mod tests;
mod values;

use crate::operation::{Protocol, Service};
use crate::operations;

pub const SECRETSMANAGER: Service = Service {
    scope: "secretsmanager",
    speaks: &[Protocol::Json { target: "secretsmanager", version: "1.1" }],
    items: &[],
    misshapen: "ValidationException",
    global: false,
    operations: operations![
        CreateSecret => secrets::create;
        DescribeSecret => secrets::describe, reads;
        UpdateSecret => secrets::update;
        ListSecrets => list::list, reads;
        GetSecretValue => values::get, reads;
        PutSecretValue => values::put;
        DeleteSecret => delete::delete;
        RestoreSecret => delete::restore;
        ReplicateSecretToRegions => replicas::replicate;
        RemoveRegionsFromReplication => replicas::remove;
        StopReplicationToReplica => replicas::stop;
        TagResource => tags::add;
        UntagResource => tags::remove;
        PutResourcePolicy => policy::put;
        GetResourcePolicy => policy::get, reads;
        DeleteResourcePolicy => policy::delete;
        GetRandomPassword => password::get;
    ],
};
