//! Signals that ask the process to end.

/// Waits for SIGTERM, SIGHUP or SIGINT.
#[cfg(unix)]
pub async fn end() {
    use tokio::signal::unix::{SignalKind, signal};
    let listen = |kind| signal(kind).ok();
    let (mut term, mut hang_up, mut interrupt) =
        (listen(SignalKind::terminate()), listen(SignalKind::hangup()), listen(SignalKind::interrupt()));
    tokio::select! {
        biased;
        () = first(&mut term) => {}
        () = first(&mut hang_up) => {}
        () = first(&mut interrupt) => {}
    }
}

#[cfg(unix)]
async fn first(signal: &mut Option<tokio::signal::unix::Signal>) {
    match signal {
        Some(signal) => {
            signal.recv().await;
        }
        None => std::future::pending().await,
    }
}

/// Waits for Ctrl-C.
#[cfg(not(unix))]
pub async fn end() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}
