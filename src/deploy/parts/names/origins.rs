//! The names of the load balancers themselves: what health checks and drills call, whatever users are told.

use super::super::super::given::{Given, Missing};
use super::batch::{self, Sets};
use super::named::{Named, Place};
use super::record::{alias, is_region};
use crate::model::deploy::Seen;
use crate::model::records::{RecordSet, Routing, Tree};
use crate::model::spec::Spec;

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

    /// The origin of a Region, of this stack or once of it.
    fn ours(&self, name: &str) -> bool {
        let region = name.strip_prefix("origin-").and_then(|rest| rest.strip_suffix(&format!(".{}", self.tree.policy)));
        region.is_some_and(is_region)
    }
}

impl Named for Origins {
    fn place(&self) -> Place<'_> {
        Place { zone: &self.zone, tree: &self.tree, regions: &self.regions }
    }

    fn wanted(&self, given: &Given) -> Result<Sets, Missing> {
        let origin = |region: &String| {
            let alb = format!("{region}/alb");
            let target = (given.of(&alb, "zone")?, given.of(&alb, "dns_name")?);
            Ok(alias(self.tree.origin(region), Routing::Simple, target.0, target.1))
        };
        Ok(batch::by_key(self.regions.iter().map(origin).collect::<Result<Vec<_>, _>>()?))
    }

    fn seen(&self, sets: &[RecordSet]) -> Seen {
        let keys: Vec<String> = self.regions.iter().map(|region| format!("{}|", self.tree.origin(region))).collect();
        batch::seen(sets, &keys, |set| set.alias.is_some() && self.ours(&set.name))
    }
}
