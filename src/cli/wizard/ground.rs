//! The world that the wizard works in: it is there before there is a configuration.

use crate::cli::args::WorldArguments;
use crate::cli::deploy::{DeployError, Opened};
use crate::cli::world::{self, BeginError};
use crate::cloud::{route53, sts};
use crate::config::Config;
use crate::model::outcome::CallError;
use crate::model::snapshot::Identity;
use crate::stage::{Stage, StageError, StagePlace, aws, served, simulator};

/// Where an account is asked for who we are, when nothing says otherwise.
const HOME: &str = "us-east-1";

/// The world, with clients for one Region until it is known which are needed.
#[derive(Clone)]
pub struct Ground {
    pub stage: Stage,
    home: String,
}

impl Ground {
    /// AWS, unless the arguments name another world. The simulator in this process has nothing but the hosted `zone`.
    pub async fn open(arguments: &WorldArguments, zone: &str) -> Result<Self, BeginError> {
        let set = |name: &str| std::env::var(name).ok().filter(|region| !region.is_empty());
        let home = set("AWS_REGION").or_else(|| set("AWS_DEFAULT_REGION")).unwrap_or_else(|| HOME.into());
        let (profile, regions) = (arguments.profile.clone(), vec![home.clone()]);
        let endpoint = arguments.endpoint_url.as_deref().filter(|endpoint| !endpoint.is_empty() && !arguments.sim);
        let stage = match endpoint {
            Some(endpoint) => served::stage(endpoint, profile, regions).await?,
            None if arguments.sim => simulated(arguments, zone)?.stage(regions),
            None => aws::stage(aws::AwsOptions { profile, endpoint: None, regions }).await?,
        };
        Ok(Self { stage, home })
    }

    pub fn is_in_process(&self) -> bool {
        matches!(self.stage.place, StagePlace::Simulator { .. })
    }

    pub async fn identity(&self) -> Result<Identity, CallError> {
        sts::identity(&self.stage.aws, &self.home).await
    }

    /// The names of the account's public hosted zones.
    pub async fn zones(&self) -> Result<Vec<String>, CallError> {
        route53::public_zones(&self.stage.aws).await
    }

    /// The same with clients for every Region that a deployment of this configuration needs.
    pub fn for_stack(&self, config: &Config) -> Stage {
        let aws = self.stage.aws.in_regions(world::regions_of(config));
        Stage { aws, ..self.stage.clone() }
    }

    /// What a deployment of this configuration works with.
    ///
    /// # Errors
    /// When the account cannot be read, or what the file names is not Tandem's to make.
    pub async fn opened(&self, config: Config) -> Result<Opened, DeployError> {
        if !config.stack.resources.is_empty() {
            return Err(DeployError::NotOurs("the wizard"));
        }
        let stage = self.for_stack(&config);
        Opened::of(config.spec, stage, &[]).await
    }
}

fn simulated(arguments: &WorldArguments, zone: &str) -> Result<simulator::Simulator, StageError> {
    simulator::account(arguments.seed, zone, arguments.speed)
}
