//! A stack, its resources and its events.

use super::change_set::ChangeSet;
use super::kinds::Kind;
use super::run::Run;
use super::template::{Place, Policy, Template, Values};
use crate::doc::Doc;
use crate::moment::Moment;
use serde_json::Map;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A status of a stack (CloudFormation API Reference, Stack).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    ReviewInProgress,
    CreateInProgress,
    CreateFailed,
    CreateComplete,
    RollbackInProgress,
    RollbackFailed,
    RollbackComplete,
    DeleteInProgress,
    DeleteFailed,
    DeleteComplete,
    UpdateInProgress,
    UpdateCompleteCleanupInProgress,
    UpdateComplete,
    UpdateFailed,
    UpdateRollbackInProgress,
    UpdateRollbackCompleteCleanupInProgress,
    UpdateRollbackComplete,
    UpdateRollbackFailed,
}

impl Status {
    pub fn name(self) -> &'static str {
        match self {
            Self::ReviewInProgress => "REVIEW_IN_PROGRESS",
            Self::CreateInProgress => "CREATE_IN_PROGRESS",
            Self::CreateFailed => "CREATE_FAILED",
            Self::CreateComplete => "CREATE_COMPLETE",
            Self::RollbackInProgress => "ROLLBACK_IN_PROGRESS",
            Self::RollbackFailed => "ROLLBACK_FAILED",
            Self::RollbackComplete => "ROLLBACK_COMPLETE",
            Self::DeleteInProgress => "DELETE_IN_PROGRESS",
            Self::DeleteFailed => "DELETE_FAILED",
            Self::DeleteComplete => "DELETE_COMPLETE",
            Self::UpdateInProgress => "UPDATE_IN_PROGRESS",
            Self::UpdateCompleteCleanupInProgress => "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS",
            Self::UpdateComplete => "UPDATE_COMPLETE",
            Self::UpdateFailed => "UPDATE_FAILED",
            Self::UpdateRollbackInProgress => "UPDATE_ROLLBACK_IN_PROGRESS",
            Self::UpdateRollbackCompleteCleanupInProgress => "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS",
            Self::UpdateRollbackComplete => "UPDATE_ROLLBACK_COMPLETE",
            Self::UpdateRollbackFailed => "UPDATE_ROLLBACK_FAILED",
        }
    }

    /// Whether something is being done, or is awaited.
    pub fn in_progress(self) -> bool {
        self.name().ends_with("_IN_PROGRESS")
    }
}

/// What becomes of a stack that cannot be created.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnFailure {
    Rollback,
    Delete,
    DoNothing,
}

impl OnFailure {
    pub fn name(self) -> &'static str {
        match self {
            Self::Rollback => "ROLLBACK",
            Self::Delete => "DELETE",
            Self::DoNothing => "DO_NOTHING",
        }
    }
}

/// What a stack is made from: everything that an update changes and a rollback brings back.
#[derive(Debug, Clone, PartialEq)]
pub struct Design {
    pub template: Arc<Template>,
    pub values: Values,
    pub tags: BTreeMap<String, String>,
    pub capabilities: Vec<String>,
    pub role: Option<String>,
    pub notifications: Vec<String>,
}

#[derive(Debug, Clone)]
pub struct Stack {
    pub region: String,
    pub name: String,
    /// Its ARN.
    pub id: String,
    pub created: Moment,
    pub updated: Option<Moment>,
    pub deleted: Option<Moment>,
    pub status: Status,
    pub reason: Option<String>,
    pub design: Design,
    pub on_failure: OnFailure,
    pub timeout_minutes: Option<u64>,
    pub protected: bool,
    /// By logical id.
    pub resources: BTreeMap<String, Resource>,
    pub outputs: Vec<Told>,
    /// What a failed update had replaced, where it was left as it was.
    pub replaced: Vec<Resource>,
    /// Exports of other stacks that it uses.
    pub imports: BTreeSet<String>,
    /// Oldest first.
    pub events: Vec<Event>,
    pub change_sets: BTreeMap<String, ChangeSet>,
    /// The change set that was executed last.
    pub executed: Option<String>,
    /// The token of the operation that is or was carried out last.
    pub token: Option<String>,
    pub run: Option<Run>,
}

/// An output with its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    pub key: String,
    pub value: String,
    pub description: Option<String>,
    pub export: Option<String>,
}

/// A resource that a stack has or is making.
#[derive(Debug, Clone, PartialEq)]
pub struct Resource {
    pub logical: String,
    pub kind: &'static Kind,
    /// Its physical id, once it has one.
    pub physical: Option<String>,
    /// As they were applied last.
    pub properties: Map<String, Doc>,
    pub tags: BTreeMap<String, String>,
    /// Resources that it needs.
    pub needs: BTreeSet<String>,
    pub deletion: Policy,
    pub replacement: Policy,
    pub status: &'static str,
    pub reason: Option<String>,
    pub at: Moment,
}

/// A stack event.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    pub id: String,
    pub at: Moment,
    pub logical: String,
    pub physical: Option<String>,
    pub kind: &'static str,
    pub status: &'static str,
    pub reason: Option<String>,
    pub properties: Option<Map<String, Doc>>,
    pub token: Option<String>,
}

/// The type of stacks in their own events.
const STACK: &str = "AWS::CloudFormation::Stack";

impl Stack {
    pub fn place(&self) -> Place {
        Place {
            region: self.region.clone(),
            stack: self.name.clone(),
            stack_id: self.id.clone(),
            notifications: self.design.notifications.clone(),
        }
    }

    /// Gives it a status and tells the event of it.
    pub(super) fn turn(&mut self, now: Moment, status: Status, reason: Option<String>) {
        self.status = status;
        self.reason.clone_from(&reason);
        let event = Event {
            id: crate::world::uuid(&["event", &self.id, &self.events.len().to_string()]),
            at: now,
            logical: self.name.clone(),
            physical: Some(self.id.clone()),
            kind: STACK,
            status: status.name(),
            reason,
            properties: None,
            token: self.token.clone(),
        };
        self.events.push(event);
    }

    /// Gives a resource a status and tells the event of it.
    pub(super) fn mark(&mut self, now: Moment, logical: &str, status: &'static str, reason: Option<String>) {
        let Some(resource) = self.resources.get_mut(logical) else { return };
        resource.status = status;
        resource.reason = reason;
        resource.at = now;
        let told = resource.clone();
        self.tell(now, &told);
    }

    /// Tells the event of a resource as it is, be it still the stack's or not.
    pub(super) fn tell(&mut self, now: Moment, resource: &Resource) {
        let number = self.events.len();
        let event = Event {
            id: format!(
                "{}-{}-{}",
                resource.logical,
                resource.status,
                crate::world::uuid(&["event", &self.id, &number.to_string()])
            ),
            at: now,
            logical: resource.logical.clone(),
            physical: resource.physical.clone(),
            kind: resource.kind.name,
            status: resource.status,
            reason: resource.reason.clone(),
            properties: Some(resource.properties.clone()),
            token: self.token.clone(),
        };
        self.events.push(event);
    }

    /// Its exports: name and value.
    pub fn exports(&self) -> impl Iterator<Item = (&str, &str)> {
        self.outputs.iter().filter_map(|output| Some((output.export.as_deref()?, output.value.as_str())))
    }
}
