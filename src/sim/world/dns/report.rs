//! What Route 53 tells CloudWatch: AWS/Route53, in us-east-1 only (Developer Guide, "Monitoring
//! health checks using CloudWatch").

use super::check;
use crate::world::World;
use crate::world::metrics::Series;

const REGION: &str = "us-east-1";

/// The datapoints of the minute that begins now.
pub fn minute(world: &mut World) {
    let now = world.now;
    let mut points = vec![];
    for (id, check) in &world.dns.checks {
        points.push((id.clone(), "HealthCheckStatus", "None", f64::from(u8::from(check.healthy))));
        let Some(status) = check::status(&world.dns.checks, id) else { continue };
        if check.calculated() {
            points.push((id.clone(), "ChildHealthCheckHealthyCount", "Count", status.observers_ok as f64));
        } else if check.probes() {
            let share = 100.0 * status.observers_ok as f64 / status.observers.max(1) as f64;
            points.push((id.clone(), "HealthCheckPercentageHealthy", "Percent", share));
        }
    }
    for (id, name, unit, value) in points {
        let series = Series::new("AWS/Route53", name, &[("HealthCheckId", &id)]);
        world.metrics_in(REGION).put(series, unit, now, value, 1);
    }
}
