//! What a deployment is made of: what was seen of a resource, where it differs from what is wanted, and
//! what comes next. Pure.

mod difference;
mod seen;
mod step;
mod stray;

pub use difference::{Difference, differences, or_none};
pub use seen::Seen;
pub use step::{Next, Ready};
pub use stray::Stray;
