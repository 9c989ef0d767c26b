//! Takes over what somebody else built: what `[resources]` names is looked at, judged, and tagged as the stack's. Nothing
//! of it is changed but its tags.
//!
//! - [`item`]: what is looked for; [`wants`]: what a stack of Tandem's would have; [`judge`]: what was found against that;
//!   all pure;
//! - [`look`]: reads it; [`run`]: sends the tags, written down.

pub mod item;
pub mod judge;
pub mod look;
pub mod run;
mod wants;

#[cfg(test)]
mod tests;

pub use item::{Item, Kind};
pub use judge::{Row, State, Survey};
