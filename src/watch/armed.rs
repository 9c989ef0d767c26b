//! The watcher's own sign of life: a metric that an alarm misses when it is not there.

use crate::cloud::{Aws, cloudwatch};
use crate::host::Clock;
use crate::model::observed::elapsed;
use jiff::Timestamp;
use std::time::Duration;
use tokio::task::JoinHandle;

/// How often it is told: every minute of an alarm's has one.
const EVERY: Duration = Duration::from_secs(45);

/// Tells CloudWatch of this vantage's Region, every minute and whenever it changes.
pub struct Armed {
    aws: Aws,
    clock: Clock,
    region: String,
    stack: String,
    told: Option<(Timestamp, bool)>,
    sending: Option<JoinHandle<()>>,
}

impl Armed {
    pub fn new(aws: Aws, clock: Clock, region: String, stack: String) -> Self {
        Self { aws, clock, region, stack, told: None, sending: None }
    }

    /// Tells whether it is armed, beside the rounds; one that is still on its way is waited for no longer.
    pub fn tell(&mut self, armed: bool) {
        let now = self.clock.now();
        if self.told.is_some_and(|(at, before)| before == armed && elapsed(at, now) < EVERY) {
            return;
        }
        self.told = Some((now, armed));
        if let Some(sending) = self.sending.take() {
            sending.abort();
        }
        let (aws, region, stack) = (self.aws.clone(), self.region.clone(), self.stack.clone());
        self.sending = Some(tokio::spawn(async move {
            if let Err(error) = cloudwatch::put_armed(&aws, &region, &stack, armed, now).await {
                tracing::warn!(%error, "the metric Armed was not told");
            }
        }));
    }
}
