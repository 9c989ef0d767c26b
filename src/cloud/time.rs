//! The SDK's idea of time: ours.

use crate::host::Clock;
use aws_smithy_async::rt::sleep::{AsyncSleep, Sleep};
use aws_smithy_async::time::TimeSource;
use std::time::{Duration, SystemTime};

/// Signatures, timeouts and the waits between retries follow the clock, at its pace.
#[derive(Debug, Clone)]
pub struct SdkTime(pub Clock);

impl TimeSource for SdkTime {
    fn now(&self) -> SystemTime {
        let since = Duration::try_from(self.0.now().duration_since(jiff::Timestamp::UNIX_EPOCH)).unwrap_or_default();
        SystemTime::UNIX_EPOCH.checked_add(since).unwrap_or(SystemTime::UNIX_EPOCH)
    }
}

impl AsyncSleep for SdkTime {
    fn sleep(&self, duration: Duration) -> Sleep {
        let clock = self.0.clone();
        Sleep::new(async move { clock.sleep(duration).await })
    }
}
