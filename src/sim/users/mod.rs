//! The people whom the stack serves: cohorts per place, with resolvers that cache and connections
//! that outlive DNS.

use crate::world::World;

#[derive(Debug, Clone, Default)]
pub struct Users {}

pub fn tick(_world: &mut World) {}
