//! What changed of the sessions: whether they travel, and how the replicas are.

use super::changed;
use crate::model::event::{Event, Severity};
use crate::model::sessions::{Flow, flow};
use crate::model::snapshot::Snapshot;
use jiff::Timestamp;
use std::collections::BTreeMap;

/// What was told last.
#[derive(Debug, Default)]
pub(super) struct Marks {
    /// Whether sessions are held, by the Regions from and to.
    held: BTreeMap<(String, String), Option<bool>>,
    /// By the Region that tells and the replica; the table itself stands under its own Region.
    status: BTreeMap<(String, String), String>,
}

impl Marks {
    pub fn notes(&mut self, snapshot: &Snapshot, now: Timestamp) -> Vec<Event> {
        let mut notes = vec![];
        let mut tell = |severity, region: &str, text: String| {
            notes.push(Event { at: now, severity, region: Some(region.into()), text });
        };
        for to in &snapshot.regions {
            for from in snapshot.regions.iter().filter(|from| from.name != to.name) {
                let (held, since) = match flow(snapshot, &from.name, &to.name, now) {
                    Flow::Arrives { .. } => (false, 0),
                    Flow::Held { since } => (true, since.as_secs()),
                    // Not proven is neither: what was known last stands.
                    Flow::Unproven { .. } | Flow::Unwatched => continue,
                };
                let mark = self.held.entry((from.name.clone(), to.name.clone())).or_default();
                match (changed(mark, held), held) {
                    (Some(_), true) => {
                        let text = format!("sessions from {} are held: the newest here is {since} s old", from.name);
                        tell(Severity::Bad, &to.name, text);
                    }
                    (Some(_), false) => {
                        tell(Severity::Good, &to.name, format!("sessions from {} are delivered again", from.name));
                    }
                    (None, _) => {}
                }
            }
            let Some(table) = &to.table.value else { continue };
            let replicas = table.replicas.iter().map(|replica| (&replica.region, &replica.status));
            for (of, status) in replicas.chain([(&to.name, &table.status)]) {
                let before = self.status.insert((to.name.clone(), of.clone()), status.clone());
                if let Some(before) = before.filter(|before| before != status) {
                    let severity = if status == "ACTIVE" { Severity::Good } else { Severity::Warn };
                    let what = if *of == to.name { "session table".into() } else { format!("replica in {of}") };
                    tell(severity, &to.name, format!("{what}: {before} -> {status}"));
                }
            }
        }
        notes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::fixtures::{now, snapshot};
    use crate::model::sessions::Arrival;
    use jiff::SignedDuration;

    fn texts(notes: Vec<Event>) -> Vec<String> {
        notes.into_iter().map(|note| note.text).collect()
    }

    #[test]
    fn sessions_that_are_held_and_delivered_are_told_once_each() {
        let (mut seen, mut marks) = (snapshot(), Marks::default());
        assert_eq!(texts(marks.notes(&seen, now())), Vec::<String>::new());
        let sent = |ago: i64| now() - SignedDuration::from_secs(ago);
        let arrived = |seen: &mut Snapshot, ago: i64| {
            let arrival = Arrival { sent: sent(ago), took: None };
            seen.regions[1].arrivals.seen([("us-east-1".to_string(), arrival)].into(), now());
        };
        arrived(&mut seen, 60);
        assert_eq!(texts(marks.notes(&seen, now())), ["sessions from us-east-1 are held: the newest here is 60 s old"]);
        assert_eq!(texts(marks.notes(&seen, now())), Vec::<String>::new());
        arrived(&mut seen, 2);
        assert_eq!(texts(marks.notes(&seen, now())), ["sessions from us-east-1 are delivered again"]);
    }

    #[test]
    fn a_replica_that_changes_is_told() {
        let (mut seen, mut marks) = (snapshot(), Marks::default());
        marks.notes(&seen, now());
        seen.regions[0].table.value.as_mut().unwrap().replicas[0].status = "REGION_DISABLED".into();
        assert_eq!(texts(marks.notes(&seen, now())), ["replica in eu-west-1: ACTIVE -> REGION_DISABLED"]);
    }
}
