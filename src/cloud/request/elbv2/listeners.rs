//! Requests that make and change listeners and their rules.

use super::super::members::{Members, whole};
use super::Sent;
use super::words::{actions, conditions, protocol, tags};
use crate::cloud::edge::some_text;
use crate::cloud::error::call_error;
use crate::model::outcome::CallError;
use aws_sdk_elasticloadbalancingv2::Client;
use aws_sdk_elasticloadbalancingv2::operation::RequestId;
use aws_sdk_elasticloadbalancingv2::types::Certificate;
use serde_json::Value;

pub async fn create(client: &Client, input: &Value) -> Sent {
    let call = whole(input, "CreateListener", |m| {
        Ok(client
            .create_listener()
            .set_load_balancer_arn(m.text("LoadBalancerArn")?)
            .set_protocol(protocol(m, "Protocol")?)
            .set_port(m.int("Port")?)
            .set_ssl_policy(m.text("SslPolicy")?)
            .set_certificates(certificates(m)?)
            .set_default_actions(actions(m, "DefaultActions")?)
            .set_tags(tags(m)?))
    })?;
    Ok(some_text(call.send().await.map_err(call_error)?.request_id()))
}

pub async fn modify(client: &Client, input: &Value) -> Sent {
    let call = whole(input, "ModifyListener", |m| {
        Ok(client
            .modify_listener()
            .set_listener_arn(m.text("ListenerArn")?)
            .set_protocol(protocol(m, "Protocol")?)
            .set_port(m.int("Port")?)
            .set_ssl_policy(m.text("SslPolicy")?)
            .set_certificates(certificates(m)?)
            .set_default_actions(actions(m, "DefaultActions")?))
    })?;
    Ok(some_text(call.send().await.map_err(call_error)?.request_id()))
}

fn certificates(m: &Members<'_>) -> Result<Option<Vec<Certificate>>, CallError> {
    m.list("Certificates", |m| Ok(Certificate::builder().set_certificate_arn(m.text("CertificateArn")?).build()))
}

pub async fn delete(client: &Client, input: &Value) -> Sent {
    let call =
        whole(input, "DeleteListener", |m| Ok(client.delete_listener().set_listener_arn(m.text("ListenerArn")?)))?;
    Ok(some_text(call.send().await.map_err(call_error)?.request_id()))
}

pub async fn create_rule(client: &Client, input: &Value) -> Sent {
    let call = whole(input, "CreateRule", |m| {
        Ok(client
            .create_rule()
            .set_listener_arn(m.text("ListenerArn")?)
            .set_priority(m.int("Priority")?)
            .set_conditions(conditions(m)?)
            .set_actions(actions(m, "Actions")?)
            .set_tags(tags(m)?))
    })?;
    Ok(some_text(call.send().await.map_err(call_error)?.request_id()))
}

pub async fn modify_rule(client: &Client, input: &Value) -> Sent {
    let call = whole(input, "ModifyRule", |m| {
        let call = client.modify_rule().set_rule_arn(m.text("RuleArn")?);
        Ok(call.set_conditions(conditions(m)?).set_actions(actions(m, "Actions")?))
    })?;
    Ok(some_text(call.send().await.map_err(call_error)?.request_id()))
}

pub async fn delete_rule(client: &Client, input: &Value) -> Sent {
    let call = whole(input, "DeleteRule", |m| Ok(client.delete_rule().set_rule_arn(m.text("RuleArn")?)))?;
    Ok(some_text(call.send().await.map_err(call_error)?.request_id()))
}
