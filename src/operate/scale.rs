//! Scale R to N: bounds of autoscaling and desired count together, or autoscaling undoes the count
//! within minutes.

use super::{PlanError, Scene, never_seen};
use crate::model::call::{Act, Call};
use crate::model::plan::{Enough, Kind, Plan, Step, Until};
use crate::model::safety;
use std::time::Duration;

/// More tasks than anyone means to type.
const MOST: u32 = 5_000;

pub(super) fn plan(scene: Scene<'_>, region: &str, tasks: Option<u32>) -> Result<Plan, PlanError> {
    let view = scene.region(region)?;
    let service = view.service.value.as_ref().ok_or_else(|| never_seen("the service", region))?;
    let scaling = view.scaling.value.as_ref().ok_or_else(|| never_seen("autoscaling", region))?;
    let tasks = tasks.ok_or_else(|| PlanError::Impossible("say how many tasks".into()))?;
    if tasks == 0 {
        return Err(PlanError::Impossible("0 tasks would take the Region down: drain or evacuate it instead".into()));
    }
    if tasks > MOST {
        return Err(PlanError::Impossible(format!("{tasks} tasks: at most {MOST} (the quota of a service)")));
    }
    if service.desired == tasks && scaling.min == tasks {
        return Err(PlanError::Nothing(format!("{region} already keeps {tasks} tasks")));
    }
    let max = scaling.max.max(tasks);
    let bounds = Call::new(region, Act::RegisterScalableTarget { resource: scaling.resource.clone(), min: tasks, max });
    let count = Call::new(
        region,
        Act::UpdateService { cluster: service.cluster.clone(), service: service.name.clone(), desired: tasks },
    );
    Ok(Plan {
        kind: Kind::Scale,
        region: region.into(),
        title: format!("Scale {region} from {} to {tasks} tasks", service.desired),
        effects: vec![
            format!("desired {} -> {tasks}, running now {}", service.desired, service.running),
            format!("autoscaling keeps it between {tasks} and {max} (now {} to {})", scaling.min, scaling.max),
        ],
        checks: vec![
            safety::fresh("the service", &view.service.freshness(scene.now)),
            safety::fresh("autoscaling", &view.scaling.freshness(scene.now)),
            safety::ours(scene.snapshot, [region]),
            scene.alone(),
        ],
        steps: vec![Step {
            title: format!("Set {tasks} tasks and wait until as many targets are healthy"),
            calls: vec![bounds, count],
            enough: Enough::All,
            until: Until::Serving { region: region.into(), tasks },
            within: Duration::from_secs(20 * 60),
        }],
        undo: format!("scale {region} back to {}; autoscaling was {} to {}", service.desired, scaling.min, scaling.max),
        held: vec![],
    })
}
