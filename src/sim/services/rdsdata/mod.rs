//! The RDS Data API over restJson: SQL for a cluster's writer.
//!
//! `access` finds the store that a call is about, `execute`, `batch` and `transactions` are the operations,
//! `parameters` reads values and `records` writes them, `refuse` words what is refused.
#![allow(non_snake_case, reason = "members are spelt as AWS spells them")]

mod access;
mod batch;
mod execute;
mod parameters;
mod records;
mod refuse;
#[cfg(test)]
mod tests;
mod transactions;

use crate::operation::{Protocol, Service};
use crate::operations;

pub const RDSDATA: Service = Service {
    scope: "rds-data",
    speaks: &[Protocol::RestJson],
    items: &[],
    misshapen: "ValidationException",
    global: false,
    operations: operations![
        ExecuteStatement => execute::execute, "POST" "/Execute" 200;
        BatchExecuteStatement => batch::execute, "POST" "/BatchExecute" 200;
        BeginTransaction => transactions::begin, "POST" "/BeginTransaction" 200;
        CommitTransaction => transactions::commit, "POST" "/CommitTransaction" 200;
        RollbackTransaction => transactions::rollback, "POST" "/RollbackTransaction" 200;
    ],
};
