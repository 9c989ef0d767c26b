//! Record sets as what was seen and what is wanted have them: with AWS's names, and spelt in one way.

use crate::model::call::record;
use crate::model::records::{Alias, RecordSet, Routing};
use serde_json::Value;

/// What is a record's own in its zone: its name, and what tells it from others with that name.
pub fn key(set: &RecordSet) -> String {
    format!("{}|{}", set.name, set.set_identifier.as_deref().unwrap_or_default())
}

/// Names as Route 53 compares them: in lower case, without the last dot.
pub fn plain(set: &RecordSet) -> RecordSet {
    let plain = |name: &str| name.trim_end_matches('.').to_ascii_lowercase();
    let alias = set.alias.as_ref().map(|alias| Alias { dns_name: plain(&alias.dns_name), ..alias.clone() });
    RecordSet { name: plain(&set.name), alias, ..set.clone() }
}

/// With AWS's names; a routing policy that is not written here has none.
pub fn members(set: &RecordSet) -> Value {
    record(set)
}

/// An alias that evaluates its target's health.
pub fn alias(name: String, routing: Routing, zone: &str, target: &str) -> RecordSet {
    let alias = Alias { dns_name: target.into(), zone_id: zone.into(), evaluate_target_health: true };
    let set = RecordSet {
        name,
        kind: "A".into(),
        set_identifier: None,
        routing,
        alias: Some(alias),
        ttl_s: None,
        values: vec![],
        health_check: None,
    };
    plain(&set)
}

/// What [`members`] was made of; `None` for what is no record that is written here.
pub fn read(members: &Value) -> Option<RecordSet> {
    let text = |name: &str| members[name].as_str().map(String::from);
    let set_identifier = text("SetIdentifier");
    let place = &members["GeoLocation"];
    let routing = if let Some(weight) = members["Weight"].as_i64() {
        Routing::Weighted(weight)
    } else if let Some(region) = text("Region") {
        Routing::Latency(region)
    } else if place.is_object() {
        let code = |name: &str| place[name].as_str().map(String::from);
        Routing::Geolocation { continent: code("ContinentCode"), country: code("CountryCode") }
    } else if set_identifier.is_none() {
        Routing::Simple
    } else {
        return None;
    };
    let target = &members["AliasTarget"];
    let alias = target.as_object().and_then(|_| {
        Some(Alias {
            dns_name: target["DNSName"].as_str()?.into(),
            zone_id: target["HostedZoneId"].as_str()?.into(),
            evaluate_target_health: target["EvaluateTargetHealth"].as_bool()?,
        })
    });
    let values = members["ResourceRecords"].as_array().into_iter().flatten();
    Some(RecordSet {
        name: text("Name")?,
        kind: text("Type")?,
        set_identifier,
        routing,
        alias,
        ttl_s: members["TTL"].as_i64(),
        values: values.filter_map(|value| value["Value"].as_str().map(String::from)).collect(),
        health_check: text("HealthCheckId"),
    })
}

/// Whether it reads as the name of a Region: `us-east-1`.
pub fn is_region(word: &str) -> bool {
    let parts: Vec<&str> = word.split('-').collect();
    let [country, middle @ .., number] = &parts[..] else { return false };
    let letters = |part: &&str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase());
    letters(country) && !middle.is_empty() && middle.iter().all(letters) && number.parse::<u8>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_reads_as_it_was_written() {
        let alias = alias("EU-west-1.app.example.com.".into(), Routing::Weighted(25), "Z1", "Shop.ELB.amazonaws.com.");
        assert_eq!(alias.alias.as_ref().unwrap().dns_name, "shop.elb.amazonaws.com");
        let geo = |continent: Option<&str>, country: Option<&str>| Routing::Geolocation {
            continent: continent.map(String::from),
            country: country.map(String::from),
        };
        for routing in [Routing::Latency("eu-west-1".into()), geo(Some("EU"), None), geo(None, Some("*"))] {
            let set = RecordSet {
                set_identifier: Some("x".into()),
                health_check: Some("hc".into()),
                routing,
                ..alias.clone()
            };
            assert_eq!(read(&members(&set)), Some(set));
        }
        let plain = RecordSet {
            routing: Routing::Simple,
            alias: None,
            ttl_s: Some(60),
            values: vec!["192.0.2.1".into()],
            ..alias
        };
        assert_eq!(read(&members(&plain)), Some(plain.clone()));
        let other = RecordSet { routing: Routing::Other, set_identifier: Some("x".into()), ..plain };
        assert_eq!(read(&members(&other)), None);
    }

    #[test]
    fn regions_are_told_from_other_words() {
        for region in ["us-east-1", "ap-southeast-2", "us-gov-west-1"] {
            assert!(is_region(region), "{region}");
        }
        for other in ["", "app", "rest-us", "blue-1", "geo-eu", "US-east-1", "us-east-"] {
            assert!(!is_region(other), "{other}");
        }
    }
}
