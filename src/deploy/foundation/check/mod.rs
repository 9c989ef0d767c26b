//! What must hold before a template is made.

mod names;
mod permissions;
mod regions;
mod shape;

use super::mistake::{Mistake, Mistakes};
use super::site::Site;
use crate::model::cidr::Cidr;
use crate::model::spec::Network;

/// A site in which everything can be right.
#[derive(Debug)]
pub(super) struct Checked<'a> {
    pub site: &'a Site,
    regions: Vec<Place<'a>>,
}

/// A Region with its network read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<'a> {
    pub region: &'a str,
    pub cidr: Cidr,
    pub network: &'a Network,
}

impl<'a> Checked<'a> {
    pub(super) fn region(&self, name: &str) -> Result<Place<'a>, Mistake> {
        self.regions.iter().find(|place| place.region == name).copied().ok_or_else(|| Mistake::UnknownRegion {
            region: name.into(),
            known: self.regions.iter().map(|place| place.region).collect::<Vec<_>>().join(", "),
        })
    }

    /// The other Regions, by name.
    pub(super) fn peers(&self, name: &str) -> Vec<Place<'a>> {
        let mut peers: Vec<_> = self.regions.iter().filter(|place| place.region != name).copied().collect();
        peers.sort_by_key(|place| place.region);
        peers
    }
}

impl Site {
    /// Whether templates can be made of it.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn check(&self) -> Result<(), Mistakes> {
        self.checked().map(|_| ())
    }

    /// The same for what a watcher in a Region stands on, which need not be one of the site.
    pub(super) fn check_watcher(&self, region: &str) -> Result<(), Mistakes> {
        self.check()?;
        let mut wrong = Vec::new();
        names::watcher(self, region, &mut wrong);
        if wrong.is_empty() { Ok(()) } else { Err(Mistakes(wrong)) }
    }

    pub(super) fn checked(&self) -> Result<Checked<'_>, Mistakes> {
        let mut wrong = Vec::new();
        names::names(self, &mut wrong);
        names::tags(self, &mut wrong);
        names::retention(self.log_retention_days, &mut wrong);
        let regions = regions::regions(&self.regions, &mut wrong);
        for (what, port) in [("app port", self.app_port), ("database port", self.database_port)] {
            if port == 0 {
                wrong.push(Mistake::Port { what });
            }
        }
        permissions::roles(&self.roles, self.watched, &mut wrong);
        permissions::secrets(&self.secrets, &mut wrong);
        if wrong.is_empty() { Ok(Checked { site: self, regions }) } else { Err(Mistakes(wrong)) }
    }
}
