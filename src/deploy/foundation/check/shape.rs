//! How texts must look.

pub(super) fn is_tag_character(c: char) -> bool {
    c.is_alphanumeric() || c == ' ' || "_.:/=+-@".contains(c)
}

pub(super) fn is_region(name: &str) -> bool {
    let parts: Vec<_> = name.split('-').collect();
    let letters = |part: &&str| !part.is_empty() && part.chars().all(|c| c.is_ascii_lowercase());
    match &parts[..] {
        [places @ .., number] => {
            places.len() >= 2
                && places.iter().all(letters)
                && number.len() == 1
                && number.bytes().all(|c| c.is_ascii_digit())
        }
        [] => false,
    }
}

pub(super) fn is_id(id: &str, prefix: &str) -> bool {
    id.strip_prefix(prefix).is_some_and(|rest| {
        (8..=17).contains(&rest.len()) && rest.bytes().all(|c| c.is_ascii_digit() || (b'a'..=b'f').contains(&c))
    })
}

pub(super) fn is_iam_arn(arn: &str, kind: &str) -> bool {
    let parts: Vec<_> = arn.splitn(6, ':').collect();
    matches!(parts[..], ["arn", _, "iam", "", account, name]
        if (account == "aws" || account.len() == 12 && account.bytes().all(|c| c.is_ascii_digit()))
            && is_visible(name)
            && name.strip_prefix(kind).is_some_and(|name| !name.is_empty()))
}

/// A pattern of names that does not begin with a wildcard: no pattern may take in all secrets.
pub(super) fn is_secret(name: &str) -> bool {
    let known = |c: char| c.is_ascii_alphanumeric() || "/_+=.@-!".contains(c);
    name.starts_with(known) && name.chars().all(|c| known(c) || c == '*' || c == '?') && name.len() <= 512
}

/// `service:Action`, which may end in a wildcard but not be one.
pub(super) fn is_action(action: &str) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let name = |name: &str| {
        name.starts_with(|c: char| c.is_ascii_alphabetic())
            && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '*')
    };
    action
        .split_once(':')
        .is_some_and(|(service, rest)| !service.is_empty() && service.chars().all(plain) && name(rest))
}

pub(super) fn is_resource(arn: &str) -> bool {
    arn == "*" || arn.starts_with("arn:") && is_visible(arn)
}

/// CloudFormation keeps nothing else of a template: it would come back with `?` in its place, and look
/// as if somebody had changed it.
pub(super) fn is_visible(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_graphic())
}
