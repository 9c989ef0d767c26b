//! A world behind an endpoint URL: a simulator of ours that another process serves, or another
//! emulator of AWS.

mod vantage;

use super::aws::{self, AwsOptions};
use super::http::{Answer, connect, exchange};
use super::lever::{PageLever, Pages};
use super::{Stage, StageError, StagePlace, simulator};
use crate::cloud::{self, Setup};
use crate::host::Clock;
use crate::model::text::clean;
use crate::probe::Boxed;
use http_body_util::Full;
use hyper::body::Bytes;
use hyper::header::{HOST, HeaderValue};
use jiff::Timestamp;
use serde::Deserialize;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tandem_sim::wire::{Request, Response};
use vantage::ServedVantage;

/// How long the other side may take over a control page.
const PAGE: Duration = Duration::from_secs(5);

/// What `GET /_sim/clock` tells.
#[derive(Debug, Clone, PartialEq, Deserialize)]
struct Told {
    now_ms: i64,
    speed: f64,
    #[serde(default)]
    seed: u64,
    #[serde(default)]
    dns_port: Option<u16>,
    #[serde(default)]
    http_port: Option<u16>,
}

/// A world to act in behind `endpoint`, e.g. `http://127.0.0.1:4599`.
///
/// # Errors
/// When the endpoint is no URL, or the emulator wants credentials and there are none.
pub async fn stage(endpoint: &str, profile: Option<String>, regions: Vec<String>) -> Result<Stage, StageError> {
    let wrong = || StageError::Endpoint { endpoint: clean(endpoint) };
    let (authority, tls) = match (endpoint.strip_prefix("http://"), endpoint.strip_prefix("https://")) {
        (Some(rest), _) => (rest, false),
        (_, Some(rest)) => (rest, true),
        _ => return Err(wrong()),
    };
    let authority = authority.split('/').next().filter(|authority| !authority.is_empty()).ok_or_else(wrong)?;
    let address = if authority.contains(':') { authority.to_string() } else { format!("{authority}:80") };
    let found = if tls { None } else { tokio::net::lookup_host(address).await.ok().and_then(|mut all| all.next()) };
    let remote = found.map(|address| Remote { address, host: authority.into() });
    let told = match &remote {
        Some(remote) => remote.clock().await,
        None => None,
    };
    match (remote, told) {
        (Some(remote), Some(told)) => Ok(ours(endpoint, remote, told, regions)),
        _ => aws::stage(AwsOptions { profile, endpoint: Some(endpoint.into()), regions }).await,
    }
}

fn ours(endpoint: &str, remote: Remote, told: Told, regions: Vec<String>) -> Stage {
    let now = Timestamp::from_millisecond(told.now_ms).unwrap_or(Timestamp::UNIX_EPOCH);
    let clock = Clock::scaled(now, told.speed);
    let aws = cloud::Aws::new(Setup {
        http_client: aws::http_client(),
        credentials: simulator::credentials(),
        profile: None,
        clock: clock.clone(),
        endpoint_url: Some(endpoint.trim_end_matches('/').into()),
        regions,
        partition: format!("served {endpoint}"),
        seed: None,
        base: None,
    });
    let ip = remote.address.ip();
    let at = |port: Option<u16>| port.map(|port| SocketAddr::new(ip, port));
    Stage {
        aws,
        vantage: Arc::new(ServedVantage::new(clock.clone(), at(told.dns_port), at(told.http_port))),
        lever: Some(Arc::new(PageLever::new(remote))),
        clock,
        place: StagePlace::Served { endpoint: endpoint.into(), seed: Some(told.seed) },
    }
}

/// The other process's control pages.
struct Remote {
    address: SocketAddr,
    host: String,
}

impl Remote {
    /// What its clock says; `None` when it has no such page.
    async fn clock(&self) -> Option<Told> {
        let request = http::Request::builder().uri("/_sim/clock").body(vec![]).ok()?;
        let answer = self.exchange(request).await.ok()?;
        serde_json::from_slice(&answer.body).ok().filter(|_| answer.status == 200)
    }

    async fn exchange(&self, request: Request) -> Result<Answer, String> {
        let mut request = request.map(|body| Full::new(Bytes::from(body)));
        let host = HeaderValue::try_from(&self.host).map_err(|error| error.to_string())?;
        request.headers_mut().insert(HOST, host);
        let stream = connect(self.address, PAGE).await.map_err(|error| error.to_string())?;
        exchange(stream, request, PAGE).await.map_err(|error| error.to_string())
    }
}

impl Pages for Remote {
    fn ask(&self, request: Request) -> Boxed<'_, Result<Response, String>> {
        Box::pin(async move {
            let answer = self.exchange(request).await?;
            let mut response = Response::new(answer.body);
            *response.status_mut() = http::StatusCode::from_u16(answer.status).map_err(|error| error.to_string())?;
            Ok(response)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_endpoint_that_is_no_url_is_refused() {
        for endpoint in ["", "localhost:4599", "ftp://localhost", "http://"] {
            let refused = stage(endpoint, None, vec![]).await;
            assert!(matches!(refused, Err(StageError::Endpoint { .. })), "{endpoint}");
        }
    }
}
