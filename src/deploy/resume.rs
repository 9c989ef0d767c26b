//! What a journal says that earlier processes may have sent.

use super::engine::SHOWS;
use crate::control::journal::{Record, What};
use crate::model::call::Call;
use crate::model::observed::elapsed;
use crate::model::outcome::Outcome;
use jiff::Timestamp;
use std::collections::BTreeMap;

/// Calls whose effect may still come to light, by node: those that were accepted or have no outcome, and are
/// no older than AWS may need to show them. A journal that was lost costs nothing but such a wait.
pub fn may_show<'a>(
    records: impl IntoIterator<Item = &'a Record>,
    now: Timestamp,
) -> BTreeMap<String, Vec<(Call, Timestamp)>> {
    let mut found: BTreeMap<String, Vec<(Call, Timestamp)>> = BTreeMap::new();
    for record in records {
        match &record.what {
            What::Intent { node, call } if elapsed(record.at, now) < SHOWS => {
                found.entry(node.clone()).or_default().push((call.clone(), record.at));
            }
            What::Outcome { node, outcome: Outcome::Refused(_) } => {
                if let Some(calls) = found.get_mut(node) {
                    calls.pop();
                }
            }
            _ => {}
        }
    }
    found.retain(|_, calls| !calls.is_empty());
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::outcome::{CallError, ErrorClass};
    use serde_json::json;

    #[test]
    fn what_was_refused_or_is_old_shows_no_more() {
        let at = |second| Timestamp::from_second(second).unwrap();
        let call = |name: &str| Call::request("eu-west-1", "ecs", name, json!({}));
        let intent = |node: &str, name| What::Intent { node: node.into(), call: call(name) };
        let refused = Outcome::Refused(CallError::new(ErrorClass::Invalid, "no"));
        let whats = [
            (0, intent("a", "Old")),
            (100, intent("a", "Unanswered")),
            (101, intent("b", "Refused")),
            (102, What::Outcome { node: "b".into(), outcome: refused }),
            (103, intent("c", "Done")),
            (104, What::Outcome { node: "c".into(), outcome: Outcome::Done { request_id: None } }),
        ];
        let records: Vec<Record> =
            whats.into_iter().zip(0..).map(|((second, what), seq)| Record { seq, at: at(second), what }).collect();
        let found = may_show(&records, at(110));
        let names: Vec<(&str, &str)> = found
            .iter()
            .flat_map(|(node, calls)| calls.iter().map(|(call, _)| (node.as_str(), call.operation())))
            .collect();
        assert_eq!(names, [("a", "Unanswered"), ("c", "Done")]);
    }
}
