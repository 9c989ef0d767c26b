//! `[database]`, `[sessions]` and `[control]`: what is kept, and where.

use super::super::file::{ControlSection, DatabaseSection, SessionsSection};
use super::problems::Problems;
use super::regions::{REGIONS, no_region};
use crate::model::spec::{Database, Sessions};
use crate::model::text::nearest;
use toml::Spanned;

/// The first minor versions that forward writes both within a Region and between Regions (Aurora User Guide, local
/// write forwarding in Aurora PostgreSQL, and write forwarding in a global database). Later major versions all do.
const FORWARDS: &[(u32, u32)] = &[(14, 13), (15, 8), (16, 4)];

/// Instances of a cluster, of which a primary may have fewer by the count of its secondaries (Aurora User Guide,
/// configuration requirements of a global database); any Region may become the primary.
const MOST_INSTANCES: usize = 16;

/// Sizes of instances, to tell which one was meant.
pub(in crate::config) const CLASSES: &[&str] = &[
    "db.r5.large",
    "db.r6g.large",
    "db.r6g.xlarge",
    "db.r6g.2xlarge",
    "db.r6i.large",
    "db.r7g.large",
    "db.r7g.xlarge",
    "db.r7i.large",
    "db.r8g.large",
    "db.r8g.xlarge",
];

/// The sets of Regions among which a strongly consistent table may be (DynamoDB Developer Guide, multi-Region strong
/// consistency).
const SETS: &[&[&str]] = &[
    &["us-east-1", "us-east-2", "us-west-2"],
    &["eu-west-1", "eu-west-2", "eu-west-3", "eu-central-1"],
    &["ap-northeast-1", "ap-northeast-2", "ap-northeast-3"],
];

pub(super) fn database(section: &DatabaseSection, regions: usize, problems: &mut Problems) -> Database {
    let most = (MOST_INSTANCES + 1).saturating_sub(regions.max(2)).max(1) as u32;
    Database {
        version: checked(section.version.as_ref(), "16.6", version, problems),
        class: checked(section.class.as_ref(), "db.r6g.large", class, problems),
        instances: problems.whole("[database] instances", section.instances.as_ref(), 1..=most, 2),
        backup_days: problems.whole("[database] backup_days", section.backup_days.as_ref(), 1..=35, 7),
    }
}

/// The text, when it is there and `check` finds nothing wrong with it.
fn checked(
    value: Option<&Spanned<String>>,
    usual: &str,
    check: fn(&str) -> Result<(), String>,
    problems: &mut Problems,
) -> String {
    let Some(value) = value else { return usual.into() };
    if let Err(said) = check(value.get_ref()) {
        problems.at(value, said);
    }
    value.get_ref().clone()
}

fn version(text: &str) -> Result<(), String> {
    let number = |part: &str| part.parse::<u32>().ok().filter(|number| number.to_string() == part);
    let parts = text.split_once('.').and_then(|(major, minor)| Some((number(major)?, number(minor)?)));
    let Some((major, minor)) = parts else {
        return Err(format!("[database] version: `{text}` is no version of Aurora PostgreSQL: use one like `16.6`"));
    };
    let first = FORWARDS.iter().find(|(known, _)| *known == major);
    let (least, of) = match first {
        Some((_, first)) if minor < *first => (*first, major),
        None if major < 14 => (13, 14),
        _ => return Ok(()),
    };
    let why = "cannot forward writes both within a Region and between Regions";
    Err(format!("[database] version: {text} {why}: use {of}.{least} or later"))
}

/// Memory-optimised classes from r5 on (Aurora User Guide, configuration requirements of a global database).
fn class(text: &str) -> Result<(), String> {
    let family = match text.split('.').collect::<Vec<_>>()[..] {
        ["db", family, size] if !size.is_empty() => family,
        ["db", "serverless"] => {
            return Err("[database] class: serverless capacity is not supported: use one like `db.r6g.large`".into());
        }
        _ => "",
    };
    let generation = |rest: &str| rest.chars().take_while(char::is_ascii_digit).collect::<String>().parse::<u32>().ok();
    if family.strip_prefix('r').and_then(generation).is_some_and(|number| number >= 5)
        || family.strip_prefix('x').and_then(generation).is_some()
    {
        return Ok(());
    }
    if family.strip_prefix('t').and_then(generation).is_some() {
        let why = "a global database takes no burstable instances";
        return Err(format!("[database] class: `{text}`: {why}: use one like `db.r6g.large`"));
    }
    let hint =
        nearest(text, CLASSES).map_or("use one like `db.r6g.large`".into(), |near| format!("did you mean `{near}`?"));
    Err(format!("[database] class: `{text}` is no memory-optimised class, as a global database takes them: {hint}"))
}

pub(super) fn sessions(section: &SessionsSection, problems: &mut Problems) -> Sessions {
    let ttl_attribute = checked(section.ttl_attribute.as_ref(), "expires_at", attribute, problems);
    Sessions { ttl_attribute }
}

fn attribute(text: &str) -> Result<(), String> {
    let fine = (1..=255).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
    if fine {
        Ok(())
    } else {
        Err("[sessions] ttl_attribute: use 1 to 255 visible characters, like `expires_at`".into())
    }
}

/// The three Regions of the control table; by default the first of the stack's that can, and two near it.
pub(super) fn control(section: &ControlSection, stack: &[&str], problems: &mut Problems) -> Vec<String> {
    let Some(regions) = &section.regions else {
        let home = stack.iter().copied().find(|name| set(name).is_some()).unwrap_or("us-east-1");
        let near = set(home).unwrap_or_default().iter().copied().filter(|name| *name != home);
        return std::iter::once(home).chain(near).take(3).map(str::to_string).collect();
    };
    let names = regions.get_ref();
    if let Err(said) = three_of_one_set(names) {
        problems.at(regions, format!("[control] regions: {said}"));
    }
    names.clone()
}

fn set(region: &str) -> Option<&'static [&'static str]> {
    SETS.iter().find(|set| set.contains(&region)).copied()
}

fn three_of_one_set(names: &[String]) -> Result<(), String> {
    if let Some(wrong) = names.iter().find(|name| !REGIONS.contains(&name.as_str())) {
        return Err(no_region(wrong));
    }
    if let Some(twice) = names.iter().enumerate().find(|(place, name)| names[..*place].contains(name)) {
        return Err(format!("`{}` stands twice: name three Regions", twice.1));
    }
    let one = |set: &&&[&str]| names.iter().all(|name| set.contains(&name.as_str()));
    if names.len() == 3 && SETS.iter().any(|set| one(&set)) {
        return Ok(());
    }
    let sets = SETS.iter().map(|set| set.join(", ")).collect::<Vec<_>>().join("; ");
    Err(format!("a strongly consistent table has three Regions of one set: choose three of {sets}"))
}
