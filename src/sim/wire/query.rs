//! awsQuery requests: a form whose keys are paths into a tree.
//!
//! `X.member.1` and `X.1` are lists, `X.entry.1.key` with `X.entry.1.value` is a map.

use super::DEPTH;
use crate::doc::Doc;
use crate::operation::{Answer, Refusal};
use percent_encoding::percent_decode;
use serde_json::Map;
use serde_json::map::Entry;
use std::borrow::Cow;

/// A form, with what it says of itself taken out.
#[derive(Debug)]
pub(super) struct Form {
    pub(super) action: String,
    version: Option<String>,
    members: Vec<(String, String)>,
}

impl Form {
    /// Reads the query of the address and the body; the signature's own parameters are left out.
    pub(super) fn read(query: &str, body: &[u8]) -> Answer<Form> {
        let mut form = Form { action: String::new(), version: None, members: vec![] };
        for pair in query.as_bytes().split(|byte| *byte == b'&').chain(body.split(|byte| *byte == b'&')) {
            let mut halves = pair.splitn(2, |byte| *byte == b'=');
            let name = decode(halves.next().unwrap_or_default())?;
            let value = decode(halves.next().unwrap_or_default())?;
            match name.as_str() {
                "" => {}
                "Action" => form.action = value,
                "Version" => form.version = Some(value),
                _ if name.starts_with("X-Amz-") => {}
                _ => form.members.push((name, value)),
            }
        }
        if form.action.is_empty() {
            return Err(Refusal::new(400, "MissingAction", "The request must contain the parameter Action"));
        }
        Ok(form)
    }

    /// The refusal of an action that the service does not have.
    pub(super) fn unknown(&self, xmlns: &str) -> Refusal {
        let own = xmlns.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
        let version = self.version.as_deref().unwrap_or(own);
        let message = format!("Could not find operation {} for version {version}", self.action);
        Refusal::new(400, "InvalidAction", message)
    }

    pub(super) fn into_tree(self) -> Answer<Doc> {
        let mut root = Map::new();
        for (name, value) in self.members {
            insert(&mut root, &name, value)?;
        }
        Ok(Doc::Object(root.into_iter().map(|(name, member)| (name, settle(member))).collect()))
    }
}

/// Undoes `+` and `%XX`.
pub(super) fn decode(text: &[u8]) -> Answer<String> {
    let spaced: Cow<'_, [u8]> = if text.contains(&b'+') {
        text.iter().map(|byte| if *byte == b'+' { b' ' } else { *byte }).collect::<Vec<u8>>().into()
    } else {
        text.into()
    };
    let malformed = |_| Refusal::new(400, "MalformedQueryString", "The query string is not valid UTF-8");
    percent_decode(&spaced).decode_utf8().map(Cow::into_owned).map_err(malformed)
}

fn insert(root: &mut Map<String, Doc>, name: &str, value: String) -> Answer<()> {
    let malformed = |message: &str| Refusal::new(400, "MalformedInput", message);
    if name.split('.').count() > DEPTH {
        return Err(malformed("The parameter is nested too deeply"));
    }
    let (path, last) = name.rsplit_once('.').map_or((None, name), |(path, last)| (Some(path), last));
    let mut here = root;
    for part in path.into_iter().flat_map(|path| path.split('.')) {
        let child = here.entry(part).or_insert_with(|| Doc::Object(Map::new()));
        here = child.as_object_mut().ok_or_else(|| malformed("Start of structure or map found where not expected"))?;
    }
    match here.entry(last) {
        Entry::Vacant(free) => _ = free.insert(Doc::String(value)),
        Entry::Occupied(_) => return Err(malformed("The parameter is given more than once")),
    }
    Ok(())
}

/// Turns what the keys spelt out into lists and maps.
fn settle(doc: Doc) -> Doc {
    let Doc::Object(mut members) = doc else { return doc };
    if numbered(&members) {
        return list(members);
    }
    if members.len() == 1 {
        match members.get_mut("member") {
            Some(Doc::Object(items)) if numbered(items) => return list(std::mem::take(items)),
            _ => {}
        }
        match members.get_mut("entry") {
            Some(Doc::Object(entries)) if numbered(entries) && entries.values().all(is_pair) => {
                return Doc::Object(std::mem::take(entries).into_iter().filter_map(|(_, pair)| entry(pair)).collect());
            }
            _ => {}
        }
    }
    Doc::Object(members.into_iter().map(|(name, member)| (name, settle(member))).collect())
}

fn numbered(members: &Map<String, Doc>) -> bool {
    !members.is_empty() && members.keys().all(|name| !name.is_empty() && name.bytes().all(|b| b.is_ascii_digit()))
}

fn list(items: Map<String, Doc>) -> Doc {
    let mut items: Vec<(u64, Doc)> =
        items.into_iter().map(|(place, item)| (place.parse().unwrap_or(u64::MAX), item)).collect();
    items.sort_by_key(|(place, _)| *place);
    Doc::Array(items.into_iter().map(|(_, item)| settle(item)).collect())
}

fn is_pair(doc: &Doc) -> bool {
    doc.get("key").is_some_and(Doc::is_string)
}

fn entry(pair: Doc) -> Option<(String, Doc)> {
    let Doc::Object(mut pair) = pair else { return None };
    let Some(Doc::String(key)) = pair.remove("key") else { return None };
    Some((key, settle(pair.remove("value").unwrap_or_else(|| Doc::String(String::new())))))
}
