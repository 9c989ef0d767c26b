//! Requests that make and change load balancers.

use super::super::members::whole;
use super::Sent;
use super::words::tags;
use crate::cloud::edge::some_text;
use crate::cloud::error::call_error;
use aws_sdk_elasticloadbalancingv2::Client;
use aws_sdk_elasticloadbalancingv2::operation::RequestId;
use aws_sdk_elasticloadbalancingv2::types::{
    IpAddressType, LoadBalancerAttribute, LoadBalancerSchemeEnum, LoadBalancerTypeEnum,
};
use serde_json::Value;

pub async fn create(client: &Client, input: &Value) -> Sent {
    let call = whole(input, "CreateLoadBalancer", |m| {
        Ok(client
            .create_load_balancer()
            .set_name(m.text("Name")?)
            .set_subnets(m.texts("Subnets")?)
            .set_security_groups(m.texts("SecurityGroups")?)
            .set_scheme(m.text("Scheme")?.as_deref().map(LoadBalancerSchemeEnum::from))
            .set_type(m.text("Type")?.as_deref().map(LoadBalancerTypeEnum::from))
            .set_ip_address_type(m.text("IpAddressType")?.as_deref().map(IpAddressType::from))
            .set_tags(tags(m)?))
    })?;
    Ok(some_text(call.send().await.map_err(call_error)?.request_id()))
}

pub async fn modify_attributes(client: &Client, input: &Value) -> Sent {
    let call = whole(input, "ModifyLoadBalancerAttributes", |m| {
        let attributes = m.list("Attributes", |m| {
            let attribute = LoadBalancerAttribute::builder().set_key(m.text("Key")?).set_value(m.text("Value")?);
            Ok(attribute.build())
        })?;
        let call = client.modify_load_balancer_attributes().set_load_balancer_arn(m.text("LoadBalancerArn")?);
        Ok(call.set_attributes(attributes))
    })?;
    Ok(some_text(call.send().await.map_err(call_error)?.request_id()))
}

pub async fn set_security_groups(client: &Client, input: &Value) -> Sent {
    let call = whole(input, "SetSecurityGroups", |m| {
        let call = client.set_security_groups().set_load_balancer_arn(m.text("LoadBalancerArn")?);
        Ok(call.set_security_groups(m.texts("SecurityGroups")?))
    })?;
    Ok(some_text(call.send().await.map_err(call_error)?.request_id()))
}

pub async fn set_subnets(client: &Client, input: &Value) -> Sent {
    let call = whole(input, "SetSubnets", |m| {
        let call = client.set_subnets().set_load_balancer_arn(m.text("LoadBalancerArn")?);
        Ok(call.set_subnets(m.texts("Subnets")?))
    })?;
    Ok(some_text(call.send().await.map_err(call_error)?.request_id()))
}

pub async fn delete(client: &Client, input: &Value) -> Sent {
    let call = whole(input, "DeleteLoadBalancer", |m| {
        Ok(client.delete_load_balancer().set_load_balancer_arn(m.text("LoadBalancerArn")?))
    })?;
    Ok(some_text(call.send().await.map_err(call_error)?.request_id()))
}
