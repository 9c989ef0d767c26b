//! Deployments on a simulated account: the whole way, through the real SDK, under paused time.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod broken;
mod certificates;
mod given;
mod https;
mod interrupted;
mod life;
mod orphans;
mod refused;
mod rolled_back;
mod secret;
mod two;
mod upgrade;
mod yard;
