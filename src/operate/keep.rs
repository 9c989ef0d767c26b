//! Keep the writes that a failover lost: Aurora takes a snapshot of them, which goes when the old cluster's
//! backup retention ends. A manual copy stays.

use super::{PlanError, Scene, never_seen};
use crate::model::call::{Act, Call};
use crate::model::database::KeptWrites;
use crate::model::plan::{Enough, Kind, Plan, Step, Until};
use crate::model::safety;
use std::time::Duration;

pub(super) fn plan(scene: Scene<'_>, region: &str) -> Result<Plan, PlanError> {
    let view = scene.region(region)?;
    let cluster = view.cluster.value.as_ref().ok_or_else(|| never_seen("the cluster", region))?;
    let Some(kept) = cluster.kept_writes.iter().find(|kept| kept.copy.is_none()) else {
        return Err(PlanError::Nothing(match cluster.kept_writes.is_empty() {
            true => format!("no failover has lost writes of {region}"),
            false => format!("every snapshot of lost writes of {region} has a copy"),
        }));
    };
    let copy = KeptWrites::copy_name(&kept.id);
    let days = cluster.retention_days.map_or_else(|| "its".into(), |days| format!("{days} days of"));
    Ok(Plan {
        kind: Kind::Keep,
        region: region.into(),
        title: format!("Keep the lost writes of {region}"),
        effects: vec![
            format!("{} is a system snapshot: it goes after {days} backup retention", kept.id),
            format!("a manual copy {copy} stays until somebody deletes it, and costs storage until then"),
        ],
        checks: vec![
            safety::fresh(&format!("the cluster of {region}"), &view.cluster.freshness(scene.now)),
            scene.alone(),
        ],
        steps: vec![Step {
            title: format!("Copy {}", kept.id),
            calls: vec![Call::new(
                region,
                Act::CopyDbClusterSnapshot { source_arn: kept.arn.clone(), target_id: copy.clone() },
            )],
            enough: Enough::All,
            until: Until::Kept { region: region.into(), copy },
            within: Duration::from_secs(60 * 60),
        }],
        undo: "delete the copy".into(),
        held: vec![],
    })
}
