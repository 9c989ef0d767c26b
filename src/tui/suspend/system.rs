//! What the system is asked for when the process stops and goes on.

pub use os::{ask, foreground, possible, stop};

/// Why the process cannot stop for a shell.
#[derive(Debug, thiserror::Error)]
pub enum SuspendError {
    #[error("no shell is here that could let it go on")]
    NoShell,
    #[error("cannot stop: {0}")]
    Refused(#[from] std::io::Error),
}

#[cfg(unix)]
mod os {
    use super::SuspendError;
    use nix::unistd;
    use rustix::process::{self, Signal};
    use rustix::termios;
    use std::io;

    /// Whether somebody in this session could let the process go on: one that leads its session, as under
    /// `ssh host tandem`, would stand still for good. A session that is led from outside of a container is
    /// numbered 0 in it (getsid(2) of Linux).
    pub fn possible() -> Result<(), SuspendError> {
        let session = |of| unistd::getsid(of).map_err(io::Error::from);
        if session(Some(unistd::getppid())).ok() == Some(session(None)?) { Ok(()) } else { Err(SuspendError::NoShell) }
    }

    /// Asks everybody in the job to stop, as a terminal does for `^Z`: a `cargo run` stops with its child.
    pub fn ask() -> io::Result<()> {
        Ok(process::kill_current_process_group(Signal::TSTP)?)
    }

    /// Stops this process. Whoever calls may run a little further.
    pub fn stop() -> io::Result<()> {
        Ok(process::kill_process(process::getpid(), Signal::STOP)?)
    }

    /// Whether the terminal is ours to take: in the background it is not.
    pub fn foreground() -> bool {
        termios::tcgetpgrp(io::stdin()).map_or(true, |group| group == process::getpgrp())
    }
}

#[cfg(not(unix))]
mod os {
    use super::SuspendError;
    use std::io;

    pub fn possible() -> Result<(), SuspendError> {
        Err(SuspendError::NoShell)
    }

    pub fn ask() -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }

    pub fn stop() -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }

    pub fn foreground() -> bool {
        true
    }
}
