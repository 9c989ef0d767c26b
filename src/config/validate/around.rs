//! `[stack] tags` and `[alerts]`: what is put on resources, and who is told of them.

use super::super::file::AlertsSection;
use super::problems::Problems;
use super::regions::{REGIONS, no_region};
use crate::model::call::ROUTE53_HOME;
use crate::model::spec::Alerts;
use std::collections::BTreeMap;
use toml::Spanned;

/// Tags that a resource may have (AWS General Reference, tagging), less those of Tandem and CloudFormation.
const MOST_TAGS: usize = 46;

pub(super) fn tags(given: &BTreeMap<String, Spanned<String>>, problems: &mut Problems) -> BTreeMap<String, String> {
    for (place, (key, value)) in given.iter().enumerate() {
        let plain = |text: &str| text.chars().all(|c| c.is_alphanumeric() || c == ' ' || "_.:/=+-@".contains(c));
        let ours = key.to_ascii_lowercase().starts_with("aws:") || key.starts_with("tandem:") || key == "Name";
        let said = if place == MOST_TAGS {
            format!("{} tags: AWS and Tandem leave room for {MOST_TAGS}: remove some", given.len())
        } else if ours {
            format!("`{key}`: `aws:`, `tandem:` and `Name` are taken: use another key")
        } else if key.is_empty() || key.chars().count() > 128 || !plain(key) {
            format!("`{key}`: use a key of 1 to 128 letters, digits, blanks and _.:/=+-@")
        } else if value.get_ref().chars().count() > 256 || !plain(value.get_ref()) {
            format!("`{key}`: use a value of at most 256 letters, digits, blanks and _.:/=+-@")
        } else {
            continue;
        };
        problems.at(value, format!("[stack] tags: {said}"));
    }
    given.iter().map(|(key, value)| (key.clone(), value.get_ref().clone())).collect()
}

pub(super) fn alerts(section: &AlertsSection, stack: &[&str], problems: &mut Problems) -> Alerts {
    for (region, arn) in &section.topics {
        let said = if !REGIONS.contains(&region.as_str()) {
            no_region(region)
        } else if !stack.contains(&region.as_str()) && region != ROUTE53_HOME {
            format!("{region} is no Region of this stack: its Regions are {}", stack.join(", "))
        } else if !is_topic(arn.get_ref(), region) {
            format!("`{}` is no topic of {region}: use one like `arn:aws:sns:{region}:123456789012:ops`", arn.get_ref())
        } else {
            continue;
        };
        problems.at(arn, format!("[alerts] topics: {said}"));
    }
    Alerts { topics: section.topics.iter().map(|(region, arn)| (region.clone(), arn.get_ref().clone())).collect() }
}

/// Alarms tell topics of their own Region only (CloudWatch API Reference, PutMetricAlarm).
fn is_topic(arn: &str, region: &str) -> bool {
    let name = |name: &str| !name.is_empty() && name.bytes().all(|c| c.is_ascii_alphanumeric() || b"-_.".contains(&c));
    match arn.split(':').collect::<Vec<_>>()[..] {
        ["arn", "aws", "sns", of, account, topic] => {
            of == region && account.len() == 12 && account.bytes().all(|c| c.is_ascii_digit()) && name(topic)
        }
        _ => false,
    }
}
