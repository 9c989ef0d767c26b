//! What an upgrade is, by the versions of Aurora PostgreSQL. Pure.

use std::cmp::Ordering;

/// How two versions lie to one another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    Same,
    /// To a later version of the same major one: each member by itself.
    Minor,
    Major,
    Back,
}

/// The way from one version to another. The first number is the major version (Aurora User Guide, Aurora PostgreSQL
/// version numbers); a part that is no number is the same as another only if it reads the same.
pub fn way(is: &str, wanted: &str) -> Way {
    if is == wanted {
        return Way::Same;
    }
    let parts = |version: &str| version.split('.').map(|part| part.parse().unwrap_or(0)).collect::<Vec<u32>>();
    let (old, new) = (parts(is), parts(wanted));
    match old.first().cmp(&new.first()) {
        Ordering::Less => Way::Major,
        Ordering::Greater => Way::Back,
        Ordering::Equal if old > new => Way::Back,
        Ordering::Equal => Way::Minor,
    }
}

/// Why a deployment does not go that way, to be read after `<name> is `, and what to do.
pub fn objection(global: &str, is: &str, wanted: &str) -> Option<String> {
    let keep = format!("put [database] version back to \"{is}\"");
    match way(is, wanted) {
        Way::Same | Way::Minor => None,
        Way::Major => Some(format!(
            "at version {is}, and {wanted} is another major version, which a deployment does not upgrade to: try it on a clone, then upgrade all Regions at once (`aws rds modify-global-cluster --global-cluster-identifier {global} --engine-version {wanted} --allow-major-version-upgrade`), or {keep}"
        )),
        Way::Back => Some(format!(
            "at version {is}, later than {wanted}, and Aurora does not go back: {keep}, or restore a snapshot of before into another stack"
        )),
    }
}

/// What is wrong with a version that AWS does not have; `others` are those that it has, with commas between.
pub fn no_version(wanted: &str, others: &str) -> Option<String> {
    let all: Vec<&str> = others.split(',').filter(|one| !one.is_empty()).collect();
    let major = |version: &str| version.split('.').next().unwrap_or_default().to_string();
    let near: Vec<&str> = all.iter().copied().filter(|one| major(one) == major(wanted)).collect();
    let these = if near.is_empty() { &all } else { &near };
    let why = "AWS has no such version of Aurora PostgreSQL";
    (!all.is_empty()).then(|| format!("[database] version: {wanted}: {why}: use one of {}", these.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_of_the_same_major_one_are_named_where_there_are_some() {
        assert_eq!(no_version("16.99", ""), None);
        let why = no_version("16.99", "15.8,16.4,16.6").unwrap();
        assert!(why.starts_with("[database] version: 16.99") && why.ends_with("use one of 16.4, 16.6"), "{why}");
        assert!(no_version("18.1", "15.8,16.4").unwrap().ends_with("use one of 15.8, 16.4"));
    }

    #[test]
    fn numbers_are_compared_as_numbers() {
        assert_eq!(way("16.6", "16.6"), Way::Same);
        assert_eq!((way("16.6", "16.10"), way("16.6", "16.6.1")), (Way::Minor, Way::Minor));
        assert_eq!((way("16.10", "16.9"), way("17.4", "16.9")), (Way::Back, Way::Back));
        assert_eq!((way("16.6", "17.4"), way("9.6", "16.6")), (Way::Major, Way::Major));
    }

    #[test]
    fn an_objection_says_what_to_do() {
        assert_eq!(objection("shop-db", "16.6", "16.8"), None);
        let major = objection("shop-db", "16.6", "17.4").unwrap();
        assert!(major.contains("--engine-version 17.4 --allow-major-version-upgrade"), "{major}");
        let back = objection("shop-db", "16.8", "16.6").unwrap();
        assert!(back.starts_with("at version 16.8, later than 16.6") && back.contains("back to \"16.8\""), "{back}");
    }
}
