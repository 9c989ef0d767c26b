//! Members that several operations share.

use super::refuse;
use crate::operation::Answer;
use crate::world::metrics::{Series, Statistic};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Dimension {
    pub Name: String,
    pub Value: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Tag {
    pub Key: String,
    pub Value: String,
}

/// The dimensions of a series, checked.
pub fn dimensions(member: &str, dimensions: Option<Vec<Dimension>>) -> Answer<BTreeMap<String, String>> {
    let given = dimensions.unwrap_or_default();
    if given.len() > 30 {
        return Err(refuse::value(format!("The collection {member} must not have a size greater than 30.")));
    }
    let mut checked = BTreeMap::new();
    for (place, dimension) in given.into_iter().enumerate() {
        refuse::length(&format!("{member}.member.{}.Name", place + 1), &dimension.Name, 255)?;
        refuse::length(&format!("{member}.member.{}.Value", place + 1), &dimension.Value, 1024)?;
        if checked.insert(dimension.Name, dimension.Value).is_some() {
            return Err(refuse::value(format!("No parameter with the same name may be given twice in {member}.")));
        }
    }
    Ok(checked)
}

/// The dimensions of `series` as AWS lists them.
pub fn told(series: &Series) -> Vec<Dimension> {
    let pairs = series.dimensions.iter();
    pairs.map(|(name, value)| Dimension { Name: name.clone(), Value: value.clone() }).collect()
}

/// One of the five plain statistics.
pub fn plain(member: &str, word: &str) -> Answer<Statistic> {
    match Statistic::parse(word) {
        Some(Statistic::Percentile(_)) | None => {
            Err(refuse::outside(member, word, &["SampleCount", "Average", "Sum", "Minimum", "Maximum"]))
        }
        Some(plain) => Ok(plain),
    }
}

/// A percentile; the other extended statistics of AWS are refused.
pub fn percentile(member: &str, word: &str) -> Answer<Statistic> {
    Statistic::parse(word)
        .filter(|statistic| matches!(statistic, Statistic::Percentile(_)))
        .ok_or_else(|| refuse::value(format!("The value {word} for parameter {member} is not supported.")))
}

/// The units of CloudWatch.
pub const UNITS: [&str; 27] = [
    "Seconds",
    "Microseconds",
    "Milliseconds",
    "Bytes",
    "Kilobytes",
    "Megabytes",
    "Gigabytes",
    "Terabytes",
    "Bits",
    "Kilobits",
    "Megabits",
    "Gigabits",
    "Terabits",
    "Percent",
    "Count",
    "Bytes/Second",
    "Kilobytes/Second",
    "Megabytes/Second",
    "Gigabytes/Second",
    "Terabytes/Second",
    "Bits/Second",
    "Kilobits/Second",
    "Megabits/Second",
    "Gigabits/Second",
    "Terabits/Second",
    "Count/Second",
    "None",
];

pub fn unit(member: &str, word: &str) -> Answer<&'static str> {
    UNITS.into_iter().find(|unit| *unit == word).ok_or_else(|| refuse::outside(member, word, &UNITS))
}
