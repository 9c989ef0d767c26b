//! Roll R back: its service goes to the revision of the task definition that it ran before. The registry, the image and
//! the revision stand already, so nothing of the deployment is needed for it.

use super::{PlanError, Scene, never_seen};
use crate::model::call::Call;
use crate::model::plan::{Enough, Kind, Plan, Step, Until};
use crate::model::safety::{self, Check, Ruling};
use serde_json::json;
use std::time::Duration;

/// For new tasks to be healthy and old ones to be drained, all of them.
const WITHIN: Duration = Duration::from_secs(20 * 60);

pub(super) fn plan(scene: Scene<'_>, region: &str) -> Result<Plan, PlanError> {
    let view = scene.region(region)?;
    let service = view.service.value.as_ref().ok_or_else(|| never_seen("the service", region))?;
    let revisions = scene.revisions.filter(|found| found.region == region);
    let revisions = revisions.ok_or_else(|| never_seen("the task definition", region))?;
    let now = &revisions.now;
    if service.task_definition != now.arn {
        return Err(PlanError::Impossible(format!(
            "{region} runs {} meanwhile, not {}: plan again",
            service.task_definition.rsplit('/').next().unwrap_or_default(),
            now.name()
        )));
    }
    let before = revisions.before.as_ref().ok_or_else(|| {
        PlanError::Nothing(format!("{} is the first revision that {region} has: there is none before it", now.name()))
    })?;
    let mut effects = vec![
        format!("{region} runs {} instead of {}", before.images(), now.images()),
        format!("{} tasks are replaced, new ones first, as the service's deployments do", service.desired),
        "the other Regions go on with what they run".into(),
    ];
    if before.images == now.images {
        effects.push("both have the same image: another setting is what differs".into());
    }
    let input = json!({ "cluster": service.cluster, "service": service.name, "taskDefinition": before.arn });
    Ok(Plan {
        kind: Kind::RollBack,
        region: region.into(),
        title: format!("Roll {region} back from {} to {}", now.name(), before.name()),
        effects,
        checks: vec![
            safety::fresh("the service", &view.service.freshness(scene.now)),
            safety::ours(scene.snapshot, [region]),
            Check {
                rule: "the file".into(),
                ruling: Ruling::Warn,
                why: "`tandem plan` will want what the file says again: put [app] back there before the next apply"
                    .into(),
            },
            scene.alone(),
        ],
        steps: vec![Step {
            title: format!("Deploy {} and wait until every task runs it", before.name()),
            calls: vec![Call::request(region, "ecs", "UpdateService", input)],
            enough: Enough::All,
            until: Until::Runs { region: region.into(), revision: before.arn.clone() },
            within: WITHIN,
        }],
        undo: format!("`tandem apply` brings {region} to what the file says; {} stays registered", now.name()),
        held: vec![],
    })
}
