//! What carries a stack's tag.

use crate::model::call::Call;
use serde_json::Value;

/// A resource that says whose it is. Whether the stack still asks for it, its graph knows.
#[derive(Debug, Clone, PartialEq)]
pub struct Stray {
    pub region: String,
    /// By the name that the AWS CLI has for it.
    pub service: &'static str,
    /// What it is called in AWS; a health check by its reference, a rule by its path.
    pub name: String,
    /// What it was for the stack, as its tag says.
    pub logical_id: Option<String>,
    /// What takes it away, one call after another.
    pub remove: Vec<Call>,
}

impl Stray {
    /// With calls to its own service in its own Region.
    #[must_use]
    pub fn removed_by(mut self, calls: impl IntoIterator<Item = (&'static str, Value)>) -> Self {
        let call = |(operation, input)| Call::request(&self.region, self.service, operation, input);
        self.remove = calls.into_iter().map(call).collect();
        self
    }
}
