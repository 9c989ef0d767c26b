//! Where logs go: never to the terminal that the console draws on.

use std::fs::{self, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use tracing_subscriber::EnvFilter;

/// Logs to `<state>/tandem/tandem.log`, which is made, readable by its owner only. `state` is
/// `$XDG_STATE_HOME` or what stands for it. `TANDEM_LOG` filters, as in `TANDEM_LOG=tandem=debug`.
///
/// # Errors
/// When the file cannot be opened; the console goes on without a log then.
pub fn to_file(state: &Path) -> io::Result<PathBuf> {
    let folder = state.join("tandem");
    fs::create_dir_all(&folder)?;
    let path = folder.join("tandem.log");
    let mut options = OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(&path)?;
    let log = tracing_subscriber::fmt().with_ansi(false).with_env_filter(filter()).with_writer(Mutex::new(file));
    log.try_init().map_err(io::Error::other)?;
    Ok(path)
}

/// Logs to standard error, for verbs that draw nothing.
pub fn to_stderr() {
    // A second initialisation keeps the first, which is what a test that calls twice wants.
    let _ = tracing_subscriber::fmt().with_ansi(false).with_env_filter(filter()).with_writer(io::stderr).try_init();
}

fn filter() -> EnvFilter {
    EnvFilter::try_from_env("TANDEM_LOG").unwrap_or_else(|_| EnvFilter::new("warn,tandem=info"))
}
