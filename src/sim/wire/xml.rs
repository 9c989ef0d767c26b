//! XML documents: the answers of awsQuery and restXml, and the bodies of restXml requests.

use super::{DEPTH, moment_of};
use crate::doc::Doc;
use quick_xml::Reader;
use quick_xml::events::{BytesRef, Event};
use serde_json::Map;
use std::fmt::Write;

type Items = &'static [(&'static str, &'static str)];

/// `<OpResponse><OpResult>..</OpResult><ResponseMetadata>..`; clients want the result first.
pub(super) fn query_answer(items: Items, operation: &str, xmlns: &str, doc: &Doc, id: &str) -> Vec<u8> {
    let mut out = String::new();
    _ = write!(out, "<{operation}Response xmlns=\"{xmlns}\">");
    element(&mut out, items, &format!("{operation}Result"), doc);
    _ = write!(out, "<ResponseMetadata><RequestId>{id}</RequestId></ResponseMetadata></{operation}Response>");
    out.into_bytes()
}

/// `<OpResponse>` with the members in it.
pub(super) fn rest_answer(items: Items, operation: &str, xmlns: &str, doc: &Doc) -> Vec<u8> {
    let mut out = String::from("<?xml version=\"1.0\"?>\n");
    _ = write!(out, "<{operation}Response xmlns=\"{xmlns}\">");
    content(&mut out, items, "", doc);
    _ = write!(out, "</{operation}Response>");
    out.into_bytes()
}

/// `<ErrorResponse><Error>..</Error><RequestId/></ErrorResponse>`.
pub(super) fn error(xmlns: &str, blame: &str, code: &str, message: &str, id: &str) -> Vec<u8> {
    let mut out = String::new();
    _ = write!(out, "<ErrorResponse xmlns=\"{xmlns}\"><Error><Type>{blame}</Type><Code>{code}</Code><Message>");
    escape(&mut out, message);
    _ = write!(out, "</Message></Error><RequestId>{id}</RequestId></ErrorResponse>");
    out.into_bytes()
}

fn element(out: &mut String, items: Items, name: &str, doc: &Doc) {
    match doc {
        Doc::Null => return,
        Doc::Array(list) if item_name(items, name).is_empty() => {
            return list.iter().for_each(|item| element(out, items, name, item));
        }
        _ => {}
    }
    _ = write!(out, "<{name}>");
    content(out, items, name, doc);
    _ = write!(out, "</{name}>");
}

fn content(out: &mut String, items: Items, name: &str, doc: &Doc) {
    match doc {
        Doc::Null => {}
        Doc::Object(members) => match moment_of(members) {
            Some(at) => out.push_str(&at.iso()),
            None => members.iter().for_each(|(name, member)| element(out, items, name, member)),
        },
        Doc::Array(list) => {
            let item_name = item_name(items, name);
            list.iter().for_each(|item| element(out, items, item_name, item));
        }
        Doc::String(text) => escape(out, text),
        scalar => _ = write!(out, "{scalar}"),
    }
}

fn item_name(items: Items, list: &str) -> &'static str {
    items.iter().find(|(name, _)| *name == list).map_or("member", |(_, item)| item)
}

/// Escapes markup, and a carriage return that a reader would else take for a line feed. What XML 1.0
/// cannot carry at all becomes U+FFFD.
fn escape(out: &mut String, text: &str) {
    for letter in text.chars() {
        match letter {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            '\r' => out.push_str("&#xD;"),
            '\t' | '\n' => out.push(letter),
            '\0'..='\x1f' | '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            _ => out.push(letter),
        }
    }
}

/// An element that is open.
struct Open {
    name: String,
    members: Map<String, Doc>,
    text: String,
}

impl Open {
    fn new(name: &str) -> Open {
        Open { name: name.to_string(), members: Map::new(), text: String::new() }
    }

    /// An element without children is its text, whitespace and all; text between children is layout.
    fn close(self) -> (String, Doc) {
        let doc = if self.members.is_empty() { Doc::String(self.text) } else { Doc::Object(self.members) };
        (self.name, doc)
    }

    /// An element that comes several times is a list.
    fn adopt(&mut self, (name, doc): (String, Doc)) {
        match self.members.get_mut(&name) {
            None => _ = self.members.insert(name, doc),
            Some(Doc::Array(list)) => list.push(doc),
            Some(one) => *one = Doc::Array(vec![one.take(), doc]),
        }
    }
}

/// Reads what the root element holds.
pub(super) fn read(bytes: &[u8]) -> Result<Doc, String> {
    let invalid = |why: &dyn std::fmt::Display| format!("Invalid XML ; {why}");
    let text = std::str::from_utf8(bytes).map_err(|e| invalid(&e))?;
    let mut reader = Reader::from_str(text);
    let mut open = vec![Open::new("")];
    loop {
        let event = reader.read_event().map_err(|e| invalid(&e))?;
        let depth = open.len();
        let Some(top) = open.last_mut() else { return Err(invalid(&"unbalanced elements")) };
        match event {
            Event::Start(_) if depth > DEPTH => return Err(invalid(&"nested too deeply")),
            Event::Start(tag) => open.push(Open::new(tag.local_name().as_ref())),
            Event::Empty(tag) => top.adopt(Open::new(tag.local_name().as_ref()).close()),
            Event::Text(text) => top.text.push_str(&text.xml10_content()),
            Event::CData(text) => top.text.push_str(&text.xml10_content()),
            Event::GeneralRef(entity) => top.text.push_str(&resolve(&entity).map_err(|e| invalid(&e))?),
            Event::End(_) => {
                let closed = open.pop().map(Open::close);
                match (open.last_mut(), closed) {
                    (Some(parent), Some(closed)) => parent.adopt(closed),
                    _ => return Err(invalid(&"unbalanced elements")),
                }
            }
            Event::DocType(_) => return Err(invalid(&"a document type is not allowed")),
            Event::Decl(_) | Event::PI(_) | Event::Comment(_) => {}
            Event::Eof => break,
        }
    }
    let (Some(root), true) = (open.pop(), open.is_empty()) else { return Err(invalid(&"an element is not closed")) };
    if !root.text.trim().is_empty() || root.members.len() != 1 {
        return Err(invalid(&"a document has one root element"));
    }
    match root.members.into_iter().next() {
        Some((_, Doc::Object(members))) => Ok(Doc::Object(members)),
        Some((_, Doc::String(text))) if text.trim().is_empty() => Ok(Doc::Object(Map::new())),
        _ => Err(invalid(&"the root element holds no elements")),
    }
}

fn resolve(entity: &BytesRef<'_>) -> Result<String, String> {
    match entity.resolve_char_ref().map_err(|e| e.to_string())? {
        Some(letter) => Ok(letter.to_string()),
        None => quick_xml::escape::resolve_xml_entity(entity)
            .map(str::to_string)
            .ok_or_else(|| format!("unknown entity &{};", entity.escape_debug())),
    }
}
