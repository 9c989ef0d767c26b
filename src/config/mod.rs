//! The configuration file: one stack a file. Every mistake names file, line, key and what to do.

mod error;
mod file;
mod find;
mod theme;
mod validate;

pub use error::{ConfigError, Problem};
pub use find::{Found, find};
pub use theme::ThemeChoice;

use crate::host::Disk;
use crate::model::stack::Stack;
use std::path::Path;

/// A configuration that may be used.
#[derive(Debug, Clone, PartialEq)]
pub struct Config {
    pub stack: Stack,
    pub ui: Ui,
}

/// How the console looks.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ui {
    pub theme: ThemeChoice,
}

/// A larger file is no configuration.
const LARGEST: usize = 1 << 20;

/// Reads and checks the file.
///
/// # Errors
/// Everything that is wrong with it, with lines, as far as it can be read.
pub fn load(disk: &dyn Disk, path: &Path) -> Result<Config, ConfigError> {
    let text = disk.read(path).map_err(|e| {
        ConfigError::new(path, None, format!("cannot be read: {e}; check the path and its permissions"))
    })?;
    parse(path, &text)
}

/// Reads and checks text as if it stood in `path`.
///
/// # Errors
/// As [`load`].
pub fn parse(path: &Path, text: &str) -> Result<Config, ConfigError> {
    if text.len() > LARGEST {
        return Err(ConfigError::new(path, None, "is larger than 1 MiB: this is no configuration of Tandem".into()));
    }
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let file: file::File = toml::from_str(text).map_err(|e| error::from_toml(path, text, &e))?;
    validate::validate(file).map_err(|problems| ConfigError::located(path, text, problems))
}

/// The stack of the simulator when there is no configuration file.
pub fn simulated() -> Stack {
    Stack {
        name: "shop".into(),
        environment: "sim".into(),
        regions: vec!["us-east-1".into(), "eu-west-1".into()],
        zone: "shop.example".into(),
        policy: "app.shop.example".into(),
        https: false,
        health_path: "/health".into(),
        ramp: vec![75, 50, 25, 0],
        floor_regions: 1,
        capacity_headroom: 1.25,
        max_data_loss: std::time::Duration::from_secs(60),
    }
}

#[cfg(test)]
mod tests;
