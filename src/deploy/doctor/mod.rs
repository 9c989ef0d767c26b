//! What is ill with a stack, its account and the way to them: `tandem doctor`. Nothing is changed.
//!
//! [`findings`] looks, at everything at once; each check is a file of its own and a pure judgement of what was found;
//! [`report`] is what comes out. What did not answer is "could not tell", never an ill, unless not answering is the ill.

mod account;
mod credentials;
mod database;
pub mod findings;
mod health;
mod image;
mod names;
mod offers;
mod orphans;
mod permissions;
mod quotas;
mod regions;
pub mod report;
mod scaling;
mod secrets;
mod service;
mod switches;
mod tables;
mod together;

use super::stack::SpecError;
use crate::cloud::Aws;
use crate::host::Clock;
use crate::model::spec::Spec;
use crate::probe::Vantage;
use findings::Findings;
use report::{Finding, Group, Report};

/// What is looked at.
pub struct Patient<'a> {
    /// With clients for every Region of the stack, of its control table, and for Route 53's home.
    pub aws: &'a Aws,
    pub vantage: &'a dyn Vantage,
    pub clock: &'a Clock,
    pub spec: &'a Spec,
    /// Whether answers are dated by the clock that signatures are checked with: those of AWS are.
    pub dated: bool,
}

type Judge = fn(&Findings, &Spec) -> Finding;

/// What is judged wherever a stack shall be.
const BEFORE: [(Group, &str, Judge); 11] = [
    (Group::You, "credentials", credentials::judge),
    (Group::You, "clock", credentials::clock),
    (Group::You, "permissions", permissions::judge),
    (Group::Account, "quotas", quotas::judge),
    (Group::Account, "zone", names::zone),
    (Group::Account, "delegation", names::delegation),
    (Group::Account, "recovery", names::recovery),
    (Group::Regions, "regions", regions::judge),
    (Group::Regions, "image", image::judge),
    (Group::Regions, "engine", offers::judge),
    (Group::Regions, "certificates", regions::certificates),
];

/// What is judged of a stack that stands, or stands in part.
const STANDING: [(Group, &str, Judge); 15] = [
    (Group::Stack, "members", database::members),
    (Group::Stack, "parity", database::parity),
    (Group::Stack, "forwarding", database::forwarding),
    (Group::Stack, "protection", account::protection),
    (Group::Stack, "backups", account::backups),
    (Group::Stack, "control", tables::control),
    (Group::Stack, "sessions", tables::sessions),
    (Group::Stack, "ttl", tables::ttl),
    (Group::Stack, "secrets", secrets::judge),
    (Group::Stack, "service", service::judge),
    (Group::Stack, "scaling", scaling::judge),
    (Group::Stack, "switches", switches::judge),
    (Group::Stack, "checks", health::checks),
    (Group::Stack, "health-path", health::path),
    (Group::Stack, "orphans", orphans::judge),
];

/// Looks at everything and judges it.
///
/// # Errors
/// When the spec is none that could be deployed.
pub async fn examine(patient: &Patient<'_>) -> Result<Report, SpecError> {
    // a stack that is only flown needs no image
    let mut spec = patient.spec.clone();
    if spec.app.image.is_empty() {
        spec.app.image = "none".into();
    }
    let graph = super::stack::graph(&spec)?;
    Ok(judge(&findings::look(patient, &graph).await, patient.spec))
}

/// What the findings mean.
pub fn judge(findings: &Findings, spec: &Spec) -> Report {
    let mut report = Report::default();
    for (group, check, judge) in BEFORE {
        report.add(group, check, judge(findings, spec));
    }
    let mut deployed = Finding::fine("nothing of it stands yet: `tandem plan` tells what an apply would make");
    match findings.stands() {
        Some(true) => {
            for (group, check, judge) in STANDING {
                report.add(group, check, judge(findings, spec));
            }
            return report;
        }
        Some(false) => {}
        None => deployed.unknown("", "whether anything of the stack stands, no Region tells"),
    }
    report.add(Group::Stack, "deployed", deployed);
    report
}
