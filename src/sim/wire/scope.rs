//! The scope of a SigV4 signature: on one endpoint it alone tells the service and the Region.
//! Signatures themselves are not verified.

use super::{Request, header, query};

/// What a signature says of its maker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    pub access_key: String,
    /// `YYYYMMDD`.
    pub date: String,
    pub region: String,
    pub service: String,
    pub signed_headers: Vec<String>,
}

/// How a request is signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Signing {
    Unsigned,
    /// Signed, but not as SigV4 prescribes; with AWS's words for it.
    Malformed(String),
    Signed(Scope),
}

const ALGORITHM: &str = "AWS4-HMAC-SHA256";

/// Reads the Authorization header or, when there is none, a presigned address.
pub fn read(request: &Request) -> Signing {
    let authorization = header(request, "authorization");
    if !authorization.is_empty() {
        return from_header(authorization);
    }
    let (mut credential, mut signed) = (None, String::new());
    for pair in request.uri().query().unwrap_or_default().split('&') {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let Ok(value) = query::decode(value.as_bytes()) else { continue };
        match name {
            "X-Amz-Credential" => credential = Some(value),
            "X-Amz-SignedHeaders" => signed = value,
            _ => {}
        }
    }
    credential.map_or(Signing::Unsigned, |credential| scope(&credential, &signed))
}

fn from_header(authorization: &str) -> Signing {
    let Some(rest) = authorization.strip_prefix(ALGORITHM) else {
        let kind = authorization.split_whitespace().next().unwrap_or_default();
        return Signing::Malformed(format!("Unsupported Authorization header: {}", kind.escape_debug()));
    };
    let (mut credential, mut signed, mut signature) = ("", "", "");
    for part in rest.split(',') {
        match part.trim().split_once('=') {
            Some(("Credential", value)) => credential = value,
            Some(("SignedHeaders", value)) => signed = value,
            Some(("Signature", value)) => signature = value,
            _ => {}
        }
    }
    for (name, value) in [("Credential", credential), ("SignedHeaders", signed), ("Signature", signature)] {
        if value.is_empty() {
            return Signing::Malformed(format!("Authorization header requires '{name}' parameter."));
        }
    }
    scope(credential, signed)
}

fn scope(credential: &str, signed: &str) -> Signing {
    let parts: Vec<&str> = credential.split('/').collect();
    match parts.as_slice() {
        [access_key, date, region, service, "aws4_request"] if parts.iter().all(|part| !part.is_empty()) => {
            Signing::Signed(Scope {
                access_key: access_key.to_string(),
                date: date.to_string(),
                region: region.to_string(),
                service: service.to_string(),
                signed_headers: signed.split(';').filter(|name| !name.is_empty()).map(str::to_string).collect(),
            })
        }
        _ => Signing::Malformed(format!(
            "Credential must have exactly 5 slash-delimited elements, e.g. \
             keyid/date/region/service/term, got '{}'",
            credential.escape_debug()
        )),
    }
}
