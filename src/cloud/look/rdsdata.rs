//! The RDS Data API: the table of heartbeats and the users that may enter it, as the database's own catalogues tell
//! them.

use super::rds::{find_global_in, instances, writer};
use crate::cloud::Aws;
use crate::cloud::edge::{region_of, text};
use crate::cloud::error::call_error;
use crate::model::deploy::Seen;
use crate::model::outcome::{CallError, ErrorClass};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// The database does not answer: whether there is a table is not known.
pub const UNAVAILABLE: &str = "unavailable";
/// The database does not let its owner in.
pub const CLOSED: &str = "closed";

/// Where heartbeats go, and who may enter.
#[derive(Debug, Clone)]
pub struct HeartbeatsOf {
    pub global: String,
    /// The secret of the owner.
    pub master: String,
    pub database: String,
    pub table: String,
    /// By user: its secret.
    pub users: BTreeMap<String, String>,
}

/// In PostgreSQL's catalogues (PostgreSQL, chapters on system views and the information schema).
const INDEXES: &str = "SELECT indexname::text FROM pg_indexes WHERE tablename = :table";
const ROLES: &str = "SELECT rolname::text FROM pg_roles WHERE rolcanlogin";
const GRANTS: &str = "SELECT grantee::text, privilege_type::text FROM information_schema.role_table_grants \
    WHERE table_name = :table";

/// The table with its users, at the member that writes. A table that is not there is absent, and so is everything
/// where there is no writer or no instance yet: all that makes it may be done twice. Its state is empty,
/// [`UNAVAILABLE`] or [`CLOSED`]; then `why` says more.
///
/// It gives `writer` (a Region) and `writer_arn`.
///
/// # Errors
/// As the calls to AWS end; what the database itself says is its state.
pub async fn heartbeats(aws: &Aws, regions: &[String], of: &HeartbeatsOf) -> Result<Seen, CallError> {
    let found = find_global_in(aws, regions, &of.global).await?;
    let arn = found.as_ref().and_then(writer).and_then(|writer| writer.db_cluster_arn()).map(String::from);
    let Some((arn, region)) = arn.and_then(|arn| Some((arn.clone(), region_of(&arn)?))) else {
        return Ok(Seen::absent());
    };
    if instances(aws, &region, arn.rsplit(':').next().unwrap_or_default()).await?.is_empty() {
        return Ok(Seen::absent());
    }
    let at = At { aws, region: &region, arn: &arn, database: &of.database };
    let seen = match at.asked(of).await {
        Ok(None) => return Ok(Seen::absent()),
        Ok(Some(is)) => Seen::there("", is),
        Err(error) => silent(error)?,
    };
    Ok(seen.giving("writer", region.clone()).giving("writer_arn", text(Some(&arn))))
}

/// What an error of the Data API says of the database. Errors of AWS stay errors.
fn silent(error: CallError) -> Result<Seen, CallError> {
    use ErrorClass::{Conflict, Denied, NotFound, Service, Timeout, Unreachable};
    let database = error.code.as_deref() == Some("DatabaseErrorException");
    let state = match error.class {
        Denied if database => CLOSED,
        Conflict | NotFound | Service | Timeout | Unreachable => UNAVAILABLE,
        _ => return Err(error),
    };
    Ok(Seen::there(state, Value::Null).giving("why", error.to_string()))
}

/// The database that is asked.
struct At<'a> {
    aws: &'a Aws,
    region: &'a str,
    arn: &'a str,
    database: &'a str,
}

impl At<'_> {
    /// What is there; `None` when the table is not.
    async fn asked(&self, of: &HeartbeatsOf) -> Result<Option<Value>, CallError> {
        let indexes = self.rows(&of.master, INDEXES, Some(&of.table)).await?;
        if indexes.is_empty() {
            return Ok(None);
        }
        let roles = self.rows(&of.master, ROLES, None).await?;
        let grants = self.rows(&of.master, GRANTS, Some(&of.table)).await?;
        let mut opens = Map::new();
        for (user, secret) in &of.users {
            opens.insert(user.clone(), json!(self.opens(secret, &of.table).await?));
        }
        Ok(Some(told(&of.users, &indexes, &roles, &grants, opens)))
    }

    /// Whether the user of the secret is let in to read the table.
    async fn opens(&self, secret: &str, table: &str) -> Result<bool, CallError> {
        match self.rows(secret, &format!("SELECT 1 FROM {table} LIMIT 1"), None).await {
            Ok(_) => Ok(true),
            Err(error) if error.class == ErrorClass::Throttled || error.class == ErrorClass::Expired => Err(error),
            Err(_) => Ok(false),
        }
    }

    /// The texts of the rows that a query gives.
    async fn rows(&self, secret: &str, sql: &str, table: Option<&str>) -> Result<Vec<Vec<String>>, CallError> {
        let call = self.aws.regional(self.region)?.rdsdata.reads.execute_statement();
        let call = call.resource_arn(self.arn).secret_arn(secret).database(self.database).sql(sql);
        let parameters = table.map(|table| vec![crate::cloud::rdsdata::text_parameter("table", table)]);
        let answer = call.set_parameters(parameters).send().await.map_err(call_error)?;
        let cell = |field: &aws_sdk_rdsdata::types::Field| text(field.as_string_value().ok().map(String::as_str));
        Ok(answer.records().iter().map(|row| row.iter().map(cell).collect()).collect())
    }
}

/// As the parts want it: only the wanted users, and of each what it may.
fn told(
    users: &BTreeMap<String, String>,
    indexes: &[Vec<String>],
    roles: &[Vec<String>],
    grants: &[Vec<String>],
    opens: Map<String, Value>,
) -> Value {
    let known: BTreeSet<&String> = roles.iter().flatten().collect();
    let may = |user: &String| -> Value {
        if !known.contains(user) {
            return Value::Null;
        }
        let of = grants.iter().filter(|row| row.first() == Some(user)).filter_map(|row| row.get(1));
        of.map(|word| (word.clone(), json!(true))).collect::<Map<_, _>>().into()
    };
    json!({
        "Indexes": indexes.iter().flatten().map(|name| (name.clone(), json!(true))).collect::<Map<_, _>>(),
        "Users": users.keys().map(|user| (user.clone(), may(user))).collect::<Map<_, _>>(),
        "Opens": opens,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(rows: &[&[&str]]) -> Vec<Vec<String>> {
        rows.iter().map(|row| row.iter().map(ToString::to_string).collect()).collect()
    }

    #[test]
    fn users_are_told_with_what_they_may() {
        let users = ["tandem_heartbeat", "tandem_reader"].map(|user| (user.to_string(), "secret".to_string())).into();
        let is = told(
            &users,
            &rows(&[&["tandem_heartbeat_pkey"]]),
            &rows(&[&["postgres"], &["tandem_heartbeat"]]),
            &rows(&[&["postgres", "SELECT"], &["tandem_heartbeat", "INSERT"], &["tandem_heartbeat", "SELECT"]]),
            Map::new(),
        );
        assert_eq!(is["Users"]["tandem_heartbeat"], json!({ "INSERT": true, "SELECT": true }));
        assert_eq!((&is["Users"]["tandem_reader"], &is["Users"]["postgres"]), (&json!(null), &json!(null)));
        assert_eq!(is["Indexes"], json!({ "tandem_heartbeat_pkey": true }));
    }

    #[test]
    fn what_the_database_says_is_a_state_and_what_aws_says_is_an_error() {
        let error = |class, code: &str| CallError { code: Some(code.into()), ..CallError::new(class, "no") };
        let state = |error| silent(error).map(|seen| seen.state);
        assert_eq!(state(error(ErrorClass::Service, "DatabaseUnavailableException")), Ok(UNAVAILABLE.into()));
        assert_eq!(state(error(ErrorClass::Conflict, "HttpEndpointNotEnabledException")), Ok(UNAVAILABLE.into()));
        assert_eq!(state(error(ErrorClass::Denied, "DatabaseErrorException")), Ok(CLOSED.into()));
        assert!(state(error(ErrorClass::Denied, "AccessDeniedException")).is_err());
        assert!(state(error(ErrorClass::Throttled, "ThrottlingException")).is_err());
    }
}
