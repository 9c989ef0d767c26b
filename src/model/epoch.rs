//! Who may write, as the control table says it: a number that only grows, the Region whose member writes under it,
//! and the Regions that were deposed. What runs in a deposed Region must not write until somebody has looked at it.

use super::text::clean;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// The partition key of its item.
pub const PK: &str = "epoch";
/// The sort key.
pub const SK: &str = "database";

/// The attribute that tells one from another.
pub const NUMBER: &str = "number";

/// What stands in the control table. Without an item nobody was ever deposed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Epoch {
    pub number: u64,
    /// The Region that was promoted under it.
    pub writer: String,
    /// Regions that lost the writer without giving it up.
    pub deposed: BTreeSet<String>,
}

impl Epoch {
    /// The next one: `to` is promoted, `from` gives nothing up.
    #[must_use]
    pub fn after(before: Option<&Self>, number: u64, from: &str, to: &str) -> Self {
        let mut deposed = before.map(|before| before.deposed.clone()).unwrap_or_default();
        deposed.insert(from.into());
        deposed.remove(to);
        Self { number, writer: to.into(), deposed }
    }

    /// The same, and `region` may write again.
    #[must_use]
    pub fn opened(&self, region: &str) -> Self {
        let mut opened = self.clone();
        opened.deposed.remove(region);
        opened
    }

    /// The attributes of its item.
    pub fn item(&self) -> BTreeMap<String, Value> {
        let deposed: Vec<&str> = self.deposed.iter().map(String::as_str).collect();
        let members = [
            ("pk", json!(PK)),
            ("sk", json!(SK)),
            (NUMBER, json!(self.number)),
            ("writer", json!(self.writer)),
            ("deposed", json!(deposed.join(","))),
        ];
        members.map(|(name, value)| (name.to_string(), value)).into()
    }

    /// `None`: this is no epoch.
    pub fn of(item: &BTreeMap<String, Value>) -> Option<Self> {
        let text = |name: &str| item.get(name).and_then(Value::as_str);
        let deposed = text("deposed")?.split(',').filter(|region| !region.is_empty());
        Some(Self {
            number: item.get(NUMBER)?.as_u64()?,
            writer: clean(text("writer")?),
            deposed: deposed.map(clean).collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn an_epoch_is_read_as_it_was_written(
            number in 0u64..1 << 60,
            writer in "[a-z]{2}-[a-z]{4,9}-[1-3]",
            deposed in proptest::collection::btree_set("[a-z]{2}-[a-z]{4,9}-[1-3]", 0..4),
        ) {
            let epoch = Epoch { number, writer, deposed };
            prop_assert_eq!(Epoch::of(&epoch.item()), Some(epoch));
        }
    }

    #[test]
    fn whoever_is_promoted_is_deposed_no_longer() {
        let first = Epoch::after(None, 2, "us-east-1", "eu-west-1");
        assert_eq!(first.deposed, BTreeSet::from(["us-east-1".to_string()]));
        let back = Epoch::after(Some(&first), 3, "eu-west-1", "us-east-1");
        assert_eq!((back.number, back.deposed.len()), (3, 1));
        assert!(back.deposed.contains("eu-west-1"));
        assert!(back.opened("eu-west-1").deposed.is_empty());
    }
}
