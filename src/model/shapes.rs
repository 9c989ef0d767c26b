//! How ids and names of AWS look.

/// Whether it is the id of a resource: eight characters in old accounts, else 17 (Amazon EC2 User Guide, resource IDs).
pub fn is_id(id: &str, prefix: &str) -> bool {
    id.strip_prefix(prefix).is_some_and(|rest| {
        (8..=17).contains(&rest.len()) && rest.bytes().all(|c| c.is_ascii_digit() || (b'a'..=b'f').contains(&c))
    })
}

/// An ARN of the partition `aws`, in its parts (AWS General Reference, ARNs).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arn<'a> {
    pub service: &'a str,
    /// Empty for what is in no Region.
    pub region: &'a str,
    pub account: &'a str,
    /// What it names, with its kind.
    pub resource: &'a str,
}

impl<'a> Arn<'a> {
    /// `None` for what is no ARN.
    pub fn read(text: &'a str) -> Option<Self> {
        match text.splitn(6, ':').collect::<Vec<_>>()[..] {
            ["arn", "aws", service, region, account, resource]
                if is_account(account) && !resource.is_empty() && is_visible(text) =>
            {
                Some(Self { service, region, account, resource })
            }
            _ => None,
        }
    }
}

/// Twelve digits.
pub fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|c| c.is_ascii_digit())
}

/// Whether it is the ARN of a role (`role/`) or of a policy (`policy/`): those of AWS have `aws` for their account.
pub fn is_iam_arn(arn: &str, kind: &str) -> bool {
    let parts: Vec<_> = arn.splitn(6, ':').collect();
    matches!(parts[..], ["arn", _, "iam", "", account, name]
        if (account == "aws" || is_account(account))
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
