//! The authoritative name servers of a zone, found through the machine's resolver.

use crate::host::Disk;
use crate::probe::ProbeError;
use crate::stage::dns::{Question, addresses};
use hickory_proto::rr::{RData, RecordType};
use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// How long servers are remembered. They change about never.
const KEPT: Duration = Duration::from_secs(600);
/// Servers that are kept of a zone.
const MOST: usize = 4;
const PORT: u16 = 53;

pub struct NameServers {
    disk: Arc<dyn Disk>,
    /// By the name that was asked for.
    known: Mutex<BTreeMap<String, (Instant, Vec<SocketAddr>)>>,
}

impl NameServers {
    pub fn new(disk: Arc<dyn Disk>) -> Self {
        Self { disk, known: Mutex::default() }
    }

    /// The machine's own resolvers.
    pub fn resolvers(&self) -> Result<Vec<SocketAddr>, ProbeError> {
        let text = self
            .disk
            .read(Path::new("/etc/resolv.conf"))
            .map_err(|error| ProbeError::Dns(format!("/etc/resolv.conf: {error}")))?;
        let found = resolvers(&text);
        if found.is_empty() { Err(ProbeError::Dns("/etc/resolv.conf names no server".into())) } else { Ok(found) }
    }

    /// The servers of the zone that holds `name`.
    pub async fn of(&self, name: &str) -> Result<Vec<SocketAddr>, ProbeError> {
        if let Some(servers) = self.remembered(name) {
            return Ok(servers);
        }
        let servers = self.find(name).await?;
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert(name.into(), (Instant::now(), servers.clone()));
        Ok(servers)
    }

    fn remembered(&self, name: &str) -> Option<Vec<SocketAddr>> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(name).filter(|(since, _)| since.elapsed() < KEPT).map(|(_, servers)| servers.clone())
    }

    async fn find(&self, name: &str) -> Result<Vec<SocketAddr>, ProbeError> {
        let resolvers = self.resolvers()?;
        let mut zone = name.trim_end_matches('.');
        loop {
            let question = Question { name: zone, kind: RecordType::NS, subnet: None, recursive: true };
            let answer = any(&resolvers, &question).await?;
            let names: Vec<String> = answer
                .answers
                .iter()
                .filter_map(|record| match &record.data {
                    RData::NS(server) => Some(server.0.to_ascii()),
                    _ => None,
                })
                .take(MOST)
                .collect();
            if !names.is_empty() {
                return self.places(&resolvers, &names).await;
            }
            zone = match zone.split_once('.') {
                Some((_, parent)) if parent.contains('.') => parent,
                _ => return Err(ProbeError::Dns(format!("no name servers are known for {name}"))),
            };
        }
    }

    async fn places(&self, resolvers: &[SocketAddr], names: &[String]) -> Result<Vec<SocketAddr>, ProbeError> {
        let mut found = vec![];
        for name in names {
            let question = Question { name, kind: RecordType::A, subnet: None, recursive: true };
            let addressed = any(resolvers, &question).await.and_then(|answer| addresses(&answer, name));
            if let Ok(Ok(addresses)) = addressed {
                found.extend(addresses.first().map(|address| SocketAddr::new(IpAddr::V4(*address), PORT)));
            }
        }
        if found.is_empty() { Err(ProbeError::Dns("the name servers have no address".into())) } else { Ok(found) }
    }
}

/// The first answer that any of the servers gives.
pub async fn any(servers: &[SocketAddr], question: &Question<'_>) -> Result<hickory_proto::op::Message, ProbeError> {
    let mut last = ProbeError::Dns("there is no name server to ask".into());
    for server in servers {
        match question.ask(*server).await {
            Ok(answer) => return Ok(answer),
            Err(error) => last = error,
        }
    }
    Err(last)
}

fn resolvers(text: &str) -> Vec<SocketAddr> {
    let address = |line: &str| {
        let mut words = line.split_whitespace();
        (words.next() == Some("nameserver")).then(|| words.next()?.parse::<IpAddr>().ok()).flatten()
    };
    text.lines().filter_map(address).map(|address| SocketAddr::new(address, PORT)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io;

    struct Paper(&'static str);

    impl Disk for Paper {
        fn read(&self, _: &Path) -> io::Result<String> {
            if self.0.is_empty() { Err(io::ErrorKind::NotFound.into()) } else { Ok(self.0.into()) }
        }
    }

    #[test]
    fn resolvers_are_read_from_the_file() {
        let read = |text| NameServers::new(Arc::new(Paper(text))).resolvers();
        let found = read("# comment\nsearch example.com\nnameserver 192.0.2.1\nnameserver ::1 # home\nnameserver x\n");
        assert_eq!(found.unwrap(), ["192.0.2.1:53".parse().unwrap(), "[::1]:53".parse::<SocketAddr>().unwrap()]);
        assert!(read("search example.com").is_err());
        assert!(read("").is_err());
    }
}
