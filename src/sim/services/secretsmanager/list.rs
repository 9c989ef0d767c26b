//! ListSecrets.

use super::refuse::parameter;
use super::shape::{self, Told};
use crate::operation::{Answer, Caller};
use crate::paging;
use crate::world::World;
use crate::world::secrets::Secret;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

#[derive(Deserialize)]
pub struct List {
    #[serde(default)]
    IncludePlannedDeletion: bool,
    MaxResults: Option<i64>,
    NextToken: Option<String>,
    #[serde(default)]
    Filters: Vec<Filter>,
    SortOrder: Option<String>,
    SortBy: Option<String>,
}

#[derive(Deserialize)]
struct Filter {
    Key: String,
    Values: Vec<String>,
}

#[derive(Serialize)]
struct Entry {
    #[serde(flatten)]
    secret: Told,
    SecretVersionsToStages: Option<BTreeMap<String, Vec<String>>>,
}

#[derive(Serialize)]
pub struct Listed {
    SecretList: Vec<Entry>,
    NextToken: Option<String>,
}

const KEYS: &[&str] = &["description", "name", "tag-key", "tag-value", "primary-region", "owning-service", "all"];

pub fn list(world: &mut World, caller: &Caller, ask: List) -> Answer<Listed> {
    let size = ask.MaxResults.unwrap_or(100);
    if !(1..=100).contains(&size) {
        return Err(parameter(format!("MaxResults must be between 1 and 100, not {size}.")));
    }
    for filter in &ask.Filters {
        if !KEYS.contains(&filter.Key.as_str()) {
            return Err(parameter(format!(
                "1 validation error detected: Value '{}' at 'filters.key' failed to satisfy constraint: Member must satisfy enum value set: [{}]",
                filter.Key,
                KEYS.join(", ")
            )));
        }
        if filter.Values.is_empty() {
            return Err(parameter("Invalid filter values for key: values must not be empty."));
        }
    }
    let down = match ask.SortOrder.as_deref() {
        None | Some("asc") => false,
        Some("desc") => true,
        Some(other) => return Err(parameter(format!("SortOrder must be asc or desc, not {other}."))),
    };
    if ask.SortBy.as_deref().is_some_and(|by| by != "created-date") {
        return Err(parameter("Secrets are sorted by created-date only here."));
    }
    let place = |secret: &&Secret| {
        let at = if down { u64::MAX - secret.created.0 } else { secret.created.0 };
        format!("{at:020} {}", secret.name)
    };
    let here = world.secrets.all.values().filter(|secret| secret.region == caller.region);
    let mut found: Vec<&Secret> = here
        .filter(|secret| ask.IncludePlannedDeletion || secret.deleted.is_none())
        .filter(|secret| ask.Filters.iter().all(|filter| filter.keeps(secret)))
        .collect();
    found.sort_by_cached_key(place);
    let (page, next) =
        paging::page(found, place, ask.NextToken.as_deref(), size as usize, "InvalidNextTokenException")?;
    let entry = |secret: &Secret| Entry { secret: shape::told(secret), SecretVersionsToStages: shape::stages(secret) };
    Ok(Listed { SecretList: page.into_iter().map(entry).collect(), NextToken: next })
}

impl Filter {
    /// Whether one of the values holds; `!` before a value turns it (API Reference, Filter).
    fn keeps(&self, secret: &Secret) -> bool {
        self.Values.iter().any(|value| match value.strip_prefix('!') {
            Some(not) => !self.matches(secret, not),
            None => self.matches(secret, value),
        })
    }

    fn matches(&self, secret: &Secret, value: &str) -> bool {
        let description = secret.description.as_deref().unwrap_or_default();
        match self.Key.as_str() {
            "name" => secret.name.starts_with(value),
            "description" => begins(description, value),
            "tag-key" => secret.tags.keys().any(|key| key.starts_with(value)),
            "tag-value" => secret.tags.values().any(|tag| tag.starts_with(value)),
            "primary-region" => secret.primary_region().is_some_and(|region| region.starts_with(value)),
            "all" => {
                let tags = secret.tags.iter().flat_map(|(key, value)| [key.as_str(), value.as_str()]);
                let texts: Vec<&str> = [secret.name.as_str(), description].into_iter().chain(tags).collect();
                value.split_whitespace().all(|word| texts.iter().any(|text| begins(text, word)))
            }
            // no secret here is another service's
            _ => false,
        }
    }
}

/// Whether a text or one of its words begins like that, in whatever case.
fn begins(text: &str, with: &str) -> bool {
    let (text, with) = (text.to_lowercase(), with.to_lowercase());
    text.starts_with(&with) || text.split(|letter: char| !letter.is_alphanumeric()).any(|word| word.starts_with(&with))
}
