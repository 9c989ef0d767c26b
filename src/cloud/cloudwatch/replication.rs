//! How long sessions take to each other Region, as the sending Region tells it (DynamoDB Developer Guide,
//! metrics and dimensions).

use super::{batch, query};
use crate::cloud::Aws;
use crate::model::outcome::CallError;
use crate::model::sessions::ReplicationView;
use aws_sdk_cloudwatch::types::MetricDataQuery;
use jiff::Timestamp;
use std::collections::BTreeMap;

/// `ReplicationLatency` of the table to each of `peers` in the minutes between two moments, the mean of each
/// minute. A peer that nothing was sent to is absent.
pub async fn replication(
    aws: &Aws,
    region: &str,
    table: &str,
    peers: &[&str],
    from: Timestamp,
    to: Timestamp,
) -> Result<ReplicationView, CallError> {
    if peers.is_empty() {
        return Ok(ReplicationView::default());
    }
    let mut series = BTreeMap::new();
    batch(aws, region, &queries(table, peers), (from, to), |id, at, value| put(&mut series, peers, id, at, value))
        .await?;
    let points = |(peer, minutes): (String, BTreeMap<Timestamp, f64>)| (peer, minutes.into_iter().collect());
    Ok(ReplicationView { to: series.into_iter().map(points).collect() })
}

type Series = BTreeMap<String, BTreeMap<Timestamp, f64>>;

/// An id has letters, digits and underscores only, so a peer is told by its place.
fn queries(table: &str, peers: &[&str]) -> Vec<MetricDataQuery> {
    let one = |(place, peer): (usize, &&str)| {
        let of = [("TableName", table), ("ReceivingRegion", *peer)];
        query(&format!("to_{place}"), "AWS/DynamoDB", "ReplicationLatency", &of, "Average")
    };
    peers.iter().enumerate().map(one).collect()
}

fn put(series: &mut Series, peers: &[&str], id: &str, at: Timestamp, value: f64) {
    let place = id.strip_prefix("to_").and_then(|place| place.parse::<usize>().ok());
    if let Some(peer) = place.and_then(|place| peers.get(place)) {
        series.entry((*peer).to_string()).or_default().insert(at, value);
    }
}

#[cfg(test)]
mod tests {
    use super::super::{result, values};
    use super::*;

    #[test]
    fn a_peer_that_nothing_was_sent_to_is_absent() {
        let (mut series, peers) = (Series::new(), ["eu-west-1", "ap-northeast-1"]);
        for told in [result("to_0", &[(60, 800.0), (120, 0.0)]), result("to_1", &[]), result("to_7", &[(60, 1.0)])] {
            values(&told, &mut |id, at, value| put(&mut series, &peers, id, at, value));
        }
        assert_eq!(series.keys().collect::<Vec<_>>(), ["eu-west-1"]);
        assert_eq!(series["eu-west-1"].values().collect::<Vec<_>>(), [&800.0, &0.0], "0 may mean that it is stalled");
    }

    #[test]
    fn each_peer_is_asked_for_by_its_region() {
        let asked = queries("shop-sessions", &["eu-west-1", "ap-northeast-1"]);
        let ids: Vec<&str> = asked.iter().filter_map(|query| query.id()).collect();
        assert_eq!(ids, ["to_0", "to_1"]);
        let metric = asked[1].metric_stat().unwrap().metric().unwrap();
        let values: Vec<&str> = metric.dimensions().iter().filter_map(|dimension| dimension.value()).collect();
        assert_eq!(values, ["shop-sessions", "ap-northeast-1"]);
    }
}
