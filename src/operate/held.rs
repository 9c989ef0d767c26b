//! What drains of earlier processes took and nobody has put back: a weight is nowhere but in the journal.

use super::run::puts_back_the_same;
use crate::control::journal::{CallOf, Record, What};
use crate::model::call::{Act, Call};
use crate::model::outcome::Outcome;

/// The calls that put records back, as journals have them, oldest first; one that was sent since is left out. They
/// delete what must stand there exactly, so one that is out of date is refused by Route 53.
pub fn outstanding<'a>(records: impl IntoIterator<Item = &'a Record>) -> Vec<Call> {
    let mut held: Vec<Call> = vec![];
    let mut sending: Option<(CallOf, &str)> = None;
    for record in records {
        match &record.what {
            What::Held { call, .. } if matches!(call.act, Act::ChangeResourceRecordSets { .. }) => {
                held.retain(|one| !puts_back_the_same(one, call));
                held.push(call.clone());
            }
            What::Sending { of, command, .. } => sending = Some((*of, command)),
            What::Ended { of, outcome: Outcome::Done { .. } } => {
                if let Some((_, command)) = sending.filter(|(sent, _)| sent == of) {
                    held.retain(|one| one.cli() != command);
                }
            }
            _ => {}
        }
    }
    held
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::call::{Change, ChangeAction};
    use crate::model::records::{RecordSet, Routing};
    use jiff::Timestamp;

    fn back(identifier: &str, weight: i64) -> Call {
        let set = |weight| RecordSet {
            name: "app.example.com".into(),
            kind: "A".into(),
            set_identifier: Some(identifier.into()),
            routing: Routing::Weighted(weight),
            alias: None,
            ttl_s: None,
            values: vec![],
            health_check: None,
        };
        let changes = [(ChangeAction::Delete, 0), (ChangeAction::Create, weight)];
        let changes = changes.map(|(action, weight)| Change { action, set: set(weight) }).into();
        Call::new("us-east-1", Act::ChangeResourceRecordSets { zone_id: "Z".into(), changes })
    }

    fn held(call: &Call) -> What {
        What::Held { operation: 1, call: call.clone() }
    }

    fn outstanding_of(whats: Vec<What>) -> Vec<Call> {
        let at = Timestamp::UNIX_EPOCH;
        let records: Vec<Record> = whats.into_iter().zip(0..).map(|(what, seq)| Record { seq, at, what }).collect();
        outstanding(&records)
    }

    #[test]
    fn the_newest_weight_of_each_record_is_put_back_until_that_was_done() {
        let (east, later, west) = (back("east", 30), back("east", 40), back("west", 20));
        let both = vec![west.clone(), later.clone()];
        assert_eq!(outstanding_of(vec![held(&east), held(&west), held(&later)]), both);
        let of = CallOf { operation: 2, step: 0, call: 0 };
        let sent = |call: &Call| What::Sending { of, region: "us-east-1".into(), command: call.cli() };
        let done = What::Ended { of, outcome: Outcome::Done { request_id: None } };
        assert_eq!(outstanding_of(vec![held(&west), held(&later), sent(&later), done.clone()]), vec![west.clone()]);
        assert_eq!(
            outstanding_of(vec![held(&west), sent(&west)]),
            vec![west.clone()],
            "whether it was done is not known"
        );
        assert_eq!(outstanding_of(vec![held(&west), sent(&west), done, held(&west)]), vec![west]);
    }

    #[test]
    fn a_minimum_that_was_raised_is_not_put_back_by_another_process() {
        let bounds = Act::RegisterScalableTarget { resource: "service/a/b".into(), min: 2, max: 8 };
        assert_eq!(outstanding_of(vec![held(&Call::new("eu-west-1", bounds))]), []);
    }
}
