//! Bytes to trees and back, one file a codec.
//!
//! [`decode`] finds the operation and reads the input; [`encode`] writes the answer or the refusal in
//! the protocol that the client speaks. The codecs know bytes and trees only: AWS's words for bad
//! bytes are put here, the documents of errors in [`error`].

mod cbor;
pub mod error;
mod gzip;
mod json;
mod query;
mod rest;
pub mod scope;
#[cfg(test)]
mod tests;
mod xml;

use crate::doc::{Doc, Input};
use crate::moment::{MARK, Moment};
use crate::operation::{Answer, MISSHAPEN, Operation, Protocol, Refusal, Service};
use http::header::{CONTENT_TYPE, HeaderName, HeaderValue, LOCATION};
use serde_json::Map;

pub type Request = http::Request<Vec<u8>>;
pub type Response = http::Response<Vec<u8>>;

/// The largest body that is read, in bytes, before and after inflating (CloudWatch API Reference,
/// PutMetricData: 1 MB; for the other services assumed).
pub const MAX_BODY: usize = 1 << 20;

/// How deep a tree may be: deeper ones are refused before they are built. No AWS input comes near.
const DEPTH: usize = 64;

/// A request understood.
#[derive(Debug)]
pub struct Decoded {
    pub operation: &'static Operation,
    /// The one of the service's protocols that the client speaks.
    pub protocol: Protocol,
    pub input: Input,
}

/// The one of the service's protocols that the client speaks.
pub fn protocol(service: &Service, request: &Request) -> Protocol {
    let asked = |wanted: fn(&Protocol) -> bool| service.speaks.iter().copied().find(wanted);
    let told = if header(request, "smithy-protocol") == "rpc-v2-cbor" {
        asked(|p| matches!(p, Protocol::Cbor))
    } else if request.headers().contains_key("x-amz-target") {
        asked(|p| matches!(p, Protocol::Json { .. }))
    } else if is_form(request) {
        asked(|p| matches!(p, Protocol::Query { .. }))
    } else {
        None
    };
    told.or(service.speaks.first().copied()).unwrap_or(Protocol::RestJson)
}

/// What the request asks of `service`.
pub fn decode(service: &'static Service, request: &Request) -> Answer<Decoded> {
    let protocol = protocol(service, request);
    let body = gzip::body(request, MAX_BODY)?;
    let serialization = |message: String| Refusal::new(400, "SerializationException", message);
    let (operation, input) = match protocol {
        Protocol::Json { target, .. } => {
            let operation = named(service, json::operation(target, header(request, "x-amz-target")))?;
            (operation, Input::Typed(json::read(&body).map_err(serialization)?))
        }
        Protocol::Cbor => {
            let operation = named(service, cbor::operation(request.uri().path()))?;
            let doc =
                if body.is_empty() { Doc::Object(Map::new()) } else { cbor::read(&body).map_err(serialization)? };
            (operation, Input::Typed(doc))
        }
        Protocol::Query { xmlns } => {
            let form = query::Form::read(request.uri().query().unwrap_or_default(), &body)?;
            let operation = find(service, &form.action).ok_or_else(|| form.unknown(xmlns))?;
            (operation, Input::Text(form.into_tree()?))
        }
        Protocol::RestXml { .. } | Protocol::RestJson => {
            let asked = rest::find(service, request)?;
            let read = match protocol {
                _ if body.is_empty() => Doc::Object(Map::new()),
                Protocol::RestJson => json::read(&body).map_err(serialization)?,
                _ => xml::read(&body).map_err(|message| Refusal::new(400, MISSHAPEN, message))?,
            };
            let doc = rest::merge(read, asked.members);
            let input = if protocol == Protocol::RestJson { Input::Typed(doc) } else { Input::Text(doc) };
            (asked.operation, input)
        }
    };
    Ok(Decoded { operation, protocol, input })
}

/// The answer in the protocol of the client.
pub fn encode(
    service: &Service,
    protocol: Protocol,
    operation: Option<&Operation>,
    answer: Answer<Doc>,
    id: &str,
) -> Response {
    let mut doc = match answer {
        Ok(doc) => doc,
        Err(refusal) => return error::document(Some(service), protocol, &refusal, id),
    };
    let name = operation.map_or("", |operation| operation.name);
    let status = operation.and_then(|operation| operation.routes.first()).map_or(200, |route| route.status);
    match protocol {
        Protocol::Json { .. } | Protocol::RestJson => respond(protocol, status, json::write(&doc), id),
        Protocol::Cbor => respond(protocol, status, cbor::write(&doc), id),
        Protocol::Query { xmlns } => {
            let body = xml::query_answer(service.items, name, xmlns, &doc, id);
            respond(protocol, status, body, id)
        }
        Protocol::RestXml { xmlns } => {
            let location = doc.as_object_mut().and_then(|members| members.remove("Location"));
            let body = xml::rest_answer(service.items, name, xmlns, &doc);
            let mut response = respond(protocol, status, body, id);
            if let Some(Doc::String(location)) = location {
                put(&mut response, LOCATION, &location);
            }
            response
        }
    }
}

/// The `Content-Type` of every answer in this protocol.
fn content_type(protocol: Protocol) -> &'static str {
    match protocol {
        Protocol::Json { version: "1.0", .. } => "application/x-amz-json-1.0",
        Protocol::Json { .. } => "application/x-amz-json-1.1",
        Protocol::RestJson => "application/json",
        Protocol::Cbor => "application/cbor",
        Protocol::Query { .. } | Protocol::RestXml { .. } => "text/xml",
    }
}

fn respond(protocol: Protocol, status: u16, body: Vec<u8>, id: &str) -> Response {
    let mut response = Response::new(body);
    *response.status_mut() = http::StatusCode::from_u16(status).unwrap_or(http::StatusCode::INTERNAL_SERVER_ERROR);
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type(protocol)));
    put(&mut response, HeaderName::from_static("x-amzn-requestid"), id);
    if protocol == Protocol::Cbor {
        put(&mut response, HeaderName::from_static("smithy-protocol"), "rpc-v2-cbor");
    }
    response
}

fn put(response: &mut Response, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}

/// A header as text; empty when it is absent or no text.
pub(crate) fn header<'a>(request: &'a Request, name: &str) -> &'a str {
    request.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

fn is_form(request: &Request) -> bool {
    header(request, "content-type").starts_with("application/x-www-form-urlencoded")
        || request.uri().query().is_some_and(|query| query.split('&').any(|pair| pair.starts_with("Action=")))
}

fn find(service: &'static Service, name: &str) -> Option<&'static Operation> {
    service.operations.iter().find(|operation| operation.name == name)
}

fn named(service: &'static Service, name: &str) -> Answer<&'static Operation> {
    find(service, name).ok_or_else(|| {
        let message = if name.is_empty() { String::new() } else { format!("The operation {name} is not known.") };
        Refusal::new(400, error::UNKNOWN_OPERATION, message)
    })
}

/// The moment that a tree stands for.
fn moment_of(members: &Map<String, Doc>) -> Option<Moment> {
    if members.len() != 1 {
        return None;
    }
    members.get(MARK).and_then(Doc::as_u64).map(Moment)
}
