//! Domain names and the names that Route 53 makes up.

use crate::world::hex_id;
use std::borrow::Cow;

/// Lower case with the trailing dot; `*` as the `\052` that Route 53 stores
/// (Developer Guide, "DNS domain name format").
pub fn normal(name: &str) -> Cow<'_, str> {
    if name.ends_with('.') && !name.bytes().any(|b| b.is_ascii_uppercase() || b == b'*') {
        return Cow::Borrowed(name);
    }
    let mut text = name.to_ascii_lowercase().replace('*', "\\052");
    if !text.ends_with('.') {
        text.push('.');
    }
    Cow::Owned(text)
}

/// The name with its labels in reverse, the order of Route 53's lists: `com.example.www.`
pub fn reversed(name: &str) -> String {
    let mut text = String::with_capacity(name.len() + 1);
    for label in name.trim_end_matches('.').rsplit('.') {
        text.push_str(label);
        text.push('.');
    }
    text
}

/// Whether `name` is `origin` or lies below it; both normal.
pub fn within(name: &str, origin: &str) -> bool {
    name == origin || name.strip_suffix(origin).is_some_and(|rest| rest.ends_with('.'))
}

/// `name` and every name above it, the longest first.
pub fn suffixes(name: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(name);
    std::iter::from_fn(move || {
        let here = rest.filter(|text| !text.is_empty())?;
        rest = here.split_once('.').map(|(_, above)| above);
        Some(here)
    })
}

/// Whether this could be a domain name: labels of 1 to 63 printable characters, 255 in all.
pub fn plausible(normal: &str) -> bool {
    let labels = normal.trim_end_matches('.');
    !labels.is_empty()
        && normal.len() <= 256
        && labels.split('.').all(|label| {
            (1..=63).contains(&label.len()) && label.bytes().all(|b| b.is_ascii_graphic() && !b"<>\"/".contains(&b))
        })
}

/// `length` upper-case letters and digits that stand for `parts`.
fn id(first: char, parts: &[&str], length: usize) -> String {
    const LETTERS: &[u8; 36] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    let hex = hex_id(parts, 64);
    let letters = hex.as_bytes().chunks(2).filter_map(|pair| {
        let byte = usize::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
        Some(char::from(LETTERS[byte % LETTERS.len()]))
    });
    std::iter::once(first).chain(letters.take(length)).collect()
}

pub fn zone_id(caller_reference: &str, name: &str) -> String {
    id('Z', &["hosted zone", caller_reference, name], 20)
}

pub fn change_id(number: u64) -> String {
    id('C', &["change", &number.to_string()], 20)
}

/// The four name servers of a zone, one of each top-level domain that Route 53 uses; no trailing dot.
pub fn name_servers(zone: &str) -> Vec<String> {
    ["com", "net", "org", "co.uk"]
        .iter()
        .zip(0_u64..)
        .map(|(domain, quarter)| {
            let number = u64::from_str_radix(&hex_id(&["name server", zone, domain], 8), 16).unwrap_or(0);
            format!("ns-{}.awsdns-{:02}.{domain}", quarter * 512 + number % 512, number / 512 % 64)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_stored_as_route_53_stores_them() {
        assert_eq!(normal("App.Example.COM"), "app.example.com.");
        assert_eq!(normal("*.example.com."), "\\052.example.com.");
        assert_eq!(reversed("www.example.com."), "com.example.www.");
        assert!(within("a.example.com.", "example.com."));
        assert!(!within("badexample.com.", "example.com."));
        assert_eq!(suffixes("a.b.c.").collect::<Vec<_>>(), ["a.b.c.", "b.c.", "c."]);
    }

    #[test]
    fn made_up_names_have_the_right_form() {
        let zone = zone_id("once", "example.com.");
        assert_eq!(zone.len(), 21);
        assert!(zone.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit()));
        assert_ne!(zone, zone_id("twice", "example.com."));
        assert_eq!(name_servers(&zone).len(), 4);
    }
}
