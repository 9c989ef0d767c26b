//! The one door: a request at a moment, an answer and when.

use crate::moment::Moment;
use crate::wire::{Request, Response};
use crate::world::World;
use std::time::Duration;

/// Slow, reset and hang are data: whoever holds the clock carries them out.
#[derive(Debug)]
pub enum Reply {
    After(Duration, Response),
    /// The connection is closed without an answer.
    Reset(Duration),
    /// Silence.
    Never,
}

/// Answers one request of an AWS client.
pub fn handle(world: &mut World, now: Moment, _request: &Request) -> Reply {
    world.advance(now);
    Reply::Never
}
