//! Rows as the Data API gives them.

use super::refuse::{invalid, unsupported_result};
use crate::doc::Doc;
use crate::operation::Answer;
use crate::world::sql::{Outcome, Value};
use serde::{Deserialize, Serialize};
use serde_json::json;

/// The largest row and the largest result, bytes (Aurora User Guide, Limitations of the Data API).
const MAX_ROW: usize = 64 << 10;
const MAX_RESULT: usize = 1 << 20;

#[derive(Debug, Default, Deserialize)]
pub struct ResultSetOptions {
    decimalReturnType: Option<String>,
    longReturnType: Option<String>,
}

impl ResultSetOptions {
    pub fn check(&self) -> Answer<()> {
        one_of("resultSetOptions.decimalReturnType", self.decimalReturnType.as_deref(), &["STRING", "DOUBLE_OR_LONG"])?;
        one_of("resultSetOptions.longReturnType", self.longReturnType.as_deref(), &["STRING", "LONG"])
    }
}

pub fn one_of(member: &str, value: Option<&str>, values: &[&str]) -> Answer<()> {
    match value {
        Some(value) if !values.contains(&value) => invalid(format!(
            "1 validation error detected: Value '{value}' at '{member}' failed to satisfy constraint: Member must satisfy enum value set: [{}]",
            values.join(", ")
        )),
        _ => Ok(()),
    }
}

/// A row of fields.
pub fn fields(outcome: &Outcome, options: &ResultSetOptions) -> Answer<Vec<Vec<Doc>>> {
    let mut whole = 0;
    let row = |row: &Vec<Value>| {
        let pairs = row.iter().zip(&outcome.columns);
        let fields: Vec<Doc> = pairs.map(|(value, (_, kind))| field(value, kind, options)).collect();
        let size = row.iter().map(size).sum::<usize>();
        whole += size;
        if size > MAX_ROW {
            return Err(unsupported_result("Packet for query is too large: a row may have 64 KB."));
        }
        if whole > MAX_RESULT {
            return Err(unsupported_result("Database response exceeded size limit: a result may have 1 MiB."));
        }
        Ok(fields)
    };
    outcome.rows.iter().map(row).collect()
}

fn size(value: &Value) -> usize {
    if let Value::Text(text) = value { text.len() } else { size_of::<i64>() }
}

fn field(value: &Value, kind: &str, options: &ResultSetOptions) -> Doc {
    match value {
        Value::Null => json!({ "isNull": true }),
        Value::Boolean(b) => json!({ "booleanValue": b }),
        Value::Long(n) if options.longReturnType.as_deref() == Some("STRING") => {
            json!({ "stringValue": n.to_string() })
        }
        Value::Long(n) => json!({ "longValue": n }),
        Value::Double(x) => json!({ "doubleValue": double(*x) }),
        Value::Text(text) if kind == "numeric" && options.decimalReturnType.as_deref() == Some("DOUBLE_OR_LONG") => {
            match text.parse::<i64>() {
                Ok(n) => json!({ "longValue": n }),
                Err(_) => json!({ "doubleValue": text.parse().map_or(Doc::Null, double) }),
            }
        }
        Value::Text(text) => json!({ "stringValue": text }),
        Value::Moment(at) => json!({ "stringValue": moment(*at) }),
    }
}

/// JSON has no word for what is no number, so restJson spells it.
fn double(x: f64) -> Doc {
    match serde_json::Number::from_f64(x) {
        Some(number) => Doc::Number(number),
        None if x.is_nan() => "NaN".into(),
        None => if x > 0.0 { "Infinity" } else { "-Infinity" }.into(),
    }
}

/// `2026-01-05 14:00:00.123`: UTC, without an offset, and without a fraction that is nothing.
fn moment(at: crate::moment::Moment) -> String {
    let iso = at.iso().replacen('T', " ", 1);
    let text = iso.trim_end_matches('Z');
    match text.split_once('.') {
        Some((_, fraction)) if fraction != "000" => text.trim_end_matches('0').to_string(),
        Some((whole, _)) => whole.to_string(),
        None => text.to_string(),
    }
}

/// The rows as one JSON text: a list of objects whose members are in the order of the columns.
pub fn json_text(outcome: &Outcome) -> Answer<String> {
    let mut labels: Vec<&str> = outcome.columns.iter().map(|(label, _)| label.as_str()).collect();
    labels.sort_unstable();
    if let Some(twice) = labels.windows(2).find(|pair| pair[0] == pair[1]) {
        return Err(unsupported_result(format!("The result has more than one column named {}.", twice[0])));
    }
    let plain = |value: &Value, kind: &str| match value {
        Value::Null => Doc::Null,
        Value::Boolean(b) => json!(b),
        Value::Long(n) => json!(n),
        Value::Double(x) => double(*x),
        Value::Text(text) if kind == "numeric" => text.parse::<i64>().map_or_else(|_| json!(text), |n| json!(n)),
        Value::Text(text) => json!(text),
        Value::Moment(at) => json!(moment(*at)),
    };
    let member =
        |(value, (label, kind)): (&Value, &(String, &'static str))| format!("{}:{}", json!(label), plain(value, kind));
    let object = |row: &Vec<Value>| {
        let members: Vec<String> = row.iter().zip(&outcome.columns).map(member).collect();
        format!("{{{}}}", members.join(","))
    };
    let objects: Vec<String> = outcome.rows.iter().map(object).collect();
    let text = format!("[{}]", objects.join(","));
    if text.len() > MAX_RESULT {
        return Err(unsupported_result("Database response exceeded size limit: a result may have 1 MiB."));
    }
    Ok(text)
}

#[derive(Debug, Serialize)]
pub struct ColumnMetadata {
    arrayBaseColumnType: i32,
    isAutoIncrement: bool,
    isCaseSensitive: bool,
    isCurrency: bool,
    isSigned: bool,
    label: String,
    name: String,
    /// JDBC's number of the type.
    r#type: i32,
    typeName: &'static str,
    precision: i32,
    scale: i32,
}

/// What is known of the columns (numbers as PostgreSQL's JDBC driver has them, recalled).
pub fn metadata(outcome: &Outcome) -> Vec<ColumnMetadata> {
    let column = |(label, kind): &(String, &'static str)| {
        let (number, precision, scale, signed) = match *kind {
            "bool" => (-7, 1, 0, false),
            "int4" => (4, 10, 0, true),
            "int8" => (-5, 19, 0, true),
            "float8" => (8, 17, 17, true),
            "numeric" => (2, 0, 0, true),
            "timestamptz" => (93, 35, 6, false),
            "interval" => (1111, 49, 6, false),
            _ => (12, i32::MAX, 0, false),
        };
        ColumnMetadata {
            arrayBaseColumnType: 0,
            isAutoIncrement: false,
            isCaseSensitive: number == 12,
            isCurrency: false,
            isSigned: signed,
            label: label.clone(),
            name: label.clone(),
            r#type: number,
            typeName: kind,
            precision,
            scale,
        }
    };
    outcome.columns.iter().map(column).collect()
}
