//! Who may change the stack, and what was done to it.
//!
//! The journal is this machine's own: what is about to be sent stands in it, on the disk, before it is sent, and
//! what became of it after. It is evidence and a help for whoever goes on; the truth is the world itself.
//!
//! The [`lease`] stands in the control table: one process at a time changes the stack, and says under which token.
//! What runs began and how they ended stands in the [`ledger`], what is open in [`open`], and who may write in
//! [`epoch`], all in the same table. [`guard`] keeps a task to it.

pub mod epoch;
pub mod guard;
pub mod journal;
pub mod lease;
pub mod ledger;
pub mod open;
