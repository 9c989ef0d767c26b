//! What never moves, as CloudFormation: a `base` stack in every Region (network, security groups, roles,
//! log group, key), a `peering` stack for every pair of Regions, and a `routes` stack in every Region
//! that sends what is meant for the others through the peerings. Beside them, where it is wanted, a `certificate`
//! stack in a Region, and a `watch` stack wherever a watcher runs, which shares nothing with them.
//!
//! Pure: a [`Site`] comes in, the bytes of templates go out, the same ones every time. Nothing is known
//! here of accounts, clients or the configuration file. What cannot be right is refused before a
//! template is made, all of it at once, and says where it stands and what to do ([`Mistakes`]).
//!
//! Order: every [`base`], then every [`peering`] of [`pairs`], then every [`routes`]; back in reverse.
//! A template's parameters name the outputs of other stacks they are taken from ([`Value::Output`]).

mod base;
mod certificate;
mod check;
mod mistake;
mod names;
pub(super) mod network;
mod outputs;
mod peering;
mod roles;
mod routes;
mod security;
mod site;
mod storage;
mod template;
mod watch;

#[cfg(test)]
mod tests;

pub use crate::model::cidr::{Cidr, CidrError};
pub use crate::model::spec::{Nat, Network};
pub use base::base;
pub use certificate::certificate;
pub use mistake::{Mistake, Mistakes};
pub use outputs::{BaseOutputs, OutputError};
pub use peering::{pairs, peering};
pub use routes::routes;
pub use site::{Control, Listeners, Region, Roles, Site};
pub use template::{Template, Value};
pub use watch::watch;
