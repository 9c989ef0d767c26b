//! Rules of listeners.
#![allow(non_snake_case, reason = "members are spelt as AWS spells them")]

use super::actions::{self, ActionWords};
use super::conditions::{self, ConditionWords};
use super::refusals::{self, invalid, no_listener, no_rule, page_size, refuse, within};
use super::tags::{self, Tag};
use crate::operation::{Answer, Caller, Empty};
use crate::paging;
use crate::world::World;
use crate::world::elb::{Listener, Rule};
use serde::{Deserialize, Serialize};

/// Rules that a load balancer may have, default ones not counted (quotas).
const MOST: usize = 100;

#[derive(Deserialize)]
pub struct Create {
    ListenerArn: String,
    Conditions: Vec<ConditionWords>,
    Priority: u64,
    Actions: Vec<ActionWords>,
    #[serde(default)]
    Tags: Vec<Tag>,
}

#[derive(Serialize)]
pub struct Rules {
    Rules: Vec<Described>,
    NextMarker: Option<String>,
}

#[derive(Serialize)]
struct Described {
    RuleArn: String,
    Priority: String,
    Conditions: Vec<ConditionWords>,
    Actions: Vec<ActionWords>,
    IsDefault: bool,
}

fn described(priority: u32, rule: &Rule) -> Described {
    Described {
        RuleArn: rule.arn.clone(),
        Priority: priority.to_string(),
        Conditions: conditions::write(&rule.conditions),
        Actions: actions::write(&rule.actions),
        IsDefault: false,
    }
}

fn default_of(listener: &Listener) -> Described {
    Described {
        RuleArn: listener.default_arn.clone(),
        Priority: "default".into(),
        Conditions: vec![],
        Actions: actions::write(&listener.default),
        IsDefault: true,
    }
}

pub fn create(world: &mut World, caller: &Caller, ask: Create) -> Answer<Rules> {
    refusals::arn(&ask.ListenerArn, "listener", "listener")?;
    let now = world.now;
    let elb = world.elb_in(&caller.region);
    let (owner, listener) = elb.listener(&ask.ListenerArn).ok_or_else(no_listener)?;
    within("priority", ask.Priority, 1, 50_000)?;
    let priority = ask.Priority as u32;
    let conditions = conditions::read(ask.Conditions)?;
    let actions = actions::read(elb, owner, listener.scheme, ask.Actions)?;
    let tags = tags::read(ask.Tags)?;
    if listener.rules.contains_key(&priority) {
        return refuse("PriorityInUse", format!("Priority '{priority}' is currently in use"));
    }
    if owner.listeners.values().map(|listener| listener.rules.len()).sum::<usize>() >= MOST {
        return refuse("TooManyRules", format!("The maximum number of rules is '{MOST}'"));
    }
    let rule = Rule { arn: listener.arn_of_rule(priority), conditions, actions, tags };
    let answer = Rules { Rules: vec![described(priority, &rule)], NextMarker: None };
    if let Some(listener) = elb.listener_mut(&ask.ListenerArn) {
        listener.rules.insert(priority, rule);
    }
    elb.rewire(now);
    Ok(answer)
}

#[derive(Deserialize)]
pub struct Describe {
    ListenerArn: Option<String>,
    #[serde(default)]
    RuleArns: Vec<String>,
    Marker: Option<String>,
    PageSize: Option<u64>,
}

pub fn describe(world: &mut World, caller: &Caller, ask: Describe) -> Answer<Rules> {
    let size = page_size(ask.PageSize)?;
    let elb = world.elb_in(&caller.region);
    let all = |listener: &Listener| {
        let rules = listener.rules.iter().map(|(priority, rule)| described(*priority, rule));
        rules.chain([default_of(listener)]).collect::<Vec<_>>()
    };
    let found = match (&ask.ListenerArn, ask.RuleArns.is_empty()) {
        (Some(arn), true) => {
            refusals::arn(arn, "listener", "listener")?;
            all(elb.listener(arn).ok_or_else(no_listener)?.1)
        }
        (None, false) => {
            let mut found = vec![];
            for arn in &ask.RuleArns {
                refusals::arn(arn, "listener-rule", "listener rule")?;
                let listener = elb.listener_of_rule(arn).ok_or_else(no_rule)?;
                found.extend(all(listener).into_iter().filter(|rule| rule.RuleArn == *arn));
            }
            found.sort_by_key(place);
            found
        }
        (Some(_), false) => return invalid("Rule ARNs and a listener ARN cannot be specified at the same time"),
        (None, true) => return invalid("You must specify either listener rule ARNs or a listener ARN"),
    };
    let (page, next) = paging::page(found, place, ask.Marker.as_deref(), size, "ValidationError")?;
    Ok(Rules { Rules: page, NextMarker: next })
}

/// By priority, the default last.
fn place(rule: &Described) -> String {
    let priority = rule.Priority.parse().unwrap_or(u64::from(u32::MAX));
    format!("{priority:010} {}", rule.RuleArn)
}

#[derive(Deserialize)]
pub struct Modify {
    RuleArn: String,
    #[serde(default)]
    Conditions: Vec<ConditionWords>,
    #[serde(default)]
    Actions: Vec<ActionWords>,
}

pub fn modify(world: &mut World, caller: &Caller, ask: Modify) -> Answer<Rules> {
    refusals::arn(&ask.RuleArn, "listener-rule", "listener rule")?;
    let now = world.now;
    let elb = world.elb_in(&caller.region);
    let listener = elb.listener_of_rule(&ask.RuleArn).ok_or_else(no_rule)?;
    let (owner, _) = elb.listener(&listener.arn).ok_or_else(no_rule)?;
    let Some((priority, rule)) = listener.rule(&ask.RuleArn) else {
        return refuse("OperationNotPermitted", format!("Default rule '{}' cannot be modified", ask.RuleArn));
    };
    let mut rule = rule.clone();
    if !ask.Conditions.is_empty() {
        rule.conditions = conditions::read(ask.Conditions)?;
    }
    if !ask.Actions.is_empty() {
        rule.actions = actions::read(elb, owner, listener.scheme, ask.Actions)?;
    }
    let what = format!("{} {} rule {priority}: {}", owner.name, listener.port, actions::summary(&rule.actions));
    let answer = Rules { Rules: vec![described(priority, &rule)], NextMarker: None };
    if let Some(found) = elb.rule_mut(&ask.RuleArn) {
        *found = rule;
    }
    elb.rewire(now);
    world.truth.note(now, "rule.modified", &caller.region, what);
    Ok(answer)
}

#[derive(Deserialize)]
pub struct Delete {
    RuleArn: String,
}

pub fn delete(world: &mut World, caller: &Caller, ask: Delete) -> Answer<Empty> {
    refusals::arn(&ask.RuleArn, "listener-rule", "listener rule")?;
    let now = world.now;
    let elb = world.elb_in(&caller.region);
    let listener = elb.listener_of_rule(&ask.RuleArn).ok_or_else(no_rule)?;
    let Some((priority, _)) = listener.rule(&ask.RuleArn) else {
        return refuse("OperationNotPermitted", format!("Default rule '{}' cannot be deleted", ask.RuleArn));
    };
    let listener = listener.arn.clone();
    if let Some(listener) = elb.listener_mut(&listener) {
        listener.rules.remove(&priority);
    }
    elb.rewire(now);
    Ok(Empty {})
}
