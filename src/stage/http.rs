//! One HTTP/1.1 request over a fresh connection, without redirects, proxies or a pool.

use crate::model::text::clean;
use crate::probe::{ProbeError, SAID, TOUCHES};
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Bytes;
use hyper::header::HeaderMap;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// The longest answer that is read.
const LONGEST: usize = 4 << 20;

/// An answer, as far as it was read.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    /// The beginning of what it says.
    pub fn said(&self) -> String {
        said(&self.body)
    }

    /// What the application says that the answer needed.
    pub fn touches(&self) -> Option<String> {
        let told = self.headers.get(TOUCHES)?;
        Some(clean(&String::from_utf8_lossy(told.as_bytes())))
    }
}

/// The beginning of a body, as clean text.
pub fn said(body: &[u8]) -> String {
    clean(&String::from_utf8_lossy(&body[..body.len().min(SAID)]))
}

/// A connection, or why there is none.
pub async fn connect(to: SocketAddr, within: Duration) -> Result<TcpStream, ProbeError> {
    timeout(within, TcpStream::connect(to)).await.map_err(|_| ProbeError::TimedOut)?.map_err(io)
}

/// Sends one request and reads the whole answer.
pub async fn exchange<S>(stream: S, request: Request<Full<Bytes>>, within: Duration) -> Result<Answer, ProbeError>
where
    S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let whole = async {
        let response = respond(stream, request).await?;
        let (head, body) = response.into_parts();
        let body = Limited::new(body, LONGEST).collect().await.map_err(|error| ProbeError::Other(error.to_string()))?;
        Ok(Answer { status: head.status.as_u16(), headers: head.headers, body: body.to_bytes().to_vec() })
    };
    timeout(within, whole).await.map_err(|_| ProbeError::TimedOut)?
}

async fn respond<S>(stream: S, request: Request<Full<Bytes>>) -> Result<Response<hyper::body::Incoming>, ProbeError>
where
    S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let other = |error: hyper::Error| ProbeError::Other(error.to_string());
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.map_err(other)?;
    tokio::spawn(async move {
        if let Err(error) = connection.await {
            tracing::debug!(%error, "a connection ended");
        }
    });
    sender.send_request(request).await.map_err(other)
}

pub fn io(error: std::io::Error) -> ProbeError {
    match error.kind() {
        std::io::ErrorKind::ConnectionRefused => ProbeError::Refused,
        std::io::ErrorKind::TimedOut => ProbeError::TimedOut,
        _ => ProbeError::Other(error.to_string()),
    }
}
