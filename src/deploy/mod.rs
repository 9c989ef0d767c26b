//! Takes a stack from its spec to AWS and back: spec -> graph -> plan -> apply, destroy.
//!
//! No state is kept: names follow from the spec, every resource is tagged, and each step of the engine is a
//! pure function of what is wanted and what was seen. So whoever was killed begins anew and converges.
//!
//! - [`foundation`]: what never moves, as CloudFormation templates;
//! - [`node`], [`part`]: what the engine knows of a resource; [`parts`]: the resources, one file a kind;
//! - [`given`]: what the resources that stand tell those that need them;
//! - [`graph`], [`walk`]: which come when; [`decide`]: one step of one of them; [`engine`]: look, decide,
//!   write down, send; `rollout`: one Region after another; [`patience`]: what an error means for it;
//!   [`hints`]: which key it is about;
//!   [`board`]: how far it is;
//! - [`adopt`]: what somebody else built, looked at and tagged;
//! - [`cost`]: what it costs; [`policy`]: what its deployer must be allowed to do;
//!   [`plan`]: what a run would do; [`orphans`]: what is left over; [`apply`]: a run, under the lease and written down;
//!   [`doctor`]: what is ill with what stands, and with what it would stand on.

pub mod adopt;
pub mod apply;
pub mod board;
pub mod cost;
pub mod decide;
pub mod doctor;
pub mod engine;
pub mod foundation;
pub mod given;
pub mod graph;
pub mod hints;
pub mod node;
pub mod orphans;
pub mod part;
pub mod parts;
pub mod patience;
pub mod plan;
pub mod policy;
pub mod resume;
mod rollout;
pub mod stack;
pub mod walk;
