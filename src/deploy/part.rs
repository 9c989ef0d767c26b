//! What the engine must know of a kind of resource. One file a kind in [`super::parts`].

use super::given::{Given, Missing};
use crate::cloud::Aws;
use crate::model::call::Call;
use crate::model::deploy::{Difference, Next, Ready, Seen};
use crate::model::outcome::CallError;
use crate::probe::Boxed;
use serde_json::Value;
use std::time::Duration;

/// A resource of the stack. Everything but the look is a pure function of what was seen and given.
pub trait Part: Send + Sync {
    /// Looks at it; without any of it, [`Seen::absent`]. Never concludes from an error that there is none.
    fn look<'a>(&'a self, aws: &'a Aws, given: &'a Given) -> Boxed<'a, Result<Seen, CallError>>;

    /// What it shall be, by the names of the call that makes it.
    ///
    /// # Errors
    /// When it needs to know of another resource that is not there yet.
    fn want(&self, given: &Given) -> Result<Value, Missing>;

    /// The call that makes it.
    ///
    /// # Errors
    /// As [`Self::want`].
    fn create(&self, want: &Value, given: &Given) -> Result<Call, Missing>;

    /// Whether others can build on it.
    fn ready(&self, seen: &Seen) -> Ready;

    /// Why it must be taken away before it can be made, when making it failed.
    fn spoilt(&self, _: &Seen) -> Option<String> {
        None
    }

    /// Why AWS cannot have it as it is wanted, and which key of the configuration to change; the look asked for it.
    fn unavailable(&self, _: &Seen) -> Option<String> {
        None
    }

    /// Members that it keeps for life; what holds data is then never made anew.
    fn immutable(&self) -> &'static [&'static str] {
        &[]
    }

    /// Whether AWS can change it while it is busy becoming ready.
    fn changes_while_busy(&self) -> bool {
        false
    }

    /// How long it takes to mend these, where that is not a moment.
    fn takes(&self, _: &[Difference]) -> Option<Duration> {
        None
    }

    /// Mends what differs, a call at a time; it is looked at again after each.
    ///
    /// # Errors
    /// As [`Self::want`].
    fn update(&self, want: &Value, seen: &Seen, differences: &[Difference], given: &Given) -> Result<Next, Missing>;

    /// Takes it away, a call at a time; it is looked at again after each, until there is none. `Done`: it
    /// goes with something else, or stays on purpose.
    ///
    /// # Errors
    /// When it needs to know of another resource.
    fn remove(&self, seen: &Seen, given: &Given) -> Result<Next, Missing>;

    /// Whether users feel a change of it: it is then changed in one Region after another.
    fn serves(&self) -> bool {
        false
    }

    /// Whether nothing need be done, nor seen, to take it away: it goes with what it is in, or was never made here.
    fn goes_along(&self) -> bool {
        false
    }

    /// Whether others make it on their way: nothing need be done for it to come.
    fn comes_along(&self) -> bool {
        false
    }

    /// Whether it carries the stack's tags; what does not is known by its name alone.
    fn tagged(&self) -> bool {
        true
    }
}
