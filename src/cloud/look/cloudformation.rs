//! Stacks of AWS CloudFormation.

use crate::cloud::Aws;
use crate::cloud::edge::{some_text, text};
use crate::cloud::error::call_error;
use crate::model::deploy::Seen;
use crate::model::outcome::{CallError, ErrorClass};
use aws_sdk_cloudformation::types::Stack;
use serde_json::{Map, Value, json};

/// The stack of this name: its status, outputs, parameters and template. A status reason stands in
/// `gives["reason"]`.
///
/// # Errors
/// As the calls end.
pub async fn stack(aws: &Aws, region: &str, name: &str) -> Result<Seen, CallError> {
    let client = &aws.regional(region)?.cloudformation.reads;
    let answer = match client.describe_stacks().stack_name(name).send().await.map_err(call_error) {
        Ok(answer) => answer,
        Err(error) if absent(&error) => return Ok(Seen::absent()),
        Err(error) => return Err(error),
    };
    let Some(found) = answer.stacks().first() else { return Ok(Seen::absent()) };
    let body = match client.get_template().stack_name(name).send().await.map_err(call_error) {
        Ok(answer) => answer.template_body().unwrap_or_default().to_string(),
        // it went between the two calls
        Err(error) if absent(&error) => return Ok(Seen::absent()),
        Err(error) => return Err(error),
    };
    let mut seen = seen(found, body);
    if seen.state.contains("FAILED") || seen.state.contains("ROLLBACK") {
        seen = seen.giving("reason", reason(aws, region, name).await);
    }
    Ok(seen)
}

/// CloudFormation has no code of its own for it: `ValidationError: Stack with id X does not exist`.
fn absent(error: &CallError) -> bool {
    error.class == ErrorClass::NotFound
        || (error.code.as_deref() == Some("ValidationError") && error.message.contains("does not exist"))
}

fn seen(found: &Stack, body: String) -> Seen {
    let state = text(found.stack_status().map(|status| status.as_str()));
    if state == "DELETE_COMPLETE" {
        return Seen::absent();
    }
    let of = |key: Option<&str>, value: Option<&str>| Some((text(Some(key?)), json!(text(value))));
    let parameters: Map<String, Value> =
        found.parameters().iter().filter_map(|one| of(one.parameter_key(), one.parameter_value())).collect();
    let mut seen = Seen::there(state, json!({ "TemplateBody": body, "Parameters": parameters }));
    for output in found.outputs() {
        if let (Some(key), Some(value)) = (some_text(output.output_key()), some_text(output.output_value())) {
            seen = seen.giving(&key, value);
        }
    }
    let tag = |tag: &aws_sdk_cloudformation::types::Tag| Some((some_text(tag.key())?, text(tag.value())));
    let tags = found.tags().iter().filter_map(tag).collect();
    seen.giving("arn", text(found.stack_id())).tagged(tags)
}

/// The records that a certificate of the stack waits for, by name: CloudFormation tells them among its events, as
/// `Content of DNS Record is: {Name: _x.example.com.,Type: CNAME,Value: ..}`. Without an answer there are none.
pub async fn wanted_records(aws: &Aws, region: &str, name: &str) -> Vec<String> {
    let Ok(regional) = aws.regional(region) else { return vec![] };
    let asked = regional.cloudformation.reads.describe_stack_events().stack_name(name).send().await;
    let events = asked.ok().and_then(|answer| answer.stack_events).unwrap_or_default();
    let mut records: Vec<String> =
        events.iter().filter_map(|event| record_in(event.resource_status_reason()?)).collect();
    records.sort();
    records.dedup();
    records
}

fn record_in(reason: &str) -> Option<String> {
    let (_, rest) = reason.split_once("DNS Record is: {Name: ")?;
    let (name, _) = rest.split_once(',')?;
    some_text(Some(name.trim_end_matches('.')))
}

/// Why it failed: the first resource that did, in AWS's words. Without an answer there are none.
async fn reason(aws: &Aws, region: &str, name: &str) -> String {
    let Ok(regional) = aws.regional(region) else { return String::new() };
    let asked = regional.cloudformation.reads.describe_stack_events().stack_name(name).send().await;
    let events = asked.ok().and_then(|answer| answer.stack_events).unwrap_or_default();
    let failed = |status: &str| status.ends_with("_FAILED");
    // newest first; what was cancelled failed because of another
    let cause = events.iter().rev().find(|event| {
        let status = event.resource_status().map_or("", |status| status.as_str());
        failed(status) && event.resource_status_reason().is_some_and(|why| !why.contains("cancelled"))
    });
    cause.map_or_else(String::new, |event| {
        let (of, why) = (text(event.logical_resource_id()), text(event.resource_status_reason()));
        format!("{of}: {why}")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_record_of_proof_stands_in_the_words_of_an_event() {
        let words =
            "Content of DNS Record is: {Name: _a1.app.shop.example.,Type: CNAME,Value: _b2.acm-validations.aws.}";
        assert_eq!(record_in(words).as_deref(), Some("_a1.app.shop.example"));
        assert_eq!(record_in("Resource creation Initiated"), None);
    }
}
