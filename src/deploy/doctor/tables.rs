//! The control table and the sessions: their replicas, and what ends sessions.

use super::findings::{Findings, Looked, Table};
use super::report::Finding;
use crate::cloud::look::dynamodb::ACTIVE;
use crate::model::spec::Spec;

pub fn control(findings: &Findings, spec: &Spec) -> Finding {
    let name = spec.stack.control_table();
    let all: Vec<(&str, &Looked<Option<Table>>)> =
        findings.control.iter().map(|(region, table)| (region.as_str(), table)).collect();
    let meaning = "with fewer than three replicas the loss of one more Region stops every operation";
    let mut finding = Finding::fine(format!("{name} is active in {}", spec.control_regions.join(", ")));
    replicas(&mut finding, &name, &all, meaning);
    let told = all.iter().filter_map(|(region, table)| Some((region, table.as_ref().ok()?.as_ref()?)));
    for (region, table) in told.filter(|(_, table)| table.found.tells()) {
        if table.found.consistency != "STRONG" {
            let what = format!("{name} is not strongly consistent: two operators could hold one lease");
            finding.ill(region, what, "Delete the table when no operation runs, and let `tandem apply` make it anew");
            break;
        }
    }
    finding
}

pub fn sessions(findings: &Findings, spec: &Spec) -> Finding {
    let name = spec.stack.sessions_table();
    let all: Vec<(&str, &Looked<Option<Table>>)> =
        findings.regions.iter().map(|region| (region.name.as_str(), &region.sessions)).collect();
    let mut finding = Finding::fine(format!("{name} is active in every Region"));
    replicas(&mut finding, &name, &all, "users who are sent to the Region are signed out, or cannot sign in");
    let told = all.iter().filter_map(|(_, table)| table.as_ref().ok()?.as_ref());
    for other in told.flat_map(|table| table.found.replicas.keys()) {
        if !spec.region_names().any(|known| known == other) {
            let what = format!(
                "{name} has a replica there, and the file does not name the Region: it costs, and nobody reads it"
            );
            finding.ill(other, what, "Add the Region as [[regions]], or delete the replica with UpdateTable");
        }
    }
    finding
}

/// Each Region has the table, itself and as each other tells it.
fn replicas(finding: &mut Finding, name: &str, all: &[(&str, &Looked<Option<Table>>)], meaning: &str) {
    let told: Vec<(&str, &Table)> =
        all.iter().filter_map(|(region, table)| Some((*region, table.as_ref().ok()?.as_ref()?))).collect();
    for (region, looked) in all {
        // how the others tell it, when the Region itself says that all is well, or nothing
        let others = told.iter().filter(|(other, _)| other != region);
        let seen = others.map(|(_, table)| table.found.replicas.get(*region).map(String::as_str));
        let odd = seen.map(|status| status.unwrap_or("missing")).find(|status| *status != ACTIVE);
        let status = match finding.seen(region, looked) {
            Some(None) => Some("missing"),
            Some(Some(table)) if table.found.status != ACTIVE => Some(table.found.status.as_str()),
            _ => odd,
        };
        if let Some(status) = status {
            let what = format!("the replica of {name} is {status}: {meaning}");
            finding.ill(
                region,
                what,
                "While it is CREATING or UPDATING, wait; else `tandem plan` tells, and `tandem apply` makes it",
            );
        }
    }
}

pub fn ttl(findings: &Findings, spec: &Spec) -> Finding {
    let (name, wanted) = (spec.stack.sessions_table(), &spec.sessions.ttl_attribute);
    let mut finding = Finding::fine(format!("sessions end by {wanted}"));
    for region in &findings.regions {
        let Some(Some(table)) = finding.seen(&region.name, &region.sessions) else { continue };
        let ttl = &table.ttl;
        if !matches!(ttl.status.as_str(), "ENABLED" | "ENABLING") {
            let what = format!("{name} never deletes sessions that have ended: the table grows for ever");
            finding.ill(&region.name, what, format!("`tandem apply` turns time to live on, by {wanted}"));
        } else if !ttl.attribute.is_empty() && ttl.attribute != *wanted {
            let what = format!("{name} ends sessions by {}, and the file says {wanted}", ttl.attribute);
            finding.ill(&region.name, what, "Correct [sessions] ttl_attribute, or the table: one attribute at a time");
        }
    }
    finding
}
