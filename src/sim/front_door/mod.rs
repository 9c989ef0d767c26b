//! Where the world meets those who are not API callers: DNS answers, HTTP through the load
//! balancers, and the control pages under `/_sim/`.
//!
//! [`fetch`] is one connection to an address; [`names`] is what a client does before it: it resolves
//! a name and tries the addresses one after the other.

pub mod control;
pub mod names;

use crate::faults::{self, From};
use crate::world::World;
use crate::world::elb::{self, HttpAnswer, HttpAsk};
use std::net::Ipv4Addr;

pub use names::{Visit, VisitError, resolve_for, visit};

/// Why there is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FetchError {
    #[error("connection timed out")]
    TimedOut,
    #[error("connection refused")]
    Refused,
}

/// One request to an address, as a checker, curl or the console's vantage sends it. An address that
/// nobody has is silent: packets to it go nowhere.
pub fn fetch(world: &World, from: From<'_>, ip: Ipv4Addr, ask: &HttpAsk) -> Result<HttpAnswer, FetchError> {
    let node = elb::node_at(world, ip).ok_or(FetchError::TimedOut)?;
    if !faults::reaches(world, from, &node.region, Some(&node.zone)) {
        return Err(FetchError::TimedOut);
    }
    elb::ask(world, ip, ask).ok_or(FetchError::Refused)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geo::PLACES;
    use crate::world::elb::Scheme;

    #[test]
    fn packets_to_an_address_that_nobody_has_go_nowhere() {
        let world = World::empty(1);
        let ask = HttpAsk {
            method: "GET".into(),
            scheme: Scheme::Http,
            host: "app.shop.example".into(),
            path: "/".into(),
            port: 80,
        };
        let answer = fetch(&world, From::Place(&PLACES[0]), Ipv4Addr::new(203, 0, 113, 9), &ask);
        assert_eq!(answer.unwrap_err(), FetchError::TimedOut);
    }
}
