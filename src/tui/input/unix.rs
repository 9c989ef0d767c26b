//! Reads standard input as long as it is a terminal.

use super::Heard;
use super::parser::Parser;
use crate::tui::pace::Pace;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::{Errno, read};
use rustix::termios::{QueueSelector, tcflush};
use std::collections::VecDeque;
use std::io::{self, stdin};
use std::time::Duration;

/// Bytes that are read at once.
const CHUNK: usize = 1024;

pub struct Reader {
    parser: Parser,
    ready: VecDeque<Heard>,
    pace: Pace,
    /// When the last bytes came.
    last: Duration,
}

impl Reader {
    /// Keys are stamped by `pace`.
    pub fn new(pace: Pace) -> Self {
        Self { parser: Parser::new(), ready: VecDeque::new(), pace, last: Duration::ZERO }
    }

    /// The next thing that the terminal says, if it says one in time and `ours` holds then: what is read in
    /// the background stops the process, and a read that waits takes the first key after it.
    ///
    /// # Errors
    /// When the terminal is gone.
    pub fn next(&mut self, within: Duration, ours: impl Fn() -> bool) -> io::Result<Option<Heard>> {
        if let Some(heard) = self.ready.pop_front() {
            return Ok(Some(heard));
        }
        let quiet = self.pace.passed().saturating_sub(self.last);
        let patience = self.parser.patience().map(|patience| patience.saturating_sub(quiet));
        if self.says_something(patience.map_or(within, |patience| within.min(patience)))? {
            if ours() {
                self.read()?;
            }
        } else if self.parser.patience().is_some_and(|patience| self.pace.passed() >= self.last + patience) {
            let at = self.last;
            self.ready.extend(self.parser.rest().map(|input| input.heard(at)));
        }
        Ok(self.ready.pop_front())
    }

    /// Forgets what was typed and is not read yet.
    pub fn forget(&mut self) {
        self.parser = Parser::new();
        self.ready.clear();
        let _ = tcflush(stdin(), QueueSelector::IFlush);
    }

    fn says_something(&self, within: Duration) -> io::Result<bool> {
        let terminal = stdin();
        let mut waited = [PollFd::new(&terminal, PollFlags::IN)];
        let within = Timespec::try_from(within).map_err(io::Error::other)?;
        match poll(&mut waited, Some(&within)) {
            Err(Errno::INTR) => return Ok(false),
            Err(error) => return Err(error.into()),
            Ok(_) => {}
        }
        let said = waited[0].revents();
        if said.contains(PollFlags::IN) {
            return Ok(true);
        }
        if said.is_empty() { Ok(false) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
    }

    fn read(&mut self) -> io::Result<()> {
        let mut bytes = [0; CHUNK];
        let count = match read(stdin(), &mut bytes) {
            Err(Errno::INTR | Errno::AGAIN) => return Ok(()),
            Err(error) => return Err(error.into()),
            Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(count) => count,
        };
        self.last = self.pace.passed();
        for byte in &bytes[..count] {
            self.ready.extend(self.parser.feed(*byte).map(|input| input.heard(self.last)));
        }
        Ok(())
    }
}
