//! The wizard of `--deploy`: from credentials and an image to a stack that runs.
//!
//! It is built like the console: messages in, [`update`] changes the [`Wizard`], [`view`] draws it, whoever carries
//! out its [`Cmd`]s answers with messages. What was typed is kept as text, a field each ([`answers`]), and checked by
//! the rules of the configuration itself: [`written`] makes the file, `config` reads it, and a mistake in a line is one
//! of the field that the line came from ([`check`]). So there is one set of rules, and one set of sentences.
//!
//! - [`fields`], [`pages`]: what is asked, in which order, and what each means;
//! - [`answers`], [`written`], [`check`]: what was answered, as a file, and what is wrong with it;
//! - [`model`], [`msg`], [`update`], [`view`], [`run`]: the screen.

pub mod answers;
pub mod check;
pub mod fields;
pub mod model;
pub mod msg;
pub mod pages;
pub mod run;
pub mod update;
pub mod view;
pub mod written;

#[cfg(test)]
mod scenes;
#[cfg(test)]
mod tests;

pub use answers::Answers;
pub use model::Wizard;
pub use msg::{Cmd, Msg};
pub use run::{Setup, run};
