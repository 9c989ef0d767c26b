//! awsJson1_0, awsJson1_1 and the bodies of restJson.

use super::moment_of;
use crate::doc::Doc;
use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};

/// The operation in `X-Amz-Target: <target>.<Operation>`; empty when the target is another one's.
pub(super) fn operation<'a>(target: &str, header: &'a str) -> &'a str {
    header.strip_prefix(target).and_then(|rest| rest.strip_prefix('.')).unwrap_or_default()
}

/// Reads an object. A member that is `null` counts as absent.
pub(super) fn read(bytes: &[u8]) -> Result<Doc, String> {
    let mut doc: Doc = serde_json::from_slice(bytes).map_err(|e| e.to_string())?;
    if !doc.is_object() {
        return Err("The body of the request is not an object.".into());
    }
    drop_nulls(&mut doc);
    Ok(doc)
}

fn drop_nulls(doc: &mut Doc) {
    match doc {
        Doc::Array(items) => items.iter_mut().for_each(drop_nulls),
        Doc::Object(members) => {
            members.retain(|_, member| !member.is_null());
            members.values_mut().for_each(drop_nulls);
        }
        _ => {}
    }
}

pub(super) fn write(doc: &Doc) -> Vec<u8> {
    serde_json::to_vec(&Plain(doc)).unwrap_or_default()
}

/// A tree as JSON has it: moments are epoch seconds, absent members are left out.
struct Plain<'a>(&'a Doc);

impl Serialize for Plain<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Doc::Object(members) => match moment_of(members) {
                Some(at) if at.0 % 1000 == 0 => serializer.serialize_u64(at.0 / 1000),
                Some(at) => serializer.serialize_f64(at.seconds()),
                None => {
                    let mut map = serializer.serialize_map(None)?;
                    for (name, member) in members.iter().filter(|(_, member)| !member.is_null()) {
                        map.serialize_entry(name, &Plain(member))?;
                    }
                    map.end()
                }
            },
            Doc::Array(items) => {
                let mut list = serializer.serialize_seq(Some(items.len()))?;
                for item in items {
                    list.serialize_element(&Plain(item))?;
                }
                list.end()
            }
            scalar => scalar.serialize(serializer),
        }
    }
}
