//! What a decision rests on besides the evidence: the database as this process sees it, and what stands in the control
//! table.

use crate::model::database::{self, Loss, predicted_loss};
use crate::model::snapshot::Snapshot;
use crate::model::verdict;
use jiff::Timestamp;
use std::collections::BTreeSet;

/// The global switch: while it stands no watcher acts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Off {
    pub who: String,
    pub why: String,
    /// By their clock, for people.
    pub at: String,
}

/// The last promotion that a watcher made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Promoted {
    /// Of this promotion alone.
    pub id: String,
    pub by: String,
    pub from: String,
    pub to: String,
    pub at: String,
    /// Who has looked at it since.
    pub acknowledged: Option<String>,
}

/// The database, as seen by whoever decides.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Database {
    pub writer: Option<String>,
    /// The switchover or failover that is under way.
    pub role_change: Option<String>,
    pub target: Option<Target>,
}

/// Where the writer would go.
#[derive(Debug, Clone, PartialEq)]
pub struct Target {
    pub region: String,
    /// Instances that are available; `None`: not seen just now.
    pub ready: Option<usize>,
    pub loss: Loss,
}

impl Database {
    pub fn seen(snapshot: &Snapshot, now: Timestamp) -> Self {
        let target = database::target(snapshot, now).and_then(|name| snapshot.region(name));
        let change = database::under_way(snapshot);
        Self {
            writer: database::writer(snapshot).map(String::from),
            role_change: change
                .map(|change| format!("{} to {}", change.status, change.to.as_deref().unwrap_or("another Region"))),
            target: target.map(|view| Target {
                region: view.name.clone(),
                ready: view
                    .cluster
                    .current(now)
                    .map(|cluster| cluster.instances.iter().filter(|instance| instance.status == "available").count()),
                loss: predicted_loss(view, now),
            }),
        }
    }
}

/// The Regions whose switch says EVACUATE at some peer.
pub fn evacuated(snapshot: &Snapshot, now: Timestamp) -> BTreeSet<String> {
    let names = snapshot.regions.iter().map(|region| region.name.clone());
    names.filter(|name| verdict::switched_away(snapshot, name, now)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::fixtures::{now, snapshot};
    use crate::model::snapshot::SwitchPosition;

    #[test]
    fn the_database_is_read_from_the_snapshot() {
        let mut seen = snapshot();
        let database = Database::seen(&seen, now());
        assert_eq!((database.writer.as_deref(), database.role_change), (Some("us-east-1"), None));
        let target = database.target.unwrap();
        assert_eq!((target.region.as_str(), target.ready), ("eu-west-1", Some(2)));
        assert!(matches!(target.loss, Loss::AtMost { .. }));
        assert!(evacuated(&seen, now()).is_empty());
        let switches = seen.regions[1].switches.value.as_mut().unwrap();
        switches.get_mut("us-east-1").unwrap().position = SwitchPosition::Evacuate;
        assert_eq!(evacuated(&seen, now()).into_iter().collect::<Vec<_>>(), ["us-east-1"]);
    }
}
