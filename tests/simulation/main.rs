//! The whole way, the AWS SDK included, in simulated time: a stage of the simulator, the observer that
//! the console has, and operations. No socket is opened and nothing waits for the machine's clock.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]
#![allow(clippy::disallowed_methods, reason = "the watchdog runs by the machine's time")]

mod an_hour;
mod attention;
mod desk;
mod determinism;
mod drain;
mod evacuation;
mod failover;
mod hanging_apis;
mod lease;
mod losing_a_region;
mod refusals;
mod rolling_back;
mod scale;
mod screen;
mod sessions;
mod stopped;
mod switchover;
#[path = "../support/watchdog.rs"]
mod watchdog;
