//! How far a secondary cluster is behind. The metrics are told in the secondary's own Region and move with the
//! roles: a writer has none (Aurora User Guide, CloudWatch metrics).

use super::{batch, query};
use crate::cloud::Aws;
use crate::model::database::{LagMinute, LagView};
use crate::model::outcome::CallError;
use aws_sdk_cloudwatch::types::MetricDataQuery;
use jiff::Timestamp;
use std::collections::BTreeMap;

/// The lag of the cluster `id` (its name) in the minutes between two moments, the worst of each minute.
pub async fn lag(aws: &Aws, region: &str, cluster: &str, from: Timestamp, to: Timestamp) -> Result<LagView, CallError> {
    let mut minutes = BTreeMap::new();
    batch(aws, region, &queries(cluster), (from, to), |id, at, value| put(&mut minutes, id, at, value)).await?;
    Ok(LagView { minutes: minutes.into_iter().collect() })
}

fn queries(cluster: &str) -> Vec<MetricDataQuery> {
    let of = [("DBClusterIdentifier", cluster)];
    [
        ("replication", "AuroraGlobalDBReplicationLag"),
        ("rpo", "AuroraGlobalDBRPOLag"),
        ("progress", "AuroraGlobalDBProgressLag"),
    ]
    .map(|(id, name)| query(id, "AWS/RDS", name, &of, "Maximum"))
    .into()
}

fn put(minutes: &mut BTreeMap<Timestamp, LagMinute>, id: &str, at: Timestamp, value: f64) {
    let minute = minutes.entry(at).or_default();
    match id {
        "replication" => minute.replication_ms = Some(value),
        "rpo" => minute.rpo_ms = Some(value),
        "progress" => minute.progress_ms = Some(value),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::super::{result, values};
    use super::*;

    #[test]
    fn a_lag_that_is_not_told_is_not_zero() {
        let mut minutes = BTreeMap::new();
        for series in [result("replication", &[(60, 84.0), (120, 90.0)]), result("rpo", &[(60, 200.0)])] {
            values(&series, &mut |id, at, value| put(&mut minutes, id, at, value));
        }
        let view = LagView { minutes: minutes.into_iter().collect() };
        assert_eq!(view.minutes[0].1.worst_ms(), Some(200.0));
        assert_eq!((view.minutes[1].1.rpo_ms, view.minutes[1].1.progress_ms), (None, None));
        assert_eq!(view.last(), Some((Timestamp::from_second(120).unwrap(), 90.0)));
    }

    #[test]
    fn the_worst_of_a_minute_is_asked_for() {
        for query in queries("shop-db-eu-west-1") {
            let stat = query.metric_stat().unwrap();
            let dimension = &stat.metric().unwrap().dimensions()[0];
            assert_eq!((dimension.name(), dimension.value()), (Some("DBClusterIdentifier"), Some("shop-db-eu-west-1")));
            assert_eq!((stat.stat(), stat.period()), (Some("Maximum"), Some(60)));
        }
    }
}
