//! What signals ask of the process.

/// What a signal asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// SIGTERM, SIGHUP, SIGINT or SIGQUIT.
    End,
    /// SIGTSTP: a shell wants its terminal back.
    Suspend,
    /// SIGCONT: it may go on.
    Continued,
    /// SIGWINCH: the terminal has another size.
    Resized,
}

/// Signals from when this was made.
#[cfg(unix)]
pub struct Signals {
    end: Vec<tokio::signal::unix::Signal>,
    suspend: Option<tokio::signal::unix::Signal>,
    continued: Option<tokio::signal::unix::Signal>,
    resized: Option<tokio::signal::unix::Signal>,
}

#[cfg(unix)]
impl Signals {
    /// Those that ask to end, and nothing else.
    pub fn ends() -> Self {
        use tokio::signal::unix::{SignalKind, signal};
        let kinds = [SignalKind::terminate(), SignalKind::hangup(), SignalKind::interrupt(), SignalKind::quit()];
        let end = kinds.into_iter().filter_map(|kind| signal(kind).ok()).collect();
        Self { end, suspend: None, continued: None, resized: None }
    }

    /// All of them.
    pub fn all() -> Self {
        use tokio::signal::unix::{SignalKind, signal};
        // Without the one that says when to go on, stopping is the system's matter.
        let continued = signal(kind(rustix::process::Signal::CONT)).ok();
        let suspend = continued.is_some().then(|| signal(kind(rustix::process::Signal::TSTP)).ok()).flatten();
        let resized = signal(SignalKind::window_change()).ok();
        return Self { suspend, continued, resized, ..Self::ends() };

        fn kind(signal: rustix::process::Signal) -> SignalKind {
            SignalKind::from_raw(signal.as_raw())
        }
    }

    /// What is asked for next.
    pub async fn next(&mut self) -> Asked {
        std::future::poll_fn(|context| {
            if self.end.iter_mut().any(|signal| signal.poll_recv(context).is_ready()) {
                return std::task::Poll::Ready(Asked::End);
            }
            let others = [
                (&mut self.suspend, Asked::Suspend),
                (&mut self.continued, Asked::Continued),
                (&mut self.resized, Asked::Resized),
            ];
            for (signal, asked) in others {
                if signal.as_mut().is_some_and(|signal| signal.poll_recv(context).is_ready()) {
                    return std::task::Poll::Ready(asked);
                }
            }
            std::task::Poll::Pending
        })
        .await
    }
}

/// Ctrl-C is all that there is.
#[cfg(not(unix))]
pub struct Signals;

#[cfg(not(unix))]
impl Signals {
    pub fn ends() -> Self {
        Self
    }

    pub fn all() -> Self {
        Self
    }

    pub async fn next(&mut self) -> Asked {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
        Asked::End
    }
}
