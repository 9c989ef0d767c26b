//! DescribeScalingActivities.

use super::check::{self, DIMENSION, INVALID_TOKEN, NAMESPACE};
use crate::moment::Moment;
use crate::operation::{Answer, Caller};
use crate::paging::page;
use crate::world::World;
use crate::world::scaling::target::Activity;
use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
pub struct Describe {
    ServiceNamespace: Option<String>,
    ResourceId: Option<String>,
    ScalableDimension: Option<String>,
    MaxResults: Option<i64>,
    NextToken: Option<String>,
}

#[derive(Serialize)]
pub struct Described {
    ScalingActivities: Vec<ScalingActivity>,
    NextToken: Option<String>,
}

#[derive(Serialize)]
struct ScalingActivity {
    ActivityId: String,
    ServiceNamespace: &'static str,
    ResourceId: String,
    ScalableDimension: &'static str,
    Description: String,
    Cause: String,
    StartTime: Moment,
    EndTime: Moment,
    StatusCode: &'static str,
    StatusMessage: String,
}

/// Newest first.
pub fn describe_scaling_activities(world: &mut World, caller: &Caller, ask: Describe) -> Answer<Described> {
    let ecs = check::of_ecs(ask.ServiceNamespace)?;
    check::dimension(ask.ScalableDimension.as_ref(), ask.ResourceId.is_some())?;
    let most = check::results(ask.MaxResults)?;
    let all = world.scaling.get(&caller.region).into_iter().flat_map(|scaling| scaling.activities.iter().rev());
    let found = all.filter(|activity| ecs && ask.ResourceId.as_ref().is_none_or(|wanted| *wanted == activity.resource));
    let key = |activity: &&Activity| format!("{:020}", u64::MAX - activity.number);
    let (found, token) = page(found, key, ask.NextToken.as_deref(), most, INVALID_TOKEN)?;
    let told = found.into_iter().map(|activity| ScalingActivity {
        ActivityId: activity.id.clone(),
        ServiceNamespace: NAMESPACE,
        ResourceId: activity.resource.clone(),
        ScalableDimension: DIMENSION,
        Description: activity.description.clone(),
        Cause: activity.cause.clone(),
        StartTime: activity.start,
        EndTime: activity.end,
        StatusCode: activity.status,
        StatusMessage: activity.message.clone(),
    });
    Ok(Described { ScalingActivities: told.collect(), NextToken: token })
}
