//! Whether each Region has a service that can start tasks.

use super::findings::Findings;
use super::report::Finding;
use crate::model::spec::Spec;

pub fn judge(findings: &Findings, spec: &Spec) -> Finding {
    let mut finding = Finding::fine(format!("{} is active in every Region", spec.stack.service(spec.home())));
    for region in &findings.regions {
        let Some(seen) = finding.seen(&region.name, &region.service) else { continue };
        let name = spec.stack.service(&region.name);
        let status = seen.as_ref().map_or("missing", |service| service.status.as_str());
        if status != "ACTIVE" {
            let what = format!("the service {name} is {status}: no task is started, and the Region serves nobody");
            finding.ill(&region.name, what, "`tandem plan` tells more, and `tandem apply` makes it");
            continue;
        }
        let failed = seen.iter().flat_map(|service| &service.deployments);
        let mut failed = failed.filter(|deployment| deployment.rollout.as_deref() == Some("FAILED"));
        if let Some(deployment) = failed.next() {
            let what = format!("the rollout of {} has failed: tasks of it do not stay up", deployment.task_definition);
            finding.ill(
                &region.name,
                what,
                "See why tasks stop in the console (Enter on the Region), mend the image, apply again",
            );
        }
    }
    finding
}
