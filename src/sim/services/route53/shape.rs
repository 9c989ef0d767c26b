//! What can be told of a record set without looking at its zone: InvalidInput, in AWS's words where a
//! public page shows them (`Invalid request: ...`), else recalled.

use super::invalid;
use crate::geo;
use crate::operation::{Answer, Refusal};
use crate::world::dns::record::{GeoLocation, RecordSet, RrType};

/// What can be told of a change without looking at the zone.
pub fn right(action: &str, set: &RecordSet, place: usize) -> Answer<()> {
    let identifier = set.SetIdentifier.as_deref().unwrap_or("null");
    let change = format!(
        "Change with [Action={action}, Name={}, Type={}, SetIdentifier={identifier}]",
        set.Name,
        set.Type.name()
    );
    let member = format!("changeBatch.changes.{place}.member.resourceRecordSet");
    let bounds = |value: i64, name: &str, most: i64| {
        let side =
            if value < 0 { "greater than or equal to 0".into() } else { format!("less than or equal to {most}") };
        let fine = (0..=most).contains(&value);
        if fine {
            Ok(())
        } else {
            Err(constraint(&value.to_string(), &format!("{member}.{name}"), &format!("have value {side}")))
        }
    };
    for (given, name) in [
        (&set.TrafficPolicyInstanceId, "TrafficPolicyInstanceId"),
        (&set.CidrRoutingConfig, "CidrRoutingConfig"),
        (&set.GeoProximityLocation, "GeoProximityLocation"),
    ] {
        if given.is_some() {
            return Err(invalid(format!("Invalid request: {name} is not supported in {change}")));
        }
    }
    match (set.SetIdentifier.is_some(), set.policies()) {
        (true, 0) => {
            return Err(invalid(format!(
                "Invalid request: Expected exactly one of [Weight, Region, Failover, GeoLocation, or MultiValueAnswer], but found none in {change}"
            )));
        }
        (_, 2..) => {
            return Err(invalid(format!(
                "Invalid request: Expected exactly one of [Weight, Region, Failover, GeoLocation, or MultiValueAnswer], but found more than one in {change}"
            )));
        }
        (false, 1) => return Err(invalid(format!("Invalid request: Missing field 'SetIdentifier' in {change}"))),
        _ => {}
    }
    let data = "Expected exactly one of [AliasTarget, all of [TTL, and ResourceRecords], or TrafficPolicyInstanceId]";
    match (&set.AliasTarget, &set.ResourceRecords, set.TTL) {
        (None, None, _) => return Err(invalid(format!("Invalid request: {data}, but found none in {change}"))),
        (Some(_), Some(_), _) | (Some(_), _, Some(_)) => {
            return Err(invalid(format!("Invalid request: {data}, but found more than one in {change}")));
        }
        (None, Some(_), None) => return Err(invalid(format!("Invalid request: Missing field 'TTL' in {change}"))),
        _ => {}
    }
    set.Weight.map_or(Ok(()), |weight| bounds(weight, "weight", 255))?;
    set.TTL.map_or(Ok(()), |ttl| bounds(ttl, "tTL", 2_147_483_647))?;
    if let Some(region) = set.Region.as_deref().filter(|region| geo::region(region).is_none()) {
        let names: Vec<&str> = geo::REGIONS.iter().map(|region| region.name).collect();
        let allowed = format!("satisfy enum value set: [{}]", names.join(", "));
        return Err(constraint(region, &format!("{member}.region"), &allowed));
    }
    if let Some(role) = set.Failover.as_deref().filter(|role| !matches!(*role, "PRIMARY" | "SECONDARY")) {
        return Err(constraint(role, &format!("{member}.failover"), "satisfy enum value set: [PRIMARY, SECONDARY]"));
    }
    if set.MultiValueAnswer.is_some() && set.AliasTarget.is_some() {
        return Err(invalid(format!("Invalid request: MultiValueAnswer is not supported for an alias in {change}")));
    }
    if set.policies() > 0 && matches!(set.Type, RrType::Ns | RrType::Soa) {
        return Err(invalid(format!("Invalid request: a routing policy is not supported in {change}")));
    }
    set.GeoLocation.as_ref().map_or(Ok(()), |place| location(place, &change))
}

fn constraint(value: &str, member: &str, must: &str) -> Refusal {
    invalid(format!(
        "1 validation error detected: Value '{value}' at '{member}' failed to satisfy constraint: Member must {must}"
    ))
}

/// A continent, or a country, or a state of the US (botocore, GeoLocation).
fn location(place: &GeoLocation, change: &str) -> Answer<()> {
    let right = match (place.ContinentCode.as_deref(), place.CountryCode.as_deref(), place.SubdivisionCode.as_deref()) {
        (Some(continent), None, None) => ["AF", "AN", "AS", "EU", "OC", "NA", "SA"].contains(&continent),
        (None, Some(country), None) => {
            country == "*" || country.len() == 2 && country.bytes().all(|b| b.is_ascii_uppercase())
        }
        (None, Some(country), Some(_)) => country == "US",
        _ => false,
    };
    if right { Ok(()) } else { Err(invalid(format!("Invalid request: the geolocation is not valid in {change}"))) }
}
