//! The types, their names, and how a value of one becomes a value of another.

use super::Value;
use super::error::{Sql, error, out_of_range, refuse, unsupported};
use super::time;
use sqlparser::ast::{CharacterLength, DataType, TimezoneInfo};

/// A type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A quoted literal or NULL, before its place gives it a type.
    Unknown,
    Boolean,
    Integer,
    Long,
    Double,
    Text,
    Varchar(Option<u32>),
    Moment,
    /// An interval: a `Long` of milliseconds.
    Span,
    /// The sum of bigints: a `Text` of digits.
    Numeric,
}

/// On whose word a value changes its type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum How {
    Implicit,
    Assignment,
    Explicit,
}

impl Kind {
    /// As error messages call it.
    pub(super) fn said(self) -> &'static str {
        match self {
            Kind::Unknown => "unknown",
            Kind::Boolean => "boolean",
            Kind::Integer => "integer",
            Kind::Long => "bigint",
            Kind::Double => "double precision",
            Kind::Text => "text",
            Kind::Varchar(_) => "character varying",
            Kind::Moment => "timestamp with time zone",
            Kind::Span => "interval",
            Kind::Numeric => "numeric",
        }
    }

    /// As `pg_type` calls it.
    pub(super) fn short(self) -> &'static str {
        match self {
            Kind::Unknown | Kind::Text => "text",
            Kind::Boolean => "bool",
            Kind::Integer => "int4",
            Kind::Long => "int8",
            Kind::Double => "float8",
            Kind::Varchar(_) => "varchar",
            Kind::Moment => "timestamptz",
            Kind::Span => "interval",
            Kind::Numeric => "numeric",
        }
    }

    pub(super) fn is_number(self) -> bool {
        matches!(self, Kind::Integer | Kind::Long | Kind::Double | Kind::Numeric)
    }

    pub(super) fn is_text(self) -> bool {
        matches!(self, Kind::Text | Kind::Varchar(_))
    }

    pub(super) fn of(data_type: &DataType) -> Sql<Kind> {
        Ok(match data_type {
            DataType::Text => Kind::Text,
            DataType::Varchar(length) | DataType::CharacterVarying(length) | DataType::CharVarying(length) => {
                Kind::Varchar(limit(length.as_ref())?)
            }
            DataType::BigInt(None) | DataType::Int8(None) => Kind::Long,
            DataType::Integer(None) | DataType::Int(None) | DataType::Int4(None) => Kind::Integer,
            DataType::Boolean | DataType::Bool => Kind::Boolean,
            DataType::Timestamp(_, TimezoneInfo::Tz | TimezoneInfo::WithTimeZone) => Kind::Moment,
            DataType::DoublePrecision | DataType::Float8 => Kind::Double,
            DataType::Interval { fields: None, precision: None } => Kind::Span,
            DataType::Array(_) => return unsupported("an array type is"),
            other => return unsupported(format!("type {} is", other.to_string().to_lowercase())),
        })
    }

    /// The type that two sides of a comparison or of a choice have in common.
    pub(super) fn common(self, other: Kind) -> Option<Kind> {
        match (self, other) {
            (a, b) if a == b => Some(a),
            (Kind::Unknown, Kind::Varchar(_)) | (Kind::Varchar(_), Kind::Unknown) => Some(Kind::Varchar(None)),
            (Kind::Unknown, known) | (known, Kind::Unknown) => Some(known),
            (a, b) if a.is_text() && b.is_text() => Some(Kind::Text),
            (a, b) if a.is_number() && b.is_number() => {
                let wide = matches!(a, Kind::Double | Kind::Numeric) || matches!(b, Kind::Double | Kind::Numeric);
                Some(if wide { Kind::Double } else { Kind::Long })
            }
            _ => None,
        }
    }

    pub(super) fn becomes(self, to: Kind, how: How) -> bool {
        let least = match (self, to) {
            (Kind::Unknown, _) => How::Implicit,
            (a, b) if a == b || a.is_text() && b.is_text() => How::Implicit,
            (Kind::Integer, Kind::Long) | (Kind::Integer | Kind::Long | Kind::Numeric, Kind::Double) => How::Implicit,
            (a, Kind::Integer | Kind::Long) if a.is_number() => How::Assignment,
            (_, b) if b.is_text() => How::Assignment,
            (Kind::Boolean, Kind::Integer) | (Kind::Integer, Kind::Boolean) => How::Explicit,
            (a, b) if a.is_text() && b != Kind::Numeric => How::Explicit,
            _ => return false,
        };
        least <= how
    }
}

fn limit(length: Option<&CharacterLength>) -> Sql<Option<u32>> {
    match length {
        None => Ok(None),
        Some(CharacterLength::IntegerLength { length: 0, .. }) => {
            refuse("22023", "length for type varchar must be at least 1")
        }
        Some(CharacterLength::IntegerLength { length, .. }) => match u32::try_from(*length) {
            Ok(length) if length <= 10_485_760 => Ok(Some(length)),
            _ => refuse("22023", "length for type varchar cannot exceed 10485760"),
        },
        Some(CharacterLength::Max) => unsupported("varchar(max) is"),
    }
}

/// A value of another type. Which types may become which is [`Kind::becomes`].
pub(super) fn cast(value: Value, from: Kind, to: Kind, how: How) -> Sql<Value> {
    match (value, to) {
        (Value::Null, _) => Ok(Value::Null),
        (value, _) if from == to && !matches!(to, Kind::Varchar(_)) => Ok(value),
        (value, Kind::Text | Kind::Unknown) => Ok(Value::Text(write(&value, from))),
        (value, Kind::Varchar(limit)) => fit(write(&value, from), limit, how),
        (Value::Text(text), to) => read(&text, to),
        (Value::Long(n), Kind::Integer) => match i32::try_from(n) {
            Ok(_) => Ok(Value::Long(n)),
            Err(_) => Err(out_of_range(Kind::Integer)),
        },
        (Value::Long(n), Kind::Boolean) => Ok(Value::Boolean(n != 0)),
        (Value::Long(n), Kind::Double) => Ok(Value::Double(n as f64)),
        (Value::Boolean(b), Kind::Integer) => Ok(Value::Long(i64::from(b))),
        (Value::Double(x), Kind::Integer | Kind::Long) => {
            let whole = x.round_ties_even();
            let (low, high) = if to == Kind::Integer {
                (-2_147_483_648.0, 2_147_483_648.0)
            } else {
                (-(2_f64.powi(63)), 2_f64.powi(63))
            };
            if whole >= low && whole < high { Ok(Value::Long(whole as i64)) } else { Err(out_of_range(to)) }
        }
        (value, _) => Ok(value),
    }
}

fn fit(text: String, limit: Option<u32>, how: How) -> Sql<Value> {
    let Some(limit) = limit else { return Ok(Value::Text(text)) };
    let kept: String = text.chars().take(limit as usize).collect();
    if how != How::Explicit && text[kept.len()..].chars().any(|letter| letter != ' ') {
        return refuse("22001", format!("value too long for type character varying({limit})"));
    }
    Ok(Value::Text(kept))
}

/// Reads a value from text, as an input function does.
pub(super) fn read(text: &str, kind: Kind) -> Sql<Value> {
    let trimmed = text.trim();
    let invalid = |state| error(state, format!("invalid input syntax for type {}: \"{text}\"", kind.said()));
    let range = || error("22003", format!("value \"{trimmed}\" is out of range for type {}", kind.said()));
    match kind {
        Kind::Text | Kind::Unknown | Kind::Numeric => Ok(Value::Text(text.to_string())),
        Kind::Varchar(limit) => fit(text.to_string(), limit, How::Assignment),
        Kind::Boolean => truth(trimmed).map(Value::Boolean).ok_or_else(|| invalid("22P02")),
        Kind::Integer | Kind::Long => {
            let digits = trimmed.strip_prefix(['+', '-']).unwrap_or(trimmed);
            if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
                return Err(invalid("22P02"));
            }
            let n: i64 = trimmed.parse().map_err(|_| range())?;
            if kind == Kind::Integer && i32::try_from(n).is_err() { Err(range()) } else { Ok(Value::Long(n)) }
        }
        Kind::Double => {
            let x: f64 = trimmed.parse().map_err(|_| invalid("22P02"))?;
            let spelt = trimmed.trim_start_matches(['+', '-']).starts_with(['i', 'I']);
            if x.is_infinite() && !spelt {
                return refuse("22003", format!("\"{trimmed}\" is out of range for type double precision"));
            }
            Ok(Value::Double(x))
        }
        Kind::Moment => time::read_moment(trimmed).map(Value::Moment).ok_or_else(|| invalid("22007")),
        Kind::Span => time::read_span(trimmed).map(Value::Long).ok_or_else(|| invalid("22007")),
    }
}

fn truth(text: &str) -> Option<bool> {
    let text = text.to_ascii_lowercase();
    let begins = |word: &str| !text.is_empty() && word.starts_with(&text);
    match text.as_str() {
        "1" | "on" => Some(true),
        "0" | "of" | "off" => Some(false),
        _ if begins("true") || begins("yes") => Some(true),
        _ if begins("false") || begins("no") => Some(false),
        _ => None,
    }
}

/// Writes a value as text, as an output function does.
pub(super) fn write(value: &Value, kind: Kind) -> String {
    match value {
        Value::Null => String::new(),
        Value::Boolean(b) => b.to_string(),
        Value::Long(ms) if kind == Kind::Span => time::write_span(*ms),
        Value::Long(n) => n.to_string(),
        Value::Double(x) => write_double(*x),
        Value::Text(text) => text.clone(),
        Value::Moment(at) => time::write_moment(*at),
    }
}

/// The shortest digits that read back as the same number; far from 1 with an exponent.
fn write_double(x: f64) -> String {
    if !x.is_finite() {
        let name = if x.is_nan() { "NaN" } else { "Infinity" };
        return format!("{}{name}", if x < 0.0 { "-" } else { "" });
    }
    let scientific = format!("{x:e}");
    let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    match exponent.parse::<i32>() {
        Ok(power) if !(-4..15).contains(&power) => {
            format!("{digits}e{}{:02}", if power < 0 { '-' } else { '+' }, power.abs())
        }
        _ => x.to_string(),
    }
}
