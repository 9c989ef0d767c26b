//! What a secret holds and held, and the staging labels that tell which is which.

use super::Secret;
use crate::moment::Moment;
use std::collections::BTreeSet;

pub const CURRENT: &str = "AWSCURRENT";
pub const PREVIOUS: &str = "AWSPREVIOUS";
pub const PENDING: &str = "AWSPENDING";

/// What is kept secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Payload {
    Text(String),
    /// In base64, as it came.
    Binary(String),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    pub payload: Payload,
    pub created: Moment,
    pub stages: BTreeSet<String>,
}

impl Secret {
    /// The version that carries a staging label.
    pub fn staged(&self, stage: &str) -> Option<(&String, &Version)> {
        self.versions.iter().find(|(_, version)| version.stages.contains(stage))
    }

    /// Adds a version and moves its labels to it; what was current becomes previous. Of versions without a label
    /// only a hundred are kept (User Guide, Secret versions).
    pub fn add(&mut self, id: &str, payload: Payload, stages: BTreeSet<String>, now: Moment) {
        if stages.contains(CURRENT)
            && let Some((before, _)) = self.staged(CURRENT)
        {
            let before = before.clone();
            self.label(PREVIOUS, &before);
        }
        self.versions.insert(id.to_string(), Version { payload, created: now, stages: BTreeSet::new() });
        stages.iter().for_each(|stage| self.label(stage, id));
        let bare = self.versions.iter().filter(|(_, version)| version.stages.is_empty());
        let mut bare: Vec<(Moment, String)> = bare.map(|(id, version)| (version.created, id.clone())).collect();
        bare.sort_unstable();
        for (_, id) in bare.iter().rev().skip(100) {
            self.versions.remove(id);
        }
        self.changed = now;
    }

    fn label(&mut self, stage: &str, id: &str) {
        for (other, version) in &mut self.versions {
            if other == id {
                version.stages.insert(stage.to_string());
            } else {
                version.stages.remove(stage);
            }
        }
    }
}
