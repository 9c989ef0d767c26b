//! IAM: roles and policies, which are the same in every Region.

use super::{Made, Order};
use crate::doc::Doc;
use crate::world::ACCOUNT;
use crate::world::cloudformation::estate::{Estate, GLOBAL, Thing};
use crate::world::cloudformation::failure::Failure;
use serde_json::json;

/// Roles of an account (IAM quotas).
const MOST_ROLES: usize = 1_000;
/// Managed policies that a role may have attached (IAM quotas).
const MOST_ATTACHED: usize = 10;
/// The longest name of a role, and of a managed policy (IAM quotas).
const LONGEST_ROLE: usize = 64;
const LONGEST_POLICY: usize = 128;
/// Characters of a managed policy without white space (IAM quotas).
const MOST_CHARACTERS: usize = 6_144;

fn iam(status: u16, message: impl Into<String>, code: &'static str) -> Failure {
    Failure::Service { service: "Iam", status, message: message.into(), code }
}

fn name_fits(what: &str, name: &str, longest: usize) -> Result<(), Failure> {
    let letters = |byte: u8| byte.is_ascii_alphanumeric() || b"+=,.@_-".contains(&byte);
    if name.len() > longest {
        let message = format!(
            "1 validation error detected: Value '{name}' at '{what}' failed to satisfy constraint: Member must have length less than or equal to {longest}"
        );
        return Err(iam(400, message, "InvalidRequest"));
    }
    if !name.bytes().all(letters) {
        let message = format!(
            "The specified value for {what} is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-"
        );
        return Err(iam(400, message, "InvalidRequest"));
    }
    Ok(())
}

/// A policy document has statements; as text it must be JSON.
fn document_fits(document: Option<&Doc>) -> Result<(), Failure> {
    let malformed = || iam(400, "This policy contains invalid Json", "InvalidRequest");
    let read = match document {
        Some(Doc::String(text)) => serde_json::from_str(text).map_err(|_| malformed())?,
        Some(other) => other.clone(),
        None => return Ok(()),
    };
    if read.get("Statement").is_none() {
        return Err(iam(400, "Syntax errors in policy.", "InvalidRequest"));
    }
    Ok(())
}

fn path<'a>(order: &Order<'a>) -> &'a str {
    match order.text("Path") {
        "" => "/",
        path => path,
    }
}

pub(super) fn role(estate: &mut Estate, order: &Order<'_>) -> Result<Made, Failure> {
    let name = match order.text("RoleName") {
        "" => order.name(LONGEST_ROLE),
        name => name.to_string(),
    };
    name_fits("roleName", &name, LONGEST_ROLE)?;
    settings(order)?;
    if estate.get(GLOBAL, order.kind.name, &name).is_some() {
        return Err(Failure::exists(order.kind.name, &name));
    }
    if estate.of(GLOBAL, order.kind.name).count() >= MOST_ROLES {
        return Err(iam(409, format!("Cannot exceed quota for RolesPerAccount: {MOST_ROLES}"), "ServiceLimitExceeded"));
    }
    let path = path(order);
    if !path.starts_with('/') || !path.ends_with('/') {
        let message = "The specified value for path is invalid. It must begin and end with / and contain only alphanumeric characters and/or / characters.";
        return Err(iam(400, message, "InvalidRequest"));
    }
    Ok(Made::new(
        name.clone(),
        [
            ("Arn", json!(format!("arn:aws:iam::{ACCOUNT}:role{path}{name}"))),
            ("RoleId", json!(format!("AROA{}", order.hex("role", 17).to_uppercase()))),
        ],
    ))
}

/// What holds for a new role and for a changed one.
pub(super) fn settings(order: &Order<'_>) -> Result<(), Failure> {
    document_fits(order.properties.get("AssumeRolePolicyDocument"))?;
    let mut inline = order.properties.get("Policies").and_then(Doc::as_array).into_iter().flatten();
    inline.try_for_each(|policy| document_fits(policy.get("PolicyDocument")))?;
    if order.texts("ManagedPolicyArns").len() > MOST_ATTACHED {
        return Err(iam(
            409,
            format!("Cannot exceed quota for PoliciesPerRole: {MOST_ATTACHED}"),
            "ServiceLimitExceeded",
        ));
    }
    let duration = order.number("MaxSessionDuration").unwrap_or(3_600);
    if !(3_600..=43_200).contains(&duration) {
        let bound = if duration < 3_600 { "greater than or equal to 3600" } else { "less than or equal to 43200" };
        let message = format!(
            "1 validation error detected: Value '{duration}' at 'maxSessionDuration' failed to satisfy constraint: Member must have value {bound}"
        );
        return Err(iam(400, message, "InvalidRequest"));
    }
    Ok(())
}

fn roles_there(estate: &Estate, order: &Order<'_>) -> Result<(), Failure> {
    match order.texts("Roles").into_iter().find(|role| estate.is_gone(GLOBAL, role)) {
        Some(role) => Err(iam(404, format!("The role with name {role} cannot be found."), "NotFound")),
        None => Ok(()),
    }
}

pub(super) fn policy(estate: &mut Estate, order: &Order<'_>) -> Result<Made, Failure> {
    let name = order.text("PolicyName");
    name_fits("policyName", name, LONGEST_POLICY)?;
    document_fits(order.properties.get("PolicyDocument"))?;
    if order.texts("Roles").is_empty() {
        let message = "At least one of [Groups,Roles,Users] must be non-empty.".to_string();
        return Err(Failure::Plain(message));
    }
    roles_there(estate, order)?;
    // CloudFormation's name for it: the first letters of the stack's name and of the logical id.
    let front = |text: &str| text.chars().take(5).collect::<String>();
    let id = format!("{}-{}-{}", front(order.stack), front(order.logical), order.hex("policy", 12).to_uppercase());
    Ok(Made::new(id.clone(), [("Id", json!(id))]))
}

pub(super) fn managed_policy(estate: &mut Estate, order: &Order<'_>) -> Result<Made, Failure> {
    let name = match order.text("ManagedPolicyName") {
        "" => order.name(LONGEST_POLICY),
        name => name.to_string(),
    };
    name_fits("policyName", &name, LONGEST_POLICY)?;
    document_fits(order.properties.get("PolicyDocument"))?;
    let length = order.properties.get("PolicyDocument").map_or(0, |document| document.to_string().len());
    if length > MOST_CHARACTERS {
        return Err(iam(409, format!("Cannot exceed quota for PolicySize: {MOST_CHARACTERS}"), "ServiceLimitExceeded"));
    }
    roles_there(estate, order)?;
    let arn = format!("arn:aws:iam::{ACCOUNT}:policy{}{name}", path(order));
    if estate.get(GLOBAL, order.kind.name, &arn).is_some() {
        return Err(Failure::exists(order.kind.name, &arn));
    }
    let number = format!("ANPA{}", order.hex("policy", 17).to_uppercase());
    Ok(Made::new(arn.clone(), [("PolicyArn", json!(arn)), ("PolicyId", json!(number))]))
}

/// A role stays while an inline policy of another stack is in it, or a managed policy of one is attached to it.
pub(super) fn spare_role(estate: &Estate, role: &Thing) -> Result<(), Failure> {
    let names = |policy: &Thing| policy.texts("Roles").any(|name| name == role.id);
    if estate.of(GLOBAL, "AWS::IAM::Policy").any(names) {
        return Err(iam(409, "Cannot delete entity, must delete policies first.", "ResourceConflict"));
    }
    if estate.of(GLOBAL, "AWS::IAM::ManagedPolicy").any(names) {
        return Err(iam(409, "Cannot delete entity, must detach all policies first.", "ResourceConflict"));
    }
    Ok(())
}

pub(super) fn spare_managed_policy(estate: &Estate, policy: &Thing) -> Result<(), Failure> {
    let attached = |role: &Thing| role.texts("ManagedPolicyArns").any(|arn| arn == policy.id);
    if estate.of(GLOBAL, "AWS::IAM::Role").any(attached) {
        return Err(iam(409, "Cannot delete a policy attached to entities.", "ResourceConflict"));
    }
    Ok(())
}
