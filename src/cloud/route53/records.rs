//! The hosted zone and its records.

use super::super::Aws;
use super::super::edge::{name, some_text, text};
use super::super::error::call_error;
use crate::model::outcome::{CallError, ErrorClass};
use crate::model::records::{Alias, RecordSet, Routing, Tree, same_name};
use crate::model::snapshot::Records;
use aws_sdk_route53::types::ResourceRecordSet;
use std::collections::BTreeMap;

/// Pages that are read before a list is taken to be endless.
const MOST_PAGES: usize = 100;

/// The id of the public hosted zone with this name.
///
/// # Errors
/// `NotFound` without one, `Conflict` with several; else as the call ends.
pub async fn zone(aws: &Aws, zone_name: &str) -> Result<String, CallError> {
    let mut found = zones(aws, zone_name).await?;
    match (found.pop(), found.len()) {
        (Some(one), 0) => Ok(one),
        (None, _) => Err(CallError::new(ErrorClass::NotFound, format!("no public hosted zone is called {zone_name}"))),
        (Some(last), _) => {
            found.push(last);
            let message = format!("several public hosted zones are called {zone_name}: {}", found.join(", "));
            Err(CallError::new(ErrorClass::Conflict, message))
        }
    }
}

/// The ids of all public hosted zones with this name.
///
/// # Errors
/// As the call ends.
pub async fn zones(aws: &Aws, zone_name: &str) -> Result<Vec<String>, CallError> {
    aws.0.route53_pace.turn().await;
    let call = aws.0.route53.reads.list_hosted_zones_by_name().dns_name(zone_name);
    let answer = call.send().await.map_err(call_error)?;
    let public = |zone: &&aws_sdk_route53::types::HostedZone| {
        same_name(zone.name(), zone_name) && !zone.config().is_some_and(|config| config.private_zone())
    };
    let found = answer.hosted_zones().iter().filter(public);
    Ok(found.map(|one| text(Some(one.id().trim_start_matches("/hostedzone/")))).collect())
}

/// The names of all public hosted zones of the account, without the last dot.
///
/// # Errors
/// As the calls end.
pub async fn public_zones(aws: &Aws) -> Result<Vec<String>, CallError> {
    let (mut names, mut marker) = (vec![], None);
    for _ in 0..MOST_PAGES {
        aws.0.route53_pace.turn().await;
        let answer = aws.0.route53.reads.list_hosted_zones().set_marker(marker).send().await.map_err(call_error)?;
        let public = answer.hosted_zones().iter().filter(|zone| !zone.config().is_some_and(|one| one.private_zone()));
        names.extend(public.map(|zone| text(Some(zone.name().trim_end_matches('.')))));
        marker = answer.next_marker().map(String::from);
        if !answer.is_truncated() || marker.is_none() {
            break;
        }
    }
    names.sort();
    names.dedup();
    Ok(names)
}

/// The records of the tree, and the dial of each Region.
pub async fn records(aws: &Aws, zone_id: &str, tree: &Tree, regions: &[String]) -> Result<Records, CallError> {
    let mut sets = vec![];
    let mut start = (Some(tree.policy.clone()), None, None);
    for _ in 0..MOST_PAGES {
        aws.0.route53_pace.turn().await;
        let answer = aws
            .0
            .route53
            .reads
            .list_resource_record_sets()
            .hosted_zone_id(zone_id)
            .set_start_record_name(start.0)
            .set_start_record_type(start.1)
            .set_start_record_identifier(start.2)
            .send()
            .await
            .map_err(call_error)?;
        let found = answer.resource_record_sets();
        sets.extend(found.iter().filter(|set| in_tree(set.name(), tree)).map(record_set));
        // names are sorted by their labels from the right, so the tree stands together
        let past = found.last().is_none_or(|set| !in_tree(set.name(), tree));
        if past || !answer.is_truncated() || answer.next_record_name().is_none() {
            break;
        }
        start = (
            answer.next_record_name().map(String::from),
            answer.next_record_type().cloned(),
            answer.next_record_identifier().map(String::from),
        );
    }
    let dials = dials(&sets, tree, regions);
    Ok(Records { zone_id: zone_id.into(), sets, dials, straight: BTreeMap::new() })
}

fn in_tree(record: &str, tree: &Tree) -> bool {
    let (record, policy) = (record.trim_end_matches('.').to_ascii_lowercase(), tree.policy.to_ascii_lowercase());
    record == policy || record.strip_suffix(&policy).is_some_and(|front| front.ends_with('.'))
}

/// The weight of each Region's own load balancer where its dial is.
fn dials(sets: &[RecordSet], tree: &Tree, regions: &[String]) -> BTreeMap<String, i64> {
    let weight = |region: &String| {
        let (set, _) = dial_record(sets, tree, region)?;
        Some((region.clone(), set))
    };
    regions.iter().filter_map(weight).collect()
}

/// The weight of the record that sends users of R's name to R's own load balancer, and its check.
pub(super) fn dial_record<'a>(sets: &'a [RecordSet], tree: &Tree, region: &str) -> Option<(i64, Option<&'a str>)> {
    let (dial, rest) = (tree.dial(region), tree.rest(region));
    let mut own = sets.iter().filter(|set| same_name(&set.name, &dial) && !leads_to(set, &rest)).filter_map(|set| {
        match set.routing {
            Routing::Weighted(weight) => Some((set.kind.as_str(), weight, set.health_check.as_deref())),
            _ => None,
        }
    });
    let first = own.next()?;
    let (_, weight, check) = if first.0 == "A" { first } else { own.find(|set| set.0 == "A").unwrap_or(first) };
    Some((weight, check))
}

fn leads_to(set: &RecordSet, name: &str) -> bool {
    set.alias.as_ref().is_some_and(|alias| same_name(&alias.dns_name, name))
        || set.values.iter().any(|value| same_name(value, name))
}

fn record_set(set: &ResourceRecordSet) -> RecordSet {
    RecordSet {
        name: name(set.name()),
        kind: text(Some(set.r#type().as_str())),
        set_identifier: some_text(set.set_identifier()),
        routing: routing(set),
        alias: set.alias_target().map(|alias| Alias {
            dns_name: text(Some(alias.dns_name())),
            zone_id: text(Some(alias.hosted_zone_id())),
            evaluate_target_health: alias.evaluate_target_health(),
        }),
        ttl_s: set.ttl(),
        values: set.resource_records().iter().map(|record| text(Some(record.value()))).collect(),
        health_check: some_text(set.health_check_id()),
    }
}

fn routing(set: &ResourceRecordSet) -> Routing {
    if let Some(weight) = set.weight() {
        return Routing::Weighted(weight);
    }
    if let Some(region) = set.region() {
        return Routing::Latency(text(Some(region.as_str())));
    }
    if let Some(place) = set.geo_location().filter(|place| place.subdivision_code().is_none()) {
        let (continent, country) = (some_text(place.continent_code()), some_text(place.country_code()));
        return Routing::Geolocation { continent, country };
    }
    let plain = set.set_identifier().is_none()
        && set.failover().is_none()
        && set.multi_value_answer().is_none()
        && set.cidr_routing_config().is_none()
        && set.geo_proximity_location().is_none();
    if plain { Routing::Simple } else { Routing::Other }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn weighted(name: &str, kind: &str, to: &str, weight: i64, check: Option<&str>) -> RecordSet {
        RecordSet {
            name: name.into(),
            kind: kind.into(),
            set_identifier: Some(to.into()),
            routing: Routing::Weighted(weight),
            alias: Some(Alias { dns_name: to.into(), zone_id: "Z".into(), evaluate_target_health: true }),
            ttl_s: None,
            values: vec![],
            health_check: check.map(String::from),
        }
    }

    #[test]
    fn the_dial_is_the_weight_of_the_regions_own_load_balancer() {
        let tree = Tree::new("app.example.com");
        let sets = [
            weighted("eu-west-1.app.example.com", "A", "REST-eu-west-1.app.example.com.", 75, None),
            weighted("eu-west-1.app.example.com", "AAAA", "alb.amazonaws.com.", 100, None),
            weighted("eu-west-1.app.example.com", "A", "dualstack.alb.amazonaws.com.", 25, Some("hc")),
        ];
        let regions = ["eu-west-1".to_string(), "us-east-1".to_string()];
        assert_eq!(dials(&sets, &tree, &regions), BTreeMap::from([("eu-west-1".to_string(), 25)]));
        assert_eq!(dial_record(&sets, &tree, "eu-west-1"), Some((25, Some("hc"))));
    }

    #[test]
    fn only_names_under_the_policy_are_of_the_tree() {
        let tree = Tree::new("app.example.com");
        assert!(in_tree("app.example.com.", &tree));
        assert!(in_tree("rest-eu-west-1.App.example.com.", &tree));
        assert!(!in_tree("xapp.example.com.", &tree));
        assert!(!in_tree("example.com.", &tree));
    }

    #[test]
    fn a_policy_that_tandem_does_not_write_is_not_taken_for_a_simple_one() {
        use aws_sdk_route53::types::{ResourceRecordSetFailover, RrType};
        let set = ResourceRecordSet::builder().name("a.").r#type(RrType::A).set_identifier("x");
        let set = set.failover(ResourceRecordSetFailover::Primary).build().unwrap();
        assert_eq!(routing(&set), Routing::Other);
    }
}
