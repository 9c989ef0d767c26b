//! Route 53's health checks, and what the health path of the application touches.

use super::super::parts::names::is_reference;
use super::findings::Findings;
use super::report::Finding;
use super::switches::evacuated;
use crate::cloud::look::route53::Report;
use crate::model::spec::Spec;

pub fn checks(findings: &Findings, _: &Spec) -> Finding {
    let mut finding = Finding::fine("all are there, enabled, and seen healthy");
    let Some(all) = finding.seen("", &findings.checks) else { return finding };
    for (region, name) in &findings.check_names {
        let mut found = all.iter().filter(|check| is_reference(&check.reference, name));
        let Some(check) = found.next() else {
            let what = format!("the health check {name} is missing: users are sent to the Region whatever it is like");
            finding.ill(region, what, "`tandem apply` makes it");
            continue;
        };
        let id = &check.id;
        let others: Vec<&str> = found.map(|other| other.id.as_str()).collect();
        if !others.is_empty() {
            let what = format!(
                "there are several health checks {name}: {id}, {}: nobody knows which one counts",
                others.join(", ")
            );
            finding.ill(
                region,
                what,
                "Keep the one that the records and the calculated check name, and delete the others",
            );
            continue;
        }
        if check.config["Disabled"] == true {
            let what = format!(
                "the health check {name} is disabled, which Route 53 takes for healthy: a Region that is down keeps its users"
            );
            finding.ill(region, what, format!("aws route53 update-health-check --health-check-id {id} --no-disabled"));
            continue;
        }
        let Some(looked) = findings.reports.get(id) else { continue };
        match finding.seen(region, looked) {
            Some(Report::Unhealthy(_)) if check.config["SearchString"].is_string() && evacuated(findings, region) => {}
            Some(Report::Unhealthy(why)) => {
                let what = format!("the health check {name} is unhealthy ({why}): users are sent elsewhere");
                finding.ill(
                    region,
                    what,
                    "See what answers there, or whether a switch evacuates the Region: `tandem status`",
                );
            }
            Some(Report::Unseen) => finding.unknown(region, format!("no checker has asked for {name} yet")),
            Some(Report::Unreadable(why)) => finding.unknown(region, why.clone()),
            Some(Report::Healthy) | None => {}
        }
    }
    finding
}

/// Nobody outside can see what a path touches, so the application says it: with the header `x-tandem-touches: writer` on
/// the answers of a health path that needs the database's writer. A path that keeps silent is not suspected.
pub fn path(findings: &Findings, spec: &Spec) -> Finding {
    let path = &spec.stack.health_path;
    let said = findings.regions.iter().any(|region| region.health.as_ref().is_ok_and(|told| told.touches.is_some()));
    let mut finding = Finding::fine(if said {
        format!("{path} says what it touches, and it is not the writer")
    } else {
        format!("{path} does not say that it touches the writer (no header x-tandem-touches)")
    });
    if !said && suspicious(path) {
        let what = format!(
            "{path} is by its name a page that may ask the database: a writer that is down would fail every Region"
        );
        finding.advise("", what, "Look at what it asks; where that is the writer, name another in [app] health_path");
    }
    for region in &findings.regions {
        match &region.health {
            Ok(told) if told.touches.as_deref().is_some_and(names_writer) => {
                let what = format!(
                    "{path} touches the database's writer: when that is down, the checks of every Region fail at once, and users are sent anywhere"
                );
                let todo = "Let [app] health_path name a path that needs the task alone, or the Region's own reader";
                finding.ill(&region.name, what, todo);
            }
            Ok(_) => {}
            Err(error) => finding.unknown(&region.name, format!("{path} was not answered: {error}")),
        }
    }
    finding
}

/// `writer`, alone or in a list.
fn names_writer(told: &str) -> bool {
    told.split(',').any(|word| word.trim().eq_ignore_ascii_case("writer"))
}

/// Names that are usual for pages, and for checks that look at all that an application needs.
fn suspicious(path: &str) -> bool {
    let words = ["db", "database", "deep", "full", "ready", "readyz", "readiness", "write"];
    path == "/" || path.split(['/', '-', '_', '.']).any(|word| words.contains(&word.to_ascii_lowercase().as_str()))
}

#[cfg(test)]
mod tests {
    use super::{names_writer, suspicious};

    #[test]
    fn some_names_promise_more_than_that_the_task_lives() {
        assert!(suspicious("/") && suspicious("/health/db") && suspicious("/Ready"));
        assert!(!suspicious("/health") && !suspicious("/healthz") && !suspicious("/already-there"));
    }

    #[test]
    fn a_list_may_name_the_writer() {
        assert!(names_writer("writer") && names_writer("cache, Writer"));
        assert!(!names_writer("reader") && !names_writer(""));
    }
}
