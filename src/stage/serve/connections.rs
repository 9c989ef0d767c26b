//! Every connection and task of a server, so that all of them end with it.

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::{Request, Response};
use hyper_util::rt::{TokioIo, TokioTimer};
use std::future::Future;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;

/// Connections that a listener has open at once; further ones wait.
const MOST: usize = 512;
/// How long a client may take over the head of a request.
const HEAD: Duration = Duration::from_secs(30);
/// How long requests under way may take after the end.
const GRACE: Duration = Duration::from_secs(2);
/// After a failed accept (no file handles, say), before the next.
const BREATH: Duration = Duration::from_millis(100);

/// Closes the connection without an answer.
#[derive(Debug, thiserror::Error)]
#[error("the connection is closed without an answer")]
pub struct Hangup;

/// Answers the requests of one listener.
pub trait Handler: Send + Sync + 'static {
    fn answer(
        &self,
        request: Request<Incoming>,
        peer: SocketAddr,
    ) -> impl Future<Output = Result<Response<Full<Bytes>>, Hangup>> + Send;
}

pub struct Connections {
    tasks: JoinSet<()>,
    stop: watch::Sender<bool>,
}

impl Connections {
    pub fn new() -> Self {
        Self { tasks: JoinSet::new(), stop: watch::Sender::new(false) }
    }

    /// A task that is dropped at the end.
    pub fn spawn(&mut self, task: impl Future<Output = ()> + Send + 'static) {
        let mut stop = self.stop.subscribe();
        self.tasks.spawn(async move {
            tokio::select! {
                biased;
                () = stopped(&mut stop) => {}
                () = task => {}
            }
        });
    }

    /// Serves HTTP/1.1 on the listener.
    pub fn http1(&mut self, listener: TcpListener, handler: impl Handler) {
        let (handler, mut stop) = (Arc::new(handler), self.stop.subscribe());
        self.tasks.spawn(async move {
            let (mut open, room) = (JoinSet::new(), Arc::new(Semaphore::new(MOST)));
            loop {
                let Ok(permit) = Arc::clone(&room).acquire_owned().await else { return };
                let accepted = tokio::select! {
                    biased;
                    () = stopped(&mut stop) => break,
                    accepted = listener.accept() => accepted,
                };
                while open.try_join_next().is_some() {}
                match accepted {
                    Ok((stream, peer)) => {
                        let (handler, stop) = (Arc::clone(&handler), stop.clone());
                        open.spawn(async move {
                            connection(stream, peer, handler, stop).await;
                            drop(permit);
                        });
                    }
                    Err(error) => {
                        tracing::warn!(%error, "a connection was not accepted");
                        tokio::time::sleep(BREATH).await;
                    }
                }
            }
            drop(listener);
            while open.join_next().await.is_some() {}
        });
    }

    /// Ends everything, with a moment for requests under way.
    pub async fn close(mut self) {
        self.stop.send_replace(true);
        let all = async { while self.tasks.join_next().await.is_some() {} };
        if tokio::time::timeout(GRACE, all).await.is_err() {
            self.tasks.shutdown().await;
        }
    }
}

async fn connection<H: Handler>(
    stream: tokio::net::TcpStream,
    peer: SocketAddr,
    handler: Arc<H>,
    mut stop: watch::Receiver<bool>,
) {
    let service = hyper::service::service_fn(move |request| {
        let handler = Arc::clone(&handler);
        async move { handler.answer(request, peer).await }
    });
    let connection = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD)
        .serve_connection(TokioIo::new(stream), service);
    let mut connection = pin!(connection);
    let ended = tokio::select! {
        biased;
        ended = connection.as_mut() => ended,
        () = stopped(&mut stop) => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended
        && !error.is_user()
    {
        tracing::warn!(%peer, %error, "a connection broke");
    }
}

/// Waits for the end.
async fn stopped(stop: &mut watch::Receiver<bool>) {
    // an error is the end, too: whoever could say so is gone
    let _ = stop.wait_for(|stop| *stop).await.map(drop);
}
