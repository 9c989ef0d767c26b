//! What is common to sets of records: they are looked for, made, mended and removed together, in one batch.

use super::super::super::given::{Given, Missing};
use super::super::super::part::Part;
use super::batch::{self, Sets};
use super::zone;
use crate::cloud::{Aws, route53};
use crate::model::call::Call;
use crate::model::deploy::{Difference, Next, Ready, Seen};
use crate::model::outcome::CallError;
use crate::model::records::{RecordSet, Tree};
use crate::probe::Boxed;
use serde_json::Value;

/// Where records are looked for.
pub struct Place<'a> {
    pub zone: &'a str,
    pub tree: &'a Tree,
    pub regions: &'a [String],
}

/// Records that come and go together.
pub trait Named: Send + Sync {
    fn place(&self) -> Place<'_>;

    /// # Errors
    /// When it needs to know of a resource that is not there yet.
    fn wanted(&self, given: &Given) -> Result<Sets, Missing>;

    /// What of the zone's records is theirs.
    fn seen(&self, sets: &[RecordSet]) -> Seen;
}

impl<T: Named> Part for T {
    fn look<'a>(&'a self, aws: &'a Aws, given: &'a Given) -> Boxed<'a, Result<Seen, CallError>> {
        Box::pin(async move {
            let Place { zone, tree, regions } = self.place();
            let Some(zone) = zone::given_or_found(aws, given, zone).await? else { return Ok(Seen::absent()) };
            let records = route53::records(aws, &zone, tree, regions).await?;
            let seen = self.seen(&records.sets);
            Ok(if seen.exists { seen.giving("zone", zone) } else { seen })
        })
    }

    fn want(&self, given: &Given) -> Result<Value, Missing> {
        Ok(batch::want(&self.wanted(given)?))
    }

    fn create(&self, _: &Value, given: &Given) -> Result<Call, Missing> {
        Ok(batch::create(given.of("zone", "id")?, &self.wanted(given)?))
    }

    /// What Route 53 lists is on its way to every name server, "generally within 60 seconds" (API Reference,
    /// ChangeResourceRecordSets).
    fn ready(&self, _: &Seen) -> Ready {
        Ready::Yes
    }

    fn update(&self, _: &Value, seen: &Seen, _: &[Difference], given: &Given) -> Result<Next, Missing> {
        Ok(batch::bring(seen.gift("zone"), &self.wanted(given)?, seen))
    }

    fn remove(&self, seen: &Seen, _: &Given) -> Result<Next, Missing> {
        Ok(batch::remove(seen.gift("zone"), seen))
    }

    fn tagged(&self) -> bool {
        false
    }
}
