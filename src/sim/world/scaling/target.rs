//! Scalable targets and the activities upon them.

use super::Scaling;
use crate::moment::Moment;
use crate::world::{ACCOUNT, World, hex_id};
use std::collections::BTreeMap;

/// Activities that are kept in a Region (assumed bound; AWS keeps six weeks).
const ACTIVITIES: usize = 1_000;

/// A registered scalable target.
#[derive(Debug, Clone, PartialEq)]
pub struct Target {
    pub arn: String,
    pub minimum: u32,
    pub maximum: u32,
    pub role: Option<String>,
    pub created: Moment,
    pub suspended: Suspended,
    pub tags: BTreeMap<String, String>,
    /// Registered or changed since its bounds were looked at.
    pub fresh: bool,
    /// The last scaling by a policy and the capacity before it.
    pub last: Option<Last>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Suspended {
    pub scale_in: bool,
    pub scale_out: bool,
    pub scheduled: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Last {
    pub at: Moment,
    pub out: bool,
    pub before: u32,
}

/// What a registration changes; what is `None` stays as it is.
#[derive(Debug, Clone, Default)]
pub struct Wish {
    pub minimum: Option<u32>,
    pub maximum: Option<u32>,
    pub role: Option<String>,
    pub suspended: Option<Suspended>,
    pub tags: BTreeMap<String, String>,
}

/// A scaling activity.
#[derive(Debug, Clone, PartialEq)]
pub struct Activity {
    /// Rises by one an activity.
    pub number: u64,
    pub id: String,
    pub resource: String,
    pub description: String,
    pub cause: String,
    pub start: Moment,
    pub end: Moment,
    pub status: &'static str,
    pub message: String,
}

/// Registers a target or changes it, and tells its ARN. The caller has checked the bounds, and that a
/// new target has both.
pub fn register(world: &mut World, region: &str, resource: &str, wish: Wish) -> String {
    let now = world.now;
    let scaling = world.scaling_in(region);
    let target = scaling.targets.entry(resource.to_string()).or_insert_with(|| Target {
        arn: format!(
            "arn:aws:application-autoscaling:{region}:{ACCOUNT}:scalable-target/{}",
            hex_id(&["scalable-target", region, resource], 36)
        ),
        minimum: 0,
        maximum: 0,
        role: None,
        created: now,
        suspended: Suspended::default(),
        tags: wish.tags,
        fresh: true,
        last: None,
    });
    target.minimum = wish.minimum.unwrap_or(target.minimum);
    target.maximum = wish.maximum.unwrap_or(target.maximum);
    target.suspended = wish.suspended.unwrap_or(target.suspended);
    target.role = wish.role.or(target.role.take());
    target.fresh = true;
    let (arn, told) = (target.arn.clone(), format!("{resource} {}..{}", target.minimum, target.maximum));
    world.truth.note(now, "scaling.registered", region, told);
    arn
}

/// Takes a target away with its policies and their alarms; false when there is none.
pub fn deregister(world: &mut World, region: &str, resource: &str) -> bool {
    if world.scaling_in(region).targets.remove(resource).is_none() {
        return false;
    }
    let names: Vec<String> = world
        .scaling_in(region)
        .policies
        .keys()
        .filter(|(of, _)| of == resource)
        .map(|(_, name)| name.clone())
        .collect();
    for name in names {
        super::policy::delete(world, region, resource, &name);
    }
    true
}

impl Scaling {
    /// Writes an activity down; the newest come last.
    pub fn note(&mut self, activity: impl FnOnce(u64) -> Activity) {
        self.noted += 1;
        self.activities.push_back(activity(self.noted));
        if self.activities.len() > ACTIVITIES {
            self.activities.pop_front();
        }
    }
}
