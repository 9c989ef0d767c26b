//! Transactions over several calls.

use super::access::Target;
use super::execute::statement;
use super::refuse::{database, no_transaction};
use crate::operation::{Answer, Caller};
use crate::world::{World, uuid};
use serde::{Deserialize, Serialize};

#[derive(Debug, Deserialize)]
pub struct BeginTransactionRequest {
    resourceArn: String,
    secretArn: String,
    schema: Option<String>,
}

#[derive(Debug, Serialize)]
pub struct BeginTransactionResponse {
    transactionId: String,
}

pub fn begin(world: &mut World, caller: &Caller, asked: BeginTransactionRequest) -> Answer<BeginTransactionResponse> {
    statement("", asked.schema.as_deref())?;
    let transactionId = uuid(&["transaction", &world.seed.to_string(), &world.next_id().to_string()]);
    let target = Target { cluster: &asked.resourceArn, secret: &asked.secretArn };
    let begun = target.store(world, caller, |store| store.begin(&transactionId, caller.now))?;
    begun.map_err(|error| database(&error))?;
    Ok(BeginTransactionResponse { transactionId })
}

#[derive(Debug, Deserialize)]
pub struct EndTransactionRequest {
    resourceArn: String,
    secretArn: String,
    transactionId: String,
}

#[derive(Debug, Serialize)]
pub struct EndTransactionResponse {
    transactionStatus: &'static str,
}

pub fn commit(world: &mut World, caller: &Caller, asked: EndTransactionRequest) -> Answer<EndTransactionResponse> {
    let target = Target { cluster: &asked.resourceArn, secret: &asked.secretArn };
    let id = &asked.transactionId;
    let rows = target.store(world, caller, |store| store.commit(id, caller.now))?;
    let rows = rows.map_err(|why| no_transaction(id, why))?.map_err(|error| database(&error))?;
    target.committed(world, caller, rows);
    Ok(EndTransactionResponse { transactionStatus: "Transaction Committed" })
}

pub fn rollback(world: &mut World, caller: &Caller, asked: EndTransactionRequest) -> Answer<EndTransactionResponse> {
    let target = Target { cluster: &asked.resourceArn, secret: &asked.secretArn };
    let id = &asked.transactionId;
    let done = target.store(world, caller, |store| store.rollback(id, caller.now))?;
    done.map_err(|why| no_transaction(id, why))?;
    Ok(EndTransactionResponse { transactionStatus: "Rollback Complete" })
}
