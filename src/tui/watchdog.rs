//! Ends a process whose terminal is gone and which nobody has told so: in a session of its own no hangup
//! reaches it.

use std::io::IsTerminal;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// One is enough, whichever screen comes first.
static WATCHES: AtomicBool = AtomicBool::new(false);

const EVERY: Duration = Duration::from_secs(2);
/// How long the process may take to end by itself.
const GRACE: Duration = Duration::from_secs(1);
/// The exit code of a process that a hangup ended: 128 + SIGHUP.
const HUNG_UP: i32 = 129;

/// Watches from now on, when there is a terminal to lose.
pub fn watch() -> std::io::Result<()> {
    if !std::io::stdin().is_terminal() || WATCHES.swap(true, Ordering::SeqCst) {
        return Ok(());
    }
    let parent = parent();
    std::thread::Builder::new().name("tandem-watchdog".into()).spawn(move || {
        loop {
            std::thread::sleep(EVERY);
            if !std::io::stdin().is_terminal() || self::parent() != parent {
                hang_up();
                std::thread::sleep(GRACE);
                super::terminal::restore();
                std::process::exit(HUNG_UP);
            }
        }
    })?;
    Ok(())
}

/// Says it as the system would have: what is under way is then written down before the end.
#[cfg(unix)]
fn hang_up() {
    let _ = rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::HUP);
}

#[cfg(not(unix))]
fn hang_up() {}

#[cfg(unix)]
fn parent() -> u32 {
    std::os::unix::process::parent_id()
}

#[cfg(not(unix))]
fn parent() -> u32 {
    0
}
