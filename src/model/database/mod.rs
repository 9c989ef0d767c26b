//! The global database: what each Region tells of it, and what follows from all of that together.
//!
//! Who the writer is, is never desired state: it is read here, from the newest answer of any Region.

mod lag;
mod standing;
mod view;

pub use lag::{LagMinute, LagView, Loss, predicted_loss};
pub use standing::{Redundancy, newest, redundancy, target, under_way, writer};
pub use view::{ClusterView, GlobalView, InstanceView, KeptWrites, MemberView, Proof, RoleChange};
