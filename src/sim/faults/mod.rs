//! What breaks, as data: a kind, a target, a beginning and an end. Faults end by themselves.

use crate::geo::Place;
use crate::operation::{Operation, Service};
use crate::world::World;
use std::time::Duration;

#[derive(Debug, Clone, Default)]
pub struct Faults {}

/// What faults do to one API call.
#[derive(Debug, Clone, PartialEq)]
pub enum CallEffect {
    None,
    /// No answer, and nothing is done.
    Hang,
    /// Done, answered late.
    Slow(Duration),
    /// Refused without doing it.
    Refuse {
        status: u16,
        code: &'static str,
        message: String,
    },
    /// Done, then the connection is reset: no answer.
    AppliedThenReset,
    /// Done, answered 200, the body cut off.
    AppliedBodyLost,
}

/// What `region`'s API of `service` does to a call at this moment.
pub fn on_call(_world: &mut World, _region: &str, _service: &Service, _operation: &Operation) -> CallEffect {
    CallEffect::None
}

/// Who sends packets to a Region.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum From<'a> {
    Place(&'a Place),
    /// A Route 53 checker or another AWS Region.
    Region(&'a str),
}

/// Whether packets from there arrive in this availability zone (`None`: in the Region at all) now.
pub fn reaches(_world: &World, _from: From<'_>, _region: &str, _zone: Option<&str>) -> bool {
    true
}

pub fn tick(_world: &mut World) {}
