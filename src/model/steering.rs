//! How users are sent to a Region where somebody else made the names: records of the stack's own name that lead straight
//! to the load balancers, with no dial and no switch between.

use super::records::{RecordSet, Routing, same_name};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How long answers of a load balancer's alias live, seconds (Route 53 Developer Guide, alias records).
pub const ALIAS_TTL_S: i64 = 60;

/// The records that lead straight to the load balancer of one Region.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Straight {
    pub way: Way,
    /// The health check that they have.
    pub check: Option<String>,
}

/// By what users are sent there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Way {
    /// This weight, of those of all records of the name.
    Weight {
        weight: i64,
        of: i64,
    },
    Latency,
    Geolocation,
    /// A plain record, or a policy that Tandem does not know.
    Other,
}

impl Way {
    /// In a few words.
    pub fn words(self) -> String {
        match self {
            Way::Weight { weight, of } => format!("weight {weight} of {of}"),
            Way::Latency => "by latency".into(),
            Way::Geolocation => "by geolocation".into(),
            Way::Other => "by a record of its own".into(),
        }
    }
}

/// Records of the name `policy` that lead to the load balancer with this DNS name.
pub fn leading<'a>(
    sets: &'a [RecordSet],
    policy: &'a str,
    balancer: &'a str,
) -> impl Iterator<Item = &'a RecordSet> + 'a {
    sets.iter().filter(move |set| same_name(&set.name, policy) && leads_to(set, balancer))
}

fn leads_to(set: &RecordSet, balancer: &str) -> bool {
    let alias = set.alias.iter().map(|alias| alias.dns_name.as_str());
    alias.chain(set.values.iter().map(String::as_str)).any(|to| same_name(plain(to), plain(balancer)))
}

/// The console writes aliases with `dualstack.` before the name (Route 53 Developer Guide, alias targets).
fn plain(name: &str) -> &str {
    match name.get(..10) {
        Some(front) if front.eq_ignore_ascii_case("dualstack.") => &name[10..],
        _ => name,
    }
}

/// How each Region is reached by records of the name `policy`; `balancers` are the DNS names by Region. Regions to which
/// none leads are left out.
pub fn straight(sets: &[RecordSet], policy: &str, balancers: &BTreeMap<String, String>) -> BTreeMap<String, Straight> {
    let of = |(region, balancer): (&String, &String)| {
        let found: Vec<&RecordSet> = leading(sets, policy, balancer).collect();
        let first = found.iter().find(|set| set.kind == "A").or(found.first())?;
        let way = match &first.routing {
            Routing::Weighted(weight) => Way::Weight { weight: *weight, of: all_weights(sets, first) },
            Routing::Latency(_) => Way::Latency,
            Routing::Geolocation { .. } => Way::Geolocation,
            Routing::Simple | Routing::Other => Way::Other,
        };
        Some((region.clone(), Straight { way, check: first.health_check.clone() }))
    };
    balancers.iter().filter_map(of).collect()
}

/// The weights of all records of the same name and type.
fn all_weights(sets: &[RecordSet], like: &RecordSet) -> i64 {
    let same = sets.iter().filter(|set| same_name(&set.name, &like.name) && set.kind == like.kind);
    same.map(|set| if let Routing::Weighted(weight) = set.routing { weight } else { 0 }).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::records::Alias;

    fn set(kind: &str, to: &str, routing: Routing) -> RecordSet {
        RecordSet {
            name: "app.example.com".into(),
            kind: kind.into(),
            set_identifier: Some(to.into()),
            routing,
            alias: Some(Alias { dns_name: to.into(), zone_id: "Z".into(), evaluate_target_health: true }),
            ttl_s: None,
            values: vec![],
            health_check: Some(format!("hc-{to}")),
        }
    }

    fn balancers() -> BTreeMap<String, String> {
        let of = |(region, name): (&str, &str)| (region.to_string(), name.to_string());
        [("eu-west-1", "old-2.eu-west-1.elb.amazonaws.com"), ("us-east-1", "old-1.us-east-1.elb.amazonaws.com")]
            .map(of)
            .into()
    }

    #[test]
    fn weights_are_told_with_what_they_are_of() {
        let sets = [
            set("A", "dualstack.OLD-1.us-east-1.elb.amazonaws.com.", Routing::Weighted(3)),
            set("AAAA", "old-1.us-east-1.elb.amazonaws.com.", Routing::Weighted(3)),
            set("A", "old-2.eu-west-1.elb.amazonaws.com", Routing::Weighted(1)),
            RecordSet { name: "other.example.com".into(), ..set("A", "x", Routing::Weighted(9)) },
        ];
        let found = straight(&sets, "APP.example.com.", &balancers());
        assert_eq!(found["us-east-1"].way, Way::Weight { weight: 3, of: 4 });
        assert_eq!(found["eu-west-1"].way.words(), "weight 1 of 4");
        assert_eq!(found["eu-west-1"].check.as_deref(), Some("hc-old-2.eu-west-1.elb.amazonaws.com"));
        assert_eq!(leading(&sets, "app.example.com", "old-1.us-east-1.elb.amazonaws.com").count(), 2);
    }

    #[test]
    fn a_name_that_leads_elsewhere_sends_nobody() {
        let sets = [set("A", "old-2.eu-west-1.elb.amazonaws.com", Routing::Latency("eu-west-1".into()))];
        let found = straight(&sets, "app.example.com", &balancers());
        assert_eq!(found.keys().collect::<Vec<_>>(), ["eu-west-1"]);
        assert_eq!(found["eu-west-1"].way, Way::Latency);
        assert_eq!(straight(&sets, "app.example.org", &balancers()), BTreeMap::new());
    }

    #[test]
    fn a_plain_cname_counts_too() {
        let values = vec!["old-1.us-east-1.elb.amazonaws.com.".to_string()];
        let cname = RecordSet { alias: None, ttl_s: Some(60), values, ..set("CNAME", "x", Routing::Weighted(1)) };
        assert_eq!(straight(&[cname], "app.example.com", &balancers())["us-east-1"].way.words(), "weight 1 of 1");
    }
}
