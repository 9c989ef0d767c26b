//! DescribeEvents: what happened to clusters in this Region.

use super::arn;
use super::refusals::{combination, known, page, value};
use crate::moment::Moment;
use crate::operation::{Answer, Caller};
use crate::world::World;
use crate::world::aurora::{Event, Source};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// Minutes that are told unless others are asked for (RDS API Reference, DescribeEvents).
const USUAL_MINUTES: u64 = 60;

/// What events are of (RDS API Reference, DescribeEvents); here are some of clusters and of instances.
const KINDS: &[&str] = &[
    "db-instance",
    "db-parameter-group",
    "db-security-group",
    "db-snapshot",
    "db-cluster",
    "db-cluster-snapshot",
    "custom-engine-version",
    "db-proxy",
    "blue-green-deployment",
    "db-shard-group",
    "zero-etl",
];

/// As events say it, and as ARNs do.
fn word(kind: Source) -> (&'static str, &'static str) {
    match kind {
        Source::Cluster => ("db-cluster", "cluster"),
        Source::Instance => ("db-instance", "db"),
    }
}

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
    let kind = ask.SourceType.as_deref();
    if let Some(kind) = kind.filter(|kind| !KINDS.contains(kind)) {
        return value(format!("Invalid source type: {kind}"));
    }
    let minutes = ask.Duration.unwrap_or(USUAL_MINUTES);
    let from = ask.StartTime.unwrap_or(world.now - Duration::from_secs(60 * minutes));
    let to = ask.EndTime.unwrap_or(world.now);
    let told = world.aurora.events.get(&caller.region);
    let all: Vec<(usize, &Event)> = told.into_iter().flatten().enumerate().collect();
    let wanted = |(_, event): &(usize, &Event)| {
        (from..=to).contains(&event.at)
            && kind.is_none_or(|kind| kind == word(event.kind).0)
            && ask.SourceIdentifier.as_ref().is_none_or(|id| event.source == *id)
            && ask
                .EventCategories
                .as_ref()
                .is_none_or(|list| list.is_empty() || list.iter().any(|c| event.categories.contains(&c.as_str())))
    };
    let key = |(place, event): &(usize, &Event)| format!("{:014} {place:08}", event.at.0);
    let found = all.into_iter().filter(wanted);
    let (found, marker) = page(found, key, ask.Marker.as_deref(), ask.MaxRecords)?;
    let tell = |(_, event): (usize, &Event)| Told {
        SourceIdentifier: event.source.clone(),
        SourceType: word(event.kind).0,
        Message: event.message.clone(),
        EventCategories: event.categories.to_vec(),
        Date: event.at,
        SourceArn: arn::arn(&caller.region, word(event.kind).1, &event.source),
    };
    Ok(Described { Events: found.into_iter().map(tell).collect(), Marker: marker })
}
