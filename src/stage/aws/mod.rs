//! AWS, with the user's own credentials: aws-config's chain of profile, SSO, assumed role, process
//! and environment. Tandem reads no secret itself.

mod data_plane;
mod name_servers;

pub use data_plane::DataPlane;

use super::{Stage, StageError, StagePlace};
use crate::cloud::{self, Setup};
use crate::host::Clock;
use aws_config::{BehaviorVersion, Region};
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use std::sync::Arc;

/// How AWS is reached.
#[derive(Debug, Clone, Default)]
pub struct AwsOptions {
    pub profile: Option<String>,
    /// Another emulator that does not say what time it is.
    pub endpoint: Option<String>,
    pub regions: Vec<String>,
}

/// AWS, or an emulator that is no simulator of ours.
///
/// # Errors
/// When there is no source of credentials.
pub async fn stage(options: AwsOptions) -> Result<Stage, StageError> {
    let AwsOptions { profile, endpoint, regions } = options;
    let http_client = http_client();
    let mut loader = aws_config::defaults(BehaviorVersion::latest()).http_client(http_client.clone());
    if let Some(profile) = &profile {
        loader = loader.profile_name(profile);
    }
    if let Some(region) = regions.first() {
        loader = loader.region(Region::new(region.clone()));
    }
    let base = loader.load().await;
    let credentials =
        base.credentials_provider().ok_or_else(|| StageError::Credentials("no provider is configured".into()))?;
    let clock = Clock::wall();
    let aws = cloud::Aws::new(Setup {
        http_client,
        credentials,
        profile: profile.clone(),
        clock: clock.clone(),
        endpoint_url: endpoint.clone(),
        regions,
        partition: "aws".into(),
        seed: None,
        base: Some(base),
    });
    let place = match endpoint {
        Some(endpoint) => StagePlace::Served { endpoint, seed: None },
        None => StagePlace::Aws { profile },
    };
    Ok(Stage { aws, vantage: Arc::new(DataPlane::new(clock.clone())), lever: None, clock, place })
}

/// A client with TLS by rustls and ring, and the machine's certificates.
pub fn http_client() -> SharedHttpClient {
    aws_smithy_http_client::Builder::new().tls_provider(Provider::Rustls(CryptoMode::Ring)).build_https()
}
