//! What carries the stack's tag and is no part of it any more.

use super::findings::Findings;
use super::report::Finding;
use crate::model::spec::Spec;

/// Lines that are told one by one.
const MOST: usize = 10;

pub fn judge(findings: &Findings, spec: &Spec) -> Finding {
    let mut finding = Finding::fine("nothing that carries the stack's tag is left over");
    let orphans = &findings.orphans;
    for one in orphans.found.iter().take(MOST) {
        let what = format!(
            "{} {} is tagged as a part of {} and is none: it costs, and may be in the way",
            one.service, one.name, spec.stack.name
        );
        finding.ill(&one.region, what, "`tandem plan` tells the calls that take it away, in their order");
    }
    let more = orphans.found.len().saturating_sub(MOST);
    if more > 0 {
        finding.ill("", format!("{more} more are left over"), "`tandem plan` lists them all");
    }
    for why in &orphans.unseen {
        finding.unknown("", why.clone());
    }
    finding
}
