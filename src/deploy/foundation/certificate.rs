//! `<stack>-certificate`: what the load balancer of a Region shows for the stack's names. CloudFormation writes the
//! records that prove them into the zone and is done when ACM has issued it; it leaves the records there when the
//! stack goes (Template Reference, AWS::CertificateManager::Certificate).

use super::mistake::Mistakes;
use super::site::Site;
use super::template::{Document, Template, Value, reference, stack_tags, tags};
use crate::model::records::Tree;
use serde_json::json;
use std::time::Duration;

pub(super) const CERTIFICATE: &str = "CertificateArn";
const ZONE: &str = "HostedZoneId";

/// Assumed: records are found within minutes where the zone is the one that the world asks.
const ISSUED: Duration = Duration::from_secs(3 * 60);

/// The certificate stack of a Region, for the names that its load balancer is called by.
///
/// # Errors
/// All that is wrong with the site, or that the Region is not one of its own.
pub fn certificate(site: &Site, region: &str, tree: &Tree) -> Result<Template, Mistakes> {
    let checked = site.checked()?;
    let place = checked.region(region)?;
    let name = site.certificate_stack();
    let mut document = Document::new(format!("Tandem: the certificate of {} in {}", site.stack, place.region));
    document.parameter(
        ZONE,
        json!({
            "Type": "String",
            "AllowedPattern": "[0-9A-Z]{1,32}",
            "Description": format!("The hosted zone of {}", tree.policy),
        }),
    );
    let names = tree.names(region);
    let proven = |name: &String| json!({ "DomainName": name, "HostedZoneId": reference(ZONE) });
    document.add(
        "Certificate",
        "AWS::CertificateManager::Certificate",
        json!({
            "DomainName": names[0],
            "SubjectAlternativeNames": names[1..],
            "ValidationMethod": "DNS",
            "DomainValidationOptions": names.iter().map(proven).collect::<Vec<_>>(),
            "Tags": tags(site, "certificate"),
        }),
    );
    document.output(CERTIFICATE, reference("Certificate"));
    Ok(Template {
        body: document.body(&name)?,
        name,
        region: region.into(),
        parameters: [(ZONE.to_string(), Value::HostedZone)].into(),
        tags: stack_tags(site),
        capabilities: vec![],
        expected: ISSUED,
    })
}
