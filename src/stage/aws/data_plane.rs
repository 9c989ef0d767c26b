//! What users of AWS see: the zone's own name servers are asked on behalf of clients elsewhere, and
//! the load balancers are visited from here.

use super::name_servers::{NameServers, any};
use crate::host::Clock;
use crate::host::disk::RealDisk;
use crate::model::observed::elapsed;
use crate::model::place::Place;
use crate::probe::{Boxed, Fetched, ProbeError, Url, Vantage};
use crate::stage::dns::{Question, addresses, servers};
use crate::stage::http::{connect, exchange, io};
use hickory_proto::rr::RecordType;
use http_body_util::Full;
use hyper::Request;
use hyper::body::Bytes;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{ClientConfig, RootCertStore, crypto::ring};

/// How long a connection may take, and how long an answer.
const CONNECT: Duration = Duration::from_secs(4);
const ANSWER: Duration = Duration::from_secs(6);

/// One public network a continent, of a registry or a university there: name, continent, a /24.
/// Where Route 53 takes them to be is assumed.
const PLACES: [(&str, &str, Ipv4Addr); 6] = [
    ("africa", "AF", Ipv4Addr::new(196, 216, 2, 0)),
    ("asia", "AS", Ipv4Addr::new(203, 178, 141, 0)),
    ("europe", "EU", Ipv4Addr::new(193, 0, 0, 0)),
    ("north-america", "NA", Ipv4Addr::new(199, 43, 0, 0)),
    ("oceania", "OC", Ipv4Addr::new(202, 12, 29, 0)),
    ("south-america", "SA", Ipv4Addr::new(200, 3, 14, 0)),
];

pub struct DataPlane {
    clock: Clock,
    servers: NameServers,
    tls: OnceLock<Result<TlsConnector, String>>,
}

impl DataPlane {
    pub fn new(clock: Clock) -> Self {
        Self { clock, servers: NameServers::new(Arc::new(RealDisk)), tls: OnceLock::new() }
    }

    fn tls(&self) -> Result<&TlsConnector, ProbeError> {
        let built = self.tls.get_or_init(|| {
            let mut roots = RootCertStore::empty();
            let (added, _) = roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
            if added == 0 {
                return Err("this machine has no root certificates".into());
            }
            let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
                .with_safe_default_protocol_versions()
                .map_err(|error| error.to_string())?
                .with_root_certificates(roots)
                .with_no_client_auth();
            Ok(TlsConnector::from(Arc::new(config)))
        });
        built.as_ref().map_err(|why| ProbeError::Other(why.clone()))
    }
}

impl Vantage for DataPlane {
    fn places(&self) -> Vec<Place> {
        PLACES
            .iter()
            .map(|(name, continent, subnet)| Place {
                name: (*name).into(),
                continent: (*continent).into(),
                subnet: *subnet,
            })
            .collect()
    }

    fn resolve<'a>(&'a self, name: &'a str, place: &'a Place) -> Boxed<'a, Result<Vec<Ipv4Addr>, ProbeError>> {
        Box::pin(async move {
            let question = Question { name, kind: RecordType::A, subnet: Some(place.subnet), recursive: false };
            let servers = self.servers.of(name).await?;
            let next = match addresses(&any(&servers, &question).await?, name)? {
                Ok(found) => return Ok(found),
                Err(next) => next,
            };
            // an alias that leaves the zone: the machine's resolver follows it
            let question = Question { name: &next, recursive: true, ..question };
            match addresses(&any(&self.servers.resolvers()?, &question).await?, &next)? {
                Ok(found) => Ok(found),
                Err(last) => Err(ProbeError::Dns(format!("{last} was not resolved"))),
            }
        })
    }

    fn name_servers<'a>(&'a self, zone: &'a str) -> Boxed<'a, Result<Vec<String>, ProbeError>> {
        Box::pin(async move {
            let question = Question { name: zone, kind: RecordType::NS, subnet: None, recursive: true };
            servers(&any(&self.servers.resolvers()?, &question).await?, zone)
        })
    }

    fn fetch<'a>(
        &'a self,
        url: &'a Url,
        address: Ipv4Addr,
        _place: &'a Place,
    ) -> Boxed<'a, Result<Fetched, ProbeError>> {
        Box::pin(async move {
            let request = Request::builder()
                .uri(&url.path)
                .header("host", &url.host)
                .header("user-agent", "tandem")
                .header("connection", "close")
                .body(Full::new(Bytes::new()))
                .map_err(|error| ProbeError::Other(error.to_string()))?;
            let start = self.clock.now();
            let stream = connect(SocketAddr::from((address, if url.https { 443 } else { 80 })), CONNECT).await?;
            let answer = if url.https {
                let host = ServerName::try_from(url.host.clone())
                    .map_err(|_| ProbeError::Other(format!("{} is no host name", url.host)))?;
                let secured = timeout(CONNECT, self.tls()?.connect(host, stream)).await;
                exchange(secured.map_err(|_| ProbeError::TimedOut)?.map_err(io)?, request, ANSWER).await?
            } else {
                exchange(stream, request, ANSWER).await?
            };
            let took = elapsed(start, self.clock.now());
            Ok(Fetched { status: answer.status, took, touches: answer.touches(), said: answer.said() })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_continent_is_asked_from_once() {
        let places = DataPlane::new(Clock::wall()).places();
        let continents: BTreeSet<&str> = places.iter().map(|place| place.continent.as_str()).collect();
        assert_eq!(continents, BTreeSet::from(["AF", "AS", "EU", "NA", "OC", "SA"]));
        assert!(places.iter().all(|place| !place.subnet.is_private()));
    }

    #[tokio::test]
    async fn a_visit_over_tls_needs_a_certificate() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let visit = async {
            let stream = connect(address, CONNECT).await?;
            let host = ServerName::try_from("app.example.com").unwrap();
            let vantage = DataPlane::new(Clock::wall());
            vantage.tls()?.connect(host, stream).await.map_err(io).map(drop)
        };
        let server = async {
            use tokio::io::AsyncWriteExt;
            let (mut stream, _) = listener.accept().await.unwrap();
            stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await.unwrap();
        };
        let (visit, ()) = tokio::join!(visit, server);
        assert!(matches!(visit, Err(ProbeError::Other(_))), "{visit:?}");
    }
}
