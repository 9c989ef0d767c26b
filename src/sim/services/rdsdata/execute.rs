//! `ExecuteStatement`: one statement, alone or in a transaction.
//!
//! The real call ends after 45 seconds (`StatementTimeoutException`); no statement takes so long here.

use super::access::Target;
use super::parameters::{self, SqlParameter};
use super::records::{self, ColumnMetadata, ResultSetOptions, one_of};
use super::refuse::{database, invalid, no_transaction};
use crate::doc::Doc;
use crate::operation::{Answer, Caller};
use crate::world::World;
use crate::world::sql::MAX_STATEMENT;
use serde::{Deserialize, Serialize};

#[derive(Debug, Deserialize)]
pub struct ExecuteStatementRequest {
    resourceArn: String,
    secretArn: String,
    sql: String,
    schema: Option<String>,
    #[serde(default)]
    parameters: Vec<SqlParameter>,
    transactionId: Option<String>,
    #[serde(default)]
    includeResultMetadata: bool,
    #[serde(default)]
    resultSetOptions: ResultSetOptions,
    formatRecordsAs: Option<String>,
}

#[derive(Debug, Default, Serialize)]
pub struct ExecuteStatementResponse {
    records: Option<Vec<Vec<Doc>>>,
    columnMetadata: Option<Vec<ColumnMetadata>>,
    numberOfRecordsUpdated: u64,
    /// Aurora PostgreSQL generates none; `RETURNING` gives them.
    generatedFields: Option<Vec<Doc>>,
    formattedRecords: Option<String>,
}

pub fn execute(world: &mut World, caller: &Caller, asked: ExecuteStatementRequest) -> Answer<ExecuteStatementResponse> {
    statement(&asked.sql, asked.schema.as_deref())?;
    one_of("formatRecordsAs", asked.formatRecordsAs.as_deref(), &["NONE", "JSON"])?;
    asked.resultSetOptions.check()?;
    let parameters = parameters::read(asked.parameters)?;
    let target = Target { cluster: &asked.resourceArn, secret: &asked.secretArn };
    let outcome = match asked.transactionId.as_deref().filter(|id| !id.is_empty()) {
        None => {
            let outcome = target.store(world, caller, |store| store.execute(&asked.sql, &parameters, caller.now))?;
            let outcome = outcome.map_err(|error| database(&error))?;
            target.committed(world, caller, outcome.updated);
            outcome
        }
        Some(id) => {
            let sets = [parameters];
            let outcomes = target.store(world, caller, |store| store.execute_in(id, &asked.sql, &sets, caller.now))?;
            let outcomes = outcomes.map_err(|why| no_transaction(id, why))?;
            outcomes.map_err(|error| database(&error))?.pop().unwrap_or_default()
        }
    };
    if outcome.columns.is_empty() {
        let generatedFields = Some(vec![]);
        return Ok(ExecuteStatementResponse {
            numberOfRecordsUpdated: outcome.updated,
            generatedFields,
            ..Default::default()
        });
    }
    // A statement that gives rows counts none (recalled), also with RETURNING.
    if asked.formatRecordsAs.as_deref() == Some("JSON") {
        let formattedRecords = Some(records::json_text(&outcome)?);
        return Ok(ExecuteStatementResponse { formattedRecords, ..Default::default() });
    }
    Ok(ExecuteStatementResponse {
        records: Some(records::fields(&outcome, &asked.resultSetOptions)?),
        columnMetadata: asked.includeResultMetadata.then(|| records::metadata(&outcome)),
        ..Default::default()
    })
}

/// What can be said of a statement before it is read.
pub fn statement(sql: &str, schema: Option<&str>) -> Answer<()> {
    if sql.chars().count() > MAX_STATEMENT {
        return invalid(format!(
            "1 validation error detected: Value at 'sql' failed to satisfy constraint: Member must have length less than or equal to {MAX_STATEMENT}"
        ));
    }
    if schema.is_some_and(|schema| !schema.is_empty()) {
        return invalid("The schema parameter isn't supported");
    }
    Ok(())
}
