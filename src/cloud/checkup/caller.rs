//! Who signs, and what time it is where AWS checks the signature.

use crate::cloud::Aws;
use crate::cloud::edge::text;
use crate::cloud::error::call_error;
use crate::model::outcome::CallError;
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::Intercept;
use aws_smithy_runtime_api::client::interceptors::context::BeforeDeserializationInterceptorContextRef;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;
use jiff::{SignedDuration, Timestamp};
use std::sync::{Arc, Mutex, PoisonError};

/// The account and the principal that calls are signed for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    pub account: String,
    pub arn: String,
    /// How far AWS's clock is ahead of ours, as the header `Date` of its answer tells; to a second or so.
    pub ahead: Option<SignedDuration>,
}

/// Keeps the header `Date` of an answer.
#[derive(Debug, Clone, Default)]
struct Dated(Arc<Mutex<Option<String>>>);

impl Intercept for Dated {
    fn name(&self) -> &'static str {
        "Dated"
    }

    fn read_before_deserialization(
        &self,
        context: &BeforeDeserializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let date = context.response().headers().get("date").map(String::from);
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = date;
        Ok(())
    }
}

/// Asks STS of the Region, which needs no permission (STS API Reference, GetCallerIdentity).
///
/// # Errors
/// As the call ends.
pub async fn caller(aws: &Aws, region: &str) -> Result<Caller, CallError> {
    let dated = Dated::default();
    let before = aws.0.clock.now();
    let call = aws.regional(region)?.sts.get_caller_identity().customize().interceptor(dated.clone());
    let answer = call.send().await.map_err(call_error)?;
    let after = aws.0.clock.now();
    let date = dated.0.lock().unwrap_or_else(PoisonError::into_inner).take();
    Ok(Caller {
        account: text(answer.account()),
        arn: text(answer.arn()),
        ahead: date.and_then(|date| ahead(&date, before, after)),
    })
}

/// The answer was dated between the two moments. A date that cannot be read tells nothing.
fn ahead(date: &str, before: Timestamp, after: Timestamp) -> Option<SignedDuration> {
    let told = jiff::fmt::rfc2822::parse(date).ok()?.timestamp();
    let middle = before + after.duration_since(before) / 2;
    Some(told.duration_since(middle))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_tells_how_far_the_clock_is_off() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let (before, after) = (at("2026-01-05T14:00:00Z"), at("2026-01-05T14:00:02Z"));
        let told = |date: &str| ahead(date, before, after).map(|ahead| ahead.as_secs());
        assert_eq!(told("Mon, 05 Jan 2026 14:00:01 GMT"), Some(0));
        assert_eq!(told("Mon, 05 Jan 2026 14:10:01 GMT"), Some(600));
        assert_eq!(told("Mon, 05 Jan 2026 13:50:01 GMT"), Some(-600));
        assert_eq!(told("yesterday"), None);
    }
}
