//! ListMetrics.

use super::refuse;
use super::shapes::{self, Dimension};
use crate::operation::{Answer, Caller};
use crate::paging::page;
use crate::world::World;
use crate::world::metrics::Series;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// Metrics of a page (ListMetrics).
const PAGE: usize = 500;

/// A metric without data for so long is not listed any more (ListMetrics: two weeks).
const LISTED: Duration = Duration::from_secs(14 * 24 * 3600);

#[derive(Deserialize)]
pub struct List {
    Namespace: Option<String>,
    MetricName: Option<String>,
    Dimensions: Option<Vec<Filter>>,
    NextToken: Option<String>,
    RecentlyActive: Option<String>,
}

#[derive(Deserialize)]
struct Filter {
    Name: String,
    Value: Option<String>,
}

#[derive(Serialize)]
pub struct Listed {
    Metrics: Vec<Metric>,
    NextToken: Option<String>,
}

#[derive(Serialize)]
struct Metric {
    Namespace: String,
    MetricName: String,
    Dimensions: Vec<Dimension>,
}

pub fn list_metrics(world: &mut World, caller: &Caller, ask: List) -> Answer<Listed> {
    let filters = ask.Dimensions.unwrap_or_default();
    if filters.len() > 10 {
        return Err(refuse::value("The collection Dimensions must not have a size greater than 10."));
    }
    let span = match ask.RecentlyActive.as_deref() {
        None => LISTED,
        Some("PT3H") => Duration::from_secs(3 * 3600),
        Some(word) => return Err(refuse::outside("recentlyActive", word, &["PT3H"])),
    };
    let Some(metrics) = world.metrics.get(&caller.region) else {
        return Ok(Listed { Metrics: vec![], NextToken: None });
    };
    let fits = |series: &&Series| {
        ask.Namespace.as_ref().is_none_or(|namespace| *namespace == series.namespace)
            && ask.MetricName.as_ref().is_none_or(|name| *name == series.name)
            && filters.iter().all(|filter| {
                let value = series.dimensions.get(&filter.Name);
                value.is_some_and(|value| filter.Value.as_ref().is_none_or(|wanted| wanted == value))
            })
            && metrics.active(series, span, caller.now)
    };
    let key = |series: &&Series| {
        let dimensions = series.dimensions.iter().map(|(name, value)| format!("{name}\0{value}\0"));
        format!("{}\0{}\0{}", series.namespace, series.name, dimensions.collect::<String>())
    };
    let found = metrics.listed(caller.now).filter(fits);
    let (found, token) = page(found, key, ask.NextToken.as_deref(), PAGE, "InvalidParameterValue")?;
    let told = |series: &Series| Metric {
        Namespace: series.namespace.clone(),
        MetricName: series.name.clone(),
        Dimensions: shapes::told(series),
    };
    Ok(Listed { Metrics: found.into_iter().map(told).collect(), NextToken: token })
}
