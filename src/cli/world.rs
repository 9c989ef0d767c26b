//! Which world a verb acts in, and which stack it flies there.

use super::args::WorldArguments;
use crate::config::{self, Config, ConfigError};
use crate::host::Clock;
use crate::host::disk::RealDisk;
use crate::model::call::ROUTE53_HOME;
use crate::model::resources::Resources;
use crate::model::stack::Stack;
use crate::probe::Boxed;
use crate::stage::simulator::{self, Simulator};
use crate::stage::{Stage, StageError, StagePlace, aws, served};
use crate::tui::actions::keymap::Keymap;
use etcetera::BaseStrategy;
use std::path::PathBuf;
use tandem_sim::ready::{Member, Shape};

/// The configuration's text, for containers: they have no file of ours.
const TANDEM_CONFIG: &str = "TANDEM_CONFIG";

/// Why a verb cannot begin.
#[derive(Debug, thiserror::Error)]
pub enum BeginError {
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error(transparent)]
    Stage(#[from] StageError),
}

/// A stack, and the world that it is in as soon as that stands.
pub struct Opening {
    pub config: Config,
    pub keymap: Keymap,
    pub clock: Clock,
    pub place: StagePlace,
    /// Whether things can be broken on purpose there.
    pub breakable: bool,
    /// Whether operations are allowed: always on our own simulator, else only when asked for.
    pub writable: bool,
    pub stage: Boxed<'static, Result<Stage, StageError>>,
}

impl Opening {
    /// A world that stands already.
    pub fn standing(config: Config, keymap: Keymap, stage: Stage, writable: bool) -> Self {
        Self {
            config,
            keymap,
            clock: stage.clock.clone(),
            place: stage.place.clone(),
            breakable: stage.lever.is_some(),
            writable,
            stage: Box::pin(std::future::ready(Ok(stage))),
        }
    }

    /// The simulator, which is built on a thread of its own: a screen need not wait for it.
    fn simulated(Configured { config, keymap, .. }: Configured, arguments: &WorldArguments) -> Self {
        let (clock, seed) = (simulator::clock(arguments.speed), arguments.seed);
        let (shape, regions) = (shape(&config.stack), regions_of(&config));
        let by = clock.clone();
        let building = tokio::task::spawn_blocking(move || simulator::ready_on(by, seed, &shape));
        let stage = Box::pin(async move {
            let built = building.await.map_err(|error| StageError::Simulator(error.to_string()))?;
            Ok(built?.stage(regions))
        });
        let place = StagePlace::Simulator { seed };
        Self { config, keymap, clock, place, breakable: true, writable: true, stage }
    }
}

/// A configuration, with the keys that it gives to actions.
pub struct Configured {
    pub config: Config,
    pub keymap: Keymap,
    pub from_file: bool,
}

/// The configuration. What is wrong with its keys is found by whatever verb reads it.
pub fn configuration(arguments: &WorldArguments) -> Result<Configured, ConfigError> {
    let home = etcetera::choose_base_strategy().ok().map(|strategy| strategy.config_dir());
    let found = match (&arguments.config, std::env::var(TANDEM_CONFIG)) {
        (None, Ok(text)) if !text.trim().is_empty() => {
            let path = PathBuf::from(TANDEM_CONFIG);
            Some(config::Found { config: config::parse(&path, &text)?, path })
        }
        (given, _) => config::find(&RealDisk, given.as_deref(), home.as_deref())?,
    };
    Ok(match found {
        Some(mut found) => {
            if arguments.sim {
                // the simulator makes the whole stack, by the names that follow from the stack's
                found.config.stack.resources = Resources::default();
                found.config.spec.stack.resources = Resources::default();
            }
            Configured { keymap: keymap(&found)?, config: found.config, from_file: true }
        }
        None => {
            let (stack, spec) = (config::simulated(), config::simulated_spec());
            let config = Config { stack, spec, ui: config::Ui::default(), keys: vec![], task_definition: None };
            Configured { config, keymap: Keymap::default(), from_file: false }
        }
    })
}

fn keymap(found: &config::Found) -> Result<Keymap, ConfigError> {
    Keymap::with(&found.config.keys).map_err(|mistakes| ConfigError {
        file: found.path.clone(),
        mistakes: mistakes.into_iter().map(|mistake| (Some(mistake.line), mistake.to_string())).collect(),
    })
}

/// Opens the world that the arguments and the configuration ask for.
pub async fn open(arguments: &WorldArguments) -> Result<Opening, BeginError> {
    let configured = configuration(arguments)?;
    let regions = regions_of(&configured.config);
    let profile = arguments.profile.clone();
    let endpoint = arguments.endpoint_url.as_deref().filter(|endpoint| !endpoint.is_empty() && !arguments.sim);
    let stage = match endpoint {
        Some(endpoint) => served::stage(endpoint, profile, regions).await?,
        None if configured.from_file && !arguments.sim => {
            aws::stage(aws::AwsOptions { profile, endpoint: None, regions }).await?
        }
        None => return Ok(Opening::simulated(configured, arguments)),
    };
    let Configured { config, keymap, .. } = configured;
    Ok(Opening::standing(config, keymap, stage, arguments.write))
}

/// The world that a deployment of this configuration acts in, with clients for every Region that it needs. `empty`:
/// the embedded simulator has nothing but the hosted zone.
pub async fn stage(configured: &Configured, arguments: &WorldArguments, empty: bool) -> Result<Stage, StageError> {
    let Configured { config, from_file, .. } = configured;
    let regions = regions_of(config);
    let profile = arguments.profile.clone();
    let endpoint = arguments.endpoint_url.as_deref().filter(|endpoint| !endpoint.is_empty() && !arguments.sim);
    Ok(match endpoint {
        Some(endpoint) => served::stage(endpoint, profile, regions).await?,
        None if *from_file && !arguments.sim => {
            aws::stage(aws::AwsOptions { profile, endpoint: None, regions }).await?
        }
        None if empty => simulator::account(arguments.seed, &config.stack.zone, arguments.speed)?.stage(regions),
        None => simulator(&config.stack, arguments)?.stage(regions),
    })
}

/// Every Region that a deployment needs clients for.
pub fn regions_of(config: &Config) -> Vec<String> {
    let mut regions: Vec<String> = config.stack.regions.clone();
    regions.extend(config.spec.control_regions.iter().cloned());
    regions.push(ROUTE53_HOME.into());
    regions.sort();
    regions.dedup();
    regions
}

/// The simulator with this stack deployed and busy.
pub fn simulator(stack: &Stack, arguments: &WorldArguments) -> Result<Simulator, StageError> {
    simulator::ready(arguments.seed, &shape(stack), arguments.speed)
}

/// The stack as the simulator builds it.
fn shape(stack: &Stack) -> Shape {
    let size = |place: usize| if place == 0 { 4 } else { 3 };
    let member = |(place, name): (usize, &String)| Member::new(name, size(place), size(place), 12);
    let policy = stack.policy.strip_suffix(&format!(".{}", stack.zone)).unwrap_or("app");
    Shape {
        stack: stack.name.clone(),
        zone: stack.zone.clone(),
        name: policy.into(),
        regions: stack.regions.iter().enumerate().map(member).collect(),
        health_path: stack.health_path.clone(),
        ..Shape::default()
    }
}

/// The place that the arguments mean, without going there.
pub fn place(arguments: &WorldArguments, from_file: bool) -> StagePlace {
    let endpoint = arguments.endpoint_url.as_deref().filter(|endpoint| !endpoint.is_empty() && !arguments.sim);
    match endpoint {
        Some(endpoint) => StagePlace::Served { endpoint: endpoint.into(), seed: None },
        None if from_file && !arguments.sim => StagePlace::Aws { profile: arguments.profile.clone() },
        None => StagePlace::Simulator { seed: arguments.seed },
    }
}

/// What the world is called in reports.
pub fn name(place: &StagePlace) -> String {
    match place {
        StagePlace::Simulator { .. } => "simulator".into(),
        StagePlace::Served { endpoint, .. } => crate::model::text::clean(endpoint),
        StagePlace::Aws { .. } => "aws".into(),
    }
}
