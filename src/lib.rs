//! Tandem flies two or more AWS Regions as one: a console, operations, and a simulator of AWS.
//!
//! # The house
//!
//! Each room is a module; a room uses only those below it.
//!
//! | room | what lives there |
//! |---|---|
//! | [`cli`] | the verbs, one file each |
//! | [`stage`] | builds a world to act in: AWS, the simulator in this process, one that is served |
//! | [`tui`] | the console: messages, update, view, panes, overlays, theme; `runner` carries out commands; `wizard` sets a stack up |
//! | [`watch`] | the headless watcher: evidence, decision, operation |
//! | [`fault`] | levers that break things |
//! | [`deploy`] | spec, graph, plan, apply, destroy; what it costs and needs; doctor, adopt |
//! | [`operate`] | drain, evacuate, restore, scale, fail over: plan, confirm, run |
//! | [`control`] | who may change the stack, who may write, and the journal of what was done |
//! | [`observe`] | pollers that keep one [`model::snapshot::Snapshot`] |
//! | [`probe`] | what a user sees: resolve, fetch |
//! | [`cloud`] | the only room that knows the AWS SDK |
//! | [`config`] | the configuration file and its mistakes |
//! | [`host`] | clock, disk, log |
//! | [`model`] | pure types and rules |
//!
//! The simulator is a package of its own, `tandem-sim` in `src/sim`. It imports nobody: its truth must
//! not be ours. Only [`stage`], [`cli::sim`] and tests open it.
//!
//! # The ports
//!
//! The same code runs everywhere because the world comes in through four ports, all of them real: the
//! SDK's HTTP client (in process an adapter hands the signed bytes to the simulator), the
//! [`probe::Vantage`] (names and pages), the [`host::Clock`] and the [`host::Disk`]. There is no trait
//! for the cloud with a fake behind it.
//!
//! # The life of one key press
//!
//! `e` is found in the table of actions ([`tui::actions`]); [`tui::update`] adds an overlay and asks the
//! runner for a plan; the [`operate::run::Operator`] lets the observer look again and calls the planner, a
//! pure function of the snapshot; the plan comes back as a message and is shown with its rules and calls.
//! When the Region's name has been typed, the plan is made once more: if its hash is the same, each
//! [`model::call::Call`] goes through [`cloud::send`] to that Region's client, and what it did is seen
//! only through [`observe`], in the cell that changes.
//!
//! A view never waits, an update never awaits, and a Region that hangs holds only its own pollers.

pub mod cli;
pub mod cloud;
pub mod config;
pub mod control;
pub mod deploy;
pub mod fault;
pub mod host;
pub mod model;
pub mod observe;
pub mod operate;
pub mod probe;
pub mod stage;
pub mod tui;
pub mod watch;
