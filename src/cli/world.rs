//! Which world a verb acts in, and which stack it flies there.

use super::args::WorldArguments;
use crate::config::{self, Config, ConfigError};
use crate::host::Clock;
use crate::host::disk::RealDisk;
use crate::model::stack::Stack;
use crate::probe::Boxed;
use crate::stage::simulator::{self, Simulator};
use crate::stage::{Stage, StageError, StagePlace, aws, served};
use etcetera::BaseStrategy;
use tandem_sim::ready::{Member, Shape};

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
    fn of(config: Config, stage: Stage, writable: bool) -> Self {
        Self {
            config,
            clock: stage.clock.clone(),
            place: stage.place.clone(),
            breakable: stage.lever.is_some(),
            writable,
            stage: Box::pin(std::future::ready(Ok(stage))),
        }
    }

    /// The simulator, which is built on a thread of its own: a screen need not wait for it.
    fn simulated(config: Config, arguments: &WorldArguments) -> Self {
        let (clock, seed) = (simulator::clock(arguments.speed), arguments.seed);
        let (shape, regions) = (shape(&config.stack), config.stack.regions.clone());
        let by = clock.clone();
        let building = tokio::task::spawn_blocking(move || simulator::ready_on(by, seed, &shape));
        let stage = Box::pin(async move {
            let built = building.await.map_err(|error| StageError::Simulator(error.to_string()))?;
            Ok(built?.stage(regions))
        });
        let place = StagePlace::Simulator { seed };
        Self { config, clock, place, breakable: true, writable: true, stage }
    }
}

/// The configuration, and whether it comes from a file.
pub fn configuration(arguments: &WorldArguments) -> Result<(Config, bool), ConfigError> {
    let home = etcetera::choose_base_strategy().ok().map(|strategy| strategy.config_dir());
    let found = config::find(&RealDisk, arguments.config.as_deref(), home.as_deref())?;
    Ok(match found {
        Some(found) => (found.config, true),
        None => (Config { stack: config::simulated(), ui: config::Ui::default() }, false),
    })
}

/// Opens the world that the arguments and the configuration ask for.
pub async fn open(arguments: &WorldArguments) -> Result<Opening, BeginError> {
    let (config, from_file) = configuration(arguments)?;
    let regions = config.stack.regions.clone();
    let profile = arguments.profile.clone();
    let endpoint = arguments.endpoint_url.as_deref().filter(|endpoint| !endpoint.is_empty() && !arguments.sim);
    let stage = match endpoint {
        Some(endpoint) => served::stage(endpoint, profile, regions).await?,
        None if from_file && !arguments.sim => aws::stage(aws::AwsOptions { profile, endpoint: None, regions }).await?,
        None => return Ok(Opening::simulated(config, arguments)),
    };
    Ok(Opening::of(config, stage, arguments.write))
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

/// What the world is called in reports.
pub fn name(place: &StagePlace) -> String {
    match place {
        StagePlace::Simulator { .. } => "simulator".into(),
        StagePlace::Served { endpoint, .. } => crate::model::text::clean(endpoint),
        StagePlace::Aws { .. } => "aws".into(),
    }
}
