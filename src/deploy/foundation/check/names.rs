//! Names, tags and periods.

use super::super::mistake::Mistake;
use super::super::site::Site;
use super::shape::{is_region, is_tag_character};

pub(super) fn names(site: &Site, wrong: &mut Vec<Mistake>) {
    let stack = &site.stack;
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let inner = !stack.ends_with('-') && !stack.contains("--");
    if !stack.starts_with(|c: char| c.is_ascii_lowercase()) || !stack.chars().all(plain) || !inner {
        let rule = "lower-case letters, digits and single inner hyphens, a letter first, like shop";
        wrong.push(Mistake::Name { what: "stack", name: stack.clone(), rule });
    }
    let environment = |c: char| c.is_ascii() && is_tag_character(c);
    if !(1..=256).contains(&site.environment.len()) || !site.environment.chars().all(environment) {
        let rule = "1 to 256 letters from a to z, digits, blanks and _.:/=+-@, like prod";
        wrong.push(Mistake::Name { what: "environment", name: site.environment.clone(), rule });
    }
    let table = |c: char| c.is_ascii_alphanumeric() || "_.-".contains(c);
    for (what, name) in [("sessions table", &site.sessions_table), ("control table", &site.control.table)] {
        if !(3..=255).contains(&name.len()) || !name.chars().all(table) {
            let rule = "3 to 255 letters, digits and _.-, as DynamoDB does";
            wrong.push(Mistake::Name { what, name: name.clone(), rule });
        }
    }
    if site.control.regions.is_empty() {
        wrong.push(Mistake::NoControlRegions);
    }
    let control = site.control.regions.iter().filter(|region| !is_region(region));
    wrong.extend(control.map(|region| Mistake::RegionName { region: region.clone() }));
    wrong.extend(lengths(site));
}

/// What a watcher in a Region stands on has names, too.
pub(in super::super) fn watcher(site: &Site, region: &str, wrong: &mut Vec<Mistake>) {
    if !is_region(region) {
        wrong.push(Mistake::RegionName { region: region.into() });
    }
    let name = site.role(region, "watch-execution");
    if name.len() > LONGEST_ROLE {
        wrong.push(Mistake::TooLong { what: "role", length: name.len(), name, limit: LONGEST_ROLE });
    }
}

/// Of the name of a role (IAM quotas).
const LONGEST_ROLE: usize = 64;

/// The longest name of each kind (quotas of CloudFormation, IAM, EC2, RDS, CloudWatch Logs and KMS).
fn lengths(site: &Site) -> Option<Mistake> {
    let names = site.regions.iter().map(|region| region.name.as_str());
    let longest = names.max_by_key(|name| name.len()).unwrap_or_default();
    let all = [
        ("role", site.role(longest, "execution"), LONGEST_ROLE),
        ("stack", site.peering_stack(longest, longest), 128),
        ("security group", site.group("endpoints"), 255),
        ("DB subnet group", site.subnet_group(), 255),
        ("key alias", site.key_alias(), 256),
        ("log group", site.log_group(), 512),
    ];
    // The tightest limit is passed first: one message for one name that is too long.
    let (what, name, limit) = all.into_iter().find(|(_, name, limit)| name.len() > *limit)?;
    Some(Mistake::TooLong { what, length: name.len(), name, limit })
}

/// CloudWatch Logs API Reference, PutRetentionPolicy.
const RETENTION: [u16; 22] =
    [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653];

pub(super) fn retention(days: u16, wrong: &mut Vec<Mistake>) {
    if let Some(nearest) = RETENTION.into_iter().min_by_key(|known| known.abs_diff(days))
        && nearest != days
    {
        wrong.push(Mistake::Retention { days, nearest });
    }
}

/// Tags a resource may have, less those of Tandem: Name, stack, environment, logical id.
const MOST_TAGS: usize = 50 - 4;

pub(super) fn tags(site: &Site, wrong: &mut Vec<Mistake>) {
    if site.tags.len() > MOST_TAGS {
        wrong.push(Mistake::TooManyTags { count: site.tags.len(), limit: MOST_TAGS });
    }
    for (key, value) in &site.tags {
        let why = if key.to_ascii_lowercase().starts_with("aws:") || key.starts_with("tandem:") || key == "Name" {
            "aws:, tandem: and Name are taken: use another key"
        } else if key.is_empty() || key.chars().count() > 128 || !key.chars().all(is_tag_character) {
            "use a key of 1 to 128 letters, digits, blanks and _.:/=+-@"
        } else if value.chars().count() > 256 || !value.chars().all(is_tag_character) {
            "use a value of at most 256 letters, digits, blanks and _.:/=+-@"
        } else {
            continue;
        };
        wrong.push(Mistake::Tag { key: key.clone(), why });
    }
}
