//! What a user of a served world sees: its DNS port is asked with a client subnet, and its HTTP port
//! is a proxy to its load balancers.

use crate::host::Clock;
use crate::model::observed::elapsed;
use crate::model::place::Place;
use crate::probe::{Boxed, Fetched, ProbeError, Url, Vantage};
use crate::stage::dns::{Question, addresses, servers};
use crate::stage::http::{connect, exchange};
use crate::stage::simulator::places;
use hickory_proto::rr::RecordType;
use http_body_util::Full;
use hyper::Request;
use hyper::body::Bytes;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

pub struct ServedVantage {
    clock: Clock,
    dns: Option<SocketAddr>,
    http: Option<SocketAddr>,
}

/// How long the machine may take; the world's own waits are shorter at any speed from 1.
const WITHIN: Duration = Duration::from_secs(10);
/// How many aliases are followed.
const CHAIN: usize = 8;

impl ServedVantage {
    pub fn new(clock: Clock, dns: Option<SocketAddr>, http: Option<SocketAddr>) -> Self {
        Self { clock, dns, http }
    }
}

impl Vantage for ServedVantage {
    fn places(&self) -> Vec<Place> {
        places()
    }

    fn resolve<'a>(&'a self, name: &'a str, place: &'a Place) -> Boxed<'a, Result<Vec<Ipv4Addr>, ProbeError>> {
        Box::pin(async move {
            let no_port = || ProbeError::Other("the simulator was started without --dns".into());
            let server = self.dns.ok_or_else(no_port)?;
            let mut name = name.to_string();
            for _ in 0..CHAIN {
                let question =
                    Question { name: &name, kind: RecordType::A, subnet: Some(place.subnet), recursive: false };
                match addresses(&question.ask(server).await?, &name)? {
                    Ok(found) => return Ok(found),
                    Err(next) => name = next,
                }
            }
            Err(ProbeError::Dns(format!("{name} is an alias of an alias of an alias")))
        })
    }

    fn name_servers<'a>(&'a self, zone: &'a str) -> Boxed<'a, Result<Vec<String>, ProbeError>> {
        Box::pin(async move {
            let no_port = || ProbeError::Other("the simulator was started without --dns".into());
            let server = self.dns.ok_or_else(no_port)?;
            let question = Question { name: zone, kind: RecordType::NS, subnet: None, recursive: false };
            servers(&question.ask(server).await?, zone)
        })
    }

    fn fetch<'a>(
        &'a self,
        url: &'a Url,
        address: Ipv4Addr,
        place: &'a Place,
    ) -> Boxed<'a, Result<Fetched, ProbeError>> {
        Box::pin(async move {
            let no_port = || ProbeError::Other("the simulator was started without --http".into());
            let proxy = self.http.ok_or_else(no_port)?;
            let scheme = if url.https { "https" } else { "http" };
            let request = Request::builder()
                .uri(format!("{scheme}://{address}{}", url.path))
                .header("host", &url.host)
                .header("x-forwarded-for", place.subnet.to_string())
                .body(Full::new(Bytes::new()))
                .map_err(|error| ProbeError::Other(error.to_string()))?;
            let start = self.clock.now();
            let stream = connect(proxy, WITHIN).await?;
            let answer = exchange(stream, request, WITHIN).await?;
            let failed = answer.headers.get("proxy-status").and_then(|value| value.to_str().ok()).unwrap_or_default();
            match failed {
                _ if failed.contains("connection_timeout") => Err(ProbeError::TimedOut),
                _ if failed.contains("connection_refused") => Err(ProbeError::Refused),
                _ if failed.contains("dns_error") => Err(ProbeError::Dns("the name was not resolved".into())),
                _ => Ok(Fetched {
                    status: answer.status,
                    took: elapsed(start, self.clock.now()),
                    touches: answer.touches(),
                    said: answer.said(),
                }),
            }
        })
    }
}
