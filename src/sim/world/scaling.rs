//! Application Auto Scaling: scalable targets, target tracking and what it did.

use super::World;

/// Application Auto Scaling in one Region.
#[derive(Debug, Clone, Default)]
pub struct Scaling {}

pub fn tick(_world: &mut World) {}
