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
use tandem_sim::Reply;

pub struct Api {
    pub simulator: Simulator,
    pub addresses: Addresses,
}

/// One byte more than any call may have, so that the world can refuse it in AWS's words.
const READ: usize = (1 << 20) + 1;

impl Handler for Api {
    async fn answer(&self, request: Request<Incoming>, peer: SocketAddr) -> Result<Response<Full<Bytes>>, Hangup> {
        let (head, body) = request.into_parts();
        let Some(body) = read(body).await else {
            tracing::warn!(%peer, "a request ended before its body did");
            return Err(Hangup);
        };
        let request = Request::from_parts(head, body);
        let told_clock = request.uri().path() == "/_sim/clock";
        let response = match self.simulator.handle(&request) {
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
        if response.status().is_client_error() {
            tracing::warn!(%peer, status = response.status().as_u16(), path = %request.uri().path(), "refused");
        }
        Ok(over_loopback(response, told_clock.then_some(self.addresses)))
    }
}

/// Up to [`READ`] bytes; `None` when the client went away.
async fn read(mut body: Incoming) -> Option<Vec<u8>> {
    let mut bytes = vec![];
    while let Some(frame) = body.frame().await {
        if let Ok(data) = frame.ok()?.into_data() {
            let room = READ - bytes.len();
            bytes.extend_from_slice(data.get(..room).unwrap_or(&data));
        }
        if bytes.len() >= READ {
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
