//! Snapshots of writes that a failover lost, and their copies.

use super::MOST_PAGES;
use crate::cloud::Aws;
use crate::cloud::edge::{moment, text};
use crate::cloud::error::call_error;
use crate::model::database::KeptWrites;
use crate::model::outcome::CallError;
use aws_sdk_rds::types::DbClusterSnapshot;

/// What Aurora calls them (Aurora User Guide, disaster recovery).
const PREFIX: &str = "rds:unplanned-global-failover-";

/// The snapshots that Aurora took of lost writes of the cluster `id` (its name, not its ARN), newest first.
pub async fn kept_writes(aws: &Aws, region: &str, id: &str) -> Result<Vec<KeptWrites>, CallError> {
    let client = &aws.regional(region)?.rds.reads;
    let (mut found, mut marker) = (vec![], None);
    for _ in 0..MOST_PAGES {
        let call = client.describe_db_cluster_snapshots().db_cluster_identifier(id).set_marker(marker);
        let answer = call.send().await.map_err(call_error)?;
        found.extend_from_slice(answer.db_cluster_snapshots());
        marker = answer.marker().filter(|marker| !marker.is_empty()).map(String::from);
        if marker.is_none() {
            break;
        }
    }
    Ok(kept(&found))
}

fn kept(found: &[DbClusterSnapshot]) -> Vec<KeptWrites> {
    let id = |snapshot: &DbClusterSnapshot| text(snapshot.db_cluster_snapshot_identifier());
    let lost = found.iter().filter(|snapshot| id(snapshot).starts_with(PREFIX));
    let mut kept: Vec<KeptWrites> = lost
        .map(|snapshot| KeptWrites {
            id: id(snapshot),
            arn: text(snapshot.db_cluster_snapshot_arn()),
            status: text(snapshot.status()),
            created: moment(snapshot.snapshot_create_time()),
            copy: copy(found, snapshot),
        })
        .collect();
    kept.sort_by(|one, other| other.created.cmp(&one.created).then_with(|| one.id.cmp(&other.id)));
    kept
}

/// A copy that can be used: ours by its name, else anybody's by its source.
fn copy(found: &[DbClusterSnapshot], of: &DbClusterSnapshot) -> Option<String> {
    let manual = found.iter().filter(|snapshot| snapshot.snapshot_type() == Some("manual"));
    let ready: Vec<&DbClusterSnapshot> = manual.filter(|snapshot| snapshot.status() == Some("available")).collect();
    let name = KeptWrites::copy_name(of.db_cluster_snapshot_identifier()?);
    let ours = ready.iter().find(|snapshot| snapshot.db_cluster_snapshot_identifier() == Some(name.as_str()));
    let source = of.db_cluster_snapshot_arn();
    let others = ready.iter().find(|snapshot| source.is_some() && snapshot.source_db_cluster_snapshot_arn() == source);
    ours.or(others).map(|snapshot| text(snapshot.db_cluster_snapshot_identifier()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_smithy_types::DateTime;

    fn snapshot(id: &str, kind: &str, status: &str, at: i64) -> DbClusterSnapshot {
        DbClusterSnapshot::builder()
            .db_cluster_snapshot_identifier(id)
            .db_cluster_snapshot_arn(format!("arn:aws:rds:us-east-1:1:cluster-snapshot:{id}"))
            .snapshot_type(kind)
            .status(status)
            .snapshot_create_time(DateTime::from_secs(at))
            .build()
    }

    #[test]
    fn lost_writes_are_kept_when_a_copy_is_available() {
        let old = "rds:unplanned-global-failover-shop-1";
        let new = "rds:unplanned-global-failover-shop-2";
        let mut found = vec![
            snapshot("rds:shop-2026-01-05", "automated", "available", 1),
            snapshot(old, "automated", "available", 2),
            snapshot(new, "automated", "available", 3),
            snapshot("kept-unplanned-global-failover-shop-1", "manual", "available", 4),
            snapshot("kept-unplanned-global-failover-shop-2", "manual", "copying", 5),
        ];
        let told = |found: &[DbClusterSnapshot]| -> Vec<(String, Option<String>)> {
            kept(found).into_iter().map(|kept| (kept.id, kept.copy)).collect()
        };
        let copy = Some("kept-unplanned-global-failover-shop-1".to_string());
        assert_eq!(told(&found), [(new.to_string(), None), (old.to_string(), copy.clone())]);
        let mine = DbClusterSnapshot::builder()
            .db_cluster_snapshot_identifier("mine")
            .snapshot_type("manual")
            .status("available")
            .source_db_cluster_snapshot_arn(format!("arn:aws:rds:us-east-1:1:cluster-snapshot:{new}"))
            .build();
        found.push(mine);
        assert_eq!(told(&found), [(new.to_string(), Some("mine".to_string())), (old.to_string(), copy)]);
    }
}
