//! The ready stack: an active-active deployment, made by the API calls of a deployment.
//!
//! - [`account`]: what is there before: a zone;
//! - [`shape`]: what it looks like and what its parts are called;
//! - [`deployer`]: makes calls, waits, never panics;
//! - [`secrets`]: what opens the database, in every Region;
//! - [`database`]: the global database, before anything that connects to it;
//! - [`region`]: a Region's load balancer, service, scaling, alarms;
//! - [`sessions`]: the session table and the control table;
//! - [`dns`]: zone, health checks, switches, records.

mod account;
mod database;
mod deployer;
mod dns;
mod region;
mod secrets;
mod sessions;
mod shape;

use crate::moment::Moment;
use crate::users::{self, Load};
use crate::world::World;
use deployer::{Deployer, text};
use region::Site;
use serde_json::json;
use std::time::Duration;

pub use account::account;
pub use deployer::{ReadyError, decoded};
pub use shape::{Member, Shape, switch_path, switch_says};

/// How long before the users everything but the secrets is begun.
const BUILDING: Duration = Duration::from_secs(75 * 60);

/// For load balancers to become active.
const ACTIVE: Duration = Duration::from_secs(6 * 60);

/// For tasks to run and to be healthy.
const STEADY: Duration = Duration::from_secs(6 * 60);

/// A world at [`Moment::START`] in which the stack stands, serves, and has a little history.
pub fn world(seed: u64, shape: &Shape) -> Result<World, ReadyError> {
    for member in &shape.regions {
        crate::geo::region(&member.name).ok_or_else(|| ReadyError::NoSuchRegion(member.name.clone()))?;
    }
    let opening = Moment::START - shape.history;
    let mut world = World::empty_at(seed, opening - BUILDING - secrets::TIME);
    deploy(&mut world, shape)?;
    world.advance(opening);
    let mut load = Load::of_a_shop(&shape.host());
    load.requests_per_s = shape.requests_per_s;
    users::begin(&mut world, load);
    world.advance(Moment::START);
    Ok(world)
}

/// Makes the stack in `world`, at its moment and the minutes after.
pub fn deploy(world: &mut World, shape: &Shape) -> Result<(), ReadyError> {
    let mut deployer = Deployer { world };
    secrets::secrets(&mut deployer, shape)?;
    sessions::tables(&mut deployer, shape)?;
    let endpoints = database::database(&mut deployer, shape)?;
    let mut sites = vec![];
    for member in &shape.regions {
        sites.push(region::load_balancer(&mut deployer, shape, &member.name)?);
    }
    deployer.wait("an active load balancer", ACTIVE, |deployer| every(&sites, |site| active(deployer, site)))?;
    for (site, member) in sites.iter().zip(&shape.regions) {
        region::service(&mut deployer, shape, site, member, endpoints.get(&member.name))?;
    }
    deployer.wait("a steady service", STEADY, |deployer| {
        every(&sites, |site| {
            let tasks = shape.regions.iter().find(|member| member.name == site.region).map_or(0, |m| m.tasks);
            Ok(healthy_targets(deployer, site)? == tasks as usize)
        })
    })?;
    dns::names(&mut deployer, shape, &sites)
}

fn every(sites: &[Site], mut done: impl FnMut(&Site) -> Result<bool, ReadyError>) -> Result<bool, ReadyError> {
    for site in sites {
        if !done(site)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn active(deployer: &mut Deployer<'_>, site: &Site) -> Result<bool, ReadyError> {
    let ask = json!({"LoadBalancerArns": [site.alb]});
    let answer = deployer.call("elasticloadbalancing", "DescribeLoadBalancers", &site.region, ask)?;
    Ok(text(&answer, "/LoadBalancers/0/State/Code")? == "active")
}

fn healthy_targets(deployer: &mut Deployer<'_>, site: &Site) -> Result<usize, ReadyError> {
    let ask = json!({"TargetGroupArn": site.target_group});
    let answer = deployer.call("elasticloadbalancing", "DescribeTargetHealth", &site.region, ask)?;
    let targets = answer.pointer("/TargetHealthDescriptions").and_then(|targets| targets.as_array());
    let healthy = |target: &&crate::doc::Doc| {
        target.pointer("/TargetHealth/State").and_then(|state| state.as_str()) == Some("healthy")
    };
    Ok(targets.map_or(0, |targets| targets.iter().filter(healthy).count()))
}
