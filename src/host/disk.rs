//! Files behind a port, so that tests can have a full disk or none.

use std::io;
use std::path::Path;

/// Where configuration is read from.
pub trait Disk: Send + Sync {
    /// The whole file as text.
    ///
    /// # Errors
    /// As the operating system says, and `InvalidData` when it is not UTF-8.
    fn read(&self, path: &Path) -> io::Result<String>;
}

/// The machine's file system.
#[derive(Debug, Clone, Copy, Default)]
pub struct RealDisk;

impl Disk for RealDisk {
    fn read(&self, path: &Path) -> io::Result<String> {
        std::fs::read_to_string(path)
    }
}
