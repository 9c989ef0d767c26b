//! The values that stand for names in a statement.

use super::refuse::invalid;
use crate::doc::Doc;
use crate::moment::Moment;
use crate::operation::Answer;
use crate::world::sql::{Parameters, Value};
use serde::Deserialize;

#[derive(Debug, Deserialize)]
pub struct SqlParameter {
    name: Option<String>,
    value: Option<Field>,
    typeHint: Option<String>,
}

/// A union: one member is there.
#[derive(Debug, Default, Deserialize)]
struct Field {
    isNull: Option<bool>,
    booleanValue: Option<bool>,
    longValue: Option<i64>,
    doubleValue: Option<Double>,
    stringValue: Option<String>,
    blobValue: Option<String>,
    arrayValue: Option<Doc>,
}

/// JSON has no word for what is no number, so restJson spells it.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Double {
    Number(f64),
    Spelt(String),
}

pub fn read(list: Vec<SqlParameter>) -> Answer<Parameters> {
    let mut parameters = Parameters::new();
    for parameter in list {
        let Some(name) = parameter.name.filter(|name| !name.is_empty()) else {
            return invalid("The name of a parameter is missing");
        };
        let value = value(&name, parameter.value.unwrap_or_default(), parameter.typeHint.as_deref())?;
        parameters.insert(name, value);
    }
    Ok(parameters)
}

fn value(name: &str, field: Field, hint: Option<&str>) -> Answer<Value> {
    if field.arrayValue.is_some() {
        return invalid("Array parameters are not supported.");
    }
    if field.blobValue.is_some() {
        return invalid(format!(
            "The parameter {name} has a blob value, and no column of this database is of type bytea"
        ));
    }
    let double = match field.doubleValue {
        None => None,
        Some(Double::Number(x)) => Some(x),
        Some(Double::Spelt(text)) => match text.as_str() {
            "NaN" => Some(f64::NAN),
            "Infinity" => Some(f64::INFINITY),
            "-Infinity" => Some(f64::NEG_INFINITY),
            _ => return invalid(format!("The double value of the parameter {name} isn't valid: {text}")),
        },
    };
    let given = [
        field.isNull.filter(|null| *null).map(|_| Value::Null),
        field.booleanValue.map(Value::Boolean),
        field.longValue.map(Value::Long),
        double.map(Value::Double),
        field.stringValue.map(Value::Text),
    ];
    let mut given = given.into_iter().flatten();
    match (given.next(), given.next(), hint) {
        (Some(Value::Text(text)), None, Some(hint)) => hinted(name, text, hint),
        (Some(value), None, _) => Ok(value),
        (None, ..) => invalid(format!("The value of the parameter {name} is missing")),
        _ => invalid(format!("The parameter {name} has more than one value")),
    }
}

/// Text that is sent as something else: `YYYY-MM-DD HH:MM:SS[.FFF]`, `YYYY-MM-DD`, a number (RDS Data API model,
/// `TypeHint`).
fn hinted(name: &str, text: String, hint: &str) -> Answer<Value> {
    let moment = match hint {
        "TIMESTAMP" => Moment::parse(&format!("{}Z", text.replacen(' ', "T", 1))),
        "DATE" => Moment::parse(&format!("{text}T00:00:00Z")),
        "DECIMAL" => {
            let number = text.parse().map(Value::Long).or_else(|_| text.parse().map(Value::Double));
            return number
                .or_else(|_| invalid(format!("The value of the parameter {name} isn't a valid DECIMAL: {text}")));
        }
        "UUID" | "JSON" => return Ok(Value::Text(text)),
        "TIME" => return invalid("Parameters of type TIME are not supported."),
        _ => {
            return invalid(format!(
                "1 validation error detected: Value '{hint}' at 'typeHint' failed to satisfy constraint: Member must satisfy enum value set: [JSON, UUID, TIMESTAMP, DATE, TIME, DECIMAL]"
            ));
        }
    };
    match moment {
        Some(at) => Ok(Value::Moment(at)),
        None => invalid(format!("The value of the parameter {name} isn't a valid {hint}: {text}")),
    }
}
