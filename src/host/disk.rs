//! Files behind a port, so that tests can have a full disk or none.

use std::io;
use std::path::{Path, PathBuf};

/// Where configuration is read from.
pub trait Disk: Send + Sync {
    /// The whole file as text.
    ///
    /// # Errors
    /// As the operating system says, and `InvalidData` when it is not UTF-8.
    fn read(&self, path: &Path) -> io::Result<String>;

    /// The paths of what lies in the folder, in no order. A disk that knows no folders has none.
    ///
    /// # Errors
    /// As the operating system says.
    fn list(&self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        Err(io::Error::new(io::ErrorKind::NotFound, format!("no folder {}", folder.display())))
    }
}

/// The machine's file system.
#[derive(Debug, Clone, Copy, Default)]
pub struct RealDisk;

impl Disk for RealDisk {
    fn read(&self, path: &Path) -> io::Result<String> {
        std::fs::read_to_string(path)
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        std::fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path())).collect()
    }
}
