//! Whether the account can use its Regions, and what is given for each of them.

use super::credentials::strange;
use super::findings::Findings;
use super::report::Finding;
use crate::model::spec::{Certificate, Spec};

pub fn judge(findings: &Findings, _: &Spec) -> Finding {
    let names: Vec<&str> = findings.regions.iter().map(|region| region.name.as_str()).collect();
    let mut finding = Finding::fine(format!("{} know the account", names.join(" and ")));
    let any = findings.regions.iter().any(|region| region.caller.is_ok());
    for region in &findings.regions {
        match &region.caller {
            Err(error) if strange(error) && any => {
                let name = &region.name;
                let what = "the account has not opted in to the Region: every call there is refused";
                let todo = format!("Enable it (it takes up to a day): aws account enable-region --region-name {name}");
                finding.ill(name, what, todo);
            }
            Err(error) => finding.unknown(&region.name, error.to_string()),
            Ok(_) => {}
        }
    }
    finding
}

/// A load balancer takes certificates of its own Region alone (Elastic Load Balancing User Guide, HTTPS listeners).
pub fn certificates(_: &Findings, spec: &Spec) -> Finding {
    let given = spec.regions.iter().filter(|site| site.certificate.is_some()).count();
    let mut finding = Finding::fine(match given {
        0 => "there is none: everything is asked over HTTP",
        _ => "each is of its Region; whether it is still valid is not looked at",
    });
    for site in &spec.regions {
        let Some(certificate) = &site.certificate else {
            if given > 0 {
                let todo = "Give every Region its own [[regions]] certificate, or none";
                finding.ill(&site.name, "other Regions have a certificate and this one has none", todo);
            }
            continue;
        };
        let Certificate::Given(arn) = certificate else { continue };
        let of = arn.split(':').nth(3).unwrap_or_default();
        if of != site.name {
            let what = format!("its certificate is of {of}: the load balancer here refuses it");
            let todo = format!("Ask ACM of {} for one, and put its ARN in [[regions]] certificate", site.name);
            finding.ill(&site.name, what, todo);
        }
    }
    finding
}
