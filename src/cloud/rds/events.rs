//! What RDS tells of a cluster.

use super::MOST_PAGES;
use crate::cloud::Aws;
use crate::cloud::edge::{moment, text};
use crate::cloud::error::call_error;
use crate::model::event::{Event, Severity};
use crate::model::outcome::CallError;
use aws_sdk_rds::types::{Event as RdsEvent, SourceType};
use aws_smithy_types::DateTime;
use jiff::Timestamp;

/// Events of the cluster `id` (its name) since then, newest first. RDS keeps them for 14 days (RDS API
/// Reference, DescribeEvents).
pub async fn events(aws: &Aws, region: &str, id: &str, since: Timestamp) -> Result<Vec<Event>, CallError> {
    let client = &aws.regional(region)?.rds.reads;
    let (mut found, mut marker) = (vec![], None);
    for _ in 0..MOST_PAGES {
        let answer = client
            .describe_events()
            .source_identifier(id)
            .source_type(SourceType::DbCluster)
            .start_time(DateTime::from_secs(since.as_second()))
            .set_marker(marker)
            .send()
            .await
            .map_err(call_error)?;
        found.extend(answer.events().iter().filter_map(|event| told(event, region)));
        marker = answer.marker().filter(|marker| !marker.is_empty()).map(String::from);
        if marker.is_none() {
            break;
        }
    }
    found.sort_by_key(|event| std::cmp::Reverse(event.at));
    Ok(found)
}

/// An event without a date or words tells nothing.
fn told(event: &RdsEvent, region: &str) -> Option<Event> {
    let (at, text) = (moment(event.date())?, text(event.message()));
    let severity = severity(&text, event.event_categories());
    (!text.is_empty()).then(|| Event { at, severity, region: Some(region.into()), text: format!("RDS: {text}") })
}

/// How bad an event is, by its words, then by its categories (Aurora User Guide, event categories and
/// messages).
fn severity(text: &str, categories: &[String]) -> Severity {
    let text = text.to_ascii_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
    let of = |name: &str| categories.iter().any(|category| category == name);
    if has(&["failed", "timed out", "unable", "could not", "error", "incompatible"]) || of("failure") {
        Severity::Bad
    } else if has(&["finished", "completed", "complete.", "new primary", "promoted", "restored"]) {
        Severity::Good
    } else if has(&["started", "waiting", "blocked", "shut down", "cancel", "restart", "storage is full"])
        || of("failover")
        || of("global-failover")
        || of("maintenance")
    {
        Severity::Warn
    } else {
        Severity::Info
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_say_how_bad_an_event_is() {
        for (text, category, bad) in [
            ("Global switchover to DB cluster shop-db in Region eu-west-1 started.", "global-failover", Severity::Warn),
            (
                "Global switchover to DB cluster shop-db in Region eu-west-1 finished.",
                "global-failover",
                Severity::Good,
            ),
            ("Global failover to DB cluster shop-db in Region eu-west-1 failed.", "global-failover", Severity::Bad),
            ("Write blocking on the primary timed out.", "global-failover", Severity::Bad),
            ("Waiting for data to synchronize across global cluster members.", "global-failover", Severity::Warn),
            ("DB cluster created", "creation", Severity::Info),
            ("Something new", "failure", Severity::Bad),
        ] {
            assert_eq!(severity(text, &[category.to_string()]), bad, "{text}");
        }
    }

    #[test]
    fn an_event_without_a_date_is_left_out() {
        let event = RdsEvent::builder().message("DB cluster created");
        assert_eq!(told(&event.clone().build(), "eu-west-1"), None);
        let event = told(&event.date(DateTime::from_secs(60)).build(), "eu-west-1").unwrap();
        assert_eq!((event.text.as_str(), event.at.as_second()), ("RDS: DB cluster created", 60));
    }
}
