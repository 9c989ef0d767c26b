//! What CloudWatch is told: `ReplicationLatency` in the sending Region, for each receiving one (Developer Guide,
//! metrics and dimensions). While nothing arrives there is none, and strongly consistent tables have none.

use super::World;
use crate::world::TICK;
use crate::world::metrics::Series;
use std::collections::BTreeMap;
use std::time::Duration;

/// Of the last second: by sender, table and receiver, how many writes arrived and how long they took in all, ms.
#[derive(Debug, Clone, Default)]
pub struct Measures(BTreeMap<(String, String, String), (u64, f64)>);

impl Measures {
    pub fn took(&mut self, from: &str, table: &str, to: &str, took: Duration) {
        let entry = self.0.entry((from.to_string(), table.to_string(), to.to_string())).or_default();
        entry.0 += 1;
        entry.1 += took.as_secs_f64() * 1000.0;
    }
}

pub fn tick(world: &mut World) {
    let at = world.now - TICK;
    for ((from, table, to), (count, ms)) in std::mem::take(&mut world.dynamo.measures.0) {
        if world.dynamo.table(&from, &table).is_none_or(|table| table.strong == Some(true)) {
            continue;
        }
        let dimensions = [("TableName", table.as_str()), ("ReceivingRegion", to.as_str())];
        let series = Series::new("AWS/DynamoDB", "ReplicationLatency", &dimensions);
        world.metrics_in(&from).put(series, "Milliseconds", at, ms / count as f64, count);
    }
}
