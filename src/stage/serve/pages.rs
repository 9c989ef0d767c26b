//! The load balancers' HTTP on loopback. `curl -H 'Host: app.shop.example' localhost:PORT` asks as a
//! client does after resolving the name; `curl -x localhost:PORT http://app.shop.example/` uses it as
//! a forward proxy. `X-Forwarded-For` says where the client sits.

use super::connections::{Handler, Hangup};
use crate::stage::simulator::{Simulator, knock};
use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::header::{CONTENT_TYPE, HOST, HeaderMap, HeaderName, HeaderValue};
use hyper::http::uri::Scheme as UriScheme;
use hyper::{Method, Request, Response, StatusCode, Uri};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;
use tandem_sim::front_door::{FetchError, names};
use tandem_sim::geo::{self, Place};
use tandem_sim::world::elb::{HttpAnswer, HttpAsk, Scheme};

pub struct Pages {
    pub simulator: Simulator,
}

/// Why there is no page (RFC 9209, section 2.3).
const PROXY_STATUS: HeaderName = HeaderName::from_static("proxy-status");

impl Handler for Pages {
    async fn answer(&self, request: Request<Incoming>, peer: SocketAddr) -> Result<Response<Full<Bytes>>, Hangup> {
        let (head, _) = request.into_parts();
        let wanted = match wanted(&head.method, &head.uri, &head.headers) {
            Ok(wanted) => wanted,
            Err((status, why)) => {
                tracing::warn!(%peer, why, "refused");
                return Ok(said(status, why, None));
            }
        };
        let from = geo::place_of(client(&head.headers, peer));
        let (result, took) = self.visit(&wanted, from);
        self.simulator.clock().sleep(took).await;
        Ok(match result {
            Ok(answer) => page(answer),
            Err(Failed::NotResolved) => said(StatusCode::BAD_GATEWAY, "the name was not resolved", Some("dns_error")),
            Err(Failed::Fetch(FetchError::Refused)) => {
                said(StatusCode::BAD_GATEWAY, "connection refused", Some("connection_refused"))
            }
            Err(Failed::Fetch(FetchError::TimedOut)) => {
                said(StatusCode::GATEWAY_TIMEOUT, "connection timed out", Some("connection_timeout"))
            }
        })
    }
}

enum Failed {
    NotResolved,
    Fetch(FetchError),
}

/// Where to connect to, and what to ask there.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Wanted {
    connect: String,
    ask: HttpAsk,
}

impl Pages {
    /// Tries the addresses of the name one after the other, as a client does.
    fn visit(&self, wanted: &Wanted, from: &Place) -> (Result<HttpAnswer, Failed>, Duration) {
        self.simulator.with(|world| {
            let addresses = match wanted.connect.parse::<Ipv4Addr>() {
                Ok(address) => vec![address],
                Err(_) => {
                    let roll = names::roll(world, &wanted.connect, from.name);
                    names::addresses(world, &wanted.connect, from, roll).0
                }
            };
            let (mut last, mut all) = (Failed::NotResolved, Duration::ZERO);
            for address in addresses {
                let (answer, took) = knock(world, from, address, &wanted.ask);
                all += took;
                match answer {
                    Ok(answer) => return (Ok(answer), all),
                    Err(error) => last = Failed::Fetch(error),
                }
            }
            (Err(last), all)
        })
    }
}

fn wanted(method: &Method, uri: &Uri, headers: &HeaderMap) -> Result<Wanted, (StatusCode, &'static str)> {
    if method == Method::CONNECT {
        return Err((StatusCode::NOT_IMPLEMENTED, "there are no tunnels here: ask for http URLs"));
    }
    let scheme = if uri.scheme() == Some(&UriScheme::HTTPS) { Scheme::Https } else { Scheme::Http };
    let port = uri.port_u16().unwrap_or(if scheme == Scheme::Https { 443 } else { 80 });
    let header = headers.get(HOST).and_then(|host| host.to_str().ok()).map(without_port).filter(|h| !h.is_empty());
    let (connect, host) = match (uri.host(), header) {
        // to an address, in the name of a host
        (Some(at), Some(host)) if at.parse::<Ipv4Addr>().is_ok() => (at, host),
        (Some(at), _) => (at, at),
        (None, Some(host)) => (host, host),
        (None, None) => return Err((StatusCode::BAD_REQUEST, "a request needs a Host header")),
    };
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    let ask = HttpAsk {
        method: method.to_string(),
        scheme,
        host: host.to_ascii_lowercase(),
        path: if path.starts_with('/') { path.into() } else { "/".into() },
        port,
    };
    Ok(Wanted { connect: connect.to_ascii_lowercase(), ask })
}

fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) => name,
        _ => host,
    }
}

/// Where the client sits: what the first hop says, else the connection.
fn client(headers: &HeaderMap, peer: SocketAddr) -> IpAddr {
    let told = headers.get("x-forwarded-for").and_then(|value| value.to_str().ok());
    told.and_then(|told| told.split(',').next()?.trim().parse().ok()).unwrap_or(peer.ip())
}

fn page(answer: HttpAnswer) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from(answer.body)));
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::BAD_GATEWAY);
    for (name, value) in &answer.headers {
        let length = name.eq_ignore_ascii_case("content-length") || name.eq_ignore_ascii_case("transfer-encoding");
        let pair = (HeaderName::try_from(name.as_str()), HeaderValue::try_from(value.as_str()));
        if let ((Ok(name), Ok(value)), false) = (pair, length) {
            response.headers_mut().append(name, value);
        }
    }
    response
}

fn said(status: StatusCode, why: &'static str, error: Option<&str>) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from(format!("{why}\n"))));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/plain"));
    if let Some(value) = error.and_then(|error| HeaderValue::try_from(format!("tandem-sim; error={error}")).ok()) {
        response.headers_mut().insert(PROXY_STATUS, value);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(method: Method, uri: &str, host: Option<&'static str>) -> Result<Wanted, (StatusCode, &'static str)> {
        let mut headers = HeaderMap::new();
        if let Some(host) = host {
            headers.insert(HOST, HeaderValue::from_static(host));
        }
        wanted(&method, &uri.parse().unwrap(), &headers)
    }

    #[test]
    fn a_request_says_where_to_connect_and_what_to_ask() {
        let origin = read(Method::GET, "/health?x=1", Some("App.shop.example:8080")).unwrap();
        assert_eq!((origin.connect.as_str(), origin.ask.path.as_str()), ("app.shop.example", "/health?x=1"));
        let proxied = read(Method::HEAD, "http://app.shop.example", Some("other")).unwrap();
        assert_eq!((proxied.connect.as_str(), proxied.ask.host.as_str()), ("app.shop.example", "app.shop.example"));
        let addressed = read(Method::GET, "https://198.51.100.7/", Some("app.shop.example")).unwrap();
        assert_eq!((addressed.connect.as_str(), addressed.ask.host.as_str()), ("198.51.100.7", "app.shop.example"));
        assert_eq!((addressed.ask.scheme, addressed.ask.port), (Scheme::Https, 443));
        assert!(read(Method::GET, "/", None).is_err());
        assert!(read(Method::CONNECT, "app.shop.example:443", None).is_err());
    }

    #[test]
    fn a_client_sits_where_the_first_hop_says() {
        let peer: SocketAddr = "127.0.0.1:5".parse().unwrap();
        let mut headers = HeaderMap::new();
        assert_eq!(client(&headers, peer), peer.ip());
        headers.insert("x-forwarded-for", HeaderValue::from_static("198.18.64.9, 10.0.0.1"));
        assert_eq!(client(&headers, peer), IpAddr::from([198, 18, 64, 9]));
        headers.insert("x-forwarded-for", HeaderValue::from_static("unknown"));
        assert_eq!(client(&headers, peer), peer.ip());
    }
}
