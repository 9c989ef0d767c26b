//! How a call to AWS ended.

use serde::{Deserialize, Serialize};
use std::fmt;

/// What an error means to whoever has to go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum ErrorClass {
    NotFound,
    Denied,
    Throttled,
    /// Credentials or their token have run out.
    Expired,
    /// The thing is in a state that does not allow this.
    Conflict,
    /// No connection could be made, or it broke before an answer.
    Unreachable,
    /// No answer in time: whether it was done is not known.
    Timeout,
    /// The request itself is wrong.
    Invalid,
    /// AWS says that it failed (5xx), or answered what cannot be understood.
    Service,
}

impl ErrorClass {
    pub fn word(self) -> &'static str {
        match self {
            ErrorClass::NotFound => "not found",
            ErrorClass::Denied => "denied",
            ErrorClass::Throttled => "throttled",
            ErrorClass::Expired => "credentials expired",
            ErrorClass::Conflict => "conflict",
            ErrorClass::Unreachable => "unreachable",
            ErrorClass::Timeout => "no answer",
            ErrorClass::Invalid => "invalid",
            ErrorClass::Service => "service error",
        }
    }

    /// Whether a mutation that ended so may have been carried out all the same.
    pub fn may_have_happened(self) -> bool {
        matches!(self, ErrorClass::Unreachable | ErrorClass::Timeout | ErrorClass::Service)
    }
}

/// A call that did not succeed. Texts are clean.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub struct CallError {
    pub class: ErrorClass,
    /// AWS's error code, when there was an answer.
    pub code: Option<String>,
    pub message: String,
    pub request_id: Option<String>,
}

impl CallError {
    pub fn new(class: ErrorClass, message: impl Into<String>) -> Self {
        Self { class, code: None, message: message.into(), request_id: None }
    }
}

impl fmt::Display for CallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.class.word())?;
        if let Some(code) = &self.code {
            write!(f, " ({code})")?;
        }
        if !self.message.is_empty() {
            write!(f, ": {}", self.message)?;
        }
        Ok(())
    }
}

/// How a mutation ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outcome {
    Done {
        request_id: Option<String>,
    },
    /// Refused: certainly not done.
    Refused(CallError),
    /// Not known: look before acting again.
    Unknown(CallError),
}

impl Outcome {
    pub fn of(result: Result<Option<String>, CallError>) -> Self {
        match result {
            Ok(request_id) => Outcome::Done { request_id },
            Err(error) if error.class.may_have_happened() => Outcome::Unknown(error),
            Err(error) => Outcome::Refused(error),
        }
    }
}
