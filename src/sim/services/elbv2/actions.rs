//! Actions of listeners and rules, from and to AWS's words.
#![allow(non_snake_case, reason = "members are spelt as AWS spells them")]

use super::refusals::{invalid, no_target_group, one_of, refuse, within};
use crate::operation::Answer;
use crate::world::elb::{Act, Action, Elb, LoadBalancer, Scheme};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

const CONTENT_TYPES: &[&str] = &["text/plain", "text/css", "text/html", "application/javascript", "application/json"];

#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct ActionWords {
    Type: String,
    TargetGroupArn: Option<String>,
    Order: Option<u32>,
    RedirectConfig: Option<Redirect>,
    FixedResponseConfig: Option<FixedResponse>,
    ForwardConfig: Option<Forward>,
}

#[derive(Debug, Clone, Deserialize, Serialize)]
struct Forward {
    #[serde(default)]
    TargetGroups: Vec<Tuple>,
    TargetGroupStickinessConfig: Option<Stickiness>,
}

#[derive(Debug, Clone, Deserialize, Serialize)]
struct Tuple {
    TargetGroupArn: String,
    Weight: Option<u32>,
}

#[derive(Debug, Clone, Deserialize, Serialize)]
struct Stickiness {
    Enabled: Option<bool>,
    DurationSeconds: Option<u32>,
}

#[derive(Debug, Clone, Deserialize, Serialize)]
struct FixedResponse {
    MessageBody: Option<String>,
    StatusCode: String,
    ContentType: Option<String>,
}

#[derive(Debug, Clone, Deserialize, Serialize)]
struct Redirect {
    Protocol: Option<String>,
    Port: Option<String>,
    Host: Option<String>,
    Path: Option<String>,
    Query: Option<String>,
    StatusCode: String,
}

/// Reads the actions of a listener of `owner`.
pub fn read(elb: &Elb, owner: &LoadBalancer, scheme: Scheme, words: Vec<ActionWords>) -> Answer<Vec<Action>> {
    if words.is_empty() {
        return invalid("At least one action must be specified");
    }
    if words.len() > 1 {
        let only = "Only one of forward, redirect or fixed-response can be specified, and it must be the last action";
        return refuse("InvalidLoadBalancerAction", only);
    }
    words.into_iter().map(|words| one(elb, owner, scheme, words)).collect()
}

fn one(elb: &Elb, owner: &LoadBalancer, scheme: Scheme, words: ActionWords) -> Answer<Action> {
    if let Some(order) = words.Order {
        within("actions.1.member.order", u64::from(order), 1, 50_000)?;
    }
    const TYPES: &[&str] =
        &["forward", "authenticate-oidc", "authenticate-cognito", "redirect", "fixed-response", "jwt-validation"];
    one_of("actions.1.member.type", &words.Type, TYPES)?;
    let order = words.Order;
    let act = match words.Type.as_str() {
        "forward" => forward(elb, owner, words)?,
        "fixed-response" => match words.FixedResponseConfig {
            Some(config) => fixed(config)?,
            None => return invalid("A fixed response configuration must be specified for fixed-response actions"),
        },
        "redirect" => match words.RedirectConfig {
            Some(config) => redirect(scheme, config)?,
            None => return invalid("A redirect configuration must be specified for redirect actions"),
        },
        other => {
            return refuse("InvalidLoadBalancerAction", format!("Actions of type '{other}' are not supported here"));
        }
    };
    Ok(Action { order, act })
}

fn forward(elb: &Elb, owner: &LoadBalancer, words: ActionWords) -> Answer<Act> {
    let (to, sticky_s) = match (words.TargetGroupArn, words.ForwardConfig) {
        (Some(arn), None) => (vec![(arn, 1)], None),
        (arn, Some(config)) => {
            let sticky = config.TargetGroupStickinessConfig.filter(|sticky| sticky.Enabled == Some(true));
            let sticky_s = match sticky {
                Some(Stickiness { DurationSeconds: Some(seconds), .. }) => {
                    within("durationSeconds", u64::from(seconds), 1, 604_800)?;
                    Some(seconds)
                }
                Some(_) => return invalid("A duration must be specified when target group stickiness is enabled"),
                None => None,
            };
            let to: Vec<(String, u32)> = config
                .TargetGroups
                .into_iter()
                .map(|tuple| (tuple.TargetGroupArn, tuple.Weight.unwrap_or(1)))
                .collect();
            if arn.is_some_and(|arn| to.len() != 1 || to[0].0 != arn) {
                return invalid("The target group ARN must be the one target group of the forward configuration");
            }
            (to, sticky_s)
        }
        (None, None) => return invalid("A target group ARN must be specified for forward actions"),
    };
    if to.is_empty() {
        return invalid("At least one target group must be specified for forward actions");
    }
    if to.len() > 5 {
        return refuse("TooManyTargetGroups", "The maximum number of target groups for a forward action is '5'");
    }
    if to.iter().map(|(arn, _)| arn).collect::<BTreeSet<_>>().len() < to.len() {
        return invalid("A target group can be specified only once in a forward action");
    }
    for (arn, weight) in &to {
        super::refusals::arn(arn, "targetgroup", "target group")?;
        if *weight > 999 {
            return invalid("The weight of a target group must be in the range 0 - 999");
        }
        let group = elb.group(arn).ok_or_else(|| no_target_group(arn))?;
        if group.used_by.as_ref().is_some_and(|user| user.name != owner.name) {
            return refuse(
                "TargetGroupAssociationLimit",
                format!("The following target groups cannot be associated with more than one load balancer: {arn}"),
            );
        }
    }
    Ok(Act::Forward { to, sticky_s })
}

fn fixed(config: FixedResponse) -> Answer<Act> {
    let code = config.StatusCode;
    let fits = code.len() == 3 && matches!(code.as_bytes()[0], b'2' | b'4' | b'5');
    let Some(status) = code.parse::<u16>().ok().filter(|_| fits) else {
        return invalid(format!("The status code '{code}' of a fixed response must be 2XX, 4XX or 5XX"));
    };
    if let Some(kind) = &config.ContentType {
        one_of("contentType", kind, CONTENT_TYPES)?;
    }
    if config.MessageBody.as_ref().is_some_and(|body| body.len() > 1024) {
        return invalid("The message body of a fixed response cannot be longer than '1024' characters");
    }
    Ok(Act::Fixed { status, content_type: config.ContentType, body: config.MessageBody })
}

fn redirect(scheme: Scheme, config: Redirect) -> Answer<Act> {
    one_of("statusCode", &config.StatusCode, &["HTTP_301", "HTTP_302"])?;
    let or = |part: Option<String>, default: &str| part.unwrap_or_else(|| default.to_string());
    let (protocol, host) = (or(config.Protocol, "#{protocol}"), or(config.Host, "#{host}"));
    let (port, path, query) = (or(config.Port, "#{port}"), or(config.Path, "/#{path}"), or(config.Query, "#{query}"));
    one_of("protocol", &protocol, &["HTTP", "HTTPS", "#{protocol}"])?;
    if port != "#{port}" && !port.parse::<u16>().is_ok_and(|port| port > 0) {
        return invalid(format!("The redirect port '{port}' must be in the range 1 - 65535 or '#{{port}}'"));
    }
    if !path.starts_with('/') {
        return invalid(format!("The redirect path '{path}' must begin with '/'"));
    }
    if scheme == Scheme::Https && protocol == "HTTP" {
        return refuse("InvalidLoadBalancerAction", "You cannot redirect HTTPS to HTTP");
    }
    let untouched = [&protocol, &host, &port, &path, &query].into_iter().eq([
        "#{protocol}",
        "#{host}",
        "#{port}",
        "/#{path}",
        "#{query}",
    ]);
    if untouched {
        return refuse(
            "InvalidLoadBalancerAction",
            "The redirect configuration is not valid because it creates a loop.",
        );
    }
    let status = if config.StatusCode == "HTTP_301" { 301 } else { 302 };
    Ok(Act::Redirect { status, protocol, host, port, path, query })
}

pub fn write(actions: &[Action]) -> Vec<ActionWords> {
    actions.iter().map(written).collect()
}

fn written(action: &Action) -> ActionWords {
    let words = ActionWords { Order: action.order, ..ActionWords::default() };
    match &action.act {
        Act::Forward { to, sticky_s } => ActionWords {
            Type: "forward".into(),
            TargetGroupArn: (to.len() == 1).then(|| to[0].0.clone()),
            ForwardConfig: Some(Forward {
                TargetGroups: to
                    .iter()
                    .map(|(arn, weight)| Tuple { TargetGroupArn: arn.clone(), Weight: Some(*weight) })
                    .collect(),
                TargetGroupStickinessConfig: Some(Stickiness {
                    Enabled: Some(sticky_s.is_some()),
                    DurationSeconds: *sticky_s,
                }),
            }),
            ..words
        },
        Act::Fixed { status, content_type, body } => ActionWords {
            Type: "fixed-response".into(),
            FixedResponseConfig: Some(FixedResponse {
                MessageBody: body.clone(),
                StatusCode: status.to_string(),
                ContentType: content_type.clone(),
            }),
            ..words
        },
        Act::Redirect { status, protocol, host, port, path, query } => ActionWords {
            Type: "redirect".into(),
            RedirectConfig: Some(Redirect {
                Protocol: Some(protocol.clone()),
                Port: Some(port.clone()),
                Host: Some(host.clone()),
                Path: Some(path.clone()),
                Query: Some(query.clone()),
                StatusCode: format!("HTTP_{status}"),
            }),
            ..words
        },
    }
}

/// What actions do, in a few words, for the log of what happened.
pub fn summary(actions: &[Action]) -> String {
    match actions.last().map(|action| &action.act) {
        Some(Act::Fixed { status, body, .. }) => format!("{status} {}", body.as_deref().unwrap_or("")),
        Some(Act::Redirect { status, host, path, .. }) => format!("{status} to {host}{path}"),
        Some(Act::Forward { to, .. }) => {
            let name = |arn: &str| arn.split('/').nth(1).unwrap_or(arn).to_string();
            let all: Vec<String> = to.iter().map(|(arn, weight)| format!("{} {weight}", name(arn))).collect();
            format!("forward {}", all.join(", "))
        }
        None => String::new(),
    }
}
