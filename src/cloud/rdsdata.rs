//! The RDS Data API: heartbeats, written and read. It answers on a writer only, so a commit through it proves the writer.

use super::Aws;
use super::edge::{some_text, text as clean};
use super::error::call_error;
use crate::model::call::Heartbeat;
use crate::model::database::Proof;
use crate::model::outcome::{CallError, ErrorClass};
use aws_sdk_rdsdata::operation::RequestId;
use aws_sdk_rdsdata::types::{Field, SqlParameter};
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// Commits a heartbeat, and tells the request's id.
///
/// One that was there before is as good: what was not known to be committed may be sent again.
///
/// # Errors
/// As the call ends.
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
    Ok(some_text(answer.request_id()))
}

pub(super) fn text_parameter(name: &str, value: &str) -> SqlParameter {
    SqlParameter::builder().name(name).value(Field::StringValue(value.to_string())).build()
}

fn long(name: &str, value: u64) -> SqlParameter {
    let value = i64::try_from(value).unwrap_or(i64::MAX);
    SqlParameter::builder().name(name).value(Field::LongValue(value)).build()
}

/// The newest heartbeat of the highest epoch. One of a lower epoch that came later is left out: whoever wrote it
/// has not heard of the new epoch yet.
const LAST: &str = "SELECT vantage, seq, epoch, at FROM tandem_heartbeat ORDER BY epoch DESC, at DESC LIMIT 1";

/// The last proof that anybody left in the database of a writer; `None` when there is no heartbeat at all.
pub async fn last_proof(
    aws: &Aws,
    region: &str,
    cluster_arn: &str,
    secret: &str,
    database: &str,
) -> Result<Option<Proof>, CallError> {
    let call = aws.regional(region)?.rdsdata.reads.execute_statement().resource_arn(cluster_arn);
    let call = call.secret_arn(secret).database(database).sql(LAST);
    let answer = call.send().await.map_err(call_error)?;
    let Some(row) = answer.records().first() else { return Ok(None) };
    let unreadable = || CallError::new(ErrorClass::Service, "a heartbeat that cannot be read");
    proof(row, region).map(Some).ok_or_else(unreadable)
}

fn proof(row: &[Field], region: &str) -> Option<Proof> {
    let [vantage, seq, epoch, at] = row else { return None };
    Some(Proof {
        region: region.into(),
        epoch: unsigned(epoch)?,
        vantage: clean(vantage.as_string_value().ok().map(String::as_str)),
        seq: unsigned(seq)?,
        sent: moment(at.as_string_value().ok()?)?,
        took: None,
    })
}

fn unsigned(field: &Field) -> Option<u64> {
    u64::try_from(*field.as_long_value().ok()?).ok()
}

/// A `timestamptz` comes as text in UTC, without its zone (RDS Data API, data types); a zone is taken all the
/// same when it is there.
fn moment(text: &str) -> Option<Timestamp> {
    let utc = |text: &str| TimeZone::UTC.to_timestamp(text.parse::<DateTime>().ok()?).ok();
    let bare = text.strip_suffix("+00").unwrap_or(text);
    bare.parse::<Timestamp>().ok().or_else(|| utc(bare))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_database_tells_time_in_utc() {
        let expected: Timestamp = "2026-01-05T14:00:00.123Z".parse().unwrap();
        for text in [
            "2026-01-05 14:00:00.123",
            "2026-01-05T14:00:00.123Z",
            "2026-01-05 14:00:00.123+00",
            "2026-01-05 15:00:00.123+01:00",
        ] {
            assert_eq!(moment(text), Some(expected), "{text}");
        }
        assert_eq!(moment("2026-01-05 14:00:00").map(|at| at.as_second()), Some(expected.as_second()));
        assert_eq!(moment("yesterday"), None);
    }

    #[test]
    fn a_row_is_a_proof_or_cannot_be_read() {
        let text = |value: &str| Field::StringValue(value.into());
        let row =
            [text("operator\u{1b}[2J"), Field::LongValue(2), Field::LongValue(2), text("2026-01-05 14:00:00.123")];
        let proof = proof(&row, "eu-west-1").unwrap();
        assert_eq!((proof.epoch, proof.seq, proof.took), (2, 2, None));
        assert!(proof.vantage.chars().all(|c| !c.is_control()), "{proof:?}");
        assert_eq!(super::proof(&row[..3], "eu-west-1"), None);
        let null = [text("x"), Field::IsNull(true), Field::LongValue(2), text("2026-01-05 14:00:00")];
        assert_eq!(super::proof(&null, "eu-west-1"), None);
    }
}
