//! Conditions on the key of a table.

use super::super::value::Value;
use super::condition::{Comparison, Condition, Operand};
use super::words::Words;

/// The partition that is asked for, and which part of it.
#[derive(Debug, Clone, PartialEq)]
pub struct KeyCondition {
    pub hash: Value,
    pub range: Option<Range>,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Range {
    Compare(Comparison, Value),
    Between(Value, Value),
    BeginsWith(Value),
}

impl Range {
    pub fn holds(&self, value: &Value) -> bool {
        match self {
            Self::Compare(comparison, other) => value.order(other).is_some_and(|order| comparison.holds(order)),
            Self::Between(low, high) => {
                value.order(low).is_some_and(|order| order.is_ge())
                    && value.order(high).is_some_and(|order| order.is_le())
            }
            Self::BeginsWith(start) => match (value, start) {
                (Value::S(text), Value::S(start)) => text.starts_with(start.as_str()),
                (Value::B(bytes), Value::B(start)) => bytes.starts_with(start),
                _ => false,
            },
        }
    }
}

impl KeyCondition {
    /// # Errors
    /// What DynamoDB says of a condition that is not one on this key.
    pub fn parse(text: &str, words: &mut Words, hash: &str, range: Option<&str>) -> Result<Self, String> {
        let condition =
            Condition::parse(text, words).map_err(|why| format!("Invalid KeyConditionExpression: {why}"))?;
        let mut parts = vec![];
        flatten(condition, &mut parts)?;
        let (mut partition, mut part) = (None, None);
        let mut seen: Vec<String> = vec![];
        for condition in parts {
            let (name, found) = on_attribute(condition)?;
            if seen.contains(&name) {
                return Err("KeyConditionExpressions must only contain one condition per key".into());
            }
            seen.push(name.clone());
            if name == hash {
                let Range::Compare(Comparison::Equal, value) = found else {
                    return Err("Query key condition not supported".into());
                };
                partition = Some(value);
            } else if Some(name.as_str()) == range {
                part = Some(found);
            } else {
                return Err(format!("Query condition missed key schema element: {}", range.unwrap_or(hash)));
            }
        }
        let hash = partition.ok_or_else(|| format!("Query condition missed key schema element: {hash}"))?;
        Ok(Self { hash, range: part })
    }
}

fn flatten(condition: Condition, parts: &mut Vec<Condition>) -> Result<(), String> {
    match condition {
        Condition::And(one, other) => {
            flatten(*one, parts)?;
            flatten(*other, parts)?;
        }
        Condition::Or(..) | Condition::Not(_) => {
            return Err("Invalid operator used in KeyConditionExpression: OR, NOT".into());
        }
        one => parts.push(one),
    }
    Ok(())
}

fn on_attribute(condition: Condition) -> Result<(String, Range), String> {
    let unsupported = || "Query key condition not supported".to_string();
    let name = |operand: Operand| match operand {
        Operand::Path(path) if path.steps.is_empty() => Ok(path.root),
        _ => Err(unsupported()),
    };
    let value = |operand: Operand| match operand {
        Operand::Value(value) => Ok(value),
        _ => Err(unsupported()),
    };
    match condition {
        Condition::Compare(_, Comparison::Unequal, _) => {
            Err("Unsupported operator on KeyCondition: operator: <>".into())
        }
        Condition::Compare(left, comparison, right) => Ok((name(left)?, Range::Compare(comparison, value(right)?))),
        Condition::Between(left, low, high) => Ok((name(left)?, Range::Between(value(low)?, value(high)?))),
        Condition::BeginsWith(left, start) => Ok((name(left)?, Range::BeginsWith(value(start)?))),
        _ => Err(unsupported()),
    }
}
