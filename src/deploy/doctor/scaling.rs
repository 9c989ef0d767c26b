//! Whether each Region can take more load than it has.

use super::findings::Findings;
use super::report::Finding;
use crate::model::spec::Spec;

pub fn judge(findings: &Findings, spec: &Spec) -> Finding {
    if spec.app.autoscaling.is_none() {
        return Finding::fine("off, as the file says");
    }
    let mut finding = Finding::fine("every Region can scale out");
    for region in &findings.regions {
        let Some(seen) = finding.seen(&region.name, &region.scaling) else { continue };
        let name = &region.name;
        let resource = spec.stack.scaling_resource(name);
        let suspended = seen.gift("suspended");
        if !seen.exists {
            let what = format!("{resource} is no scalable target: it will not take the load of another Region");
            finding.ill(name, what, "`tandem apply` registers it");
        } else if !suspended.is_empty() {
            let what = format!("{suspended} of {resource} is suspended: it will not take the load of another Region");
            let state =
                "DynamicScalingInSuspended=false,DynamicScalingOutSuspended=false,ScheduledScalingSuspended=false";
            let todo = format!(
                "aws application-autoscaling register-scalable-target --region {name} --service-namespace ecs --resource-id {resource} --scalable-dimension ecs:service:DesiredCount --suspended-state {state}"
            );
            finding.ill(name, what, todo);
        }
    }
    finding
}
