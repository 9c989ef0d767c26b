//! What a user sees: names resolved as if from a place, and requests to the application.

use crate::model::place::Place;
use std::net::Ipv4Addr;
use std::pin::Pin;
use std::time::Duration;

/// A future that can be sent between threads.
pub type Boxed<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// The port to the data plane: name servers and load balancers, never a control plane.
pub trait Vantage: Send + Sync {
    /// Places to ask from.
    fn places(&self) -> Vec<Place>;

    /// What the zone's authoritative servers answer a client of this place.
    fn resolve<'a>(&'a self, name: &'a str, place: &'a Place) -> Boxed<'a, Result<Vec<Ipv4Addr>, ProbeError>>;

    /// The name servers that the world is told of a zone, without trailing dots, in alphabetical order.
    fn name_servers<'a>(&'a self, zone: &'a str) -> Boxed<'a, Result<Vec<String>, ProbeError>>;

    /// One request to `address` with this Host header, as a client of this place.
    fn fetch<'a>(&'a self, url: &'a Url, address: Ipv4Addr, place: &'a Place)
    -> Boxed<'a, Result<Fetched, ProbeError>>;
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Url {
    pub https: bool,
    pub host: String,
    pub path: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetched {
    pub status: u16,
    pub took: Duration,
    /// What the application says that the answer needed besides itself: its header [`TOUCHES`].
    pub touches: Option<String>,
    /// The first [`SAID`] bytes of what it says, in clean characters.
    pub said: String,
}

/// What is kept of an answer: the switches of a load balancer say less.
pub const SAID: usize = 256;

/// The header by which an application tells what an answer needed: `writer`, for the writer of the database.
pub const TOUCHES: &str = "x-tandem-touches";

/// Why a probe has no answer. It says something of the path, nothing of the application.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProbeError {
    #[error("no answer in time")]
    TimedOut,
    #[error("connection refused")]
    Refused,
    #[error("{0}")]
    Dns(String),
    #[error("{0}")]
    Other(String),
}
