//! Scale R to N: bounds of autoscaling and desired count together, or autoscaling undoes the count
//! within minutes.

use super::{PlanError, Scene, never_seen};
use crate::model::call::{Act, Call};
use crate::model::plan::{Enough, Kind, Plan, Step, Until};
use crate::model::safety;
use crate::model::snapshot::ScalingView;
use std::time::Duration;

/// More tasks than anyone means to type.
const MOST: u32 = 5_000;

pub(super) fn plan(scene: Scene<'_>, region: &str, tasks: Option<u32>) -> Result<Plan, PlanError> {
    let view = scene.region(region)?;
    let service = view.service.value.as_ref().ok_or_else(|| never_seen("the service", region))?;
    let scaling = view.scaling.value.as_ref();
    if scaling.is_none() && !view.scaling.absent() {
        return Err(never_seen("autoscaling", region));
    }
    let tasks = tasks.ok_or_else(|| PlanError::Impossible("say how many tasks".into()))?;
    if tasks == 0 {
        return Err(PlanError::Impossible("0 tasks would take the Region down: drain or evacuate it instead".into()));
    }
    if tasks > MOST {
        return Err(PlanError::Impossible(format!("{tasks} tasks: at most {MOST} (the quota of a service)")));
    }
    if service.desired == tasks && scaling.is_none_or(|scaling| scaling.min == tasks) {
        return Err(PlanError::Nothing(format!("{region} already keeps {tasks} tasks")));
    }
    let count = Call::new(
        region,
        Act::UpdateService { cluster: service.cluster.clone(), service: service.name.clone(), desired: tasks },
    );
    let mut effects = vec![format!("desired {} -> {tasks}, running now {}", service.desired, service.running)];
    let mut checks = vec![safety::fresh("the service", &view.service.freshness(scene.now))];
    let mut undo = format!("scale {region} back to {}", service.desired);
    let mut calls = vec![count];
    match scaling {
        Some(ScalingView { resource, min, max: most }) => {
            let max = tasks.max(*most);
            let bounds = Act::RegisterScalableTarget { resource: resource.clone(), min: tasks, max };
            calls.insert(0, Call::new(region, bounds));
            effects.push(format!("autoscaling keeps it between {tasks} and {max} (now {min} to {most})"));
            checks.push(safety::fresh("autoscaling", &view.scaling.freshness(scene.now)));
            undo.push_str(&format!("; autoscaling was {min} to {most}"));
        }
        None => effects.push("nothing scales it by itself: the count stays until somebody changes it".into()),
    }
    checks.extend([safety::ours(scene.snapshot, [region]), scene.alone()]);
    Ok(Plan {
        kind: Kind::Scale,
        region: region.into(),
        title: format!("Scale {region} from {} to {tasks} tasks", service.desired),
        effects,
        checks,
        steps: vec![Step {
            title: format!("Set {tasks} tasks and wait until as many targets are healthy"),
            calls,
            enough: Enough::All,
            until: Until::Serving { region: region.into(), tasks },
            within: Duration::from_secs(20 * 60),
        }],
        undo,
        held: vec![],
    })
}
