//! TestDNSAnswer.

use super::{invalid, zones};
use crate::geo;
use crate::operation::{Answer, Caller};
use crate::world::World;
use crate::world::dns::answer::Value;
use crate::world::dns::record::RrType;
use crate::world::dns::{ResponseCode, answer_in_zone, names};
use serde::{Deserialize, Serialize};
use std::net::{IpAddr, Ipv4Addr};

#[derive(Deserialize)]
pub struct Test {
    hostedzoneid: String,
    recordname: String,
    recordtype: RrType,
    resolverip: Option<String>,
    edns0clientsubnetip: Option<String>,
}

#[derive(Serialize)]
pub struct Tested {
    Nameserver: String,
    RecordName: String,
    RecordType: RrType,
    RecordData: Vec<String>,
    ResponseCode: &'static str,
    Protocol: &'static str,
}

pub fn test(world: &mut World, _: &Caller, ask: Test) -> Answer<Tested> {
    let roll = world.chance.dns.unit();
    let zone = zones::find(world, &ask.hostedzoneid)?;
    let name = names::normal(&ask.recordname).into_owned();
    if zone.vpc.is_some() {
        return Err(invalid("TestDNSAnswer supports public hosted zones only."));
    }
    if !names::within(&name, &zone.name) {
        return Err(invalid(format!("The record name {name} is not in the hosted zone {}.", zone.name)));
    }
    // without an address AWS asks as a resolver in us-east-1 does
    let from = match ask.edns0clientsubnetip.as_deref().or(ask.resolverip.as_deref()).filter(|ip| !ip.is_empty()) {
        None => IpAddr::V4(Ipv4Addr::UNSPECIFIED),
        Some(text) => text.parse().map_err(|_| invalid(format!("{text} is not a valid IP address.")))?,
    };
    let found = answer_in_zone(world, &zone.id, &name, ask.recordtype, geo::place_of(from), roll);
    let (code, records) = found.map_or((ResponseCode::Refused, vec![]), |found| (found.code, found.records));
    let kind = records.first().map_or(ask.recordtype, |record| record.kind);
    let data = records.into_iter().map(|record| match record.value {
        Value::Address(ip) => ip.to_string(),
        Value::Text(text) => text,
    });
    Ok(Tested {
        Nameserver: names::name_servers(&zone.id).swap_remove(0),
        RecordName: name,
        RecordType: kind,
        RecordData: data.collect(),
        ResponseCode: match code {
            ResponseCode::NoError => "NOERROR",
            ResponseCode::NxDomain => "NXDOMAIN",
            ResponseCode::Refused => "REFUSED",
        },
        Protocol: "UDP",
    })
}
