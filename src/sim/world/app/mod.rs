//! What the application does with its state: rows in a database, sessions in a table. Which ones, its task
//! definition tells in the environment, as it does to a real container.

mod sessions;
mod wiring;

pub use sessions::{Sessions, visit};
pub use wiring::Wiring;

use super::{World, aurora};

/// Of all requests, the share that writes a row: orders (assumed).
const WRITE_ROWS: f64 = 0.05;

/// What the state adds to requests: how many of them fail because of it, as a share, and how much longer one
/// takes, milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Strain {
    pub failing: f64,
    pub added_ms: f64,
}

/// Reads and writes rows for `requests` that a task with this wiring answers in `region`.
pub fn rows(world: &mut World, region: &str, wiring: &Wiring, requests: u64) -> Strain {
    let Some(host) = wiring.database.as_deref().filter(|_| requests > 0) else { return Strain::default() };
    let Some(read_ms) = aurora::read(world, region, host) else {
        return Strain { failing: 1.0, added_ms: 0.0 };
    };
    let writes = world.chance.app.binomial(requests, WRITE_ROWS);
    if writes == 0 {
        return Strain { failing: 0.0, added_ms: read_ms };
    }
    let wrote = aurora::write_rows(world, region, host, writes);
    let share = writes as f64 / requests as f64;
    let failed = writes.saturating_sub(wrote.committed);
    Strain { failing: failed as f64 / requests as f64, added_ms: read_ms + wrote.latency_ms * share }
}
