//! The sessions: the table that the other Regions join. It is looked for at home, and in the other Regions when the home
//! has none: which of them it was made in does not matter once it stands.

use super::super::super::given::{Given, Missing};
use super::super::super::part::Part;
use super::super::marks::{by_name, marks};
use super::super::pieces::differs;
use super::control::tags_of;
use super::{ACTIVE, LASTING, change, names, request, tag, text};
use crate::cloud::Aws;
use crate::cloud::look;
use crate::cloud::look::dynamodb::{self, Found, Ttl};
use crate::model::call::Call;
use crate::model::deploy::{Difference, Next, Ready, Seen};
use crate::model::outcome::CallError;
use crate::model::spec::Spec;
use crate::probe::Boxed;
use serde_json::{Value, json};

pub(super) const ROLE: &str = "sessions";

pub struct Sessions {
    table: String,
    /// The home comes first.
    regions: Vec<String>,
    /// The database that sessions are kept beside.
    global: String,
    ttl_attribute: String,
}

impl Sessions {
    pub fn of(spec: &Spec) -> Self {
        Self {
            table: spec.stack.sessions_table(),
            regions: spec.region_names().map(String::from).collect(),
            global: spec.stack.global_cluster(),
            ttl_attribute: spec.sessions.ttl_attribute.clone(),
        }
    }

    fn home(&self) -> &str {
        self.regions.first().map_or("", String::as_str)
    }

    fn ttl(&self, is: &Value) -> Next {
        let seen = &is["TimeToLiveSpecification"];
        if text(seen, "TimeToLiveStatus") == "DISABLING" {
            return Next::Wait("TimeToLive DISABLING, for up to an hour".into());
        }
        // another attribute can only be named when the first is no more
        let (on, attribute) = match text(seen, "AttributeName") {
            old if seen["Enabled"] == true && old != self.ttl_attribute => (false, old),
            _ => (true, self.ttl_attribute.as_str()),
        };
        let ttl = json!({ "Enabled": on, "AttributeName": attribute });
        let input = json!({ "TableName": self.table, "TimeToLiveSpecification": ttl });
        Next::Send(request(text(is, "Region"), "UpdateTimeToLive", input))
    }
}

/// What is told of a table, and of what only a table that tells more can be asked.
pub(super) fn seen(table: &Found, more: Option<(Ttl, bool)>, stack: &str) -> Seen {
    let mut is = table.settings.clone();
    is["Region"] = json!(table.region);
    is["DeletionProtectionEnabled"] = json!(table.protected);
    is["Replicas"] = json!(table.replicas);
    is["Tags"] = table.tags.as_ref().map_or(Value::Null, by_name);
    if let Some((ttl, recovery)) = more {
        is["TimeToLiveSpecification"] = json!({
            "Enabled": matches!(ttl.status.as_str(), "ENABLED" | "ENABLING"),
            "AttributeName": ttl.attribute, "TimeToLiveStatus": ttl.status,
        });
        is["PointInTimeRecoverySpecification"] = json!({ "PointInTimeRecoveryEnabled": recovery });
    }
    let seen = Seen::there(table.state(), is).tagged(tags_of(table, stack));
    seen.giving("arn", &table.arn).giving("region", &table.region)
}

impl Part for Sessions {
    fn look<'a>(&'a self, aws: &'a Aws, given: &'a Given) -> Boxed<'a, Result<Seen, CallError>> {
        Box::pin(async move {
            let (mut lacking, mut failed) = (vec![], None);
            for region in &self.regions {
                let table = match dynamodb::table(aws, region, &self.table).await {
                    Ok(Some(table)) => table,
                    Ok(None) => {
                        lacking.push(region.as_str());
                        continue;
                    }
                    // who does not answer may have it, and the home is where it belongs
                    Err(error) if *region == self.home() => return Err(error),
                    Err(error) => {
                        failed = failed.or(Some(error));
                        continue;
                    }
                };
                let more = match table.tells() {
                    true => Some((
                        dynamodb::ttl(aws, region, &self.table).await?,
                        dynamodb::recovery(aws, region, &self.table).await?,
                    )),
                    false => None,
                };
                return Ok(seen(&table, more, &given.stack));
            }
            look::missing(aws, self.home(), &lacking, failed, &self.global).await
        })
    }

    fn want(&self, given: &Given) -> Result<Value, Missing> {
        Ok(json!({
            "TableName": self.table,
            "AttributeDefinitions": [{ "AttributeName": "session_id", "AttributeType": "S" }],
            "KeySchema": [{ "AttributeName": "session_id", "KeyType": "HASH" }],
            "BillingMode": "PAY_PER_REQUEST",
            "StreamSpecification": { "StreamEnabled": true, "StreamViewType": "NEW_AND_OLD_IMAGES" },
            "DeletionProtectionEnabled": true,
            "TimeToLiveSpecification": { "Enabled": true, "AttributeName": self.ttl_attribute },
            "PointInTimeRecoverySpecification": { "PointInTimeRecoveryEnabled": true },
            "Region": self.home(),
            "Tags": marks(given, ROLE),
        }))
    }

    fn create(&self, want: &Value, given: &Given) -> Result<Call, Missing> {
        let input = json!({
            "TableName": want["TableName"], "AttributeDefinitions": want["AttributeDefinitions"],
            "KeySchema": want["KeySchema"], "BillingMode": want["BillingMode"],
            "StreamSpecification": want["StreamSpecification"], "DeletionProtectionEnabled": true,
            "Tags": given.tag_list(ROLE, want),
        });
        Ok(request(self.home(), "CreateTable", input))
    }

    fn ready(&self, seen: &Seen) -> Ready {
        Ready::by(&seen.state, &[ACTIVE], LASTING)
    }

    fn immutable(&self) -> &'static [&'static str] {
        &["AttributeDefinitions", "KeySchema"]
    }

    fn update(&self, want: &Value, seen: &Seen, found: &[Difference], given: &Given) -> Result<Next, Missing> {
        let region = seen.gift("region");
        let change = |member: &str, value: Value| Next::Send(change(region, &self.table, member, value));
        if differs("Region", found) {
            return Ok(change("ReplicaUpdates", json!([{ "Create": { "RegionName": self.home() } }])));
        }
        if differs("StreamSpecification", found) {
            let view = text(&seen.is["StreamSpecification"], "StreamViewType");
            if !view.is_empty() {
                return Ok(Next::Stuck(format!(
                    "the stream of {} has {view}, and a global table's stream cannot be changed",
                    self.table
                )));
            }
            return Ok(change("StreamSpecification", want["StreamSpecification"].clone()));
        }
        for member in ["BillingMode", "DeletionProtectionEnabled"] {
            if differs(member, found) {
                return Ok(change(member, want[member].clone()));
            }
        }
        if differs("TimeToLiveSpecification", found) {
            return Ok(self.ttl(&seen.is));
        }
        if differs("PointInTimeRecoverySpecification", found) {
            return Ok(Next::Send(recover(region, &self.table)));
        }
        Ok(Next::Send(tag(region, seen.gift("arn"), given.tag_list(ROLE, want))))
    }

    fn remove(&self, seen: &Seen, _: &Given) -> Result<Next, Missing> {
        if seen.state != ACTIVE {
            return Ok(Next::Wait(format!("{} is {}", self.table, seen.state)));
        }
        let region = seen.gift("region");
        if seen.is["DeletionProtectionEnabled"] == true {
            return Ok(Next::Send(change(region, &self.table, "DeletionProtectionEnabled", json!(false))));
        }
        // in a Region that the stack is no more in
        if let Some(replica) = names(&seen.is["Replicas"]).first() {
            let updates = json!([{ "Delete": { "RegionName": replica } }]);
            return Ok(Next::Send(change(region, &self.table, "ReplicaUpdates", updates)));
        }
        Ok(Next::Send(request(region, "DeleteTable", json!({ "TableName": self.table }))))
    }
}

/// Lets the table be restored to a point in time.
pub(super) fn recover(region: &str, table: &str) -> Call {
    let recovery = json!({ "PointInTimeRecoveryEnabled": true });
    let input = json!({ "TableName": table, "PointInTimeRecoverySpecification": recovery });
    request(region, "UpdateContinuousBackups", input)
}
