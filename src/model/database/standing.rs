//! What follows from what every Region tells: who writes, whether a role change is under way, and whether
//! another Region could take over.

use super::lag::{Loss, predicted_loss};
use super::view::{GlobalView, RoleChange};
use crate::model::observed::Observed;
use crate::model::snapshot::Snapshot;
use jiff::Timestamp;

/// The newest picture of the global cluster that any Region gave, with its age.
pub fn newest(snapshot: &Snapshot) -> Option<&Observed<GlobalView>> {
    let seen = snapshot.regions.iter().map(|region| &region.global).filter(|seen| seen.value.is_some());
    seen.max_by_key(|seen| seen.at)
}

/// The Region that writes, as last seen.
pub fn writer(snapshot: &Snapshot) -> Option<&str> {
    newest(snapshot)?.value.as_ref()?.writer()
}

/// The switchover or failover that is under way, as last seen.
pub fn under_way(snapshot: &Snapshot) -> Option<&RoleChange> {
    newest(snapshot)?.value.as_ref()?.role_change.as_ref()
}

/// Whether another Region could take over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Redundancy {
    /// No Region tells of a global cluster.
    None,
    /// It cannot be seen now.
    Unknown,
    /// So many secondaries are connected.
    Intact { connected: usize },
    /// Not one is.
    Lost { why: String },
}

/// Judges the redundancy from the newest picture.
pub fn redundancy(snapshot: &Snapshot, now: Timestamp) -> Redundancy {
    let Some(seen) = newest(snapshot) else { return Redundancy::None };
    let Some(global) = seen.current(now) else { return Redundancy::Unknown };
    let others: Vec<_> = global.members.iter().filter(|member| !member.writer).collect();
    let connected = others.iter().filter(|member| member.synchronization.as_deref() == Some("connected")).count();
    if connected > 0 {
        return Redundancy::Intact { connected };
    }
    let state = |member: &&super::view::MemberView| {
        format!("{} {}", member.region, member.synchronization.as_deref().unwrap_or("unknown"))
    };
    let why = match others.is_empty() {
        true => "there is no other member".into(),
        false => others.iter().map(state).collect::<Vec<_>>().join(", "),
    };
    Redundancy::Lost { why }
}

/// The Region that should be promoted in place of the writer: the one with the smallest loss, a known one
/// before an unknown one.
pub fn target(snapshot: &Snapshot, now: Timestamp) -> Option<&str> {
    let global = newest(snapshot)?.value.as_ref()?;
    let others = global.members.iter().filter(|member| !member.writer);
    let views = others.filter_map(|member| snapshot.region(&member.region));
    let best = views.min_by_key(|view| match predicted_loss(view, now) {
        Loss::AtMost { bound, .. } => (0, bound),
        Loss::Unknown { .. } => (1, std::time::Duration::ZERO),
    });
    best.map(|view| view.name.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::fixtures::{now, snapshot};
    use crate::model::outcome::{CallError, ErrorClass};

    #[test]
    fn the_newest_answer_tells_who_writes() {
        let mut seen = snapshot();
        assert_eq!(writer(&seen), Some("us-east-1"));
        let mut moved = seen.regions[1].global.value.clone().unwrap();
        for member in &mut moved.members {
            member.writer = member.region == "eu-west-1";
        }
        seen.regions[1].global.seen(moved, now() + jiff::SignedDuration::from_secs(5));
        assert_eq!(writer(&seen), Some("eu-west-1"), "the other Region still tells what was");
        assert_eq!(target(&seen, now()), Some("us-east-1"));
    }

    #[test]
    fn redundancy_is_lost_until_another_member_is_connected() {
        let mut seen = snapshot();
        assert_eq!(redundancy(&seen, now()), Redundancy::Intact { connected: 1 });
        for region in &mut seen.regions {
            for member in &mut region.global.value.as_mut().unwrap().members {
                if !member.writer {
                    member.synchronization = Some("pending-resync".into());
                }
            }
        }
        assert!(matches!(redundancy(&seen, now()), Redundancy::Lost { .. }));
        for region in &mut seen.regions {
            region.global.failed(CallError::new(ErrorClass::Timeout, "no answer"), now());
        }
        assert_eq!(redundancy(&seen, now()), Redundancy::Unknown);
    }
}
