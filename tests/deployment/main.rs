//! Deployments on a simulated account: the whole way, through the real SDK, under paused time.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod broken;
mod certificates;
mod cost;
mod given;
mod https;
mod iam;
mod interrupted;
mod life;
mod orphans;
mod policy;
mod refused;
mod rolled_back;
mod secret;
#[path = "../support/mod.rs"]
mod support;
mod template;
mod two;
mod upgrade;
mod watchers;
mod yard;
