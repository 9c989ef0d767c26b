//! What a stack costs a month before anybody uses it, by item. Prices are data (`prices.toml`), with their date.
//!
//! What depends on use is named and not guessed; what has no price here is named too.

mod items;
mod prices;

use super::graph::Graph;
use crate::model::spec::Spec;
use prices::Prices;
use std::collections::BTreeSet;

/// The cost of a stack.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Estimate {
    /// In the order of the graph.
    pub items: Vec<Item>,
    /// Of the prices: `2026-09-25`.
    pub date: String,
    /// What has no price here, in words.
    pub unknown: Vec<String>,
    /// Regions that are counted with us-east-1's prices.
    pub borrowed: Vec<String>,
    /// What depends on use, in words.
    pub not_counted: Vec<String>,
    /// Of a month.
    pub hours: f64,
}

/// Something that costs.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// The id of the graph's node.
    pub node: String,
    /// Where its API is: us-east-1 for Route 53.
    pub region: String,
    /// `3 tasks of 1 vCPU and 2 GB`
    pub what: String,
    pub quantity: f64,
    /// US dollars an hour or a month.
    pub unit_price: f64,
    pub hourly: bool,
    /// US dollars.
    pub monthly: f64,
}

impl Estimate {
    /// US dollars a month.
    pub fn total(&self) -> f64 {
        self.items.iter().fold(0.0, |sum, item| sum + item.monthly)
    }

    /// US dollars an hour.
    pub fn an_hour(&self) -> f64 {
        if self.hours > 0.0 { self.total() / self.hours } else { 0.0 }
    }
}

/// What the nodes of this graph cost.
pub fn estimate(spec: &Spec, graph: &Graph) -> Estimate {
    let prices = match Prices::read() {
        Ok(prices) => prices,
        Err(why) => return Estimate { unknown: vec![format!("anything: {why}")], ..Estimate::default() },
    };
    let (mut items, mut unknown) = (vec![], BTreeSet::new());
    for node in graph.nodes() {
        let Some(regional) = prices.of(&node.region) else { continue };
        match items::lines(spec, node, &prices, regional) {
            Ok(lines) => items.extend(lines.into_iter().map(|line| {
                let hours = if line.hourly { prices.hours } else { 1.0 };
                Item {
                    node: node.id.clone(),
                    region: node.region.clone(),
                    what: line.what,
                    quantity: line.quantity,
                    unit_price: line.unit_price,
                    hourly: line.hourly,
                    monthly: line.quantity * line.unit_price * hours,
                }
            })),
            Err(what) => drop(unknown.insert(what)),
        }
    }
    let mut regions: Vec<&str> = spec.region_names().collect();
    regions.extend(spec.watch_regions().into_iter().filter(|region| spec.region_names().all(|own| own != *region)));
    let borrows = |region: &&str| prices.lends(region) && items.iter().any(|item| item.region == **region);
    Estimate {
        borrowed: regions.into_iter().filter(borrows).map(String::from).collect(),
        unknown: unknown.into_iter().collect(),
        not_counted: not_counted(spec),
        date: prices.date,
        hours: prices.hours,
        items,
    }
}

/// What nobody knows before it is used.
fn not_counted(spec: &Spec) -> Vec<String> {
    let mut words: Vec<String> = [
        "data transfer: to users, between Regions and zones, and what NAT gateways and endpoints take for each GB",
        "capacity units (LCUs) of the load balancers",
        "storage, I/O, backups and replicated writes of Aurora",
        "requests and storage of DynamoDB, for sessions and the control table",
        "logs, metrics asked for, and Container Insights",
        "requests to Secrets Manager and KMS",
        "the hosted zone and its queries",
    ]
    .map(String::from)
    .to_vec();
    if let Some(bounds) = spec.app.autoscaling.as_ref().filter(|bounds| bounds.max > spec.app.desired) {
        let more = bounds.max - spec.app.desired;
        words.insert(0, format!("tasks that autoscaling adds: up to {more} more a Region"));
    }
    words
}

/// `1,250`: whole dollars, as they are read.
pub fn dollars(amount: f64) -> String {
    let digits = format!("{amount:.0}");
    let mut text = String::new();
    for (place, digit) in digits.char_indices() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests;
