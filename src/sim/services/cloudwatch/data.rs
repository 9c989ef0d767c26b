//! GetMetricData.

use super::refuse::{self, INVALID_TOKEN};
use super::shapes::{self, Dimension};
use crate::moment::Moment;
use crate::operation::{Answer, Caller, Refusal};
use crate::paging::page;
use crate::world::World;
use crate::world::metrics::expression::{Expression, Fault, Value};
use crate::world::metrics::{Metrics, Series, Statistic};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::time::Duration;

/// Datapoints of a page unless asked otherwise, and at most (GetMetricData).
const PAGE: i64 = 100_800;

/// Periods that FILL fills at most: 15 days of minutes.
const GRID: u64 = 21_600;

#[derive(Deserialize)]
pub struct Get {
    MetricDataQueries: Option<Vec<Query>>,
    StartTime: Option<Moment>,
    EndTime: Option<Moment>,
    NextToken: Option<String>,
    ScanBy: Option<String>,
    MaxDatapoints: Option<i64>,
}

#[derive(Deserialize)]
struct Query {
    Id: Option<String>,
    MetricStat: Option<MetricStat>,
    Expression: Option<String>,
    Label: Option<String>,
    ReturnData: Option<bool>,
    Period: Option<i64>,
}

#[derive(Deserialize)]
struct MetricStat {
    Metric: Metric,
    Period: i64,
    Stat: String,
    Unit: Option<String>,
}

#[derive(Deserialize)]
struct Metric {
    Namespace: Option<String>,
    MetricName: Option<String>,
    Dimensions: Option<Vec<Dimension>>,
}

#[derive(Serialize)]
pub struct Got {
    MetricDataResults: Vec<MetricDataResult>,
    NextToken: Option<String>,
    Messages: Vec<Message>,
}

#[derive(Serialize)]
struct MetricDataResult {
    Id: String,
    Label: String,
    Timestamps: Vec<Moment>,
    Values: Vec<f64>,
    StatusCode: &'static str,
}

#[derive(Serialize)]
struct Message {
    Code: String,
    Value: String,
}

/// A query that was checked.
enum Checked {
    Stat { series: Series, statistic: Statistic, period_s: u64, unit: Option<String> },
    Math { text: String, expression: Expression, period_s: Option<u64> },
}

struct Asked {
    id: String,
    label: String,
    returned: bool,
    what: Checked,
}

pub fn get_metric_data(world: &mut World, caller: &Caller, ask: Get) -> Answer<Got> {
    let queries = refuse::required(ask.MetricDataQueries, "MetricDataQueries")?;
    let from = refuse::required(ask.StartTime, "StartTime")?.floor(60);
    let to = refuse::required(ask.EndTime, "EndTime")?;
    if from >= to {
        return Err(refuse::validation("The parameter EndTime must be greater than StartTime."));
    }
    let ascending = match ask.ScanBy.as_deref() {
        None | Some("TimestampDescending") => false,
        Some("TimestampAscending") => true,
        Some(word) => return Err(refuse::outside("scanBy", word, &["TimestampDescending", "TimestampAscending"])),
    };
    let most = ask.MaxDatapoints.unwrap_or(PAGE);
    if !(1..=PAGE).contains(&most) {
        return Err(refuse::validation(format!("The parameter MaxDatapoints must be between 1 and {PAGE}.")));
    }
    let asked = checked(queries)?;
    let empty = Metrics::default();
    let metrics = world.metrics.get(&caller.region).unwrap_or(&empty);
    let span = Span { from, to, now: caller.now };
    let answers = answers(metrics, &asked, span)?;

    // A result without datapoints has one entry too, so that it is told on some page.
    let mut entries: Vec<(usize, Option<(Moment, f64)>)> = vec![];
    for (place, query) in asked.iter().enumerate().filter(|(_, query)| query.returned) {
        let points = answers.get(&query.id).into_iter().flatten().map(|(at, value)| Some((*at, *value)));
        let mut points: Vec<Option<(Moment, f64)>> = points.collect();
        if points.is_empty() {
            points.push(None);
        }
        if !ascending {
            points.reverse();
        }
        entries.extend(points.into_iter().map(|point| (place, point)));
    }
    let key = |(place, point): &(usize, Option<(Moment, f64)>)| {
        let at = point.map_or(0, |(at, _)| at.0);
        format!("{place:04}/{:020}", if ascending { at } else { u64::MAX - at })
    };
    let (entries, token) = page(entries, key, ask.NextToken.as_deref(), most as usize, INVALID_TOKEN)?;
    let last = entries.last().map(|(place, _)| *place);
    let mut results: Vec<(usize, MetricDataResult)> = vec![];
    for (place, point) in entries {
        if results.last().is_none_or(|(of, _)| *of != place) {
            let query = &asked[place];
            let cut = token.is_some() && last == Some(place);
            results.push((
                place,
                MetricDataResult {
                    Id: query.id.clone(),
                    Label: query.label.clone(),
                    Timestamps: vec![],
                    Values: vec![],
                    StatusCode: if cut { "PartialData" } else { "Complete" },
                },
            ));
        }
        if let (Some((_, result)), Some((at, value))) = (results.last_mut(), point) {
            result.Timestamps.push(at);
            result.Values.push(value);
        }
    }
    let results = results.into_iter().map(|(_, result)| result).collect();
    Ok(Got { MetricDataResults: results, NextToken: token, Messages: vec![] })
}

fn checked(queries: Vec<Query>) -> Answer<Vec<Asked>> {
    if queries.is_empty() {
        return Err(refuse::missing("MetricDataQueries"));
    }
    if queries.len() > 500 {
        return Err(refuse::validation("The collection MetricDataQueries must not have a size greater than 500."));
    }
    let mut asked: Vec<Asked> = vec![];
    let mut ids = std::collections::BTreeSet::new();
    for (place, query) in queries.into_iter().enumerate() {
        let member = format!("MetricDataQueries.member.{}", place + 1);
        let id = refuse::required(query.Id, &format!("{member}.Id"))?;
        let sound = id.starts_with(|c: char| c.is_ascii_lowercase())
            && id.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
            && id.len() <= 255;
        if !sound {
            return Err(refuse::validation(format!(
                "The value {id} for parameter {member}.Id is not matching the expected pattern ^[a-z][a-zA-Z0-9_]*$."
            )));
        }
        if !ids.insert(id.clone()) {
            return Err(refuse::validation(format!("The values for parameter id in {member} are not unique.")));
        }
        let (what, label) = match (query.MetricStat, query.Expression) {
            (Some(stat), None) => stat_of(&member, stat)?,
            (None, Some(text)) => (math_of(&id, &member, text, query.Period)?, id.clone()),
            _ => {
                return Err(refuse::validation(format!(
                    "Exactly one of the parameters {member}.MetricStat and {member}.Expression must be specified."
                )));
            }
        };
        let label = query.Label.unwrap_or(label);
        asked.push(Asked { id, label, returned: query.ReturnData.unwrap_or(true), what });
    }
    if asked.iter().all(|query| !query.returned) {
        return Err(refuse::validation("At least one query must have ReturnData set to true."));
    }
    Ok(asked)
}

fn stat_of(member: &str, stat: MetricStat) -> Answer<(Checked, String)> {
    let member = format!("{member}.MetricStat");
    let name = refuse::required(stat.Metric.MetricName, &format!("{member}.Metric.MetricName"))?;
    let namespace = refuse::required(stat.Metric.Namespace, &format!("{member}.Metric.Namespace"))?;
    let dimensions = shapes::dimensions(&format!("{member}.Metric.Dimensions"), stat.Metric.Dimensions)?;
    let statistic = Statistic::parse(&stat.Stat).ok_or_else(|| {
        refuse::validation(format!("The value {} for parameter {member}.Stat is not supported.", stat.Stat))
    })?;
    if let Some(word) = &stat.Unit {
        shapes::unit(&format!("{member}.Unit"), word)?;
    }
    let series = Series { namespace, name: name.clone(), dimensions };
    let period_s = period(&format!("{member}.Period"), stat.Period).map_err(refuse::validation)?;
    Ok((Checked::Stat { series, statistic, period_s, unit: stat.Unit }, name))
}

fn math_of(id: &str, member: &str, text: String, asked: Option<i64>) -> Answer<Checked> {
    if text.is_empty() || text.len() > 2048 {
        return Err(refuse::validation(format!("The parameter {member}.Expression must have 1 to 2048 characters.")));
    }
    let expression = Expression::parse(&text).map_err(|fault| in_expression(id, &fault))?;
    let period_s = asked.map(|asked| period(&format!("{member}.Period"), asked)).transpose();
    Ok(Checked::Math { text, expression, period_s: period_s.map_err(refuse::validation)? })
}

/// A period of seconds: a positive multiple of 60, at most a day's worth.
pub fn period(member: &str, seconds: i64) -> Result<u64, String> {
    match u64::try_from(seconds) {
        Ok(s) if s > 0 && s % 60 == 0 && s <= 86_400 => Ok(s),
        _ => Err(format!("The parameter {member} must be a multiple of 60 between 60 and 86400.")),
    }
}

fn in_expression(id: &str, fault: &Fault) -> Refusal {
    refuse::validation(format!("Error in expression '{id}': {fault}"))
}

#[derive(Clone, Copy)]
struct Span {
    from: Moment,
    to: Moment,
    now: Moment,
}

type Points = BTreeMap<Moment, f64>;

/// What every query comes to, whether returned or not.
fn answers(metrics: &Metrics, asked: &[Asked], span: Span) -> Answer<BTreeMap<String, Points>> {
    let mut known: BTreeMap<String, Points> = BTreeMap::new();
    let mut periods: BTreeMap<&str, u64> = BTreeMap::new();
    for query in asked {
        if let Checked::Stat { series, statistic, period_s, unit } = &query.what {
            let other = unit.as_ref().is_some_and(|unit| metrics.unit(series).is_some_and(|kept| kept != unit));
            let points = match other {
                true => vec![],
                false => metrics.read(series, *statistic, *period_s, span.from, span.to, span.now),
            };
            known.insert(query.id.clone(), points.into_iter().collect());
            periods.insert(&query.id, *period_s);
        }
    }
    let mut waiting: Vec<&Asked> = asked.iter().filter(|query| !known.contains_key(&query.id)).collect();
    while !waiting.is_empty() {
        let before = waiting.len();
        let mut still = vec![];
        for query in waiting {
            let Checked::Math { text, expression, period_s } = &query.what else { continue };
            let ids = expression.ids();
            if let Some(stranger) = ids.iter().find(|id| !asked.iter().any(|query| query.id == **id)) {
                return Err(in_expression(&query.id, &Fault::Unknown((*stranger).to_string())));
            }
            if ids.iter().any(|id| !known.contains_key(*id)) {
                still.push(query);
                continue;
            }
            let own = ids.iter().filter_map(|id| periods.get(id).copied()).max();
            let period_s = period_s.or(own).unwrap_or(60);
            let value = expression.evaluate(&grid(span, period_s), &mut |id| match known.get(id) {
                Some(points) => Ok(Value::Series(points.clone())),
                None => Err(Fault::Unknown(id.to_string())),
            });
            match value.map_err(|fault| in_expression(&query.id, &fault))? {
                Value::Series(points) => known.insert(query.id.clone(), points),
                Value::Number(_) => {
                    return Err(refuse::validation(format!(
                        "Error in expression '{}': The expression [{text}] must return a time series",
                        query.id
                    )));
                }
            };
            periods.insert(&query.id, period_s);
        }
        if still.len() == before {
            return Err(refuse::validation(format!(
                "Error in expression '{}': Circular reference between expressions",
                still[0].id
            )));
        }
        waiting = still;
    }
    Ok(known)
}

/// Every period that began by now (assumed: FILL fills the newest ones too, published or not, and a
/// metric that has no datapoint at all).
fn grid(span: Span, period_s: u64) -> Vec<Moment> {
    let end = span.to.min(span.now);
    (0..GRID).map(|n| span.from + Duration::from_secs(n * period_s)).take_while(|at| *at < end).collect()
}
