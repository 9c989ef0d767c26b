//! Elastic Load Balancing: load balancers and target groups by name, listeners by port, rules by path.

mod listener;
mod load_balancer;
mod rule;
mod target_group;
mod words;

pub use listener::{listener, listener_called};
pub use load_balancer::load_balancer;
pub use rule::rule;
pub use target_group::target_group;

use super::known;
use crate::cloud::discover::is_arn;
use crate::cloud::edge::text;
use crate::cloud::error::call_error;
use crate::model::outcome::CallError;
use aws_sdk_elasticloadbalancingv2::Client;
use aws_sdk_elasticloadbalancingv2::types::{Listener, LoadBalancer};
use std::collections::BTreeMap;

/// By its name or its ARN.
async fn named(client: &Client, name: &str) -> Result<Option<LoadBalancer>, CallError> {
    let call = match is_arn(name) {
        true => client.describe_load_balancers().load_balancer_arns(name),
        false => client.describe_load_balancers().names(name),
    };
    let answer = known(call.send().await.map_err(call_error))?;
    Ok(answer.and_then(|answer| answer.load_balancers.unwrap_or_default().into_iter().next()))
}

/// The listeners of the load balancer called `balancer`. A load balancer has 50 at most: they come in one page
/// (Elastic Load Balancing API Reference, DescribeListeners).
async fn listeners(client: &Client, balancer: &str) -> Result<Vec<Listener>, CallError> {
    let Some(balancer) = named(client, balancer).await? else { return Ok(vec![]) };
    let call = client.describe_listeners().set_load_balancer_arn(balancer.load_balancer_arn);
    let answer = known(call.send().await.map_err(call_error))?;
    Ok(answer.and_then(|answer| answer.listeners).unwrap_or_default())
}

/// The one that listens on this port.
fn on_port(listeners: &[Listener], port: u16) -> Option<&Listener> {
    listeners.iter().find(|listener| listener.port() == Some(i32::from(port)))
}

async fn tags(client: &Client, arn: &str) -> Result<BTreeMap<String, String>, CallError> {
    let answer = client.describe_tags().resource_arns(arn).send().await.map_err(call_error)?;
    let tags = answer.tag_descriptions().iter().flat_map(|description| description.tags());
    Ok(tags.map(|tag| (text(tag.key()), text(tag.value()))).collect())
}
