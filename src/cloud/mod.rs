//! The only room that knows the AWS SDK: clients, reads into [`crate::model`], and [`send`], which
//! carries out a [`crate::model::call::Call`].
//!
//! Reads and mutations are two clients a service and Region, each with a retry quota of its own: reads
//! that meet a Region that hangs use up nobody else's retries. Every client has timeouts; every
//! remote string is cleaned where it enters ([`edge`]).

pub mod checkup;
pub mod cloudwatch;
pub mod control;
mod credentials;
pub mod discover;
pub mod dynamodb;
pub mod ecs;
mod edge;
pub mod elbv2;
mod error;
pub mod look;
mod pace;
pub mod rds;
pub mod rdsdata;
mod request;
pub mod route53;
pub mod scaling;
pub mod secretsmanager;
mod send;
pub mod sts;
#[cfg(test)]
mod tests;
mod time;

pub use send::send;

use crate::host::Clock;
use crate::model::call::ROUTE53_HOME;
use crate::model::outcome::{CallError, ErrorClass};
use aws_config::{AppName, BehaviorVersion, Region, SdkConfig};
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_runtime::invocation_id::DefaultInvocationIdGenerator;
use aws_smithy_runtime::client::retries::RetryPartition;
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use aws_smithy_runtime_api::client::stalled_stream_protection::StalledStreamProtectionConfig;
use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;
use jiff::Timestamp;
use pace::Pacer;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use time::SdkTime;

/// What clients are built from.
#[derive(Debug, Clone)]
pub struct Setup {
    pub http_client: SharedHttpClient,
    pub credentials: SharedCredentialsProvider,
    /// Whose they are in the user's AWS configuration, when it was named.
    pub profile: Option<String>,
    pub clock: Clock,
    /// For emulators; `None`: AWS, or what `base` says.
    pub endpoint_url: Option<String>,
    pub regions: Vec<String>,
    /// Names the retry quotas. The SDK keeps them for the whole process by name, so whoever must not
    /// share them (another seed, another test) gives another name.
    pub partition: String,
    /// Makes invocation ids repeatable.
    pub seed: Option<u64>,
    /// What the profile and the environment say: endpoints by service, FIPS, a shared identity cache.
    pub base: Option<SdkConfig>,
}

/// Clients for every Region of a stack. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Aws(Arc<Clients>);

#[derive(Debug)]
struct Clients {
    setup: Setup,
    clock: Clock,
    expiry: credentials::Expiry,
    profile: Option<String>,
    regions: BTreeMap<String, Regional>,
    route53: Pair<aws_sdk_route53::Client>,
    /// Route 53 takes five calls a second of the whole account.
    route53_pace: Pacer,
}

#[derive(Debug)]
struct Regional {
    ecs: Pair<aws_sdk_ecs::Client>,
    elbv2: Pair<aws_sdk_elasticloadbalancingv2::Client>,
    scaling: Pair<aws_sdk_applicationautoscaling::Client>,
    rds: Pair<aws_sdk_rds::Client>,
    rdsdata: Pair<aws_sdk_rdsdata::Client>,
    dynamodb: Pair<aws_sdk_dynamodb::Client>,
    cloudwatch: Pair<aws_sdk_cloudwatch::Client>,
    cloudformation: Pair<aws_sdk_cloudformation::Client>,
    secretsmanager: Pair<aws_sdk_secretsmanager::Client>,
    sts: aws_sdk_sts::Client,
    ecr: aws_sdk_ecr::Client,
    servicequotas: aws_sdk_servicequotas::Client,
}

/// Two clients of one service that share nothing.
#[derive(Debug)]
struct Pair<C> {
    reads: C,
    writes: C,
}

#[derive(Debug, Clone, Copy)]
enum Use {
    Reads,
    Writes,
    /// SQL that may run as long as the Data API lets it: 45 seconds (RDS Data API, ExecuteStatement). A
    /// client that gives up earlier would not know whether it was committed, and one that tries again would
    /// not know which of them was.
    Statements,
}

/// The longest time that a connection may take.
const CONNECT: Duration = Duration::from_secs(2);

impl Use {
    fn word(self) -> &'static str {
        match self {
            Use::Reads => "reads",
            Use::Writes => "writes",
            Use::Statements => "statements",
        }
    }

    fn attempts(self) -> u32 {
        match self {
            Use::Reads => 2,
            Use::Writes => 3,
            Use::Statements => 1,
        }
    }

    /// An operation has time for all its attempts and the waits between them (up to 1 s, then 2 s).
    fn timeouts(self) -> TimeoutConfig {
        let (read, attempt, operation) = match self {
            Use::Reads => (4, 5, 12),
            Use::Writes => (7, 8, 30),
            Use::Statements => (47, 48, 50),
        };
        TimeoutConfig::builder()
            .connect_timeout(CONNECT)
            .read_timeout(Duration::from_secs(read))
            .operation_attempt_timeout(Duration::from_secs(attempt))
            .operation_timeout(Duration::from_secs(operation))
            .build()
    }
}

/// One client of the service crate `$sdk`.
macro_rules! client {
    ($sdk:ident, $setup:expr, $region:expr, $use:expr) => {{
        let (setup, region, use_): (&Setup, &str, Use) = ($setup, $region, $use);
        let config = base(setup, region, use_);
        let mut builder = $sdk::config::Builder::from(&config).retry_partition(
            RetryPartition::custom(format!("{}/{region}/{}/{}", setup.partition, stringify!($sdk), use_.word()))
                .build(),
        );
        if let Some(url) = &setup.endpoint_url {
            builder = builder.endpoint_url(url);
        }
        if let Some(seed) = setup.seed {
            let seed = salted(seed, &[stringify!($sdk), region, use_.word()]);
            builder = builder.invocation_id_generator(DefaultInvocationIdGenerator::with_seed(seed));
        }
        $sdk::Client::from_conf(builder.build())
    }};
}

macro_rules! pair {
    ($sdk:ident, $setup:expr, $region:expr) => {
        Pair { reads: client!($sdk, $setup, $region, Use::Reads), writes: client!($sdk, $setup, $region, Use::Writes) }
    };
}

impl Aws {
    pub fn new(setup: Setup) -> Self {
        let (credentials, expiry) = credentials::noting(setup.credentials.clone());
        let setup = &Setup { credentials, ..setup };
        let regions = setup.regions.iter().map(|region| (region.clone(), Regional::new(setup, region))).collect();
        Self(Arc::new(Clients {
            setup: setup.clone(),
            clock: setup.clock.clone(),
            expiry,
            profile: setup.profile.clone(),
            regions,
            route53: pair!(aws_sdk_route53, setup, ROUTE53_HOME),
            route53_pace: Pacer::new(setup.clock.clone(), route53::GAP),
        }))
    }

    /// The same with clients for these Regions, and only these.
    #[must_use]
    pub fn in_regions(&self, regions: impl IntoIterator<Item = String>) -> Self {
        Self::new(Setup { regions: regions.into_iter().collect(), ..self.0.setup.clone() })
    }

    /// The Regions that it has clients for, in alphabetical order.
    pub fn regions(&self) -> impl Iterator<Item = &str> {
        self.0.regions.keys().map(String::as_str)
    }

    /// When the credentials run out that calls are signed with; `None` for those that do not, or before the
    /// first call.
    pub fn expires(&self) -> Option<Timestamp> {
        self.0.expiry.get()
    }

    /// What is typed in a shell to sign in again.
    pub fn login(&self) -> String {
        credentials::login(self.0.profile.as_deref())
    }

    fn regional(&self, region: &str) -> Result<&Regional, CallError> {
        self.0
            .regions
            .get(region)
            .ok_or_else(|| CallError::new(ErrorClass::Invalid, format!("{region} is not a Region of this stack")))
    }
}

impl Regional {
    fn new(setup: &Setup, region: &str) -> Self {
        Self {
            ecs: pair!(aws_sdk_ecs, setup, region),
            elbv2: pair!(aws_sdk_elasticloadbalancingv2, setup, region),
            scaling: pair!(aws_sdk_applicationautoscaling, setup, region),
            rds: pair!(aws_sdk_rds, setup, region),
            rdsdata: Pair {
                reads: client!(aws_sdk_rdsdata, setup, region, Use::Reads),
                writes: client!(aws_sdk_rdsdata, setup, region, Use::Statements),
            },
            dynamodb: pair!(aws_sdk_dynamodb, setup, region),
            cloudwatch: pair!(aws_sdk_cloudwatch, setup, region),
            cloudformation: pair!(aws_sdk_cloudformation, setup, region),
            secretsmanager: pair!(aws_sdk_secretsmanager, setup, region),
            sts: client!(aws_sdk_sts, setup, region, Use::Reads),
            ecr: client!(aws_sdk_ecr, setup, region, Use::Reads),
            servicequotas: client!(aws_sdk_servicequotas, setup, region, Use::Reads),
        }
    }
}

/// What every client has in common.
fn base(setup: &Setup, region: &str, use_: Use) -> SdkConfig {
    let builder = match &setup.base {
        Some(base) => base.clone().into_builder(),
        None => SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .identity_cache(aws_config::identity::IdentityCache::no_cache())
            .disable_clock_skew_correction(true),
    };
    let time = SdkTime(setup.clock.clone());
    let mut builder = builder
        .http_client(setup.http_client.clone())
        .credentials_provider(setup.credentials.clone())
        .region(Region::new(region.to_string()))
        .retry_config(RetryConfig::standard().with_max_attempts(use_.attempts()))
        .timeout_config(use_.timeouts())
        .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
        .time_source(time.clone())
        .sleep_impl(time);
    if let Ok(name) = AppName::new("tandem") {
        builder = builder.app_name(name);
    }
    builder.build()
}

/// A seed for the client that `parts` name.
fn salted(seed: u64, parts: &[&str]) -> u64 {
    parts
        .iter()
        .flat_map(|part| part.bytes().chain([0]))
        .fold(seed ^ 0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}
