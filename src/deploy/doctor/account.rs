//! What keeps data: protection from deletion, and backups.

use super::findings::{Findings, Table};
use super::report::Finding;
use crate::model::spec::Spec;

/// Every table of the stack that was seen, with its Region.
fn tables(findings: &Findings) -> impl Iterator<Item = (&str, &Table)> {
    let sessions = findings.regions.iter().map(|region| (region.name.as_str(), &region.sessions));
    let control = findings.control.iter().map(|(region, table)| (region.as_str(), table));
    sessions.chain(control).filter_map(|(region, table)| Some((region, table.as_ref().ok()?.as_ref()?)))
}

fn name(table: &Table) -> &str {
    table.found.settings["TableName"].as_str().unwrap_or_default()
}

pub fn protection(findings: &Findings, spec: &Spec) -> Finding {
    let mut finding = Finding::fine("nobody deletes the database or a table by mistake");
    let apply = "`tandem apply` turns it on";
    let global = findings.regions.iter().find_map(|region| region.global.as_ref().ok()?.as_ref());
    if global.is_some_and(|global| !global.protected) {
        let what = format!("{} is not protected from deletion", spec.stack.global_cluster());
        finding.ill("", what, apply);
    }
    for region in &findings.regions {
        let Some(seen) = finding.seen(&region.name, &region.cluster) else { continue };
        if seen.exists && seen.is["DeletionProtection"] != true {
            let id = seen.is["DBClusterIdentifier"].as_str().unwrap_or_default();
            finding.ill(&region.name, format!("{id} is not protected from deletion: one call can delete it"), apply);
        }
    }
    for (region, table) in tables(findings).filter(|(_, table)| table.found.tells() && !table.found.protected) {
        let what = format!("the table {} is not protected from deletion: one call can delete it", name(table));
        finding.ill(region, what, apply);
    }
    finding
}

pub fn backups(findings: &Findings, spec: &Spec) -> Finding {
    let wanted = u64::from(spec.database.backup_days);
    let mut finding =
        Finding::fine(format!("the database's are kept {wanted} days, and the sessions can go back in time"));
    for region in &findings.regions {
        let Some(seen) = finding.seen(&region.name, &region.cluster).filter(|seen| seen.exists) else { continue };
        let days = seen.is["BackupRetentionPeriod"].as_u64().unwrap_or(0);
        if days < wanted {
            let id = seen.is["DBClusterIdentifier"].as_str().unwrap_or_default();
            let what = format!("{id} keeps backups {days} days, and the file says {wanted}: what is older is lost");
            finding.ill(&region.name, what, "`tandem apply` sets [database] backup_days");
        }
    }
    for (region, table) in
        tables(findings).filter(|(_, table)| !table.recovery && name(table) == spec.stack.sessions_table())
    {
        let what = format!("the table {} cannot be restored to a point in time", name(table));
        finding.ill(region, what, "`tandem apply` turns point-in-time recovery on");
    }
    finding
}
