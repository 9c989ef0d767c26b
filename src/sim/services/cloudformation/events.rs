//! DescribeStackEvents.

use super::refusals::{found, page};
use crate::doc::Doc;
use crate::moment::Moment;
use crate::operation::{Answer, Caller};
use crate::world::World;
use crate::world::cloudformation::{Event, Stack};
use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
pub struct Describe {
    StackName: String,
    NextToken: Option<String>,
}

#[derive(Serialize)]
pub struct Described {
    StackEvents: Vec<Told>,
    NextToken: Option<String>,
}

#[derive(Serialize)]
struct Told {
    StackId: String,
    EventId: String,
    StackName: String,
    LogicalResourceId: String,
    PhysicalResourceId: String,
    ResourceType: &'static str,
    Timestamp: Moment,
    ResourceStatus: &'static str,
    ResourceStatusReason: Option<String>,
    ResourceProperties: Option<String>,
    ClientRequestToken: Option<String>,
}

fn told(stack: &Stack, event: &Event) -> Told {
    Told {
        StackId: stack.id.clone(),
        EventId: event.id.clone(),
        StackName: stack.name.clone(),
        LogicalResourceId: event.logical.clone(),
        PhysicalResourceId: event.physical.clone().unwrap_or_default(),
        ResourceType: event.kind,
        Timestamp: event.at,
        ResourceStatus: event.status,
        ResourceStatusReason: event.reason.clone(),
        ResourceProperties: event.properties.clone().map(|properties| Doc::Object(properties).to_string()),
        ClientRequestToken: event.token.clone(),
    }
}

/// Newest first.
pub fn describe(world: &mut World, caller: &Caller, ask: Describe) -> Answer<Described> {
    let stack = found(&world.cloudformation, &caller.region, &ask.StackName)?;
    let events: Vec<(usize, &Event)> = stack.events.iter().enumerate().rev().collect();
    let order = |(place, _): &(usize, &Event)| format!("{:020}", usize::MAX - place);
    let (events, NextToken) = page(events, order, ask.NextToken.as_deref())?;
    Ok(Described { StackEvents: events.into_iter().map(|(_, event)| told(stack, event)).collect(), NextToken })
}
