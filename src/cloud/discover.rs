//! Finds the load balancer of a stack in a Region: by its name, else by its tags.

use super::Aws;
use super::edge::{some_text, text};
use super::error::call_error;
use crate::model::outcome::{CallError, ErrorClass};
use crate::model::snapshot::BalancerView;
use aws_sdk_elasticloadbalancingv2::Client;
use aws_sdk_elasticloadbalancingv2::types::{ActionTypeEnum, Listener, LoadBalancer, TagDescription, TargetGroup};

/// The tag that says whose a resource is.
const STACK: &str = "tandem:stack";
/// The tag that says what it is for the stack.
const ROLE: &str = "tandem:logical-id";
/// DescribeTags takes this many ARNs (Elastic Load Balancing API Reference, DescribeTags).
const TAGGED_AT_ONCE: usize = 20;

/// What a load balancer is looked for by.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    /// The value of the tag `tandem:stack`.
    pub stack: &'a str,
    /// Its name, or its ARN where that is given: what is given is found by nothing else.
    pub balancer: &'a str,
    pub target_group: &'a str,
    /// Its ARN, where that is given.
    pub listener: Option<&'a str>,
}

/// The load balancer, with its target group and the listener that users meet.
///
/// # Errors
/// `NotFound` when neither a name nor a tag leads to one; else as the calls end.
pub async fn balancer(aws: &Aws, region: &str, wanted: Wanted<'_>) -> Result<BalancerView, CallError> {
    let client = &aws.regional(region)?.elbv2.reads;
    let (balancer, group) = tokio::join!(find_balancer(client, wanted), find_group(client, wanted));
    let (balancer, group) = (balancer?, group?);
    let arns = [balancer.load_balancer_arn.clone().unwrap_or_default()];
    let (listeners, tags) =
        tokio::join!(client.describe_listeners().load_balancer_arn(&arns[0]).send(), tags(client, &arns));
    let listeners = listeners.map_err(call_error)?.listeners.unwrap_or_default();
    Ok(BalancerView {
        arn: text(balancer.load_balancer_arn()),
        dns_name: text(balancer.dns_name()),
        state: text(balancer.state().and_then(|state| state.code()).map(|code| code.as_str())),
        target_group_arn: text(group.target_group_arn()),
        listener_arn: match wanted.listener {
            Some(arn) => some_text(listeners.iter().filter_map(Listener::listener_arn).find(|one| *one == arn)),
            None => some_text(main_listener(&listeners)),
        },
        former_listener_arn: some_text(former_listener(&listeners)),
        owner: tags?.iter().find_map(|tagged| tag(tagged, STACK)),
    })
}

async fn find_balancer(client: &Client, wanted: Wanted<'_>) -> Result<LoadBalancer, CallError> {
    let missing = || missing("load balancer", wanted.balancer, wanted.stack);
    let call = match is_arn(wanted.balancer) {
        true => client.describe_load_balancers().load_balancer_arns(wanted.balancer),
        false => client.describe_load_balancers().names(wanted.balancer),
    };
    match call.send().await.map_err(call_error) {
        Ok(named) => named.load_balancers.unwrap_or_default().into_iter().next().ok_or_else(missing),
        Err(error) if error.class == ErrorClass::NotFound && !is_arn(wanted.balancer) => {
            let pages = client.describe_load_balancers().into_paginator().items().send();
            let all = pages.collect::<Result<Vec<_>, _>>().await.map_err(call_error)?;
            let arns = all.iter().filter_map(|balancer| balancer.load_balancer_arn.clone()).collect::<Vec<_>>();
            let found = tagged(client, &arns, wanted.stack, "alb").await?.ok_or_else(missing)?;
            all.into_iter().find(|balancer| balancer.load_balancer_arn() == Some(&found)).ok_or_else(missing)
        }
        Err(error) => Err(error),
    }
}

async fn find_group(client: &Client, wanted: Wanted<'_>) -> Result<TargetGroup, CallError> {
    let missing = || missing("target group", wanted.target_group, wanted.stack);
    let call = match is_arn(wanted.target_group) {
        true => client.describe_target_groups().target_group_arns(wanted.target_group),
        false => client.describe_target_groups().names(wanted.target_group),
    };
    match call.send().await.map_err(call_error) {
        Ok(named) => named.target_groups.unwrap_or_default().into_iter().next().ok_or_else(missing),
        Err(error) if error.class == ErrorClass::NotFound && !is_arn(wanted.target_group) => {
            let pages = client.describe_target_groups().into_paginator().items().send();
            let all = pages.collect::<Result<Vec<_>, _>>().await.map_err(call_error)?;
            let arns = all.iter().filter_map(|group| group.target_group_arn.clone()).collect::<Vec<_>>();
            let found = tagged(client, &arns, wanted.stack, "target-group").await?.ok_or_else(missing)?;
            all.into_iter().find(|group| group.target_group_arn() == Some(&found)).ok_or_else(missing)
        }
        Err(error) => Err(error),
    }
}

/// Whether it is what `[resources]` gives.
pub(in crate::cloud) fn is_arn(name: &str) -> bool {
    name.starts_with("arn:")
}

fn missing(what: &str, name: &str, stack: &str) -> CallError {
    CallError::new(ErrorClass::NotFound, format!("no {what} is called {name} or tagged {STACK}={stack}"))
}

/// The one resource with these tags. Two are none: nobody may pick one by chance.
async fn tagged(client: &Client, arns: &[String], stack: &str, role: &str) -> Result<Option<String>, CallError> {
    let ours =
        |one: &TagDescription| tag(one, STACK).as_deref() == Some(stack) && tag(one, ROLE).as_deref() == Some(role);
    let mut found: Vec<String> =
        tags(client, arns).await?.iter().filter(|one| ours(one)).filter_map(|one| one.resource_arn.clone()).collect();
    match found.len() {
        0 | 1 => Ok(found.pop()),
        n => {
            Err(CallError::new(ErrorClass::Conflict, format!("{n} resources are tagged {STACK}={stack} {ROLE}={role}")))
        }
    }
}

async fn tags(client: &Client, arns: &[String]) -> Result<Vec<TagDescription>, CallError> {
    let mut all = vec![];
    for some in arns.chunks(TAGGED_AT_ONCE) {
        let answer = client.describe_tags().set_resource_arns(Some(some.to_vec())).send().await.map_err(call_error)?;
        all.extend(answer.tag_descriptions.unwrap_or_default());
    }
    Ok(all)
}

fn tag(tagged: &TagDescription, key: &str) -> Option<String> {
    let found = tagged.tags().iter().find(|tag| tag.key() == Some(key))?;
    some_text(found.value())
}

/// HTTPS before HTTP, its usual port before others: where both are, HTTP only redirects.
fn main_listener(listeners: &[Listener]) -> Option<&str> {
    let rank = |listener: &&Listener| match listener.port() {
        Some(443) => 0,
        _ if listener.protocol().is_some_and(|protocol| protocol.as_str() == "HTTPS") => 1,
        Some(80) => 2,
        _ => 3,
    };
    listeners.iter().min_by_key(rank)?.listener_arn()
}

/// The usual one for HTTP, where it stands beside HTTPS and does more than redirect.
fn former_listener(listeners: &[Listener]) -> Option<&str> {
    let on = |port| listeners.iter().find(move |listener| listener.port() == Some(port));
    let (_, plain) = (on(443)?, on(80)?);
    let redirects = plain.default_actions().iter().any(|action| action.r#type() == Some(&ActionTypeEnum::Redirect));
    plain.listener_arn().filter(|_| !redirects)
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_sdk_elasticloadbalancingv2::types::Action;

    #[test]
    fn http_beside_https_is_the_former_one_until_it_redirects() {
        let listener = |port, kind| {
            let action = Action::builder().r#type(kind).build();
            Listener::builder().port(port).listener_arn(format!("arn:{port}")).default_actions(action).build()
        };
        let forward = || listener(80, ActionTypeEnum::Forward);
        let secured = || listener(443, ActionTypeEnum::Forward);
        assert_eq!(former_listener(&[forward(), secured()]), Some("arn:80"));
        assert_eq!(former_listener(&[listener(80, ActionTypeEnum::Redirect), secured()]), None);
        assert_eq!(former_listener(&[forward()]), None);
    }

    #[test]
    fn users_meet_https_where_there_is_https() {
        let listener = |port, arn: &str| Listener::builder().port(port).listener_arn(arn).build();
        assert_eq!(main_listener(&[listener(80, "http"), listener(443, "https")]), Some("https"));
        assert_eq!(main_listener(&[listener(8080, "other"), listener(80, "http")]), Some("http"));
        assert_eq!(main_listener(&[]), None);
    }
}
