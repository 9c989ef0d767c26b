//! Certificates of AWS Certificate Manager. One is issued when the world finds, below each of its names, the record
//! that proves whose it is (ACM User Guide, DNS validation). CloudFormation writes these records into the zones that
//! the template names, and leaves them there (Template Reference, AWS::CertificateManager::Certificate).

use super::{Made, Order};
use crate::doc::Doc;
use crate::geo::PLACES;
use crate::world::cloudformation::estate::Thing;
use crate::world::cloudformation::failure::Failure;
use crate::world::dns::record::{RecordSet, RrType};
use crate::world::dns::{RecordData, RecordType, names, resolve, zones};
use crate::world::{ACCOUNT, World, hex_id, uuid};
use serde_json::json;
use std::collections::BTreeSet;

pub(super) const KIND: &str = "AWS::CertificateManager::Certificate";

/// The longest DomainName: it is the common name too (ACM API Reference, RequestCertificate).
const LONGEST: usize = 64;

/// Seconds that the record may be remembered, as ACM's own records have it (recalled).
const TTL_S: i64 = 300;

/// The record below a name: the same for every certificate of the account that has the name.
fn proof(name: &str) -> (String, String) {
    let bare = name.trim_end_matches('.').trim_start_matches("*.").to_ascii_lowercase();
    let hash = |salt: &str, length| hex_id(&["acm", salt, ACCOUNT, &bare], length);
    let value = format!("_{}.{}.acm-validations.aws.", hash("value", 32), hash("suffix", 10));
    (format!("_{}.{bare}.", hash("name", 32)), value)
}

fn names_of<'a>(first: &'a str, more: impl Iterator<Item = &'a str>) -> BTreeSet<&'a str> {
    std::iter::once(first).chain(more).collect()
}

pub(super) fn certificate(world: &mut World, order: &Order<'_>) -> Result<Made, Failure> {
    let first = order.text("DomainName");
    if first.len() > LONGEST {
        let message = format!("The first domain name can have at most {LONGEST} characters: {first}");
        return Err(Failure::Service { service: "Acm", status: 400, message, code: "InvalidRequest" });
    }
    let mut notes = vec![];
    if order.text("ValidationMethod") == "DNS" {
        let options = order.properties.get("DomainValidationOptions").and_then(Doc::as_array);
        for name in names_of(first, order.texts("SubjectAlternativeNames").into_iter()) {
            let (record, value) = proof(name);
            notes.push(format!("Content of DNS Record is: {{Name: {record},Type: CNAME,Value: {value}}}"));
            let named = |option: &&Doc| option["DomainName"].as_str() == Some(name);
            let option = options.into_iter().flatten().find(named);
            if let Some(zone) = option.and_then(|option| option["HostedZoneId"].as_str()) {
                fits(world, zone, &record)?;
                zones::put(world, zone, RecordSet::plain(&record, RrType::Cname, TTL_S, vec![value]));
            }
        }
    }
    let id = uuid(&["certificate", order.stack_id, order.logical, &order.serial.to_string()]);
    let arn = format!("arn:aws:acm:{}:{ACCOUNT}:certificate/{id}", order.region);
    let made = Made::new(arn.clone(), [("CertificateArn", json!(arn)), ("Id", json!(arn))]);
    Ok(Made { notes, ..made })
}

/// Whether the zone is there and takes the record.
fn fits(world: &World, zone: &str, record: &str) -> Result<(), Failure> {
    let route53 = |status, message, code| Err(Failure::Service { service: "Route53", status, message, code });
    match world.dns.zones.get(zone) {
        None => route53(404, format!("No hosted zone found with ID: {zone}"), "NotFound"),
        Some(found) if !names::within(record, &found.name) => {
            let zone = &found.name;
            route53(400, format!("RRSet with DNS name {record} is not permitted in zone {zone}"), "InvalidRequest")
        }
        Some(_) => Ok(()),
    }
}

/// Whether all of its names were proven.
pub(super) fn issued(world: &World, region: &str, arn: &str) -> bool {
    let Some(thing) = world.cloudformation.estate.get(region, KIND, arn) else { return true };
    let proven = |name: &str| {
        let (record, value) = proof(name);
        let found = resolve(world, &record, RecordType::Cname, &PLACES[0], 0.0);
        found.records.iter().any(|one| one.data == RecordData::Cname(value.clone()))
    };
    thing.text("ValidationMethod") == "DNS"
        && names_of(thing.text("DomainName"), thing.texts("SubjectAlternativeNames")).into_iter().all(proven)
}

/// Refuses while a listener has it.
pub(super) fn spare(world: &World, thing: &Thing) -> Result<(), Failure> {
    let listeners = world.elb.get(&thing.place).into_iter().flat_map(|elb| elb.load_balancers.values());
    let mut listeners = listeners.flat_map(|balancer| balancer.listeners.values());
    if listeners.any(|listener| listener.certificate.as_deref() == Some(&thing.id)) {
        let message = format!("Certificate {} in account {ACCOUNT} is in use.", thing.id);
        return Err(Failure::Service { service: "Acm", status: 400, message, code: "ResourceConflict" });
    }
    Ok(())
}
