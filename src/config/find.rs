//! Where the configuration is: `--config`, `./config.toml`, then the user's configuration folder.

use super::{Config, ConfigError, load};
use crate::host::Disk;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// A configuration and where it was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    pub path: PathBuf,
    pub config: Config,
}

/// The configuration to use; `None` when there is no file in any of the usual places. `given` is the
/// path that the user named: it must exist. `home` is `$XDG_CONFIG_HOME` or what stands for it.
///
/// # Errors
/// What is wrong with the file that was found.
pub fn find(disk: &dyn Disk, given: Option<&Path>, home: Option<&Path>) -> Result<Option<Found>, ConfigError> {
    let read = |path: &Path| load(disk, path).map(|config| Some(Found { path: path.to_path_buf(), config }));
    if let Some(path) = given {
        return read(path);
    }
    let places = [Some(PathBuf::from("config.toml")), home.map(|home| home.join("tandem").join("config.toml"))];
    for path in places.into_iter().flatten() {
        match disk.read(&path) {
            Err(e) if e.kind() == ErrorKind::NotFound => {}
            _ => return read(&path),
        }
    }
    Ok(None)
}
