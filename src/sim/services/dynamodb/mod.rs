//! Amazon DynamoDB over awsJson1_0: tables, replicas and items.
//!
//! `tables`, `update_table`, `replicas`, `settings` and `tags` are about tables, `shape` tells them; `items`, `update_item`
//! and `query` are about items, `batches` and `transactions` about several; `refuse` words what several of them
//! refuse. The legacy parameters that expressions replaced are not known here.
#![allow(non_snake_case, reason = "members are spelt as AWS spells them")]

mod batches;
mod items;
mod query;
mod refuse;
mod replicas;
mod settings;
mod shape;
mod tables;
mod tags;
#[cfg(test)]
mod tests;
mod transactions;
mod update_item;
mod update_table;

use crate::operation::{Protocol, Service};
use crate::operations;

pub const DYNAMODB: Service = Service {
    scope: "dynamodb",
    speaks: &[Protocol::Json { target: "DynamoDB_20120810", version: "1.0" }],
    items: &[],
    misshapen: "ValidationException",
    global: false,
    operations: operations![
        CreateTable => tables::create;
        DescribeTable => tables::describe, reads;
        ListTables => tables::list, reads;
        UpdateTable => update_table::update;
        DeleteTable => tables::delete;
        UpdateTimeToLive => settings::update_ttl;
        DescribeTimeToLive => settings::describe_ttl, reads;
        UpdateContinuousBackups => settings::update_backups;
        DescribeContinuousBackups => settings::describe_backups, reads;
        TagResource => tags::add;
        UntagResource => tags::remove;
        ListTagsOfResource => tags::list, reads;
        PutItem => items::put;
        GetItem => items::get, reads;
        DeleteItem => items::delete;
        UpdateItem => update_item::update;
        BatchGetItem => batches::get, reads;
        BatchWriteItem => batches::write;
        TransactGetItems => transactions::get, reads;
        TransactWriteItems => transactions::write;
        Query => query::query, reads;
        Scan => query::scan, reads;
    ],
};
