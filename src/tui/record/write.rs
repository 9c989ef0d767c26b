//! Writes a recording on a thread of its own: the screen never waits for a disk.

use super::head::Head;
use super::line::Memory;
use crate::host::Disk;
use crate::tui::msg::Msg;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

/// Messages that may wait to be written. Snapshots are shared, so that they cost little.
const BOUND: usize = 4096;
/// Messages that are written before the disk has to have them.
const BATCH: usize = 256;
/// How long the end of the console waits for the disk.
const PATIENCE: Duration = Duration::from_secs(2);
const PAUSE: Duration = Duration::from_millis(10);

/// Why nothing can be recorded there.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    #[error("{} is there already: a recording overwrites nothing", .0.display())]
    Exists(PathBuf),
    #[error("{} cannot be recorded to: {why}", .path.display())]
    Create { path: PathBuf, why: io::Error },
    #[error("no thread to record on: {0}")]
    Thread(io::Error),
}

enum Item {
    Head(Box<Head>),
    Msg(Duration, Box<Msg>),
    End(SyncSender<()>),
}

/// A recording that is being written. Clones write to the same.
#[derive(Debug, Clone)]
pub struct Recorder {
    to: SyncSender<Item>,
    /// Why it stopped before its end.
    stopped: Arc<OnceLock<String>>,
}

impl Recorder {
    /// Makes the file, readable by its owner only, and the thread that writes it.
    ///
    /// # Errors
    /// When there is such a file, or it cannot be made.
    pub fn create(disk: &dyn Disk, path: &Path) -> Result<Self, RecordError> {
        let file = disk.create_new(path).map_err(|why| match why.kind() {
            ErrorKind::AlreadyExists => RecordError::Exists(path.into()),
            _ => RecordError::Create { path: path.into(), why },
        })?;
        Self::to(file).map_err(RecordError::Thread)
    }

    /// Writes to `file`, on a thread of its own.
    ///
    /// # Errors
    /// When there can be no thread.
    pub fn to(file: Box<dyn Write + Send>) -> io::Result<Self> {
        let (to, items) = sync_channel(BOUND);
        let stopped = Arc::new(OnceLock::new());
        let why = Arc::clone(&stopped);
        std::thread::Builder::new().name("tandem-record".into()).spawn(move || {
            let mut end = None;
            if let Err(error) = write(io::BufWriter::new(file), &items, &mut end) {
                let _ = why.set(error.to_string());
            }
            // Only now: whoever waits for the end may ask why it stopped.
            drop(end);
        })?;
        Ok(Self { to, stopped })
    }

    /// Begins it: nothing may come before.
    pub fn begin(&self, head: Head) {
        self.send(Item::Head(Box::new(head)));
    }

    /// Adds a message that came at this time since the console began. Never waits.
    pub fn add(&self, at: Duration, msg: &Msg) {
        if self.stopped.get().is_none() {
            self.send(Item::Msg(at, Box::new(msg.clone())));
        }
    }

    /// Why it stopped, when it did before its end.
    pub fn stopped(&self) -> Option<&str> {
        self.stopped.get().map(String::as_str)
    }

    /// Ends it: what was added is in the file then, unless that takes too long.
    pub fn finish(&self) {
        let (done, written) = sync_channel(1);
        let mut end = Item::End(done);
        let mut waited = Duration::ZERO;
        while let Err(TrySendError::Full(back)) = self.to.try_send(end) {
            if waited >= PATIENCE {
                return;
            }
            std::thread::sleep(PAUSE);
            waited += PAUSE;
            end = back;
        }
        // Nothing is ever sent: the writer lets go of its end when it is done.
        let _ = written.recv_timeout(PATIENCE);
    }

    /// A message that finds no room ends the recording: without it, all that follows would be untrue.
    fn send(&self, item: Item) {
        if let Err(TrySendError::Full(_)) = self.to.try_send(item) {
            let _ = self.stopped.set("the disk is too slow".into());
        }
    }
}

/// Writes until it is told to end, and by whom, or everybody has gone. Flushes whenever nothing waits.
fn write(mut file: impl Write, items: &Receiver<Item>, end: &mut Option<SyncSender<()>>) -> io::Result<()> {
    let mut memory = Memory::default();
    while let Ok(first) = items.recv() {
        for item in std::iter::once(first).chain(items.try_iter().take(BATCH)) {
            match item {
                Item::Head(head) => {
                    serde_json::to_writer(&mut file, &head)?;
                    file.write_all(b"\n")?;
                }
                Item::Msg(at, msg) => file.write_all(&memory.write(at, &msg)?)?,
                Item::End(done) => {
                    *end = Some(done);
                    break;
                }
            }
        }
        file.flush()?;
        if end.is_some() {
            return Ok(());
        }
    }
    Ok(())
}
