//! The board: each vantage posts what it saw under its own name with a counter that grows, and reads what the others
//! posted. Nobody reads another's clock: what another says is as old as the time since its counter moved here.

use super::PK;
use super::switch::{self, OFF, PROMOTED};
use crate::cloud::Aws;
use crate::cloud::control::{self, Condition, Item};
use crate::control::lease::Table;
use crate::model::observed::elapsed;
use crate::model::outcome::CallError;
use crate::model::watch::LIVE;
use crate::model::watch::evidence::Evidence;
use crate::model::watch::inputs::{Off, Promoted};
use jiff::Timestamp;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Sort keys of vantages begin so.
const VANTAGE: &str = "vantage#";

/// What one vantage has posted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Post {
    /// The Region.
    pub vantage: String,
    /// Of the process: chance, so that no other is taken for it.
    pub id: String,
    pub who: String,
    pub counter: u64,
    /// Why it does nothing, a reason a line; empty while it is armed.
    pub disarmed: String,
    /// `None`: what stands there cannot be read by this version.
    pub evidence: Option<Evidence>,
}

impl Post {
    fn item(&self) -> Item {
        let evidence = self.evidence.as_ref().and_then(|one| serde_json::to_string(one).ok()).unwrap_or_default();
        let members = [
            ("pk", json!(PK)),
            ("sk", json!(format!("{VANTAGE}{}", self.vantage))),
            ("id", json!(self.id)),
            ("who", json!(self.who)),
            ("counter", json!(self.counter)),
            ("disarmed", json!(self.disarmed)),
            ("evidence", json!(evidence)),
        ];
        members.map(|(name, value)| (name.to_string(), value)).into()
    }

    fn of(item: &Item) -> Option<Self> {
        let text = |name: &str| item.get(name).and_then(Value::as_str).unwrap_or_default();
        let clean = |name: &str| crate::model::text::clean(text(name));
        Some(Self {
            vantage: crate::model::text::clean(text("sk").strip_prefix(VANTAGE)?),
            id: text("id").into(),
            who: clean("who"),
            counter: item.get("counter").and_then(Value::as_u64).unwrap_or(0),
            disarmed: clean("disarmed"),
            evidence: serde_json::from_str(text("evidence")).ok(),
        })
    }
}

/// Everything that stands on the board.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Board {
    pub posts: Vec<Post>,
    pub off: Option<Off>,
    pub promoted: Option<Promoted>,
}

impl Board {
    /// Reads it as the last writes left it.
    ///
    /// # Errors
    /// As the table answers.
    pub async fn read(aws: &Aws, table: &Table) -> Result<Self, CallError> {
        let items = control::query(aws, &table.regions, &table.name, PK).await?;
        let found = |key: &str| items.iter().find(|item| item.get("sk").and_then(Value::as_str) == Some(key));
        Ok(Self {
            posts: items.iter().filter_map(Post::of).collect(),
            off: found(OFF).map(switch::off_of),
            promoted: found(PROMOTED).map(switch::promoted_of),
        })
    }
}

/// Posts.
///
/// # Errors
/// As the table answers.
pub async fn post(aws: &Aws, table: &Table, post: &Post) -> Result<(), CallError> {
    control::put_if(aws, &table.regions, &table.name, &post.item(), &Condition::Any).await.map(drop)
}

/// Whose counters move, by one's own clock.
#[derive(Debug, Clone, Default)]
pub struct Lives(BTreeMap<String, Life>);

#[derive(Debug, Clone)]
struct Life {
    mark: (String, u64),
    /// `None`: it has not moved since it was first seen.
    moved: Option<Timestamp>,
}

impl Lives {
    /// Takes note of what was read at `now`.
    pub fn note(&mut self, posts: &[Post], now: Timestamp) {
        for post in posts {
            let mark = (post.id.clone(), post.counter);
            match self.0.get_mut(&post.vantage) {
                Some(life) if life.mark != mark => *life = Life { mark, moved: Some(now) },
                Some(_) => {}
                None => drop(self.0.insert(post.vantage.clone(), Life { mark, moved: None })),
            }
        }
        self.0.retain(|vantage, _| posts.iter().any(|post| post.vantage == *vantage));
    }

    /// How long ago the vantage was last heard of, while it is live.
    pub fn age(&self, vantage: &str, now: Timestamp) -> Option<std::time::Duration> {
        let moved = self.0.get(vantage)?.moved?;
        Some(elapsed(moved, now)).filter(|age| *age < LIVE)
    }

    /// What the live ones among these vantages say, as much as it is still worth.
    pub fn evidence(&self, posts: &[Post], expected: &[String], now: Timestamp) -> BTreeMap<String, Evidence> {
        let live = posts.iter().filter(|post| expected.contains(&post.vantage)).filter_map(|post| {
            let age = self.age(&post.vantage, now)?;
            Some((post.vantage.clone(), post.evidence.clone()?.aged(age)))
        });
        live.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::watch::evidence::Finding;

    fn post(counter: u64) -> Post {
        let evidence = Evidence {
            paths: [("us-east-1".to_string(), Finding::Fail("no answer".into()))].into(),
            users: Finding::Ok,
            network: true,
            writes: Finding::Unknown("denied".into()),
            commit: None,
        };
        Post {
            vantage: "eu-west-1".into(),
            id: "a".into(),
            who: "w".into(),
            counter,
            disarmed: String::new(),
            evidence: Some(evidence),
        }
    }

    #[test]
    fn what_is_posted_is_read_back_and_what_cannot_be_read_is_no_evidence() {
        let posted = post(7);
        assert_eq!(Post::of(&posted.item()), Some(posted.clone()));
        let mut item = posted.item();
        item.insert("evidence".into(), json!("{\"newer\":1}"));
        assert_eq!(Post::of(&item).unwrap().evidence, None);
        item.insert("sk".into(), json!(OFF));
        assert_eq!(Post::of(&item), None);
    }

    #[test]
    fn only_a_counter_that_moves_is_alive() {
        let at = |second: i64| Timestamp::from_second(second).unwrap();
        let (mut lives, expected) = (Lives::default(), ["eu-west-1".to_string()]);
        lives.note(&[post(1)], at(0));
        assert_eq!(lives.age("eu-west-1", at(0)), None, "it may be what a dead one left");
        lives.note(&[post(2)], at(10));
        assert_eq!(lives.age("eu-west-1", at(15)).unwrap().as_secs(), 5);
        assert_eq!(lives.evidence(&[post(2)], &expected, at(15)).len(), 1);
        assert!(lives.evidence(&[post(2)], &[], at(15)).is_empty(), "nobody asked it");
        lives.note(&[post(2)], at(60));
        assert!(lives.age("eu-west-1", at(60)).is_some());
        assert_eq!(lives.age("eu-west-1", at(70)), None);
        lives.note(&[Post { id: "b".into(), ..post(2) }], at(80));
        assert!(lives.age("eu-west-1", at(80)).is_some(), "another process took its place");
    }
}
