//! Who makes the calls of the deployment: through the table of operations, at moments of its own.

use crate::doc::{Doc, Input};
use crate::operation::{Caller, Protocol, Refusal, Service};
use crate::services;
use crate::world::World;
use std::time::Duration;

/// What one call takes, from one to the next (assumed).
const BETWEEN_CALLS: Duration = Duration::from_millis(200);

/// Who the calls are signed by.
const PRINCIPAL: &str = "AKIAIOSFODNN7DEPLOYER";

/// Why the ready stack could not be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadyError {
    #[error("{service} {operation} in {region} was refused: {refusal}")]
    Refused { service: String, operation: String, region: String, refusal: Box<Refusal> },
    #[error("there is no {service} {operation}")]
    NoSuchOperation { service: String, operation: String },
    #[error("an answer has no {pointer}: {answer}")]
    Missing { pointer: String, answer: String },
    #[error("{what} did not come within {limit:?}")]
    Late { what: String, limit: Duration },
    #[error("{0} is no Region of this world")]
    NoSuchRegion(String),
}

pub struct Deployer<'w> {
    pub world: &'w mut World,
}

impl Deployer<'_> {
    /// One call, as a signed request would make it.
    pub fn call(&mut self, service: &str, operation: &str, region: &str, input: Doc) -> Result<Doc, ReadyError> {
        self.world.advance(self.world.now + BETWEEN_CALLS);
        self.at_once(service, operation, region, input)
    }

    /// One call at the moment of the one before.
    pub fn at_once(&mut self, service: &str, operation: &str, region: &str, input: Doc) -> Result<Doc, ReadyError> {
        let table = services::ALL.iter().find(|table| table.scope == service);
        let found = table.and_then(|table| table.operations.iter().find(|found| found.name == operation));
        let (Some(table), Some(found)) = (table, found) else {
            return Err(ReadyError::NoSuchOperation { service: service.into(), operation: operation.into() });
        };
        let caller = Caller { region: region.into(), principal: PRINCIPAL.into(), now: self.world.now };
        (found.run)(self.world, &caller, decoded(table, input)).map_err(|refusal| ReadyError::Refused {
            service: service.into(),
            operation: operation.into(),
            region: region.into(),
            refusal: Box::new(refusal),
        })
    }

    /// Lets time pass until `done`, asking every five seconds.
    pub fn wait(
        &mut self,
        what: &str,
        limit: Duration,
        mut done: impl FnMut(&mut Self) -> Result<bool, ReadyError>,
    ) -> Result<(), ReadyError> {
        let end = self.world.now + limit;
        while !done(self)? {
            if self.world.now >= end {
                return Err(ReadyError::Late { what: what.into(), limit });
            }
            self.world.advance(self.world.now + Duration::from_secs(5));
        }
        Ok(())
    }
}

/// The input as the decoder of the service's protocol hands it over: forms and XML know only text.
pub fn decoded(service: &Service, input: Doc) -> Input {
    match service.speaks.first() {
        Some(Protocol::Query { .. } | Protocol::RestXml { .. }) => Input::Text(in_text(input)),
        _ => Input::Typed(input),
    }
}

fn in_text(doc: Doc) -> Doc {
    match doc {
        Doc::Bool(_) | Doc::Number(_) => Doc::String(doc.to_string()),
        Doc::Array(items) => items.into_iter().map(in_text).collect(),
        Doc::Object(members) => Doc::Object(members.into_iter().map(|(name, doc)| (name, in_text(doc))).collect()),
        Doc::String(_) | Doc::Null => doc,
    }
}

/// The text at `pointer` (RFC 6901) of an answer.
pub fn text(answer: &Doc, pointer: &str) -> Result<String, ReadyError> {
    answer
        .pointer(pointer)
        .and_then(Doc::as_str)
        .map(str::to_string)
        .ok_or_else(|| ReadyError::Missing { pointer: pointer.into(), answer: answer.to_string() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_refused_call_says_which_one_it_was() {
        let mut world = World::empty(1);
        let mut deployer = Deployer { world: &mut world };
        assert!(deployer.call("sts", "GetCallerIdentity", "eu-west-1", json!({})).is_ok());
        let error = deployer.call("sts", "AssumeNothing", "eu-west-1", json!({})).unwrap_err();
        assert_eq!(error.to_string(), "there is no sts AssumeNothing");
    }

    #[test]
    fn what_does_not_come_is_late() {
        let mut world = World::empty(1);
        let mut deployer = Deployer { world: &mut world };
        let error = deployer.wait("a miracle", Duration::from_secs(60), |_| Ok(false)).unwrap_err();
        assert_eq!(error.to_string(), "a miracle did not come within 60s");
        assert!(world.now.since(crate::Moment::START) >= Duration::from_secs(60));
    }
}
