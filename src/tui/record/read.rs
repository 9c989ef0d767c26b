//! Reads a recording: its head, then message by message.

use super::head::{Head, VERSION};
use super::line::{LineError, Memory};
use crate::tui::msg::Msg;
use serde::Deserialize;
use std::io::{self, BufRead};
use std::time::Duration;

/// Why a recording cannot be read. Every error says the file and the line.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    #[error("{file}:{line}: {why}")]
    Read { file: String, line: usize, why: io::Error },
    #[error("{file}:1: not a recording of the console: {why}")]
    NoHead { file: String, why: String },
    #[error("{file}:1: a recording of format {found}; this Tandem reads format {VERSION}")]
    Version { file: String, found: u32 },
    #[error("{file}:{line}: {why}")]
    Line { file: String, line: usize, why: LineError },
}

/// A recording that is read. As an iterator it gives every message and when it came.
#[derive(Debug)]
pub struct Log<R> {
    head: Head,
    file: String,
    from: R,
    line: usize,
    memory: Memory,
    cut: bool,
    over: bool,
}

/// The one thing that all formats have.
#[derive(Deserialize)]
struct Format {
    tandem_recording: u32,
}

impl<R: BufRead> Log<R> {
    /// Reads the head; `file` is what errors call it.
    ///
    /// # Errors
    /// When it cannot be read, is no recording, or one of another format.
    pub fn open(file: impl Into<String>, mut from: R) -> Result<Self, ReadError> {
        let file = file.into();
        let mut first = vec![];
        if let Err(why) = from.read_until(b'\n', &mut first) {
            return Err(ReadError::Read { file, line: 1, why });
        }
        let no_head =
            |why: serde_json::Error| ReadError::NoHead { file: file.clone(), why: LineError::Json(why).to_string() };
        if first.is_empty() {
            return Err(ReadError::NoHead { file, why: "it is empty".into() });
        }
        let format: Format = serde_json::from_slice(&first).map_err(no_head)?;
        if format.tandem_recording != VERSION {
            return Err(ReadError::Version { file, found: format.tandem_recording });
        }
        let head = serde_json::from_slice(&first).map_err(no_head)?;
        Ok(Self { head, file, from, line: 1, memory: Memory::default(), cut: false, over: false })
    }

    pub fn head(&self) -> &Head {
        &self.head
    }

    /// Whether the last line was cut off, as by a process that was killed. Known at the end.
    pub fn cut(&self) -> bool {
        self.cut
    }

    fn message(&mut self) -> Result<Option<(Duration, Msg)>, ReadError> {
        let mut bytes = vec![];
        self.line += 1;
        let (file, line) = (self.file.clone(), self.line);
        self.from.read_until(b'\n', &mut bytes).map_err(|why| ReadError::Read { file, line, why })?;
        if bytes.is_empty() {
            return Ok(None);
        }
        match self.memory.read(&bytes) {
            Ok(message) => Ok(Some(message)),
            Err(_) if bytes.last() != Some(&b'\n') => {
                self.cut = true;
                Ok(None)
            }
            Err(why) => Err(ReadError::Line { file: self.file.clone(), line: self.line, why }),
        }
    }
}

impl<R: BufRead> Iterator for Log<R> {
    type Item = Result<(Duration, Msg), ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.over {
            return None;
        }
        let message = self.message();
        self.over = !matches!(message, Ok(Some(_)));
        message.transpose()
    }
}
