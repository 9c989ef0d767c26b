//! PutDashboard, GetDashboard, ListDashboards, DeleteDashboards. Dashboards belong to the account: every Region
//! tells of the same ones (CloudWatch User Guide, Using Amazon CloudWatch dashboards).

use super::refuse;
use super::shapes::Tag;
use crate::doc::Doc;
use crate::moment::Moment;
use crate::operation::{Answer, Caller, Empty, Refusal};
use crate::paging::page;
use crate::world::metrics::dashboard::Dashboard;
use crate::world::{ACCOUNT, World};
use serde::{Deserialize, Serialize};

/// Dashboards of a page (API Reference, ListDashboards).
const PAGE: usize = 1000;

#[derive(Deserialize)]
pub struct Put {
    DashboardName: Option<String>,
    DashboardBody: Option<String>,
    Tags: Option<Vec<Tag>>,
}

#[derive(Serialize)]
pub struct Made {
    DashboardValidationMessages: Vec<Empty>,
}

/// Tags count only for one that is new.
pub fn put_dashboard(world: &mut World, caller: &Caller, ask: Put) -> Answer<Made> {
    let name = refuse::required(ask.DashboardName, "DashboardName")?;
    let body = refuse::required(ask.DashboardBody, "DashboardBody")?;
    let fits = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
    if name.is_empty() || name.len() > 255 || !name.chars().all(fits) {
        return Err(input(format!("The value {name} for field DashboardName must match [a-zA-Z0-9-_]{{1,255}}.")));
    }
    if !serde_json::from_str::<Doc>(&body).is_ok_and(|body| body.is_object()) {
        return Err(input("The field DashboardBody must be a valid JSON object"));
    }
    let tags = ask.Tags.into_iter().flatten().map(|tag| (tag.Key, tag.Value)).collect();
    match world.dashboards.get_mut(&name) {
        Some(found) => (found.body, found.modified) = (body, caller.now),
        None => _ = world.dashboards.insert(name, Dashboard { body, modified: caller.now, tags }),
    }
    Ok(Made { DashboardValidationMessages: vec![] })
}

fn input(message: impl Into<String>) -> Refusal {
    Refusal::new(400, "InvalidParameterInput", message)
}

fn missing(name: &str) -> Refusal {
    Refusal::new(404, "ResourceNotFound", format!("Dashboard {name} does not exist"))
}

fn arn(name: &str) -> String {
    format!("arn:aws:cloudwatch::{ACCOUNT}:dashboard/{name}")
}

#[derive(Deserialize)]
pub struct Get {
    DashboardName: Option<String>,
}

#[derive(Serialize)]
pub struct Got {
    DashboardArn: String,
    DashboardBody: String,
    DashboardName: String,
}

pub fn get_dashboard(world: &mut World, _: &Caller, ask: Get) -> Answer<Got> {
    let name = refuse::required(ask.DashboardName, "DashboardName")?;
    let found = world.dashboards.get(&name).ok_or_else(|| missing(&name))?;
    Ok(Got { DashboardArn: arn(&name), DashboardBody: found.body.clone(), DashboardName: name })
}

#[derive(Deserialize)]
pub struct List {
    DashboardNamePrefix: Option<String>,
    NextToken: Option<String>,
}

#[derive(Serialize)]
pub struct Listed {
    DashboardEntries: Vec<Entry>,
    NextToken: Option<String>,
}

#[derive(Serialize)]
struct Entry {
    DashboardName: String,
    DashboardArn: String,
    LastModified: Moment,
    Size: usize,
}

pub fn list_dashboards(world: &mut World, _: &Caller, ask: List) -> Answer<Listed> {
    let prefix = ask.DashboardNamePrefix.unwrap_or_default();
    let found = world.dashboards.iter().filter(|(name, _)| name.starts_with(&prefix));
    let key = |(name, _): &(&String, &Dashboard)| name.to_string();
    let (found, token) = page(found, key, ask.NextToken.as_deref(), PAGE, "InvalidParameterValue")?;
    let entry = |(name, found): (&String, &Dashboard)| Entry {
        DashboardName: name.clone(),
        DashboardArn: arn(name),
        LastModified: found.modified,
        Size: found.body.len(),
    };
    Ok(Listed { DashboardEntries: found.into_iter().map(entry).collect(), NextToken: token })
}

/// Dashboards of one call (API Reference, DeleteDashboards).
const MOST: usize = 100;

#[derive(Deserialize)]
pub struct Delete {
    DashboardNames: Option<Vec<String>>,
}

/// Names that are not there are passed over (API Reference, DeleteDashboards: it deletes as many as it can).
pub fn delete_dashboards(world: &mut World, _: &Caller, ask: Delete) -> Answer<Empty> {
    let names = refuse::required(ask.DashboardNames, "DashboardNames")?;
    if !(1..=MOST).contains(&names.len()) {
        let message = format!("The number of dashboards must be between 1 and {MOST}");
        return Err(Refusal::new(400, "InvalidParameterValue", message));
    }
    world.dashboards.retain(|name, _| !names.contains(name));
    Ok(Empty {})
}
