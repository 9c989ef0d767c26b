//! The world in this process. The SDK's signed requests go through `tandem_sim::handle`, users' names
//! and pages through its front door; no socket is opened and no thread is started.

mod adapter;
#[cfg(test)]
mod tests;
mod vantage;

pub use vantage::SimulatorVantage;
pub(super) use vantage::{knock, places};

use super::lever::{PageLever, Pages};
use super::{Stage, StageError, StagePlace};
use crate::cloud::{self, Setup};
use crate::host::Clock;
use crate::probe::Boxed;
use adapter::InProcess;
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use jiff::Timestamp;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
pub use tandem_sim::ready::Shape;
use tandem_sim::wire::{Request, Response};
use tandem_sim::{Moment, Reply, World};

/// A world and the clock it runs by. Cheap to clone.
#[derive(Clone)]
pub struct Simulator {
    world: Arc<Mutex<World>>,
    clock: Clock,
    seed: u64,
}

/// How many simulators this process has made: each has retry quotas of its own.
static MADE: AtomicU64 = AtomicU64::new(0);

impl Simulator {
    /// Lets the world go on from where it stands, `speed` times as fast as the machine's time.
    pub fn new(world: World, speed: f64) -> Self {
        let clock = clock_from(world.now, speed);
        Self::on(world, clock)
    }

    /// The same by a clock that runs already.
    fn on(mut world: World, clock: Clock) -> Self {
        world.speed = clock.speed();
        let seed = world.seed;
        Self { world: Arc::new(Mutex::new(world)), clock, seed }
    }

    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// Looks at the world, or changes it, as it is now.
    pub fn with<T>(&self, look: impl FnOnce(&mut World) -> T) -> T {
        // a panic in a tick leaves a world that is wrong at worst in that second
        let mut world = self.world.lock().unwrap_or_else(PoisonError::into_inner);
        world.speed = self.clock.speed();
        let before = world.speed;
        let now = self.moment();
        world.advance(now);
        let seen = look(&mut world);
        if world.speed.total_cmp(&before).is_ne() {
            self.clock.set_speed(world.speed);
        }
        seen
    }

    /// Answers one request as the world decides, without waiting as long as it says.
    pub fn handle(&self, request: &Request) -> Reply {
        let now = self.moment();
        self.with(|world| tandem_sim::handle(world, now, request))
    }

    /// A world to act in, with clients for these Regions.
    pub fn stage(&self, regions: Vec<String>) -> Stage {
        let aws = cloud::Aws::new(Setup {
            http_client: SharedHttpClient::new(InProcess::new(self.clone())),
            credentials: credentials(),
            profile: None,
            clock: self.clock.clone(),
            endpoint_url: None,
            regions,
            partition: format!("simulator {} {}", self.seed, MADE.fetch_add(1, Ordering::Relaxed)),
            seed: Some(self.seed),
            base: None,
        });
        Stage {
            aws,
            vantage: Arc::new(SimulatorVantage::new(self.clone())),
            lever: Some(Arc::new(PageLever::new(self.clone()))),
            clock: self.clock.clone(),
            place: StagePlace::Simulator { seed: self.seed },
        }
    }

    fn moment(&self) -> Moment {
        Moment(u64::try_from(self.clock.now().as_millisecond()).unwrap_or(0))
    }
}

fn clock_from(start: Moment, speed: f64) -> Clock {
    let start = i64::try_from(start.0).ok().and_then(|millis| Timestamp::from_millisecond(millis).ok());
    Clock::scaled(start.unwrap_or(Timestamp::UNIX_EPOCH), speed)
}

/// A clock for a ready stack that is still to be built: a screen can run by it meanwhile. Needs a
/// tokio runtime.
pub fn clock(speed: f64) -> Clock {
    clock_from(Moment::START, speed)
}

/// The simulator in this process with a stack of this shape in it, by this clock.
///
/// # Errors
/// When the shape cannot be built, e.g. for a Region that the simulator does not have.
pub fn ready_on(clock: Clock, seed: u64, shape: &Shape) -> Result<Simulator, StageError> {
    Ok(Simulator::on(build(seed, shape)?, clock))
}

/// The same by a clock of its own. Needs a tokio runtime.
///
/// # Errors
/// As [`ready_on`].
pub fn ready(seed: u64, shape: &Shape, speed: f64) -> Result<Simulator, StageError> {
    Ok(Simulator::new(build(seed, shape)?, speed))
}

/// The simulator with an account that has nothing in it but the hosted zone `zone`. Needs a tokio runtime.
///
/// # Errors
/// When there can be no such zone.
pub fn account(seed: u64, zone: &str, speed: f64) -> Result<Simulator, StageError> {
    let world = tandem_sim::ready::account(seed, zone).map_err(|error| StageError::Simulator(error.to_string()))?;
    Ok(Simulator::new(world, speed))
}

fn build(seed: u64, shape: &Shape) -> Result<World, StageError> {
    tandem_sim::ready::world(seed, shape).map_err(|error| StageError::Simulator(error.to_string()))
}

/// What signs requests to a simulator: it knows no secrets.
pub(super) fn credentials() -> SharedCredentialsProvider {
    SharedCredentialsProvider::new(Credentials::new("AKIASIMULATED0000001", "simulated", None, None, "simulator"))
}

impl Pages for Simulator {
    fn ask(&self, request: Request) -> Boxed<'_, Result<Response, String>> {
        Box::pin(async move {
            match self.handle(&request) {
                Reply::After(_, response) => Ok(response),
                Reply::Reset(_) | Reply::Never => Err("the simulator does not answer".into()),
            }
        })
    }
}
