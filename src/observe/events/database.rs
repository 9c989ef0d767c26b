//! What changed of the database: who writes, whether another Region could take over, what was lost.

use super::changed;
use crate::model::database::{self, GlobalView, Redundancy};
use crate::model::event::{Event, Severity};
use crate::model::snapshot::Snapshot;
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// What was told last.
#[derive(Debug, Default)]
pub(super) struct Marks {
    writer: Option<Option<String>>,
    /// The role change that is under way: its status, and where to.
    role_change: Option<Option<(String, String)>>,
    synchronization: BTreeMap<String, Option<String>>,
    lost: Option<bool>,
    frozen: BTreeMap<String, bool>,
    kept: BTreeMap<String, BTreeSet<String>>,
    unproven: Option<bool>,
    /// RDS's events that were told, by Region: they may come late and with the same time.
    told: BTreeMap<String, BTreeSet<(Timestamp, String)>>,
}

impl Marks {
    pub fn notes(&mut self, snapshot: &Snapshot, now: Timestamp) -> Vec<Event> {
        let mut notes = vec![];
        let mut tell = |severity, region: Option<&str>, text: String| {
            notes.push(Event { at: now, severity, region: region.map(Into::into), text });
        };
        if let Some(global) = database::newest(snapshot).and_then(|seen| seen.value.as_ref()) {
            self.roles(global, &mut tell);
        }
        let lost = match database::redundancy(snapshot, now) {
            Redundancy::Lost { why } => Some((true, why)),
            Redundancy::Intact { connected } => Some((false, format!("{connected} member(s) connected"))),
            Redundancy::None | Redundancy::Unknown => None,
        };
        if let Some((lost, why)) = lost
            && changed(&mut self.lost, lost).is_some()
        {
            match lost {
                true => tell(Severity::Bad, None, format!("REDUNDANCY LOST: {why}")),
                false => tell(Severity::Good, None, format!("redundancy is back: {why}")),
            }
        }
        self.proofs(snapshot, &mut tell);
        self.regions(snapshot, &mut tell);
        notes.extend(self.told_by_rds(snapshot));
        notes
    }

    fn roles(&mut self, global: &GlobalView, tell: &mut impl FnMut(Severity, Option<&str>, String)) {
        let writer = global.writer().map(String::from);
        if let Some(before) = changed(&mut self.writer, writer.clone()) {
            let (from, to) = (or_none(before.as_deref()), or_none(writer.as_deref()));
            let severity = if writer.is_some() { Severity::Warn } else { Severity::Bad };
            tell(severity, writer.as_deref(), format!("the database's writer moved: {from} -> {to}"));
        }
        let under_way =
            global.role_change.as_ref().map(|change| (change.status.clone(), or_none(change.to.as_deref())));
        match (changed(&mut self.role_change, under_way.clone()), under_way) {
            (Some(_), Some((status, to))) => tell(Severity::Warn, None, format!("role change to {to}: {status}")),
            (Some(Some((status, to))), None) => {
                tell(Severity::Info, None, format!("role change to {to} is over, was {status}"));
            }
            _ => {}
        }
        for member in &global.members {
            let state = member.synchronization.clone();
            let before = self.synchronization.insert(member.region.clone(), state.clone());
            // A writer has no such state: its change is told as the writer's.
            if let (Some(before), Some(state)) = (before.filter(|before| *before != state), state) {
                let severity = if state == "connected" { Severity::Good } else { Severity::Warn };
                let was = before.map(|before| format!(", was {before}")).unwrap_or_default();
                tell(severity, Some(&member.region), format!("member of the global database is {state}{was}"));
            }
        }
        self.synchronization.retain(|region, _| global.member(region).is_some());
    }

    fn proofs(&mut self, snapshot: &Snapshot, tell: &mut impl FnMut(Severity, Option<&str>, String)) {
        // Before the first commit there is nothing to miss.
        let Some(proof) = &snapshot.proof.value else { return };
        let failing = snapshot.proof.failing.as_ref();
        match (changed(&mut self.unproven, failing.is_some()), failing) {
            (Some(_), Some(failing)) => {
                tell(Severity::Bad, Some(&proof.region), format!("no commit is proven: {}", failing.why));
            }
            (Some(_), None) => {
                let text = format!("commits are proven again, epoch {}", proof.epoch);
                tell(Severity::Good, Some(&proof.region), text);
            }
            (None, _) => {}
        }
    }

    fn regions(&mut self, snapshot: &Snapshot, tell: &mut impl FnMut(Severity, Option<&str>, String)) {
        for region in &snapshot.regions {
            let name = region.name.as_str();
            if let Some(lag) = &region.lag.value {
                let frozen = lag.frozen();
                let before = self.frozen.insert(name.into(), frozen);
                match (before.filter(|before| *before != frozen), frozen) {
                    (Some(_), true) => tell(Severity::Warn, Some(name), "the lag's metric stands still".into()),
                    (Some(_), false) => tell(Severity::Info, Some(name), "the lag's metric moves again".into()),
                    (None, _) => {}
                }
            }
            let Some(cluster) = &region.cluster.value else { continue };
            let kept: BTreeSet<String> = cluster.kept_writes.iter().map(|kept| kept.id.clone()).collect();
            if let Some(before) = self.kept.insert(name.into(), kept.clone()) {
                for id in kept.difference(&before) {
                    let text = format!("lost writes stand in {id}: copy it before its retention ends");
                    tell(Severity::Bad, Some(name), text);
                }
            }
        }
    }

    /// Also those from before: they say how it came to what is seen.
    fn told_by_rds(&mut self, snapshot: &Snapshot) -> Vec<Event> {
        let mut notes = vec![];
        for region in &snapshot.regions {
            let Some(events) = &region.database_events.value else { continue };
            let told = self.told.entry(region.name.clone()).or_default();
            let listed: BTreeSet<(Timestamp, String)> =
                events.iter().map(|event| (event.at, event.text.clone())).collect();
            if listed == *told {
                continue;
            }
            notes.extend(events.iter().filter(|event| !told.contains(&(event.at, event.text.clone()))).cloned());
            // What has left the list cannot come back: it is older than what is asked for.
            *told = listed;
        }
        notes
    }
}

fn or_none(region: Option<&str>) -> String {
    region.unwrap_or("none").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::database::{KeptWrites, RoleChange};
    use crate::model::fixtures::{now, snapshot};
    use crate::model::outcome::{CallError, ErrorClass};

    fn texts(notes: Vec<Event>) -> Vec<String> {
        notes.into_iter().map(|note| note.text).collect()
    }

    /// The same change in every Region's picture.
    fn everywhere(snapshot: &mut Snapshot, change: impl Fn(&mut GlobalView)) {
        snapshot.regions.iter_mut().filter_map(|region| region.global.value.as_mut()).for_each(change);
    }

    #[test]
    fn a_failover_is_told_once_from_its_beginning_to_its_end() {
        let (mut seen, mut marks) = (snapshot(), Marks::default());
        assert_eq!(texts(marks.notes(&seen, now())), Vec::<String>::new(), "the first sight is no news");
        everywhere(&mut seen, |global| {
            global.role_change = Some(RoleChange {
                status: "failing-over".into(),
                from: Some("us-east-1".into()),
                to: Some("eu-west-1".into()),
                data_loss_allowed: true,
            });
        });
        assert_eq!(texts(marks.notes(&seen, now())), ["role change to eu-west-1: failing-over"]);
        everywhere(&mut seen, |global| {
            global.role_change = None;
            for member in &mut global.members {
                member.writer = member.region == "eu-west-1";
                member.synchronization = (!member.writer).then(|| "pending-resync".into());
            }
        });
        let told = [
            "the database's writer moved: us-east-1 -> eu-west-1",
            "role change to eu-west-1 is over, was failing-over",
            "member of the global database is pending-resync",
            "REDUNDANCY LOST: us-east-1 pending-resync",
        ];
        assert_eq!(texts(marks.notes(&seen, now())), told);
        assert_eq!(texts(marks.notes(&seen, now())), Vec::<String>::new());
        everywhere(&mut seen, |global| global.members[0].synchronization = Some("connected".into()));
        let told = [
            "member of the global database is connected, was pending-resync",
            "redundancy is back: 1 member(s) connected",
        ];
        assert_eq!(texts(marks.notes(&seen, now())), told);
    }

    #[test]
    fn a_database_that_cannot_be_seen_has_not_lost_its_redundancy() {
        let (mut seen, mut marks) = (snapshot(), Marks::default());
        marks.notes(&seen, now());
        for region in &mut seen.regions {
            region.global.failed(CallError::new(ErrorClass::Timeout, "no answer"), now());
        }
        assert_eq!(texts(marks.notes(&seen, now())), Vec::<String>::new());
    }

    #[test]
    fn commits_that_fail_and_lost_writes_are_told() {
        let (mut seen, mut marks) = (snapshot(), Marks::default());
        marks.notes(&seen, now());
        seen.proof.failed(CallError::new(ErrorClass::Timeout, "50 s"), now());
        assert_eq!(texts(marks.notes(&seen, now())), ["no commit is proven: no answer: 50 s"]);
        let proof = seen.proof.value.clone().unwrap();
        seen.proof.seen(proof, now());
        let id = "rds:unplanned-global-failover-shop-1".to_string();
        let kept = KeptWrites { id, arn: "arn".into(), status: "available".into(), created: None, copy: None };
        seen.regions[0].cluster.value.as_mut().unwrap().kept_writes.push(kept);
        let told = texts(marks.notes(&seen, now()));
        assert_eq!(told[0], "commits are proven again, epoch 1");
        assert!(told[1].starts_with("lost writes stand in rds:unplanned-global-failover-shop-1"), "{told:?}");
    }

    #[test]
    fn an_event_of_rds_is_told_once_also_when_it_comes_late() {
        let (mut seen, mut marks) = (snapshot(), Marks::default());
        let event = |ago: i64, text: &str| Event {
            at: now() - jiff::SignedDuration::from_secs(ago),
            severity: Severity::Info,
            region: Some("us-east-1".into()),
            text: text.into(),
        };
        seen.regions[0].database_events.seen(vec![event(10, "b"), event(10, "a")], now());
        assert_eq!(texts(marks.notes(&seen, now())), ["b", "a"]);
        seen.regions[0].database_events.seen(vec![event(10, "b"), event(10, "a"), event(60, "late")], now());
        assert_eq!(texts(marks.notes(&seen, now())), ["late"]);
        assert_eq!(texts(marks.notes(&seen, now())), Vec::<String>::new());
    }
}
