//! One message as one line, and back. Both sides remember what was told last, which patches are against.

use super::diff::diff;
use crate::tui::msg::Msg;
use json_patch::Patch;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use std::time::Duration;

/// Messages whose next one is much like the last: they are written as patches.
const LIKE_THE_LAST: [&str; 3] = ["Snapshot", "Operations", "Faults"];

/// One line: a message, or what changed in the last one of its kind.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    /// Milliseconds since the console began.
    ms: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    msg: Option<Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    patch: Option<Change>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Change {
    of: String,
    by: Patch,
}

/// What is wrong with a line.
#[derive(Debug, thiserror::Error)]
pub enum LineError {
    #[error("{}", unplaced(.0))]
    Json(#[from] serde_json::Error),
    #[error("neither a message nor a patch, or both")]
    Neither,
    #[error("a patch of {0}, of which nothing was told before")]
    Groundless(String),
    #[error("the patch of {of} does not fit: {why}")]
    Patch { of: String, why: json_patch::PatchError },
}

/// The error without its line, which is always 1: every line is read alone.
fn unplaced(error: &serde_json::Error) -> String {
    error.to_string().replace(" at line 1 column ", ", column ").replace(", column 0", "")
}

/// What was told last, by kind.
#[derive(Debug, Default)]
pub struct Memory(BTreeMap<&'static str, Value>);

/// The message as JSON, with its kind when the next one will be much like it.
fn split(value: &Value) -> Option<(&'static str, &Value)> {
    let (kind, content) = value.as_object()?.iter().next()?;
    LIKE_THE_LAST.iter().find(|like| *like == kind).map(|kind| (*kind, content))
}

impl Memory {
    /// The line of a message, with its line feed.
    pub fn write(&mut self, at: Duration, msg: &Msg) -> serde_json::Result<Vec<u8>> {
        let ms = u64::try_from(at.as_millis()).unwrap_or(u64::MAX);
        let value = serde_json::to_value(msg)?;
        let mut line = match split(&value) {
            Some((kind, content)) => {
                let change = self.0.get(kind).map(|last| Change { of: kind.into(), by: diff(last, content) });
                self.0.insert(kind, content.clone());
                let patch = change.map(|patch| serde_json::to_vec(&Line { ms, msg: None, patch: Some(patch) }));
                let whole = serde_json::to_vec(&Line { ms, msg: Some(value), patch: None })?;
                patch.transpose()?.filter(|patch| patch.len() < whole.len()).unwrap_or(whole)
            }
            None => serde_json::to_vec(&Line { ms, msg: Some(value), patch: None })?,
        };
        line.push(b'\n');
        Ok(line)
    }

    /// The message of a line, and when it came.
    pub fn read(&mut self, line: &[u8]) -> Result<(Duration, Msg), LineError> {
        let Line { ms, msg, patch } = serde_json::from_slice(line.trim_ascii_end())?;
        let value = match (msg, patch) {
            (Some(msg), None) => {
                if let Some((kind, content)) = split(&msg) {
                    self.0.insert(kind, content.clone());
                }
                msg
            }
            (None, Some(Change { of, by })) => {
                let Some((kind, last)) = self.0.iter_mut().find(|(kind, _)| **kind == of) else {
                    return Err(LineError::Groundless(of));
                };
                json_patch::patch(last, &by).map_err(|why| LineError::Patch { of, why })?;
                Value::Object([((*kind).to_string(), last.clone())].into_iter().collect())
            }
            _ => return Err(LineError::Neither),
        };
        Ok((Duration::from_millis(ms), serde_json::from_value(value)?))
    }
}
