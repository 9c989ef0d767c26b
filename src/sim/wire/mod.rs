//! Bytes to trees and back.

use crate::doc::Doc;
use crate::doc::Input;
use crate::operation::{Answer, Operation, Protocol, Service};

pub type Request = http::Request<Vec<u8>>;
pub type Response = http::Response<Vec<u8>>;

/// A request understood.
#[derive(Debug)]
pub struct Decoded {
    pub operation: &'static Operation,
    /// The one of the service's protocols that the client speaks.
    pub protocol: Protocol,
    pub input: Input,
}

/// What the request asks of `service`.
pub fn decode(_service: &'static Service, _request: &Request) -> Answer<Decoded> {
    Err(crate::operation::Refusal::new(400, "UnknownOperationException", "unknown"))
}

/// The answer in the protocol of the client.
pub fn encode(
    _service: &Service,
    _protocol: Protocol,
    _operation: Option<&Operation>,
    _answer: Answer<Doc>,
    _id: &str,
) -> Response {
    http::Response::new(vec![])
}
