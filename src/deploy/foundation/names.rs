//! Names follow from the stack's: they are how another machine finds what was made.

use super::site::Site;

impl Site {
    pub(super) fn base_stack(&self) -> String {
        format!("{}-base", self.stack)
    }

    pub(super) fn peering_stack(&self, first: &str, second: &str) -> String {
        format!("{}-peering-{first}-{second}", self.stack)
    }

    pub(super) fn routes_stack(&self) -> String {
        format!("{}-routes", self.stack)
    }

    pub(super) fn certificate_stack(&self) -> String {
        format!("{}-certificate", self.stack)
    }

    pub(super) fn watch_stack(&self) -> String {
        format!("{}-watch", self.stack)
    }

    pub(super) fn watch_log_group(&self) -> String {
        format!("{}/watch", self.log_group())
    }

    /// Roles are one name space for all Regions: the Region is in their names.
    pub(super) fn role(&self, region: &str, what: &str) -> String {
        format!("{}-{region}-{what}", self.stack)
    }

    pub(super) fn group(&self, what: &str) -> String {
        format!("{}-{what}", self.stack)
    }

    pub(super) fn log_group(&self) -> String {
        format!("/tandem/{}", self.stack)
    }

    pub(super) fn subnet_group(&self) -> String {
        format!("{}-db", self.stack)
    }

    pub(super) fn key_alias(&self) -> String {
        format!("alias/{}-db", self.stack)
    }
}
