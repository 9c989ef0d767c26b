//! Ends a process whose terminal is gone. The thread that reads keys cannot: crossterm 0.29 spins in
//! its read when a terminal vanishes (crossterm issue 793).

use std::io::IsTerminal;
use std::time::Duration;

const EVERY: Duration = Duration::from_secs(2);
/// The exit code of a process that a hangup ended: 128 + SIGHUP.
const HUNG_UP: i32 = 129;

/// Watches from now on, when there is a terminal to lose.
pub fn watch() -> std::io::Result<()> {
    if !std::io::stdin().is_terminal() {
        return Ok(());
    }
    let parent = parent();
    std::thread::Builder::new().name("tandem-watchdog".into()).spawn(move || {
        loop {
            std::thread::sleep(EVERY);
            if !std::io::stdin().is_terminal() || self::parent() != parent {
                super::terminal::restore();
                std::process::exit(HUNG_UP);
            }
        }
    })?;
    Ok(())
}

#[cfg(unix)]
fn parent() -> u32 {
    std::os::unix::process::parent_id()
}

#[cfg(not(unix))]
fn parent() -> u32 {
    0
}
