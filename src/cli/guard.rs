//! `tandem guard`: the sidecar that ends its task when its Region was deposed, or when nobody can tell.

use super::args::{GuardArguments, WorldArguments};
use super::signals::Signals;
use crate::control::guard::{self, Post};
use crate::control::lease::Table;
use crate::model::guard::Verdict;
use crate::model::text::clean;
use crate::probe::Url;
use crate::stage::{Stage, StageError, aws, served};
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};

/// How long the guard may take to show that it is open.
const PROBE: Duration = Duration::from_secs(3);

/// Why there is no guard.
#[derive(Debug, thiserror::Error)]
pub enum GuardError {
    #[error("{0}")]
    Usage(String),
    #[error(transparent)]
    Stage(#[from] StageError),
    #[error("port {port} of 127.0.0.1, which shows that the guard is open: {why}")]
    Port { port: u16, why: std::io::Error },
}

/// Guards until the task must end; `Some` says why it must. A signal ends the guard, and that is all.
pub async fn run(world: &WorldArguments, arguments: &GuardArguments) -> Result<Option<String>, GuardError> {
    let post = post(arguments)?;
    let regions = post.table.regions.clone();
    let endpoint = world.endpoint_url.as_deref().filter(|endpoint| !endpoint.is_empty());
    let profile = world.profile.clone();
    let Stage { aws, vantage, clock, .. } = match endpoint {
        Some(endpoint) => served::stage(endpoint, profile, regions).await?,
        None => aws::stage(aws::AwsOptions { profile, endpoint: None, regions }).await?,
    };
    let mut signals = Signals::ends();
    let (opened, opening) = tokio::sync::oneshot::channel();
    let (mut opened, mut last) = (Some(opened), None);
    let tell = |verdict: &Verdict| {
        let kind = std::mem::discriminant(verdict);
        if last.replace(kind) != Some(kind) {
            println!("{} {} {}", clock.now().strftime("%Y-%m-%dT%H:%M:%SZ"), post.region, words(verdict));
        }
        if *verdict == Verdict::Open {
            // nobody waits any more when the port is open
            let _ = opened.take().map(|opened| opened.send(()));
        }
    };
    tokio::select! {
        biased;
        _ = signals.next() => Ok(None),
        why = guard::keep(&aws, &vantage, &clock, &post, tell) => Ok(Some(why)),
        why = show(arguments.port, opening) => Err(why),
    }
}

/// Whether the guard in this task is open.
pub async fn probe(arguments: &GuardArguments) -> bool {
    let at = SocketAddr::from((Ipv4Addr::LOCALHOST, arguments.port));
    matches!(tokio::time::timeout(PROBE, TcpStream::connect(at)).await, Ok(Ok(_)))
}

fn words(verdict: &Verdict) -> String {
    match verdict {
        Verdict::Open => "open: its task may write".into(),
        Verdict::Unsure { since, why } => format!("not confirmed for {} s: {why}", since.as_secs()),
        Verdict::Waiting(why) => format!("waits before its task begins: {why}"),
        Verdict::Closed(why) => format!("CLOSED, its task ends: {why}"),
    }
}

/// Once it is open, its port takes connections.
async fn show(port: u16, opening: tokio::sync::oneshot::Receiver<()>) -> GuardError {
    if opening.await.is_err() {
        return std::future::pending().await;
    }
    let listener = match TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await {
        Ok(listener) => listener,
        Err(why) => return GuardError::Port { port, why },
    };
    loop {
        // whoever connects has seen enough
        if let Err(why) = listener.accept().await {
            tracing::debug!(%why, "a connection was not taken");
        }
    }
}

fn post(arguments: &GuardArguments) -> Result<Post, GuardError> {
    let needs = |name: &str| GuardError::Usage(format!("--{name}: a guard needs it; see tandem guard --help"));
    let region = arguments.region.clone().ok_or_else(|| needs("region"))?;
    let name = arguments.table.clone().ok_or_else(|| needs("table"))?;
    if arguments.control_regions.is_empty() {
        return Err(needs("control-regions"));
    }
    let mut regions = arguments.control_regions.clone();
    // its own Region answers soonest
    regions.sort_by_key(|one| *one != region);
    let peers = arguments.peers.iter().map(|text| url(text)).collect::<Result<_, _>>()?;
    Ok(Post { region, table: Table { name, regions }, peers })
}

fn url(text: &str) -> Result<Url, GuardError> {
    let parts = match (text.strip_prefix("http://"), text.strip_prefix("https://")) {
        (Some(rest), _) => Some((false, rest)),
        (_, Some(rest)) => Some((true, rest)),
        _ => None,
    };
    let parts = parts.and_then(|(https, rest)| Some((https, rest.split_once('/')?)));
    match parts {
        Some((https, (host, path))) if !host.is_empty() && !host.contains(':') => {
            Ok(Url { https, host: host.into(), path: format!("/{path}") })
        }
        _ => Err(GuardError::Usage(format!(
            "--peers: `{}` is no switch of a peer: use one like http://origin-eu-west-1.app.example.com/.tandem/switch/us-east-1",
            clean(text)
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_peer_is_a_url_without_a_port() {
        let https = url("https://origin-eu-west-1.app.example.com/.tandem/switch/us-east-1").unwrap();
        assert_eq!((https.https, https.path.as_str()), (true, "/.tandem/switch/us-east-1"));
        for wrong in ["", "origin.example.com/x", "http://x", "http:///x", "ftp://x/y", "http://x:80/y"] {
            assert!(url(wrong).is_err(), "{wrong}");
        }
    }
}
