//! How ids and names of AWS look.

/// Whether it is the id of a resource: eight characters in old accounts, else 17 (Amazon EC2 User Guide, resource IDs).
pub fn is_id(id: &str, prefix: &str) -> bool {
    id.strip_prefix(prefix).is_some_and(|rest| {
        (8..=17).contains(&rest.len()) && rest.bytes().all(|c| c.is_ascii_digit() || (b'a'..=b'f').contains(&c))
    })
}

/// Whether it is the ARN of a role (`role/`) or of a policy (`policy/`): those of AWS have `aws` for their account.
pub fn is_iam_arn(arn: &str, kind: &str) -> bool {
    let parts: Vec<_> = arn.splitn(6, ':').collect();
    matches!(parts[..], ["arn", _, "iam", "", account, name]
        if (account == "aws" || account.len() == 12 && account.bytes().all(|c| c.is_ascii_digit()))
            && is_visible(name)
            && name.strip_prefix(kind).is_some_and(|name| !name.is_empty()))
}

/// IAM User Guide, "Friendly names and paths".
pub fn is_role_path(path: &str) -> bool {
    path.starts_with('/') && path.ends_with('/') && !path.contains("//") && path.len() <= 512 && is_visible(path)
}

/// CloudFormation keeps nothing else of a template: it would come back with `?` in its place, and look
/// as if somebody had changed it.
pub fn is_visible(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_graphic())
}
