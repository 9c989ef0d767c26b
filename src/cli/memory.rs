//! The file in which the console remembers where its operator was, one a stack.

use crate::host::Disk;
use crate::host::disk::RealDisk;
use crate::model::text::file_name;
use crate::tui::memory::Memory;
use std::io;
use std::path::{Path, PathBuf};

/// `$XDG_STATE_HOME/tandem/<stack>-<environment>.view.toml`; none where there is no home.
pub fn path(stack: &str, environment: &str) -> Option<PathBuf> {
    let name = [stack, environment].map(file_name).join("-");
    Some(super::state_home()?.join("tandem").join(format!("{name}.view.toml")))
}

/// What is remembered; a file that cannot be read remembers nothing.
pub fn read(path: &Path) -> Memory {
    RealDisk.read(path).ok().and_then(|text| toml::from_str(&text).ok()).unwrap_or_default()
}

/// It names what the operator looked at: nobody else's matter.
///
/// # Errors
/// As the operating system says.
pub fn write(path: &Path, memory: &Memory) -> io::Result<()> {
    RealDisk.replace(path, &toml::to_string(memory).map_err(io::Error::other)?)
}
