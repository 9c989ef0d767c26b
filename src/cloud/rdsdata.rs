//! The RDS Data API: heartbeats. It answers on a writer only, so a commit through it proves the writer.

use super::Aws;
use super::edge::some_text;
use super::error::call_error;
use crate::model::call::Heartbeat;
use crate::model::outcome::{CallError, ErrorClass};
use aws_sdk_rdsdata::operation::RequestId;
use aws_sdk_rdsdata::types::{Field, SqlParameter};

/// Commits a heartbeat, and tells the request's id.
///
/// # Errors
/// `Conflict` when a row of this vantage and number was there before; else as the call ends.
pub async fn heartbeat(aws: &Aws, region: &str, beat: &Heartbeat) -> Result<Option<String>, CallError> {
    let answer = aws
        .regional(region)?
        .rdsdata
        .writes
        .execute_statement()
        .resource_arn(&beat.cluster_arn)
        .secret_arn(&beat.secret)
        .database(&beat.database)
        .sql(Heartbeat::SQL)
        .parameters(text_parameter("vantage", &beat.vantage))
        .parameters(long("seq", beat.seq))
        .parameters(long("epoch", beat.epoch))
        .send()
        .await
        .map_err(call_error)?;
    if answer.number_of_records_updated() != 1 {
        let text = format!("a heartbeat {} {} was there before", beat.vantage, beat.seq);
        return Err(CallError::new(ErrorClass::Conflict, text));
    }
    Ok(some_text(answer.request_id()))
}

fn text_parameter(name: &str, value: &str) -> SqlParameter {
    SqlParameter::builder().name(name).value(Field::StringValue(value.to_string())).build()
}

fn long(name: &str, value: u64) -> SqlParameter {
    let value = i64::try_from(value).unwrap_or(i64::MAX);
    SqlParameter::builder().name(name).value(Field::LongValue(value)).build()
}
