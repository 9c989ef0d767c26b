//! The journal: one file a process, one folder a world, records that are framed and checked.

mod frame;
mod read;
mod record;

#[cfg(test)]
mod tests;

pub use read::{Broken, Read, all};
pub use record::{CallOf, Record, What};

use crate::host::Disk;
use crate::host::disk::Durable;
use crate::model::text::file_name;
use jiff::Timestamp;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// The version of the format. A reader refuses one that is newer.
pub const VERSION: u32 = 2;

/// Writes records. Cheap to clone; none is kept where there is nothing to keep.
#[derive(Clone, Default)]
pub struct Journal(Option<Arc<Mutex<Open>>>);

struct Open {
    file: Box<dyn Durable>,
    path: PathBuf,
    next: u64,
}

impl Journal {
    /// A journal that keeps nothing: for a world that ends with the process.
    pub fn off() -> Self {
        Self(None)
    }

    /// Begins a file in the world's folder, named after the moment and the process, and writes who begins it.
    ///
    /// # Errors
    /// As the disk says.
    pub fn begin(disk: &dyn Disk, folder: &Path, process: u32, now: Timestamp, who: &str) -> io::Result<Self> {
        let path = folder.join(format!("{}-{process}.journal", now.strftime("%Y%m%dT%H%M%SZ")));
        let file = disk.create_durable(&path)?;
        let journal = Self(Some(Arc::new(Mutex::new(Open { file, path, next: 0 }))));
        journal
            .write(now, What::Began { version: VERSION, tandem: env!("CARGO_PKG_VERSION").into(), who: who.into() })?;
        Ok(journal)
    }

    /// Where it is.
    pub fn path(&self) -> Option<PathBuf> {
        self.0.as_ref().map(|open| open.lock().unwrap_or_else(PoisonError::into_inner).path.clone())
    }

    /// Writes a record, and returns when it is on the disk.
    ///
    /// # Errors
    /// As the disk says; the record may be torn then, and the next one follows it all the same.
    pub fn write(&self, at: Timestamp, what: What) -> io::Result<()> {
        let Some(open) = &self.0 else { return Ok(()) };
        let mut open = open.lock().unwrap_or_else(PoisonError::into_inner);
        let record = Record { seq: open.next, at, what };
        let bytes = frame::of(&serde_json::to_string(&record).map_err(io::Error::other)?);
        open.next += 1;
        open.file.append(bytes.as_bytes())
    }
}

/// The folder of a world: `journal/<stack>-<environment>-<place>` under the state folder.
pub fn folder(state: &Path, stack: &str, environment: &str, place: &str) -> PathBuf {
    let name = [stack, environment, place].map(file_name).join("-");
    state.join("tandem").join("journal").join(name)
}
