//! DescribeEvents: what happened to clusters in this Region.

use super::arn;
use super::refusals::{combination, known, page};
use crate::moment::Moment;
use crate::operation::{Answer, Caller};
use crate::world::World;
use crate::world::aurora::Event;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// Minutes that are told unless others are asked for (RDS API Reference, DescribeEvents).
const USUAL_MINUTES: u64 = 60;

#[derive(Deserialize)]
pub struct Describe {
    SourceIdentifier: Option<String>,
    SourceType: Option<String>,
    StartTime: Option<Moment>,
    EndTime: Option<Moment>,
    Duration: Option<u64>,
    EventCategories: Option<Vec<String>>,
    Filters: Option<Vec<arn::Filter>>,
    MaxRecords: Option<u64>,
    Marker: Option<String>,
}

#[derive(Serialize)]
pub struct Told {
    SourceIdentifier: String,
    SourceType: &'static str,
    Message: String,
    EventCategories: Vec<&'static str>,
    Date: Moment,
    SourceArn: String,
}

#[derive(Serialize)]
pub struct Described {
    Events: Vec<Told>,
    Marker: Option<String>,
}

pub fn describe(world: &mut World, caller: &Caller, ask: Describe) -> Answer<Described> {
    known(ask.Filters.as_deref(), &[])?;
    if ask.SourceIdentifier.is_some() && ask.SourceType.is_none() {
        return combination("SourceType must be provided when SourceIdentifier is provided");
    }
    let minutes = ask.Duration.unwrap_or(USUAL_MINUTES);
    let from = ask.StartTime.unwrap_or(world.now - Duration::from_secs(60 * minutes));
    let to = ask.EndTime.unwrap_or(world.now);
    let told = world.aurora.events.get(&caller.region);
    let all: Vec<(usize, &Event)> = told.into_iter().flatten().enumerate().collect();
    let wanted = |(_, event): &(usize, &Event)| {
        (from..=to).contains(&event.at)
            && ask.SourceType.as_deref().is_none_or(|kind| kind == "db-cluster")
            && ask.SourceIdentifier.as_ref().is_none_or(|id| event.source == *id)
            && ask
                .EventCategories
                .as_ref()
                .is_none_or(|list| list.is_empty() || list.iter().any(|c| c == event.category))
    };
    let key = |(place, event): &(usize, &Event)| format!("{:014} {place:08}", event.at.0);
    let found = all.into_iter().filter(wanted);
    let (found, marker) = page(found, key, ask.Marker.as_deref(), ask.MaxRecords)?;
    let tell = |(_, event): (usize, &Event)| Told {
        SourceIdentifier: event.source.clone(),
        SourceType: "db-cluster",
        Message: event.message.clone(),
        EventCategories: vec![event.category],
        Date: event.at,
        SourceArn: arn::arn(&caller.region, "cluster", &event.source),
    };
    Ok(Described { Events: found.into_iter().map(tell).collect(), Marker: marker })
}
