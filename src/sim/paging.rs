//! Pages of a list, with a token that says where the next one begins.

use crate::operation::{Answer, Refusal};

/// At most `size` of `items` after the one that `token` names, and the token of the next page.
///
/// `items` are in order and `key` tells each one's unique name, so that a page stays right when the
/// list changes between two calls. A token that this did not write is refused with `code`.
pub fn page<T>(
    items: impl IntoIterator<Item = T>,
    key: impl Fn(&T) -> String,
    token: Option<&str>,
    size: usize,
    code: &'static str,
) -> Answer<(Vec<T>, Option<String>)> {
    let after = match token {
        None | Some("") => None,
        Some(text) => Some(unseal(text).ok_or_else(|| Refusal::new(400, code, "Invalid token."))?),
    };
    let mut rest = items.into_iter().filter(|item| after.as_ref().is_none_or(|after| key(item) > *after));
    let page: Vec<T> = rest.by_ref().take(size.max(1)).collect();
    let next = rest.next().and(page.last()).map(|last| seal(&key(last)));
    Ok((page, next))
}

fn seal(key: &str) -> String {
    key.bytes().fold(String::from("t1"), |text, byte| format!("{text}{byte:02x}"))
}

fn unseal(token: &str) -> Option<String> {
    let hex = token.strip_prefix("t1")?;
    let bytes: Option<Vec<u8>> =
        hex.as_bytes().chunks(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()).collect();
    String::from_utf8(bytes?).ok()
}

#[cfg(test)]
mod tests {
    use super::page;

    #[test]
    fn pages_cover_the_list_once() {
        let names: Vec<String> = (0..25).map(|i| format!("n{i:02}")).collect();
        let (mut seen, mut token) = (vec![], None);
        loop {
            let Ok((items, next)) = page(&names, |n| n.to_string(), token.as_deref(), 10, "InvalidToken") else {
                panic!("our own token is refused")
            };
            seen.extend(items.into_iter().cloned());
            token = next;
            if token.is_none() {
                break;
            }
        }
        assert_eq!(seen, names);
    }

    #[test]
    fn a_foreign_token_is_refused() {
        let refused = page(["a"], |n| n.to_string(), Some("junk"), 1, "InvalidToken");
        assert_eq!(refused.err().map(|r| r.code), Some("InvalidToken"));
    }
}
