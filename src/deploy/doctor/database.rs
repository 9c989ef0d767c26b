//! The global database: its members, their versions, and whether writes are forwarded.

use super::findings::Findings;
use super::report::Finding;
use crate::model::deploy::Seen;
use crate::model::spec::Spec;

/// The clusters that stand, with their Regions.
fn clusters(findings: &Findings) -> impl Iterator<Item = (&str, &Seen)> {
    let there = |region: &'_ super::findings::Region| region.cluster.as_ref().is_ok_and(|seen| seen.exists);
    findings
        .regions
        .iter()
        .filter(move |region| there(region))
        .filter_map(|region| region.cluster.as_ref().ok().map(|seen| (region.name.as_str(), seen)))
}

/// Notes the Regions whose cluster was not seen.
fn unseen(finding: &mut Finding, findings: &Findings) {
    findings.regions.iter().for_each(|region| {
        let _ = finding.seen(&region.name, &region.cluster);
    });
}

pub fn members(findings: &Findings, spec: &Spec) -> Finding {
    let name = spec.stack.global_cluster();
    let global = findings.regions.iter().find_map(|region| region.global.as_ref().ok()?.as_ref());
    let Some(global) = global else {
        let mut finding = Finding::fine("");
        findings.regions.iter().for_each(|region| {
            let _ = finding.seen(&region.name, &region.global);
        });
        if findings.regions.iter().any(|region| region.global.is_ok()) {
            let what = format!("there is no global database {name}: the stack is half made");
            finding.ill("", what, "Let `tandem apply` make it; with data in a snapshot, restore that first");
        }
        return finding;
    };
    let mut finding = Finding::fine(format!(
        "{name} has a member in every Region, and {} writes",
        global.writer.as_deref().unwrap_or("none")
    ));
    for (region, _) in &global.members {
        if !spec.region_names().any(|known| known == region) {
            let what = format!(
                "{name} has a member there, and the file does not name the Region: it costs, and is never a target"
            );
            finding.ill(region, what, "Add the Region as [[regions]], or remove the member from the global database");
        }
    }
    for known in spec.region_names() {
        if !global.members.iter().any(|(region, _)| region == known) {
            let what = format!("{name} has no member there: nothing can be failed over to the Region");
            finding.ill(known, what, "Let `tandem plan` tell why, and `tandem apply` make it");
        }
    }
    if global.writer.is_none() {
        finding.ill("", format!("no member of {name} writes"), "Fail over to a Region that stands: `f` in the console");
    }
    finding
}

pub fn parity(findings: &Findings, spec: &Spec) -> Finding {
    let version = |seen: &Seen| seen.is["EngineVersion"].as_str().unwrap_or_default().to_string();
    let all: Vec<(&str, String)> = clusters(findings).map(|(region, seen)| (region, version(seen))).collect();
    let writer = findings.regions.iter().find_map(|region| region.global.as_ref().ok()?.as_ref()?.writer.clone());
    // the writer's version counts; where it was not seen, the file's
    let wanted = all.iter().find(|(region, _)| Some(*region) == writer.as_deref()).map(|(_, version)| version.clone());
    let wanted = wanted.unwrap_or_else(|| spec.database.version.clone());
    let mut finding = Finding::fine(format!("every member runs {wanted}"));
    unseen(&mut finding, findings);
    for (region, version) in all.iter().filter(|(_, version)| *version != wanted) {
        let what = format!("its member runs {version} and the writer runs {wanted}: a switchover to it is refused");
        let todo = "Bring all members to one version: `tandem apply` upgrades one Region after another";
        finding.ill(region, what, todo);
    }
    finding
}

pub fn forwarding(findings: &Findings, _: &Spec) -> Finding {
    let mut finding = Finding::fine("every other member forwards writes to the one that writes");
    unseen(&mut finding, findings);
    for (region, seen) in clusters(findings) {
        let id = seen.is["DBClusterIdentifier"].as_str().unwrap_or_default();
        if seen.gift("role") != "alone" && seen.is["EnableGlobalWriteForwarding"] == false {
            let what = format!(
                "{id} does not forward writes: what users of the Region write fails while another Region writes"
            );
            let todo = format!(
                "aws rds modify-db-cluster --region {region} --db-cluster-identifier {id} --enable-global-write-forwarding, or `tandem apply`"
            );
            finding.ill(region, what, todo);
        }
    }
    finding
}
