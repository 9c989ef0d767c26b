//! Which Region a continent's users are sent to, where records are by place and not by latency.
//!
//! A continent with Regions of the stack goes to the first of them. Others go where cables lead: the table says
//! which continents are tried, in order. Users whose place is not known get the first Region of the stack.

use crate::model::records::Routing;

/// Route 53's continents (API Reference, GeoLocation), and where their users go.
const NEAREST: [(&str, [&str; 6]); 7] = [
    ("AF", ["AF", "EU", "AS", "NA", "SA", "OC"]),
    ("AN", ["OC", "SA", "AF", "NA", "EU", "AS"]),
    ("AS", ["AS", "OC", "EU", "NA", "AF", "SA"]),
    ("EU", ["EU", "AF", "NA", "AS", "SA", "OC"]),
    ("NA", ["NA", "SA", "EU", "AS", "OC", "AF"]),
    ("OC", ["OC", "AS", "NA", "SA", "EU", "AF"]),
    ("SA", ["SA", "NA", "EU", "AF", "AS", "OC"]),
];

/// Regions that are not on the continent of most with their first letters: Sydney, Melbourne and New Zealand.
const OCEANIA: [&str; 3] = ["ap-southeast-2", "ap-southeast-4", "ap-southeast-6"];

const PREFIX: &str = "geo-";
const DEFAULT: &str = "geo-default";

/// The continent that a Region is on.
fn continent(region: &str) -> &'static str {
    match region.split('-').next().unwrap_or_default() {
        _ if OCEANIA.contains(&region) => "OC",
        "af" => "AF",
        "ap" | "cn" | "il" | "me" => "AS",
        "eu" => "EU",
        "sa" => "SA",
        _ => "NA",
    }
}

/// Set identifier, routing and Region of each record.
pub fn policies(regions: &[String]) -> Vec<(String, Routing, String)> {
    let Some(first) = regions.first() else { return vec![] };
    let of = |(code, tried): &(&str, [&str; 6])| {
        let found = tried.iter().find_map(|one| regions.iter().find(|region| continent(region) == *one));
        let place = Routing::Geolocation { continent: Some(code.to_string()), country: None };
        (format!("{PREFIX}{}", code.to_ascii_lowercase()), place, found.unwrap_or(first).clone())
    };
    let anywhere = Routing::Geolocation { continent: None, country: Some("*".into()) };
    NEAREST.iter().map(of).chain([(DEFAULT.to_string(), anywhere, first.clone())]).collect()
}

/// Whether a record of this name was made here.
pub fn is_ours(set_identifier: &str) -> bool {
    let known = |(code, _): &(&str, _)| set_identifier == format!("{PREFIX}{}", code.to_ascii_lowercase());
    set_identifier == DEFAULT || NEAREST.iter().any(known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_continent_has_a_region_and_the_first_is_for_the_rest() {
        let regions = ["us-east-1", "eu-west-1", "us-west-2"].map(String::from);
        let policies = policies(&regions);
        let to =
            |identifier: &str| policies.iter().find(|(id, ..)| id == identifier).map(|(.., region)| region.as_str());
        assert_eq!(policies.len(), 8);
        for (identifier, region) in [
            ("geo-eu", "eu-west-1"),
            ("geo-af", "eu-west-1"),
            ("geo-na", "us-east-1"),
            ("geo-sa", "us-east-1"),
            ("geo-as", "eu-west-1"),
            ("geo-default", "us-east-1"),
        ] {
            assert_eq!(to(identifier), Some(region), "{identifier}");
        }
        assert!(policies.iter().all(|(identifier, ..)| is_ours(identifier)));
        assert!(!is_ours("geo-x") && !is_ours("us-east-1"));
    }

    #[test]
    fn a_region_is_where_it_is() {
        for (region, code) in
            [("ap-southeast-2", "OC"), ("ap-southeast-1", "AS"), ("ca-west-1", "NA"), ("sa-east-1", "SA")]
        {
            assert_eq!(continent(region), code, "{region}");
        }
    }
}
