//! How texts must look.

use crate::model::shapes::is_visible;

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
