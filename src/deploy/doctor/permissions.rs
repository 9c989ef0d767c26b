//! What the caller may not read. Every look is one; what may be changed cannot be tried without changing it.

use super::findings::Findings;
use super::report::Finding;
use crate::model::outcome::{CallError, ErrorClass};
use crate::model::spec::Spec;
use std::collections::{BTreeMap, BTreeSet};

/// Only this checkup asks them: what they would tell is not known then, and nothing else suffers.
const OURS_ALONE: [&str; 2] = ["ecr:", "servicequotas:"];

pub fn judge(findings: &Findings, _: &Spec) -> Finding {
    let mut finding = Finding::fine("what Tandem reads it may read; what it writes is not tried");
    let mut denied: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for (region, error) in findings.troubles() {
        if let Some(action) = action(error) {
            denied.entry(action).or_default().insert(region);
        }
    }
    for (action, regions) in denied {
        let regions: Vec<&str> = regions.into_iter().filter(|region| !region.is_empty()).collect();
        let places = regions.join(", ");
        if OURS_ALONE.iter().any(|service| action.starts_with(service)) {
            finding.unknown(&places, format!("{action} is denied, so it is not told what it would say"));
            continue;
        }
        let todo =
            format!("Allow {action} in a policy of the caller, and in the boundaries and the organisation's above");
        finding.ill(&places, format!("{action} is denied: Tandem does not see what it would tell"), todo);
    }
    let silent = findings.regions.iter().filter(|region| {
        let silent = |error: &CallError| matches!(error.class, ErrorClass::Timeout | ErrorClass::Unreachable);
        region.access.values().any(|looked| looked.as_ref().is_err_and(silent))
    });
    silent.for_each(|region| finding.unknown(&region.name, "not every service answers"));
    finding
}

/// The action that was denied for want of a permission.
fn action(error: &CallError) -> Option<String> {
    let code = error.code.as_deref()?;
    if !["AccessDenied", "Unauthorized", "NotAuthorized"].iter().any(|word| code.contains(word)) {
        return None;
    }
    let told = error.message.split_once("perform: ").map(|(_, rest)| rest);
    let told = told.and_then(|rest| rest.split_whitespace().next()).filter(|action| action.contains(':'));
    Some(told.map_or_else(|| format!("something ({code}: {})", error.message), String::from))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_action_is_in_the_message() {
        let error = |code: &str, message: &str| CallError {
            code: Some(code.into()),
            ..CallError::new(ErrorClass::Denied, message)
        };
        let message = "User: arn:aws:iam::1:user/x is not authorized to perform: rds:DescribeDBClusters on resource: *";
        assert_eq!(action(&error("AccessDenied", message)).as_deref(), Some("rds:DescribeDBClusters"));
        assert_eq!(action(&error("SignatureDoesNotMatch", message)), None);
        let other = action(&error("AccessDeniedException", "no")).unwrap();
        assert_eq!(other, "something (AccessDeniedException: no)");
    }
}
