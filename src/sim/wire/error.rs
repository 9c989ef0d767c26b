//! Refusals as documents, one form a protocol.

use super::{Request, Response, cbor, header, is_form, json, put, respond, xml};
use crate::doc::Doc;
use crate::operation::{MISSHAPEN, Protocol, Refusal, Service};
use http::header::HeaderName;
use serde_json::json;

/// The code for an operation that a service does not have, where the protocol has no code of its own.
pub const UNKNOWN_OPERATION: &str = "UnknownOperationException";

/// The namespace of errors that come before a service is known.
const FAULT_XMLNS: &str = "http://webservices.amazon.com/AWSFault/2005-15-09";

/// CloudWatch's errors that are called one thing in awsQuery and another in its model
/// (CloudWatch API model, `error.code` of each shape): (code, shape).
const SHAPES: &[(&str, &str)] = &[
    ("InternalServiceError", "InternalServiceFault"),
    ("InvalidFormat", "InvalidFormatFault"),
    ("InvalidParameterCombination", "InvalidParameterCombinationException"),
    ("InvalidParameterInput", "DashboardInvalidInputError"),
    ("InvalidParameterValue", "InvalidParameterValueException"),
    ("LimitExceeded", "LimitExceededFault"),
    ("MissingParameter", "MissingRequiredParameterException"),
];

/// The answer that says `refusal`.
pub fn document(service: Option<&Service>, protocol: Protocol, refusal: &Refusal, id: &str) -> Response {
    let code = code(service, refusal);
    match protocol {
        Protocol::Json { .. } | Protocol::RestJson | Protocol::Cbor => {
            let shape = shape(service, code);
            let mut doc = json!({ "__type": shape, "message": refusal.message });
            if let (Some(members), Some(Doc::Object(more))) = (doc.as_object_mut(), &refusal.details) {
                members.extend(more.clone());
            }
            let body = if protocol == Protocol::Cbor { cbor::write(&doc) } else { json::write(&doc) };
            let mut response = respond(protocol, refusal.status, body, id);
            if protocol != Protocol::Cbor {
                put(&mut response, HeaderName::from_static("x-amzn-errortype"), shape);
            }
            response
        }
        Protocol::Query { xmlns } | Protocol::RestXml { xmlns } => {
            let body = xml::error(xmlns, blame(refusal), code, &refusal.message, id);
            respond(protocol, refusal.status, body, id)
        }
    }
}

/// Tells a client that was built for awsQuery and speaks another protocol now the code that it knows.
pub fn note_query_code(request: &Request, service: &Service, refusal: &Refusal, response: &mut Response) {
    if header(request, "x-amzn-query-mode") == "true" {
        let value = format!("{};{}", code(Some(service), refusal), blame(refusal));
        put(response, HeaderName::from_static("x-amzn-query-error"), &value);
    }
}

/// The protocol that a request looks like, for errors that come before a service is known.
pub fn guess(request: &Request) -> Protocol {
    let media = header(request, "content-type");
    if header(request, "smithy-protocol") == "rpc-v2-cbor" || media == "application/cbor" {
        Protocol::Cbor
    } else if request.headers().contains_key("x-amz-target") || media.starts_with("application/x-amz-json") {
        Protocol::Json { target: "", version: if media.ends_with("1.0") { "1.0" } else { "1.1" } }
    } else if is_form(request) {
        Protocol::Query { xmlns: FAULT_XMLNS }
    } else if media.starts_with("application/json") {
        Protocol::RestJson
    } else {
        Protocol::RestXml { xmlns: FAULT_XMLNS }
    }
}

/// Whether the protocol words its errors as XML documents.
pub fn in_xml(protocol: Protocol) -> bool {
    matches!(protocol, Protocol::Query { .. } | Protocol::RestXml { .. })
}

/// The code as the service spells it.
pub fn code(service: Option<&Service>, refusal: &Refusal) -> &'static str {
    match service {
        Some(service) if refusal.code == MISSHAPEN => service.misshapen,
        None if refusal.code == MISSHAPEN => "ValidationError",
        _ => refusal.code,
    }
}

fn shape(service: Option<&Service>, code: &'static str) -> &'static str {
    let was_query = service.is_some_and(|service| service.speaks.iter().any(|p| matches!(p, Protocol::Query { .. })));
    let known = SHAPES.iter().find(|(query, _)| was_query && *query == code);
    known.map_or(code, |(_, shape)| shape)
}

fn blame(refusal: &Refusal) -> &'static str {
    if refusal.status < 500 { "Sender" } else { "Receiver" }
}
