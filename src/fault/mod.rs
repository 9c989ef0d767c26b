//! Levers that break things, and let go by themselves.

use crate::probe::Boxed;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A kind of fault that a lever offers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FaultKind {
    /// `F16`
    pub id: String,
    /// `apis-hang`
    pub name: String,
    pub title: String,
    pub description: String,
    pub parameters: Vec<Parameter>,
}

impl FaultKind {
    /// Whether it strikes one Region, rather than what all share.
    pub fn takes_region(&self) -> bool {
        self.parameters.iter().any(|parameter| parameter.name == "region")
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parameter {
    pub name: String,
    pub default: String,
}

/// A fault that holds now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActiveFault {
    pub id: u64,
    pub kind: String,
    pub title: String,
    /// What it strikes, in words.
    pub target: String,
    pub ends: Option<Timestamp>,
}

/// What to break.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FaultOrder {
    pub kind: String,
    pub region: Option<String>,
    pub duration_s: Option<u64>,
    /// Further parameters of the kind.
    pub parameters: BTreeMap<String, String>,
}

/// What can be broken, and what is.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct FaultBoard {
    pub kinds: Vec<FaultKind>,
    pub active: Vec<ActiveFault>,
}

/// The lever of a world that can be broken.
pub trait Lever: Send + Sync {
    fn board(&self) -> Boxed<'_, Result<FaultBoard, FaultError>>;
    fn start(&self, order: FaultOrder) -> Boxed<'_, Result<u64, FaultError>>;
    fn end(&self, id: u64) -> Boxed<'_, Result<(), FaultError>>;
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct FaultError(pub String);
