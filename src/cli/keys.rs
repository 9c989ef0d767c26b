//! `tandem keys`: every action, its keys, and the id that the configuration knows it by.

use super::args::{KeysArguments, WorldArguments};
use super::world;
use crate::config::ConfigError;
use crate::tui::actions::docs;

/// # Errors
/// When the configuration is wrong, its keys included.
pub fn run(world: &WorldArguments, asked: &KeysArguments) -> Result<String, ConfigError> {
    let map = world::configuration(world)?.keymap;
    Ok(if asked.markdown { docs::markdown(&map) } else { docs::plain(&map) })
}
