//! The prices: data, with their date and where each comes from.

use serde::Deserialize;
use std::collections::BTreeMap;

const TABLE: &str = include_str!("prices.toml");

/// Whose prices a Region without any borrows.
const LENDER: &str = "us-east-1";

/// In US dollars.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Prices {
    /// Of the figures: `2026-09-25`.
    pub date: String,
    /// Of a month.
    pub hours: f64,
    regions: BTreeMap<String, Regional>,
    pub everywhere: Everywhere,
}

/// An hour each.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Regional {
    pub fargate_vcpu: f64,
    pub fargate_gb: f64,
    pub alb: f64,
    pub nat: f64,
    pub endpoint: f64,
    /// Of a `large`, by family: `r6g`.
    aurora: BTreeMap<String, f64>,
}

/// A month each, but for the address.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Everywhere {
    /// An hour.
    pub ipv4: f64,
    pub key: f64,
    pub secret: f64,
    pub alarm: f64,
    pub metric: f64,
    pub dashboard: f64,
    pub check: f64,
    pub check_option: f64,
    pub calculated_check: f64,
}

impl Prices {
    /// # Errors
    /// What is wrong with the table.
    pub fn read() -> Result<Self, toml::de::Error> {
        toml::from_str(TABLE)
    }

    /// Those of a Region, or what it borrows.
    pub fn of(&self, region: &str) -> Option<&Regional> {
        self.regions.get(region).or_else(|| self.regions.get(LENDER))
    }

    /// Whether the Region has none of its own.
    pub fn lends(&self, region: &str) -> bool {
        !self.regions.contains_key(region)
    }
}

impl Regional {
    /// An hour of an instance of this class, `db.r6g.xlarge`. `None`: its family or its size is not known here.
    pub fn instance(&self, class: &str) -> Option<f64> {
        let (family, size) = class.strip_prefix("db.")?.split_once('.')?;
        Some(self.aurora.get(family)? * larges(size)?)
    }
}

/// How many times a `large` it is.
fn larges(size: &str) -> Option<f64> {
    match size.strip_suffix("large")? {
        "" => Some(1.0),
        "x" => Some(2.0),
        times => Some(f64::from(times.strip_suffix('x')?.parse::<u8>().ok()?) * 2.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_can_be_read_and_has_a_date() {
        let prices = Prices::read().unwrap();
        assert!(prices.date.parse::<jiff::civil::Date>().is_ok(), "{}", prices.date);
        assert!(prices.lends("ap-south-1") && !prices.lends("eu-west-1"));
        assert_eq!(prices.of("ap-south-1").unwrap().nat, prices.of("us-east-1").unwrap().nat);
    }

    #[test]
    fn every_figure_says_where_it_is_from() {
        let mut said = false;
        for line in TABLE.lines().map(str::trim).filter(|line| !line.starts_with('[')) {
            match line {
                "" => said = false,
                line if line.starts_with('#') => said = true,
                line => assert!(said, "{line}"),
            }
        }
    }

    #[test]
    fn a_class_costs_in_proportion_to_its_size() {
        let prices = Prices::read().unwrap();
        let hour = |class: &str| prices.of("us-east-1").unwrap().instance(class);
        assert_eq!((hour("db.r6g.large"), hour("db.r6g.xlarge")), (Some(0.26), Some(0.52)));
        assert_eq!(hour("db.r7g.16xlarge"), Some(0.276 * 32.0));
        for class in ["db.x2g.large", "db.r6g.medium", "r6g.large", "db.serverless", "db.r6g.xxlarge"] {
            assert_eq!(hour(class), None, "{class}");
        }
    }
}
