//! The expressions of DynamoDB (Developer Guide, expressions): read once, then asked of items.
//!
//! `token` splits the text, `words` puts names and values in, `path` finds attributes; `condition`, `key`,
//! `update` and `projection` are the four kinds.

mod condition;
mod key;
mod path;
mod projection;
#[cfg(test)]
mod tests;
mod token;
mod update;
mod words;

pub use condition::Condition;
pub use key::{KeyCondition, Range};
pub use projection::Projection;
pub use update::Update;
pub use words::Words;
