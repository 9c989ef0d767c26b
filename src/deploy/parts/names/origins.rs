//! The names of the load balancers themselves: what health checks and drills call, whatever users are told.

use super::super::super::given::{Given, Missing};
use super::super::super::part::Part;
use super::batch::{self, Sets};
use super::record::{alias, is_region};
use super::zone;
use crate::cloud::{Aws, route53};
use crate::model::call::Call;
use crate::model::deploy::{Difference, Next, Ready, Seen};
use crate::model::outcome::CallError;
use crate::model::records::{RecordSet, Routing, Tree};
use crate::model::spec::Spec;
use crate::probe::Boxed;
use serde_json::Value;

pub struct Origins {
    zone: String,
    tree: Tree,
    regions: Vec<String>,
}

impl Origins {
    pub fn of(spec: &Spec) -> Self {
        let regions = spec.region_names().map(String::from).collect();
        Self { zone: spec.stack.zone.clone(), tree: spec.stack.tree(), regions }
    }

    fn wanted(&self, given: &Given) -> Result<Sets, Missing> {
        let origin = |region: &String| {
            let alb = format!("{region}/alb");
            let target = (given.of(&alb, "zone")?, given.of(&alb, "dns_name")?);
            Ok(alias(self.tree.origin(region), Routing::Simple, target.0, target.1))
        };
        Ok(batch::by_key(self.regions.iter().map(origin).collect::<Result<Vec<_>, _>>()?))
    }

    pub(super) fn seen(&self, sets: &[RecordSet]) -> Seen {
        let keys: Vec<String> = self.regions.iter().map(|region| format!("{}|", self.tree.origin(region))).collect();
        batch::seen(sets, &keys, |set| set.alias.is_some() && self.ours(&set.name))
    }

    /// The origin of a Region, of this stack or once of it.
    fn ours(&self, name: &str) -> bool {
        let region = name.strip_prefix("origin-").and_then(|rest| rest.strip_suffix(&format!(".{}", self.tree.policy)));
        region.is_some_and(is_region)
    }
}

impl Part for Origins {
    fn look<'a>(&'a self, aws: &'a Aws, given: &'a Given) -> Boxed<'a, Result<Seen, CallError>> {
        Box::pin(async move {
            let Some(zone) = zone::given_or_found(aws, given, &self.zone).await? else { return Ok(Seen::absent()) };
            let records = route53::records(aws, &zone, &self.tree, &self.regions).await?;
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
