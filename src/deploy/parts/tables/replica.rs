//! The sessions in a further Region. Tags, protection and recovery are each replica's own (Developer Guide,
//! global tables: how it works).

use super::super::super::given::{Given, Missing, STACK};
use super::super::super::part::Part;
use super::super::marks::{by_name, marks};
use super::super::pieces::differs;
use super::sessions::{ROLE, recover};
use super::{ACTIVE, LASTING, change, names, request, tag, text};
use crate::cloud::Aws;
use crate::cloud::look::{self, dynamodb, dynamodb::Found};
use crate::model::call::Call;
use crate::model::deploy::{Difference, Next, Ready, Seen};
use crate::model::outcome::CallError;
use crate::model::spec::Spec;
use crate::probe::Boxed;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

/// How long a replica stays that others were made from (Developer Guide, global tables: how it works).
const SOURCE_STAYS: SignedDuration = SignedDuration::from_hours(24);
/// AWS's words for it.
const SOURCE: &str = "Replica cannot be deleted because it has acted as a source region for new replica(s) being added to the table in the last 24 hours.";

pub struct Replica {
    table: String,
    region: String,
}

impl Replica {
    pub fn of(spec: &Spec, region: &str) -> Self {
        Self { table: spec.stack.sessions_table(), region: region.into() }
    }

    /// What this Region and the one that it joined tell of it.
    pub(super) fn seen(
        &self,
        own: Option<&Found>,
        joined: Option<&Found>,
        recovery: Option<bool>,
        now: Timestamp,
    ) -> Seen {
        let member = joined.and_then(|joined| joined.replicas.get(&self.region));
        let named = json!({ "TableName": self.table, "RegionName": self.region });
        let Some(own) = own else {
            return member.map_or_else(Seen::absent, |status| {
                // there it is said to stand, and here not yet
                let state = if status == ACTIVE { "CREATING" } else { status.as_str() };
                Seen::there(state, named)
            });
        };
        let linked = joined.is_none_or(|joined| member.is_some() || own.replicas.contains_key(&joined.region));
        let mut is = named;
        if !linked {
            is["RegionName"] = Value::Null;
        }
        is["DeletionProtectionEnabled"] = json!(own.protected);
        is["Replicas"] = json!(own.replicas);
        is["Tags"] = own.tags.as_ref().map_or(Value::Null, by_name);
        if let Some(recovery) = recovery {
            is["PointInTimeRecoverySpecification"] = json!({ "PointInTimeRecoveryEnabled": recovery });
        }
        if let Some(until) = joined.and_then(|joined| source_until(own, joined)).filter(|until| *until > now) {
            is["SourceUntil"] = json!(until.to_string());
        }
        let busy = [Some(own), joined.filter(|_| linked)].into_iter().flatten().map(Found::state);
        let state = busy.into_iter().find(|state| *state != ACTIVE).unwrap_or(ACTIVE);
        let seen = Seen::there(state, is).tagged(own.tags.clone().unwrap_or_default());
        seen.giving("arn", &own.arn).giving("region", &own.region)
    }
}

/// Until when this one stays because the other one was made from it.
fn source_until(own: &Found, joined: &Found) -> Option<Timestamp> {
    let (own, joined) = (own.created?, joined.created?);
    (own < joined).then(|| joined.checked_add(SOURCE_STAYS).ok()).flatten()
}

impl Part for Replica {
    fn look<'a>(&'a self, aws: &'a Aws, given: &'a Given) -> Boxed<'a, Result<Seen, CallError>> {
        Box::pin(async move {
            let own = dynamodb::table(aws, &self.region, &self.table).await?;
            let joined = match given.of("sessions", "region") {
                Ok(region) if region != self.region => dynamodb::table(aws, region, &self.table).await?,
                _ => None,
            };
            let recovery = match own.as_ref().filter(|own| own.tells()) {
                Some(_) => Some(dynamodb::recovery(aws, &self.region, &self.table).await?),
                None => None,
            };
            Ok(self.seen(own.as_ref(), joined.as_ref(), recovery, look::now(aws)))
        })
    }

    fn want(&self, given: &Given) -> Result<Value, Missing> {
        Ok(json!({
            "TableName": self.table,
            "RegionName": self.region,
            "DeletionProtectionEnabled": true,
            "PointInTimeRecoverySpecification": { "PointInTimeRecoveryEnabled": true },
            "Tags": marks(given, ROLE),
        }))
    }

    fn create(&self, _: &Value, given: &Given) -> Result<Call, Missing> {
        let updates = json!([{ "Create": { "RegionName": self.region } }]);
        Ok(change(given.of("sessions", "region")?, &self.table, "ReplicaUpdates", updates))
    }

    fn ready(&self, seen: &Seen) -> Ready {
        Ready::by(&seen.state, &[ACTIVE], LASTING)
    }

    fn update(&self, want: &Value, seen: &Seen, found: &[Difference], given: &Given) -> Result<Next, Missing> {
        if differs("RegionName", found) {
            return Ok(Next::Stuck(format!(
                "{} in {} is a table of its own and no replica of the sessions in {}: remove it, or choose another [stack] name",
                self.table,
                self.region,
                given.of("sessions", "region")?
            )));
        }
        if differs("DeletionProtectionEnabled", found) {
            return Ok(Next::Send(change(&self.region, &self.table, "DeletionProtectionEnabled", json!(true))));
        }
        if differs("PointInTimeRecoverySpecification", found) {
            return Ok(Next::Send(recover(&self.region, &self.table)));
        }
        Ok(Next::Send(tag(&self.region, seen.gift("arn"), given.tag_list(ROLE, want))))
    }

    fn remove(&self, seen: &Seen, given: &Given) -> Result<Next, Missing> {
        if seen.state != ACTIVE {
            return Ok(Next::Wait(format!("{} in {} is {}", self.table, self.region, seen.state)));
        }
        let linked = text(&seen.is, "RegionName") == self.region;
        if !linked && seen.tags.get(STACK) != Some(&given.stack) {
            let why = format!("{} in {} is a table of its own and not tagged as ours", self.table, self.region);
            return Ok(Next::Stuck(why));
        }
        if let Some(until) = seen.is["SourceUntil"].as_str() {
            return Ok(Next::Stuck(format!("{SOURCE} It can be from {until} on: destroy again then")));
        }
        if seen.is["DeletionProtectionEnabled"] == true {
            return Ok(Next::Send(change(&self.region, &self.table, "DeletionProtectionEnabled", json!(false))));
        }
        let others = names(&seen.is["Replicas"]);
        let home = given.of("sessions", "region").ok().filter(|home| others.contains(home));
        Ok(Next::Send(match home.or(others.first().copied()) {
            Some(other) => {
                let updates = json!([{ "Delete": { "RegionName": self.region } }]);
                change(other, &self.table, "ReplicaUpdates", updates)
            }
            None => request(&self.region, "DeleteTable", json!({ "TableName": self.table })),
        }))
    }

    /// Tags come after it was made; that it is ours follows from what it is a replica of.
    fn tagged(&self) -> bool {
        false
    }
}
