//! The control table: in three Regions that agree on every write.
//!
//! It is made in the first of them and joined by both others in one call while it is empty, as
//! multi-Region strong consistency asks for (Developer Guide, global tables: how it works). Both leave it in one
//! call too (Developer Guide, "Deleting MRSC global tables"). Each replica has its own tags and protection. Two of three
//! Regions are enough to see that it stands.

use super::super::super::given::{Given, Missing, STACK};
use super::super::super::part::Part;
use super::super::marks::{by_name, marks};
use super::{ACTIVE, LASTING, change, control_table, names, request, tag, text};
use crate::cloud::Aws;
use crate::cloud::look::dynamodb::{self, Found};
use crate::model::call::Call;
use crate::model::deploy::{Difference, Next, Ready, Seen};
use crate::model::outcome::CallError;
use crate::model::spec::Spec;
use crate::probe::Boxed;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

const ROLE: &str = "control";

pub struct Control {
    table: String,
    /// The first is where it is made.
    regions: Vec<String>,
}

impl Control {
    pub fn of(spec: &Spec) -> Self {
        Self { table: control_table(&spec.stack.name), regions: spec.control_regions.clone() }
    }

    /// What the Regions tell, put together.
    pub(super) fn seen(&self, found: &[Found], stack: &str) -> Seen {
        // the one that was made first is the one that the others joined
        let Some(oldest) = found.iter().min_by_key(|one| one.created) else { return Seen::absent() };
        let statuses = found.iter().flat_map(|one| std::iter::once(&one.status).chain(one.replicas.values()));
        let busy = statuses.map(String::as_str).find(|status| *status != ACTIVE);
        let mut replicas = Map::new();
        for region in oldest.replicas.keys() {
            replicas.insert(region.clone(), json!({}));
        }
        let mut untold = self.regions.iter().filter(|region| oldest.replicas.contains_key(*region));
        let untold = untold.any(|region| !found.iter().any(|one| one.region == *region));
        for one in found {
            let tags = one.tags.as_ref().map_or(Value::Null, by_name);
            replicas.insert(one.region.clone(), json!({ "DeletionProtectionEnabled": one.protected, "Tags": tags }));
        }
        let mut is = oldest.settings.clone();
        is["Region"] = json!(oldest.region);
        is["Replicas"] = Value::Object(replicas);
        if !oldest.consistency.is_empty() {
            is["MultiRegionConsistency"] = json!(oldest.consistency);
        }
        let state = busy.unwrap_or(if untold { "CREATING" } else { ACTIVE });
        let mut seen = Seen::there(state, is).tagged(tags_of(oldest, stack)).giving("arn", &oldest.arn);
        if let Some(created) = oldest.created {
            seen = seen.giving("generation", created.as_second().to_string());
        }
        seen
    }

    /// Whether most of its Regions are without `silent` and each of them says that it stands in all of them: two of
    /// three is what every write takes.
    pub(super) fn stands_without(&self, found: &[Found], silent: &str) -> bool {
        let whole = |one: &Found| {
            let others = self.regions.iter().filter(|region| **region != one.region);
            one.status == ACTIVE
                && others.into_iter().all(|other| one.replicas.get(other).is_some_and(|is| is == ACTIVE))
        };
        let answered = self.regions.iter().filter(|region| *region != silent);
        found.len() * 2 > self.regions.len()
            && answered.into_iter().all(|region| found.iter().any(|one| one.region == *region))
            && found.iter().all(whole)
    }

    /// What the others tell; what is the silent Region's own (protection, tags) is compared when it answers.
    pub(super) fn without(&self, found: &[Found], silent: &str, given: &Given) -> Seen {
        let mut seen = self.seen(found, &given.stack);
        seen.state = ACTIVE.into();
        seen.is["Replicas"][silent] = self.own(given);
        seen
    }

    /// What each replica has of its own.
    fn own(&self, given: &Given) -> Value {
        json!({ "DeletionProtectionEnabled": true, "Tags": marks(given, ROLE) })
    }

    fn replica_updates(action: &str, regions: &[&str]) -> Value {
        regions.iter().map(|region| json!({ action: { "RegionName": region } })).collect()
    }
}

/// A table that is made or deleted tells no tags, and nothing is done to it until it does: it is taken to be ours.
pub(super) fn tags_of(table: &Found, stack: &str) -> BTreeMap<String, String> {
    table.tags.clone().unwrap_or_else(|| BTreeMap::from([(STACK.to_string(), stack.to_string())]))
}

impl Part for Control {
    fn look<'a>(&'a self, aws: &'a Aws, given: &'a Given) -> Boxed<'a, Result<Seen, CallError>> {
        Box::pin(async move {
            let (mut found, mut silent) = (vec![], None);
            for region in &self.regions {
                match dynamodb::table(aws, region, &self.table).await {
                    Ok(table) => found.extend(table),
                    // one that throttles is not silent: it answers the next time
                    Err(error) if silent.is_none() && error.class.may_have_happened() => silent = Some((region, error)),
                    Err(error) => return Err(error),
                }
            }
            let Some((region, error)) = silent else { return Ok(self.seen(&found, &given.stack)) };
            if !self.stands_without(&found, region) {
                return Err(error);
            }
            tracing::warn!(region, %error, "a Region of the control table is silent; the others agree that it stands");
            Ok(self.without(&found, region, given))
        })
    }

    fn want(&self, given: &Given) -> Result<Value, Missing> {
        let own = self.own(given);
        let replicas: Map<String, Value> = self.regions.iter().map(|region| (region.clone(), own.clone())).collect();
        let mut want = json!({
            "TableName": self.table,
            "AttributeDefinitions": [
                { "AttributeName": "pk", "AttributeType": "S" }, { "AttributeName": "sk", "AttributeType": "S" },
            ],
            "KeySchema": [{ "AttributeName": "pk", "KeyType": "HASH" }, { "AttributeName": "sk", "KeyType": "RANGE" }],
            "BillingMode": "PAY_PER_REQUEST",
            "Replicas": replicas,
        });
        if self.regions.len() > 1 {
            want["MultiRegionConsistency"] = json!("STRONG");
        }
        Ok(want)
    }

    fn create(&self, want: &Value, given: &Given) -> Result<Call, Missing> {
        let input = json!({
            "TableName": want["TableName"], "AttributeDefinitions": want["AttributeDefinitions"],
            "KeySchema": want["KeySchema"], "BillingMode": want["BillingMode"],
            "DeletionProtectionEnabled": true, "Tags": given.tag_list(ROLE, want),
        });
        Ok(request(self.regions.first().map_or("", String::as_str), "CreateTable", input))
    }

    fn ready(&self, seen: &Seen) -> Ready {
        Ready::by(&seen.state, &[ACTIVE], LASTING)
    }

    fn immutable(&self) -> &'static [&'static str] {
        &["AttributeDefinitions", "KeySchema"]
    }

    fn update(&self, want: &Value, seen: &Seen, _: &[Difference], given: &Given) -> Result<Next, Missing> {
        let (is, holder) = (&seen.is, text(&seen.is, "Region"));
        let stands = names(&is["Replicas"]);
        let missing: Vec<&str> =
            self.regions.iter().map(String::as_str).filter(|region| !stands.contains(region)).collect();
        // Whoever stands where it should and tells no mode cannot be told another: the difference stays in the plan.
        let untold = is["MultiRegionConsistency"].is_null() && missing.is_empty();
        let other = is["MultiRegionConsistency"] != want["MultiRegionConsistency"] && !untold;
        if other || !missing.is_empty() {
            if stands != [holder] || missing.len() + 1 != self.regions.len() {
                return Ok(Next::Stuck(self.elsewhere(&stands, text(is, "MultiRegionConsistency"))));
            }
            let input = json!({
                "TableName": self.table, "MultiRegionConsistency": "STRONG",
                "ReplicaUpdates": Self::replica_updates("Create", &missing),
            });
            return Ok(Next::Send(request(holder, "UpdateTable", input)));
        }
        if is["BillingMode"] != want["BillingMode"] {
            return Ok(Next::Send(change(holder, &self.table, "BillingMode", want["BillingMode"].clone())));
        }
        for region in &self.regions {
            if is["Replicas"][region]["DeletionProtectionEnabled"] != true {
                return Ok(Next::Send(change(region, &self.table, "DeletionProtectionEnabled", json!(true))));
            }
        }
        let untagged = |region: &&String| {
            let (want, is) = (&want["Replicas"][*region]["Tags"], &is["Replicas"][*region]["Tags"]);
            names(want).iter().any(|name| want[*name] != is[*name])
        };
        Ok(self.regions.iter().find(untagged).map_or(Next::Done, |region| {
            let arn = in_region(seen.gift("arn"), region);
            Next::Send(tag(region, &arn, given.tag_list(ROLE, want)))
        }))
    }

    fn remove(&self, seen: &Seen, _: &Given) -> Result<Next, Missing> {
        if seen.state != ACTIVE {
            return Ok(Next::Wait(format!("{} is {}", self.table, seen.state)));
        }
        let (replicas, holder) = (&seen.is["Replicas"], text(&seen.is, "Region"));
        let stands = names(replicas);
        if let Some(region) = stands.iter().find(|region| replicas[**region]["DeletionProtectionEnabled"] == true) {
            return Ok(Next::Send(change(region, &self.table, "DeletionProtectionEnabled", json!(false))));
        }
        let others: Vec<&str> = stands.into_iter().filter(|region| *region != holder).collect();
        if !others.is_empty() {
            let updates = Self::replica_updates("Delete", &others);
            return Ok(Next::Send(change(holder, &self.table, "ReplicaUpdates", updates)));
        }
        Ok(Next::Send(request(holder, "DeleteTable", json!({ "TableName": self.table }))))
    }
}

impl Control {
    fn elsewhere(&self, stands: &[&str], consistency: &str) -> String {
        let mode = if consistency.is_empty() { "one Region's" } else { consistency };
        format!(
            "{} stands in {} ({mode} consistency), and [control] regions are {}: such a table keeps its Regions for life. Name those Regions, or remove the table yourself",
            self.table,
            stands.join(", "),
            self.regions.join(", ")
        )
    }
}

/// The same resource in another Region.
pub(super) fn in_region(arn: &str, region: &str) -> String {
    let mut parts: Vec<&str> = arn.split(':').collect();
    if let Some(part) = parts.get_mut(3) {
        *part = region;
    }
    parts.join(":")
}
