//! Hosted zones.

use super::changes::{self, ChangeInfo, Changed};
use super::{bare, invalid, no_such_zone, page_size};
use crate::operation::{Answer, Caller, Refusal};
use crate::world::World;
use crate::world::dns::names;
use crate::world::dns::record::RrType;
use crate::world::dns::zones::{self, Zone};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The most zones in one answer (botocore, ListHostedZones).
const PAGE: usize = 100;

#[derive(Deserialize)]
pub struct Create {
    Name: String,
    CallerReference: String,
    VPC: Option<Vpc>,
    HostedZoneConfig: Option<AskedConfig>,
    DelegationSetId: Option<String>,
}

#[derive(Deserialize)]
struct AskedConfig {
    Comment: Option<String>,
    PrivateZone: Option<bool>,
}

#[derive(Serialize, Deserialize)]
struct Vpc {
    VPCRegion: Option<String>,
    VPCId: Option<String>,
}

#[derive(Serialize)]
struct HostedZone {
    Id: String,
    Name: String,
    CallerReference: String,
    Config: Config,
    ResourceRecordSetCount: usize,
}

#[derive(Serialize)]
struct Config {
    Comment: Option<String>,
    PrivateZone: bool,
}

#[derive(Serialize)]
struct DelegationSet {
    NameServers: Vec<String>,
}

#[derive(Serialize)]
pub struct Created {
    HostedZone: HostedZone,
    ChangeInfo: ChangeInfo,
    DelegationSet: DelegationSet,
    VPC: Option<Vpc>,
    Location: String,
}

pub fn create(world: &mut World, _: &Caller, ask: Create) -> Answer<Created> {
    let name = names::normal(&ask.Name).into_owned();
    let config = ask.HostedZoneConfig.unwrap_or(AskedConfig { Comment: None, PrivateZone: None });
    if !names::plausible(&name) {
        return Err(Refusal::new(400, "InvalidDomainName", format!("The domain name '{}' is not valid.", ask.Name)));
    }
    if ask.VPC.is_none() && name.matches('.').count() < 2 {
        return Err(Refusal::new(400, "InvalidDomainName", format!("{name} is reserved by AWS!")));
    }
    if !(1..=128).contains(&ask.CallerReference.len()) {
        return Err(invalid("Invalid parameter: CallerReference must have 1 to 128 characters."));
    }
    if config.PrivateZone.unwrap_or(ask.VPC.is_some()) != ask.VPC.is_some() {
        return Err(invalid(
            "When you're creating a private hosted zone, you must specify Comment or PrivateZone, and VPC.",
        ));
    }
    if ask.DelegationSetId.is_some() {
        let why = "A reusable delegation set with the specified ID does not exist.";
        return Err(Refusal::new(400, "NoSuchDelegationSet", why));
    }
    if world.dns.zones.values().any(|zone| zone.caller_reference == ask.CallerReference) {
        let why = format!(
            "A hosted zone has already been created with the specified caller reference: {}",
            ask.CallerReference
        );
        return Err(Refusal::new(409, "HostedZoneAlreadyExists", why));
    }
    let zone = Zone {
        id: names::zone_id(&ask.CallerReference, &name),
        name,
        caller_reference: ask.CallerReference,
        comment: config.Comment.filter(|comment| !comment.is_empty()),
        vpc: ask.VPC.map(|vpc| (vpc.VPCRegion.unwrap_or_default(), vpc.VPCId.unwrap_or_default())),
        order: 0,
        records: BTreeMap::new(),
        tags: BTreeMap::new(),
    };
    let (id, change) = zones::make(world, zone);
    let zone = find(world, &id)?;
    Ok(Created {
        HostedZone: describe(zone),
        ChangeInfo: changes::info(world, &change)?,
        DelegationSet: DelegationSet { NameServers: names::name_servers(&id) },
        VPC: vpc(zone),
        Location: format!("https://route53.amazonaws.com/2013-04-01/hostedzone/{id}"),
    })
}

#[derive(Deserialize)]
pub struct Get {
    Id: String,
}

#[derive(Serialize)]
pub struct Got {
    HostedZone: HostedZone,
    DelegationSet: Option<DelegationSet>,
    VPCs: Option<Vec<Vpc>>,
}

pub fn get(world: &mut World, _: &Caller, ask: Get) -> Answer<Got> {
    let zone = find(world, &ask.Id)?;
    let public = zone.vpc.is_none();
    Ok(Got {
        HostedZone: describe(zone),
        DelegationSet: public.then(|| DelegationSet { NameServers: names::name_servers(&zone.id) }),
        VPCs: vpc(zone).map(|vpc| vec![vpc]),
    })
}

pub fn find<'a>(world: &'a World, id: &str) -> Answer<&'a Zone> {
    world.dns.zones.get(bare(id)).ok_or_else(|| no_such_zone(id))
}

fn describe(zone: &Zone) -> HostedZone {
    HostedZone {
        Id: format!("/hostedzone/{}", zone.id),
        Name: zone.name.clone(),
        CallerReference: zone.caller_reference.clone(),
        Config: Config { Comment: zone.comment.clone(), PrivateZone: zone.vpc.is_some() },
        ResourceRecordSetCount: zone.records.len(),
    }
}

fn vpc(zone: &Zone) -> Option<Vpc> {
    let (region, id) = zone.vpc.clone()?;
    Some(Vpc { VPCRegion: Some(region), VPCId: Some(id) })
}

#[derive(Deserialize)]
pub struct List {
    marker: Option<String>,
    maxitems: Option<String>,
    delegationsetid: Option<String>,
    hostedzonetype: Option<String>,
}

#[derive(Serialize)]
pub struct Listed {
    HostedZones: Vec<HostedZone>,
    Marker: String,
    IsTruncated: bool,
    NextMarker: Option<String>,
    MaxItems: String,
}

pub fn list(world: &mut World, _: &Caller, ask: List) -> Answer<Listed> {
    let size = page_size(ask.maxitems.as_deref(), PAGE)?;
    if ask.delegationsetid.is_some_and(|id| !id.is_empty()) {
        let why = "A reusable delegation set with the specified ID does not exist.";
        return Err(Refusal::new(400, "NoSuchDelegationSet", why));
    }
    let private = ask.hostedzonetype.as_deref() == Some("PrivateHostedZone");
    let marker = ask.marker.unwrap_or_default();
    let mut rest = world.dns.zones.range(bare(&marker).to_string()..).map(|(_, zone)| zone);
    let mut rest = rest.by_ref().filter(|zone| !private || zone.vpc.is_some());
    let zones: Vec<HostedZone> = rest.by_ref().take(size).map(describe).collect();
    let next = rest.next().map(|zone| zone.id.clone());
    Ok(Listed {
        HostedZones: zones,
        IsTruncated: next.is_some(),
        NextMarker: next,
        Marker: marker,
        MaxItems: size.to_string(),
    })
}

#[derive(Deserialize)]
pub struct ListByName {
    dnsname: Option<String>,
    hostedzoneid: Option<String>,
    maxitems: Option<String>,
}

#[derive(Serialize)]
pub struct ListedByName {
    HostedZones: Vec<HostedZone>,
    DNSName: Option<String>,
    HostedZoneId: Option<String>,
    IsTruncated: bool,
    NextDNSName: Option<String>,
    NextHostedZoneId: Option<String>,
    MaxItems: String,
}

pub fn list_by_name(world: &mut World, _: &Caller, ask: ListByName) -> Answer<ListedByName> {
    let size = page_size(ask.maxitems.as_deref(), PAGE)?;
    if ask.hostedzoneid.is_some() && ask.dnsname.is_none() {
        return Err(invalid("The hostedzoneid parameter requires the dnsname parameter."));
    }
    let from = ask.dnsname.as_deref().map(|name| names::reversed(&names::normal(name))).unwrap_or_default();
    let from = (from, bare(ask.hostedzoneid.as_deref().unwrap_or_default()).to_string());
    let mut zones: Vec<_> =
        world.dns.zones.values().map(|zone| ((names::reversed(&zone.name), zone.id.clone()), zone)).collect();
    zones.sort_by(|a, b| a.0.cmp(&b.0));
    let mut rest = zones.into_iter().filter(|(key, _)| *key >= from).map(|(_, zone)| zone);
    let page: Vec<HostedZone> = rest.by_ref().take(size).map(describe).collect();
    let next = rest.next();
    Ok(ListedByName {
        HostedZones: page,
        DNSName: ask.dnsname,
        HostedZoneId: ask.hostedzoneid,
        IsTruncated: next.is_some(),
        NextDNSName: next.map(|zone| zone.name.clone()),
        NextHostedZoneId: next.map(|zone| zone.id.clone()),
        MaxItems: size.to_string(),
    })
}

pub fn delete(world: &mut World, _: &Caller, ask: Get) -> Answer<Changed> {
    let zone = find(world, &ask.Id)?;
    let required = |name: &str, kind| name == zone.name && matches!(kind, RrType::Ns | RrType::Soa);
    if zone.records.values().any(|set| !required(&set.Name, set.Type)) {
        let why = "The specified hosted zone contains non-required resource record sets and so cannot be deleted.";
        return Err(Refusal::new(400, "HostedZoneNotEmpty", why));
    }
    let id = zone.id.clone();
    let change = zones::delete(world, &id);
    changes::changed(world, &change)
}
