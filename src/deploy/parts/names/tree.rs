//! The records that users follow: policy, dials and rests. They are made last and go first.

use super::super::super::given::{Given, Missing};
use super::batch::{self, Sets};
use super::geo;
use super::named::{Named, Place};
use super::record::{alias, is_region};
use crate::model::deploy::Seen;
use crate::model::records::{RecordSet, Routing, Tree};
use crate::model::spec::{self, Spec};

/// Of a Region's users, those that its own load balancer gets when the record is made.
const OPEN: i64 = 100;

pub struct Records {
    zone: String,
    tree: Tree,
    regions: Vec<String>,
    routing: spec::Routing,
}

/// Where the aliases lead, as far as the network and Route 53 decide it.
struct Targets<'a> {
    zone: &'a str,
    given: &'a Given,
}

impl Targets<'_> {
    fn balancer(&self, name: String, routing: Routing, region: &str) -> Result<RecordSet, Missing> {
        let alb = format!("{region}/alb");
        let set = alias(name, routing, self.given.of(&alb, "zone")?, self.given.of(&alb, "dns_name")?);
        let check = self.given.of(&format!("{region}/health"), "id")?;
        Ok(RecordSet { set_identifier: Some(region.into()), health_check: Some(check.into()), ..set })
    }

    fn name(&self, name: String, set_identifier: String, routing: Routing, target: &str) -> RecordSet {
        RecordSet { set_identifier: Some(set_identifier), ..alias(name, routing, self.zone, target) }
    }
}

impl Records {
    pub fn of(spec: &Spec) -> Self {
        Self {
            zone: spec.stack.zone.clone(),
            tree: spec.stack.tree(),
            regions: spec.region_names().map(String::from).collect(),
            routing: spec.routing,
        }
    }

    fn peers<'a>(&'a self, region: &'a str) -> impl Iterator<Item = &'a String> {
        self.regions.iter().filter(move |peer| *peer != region)
    }

    /// Set identifier, routing and Region of each record of the policy.
    fn policies(&self) -> Vec<(String, Routing, String)> {
        match self.routing {
            spec::Routing::Latency => {
                self.regions.iter().map(|one| (one.clone(), Routing::Latency(one.clone()), one.clone())).collect()
            }
            spec::Routing::Geolocation => geo::policies(&self.regions),
        }
    }

    fn keys(&self) -> Vec<String> {
        let mut keys: Vec<String> =
            self.policies().into_iter().map(|(identifier, ..)| format!("{}|{identifier}", self.tree.policy)).collect();
        for region in &self.regions {
            let (dial, rest) = (self.tree.dial(region), self.tree.rest(region));
            keys.extend([format!("{dial}|{region}"), format!("{dial}|rest-{region}")]);
            keys.extend(self.peers(region).map(|peer| format!("{rest}|{peer}")));
        }
        keys
    }

    /// A record that this stack once had: of a Region that it has left, or of another policy.
    fn ours(&self, set: &RecordSet) -> bool {
        let Some(identifier) = set.set_identifier.as_deref().filter(|_| set.alias.is_some()) else { return false };
        let bare = identifier.strip_prefix("rest-").unwrap_or(identifier);
        if set.name == self.tree.policy {
            return is_region(identifier) || geo::is_ours(identifier);
        }
        let Some(front) = set.name.strip_suffix(&format!(".{}", self.tree.policy)) else { return false };
        is_region(front.strip_prefix("rest-").unwrap_or(front)) && is_region(bare)
    }
}

impl Named for Records {
    fn place(&self) -> Place<'_> {
        Place { zone: &self.zone, tree: &self.tree, regions: &self.regions }
    }

    fn wanted(&self, given: &Given) -> Result<Sets, Missing> {
        let targets = Targets { zone: given.of("zone", "id")?, given };
        let mut sets = vec![];
        for region in &self.regions {
            let (dial, rest) = (self.tree.dial(region), self.tree.rest(region));
            sets.push(targets.balancer(dial.clone(), Routing::Weighted(OPEN), region)?);
            for peer in self.peers(region) {
                sets.push(targets.balancer(rest.clone(), Routing::Latency(peer.clone()), peer)?);
            }
            if self.regions.len() > 1 {
                sets.push(targets.name(dial, format!("rest-{region}"), Routing::Weighted(0), &rest));
            }
        }
        for (set_identifier, routing, region) in self.policies() {
            sets.push(targets.name(self.tree.policy.clone(), set_identifier, routing, &self.tree.dial(&region)));
        }
        Ok(batch::by_key(sets))
    }

    fn seen(&self, sets: &[RecordSet]) -> Seen {
        batch::seen(sets, &self.keys(), |set| self.ours(set))
    }
}
