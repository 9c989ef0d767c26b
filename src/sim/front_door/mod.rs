//! Where the world meets those who are not API callers: DNS answers, HTTP through the load
//! balancers, and the control pages under `/_sim/`.

pub mod control;

use crate::faults::From;
use crate::world::World;
use crate::world::elb::{HttpAnswer, HttpAsk};
use std::net::Ipv4Addr;

/// Why there is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FetchError {
    #[error("connection timed out")]
    TimedOut,
    #[error("connection refused")]
    Refused,
}

/// One request to an address, as a checker, curl or the console's vantage sends it.
pub fn fetch(_world: &World, _from: From<'_>, _ip: Ipv4Addr, _ask: &HttpAsk) -> Result<HttpAnswer, FetchError> {
    Err(FetchError::TimedOut)
}
