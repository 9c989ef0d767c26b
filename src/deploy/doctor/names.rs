//! The hosted zone: whether it is there, whether the world is sent to it, and whether it can be changed when us-east-1
//! cannot.

use super::findings::Findings;
use super::report::Finding;
use crate::model::spec::Spec;
use crate::probe::ProbeError;

pub fn zone(findings: &Findings, spec: &Spec) -> Finding {
    let name = &spec.stack.zone;
    let mut finding = Finding::fine(format!("{name} is a public hosted zone of the account"));
    match finding.seen("", &findings.zones).map(Vec::as_slice) {
        Some([]) => finding.ill(
            "",
            format!("{name} is no public hosted zone of this account: no name can be made"),
            "Create it with `aws route53 create-hosted-zone`, or correct [dns] zone",
        ),
        Some([_, _, ..]) => finding.ill(
            "",
            format!("several public hosted zones are called {name}: which one is right nobody can tell"),
            "Keep the one that the registrar names, and delete the others",
        ),
        _ => {}
    }
    finding
}

pub fn delegation(findings: &Findings, spec: &Spec) -> Finding {
    let name = &spec.stack.zone;
    let mut finding = Finding::fine(format!("the world is sent to Route 53 for {name}"));
    let Some(Some(zone)) = finding.seen("", &findings.zone) else {
        // without one zone there is nothing to be sent to, and that is told already
        return if findings.zone.is_ok() { Finding::fine("") } else { finding };
    };
    let servers = zone.servers.join(", ");
    let todo = format!("Name these at the registrar, or in the parent zone: {servers}");
    match &findings.delegation {
        Ok(told) if *told == zone.servers => {}
        Ok(told) => {
            let what = format!(
                "the world is told other name servers of {name} ({}): it does not see the stack's names",
                told.join(", ")
            );
            finding.ill("", what, todo);
        }
        Err(ProbeError::Dns(why)) if why.contains(name.as_str()) => {
            finding.ill("", format!("{why}: the world does not see the stack's names"), todo);
        }
        Err(error) => finding.unknown("", error.to_string()),
    }
    finding
}

/// Accelerated recovery gives Route 53's changes another home within some 60 minutes of the loss of us-east-1 (Route 53
/// Developer Guide). Evacuations need none.
pub fn recovery(findings: &Findings, _: &Spec) -> Finding {
    let mut finding = Finding::fine("accelerated recovery is on");
    let Some(zone) = finding.seen("", &findings.zone) else { return finding };
    let status = zone.as_ref().and_then(|zone| zone.recovery.as_deref());
    if zone.is_none() {
        return Finding::fine("");
    }
    if status != Some("ENABLED") {
        let is = status.map_or("off".to_string(), |status| format!("in state {status}"));
        let what = format!(
            "accelerated recovery is {is}: without us-east-1 no record can be changed, though Regions can be evacuated"
        );
        let id = findings.zones.as_ref().ok().and_then(|zones| zones.first()).map_or("ID", String::as_str);
        let todo =
            format!("aws route53 update-hosted-zone-features --enable-accelerated-recovery --hosted-zone-id {id}");
        let mut advised = Finding::fine("");
        advised.advise("", what, todo);
        return advised;
    }
    finding
}
