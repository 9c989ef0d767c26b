//! Ends a test that hangs.

use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::time::Duration;

/// Ends the process when a test hangs by the machine's time: simulated time cannot notice that. It watches until what it
/// gives is dropped.
pub fn watch(patience: Duration) -> Sender<()> {
    let (sender, alive) = channel();
    let test = std::thread::current().name().unwrap_or("a test").to_string();
    std::thread::spawn(move || {
        if alive.recv_timeout(patience) == Err(RecvTimeoutError::Timeout) {
            eprintln!("{test} hangs: {patience:?} of the machine's time have passed");
            std::process::abort();
        }
    });
    sender
}
