//! Whether each Region has what opens its database.

use super::findings::Findings;
use super::report::Finding;
use crate::cloud::look::secretsmanager::IN_SYNC;
use crate::model::spec::Spec;

pub fn judge(findings: &Findings, _: &Spec) -> Finding {
    let mut finding = Finding::fine("every Region has the secrets of the database, in step");
    for region in &findings.regions {
        for (name, looked) in &region.secrets {
            let Some(seen) = finding.seen(&region.name, looked) else { continue };
            let todo = "`tandem plan` tells more, and `tandem apply` replicates it";
            if !seen.exists {
                let what =
                    format!("the secret {name} is missing: there nobody can prove that the database takes writes");
                finding.ill(&region.name, what, todo);
            } else if seen.state != IN_SYNC {
                finding.ill(&region.name, format!("the secret {name} is {}: it may open nothing", seen.state), todo);
            }
        }
    }
    finding
}
