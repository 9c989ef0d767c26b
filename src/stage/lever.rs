//! The lever of a simulator: its own control pages, in this process or over HTTP. What can be broken
//! is what the simulator lists; there is no second catalogue.

use crate::fault::{ActiveFault, FaultBoard, FaultError, FaultKind, FaultOrder, Lever, Parameter};
use crate::model::text::clean;
use crate::probe::Boxed;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use tandem_sim::wire::{Request, Response};

/// Whoever answers the pages under `/_sim/`.
pub trait Pages: Send + Sync {
    fn ask(&self, request: Request) -> Boxed<'_, Result<Response, String>>;
}

/// The lever behind the pages.
pub struct PageLever<P>(P);

const PAGE: &str = "/_sim/faults";
/// What a fault's id begins with on the pages.
const ID: &str = "fault-";

impl<P: Pages> PageLever<P> {
    pub fn new(pages: P) -> Self {
        Self(pages)
    }

    async fn ask(&self, method: &str, path: &str, body: Option<Value>) -> Result<Vec<u8>, FaultError> {
        let body = body.map(|body| body.to_string().into_bytes()).unwrap_or_default();
        let request = http::Request::builder()
            .method(method)
            .uri(path)
            .header("host", "localhost")
            .header("content-type", "application/json")
            .body(body)
            .map_err(|error| FaultError(error.to_string()))?;
        let response = self.0.ask(request).await.map_err(|why| FaultError(clean(&why)))?;
        let (status, body) = (response.status(), response.into_body());
        if status.is_success() { Ok(body) } else { Err(FaultError(complaint(status.as_u16(), &body))) }
    }
}

impl<P: Pages> Lever for PageLever<P> {
    fn board(&self) -> Boxed<'_, Result<FaultBoard, FaultError>> {
        Box::pin(async move { read_board(&self.ask("GET", PAGE, None).await?) })
    }

    fn start(&self, order: FaultOrder) -> Boxed<'_, Result<u64, FaultError>> {
        Box::pin(async move {
            let answer = self.ask("POST", PAGE, Some(spec(order))).await?;
            let started: Started = serde_json::from_slice(&answer).map_err(unreadable)?;
            number(&started.id).ok_or_else(|| FaultError(format!("the fault has an odd id: {}", clean(&started.id))))
        })
    }

    fn end(&self, id: u64) -> Boxed<'_, Result<(), FaultError>> {
        Box::pin(async move { self.ask("DELETE", &format!("{PAGE}/{ID}{id}"), None).await.map(drop) })
    }
}

/// The order as the page takes it: what is a number there is one here.
fn spec(order: FaultOrder) -> Value {
    let mut spec = Map::new();
    for (name, value) in order.parameters {
        let number = value
            .trim()
            .parse::<f64>()
            .ok()
            .filter(|_| name.ends_with("_s") || matches!(name.as_str(), "rate" | "value"));
        let value = match number.and_then(serde_json::Number::from_f64) {
            Some(number) => Value::Number(number),
            None if value.trim().is_empty() => continue,
            None => Value::String(value),
        };
        spec.insert(name, value);
    }
    spec.insert("kind".into(), json!(order.kind));
    if let Some(region) = order.region {
        spec.insert("region".into(), json!(region));
    }
    if let Some(seconds) = order.duration_s {
        spec.insert("duration_s".into(), json!(seconds));
    }
    Value::Object(spec)
}

#[derive(Deserialize)]
struct Started {
    id: String,
}

#[derive(Deserialize)]
struct Board {
    #[serde(default, alias = "catalogue")]
    kinds: Vec<Kind>,
    #[serde(default, alias = "faults")]
    active: Vec<Active>,
}

#[derive(Deserialize)]
struct Kind {
    id: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    title: String,
    #[serde(default)]
    description: String,
    #[serde(default)]
    parameters: Vec<KindParameter>,
}

#[derive(Deserialize)]
struct KindParameter {
    name: String,
    #[serde(default)]
    default: Value,
}

#[derive(Deserialize)]
struct Active {
    id: String,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    title: String,
    #[serde(default)]
    target: String,
    #[serde(default)]
    ends: Option<String>,
}

fn read_board(body: &[u8]) -> Result<FaultBoard, FaultError> {
    let board: Board = serde_json::from_slice(body).map_err(unreadable)?;
    let active = board.active.iter().filter_map(|fault| {
        Some(ActiveFault {
            id: number(&fault.id)?,
            kind: clean(&fault.kind),
            title: clean(&fault.title),
            target: clean(&fault.target),
            ends: fault.ends.as_ref().and_then(|ends| ends.parse().ok()),
        })
    });
    Ok(FaultBoard { active: active.collect(), kinds: board.kinds.iter().map(kind).collect() })
}

fn kind(kind: &Kind) -> FaultKind {
    let parameter = |parameter: &KindParameter| Parameter {
        name: clean(&parameter.name),
        default: match &parameter.default {
            Value::Null => String::new(),
            Value::String(text) => clean(text),
            other => other.to_string(),
        },
    };
    FaultKind {
        id: clean(&kind.id),
        name: clean(&kind.name),
        title: clean(&kind.title),
        description: clean(&kind.description),
        parameters: kind.parameters.iter().map(parameter).collect(),
    }
}

fn number(id: &str) -> Option<u64> {
    id.trim_start_matches(ID).parse().ok()
}

fn unreadable(error: serde_json::Error) -> FaultError {
    FaultError(format!("the simulator's answer cannot be read: {}", clean(&error.to_string())))
}

/// What the page says is wrong.
fn complaint(status: u16, body: &[u8]) -> String {
    let said: Option<Value> = serde_json::from_slice(body).ok();
    let said = said.as_ref().and_then(|said| said.get("error").or_else(|| said.get("message")));
    match said.and_then(Value::as_str) {
        Some(text) => clean(text),
        None => format!("the simulator answered {status}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    #[test]
    fn an_order_keeps_numbers_as_numbers() {
        let parameters = BTreeMap::from([
            ("rate".to_string(), "0.5".to_string()),
            ("zone".to_string(), "2".to_string()),
            ("service".to_string(), String::new()),
        ]);
        let order =
            FaultOrder { kind: "F3".into(), region: Some("eu-west-1".into()), duration_s: Some(60), parameters };
        assert_eq!(
            spec(order),
            json!({"kind": "F3", "region": "eu-west-1", "duration_s": 60, "rate": 0.5, "zone": "2"})
        );
    }

    proptest! {
        #[test]
        fn any_answer_is_read_or_refused(body in any::<Vec<u8>>()) {
            let _ = read_board(&body);
            let _ = complaint(500, &body);
        }
    }
}
