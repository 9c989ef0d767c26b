//! Lends the simulated world to other processes, on loopback only: AWS's API for any SDK or CLI, DNS
//! for `dig`, and the load balancers' HTTP for `curl`.

mod api;
mod connections;
mod dns;
mod pages;
#[cfg(test)]
mod tests;

use super::StageError;
use super::simulator::Simulator;
use connections::Connections;
use std::future::Future;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;
use tokio::net::{TcpListener, UdpSocket};

/// Where to listen; 0 takes any free port.
#[derive(Debug, Clone, Copy, Default)]
pub struct Ports {
    pub api: u16,
    pub dns: Option<u16>,
    pub http: Option<u16>,
}

/// The ports are taken; nothing is answered yet.
pub struct Server {
    simulator: Simulator,
    api: TcpListener,
    dns: Option<(UdpSocket, TcpListener)>,
    http: Option<TcpListener>,
    pub addresses: Addresses,
}

/// Where it listens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Addresses {
    pub api: SocketAddr,
    pub dns: Option<SocketAddr>,
    pub http: Option<SocketAddr>,
}

/// How often the world is moved on when nobody asks, so that no request has hours to catch up with.
const BEAT: Duration = Duration::from_millis(500);

impl Server {
    /// Takes the ports.
    ///
    /// # Errors
    /// When one of them is taken already.
    pub async fn bind(simulator: Simulator, ports: Ports) -> Result<Self, StageError> {
        let api = tcp("the API", ports.api).await?;
        let dns = match ports.dns {
            Some(port) => Some(both("DNS", port).await?),
            None => None,
        };
        let http = match ports.http {
            Some(port) => Some(tcp("HTTP", port).await?),
            None => None,
        };
        let addresses = Addresses {
            api: local("the API", &api)?,
            dns: dns.as_ref().map(|(_, listener)| local("DNS", listener)).transpose()?,
            http: http.as_ref().map(|listener| local("HTTP", listener)).transpose()?,
        };
        Ok(Self { simulator, api, dns, http, addresses })
    }

    /// Answers until `stop`; then requests under way have a moment to end.
    pub async fn run(self, stop: impl Future<Output = ()>) {
        let Self { simulator, api, dns, http, addresses } = self;
        let mut connections = Connections::new();
        connections.http1(api, api::Api { simulator: simulator.clone(), addresses });
        if let Some(listener) = http {
            connections.http1(listener, pages::Pages { simulator: simulator.clone() });
        }
        if let Some((udp, tcp)) = dns {
            let server = dns::Dns::new(simulator.clone());
            connections.spawn(dns::over_udp(udp, server.clone()));
            connections.spawn(dns::over_tcp(tcp, server));
        }
        connections.spawn(async move {
            loop {
                tokio::time::sleep(BEAT).await;
                simulator.with(|_| ());
            }
        });
        stop.await;
        connections.close().await;
    }
}

fn loopback(port: u16) -> SocketAddr {
    (Ipv4Addr::LOCALHOST, port).into()
}

async fn tcp(what: &'static str, port: u16) -> Result<TcpListener, StageError> {
    let address = loopback(port);
    TcpListener::bind(address).await.map_err(|why| StageError::Listen { what, address, why })
}

/// UDP and TCP on the same port.
async fn both(what: &'static str, port: u16) -> Result<(UdpSocket, TcpListener), StageError> {
    let listener = tcp(what, port).await?;
    let address = local(what, &listener)?;
    let socket = UdpSocket::bind(address).await.map_err(|why| StageError::Listen { what, address, why })?;
    Ok((socket, listener))
}

fn local(what: &'static str, listener: &TcpListener) -> Result<SocketAddr, StageError> {
    let failed = |why: io::Error| StageError::Listen { what, address: loopback(0), why };
    listener.local_addr().map_err(failed)
}
