//! The control pages: `/_sim/clock`, `/_sim/faults` and `/_sim/truth`, JSON in and out, unsigned.
//!
//! They change nothing but speed and faults, and draw nothing from the world's chance.

use crate::faults::{self, CATALOGUE, Fault, FaultSpec};
use crate::moment::Moment;
use crate::truth::{Ack, Event, Served};
use crate::wire::{Request, Response};
use crate::world::{World, uuid};
use http::header::{ALLOW, CONTENT_TYPE, HeaderValue};
use http::{Method, StatusCode};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// Every path that begins like this is a control page.
pub const ROOT: &str = "/_sim/";

/// The largest body that is read, bytes.
const MAX_BODY: usize = 65_536;

/// How slowly and how fast a world may run: what its holder's clock can do.
pub const SPEEDS: std::ops::RangeInclusive<f64> = 0.1..=3600.0;

/// Why a page is not given.
struct Trouble(StatusCode, String);

type Page = Result<(StatusCode, Value), Trouble>;

/// Answers one control request.
pub fn answer(world: &mut World, request: &Request) -> Response {
    let path = request.uri().path().trim_end_matches('/').strip_prefix(ROOT).unwrap_or_default();
    let (allowed, page) = match path.split_once('/').unwrap_or((path, "")) {
        ("clock", "") => ("GET, POST", clock(world, request)),
        ("faults", "") => ("GET, POST, DELETE", faults(world, request)),
        ("faults", id) => ("DELETE", fault(world, request, id)),
        ("truth", "") => ("GET", truth(world, request)),
        _ => {
            let message = format!("there is no page {ROOT}{path}; there are /_sim/clock, /_sim/faults and /_sim/truth");
            ("", Err(Trouble(StatusCode::NOT_FOUND, message)))
        }
    };
    let (status, body) = page.unwrap_or_else(|Trouble(status, message)| (status, json!({ "error": message })));
    let mut response = Response::new(format!("{body}\n").into_bytes());
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    if status == StatusCode::METHOD_NOT_ALLOWED {
        response.headers_mut().insert(ALLOW, HeaderValue::from_static(allowed));
    }
    response
}

fn bad(message: impl Into<String>) -> Trouble {
    Trouble(StatusCode::BAD_REQUEST, message.into())
}

fn not_allowed(request: &Request) -> Page {
    let message = format!("{} is not allowed here", request.method());
    Err(Trouble(StatusCode::METHOD_NOT_ALLOWED, message))
}

fn read<T: DeserializeOwned>(request: &Request) -> Result<T, Trouble> {
    if request.body().len() > MAX_BODY {
        return Err(Trouble(StatusCode::PAYLOAD_TOO_LARGE, format!("a body has at most {MAX_BODY} bytes")));
    }
    serde_json::from_slice(request.body()).map_err(|e| bad(e.to_string()))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SetClock {
    speed: f64,
}

fn clock(world: &mut World, request: &Request) -> Page {
    match *request.method() {
        Method::GET => {}
        Method::POST => {
            let SetClock { speed } = read(request)?;
            if !SPEEDS.contains(&speed) {
                return Err(bad(format!("speed must be from {} to {}, not {speed}", SPEEDS.start(), SPEEDS.end())));
            }
            world.speed = speed;
        }
        _ => return not_allowed(request),
    }
    let page = json!({
        "now": world.now.iso(),
        "now_ms": world.now.0,
        "speed": world.speed,
        "seed": world.seed,
        "world_id": world_id(world),
    });
    Ok((StatusCode::OK, page))
}

/// Names a world: the same seed from the same beginning is the same world.
pub fn world_id(world: &World) -> String {
    uuid(&["world", &world.seed.to_string(), &world.began.0.to_string()])
}

fn faults(world: &mut World, request: &Request) -> Page {
    match *request.method() {
        Method::GET => {
            let active: Vec<Value> = world.faults.list().iter().map(|fault| told(fault, world.now)).collect();
            Ok((StatusCode::OK, json!({ "catalogue": CATALOGUE, "active": active })))
        }
        Method::POST => {
            let spec: FaultSpec = read(request)?;
            let id = faults::start(world, spec).map_err(|e| bad(e.to_string()))?;
            let fault = world.faults.list().iter().find(|fault| fault.id == id).map(|fault| told(fault, world.now));
            Ok((StatusCode::CREATED, fault.unwrap_or_default()))
        }
        Method::DELETE => Ok((StatusCode::OK, json!({ "ended": faults::end_all(world) }))),
        _ => not_allowed(request),
    }
}

fn fault(world: &mut World, request: &Request, id: &str) -> Page {
    if request.method() != Method::DELETE {
        return not_allowed(request);
    }
    faults::end(world, id).map_err(|e| Trouble(StatusCode::NOT_FOUND, e.to_string()))?;
    Ok((StatusCode::OK, json!({ "ended": 1 })))
}

/// A fault as it is shown; what its kind does not take is left out.
fn told(fault: &Fault, now: Moment) -> Value {
    let mut page = json!({
        "id": fault.id,
        "kind": fault.kind.id,
        "name": fault.kind.name,
        "title": fault.kind.title,
        "target": fault.target(),
        "active": fault.active(now),
        "starts": fault.starts.iso(),
        "starts_ms": fault.starts.0,
        "ends": fault.ends.iso(),
        "ends_ms": fault.ends.0,
        "left_s": fault.ends.since(now.max(fault.starts)).as_secs_f64(),
    });
    for parameter in fault.kind.parameters {
        let value = match parameter.name {
            "region" => json!(fault.region),
            "zone" => json!(fault.zone),
            "service" => json!(fault.service),
            "operation" => json!(fault.operation),
            "from" => json!(fault.from.map(|from| from.name())),
            "rate" => json!(fault.rate),
            "delay_s" => json!(fault.delay.as_secs_f64()),
            "period_s" => json!(fault.period.as_secs_f64()),
            _ => Value::Null,
        };
        if !value.is_null() {
            page[parameter.name] = value;
        }
    }
    page
}

fn truth(world: &World, request: &Request) -> Page {
    if request.method() != Method::GET {
        return not_allowed(request);
    }
    let (mut since, mut kind, mut ledger) = (Moment(0), None, false);
    for (name, value) in form_urlencoded::parse(request.uri().query().unwrap_or_default().as_bytes()) {
        match name.as_ref() {
            "since" => since = moment(&value).ok_or_else(|| bad("since must be milliseconds or ISO 8601"))?,
            "kind" => kind = Some(value),
            "writes" => {
                ledger = match value.as_ref() {
                    "0" => false,
                    "1" => true,
                    _ => return Err(bad("writes must be 0 or 1")),
                }
            }
            other => return Err(bad(format!("there is no parameter {other:?}; there are since, kind and writes"))),
        }
    }
    let wanted = |event: &&Event| event.at >= since && kind.as_ref().is_none_or(|kind| event.kind == kind);
    let events: Vec<Value> = world.truth.events().iter().filter(wanted).map(event).collect();
    let users: Vec<Value> = world.truth.served.range((since.floor(60), "")..).map(users).collect();
    let (requests, failed) = world.truth.requests();
    let page = json!({
        "now": world.now.iso(),
        "requests": requests,
        "failed": failed,
        "kinds": world.truth.kinds(),
        "digest": world.truth.digest(),
        "writes": writes(world, ledger.then_some(since)),
        "events": events,
        "users": users,
    });
    Ok((StatusCode::OK, page))
}

/// What was acknowledged and what became of it; every acknowledgement from a moment on, if asked for.
fn writes(world: &World, since: Option<Moment>) -> Value {
    let writes = &world.truth.writes;
    let mut page = json!({
        "rows": writes.rows,
        "rows_lost": writes.rows_lost,
        "rows_split": writes.rows_split,
        "sessions": writes.sessions,
        "stale_reads": writes.stale_reads,
    });
    if let Some(since) = since {
        page["log"] = writes.log().iter().filter(|ack| ack.at >= since).map(ack).collect();
    }
    page
}

fn ack(ack: &Ack) -> Value {
    let Ack { at, what, via, stored, count, epoch } = ack;
    json!({
        "at": at.iso(),
        "at_ms": at.0,
        "what": what,
        "via": via,
        "stored": stored,
        "count": count,
        "epoch": epoch,
    })
}

fn moment(text: &str) -> Option<Moment> {
    text.parse().ok().map(Moment).or_else(|| Moment::parse(text))
}

fn event(event: &Event) -> Value {
    let Event { at, kind, region, what } = event;
    json!({ "at": at.iso(), "at_ms": at.0, "kind": kind, "region": region, "what": what })
}

/// What the users of one place got in one minute.
fn users(((minute, place), got): (&(Moment, &'static str), &Served)) -> Value {
    json!({ "minute": minute.iso(), "place": place, "ok": got.ok, "failed": got.failed })
}

#[cfg(test)]
mod tests;
