//! What was found against what is wanted, item by item.

use super::super::given::{LOGICAL_ID, STACK};
use super::item::{Item, secret_at};
use super::{Kind, wants};
use crate::model::call::Call;
use crate::model::deploy::{Difference, Seen};
use crate::model::outcome::CallError;
use crate::model::spec::Spec;
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// What is known of one item.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    pub item: Item,
    pub state: State,
    /// What Tandem would have otherwise, and what is lost without it.
    pub differences: Vec<(Difference, &'static str)>,
}

#[derive(Debug, Clone, PartialEq)]
pub enum State {
    /// It is there. The call that tags it, while it is not.
    Found { tags: BTreeMap<String, String>, call: Option<Call> },
    /// There is no such thing.
    Missing,
    /// Its tags say that it is somebody else's, in these words.
    Taken(String),
    /// It could not be looked at.
    Unknown(CallError),
}

impl State {
    pub fn word(&self) -> &'static str {
        match self {
            State::Found { call: Some(_), .. } => "tag",
            State::Found { call: None, .. } => "found",
            State::Missing => "missing",
            State::Taken(_) => "taken",
            State::Unknown(_) => "unknown",
        }
    }
}

/// All of it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Survey {
    pub rows: Vec<Row>,
}

impl Survey {
    /// The calls that tag what is not tagged yet, with the item's id.
    pub fn calls(&self) -> impl Iterator<Item = (&str, &Call)> {
        self.rows.iter().filter_map(|row| match &row.state {
            State::Found { call: Some(call), .. } => Some((row.item.id.as_str(), call)),
            _ => None,
        })
    }

    /// Whether all of it was found, and none of it is somebody else's.
    pub fn whole(&self) -> bool {
        self.rows.iter().all(|row| matches!(row.state, State::Found { .. }))
    }

    /// What is somebody else's.
    pub fn taken(&self) -> impl Iterator<Item = &Row> {
        self.rows.iter().filter(|row| matches!(row.state, State::Taken(_)))
    }

    /// How many rows have this word.
    pub fn count(&self, word: &str) -> usize {
        self.rows.iter().filter(|row| row.state.word() == word).count()
    }

    /// How many members differ from what Tandem would have.
    pub fn differing(&self) -> usize {
        self.rows.iter().map(|row| row.differences.len()).sum()
    }

    /// Stands for the calls: twelve hexadecimal digits.
    pub fn hash(&self) -> String {
        let mut digest = Sha256::new();
        for (id, call) in self.calls() {
            digest.update(format!("{id} {} {} {}", call.region, call.operation(), call.input()));
        }
        digest.finalize().iter().take(6).map(|byte| format!("{byte:02x}")).collect()
    }
}

/// What a look at the item means.
pub fn row(item: Item, looked: Result<Seen, CallError>, spec: &Spec) -> Row {
    let seen = match looked {
        Ok(seen) if seen.exists => seen,
        Ok(_) => return Row { item, state: State::Missing, differences: vec![] },
        Err(why) => return Row { item, state: State::Unknown(why), differences: vec![] },
    };
    let differences = differences(&item, &seen, spec);
    let state = state(&item, &seen, &spec.stack.name);
    Row { item, state, differences }
}

fn state(item: &Item, seen: &Seen, stack: &str) -> State {
    if let Some(owner) = seen.tags.get(STACK).filter(|owner| *owner != stack) {
        return State::Taken(format!("its tag {STACK} says {owner}"));
    }
    let role = item.kind.role();
    if let Some(other) = seen.tags.get(LOGICAL_ID).filter(|other| *other != role) {
        return State::Taken(format!("its tag {LOGICAL_ID} says {other}, and it is named as {role}"));
    }
    let tagged = [STACK, LOGICAL_ID].iter().all(|key| seen.tags.contains_key(*key));
    let (region, arn) = match item.kind {
        Kind::Secret => {
            let primary = Some(seen.gift("primary")).filter(|primary| !primary.is_empty()).unwrap_or(&item.region);
            (primary.to_string(), secret_at(&item.name, primary))
        }
        _ => (item.region.clone(), seen.gift("arn").to_string()),
    };
    let call = if tagged { None } else { item.tagging(stack, &region, &arn) };
    State::Found { tags: seen.tags.clone(), call }
}

fn differences(item: &Item, seen: &Seen, spec: &Spec) -> Vec<(Difference, &'static str)> {
    let differs = |want: wants::Want| {
        let is = seen.is.pointer(&want.at).cloned().unwrap_or(Value::Null);
        let member = want.at.trim_start_matches('/').replace('/', ".");
        (is != want.value).then_some((Difference { member, wanted: want.value, seen: is }, want.why))
    };
    wants::of(item.kind, &item.region, seen, spec).into_iter().filter_map(differs).collect()
}
