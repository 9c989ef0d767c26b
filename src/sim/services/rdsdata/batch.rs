//! `BatchExecuteStatement`: one statement for every set of parameters, all of them or none.

use super::access::Target;
use super::execute::statement;
use super::parameters::{self, SqlParameter};
use super::refuse::{database, no_transaction};
use crate::doc::Doc;
use crate::operation::{Answer, Caller};
use crate::world::World;
use crate::world::sql::Parameters;
use serde::{Deserialize, Serialize};

#[derive(Debug, Deserialize)]
pub struct BatchExecuteStatementRequest {
    resourceArn: String,
    secretArn: String,
    sql: String,
    schema: Option<String>,
    #[serde(default)]
    parameterSets: Vec<Vec<SqlParameter>>,
    transactionId: Option<String>,
}

#[derive(Debug, Serialize)]
pub struct BatchExecuteStatementResponse {
    updateResults: Vec<UpdateResult>,
}

#[derive(Debug, Serialize)]
struct UpdateResult {
    generatedFields: Vec<Doc>,
}

pub fn execute(
    world: &mut World,
    caller: &Caller,
    asked: BatchExecuteStatementRequest,
) -> Answer<BatchExecuteStatementResponse> {
    statement(&asked.sql, asked.schema.as_deref())?;
    let mut sets: Vec<Parameters> = asked.parameterSets.into_iter().map(parameters::read).collect::<Answer<_>>()?;
    if sets.is_empty() {
        sets.push(Parameters::new());
    }
    let target = Target { cluster: &asked.resourceArn, secret: &asked.secretArn };
    let count = match asked.transactionId.as_deref().filter(|id| !id.is_empty()) {
        None => {
            let outcomes = target.store(world, caller, |store| store.execute_all(&asked.sql, &sets, caller.now))?;
            let outcomes = outcomes.map_err(|error| database(&error))?;
            target.committed(world, caller, outcomes.iter().map(|outcome| outcome.updated).sum());
            outcomes.len()
        }
        Some(id) => {
            let outcomes = target.store(world, caller, |store| store.execute_in(id, &asked.sql, &sets, caller.now))?;
            let outcomes = outcomes.map_err(|why| no_transaction(id, why))?;
            outcomes.map_err(|error| database(&error))?.len()
        }
    };
    let updateResults = (0..count).map(|_| UpdateResult { generatedFields: vec![] }).collect();
    Ok(BatchExecuteStatementResponse { updateResults })
}
