//! What stands already and is given: networks of Regions, and `[roles]`.

use super::super::file::{GrantSection, RegionSection, RolesSection};
use super::problems::Problems;
use crate::model::shapes::{is_iam_arn, is_id, is_role_path};
use crate::model::spec::{Grant, Network, Roles};
use std::collections::BTreeSet;
use toml::Spanned;

/// The network that is given for a Region. `None`: one is made.
pub(super) fn network(region: &RegionSection, cidr: &str, problems: &mut Problems) -> Option<Network> {
    let lists = [
        ("public_subnets", &region.public_subnets, "subnet-", 2),
        ("private_subnets", &region.private_subnets, "subnet-", 2),
        ("route_tables", &region.route_tables, "rtb-", 1),
    ];
    let Some(vpc) = &region.vpc else {
        for (key, list, ..) in lists {
            if let Some(list) = list {
                problems.at(list, format!("[[regions]] {key}: is of a network that stands: give its `vpc` as well"));
            }
        }
        return None;
    };
    if !is_id(vpc.get_ref(), "vpc-") {
        problems.at(vpc, format!("[[regions]] vpc: {}", no_id(vpc.get_ref(), "vpc-")));
    }
    let cidrs = region.vpc_cidr.is_none().then_some("vpc_cidr");
    let missing: Vec<&str> =
        lists.iter().filter(|(_, list, ..)| list.is_none()).map(|(key, ..)| *key).chain(cidrs).collect();
    if !missing.is_empty() {
        problems.at(vpc, format!("[[regions]] vpc: a network that stands needs {} as well", missing.join(", ")));
    }
    if let Some(zones) = &region.zones {
        problems.at(zones, "[[regions]] zones: a network that stands has its own: remove this line");
    }
    if let Some(nat) = &region.nat {
        problems.at(nat, "[[regions]] nat: a network that stands has its own ways out: remove this line");
    }
    let mut seen = BTreeSet::new();
    let [public, private, route_tables] = lists.map(|(key, list, prefix, least)| {
        let Some(list) = list else { return vec![] };
        ids(key, list, (prefix, least), &mut seen, problems);
        list.get_ref().clone()
    });
    Some(Network::Given { vpc: vpc.get_ref().clone(), cidr: cidr.into(), public, private, route_tables })
}

fn ids<'a>(
    key: &str,
    list: &'a Spanned<Vec<String>>,
    (prefix, least): (&str, usize),
    seen: &mut BTreeSet<&'a str>,
    problems: &mut Problems,
) {
    let all = list.get_ref();
    if all.len() < least {
        let why = "load balancers and databases need two zones";
        let count = all.len();
        match least {
            1 => problems.at(list, format!("[[regions]] {key}: name those of the private subnets")),
            _ => problems.at(list, format!("[[regions]] {key}: {count} given: {why}: name at least {least}")),
        }
    }
    for id in all {
        if !is_id(id, prefix) {
            problems.at(list, format!("[[regions]] {key}: {}", no_id(id, prefix)));
        } else if !seen.insert(id) {
            let why = if prefix == "rtb-" { "remove one" } else { "a subnet is either public or private" };
            problems.at(list, format!("[[regions]] {key}: `{id}` stands twice: {why}"));
        }
    }
}

fn no_id(text: &str, prefix: &str) -> String {
    format!("`{text}` is no id: use one like `{prefix}0123456789abcdef0`")
}

/// `[roles]`. Watchers have roles of their own, which are made whatever is given.
pub(super) fn roles(section: &RolesSection, watched: bool, problems: &mut Problems) -> Roles {
    let usual = Roles::default();
    let path = section.path.as_ref().map_or(usual.path, |path| {
        let text = path.get_ref();
        if !is_role_path(text) {
            problems.at(path, format!("[roles] path: `{text}` must begin and end with a slash, like `/tandem/`"));
        }
        text.clone()
    });
    let mut arn = |key: &str, kind: &str, value: &Option<Spanned<String>>| {
        let value = value.as_ref()?;
        let text = value.get_ref();
        // Regions of other partitions are none of a stack's
        let named = text.starts_with("arn:aws:") && is_iam_arn(text, &format!("{kind}/"));
        if !named {
            let like = format!("arn:aws:iam::123456789012:{kind}/NAME");
            problems.at(value, format!("[roles] {key}: `{text}` is no ARN of a {kind}: use one like `{like}`"));
        }
        Some(text.clone())
    };
    let (execution, task) = (arn("execution", "role", &section.execution), arn("task", "role", &section.task));
    let boundary = arn("permissions_boundary", "policy", &section.permissions_boundary);
    if execution.is_some() && task.is_some() && !watched {
        for (key, value) in [("path", &section.path), ("permissions_boundary", &section.permissions_boundary)] {
            if let Some(value) = value {
                let text =
                    format!("[roles] {key}: both roles are given, so none is made that would have it: remove it");
                problems.at(value, text);
            }
        }
    }
    let grant = |grant: &GrantSection| Grant { actions: grant.actions.clone(), resources: grant.resources.clone() };
    let grants = section.grants.iter().map(grant).collect();
    Roles { path, boundary, execution, task, repositories: section.repositories.clone(), grants }
}
