//! The machine's time, for frames and keys only: what is said of the stack comes from the clock.

use std::time::{Duration, Instant};

/// Measures from when it was made.
#[derive(Debug, Clone, Copy)]
pub struct Pace(Instant);

impl Pace {
    #[expect(clippy::disallowed_methods, reason = "frames and typing go by the machine's time, not the stack's")]
    pub fn begin() -> Self {
        Self(Instant::now())
    }

    /// Since it began.
    pub fn passed(self) -> Duration {
        self.0.elapsed()
    }
}
