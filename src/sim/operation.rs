//! A service is a table of operations; an operation is one function with typed input and output.
//!
//! Input and output types are written with AWS's spelling of every member. A plain (not `Option`)
//! member of an output is our promise that it is always there; `None` is left out by every codec.

use crate::doc::{self, Doc, Input};
use crate::moment::Moment;
use crate::world::World;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// How a service is spoken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protocol {
    /// awsJson1_0 / 1_1: `X-Amz-Target: <target>.<Operation>`.
    Json {
        target: &'static str,
        version: &'static str,
    },
    /// awsQuery: a form in, XML out.
    Query {
        xmlns: &'static str,
    },
    /// smithy rpc-v2-cbor: `/service/<shape>/operation/<Operation>`.
    Cbor,
    RestXml {
        xmlns: &'static str,
    },
    RestJson,
}

/// A service of AWS as this world speaks it.
#[derive(Debug)]
pub struct Service {
    /// SigV4 signing name: it finds the service.
    pub scope: &'static str,
    /// Every protocol that is understood; the request decides which one is used.
    pub speaks: &'static [Protocol],
    /// XML lists whose items are not called `member`: (list, item). An empty item name means that
    /// the list is flattened.
    pub items: &'static [(&'static str, &'static str)],
    /// The error code for input that does not have the shape of the operation.
    pub misshapen: &'static str,
    /// One control plane for the whole partition (in us-east-1), whatever Region signs.
    pub global: bool,
    pub operations: &'static [Operation],
}

#[derive(Debug)]
pub struct Operation {
    pub name: &'static str,
    /// REST services only; the first is the one AWS documents.
    pub routes: &'static [Route],
    /// Whether it only reads: faults that lose an answer after applying it spare reads nothing.
    pub reads: bool,
    pub run: fn(&mut World, &Caller, Input) -> Answer<Doc>,
}

/// `POST /2013-04-01/hostedzone/{Id}/rrset` -> 200. `{Id}` becomes a member of the input, and so
/// does every query parameter.
#[derive(Debug)]
pub struct Route {
    pub method: &'static str,
    pub path: &'static str,
    pub status: u16,
}

/// Who asks, where and when.
#[derive(Debug, Clone)]
pub struct Caller {
    pub region: String,
    /// The access key id.
    pub principal: String,
    pub now: Moment,
}

/// An error as AWS words it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {message}")]
pub struct Refusal {
    pub status: u16,
    pub code: &'static str,
    pub message: String,
    /// Members besides the message, where the error has some and the protocol is one of JSON.
    pub details: Option<Doc>,
}

/// Stands for [`Service::misshapen`] until the door knows which service was asked.
pub const MISSHAPEN: &str = "(misshapen)";

impl Refusal {
    pub fn new(status: u16, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into(), details: None }
    }

    pub fn with(self, details: Doc) -> Self {
        Self { details: Some(details), ..self }
    }
}

/// A required member that is absent is worded as AWS's validation does it.
impl From<doc::Mismatch> for Refusal {
    fn from(mismatch: doc::Mismatch) -> Self {
        let Some(member) = mismatch.missing() else { return Self::new(400, MISSHAPEN, mismatch.0) };
        let (first, rest) = member.split_at(member.chars().next().map_or(0, char::len_utf8));
        let member = format!("{}{rest}", first.to_lowercase());
        let message = format!(
            "1 validation error detected: Value null at '{member}' failed to satisfy constraint: Member must not be null"
        );
        Self::new(400, MISSHAPEN, message)
    }
}

pub type Answer<T> = Result<T, Refusal>;

/// What an operation with nothing to say answers.
#[derive(Debug, Serialize)]
pub struct Empty {}

/// Reads an input, as strictly as its protocol demands.
pub fn input<T: DeserializeOwned>(input: Input) -> Answer<T> {
    Ok(input.read()?)
}

/// Writes an output as a tree.
pub fn output(value: &impl Serialize) -> Answer<Doc> {
    serde_json::to_value(value).map_err(|e| Refusal::new(500, "InternalFailure", e.to_string()))
}

/// The table of a service:
///
/// ```ignore
/// operations![
///     DescribeServices => describe, reads;
///     UpdateService => update;
///     CreateHostedZone => create, "POST" "/2013-04-01/hostedzone" 201;
///     GetHostedZone => get, reads, "GET" "/2013-04-01/hostedzone/{Id}" 200;
/// ]
/// ```
///
/// Each function is `fn(&mut World, &Caller, In) -> Answer<Out>`.
#[macro_export]
macro_rules! operations {
    ($($name:ident => $run:path $(, $reads:ident)? $(, $method:literal $path:literal $status:literal)*);* $(;)?) => {
        &[$($crate::operation::Operation {
            name: stringify!($name),
            routes: &[$($crate::operation::Route { method: $method, path: $path, status: $status }),*],
            reads: $crate::operations!(@reads $($reads)?),
            run: |world, caller, ask| {
                $crate::operation::output(&$run(world, caller, $crate::operation::input(ask)?)?)
            },
        }),*]
    };
    (@reads) => { false };
    (@reads reads) => { true };
}
