//! Looks once, prints, and exits.

use super::{exit_code, render};
use crate::cli::args::{Format, StatusArguments, WorldArguments};
use crate::cli::world::{self, BeginError, Opening};
use crate::observe::Observer;
use std::time::Duration;

/// Longer than the slowest read with its retry: after this a source that has not answered will not.
const PATIENCE: Duration = Duration::from_secs(20);

/// The report and the exit code.
pub async fn run(world: &WorldArguments, arguments: &StatusArguments) -> Result<(String, u8), BeginError> {
    let Opening { config, stage, .. } = world::open(world).await?;
    let stage = stage.await?;
    let name = world::name(&stage.place);
    let observer = Observer::start(stage.aws, stage.vantage, stage.clock.clone(), config.stack, false);
    observer.settled(&stage.clock, PATIENCE).await;
    let snapshot = observer.snapshots().borrow().clone();
    let format = if arguments.json { Format::Json } else { arguments.format };
    let now = stage.clock.now();
    Ok((render(&snapshot, now, &name, format), exit_code(&snapshot, now)))
}
