//! What a node of the graph costs, by the kind of its resource.

use super::prices::{Prices, Regional};
use crate::deploy::foundation::network::INTERFACES;
use crate::deploy::node::Node;
use crate::deploy::parts::watchers;
use crate::model::spec::{Nat, Network, Site, Spec};

/// Alarms that Application Auto Scaling makes for a policy that tracks a target: one above, one below.
const TRACKING_ALARMS: f64 = 2.0;

/// So many of something, at a price.
pub(super) struct Line {
    pub what: String,
    pub quantity: f64,
    pub unit_price: f64,
    /// Whether the price is of an hour; else of a month.
    pub hourly: bool,
}

impl Line {
    fn hourly(what: impl Into<String>, quantity: f64, unit_price: f64) -> Self {
        Self { what: what.into(), quantity, unit_price, hourly: true }
    }

    fn monthly(what: impl Into<String>, quantity: f64, unit_price: f64) -> Self {
        Self { what: what.into(), quantity, unit_price, hourly: false }
    }
}

/// The lines of a node; none for what costs nothing before it is used. `Err`: what has no price.
pub(super) fn lines(spec: &Spec, node: &Node, prices: &Prices, regional: &Regional) -> Result<Vec<Line>, String> {
    let all = &prices.everywhere;
    let (owner, role) = node.id.split_once('/').unwrap_or(("", &node.id));
    let site = |name: &str| spec.regions.iter().find(|site| site.name == name);
    Ok(match (node.service, role) {
        ("cloudformation", "base") => site(owner).map_or(vec![], |site| base(&site.network, prices, regional)),
        ("elbv2", "alb") => {
            let zones = site(owner).map_or(0.0, |site| zones(&site.network));
            vec![
                Line::hourly("a load balancer", 1.0, regional.alb),
                Line::hourly(format!("{zones} public IPv4 addresses of the load balancer"), zones, all.ipv4),
            ]
        }
        ("ecs", "service") => vec![tasks(spec, regional)],
        ("ecs", "watch-service") => vec![
            task("a watcher", 1, (watchers::CPU, watchers::MEMORY), regional),
            Line::hourly("the public IPv4 address of a watcher", 1.0, all.ipv4),
        ],
        ("cloudwatch", "watch-alarm") => vec![
            Line::monthly("the alarm of a watcher", 1.0, all.alarm),
            Line::monthly("the metric of a watcher", 1.0, all.metric),
        ],
        ("application-autoscaling", "scaling-policy") => {
            vec![Line::monthly("2 alarms of autoscaling", TRACKING_ALARMS, all.alarm)]
        }
        ("rds", role) if role.strip_prefix("db-").is_some_and(|number| number.parse::<u32>().is_ok()) => {
            let class = &spec.database.class;
            let price = regional.instance(class).ok_or_else(|| format!("an instance of Aurora of class {class}"))?;
            vec![Line::hourly(format!("an instance of {class}"), 1.0, price)]
        }
        ("secretsmanager", _) => {
            let what = if node.id.starts_with("secret/") { "a secret" } else { "a replica of a secret" };
            vec![Line::monthly(what, 1.0, all.secret)]
        }
        ("route53", role) if role.starts_with("check-") => {
            let asked = role.strip_prefix("check-switch-").unwrap_or(owner);
            let words = options(site(asked), role != "check-endpoint");
            let (what, price) = (words.join(", "), all.check + all.check_option * count(words.len()));
            vec![Line::monthly(format!("a health check ({what})"), 1.0, price)]
        }
        ("route53", "health") => vec![Line::monthly("a calculated health check", 1.0, all.calculated_check)],
        // the node is called by the names of its alarms
        ("cloudwatch", "alarms") => {
            let alarms = node.name.split(", ").count();
            vec![Line::monthly(format!("{alarms} alarms"), count(alarms), all.alarm)]
        }
        ("cloudwatch", "dashboard") => vec![Line::monthly("a dashboard", 1.0, all.dashboard)],
        _ => vec![],
    })
}

/// What a Region's base has that costs: the ways out of its network, and the database's key.
fn base(network: &Network, prices: &Prices, regional: &Regional) -> Vec<Line> {
    let all = &prices.everywhere;
    let mut lines = match network {
        Network::Made { nat: Nat::PerZone, zones, .. } => nat(*zones, all.ipv4, regional),
        Network::Made { nat: Nat::One, .. } => nat(1, all.ipv4, regional),
        Network::Made { nat: Nat::None, zones, .. } => {
            let what = format!("{} interface endpoints in {zones} zones", INTERFACES.len());
            vec![Line::hourly(what, count(INTERFACES.len()) * f64::from(*zones), regional.endpoint)]
        }
        Network::Given { .. } => vec![],
    };
    lines.push(Line::monthly("the database's key", 1.0, all.key));
    lines
}

fn nat(gateways: u32, ipv4: f64, regional: &Regional) -> Vec<Line> {
    let quantity = f64::from(gateways);
    let (what, addresses) = match gateways {
        1 => ("a NAT gateway".to_string(), "its public IPv4 address".to_string()),
        more => (format!("{more} NAT gateways"), format!("{more} public IPv4 addresses of NAT gateways")),
    };
    vec![Line::hourly(what, quantity, regional.nat), Line::hourly(addresses, quantity, ipv4)]
}

fn tasks(spec: &Spec, regional: &Regional) -> Line {
    let app = &spec.app;
    let tasks = if app.desired == 1 { "task" } else { "tasks" };
    // a guard shares what its task has
    task(&format!("{} {tasks}", app.desired), app.desired, (app.cpu, app.memory), regional)
}

fn task(what: &str, count: u32, (cpu, memory): (u32, u32), regional: &Regional) -> Line {
    let (vcpu, gb) = (f64::from(cpu) / 1024.0, f64::from(memory) / 1024.0);
    let price = vcpu * regional.fargate_vcpu + gb * regional.fargate_gb;
    Line::hourly(format!("{what} of {vcpu} vCPU and {gb} GB"), f64::from(count), price)
}

/// Zones that a load balancer is in: it has a public address in each.
fn zones(network: &Network) -> f64 {
    match network {
        Network::Made { zones, .. } => f64::from(*zones),
        Network::Given { public, .. } => count(public.len()),
    }
}

/// What a health check has that costs more. All are asked every ten seconds.
fn options(asked: Option<&Site>, matches: bool) -> Vec<&'static str> {
    let https = asked.is_some_and(|site| site.certificate.is_some()).then_some("HTTPS");
    ["fast interval"].into_iter().chain(https).chain(matches.then_some("string matching")).collect()
}

fn count(things: usize) -> f64 {
    u32::try_from(things).map_or(f64::from(u32::MAX), f64::from)
}
