//! Builds a world to act in: AWS, the simulator in this process, or one that is served elsewhere.
//! Everything above is the same code on all of them.
//!
//! - [`simulator`]: the world in this process, behind the SDK's own HTTP port;
//! - [`served`]: a world behind `--endpoint-url`, ours or another emulator;
//! - [`aws`]: AWS, with the user's profile;
//! - [`serve`]: lends our world to other processes: API, DNS and HTTP on loopback.

pub mod aws;
mod dns;
mod http;
mod lever;
pub mod serve;
pub mod served;
pub mod simulator;

use crate::cloud;
use crate::fault::Lever;
use crate::host::Clock;
use crate::probe::Vantage;
use std::sync::Arc;

/// A world to act in.
#[derive(Clone)]
pub struct Stage {
    pub aws: cloud::Aws,
    pub vantage: Arc<dyn Vantage>,
    /// Where things can be broken on purpose.
    pub lever: Option<Arc<dyn Lever>>,
    pub clock: Clock,
    pub place: StagePlace,
}

/// Which world it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StagePlace {
    Simulator {
        seed: u64,
    },
    /// `seed`: when it is a simulator of ours.
    Served {
        endpoint: String,
        seed: Option<u64>,
    },
    Aws {
        profile: Option<String>,
    },
}

/// Why there is no world to act in.
#[derive(Debug, thiserror::Error)]
pub enum StageError {
    #[error("the simulated stack could not be built: {0}")]
    Simulator(String),
    #[error("{endpoint} is not a URL of the form http://host:port")]
    Endpoint { endpoint: String },
    #[error("no AWS credentials: {0}")]
    Credentials(String),
    #[error("{what} cannot listen on {address}: {why}")]
    Listen { what: &'static str, address: std::net::SocketAddr, why: std::io::Error },
}
