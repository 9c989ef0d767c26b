//! AWS's API and the control pages over HTTP.

use super::Addresses;
use super::connections::{Handler, Hangup};
use crate::stage::simulator::Simulator;
use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::header::{CONTENT_LENGTH, DATE};
use hyper::{Request, Response, StatusCode};
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::time::Duration;
use tandem_sim::Reply;

pub struct Api {
    pub simulator: Simulator,
    pub addresses: Addresses,
}

/// One byte more than any call may have, so that the world can refuse it in AWS's words.
const READ: usize = (1 << 20) + 1;
/// What is taken from a client beyond that and dropped, bytes: who still sends does not hear the refusal.
const DROPPED: usize = 16 << 20;
/// How long a client may be silent before its body has ended.
const SILENCE: Duration = Duration::from_secs(30);

impl Handler for Api {
    async fn answer(&self, request: Request<Incoming>, peer: SocketAddr) -> Result<Response<Full<Bytes>>, Hangup> {
        let (head, body) = request.into_parts();
        let Some(body) = read(body).await else {
            tracing::warn!(%peer, "a request ended before its body did");
            return Err(Hangup);
        };
        let request = Request::from_parts(head, body);
        let told_clock = request.uri().path() == "/_sim/clock";
        let reply = self.simulator.handle(&request);
        for line in self.simulator.with(|world| world.log.take()) {
            tracing::warn!(%peer, "{line}");
        }
        let response = match reply {
            Reply::After(wait, response) => {
                self.simulator.clock().sleep(wait).await;
                response
            }
            Reply::Reset(wait) => {
                self.simulator.clock().sleep(wait).await;
                return Err(Hangup);
            }
            Reply::Never => std::future::pending().await,
        };
        Ok(over_loopback(response, told_clock.then_some(self.addresses)))
    }
}

/// Up to [`READ`] bytes; `None` when the client went away or fell silent.
async fn read(mut body: Incoming) -> Option<Vec<u8>> {
    let (mut bytes, mut dropped) = (vec![], 0);
    while let Some(frame) = tokio::time::timeout(SILENCE, body.frame()).await.ok()? {
        if let Ok(data) = frame.ok()?.into_data() {
            let room = data.len().min(READ - bytes.len());
            bytes.extend_from_slice(&data[..room]);
            dropped += data.len() - room;
        }
        if dropped > DROPPED {
            break;
        }
    }
    Some(bytes)
}

/// Clients on loopback sign with the machine's time, so they are told the machine's `Date`: hyper
/// puts it where there is none. The page of the clock also tells the other ports.
fn over_loopback(mut response: Response<Vec<u8>>, addresses: Option<Addresses>) -> Response<Full<Bytes>> {
    response.headers_mut().remove(DATE);
    if let Some(addresses) = addresses.filter(|_| response.status() == StatusCode::OK)
        && let Ok(Value::Object(mut page)) = serde_json::from_slice(response.body())
    {
        page.insert("dns_port".into(), json!(addresses.dns.map(|at| at.port())));
        page.insert("http_port".into(), json!(addresses.http.map(|at| at.port())));
        *response.body_mut() = format!("{}\n", Value::Object(page)).into_bytes();
        response.headers_mut().remove(CONTENT_LENGTH);
    }
    response.map(|body| Full::new(Bytes::from(body)))
}
