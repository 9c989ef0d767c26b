//! Routes of the REST protocols: method and path find the operation, and fill in members.

use super::error::UNKNOWN_OPERATION;
use super::{Request, query};
use crate::doc::Doc;
use crate::operation::{Answer, MISSHAPEN, Operation, Refusal, Service};
use percent_encoding::percent_decode_str;
use serde_json::Map;

/// What a method and a path ask for.
pub(super) struct Asked {
    pub(super) operation: &'static Operation,
    /// What the path captured and what the query says.
    pub(super) members: Map<String, Doc>,
}

/// Finds the operation. Of two routes that match, the one with fewer captures is meant.
pub(super) fn find(service: &'static Service, request: &Request) -> Answer<Asked> {
    let (method, path) = (request.method().as_str(), request.uri().path());
    let routes = service.operations.iter().flat_map(|op| op.routes.iter().map(move |route| (op, route)));
    let best = routes
        .filter(|(_, route)| route.method == method)
        .filter_map(|(operation, route)| Some((operation, captures(route.path, path)?)))
        .min_by_key(|(_, captured)| captured.len());
    let Some((operation, captured)) = best else {
        let message = format!("Unable to find an operation for {method} {}", path.escape_debug());
        return Err(Refusal::new(404, UNKNOWN_OPERATION, message));
    };
    let mut members = Map::new();
    for pair in request.uri().query().unwrap_or_default().split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let (name, value) = (query::decode(name.as_bytes())?, query::decode(value.as_bytes())?);
        if !name.starts_with("X-Amz-") {
            add(&mut members, name, value);
        }
    }
    for (name, value) in captured {
        let value = percent_decode_str(value)
            .decode_utf8()
            .map_err(|_| Refusal::new(400, MISSHAPEN, format!("The value of {name} is not valid UTF-8")))?;
        members.insert(name.to_string(), Doc::String(value.into_owned()));
    }
    Ok(Asked { operation, members })
}

/// A parameter that comes several times is a list.
fn add(members: &mut Map<String, Doc>, name: String, value: String) {
    let value = Doc::String(value);
    match members.get_mut(&name) {
        None => _ = members.insert(name, value),
        Some(Doc::Array(values)) => values.push(value),
        Some(one) => *one = Doc::Array(vec![one.take(), value]),
    }
}

/// What `pattern` captures from `path`; a trailing slash counts for nothing.
fn captures<'a>(pattern: &'static str, path: &'a str) -> Option<Vec<(&'static str, &'a str)>> {
    let (mut want, mut have) = (pattern.trim_end_matches('/').split('/'), path.trim_end_matches('/').split('/'));
    let mut captured = vec![];
    loop {
        match (want.next(), have.next()) {
            (None, None) => return Some(captured),
            (Some(want), Some(have)) => match want.strip_prefix('{').and_then(|want| want.strip_suffix('}')) {
                Some(name) if !have.is_empty() => captured.push((name, have)),
                None if want == have => {}
                _ => return None,
            },
            _ => return None,
        }
    }
}

/// The body with what the address says; where both name a member, the address holds.
pub(super) fn merge(body: Doc, members: Map<String, Doc>) -> Doc {
    match body {
        Doc::Object(mut fields) => {
            fields.extend(members);
            Doc::Object(fields)
        }
        _ => Doc::Object(members),
    }
}
