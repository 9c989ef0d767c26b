//! What becomes of a request at a node: the load balancer's own answer, or a target group.

use super::{Act, HttpAnswer, HttpAsk, LoadBalancer, Scheme};

/// How long the load balancer itself takes to answer, ms: assumed.
pub(super) const OWN_MS: f64 = 1.0;
/// How long it waits for a connection to a target, ms (User Guide, Troubleshoot, HTTP 504).
pub(super) const CONNECT_MS: f64 = 10_000.0;

/// Why the load balancer answered itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Own {
    Fixed,
    Redirect,
    /// Refused before a target was chosen.
    Error,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Decision<'a> {
    Answer(Own, HttpAnswer),
    /// ARNs and weights.
    Forward(&'a [(String, u32)]),
}

/// `None`: nothing listens at this port, or not in this tongue.
pub(super) fn decide<'a>(load_balancer: &'a LoadBalancer, ask: &HttpAsk) -> Option<Decision<'a>> {
    let listener = load_balancer.listeners.get(&ask.port).filter(|_| load_balancer.active)?;
    match (ask.scheme, listener.scheme) {
        (Scheme::Https, Scheme::Http) => return None,
        (Scheme::Http, Scheme::Https) => return Some(Decision::Answer(Own::Error, error(400))),
        _ => {}
    }
    Some(match listener.act(ask)? {
        Act::Forward { to, .. } => Decision::Forward(to),
        Act::Fixed { status, content_type, body } => {
            let kind = content_type.as_deref().unwrap_or("text/plain");
            let body = body.clone().unwrap_or_default();
            Decision::Answer(Own::Fixed, own(*status, &format!("{kind}; charset=utf-8"), body))
        }
        Act::Redirect { status, protocol, host, port, path, query } => {
            let mut answer = error(*status);
            let location = location(ask, protocol, host, port, path, query);
            answer.headers.push(("Location".into(), location));
            Decision::Answer(Own::Redirect, answer)
        }
    })
}

fn own(status: u16, content_type: &str, body: String) -> HttpAnswer {
    let headers =
        vec![("Server".to_string(), "awselb/2.0".to_string()), ("Content-Type".to_string(), content_type.to_string())];
    HttpAnswer { status, headers, body, latency_ms: OWN_MS, target: None }
}

/// A page that the load balancer makes itself.
pub(super) fn error(status: u16) -> HttpAnswer {
    let reason = http::StatusCode::from_u16(status).ok().and_then(|code| code.canonical_reason()).unwrap_or("");
    let reason = if status == 503 { "Service Temporarily Unavailable" } else { reason };
    let reason = if status == 504 { "Gateway Time-out" } else { reason };
    let body = format!(
        "<html>\r\n<head><title>{status} {reason}</title></head>\r\n<body>\r\n<center><h1>{status} {reason}</h1></center>\r\n</body>\r\n</html>\r\n"
    );
    own(status, "text/html", body)
}

fn location(ask: &HttpAsk, protocol: &str, host: &str, port: &str, path: &str, query: &str) -> String {
    let (asked_path, asked_query) = ask.path.split_once('?').unwrap_or((&ask.path, ""));
    let fill = |text: &str| {
        text.replace("#{protocol}", ask.scheme.name())
            .replace("#{host}", &ask.host)
            .replace("#{port}", &ask.port.to_string())
            .replace("#{path}", asked_path.trim_start_matches('/'))
            .replace("#{query}", asked_query)
    };
    let query = fill(query);
    let query = if query.is_empty() { query } else { format!("?{query}") };
    format!("{}://{}:{}{}{query}", fill(protocol).to_ascii_lowercase(), fill(host), fill(port), fill(path))
}
