//! What faults do to API calls.

use super::{Fault, words};
use crate::moment::Moment;
use crate::operation::{Operation, Refusal, Service};
use crate::random::Random;
use crate::world::World;
use std::time::Duration;

/// What faults do to one API call.
#[derive(Debug, Clone, PartialEq)]
pub enum CallEffect {
    None,
    /// No answer, and nothing is done.
    Hang,
    /// Done, answered late.
    Slow(Duration),
    /// Refused without doing it.
    Refuse(Refusal),
    /// Done, then the connection is reset: no answer.
    AppliedThenReset,
    /// Done, answered 200, the body cut off.
    AppliedBodyLost,
    /// Done, answered 200, the body is [`MALFORMED`].
    AppliedMalformed,
    /// Done, the lists of the answer end early.
    EndedEarly,
    /// Answered from the past, at most so long ago.
    Stale(Duration),
    /// Done twice: a copy of the request arrives after it. The answer is the first one's, as the second
    /// goes to whatever sent the copy.
    Twice,
}

/// A page of a proxy in between: its first byte begins neither JSON nor CBOR, and its tags do not close.
pub const MALFORMED: &str = "<html>\n<head><title>200 OK</title></head>\n<body>\n<center><h1>200 OK</h1><hr>\n";

/// What `region`'s API of `service` does to a call at this moment. Of several faults the first that
/// was started and hits the call holds, but nothing is worse than silence.
pub fn on_call(world: &mut World, region: &str, service: &Service, operation: &Operation) -> CallEffect {
    let World { faults, chance, now, .. } = world;
    let mut effect = CallEffect::None;
    for fault in faults.active(*now).filter(|fault| fault.concerns(region, service, operation)) {
        if fault.kind.takes("rate") && !chance.faults.chance(fault.rate) {
            continue;
        }
        match done_to_call(fault, *now, service, operation, &mut chance.faults) {
            CallEffect::Hang => return CallEffect::Hang,
            done if effect == CallEffect::None => effect = done,
            _ => {}
        }
    }
    effect
}

/// Whether no API of `region` answers `service`'s callers at all now, whatever they ask.
pub fn silent(world: &World, region: &str, service: &Service) -> bool {
    world.faults.active(world.now).any(|fault| {
        let here = fault.region.is_none_or(|hit| hit == region);
        match fault.kind.id {
            "F16" | "F17" => here,
            "F1" => {
                let all = fault.operation.is_none() && fault.rate >= 1.0;
                here && all && fault.service.is_none_or(|hit| hit == service.scope)
            }
            _ => false,
        }
    })
}

impl Fault {
    /// Whether it can do something to this call.
    fn concerns(&self, region: &str, service: &Service, operation: &Operation) -> bool {
        let told = self.region.is_none_or(|hit| hit == region)
            && self.service.is_none_or(|hit| hit == service.scope)
            && self.operation.as_deref().is_none_or(|hit| hit == operation.name);
        told && match self.kind.id {
            "F1" | "F2" | "F3" | "F4" | "F5" | "F6" | "F7" | "F11" | "F12" | "F16" | "F17" => true,
            "F8" => operation.reads,
            "F9" => operation.reads && self.delay > Duration::ZERO,
            "F10" => !operation.reads,
            "F13" => operation.name != "GetCallerIdentity",
            "F14" => service.scope == "sts",
            "F21" => service.scope == "route53",
            _ => false,
        }
    }
}

fn done_to_call(
    fault: &Fault,
    now: Moment,
    service: &Service,
    operation: &Operation,
    chance: &mut Random,
) -> CallEffect {
    let refusal = match fault.kind.id {
        "F1" | "F16" | "F17" => return CallEffect::Hang,
        "F2" => return CallEffect::Slow(fault.delay),
        "F3" if chance.chance(0.5) => words::broken(service),
        "F4" => words::throttled(service, operation.name),
        "F5" => return CallEffect::AppliedThenReset,
        "F6" => return CallEffect::AppliedBodyLost,
        "F7" => return CallEffect::AppliedMalformed,
        "F8" => return CallEffect::EndedEarly,
        "F9" => return CallEffect::Stale(fault.delay),
        "F10" => return CallEffect::Twice,
        "F11" => words::expired(service),
        "F12" => words::skewed(service, now, fault.delay),
        "F13" => words::denied(service, operation.name),
        "F3" | "F14" | "F21" => words::unavailable(service),
        _ => return CallEffect::None,
    };
    CallEffect::Refuse(refusal)
}
