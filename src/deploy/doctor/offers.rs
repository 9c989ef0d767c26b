//! Whether each Region has the database's version and class.

use super::super::parts::database::version::no_version;
use super::findings::Findings;
use super::report::Finding;
use crate::model::spec::Spec;

pub fn judge(findings: &Findings, spec: &Spec) -> Finding {
    let (version, class) = (&spec.database.version, &spec.database.class);
    let mut finding = Finding::fine(format!("Aurora PostgreSQL {version} on {class} is to be had in every Region"));
    for region in &findings.regions {
        let Some(offers) = finding.seen(&region.name, &region.offers) else { continue };
        if let Some(others) = &offers.versions {
            let what = format!("Aurora PostgreSQL {version} is not to be had: no member of the database can be made");
            let todo = no_version(version, &others.join(","));
            finding.ill(&region.name, what, todo.unwrap_or_else(|| "Correct [database] version".into()));
        }
        if let Some(others) = &offers.classes {
            let what = format!("{class} does not run Aurora PostgreSQL {version} there: no instance can be made");
            let few: Vec<&str> =
                others.iter().map(String::as_str).filter(|one| one.ends_with(".large")).take(8).collect();
            finding.ill(&region.name, what, format!("Put another in [database] class: {}", few.join(", ")));
        }
    }
    finding
}
