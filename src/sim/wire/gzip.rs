//! `Content-Encoding: gzip`, with a bound on what comes out.

use super::{Request, header};
use crate::operation::{Answer, Refusal};
use flate2::read::MultiGzDecoder;
use std::borrow::Cow;
use std::io::Read;

/// The body as its sender meant it, of at most `limit` bytes.
pub(super) fn body(request: &Request, limit: usize) -> Answer<Cow<'_, [u8]>> {
    let too_large = || {
        let message = format!("The request body is larger than {limit} bytes.");
        Refusal::new(413, "RequestEntityTooLarge", message)
    };
    if request.body().len() > limit {
        return Err(too_large());
    }
    match header(request, "content-encoding") {
        "" | "identity" => Ok(Cow::Borrowed(request.body())),
        "gzip" => {
            let mut inflated = vec![];
            MultiGzDecoder::new(request.body().as_slice())
                .take(limit as u64 + 1)
                .read_to_end(&mut inflated)
                .map_err(|e| Refusal::new(400, "SerializationException", format!("The body is not gzip: {e}")))?;
            if inflated.len() > limit { Err(too_large()) } else { Ok(Cow::Owned(inflated)) }
        }
        other => {
            let message = format!("The content encoding {} is not supported.", other.escape_debug());
            Err(Refusal::new(415, "UnsupportedMediaType", message))
        }
    }
}
