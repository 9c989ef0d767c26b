//! Requests to AWS CloudFormation.

use super::members::{Members, whole};
use super::unknown;
use crate::cloud::Aws;
use crate::cloud::edge::some_text;
use crate::cloud::error::call_error;
use crate::model::outcome::CallError;
use aws_sdk_cloudformation::operation::RequestId;
use aws_sdk_cloudformation::types::{Capability, OnFailure, Parameter, Tag};
use serde_json::Value;

pub(super) async fn send(aws: &Aws, region: &str, operation: &str, input: &Value) -> Result<Option<String>, CallError> {
    let client = &aws.regional(region)?.cloudformation.writes;
    match operation {
        "CreateStack" => {
            let call = whole(input, operation, |m| {
                Ok(client
                    .create_stack()
                    .set_stack_name(m.text("StackName")?)
                    .set_template_body(m.text("TemplateBody")?)
                    .set_parameters(parameters(m)?)
                    .set_capabilities(capabilities(m)?)
                    .set_tags(tags(m)?)
                    .set_on_failure(m.text("OnFailure")?.map(|word| OnFailure::from(word.as_str())))
                    .set_enable_termination_protection(m.flag("EnableTerminationProtection")?)
                    .set_client_request_token(m.text("ClientRequestToken")?))
            })?;
            Ok(some_text(call.send().await.map_err(call_error)?.request_id()))
        }
        "UpdateStack" => {
            let call = whole(input, operation, |m| {
                Ok(client
                    .update_stack()
                    .set_stack_name(m.text("StackName")?)
                    .set_template_body(m.text("TemplateBody")?)
                    .set_parameters(parameters(m)?)
                    .set_capabilities(capabilities(m)?)
                    .set_tags(tags(m)?)
                    .set_client_request_token(m.text("ClientRequestToken")?))
            })?;
            Ok(some_text(call.send().await.map_err(call_error)?.request_id()))
        }
        "UpdateTerminationProtection" => {
            let call = whole(input, operation, |m| {
                Ok(client
                    .update_termination_protection()
                    .set_stack_name(m.text("StackName")?)
                    .set_enable_termination_protection(m.flag("EnableTerminationProtection")?))
            })?;
            Ok(some_text(call.send().await.map_err(call_error)?.request_id()))
        }
        "DeleteStack" => {
            let call = whole(input, operation, |m| Ok(client.delete_stack().set_stack_name(m.text("StackName")?)))?;
            Ok(some_text(call.send().await.map_err(call_error)?.request_id()))
        }
        _ => Err(unknown("cloudformation", operation)),
    }
}

fn parameters(m: &Members<'_>) -> Result<Option<Vec<Parameter>>, CallError> {
    m.list("Parameters", |m| {
        let parameter = Parameter::builder().set_parameter_key(m.text("ParameterKey")?);
        Ok(parameter.set_parameter_value(m.text("ParameterValue")?).build())
    })
}

fn capabilities(m: &Members<'_>) -> Result<Option<Vec<Capability>>, CallError> {
    Ok(m.texts("Capabilities")?.map(|words| words.iter().map(|word| Capability::from(word.as_str())).collect()))
}

fn tags(m: &Members<'_>) -> Result<Option<Vec<Tag>>, CallError> {
    m.list("Tags", |m| Ok(Tag::builder().set_key(m.text("Key")?).set_value(m.text("Value")?).build()))
}
