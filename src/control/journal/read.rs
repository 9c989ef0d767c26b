//! Reads journals back. A tail that was torn is passed over; anything else that is wrong is said and ends the
//! reading of that file, for what follows cannot be trusted.

use super::VERSION;
use super::frame::{self, Bad};
use super::record::{Record, What};
use crate::host::Disk;
use std::io;
use std::path::{Path, PathBuf};

/// A file's records as far as they can be trusted.
#[derive(Debug, Clone, PartialEq)]
pub struct Read {
    pub path: PathBuf,
    pub records: Vec<Record>,
    pub broken: Option<Broken>,
}

/// Where the trust ends. Lines from 1.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    #[error("line {0} was torn by a sudden end; whether its call was sent is not known")]
    Torn(usize),
    #[error("line {0} is not what was written: nothing after it is read")]
    Corrupt(usize),
    #[error("format {found} is newer than this Tandem, which reads {VERSION}")]
    Newer { found: u32 },
    #[error("it cannot be read: {0}")]
    Unreadable(String),
}

/// Every journal of a world, in the order in which they were begun.
///
/// # Errors
/// When the folder is there and cannot be listed.
pub fn all(disk: &dyn Disk, folder: &Path) -> io::Result<Vec<Read>> {
    let mut paths = match disk.list(folder) {
        Ok(paths) => paths,
        Err(error) if error.kind() == io::ErrorKind::NotFound => vec![],
        Err(error) => return Err(error),
    };
    paths.retain(|path| path.extension().is_some_and(|end| end == "journal"));
    paths.sort();
    Ok(paths.into_iter().map(|path| one(disk, path)).collect())
}

fn one(disk: &dyn Disk, path: PathBuf) -> Read {
    match disk.read_bytes(&path) {
        Ok(bytes) => {
            let (records, broken) = records(&bytes);
            Read { path, records, broken }
        }
        Err(error) => Read { path, records: vec![], broken: Some(Broken::Unreadable(error.to_string())) },
    }
}

pub(super) fn records(mut bytes: &[u8]) -> (Vec<Record>, Option<Broken>) {
    let mut records = vec![];
    while !bytes.is_empty() {
        let line = records.len() + 1;
        let (text, rest) = match frame::first(bytes) {
            Ok(found) => found,
            // a frame that ends too soon in the middle of a file has lost its length
            Err(Bad::Torn) if !bytes[..bytes.len() - 1].contains(&b'\n') => return (records, Some(Broken::Torn(line))),
            Err(Bad::Torn | Bad::Corrupt) => return (records, Some(Broken::Corrupt(line))),
        };
        let Ok(record) = serde_json::from_str::<Record>(text) else { return (records, Some(Broken::Corrupt(line))) };
        if let What::Began { version, .. } = &record.what
            && *version > VERSION
        {
            return (records, Some(Broken::Newer { found: *version }));
        }
        if record.seq != records.len() as u64 {
            return (records, Some(Broken::Corrupt(line)));
        }
        records.push(record);
        bytes = rest;
    }
    (records, None)
}
