//! Roles, what they are granted, and the secrets that tasks start with.

use super::super::mistake::Mistake;
use super::super::site::Roles;
use super::shape::{is_action, is_resource, is_secret};
use crate::model::shapes::{is_iam_arn, is_role_path, is_visible};
use crate::model::spec::Grant;

pub(super) fn roles(roles: &Roles, watched: bool, wrong: &mut Vec<Mistake>) {
    let Roles { path, boundary, execution, task, repositories, grants } = roles;
    if !is_role_path(path) {
        wrong.push(Mistake::RolePath { path: path.clone() });
    }
    let mut iam = |what, arn: &Option<String>, kind: &str, like| {
        if let Some(arn) = arn.as_ref().filter(|arn| !is_iam_arn(arn, kind)) {
            wrong.push(Mistake::Arn { what, arn: arn.clone(), like });
        }
    };
    iam("permissions boundary", boundary, "policy/", "arn:aws:iam::123456789012:policy/limits");
    iam("execution role", execution, "role/", "arn:aws:iam::123456789012:role/execution");
    iam("task role", task, "role/", "arn:aws:iam::123456789012:role/task");
    for arn in repositories {
        match arn.splitn(6, ':').collect::<Vec<_>>()[..] {
            ["arn", _, "ecr", region, _, name] if name.starts_with("repository/") && is_visible(arn) => {
                if region != "{region}" {
                    wrong.push(Mistake::RepositoryRegion { arn: arn.clone() });
                }
            }
            _ => wrong.push(Mistake::Arn {
                what: "repository",
                arn: arn.clone(),
                like: "arn:aws:ecr:{region}:123456789012:repository/shop",
            }),
        }
    }
    self::grants(grants, wrong);
    let effects = [
        (
            "permissions boundary",
            boundary.is_some() && execution.is_some() && task.is_some() && !watched,
            "two given roles",
        ),
        ("grants", !grants.is_empty() && task.is_some(), "a given task role"),
    ];
    let without = effects.into_iter().filter(|(_, without, _)| *without);
    wrong.extend(without.map(|(what, _, with)| Mistake::NoEffect { what, with }));
}

/// The longest that the inline policies of a role may be together, blanks apart (IAM quotas).
const LONGEST_POLICY: usize = 10_240;

fn grants(grants: &[Grant], wrong: &mut Vec<Mistake>) {
    for Grant { actions, resources } in grants {
        let why = if actions.is_empty() || !actions.iter().all(|action| is_action(action)) {
            "name actions like sqs:SendMessage, not all of a service"
        } else if resources.is_empty() || !resources.iter().all(|arn| is_resource(arn)) {
            "name resources by ARN, like arn:aws:sqs:{region}:123456789012:orders, or `*`"
        } else {
            continue;
        };
        wrong.push(Mistake::Grant { actions: actions.join(", "), why });
    }
    length("grants", grants.iter().flat_map(|grant| grant.actions.iter().chain(&grant.resources)), wrong);
}

pub(super) fn secrets(names: &[String], wrong: &mut Vec<Mistake>) {
    let malformed = names.iter().filter(|name| !is_secret(name));
    wrong.extend(malformed.map(|name| Mistake::Secret { name: name.clone() }));
    length("secrets", names.iter(), wrong);
}

/// Only what is given is counted: a policy that passes may still be too long, one that does not, is.
fn length<'a>(what: &'static str, texts: impl Iterator<Item = &'a String>, wrong: &mut Vec<Mistake>) {
    let length = texts.map(String::len).sum();
    if length > LONGEST_POLICY {
        wrong.push(Mistake::PolicyTooLong { what, length, limit: LONGEST_POLICY });
    }
}
