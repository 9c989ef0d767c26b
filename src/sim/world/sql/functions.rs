//! The functions that are known.

use super::Value;
use super::bind::Binder;
use super::error::{Sql, no_function, out_of_range, refuse, unsupported};
use super::kind::{How, Kind};
use super::node::{Node, Typed};
use super::time;
use sqlparser::ast::{Expr, FunctionArg, FunctionArgExpr, FunctionArguments};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Function {
    Coalesce,
    Lower,
    Upper,
    Length,
    Abs(Kind),
    /// The beginning of the unit named first.
    Trunc,
    /// Seconds since 1970, or of an interval.
    Epoch,
}

impl Function {
    pub(super) fn call(self, arguments: &[Node], row: &[Value]) -> Sql<Value> {
        if self == Function::Coalesce {
            for one in arguments {
                let value = one.eval(row)?;
                if value != Value::Null {
                    return Ok(value);
                }
            }
            return Ok(Value::Null);
        }
        let values: Vec<Value> = arguments.iter().map(|one| one.eval(row)).collect::<Sql<_>>()?;
        Ok(match (self, values.as_slice()) {
            (Function::Lower, [Value::Text(text)]) => Value::Text(text.to_lowercase()),
            (Function::Upper, [Value::Text(text)]) => Value::Text(text.to_uppercase()),
            (Function::Length, [Value::Text(text)]) => Value::Long(text.chars().count() as i64),
            (Function::Abs(kind), [Value::Long(n)]) => {
                let fits = |n: &i64| kind != Kind::Integer || i32::try_from(*n).is_ok();
                Value::Long(n.checked_abs().filter(fits).ok_or_else(|| out_of_range(kind))?)
            }
            (Function::Abs(_), [Value::Double(x)]) => Value::Double(x.abs()),
            (Function::Trunc, [Value::Text(unit), Value::Moment(at)]) => match time::trunc(unit, *at) {
                Some(at) => Value::Moment(at),
                None => return unsupported(format!("unit \"{unit}\" for date_trunc is")),
            },
            (Function::Epoch, [Value::Moment(at)]) => Value::Double(at.seconds()),
            (Function::Epoch, [Value::Long(ms)]) => Value::Double(*ms as f64 / 1000.0),
            _ => Value::Null,
        })
    }
}

/// The arguments of a call that has nothing but arguments.
pub(super) fn arguments<'e>(name: &str, call: &'e sqlparser::ast::Function) -> Sql<Vec<&'e Expr>> {
    let plain = call.filter.is_none() && call.over.is_none() && call.within_group.is_empty();
    let list = match &call.args {
        FunctionArguments::None => return Ok(vec![]),
        FunctionArguments::List(list) if plain && list.clauses.is_empty() && call.null_treatment.is_none() => list,
        _ => return unsupported(format!("this form of {name} is")),
    };
    let plain = |argument: &'e FunctionArg| match argument {
        FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) => Ok(expr),
        _ => unsupported(format!("this form of {name} is")),
    };
    list.args.iter().map(plain).collect()
}

/// Binds a call of a function that is no aggregate.
pub(super) fn bind(binder: &mut Binder, name: &str, call: &sqlparser::ast::Function) -> Sql<Typed> {
    let asked: Vec<Typed> =
        arguments(name, call)?.into_iter().map(|argument| binder.bind(argument)).collect::<Sql<_>>()?;
    let kinds: Vec<&str> = asked.iter().map(|argument| argument.kind.said()).collect();
    let none = || Err(no_function(name, &kinds.join(", ")));
    let count = asked.len();
    let mut asked = asked.into_iter();
    match (name, count) {
        ("now" | "transaction_timestamp" | "statement_timestamp" | "clock_timestamp" | "current_timestamp", 0) => {
            Ok(Typed::constant(Kind::Moment, Value::Moment(binder.setting.now)))
        }
        ("coalesce", 1..) => {
            let kind = asked.clone().try_fold(Kind::Unknown, |kind, next| match kind.common(next.kind) {
                Some(kind) => Ok(kind),
                None => {
                    let (a, b) = (kind.said(), next.kind.said());
                    refuse("42804", format!("COALESCE types {a} and {b} cannot be matched"))
                }
            })?;
            let kind = if kind == Kind::Unknown { Kind::Text } else { kind };
            let nodes: Vec<Node> = asked.map(|one| one.into_kind(kind, How::Implicit)).collect::<Sql<_>>()?;
            Ok(Typed::new(kind, Node::Call(Function::Coalesce, nodes)))
        }
        ("lower" | "upper" | "length", 1) => {
            let Some(one) = asked.next().filter(|one| one.kind.is_text() || one.kind == Kind::Unknown) else {
                return none();
            };
            let (function, kind) = match name {
                "lower" => (Function::Lower, Kind::Text),
                "upper" => (Function::Upper, Kind::Text),
                _ => (Function::Length, Kind::Integer),
            };
            Ok(Typed::new(kind, Node::Call(function, vec![one.into_text()?])))
        }
        ("abs", 1) => match asked.next() {
            Some(one) if one.kind == Kind::Unknown => {
                let one = one.into_kind(Kind::Double, How::Implicit)?;
                Ok(Typed::new(Kind::Double, Node::Call(Function::Abs(Kind::Double), vec![one])))
            }
            Some(one) if one.kind.is_number() && one.kind != Kind::Numeric => {
                Ok(Typed::new(one.kind, Node::Call(Function::Abs(one.kind), vec![one.node])))
            }
            _ => none(),
        },
        ("date_trunc", 2) => match (asked.next(), asked.next()) {
            (Some(unit), Some(at))
                if matches!(unit.kind, Kind::Unknown | Kind::Text)
                    && matches!(at.kind, Kind::Moment | Kind::Unknown) =>
            {
                let at = at.into_kind(Kind::Moment, How::Implicit)?;
                Ok(Typed::new(Kind::Moment, Node::Call(Function::Trunc, vec![unit.into_text()?, at])))
            }
            _ => none(),
        },
        ("now" | "coalesce" | "lower" | "upper" | "length" | "abs" | "date_trunc", _) => none(),
        _ => unsupported(format!("function {name} is")),
    }
}

/// An interval that is written down: `INTERVAL '5 minutes'`.
pub(super) fn interval(interval: &sqlparser::ast::Interval) -> Sql<Typed> {
    let plain = interval.leading_precision.is_none() && interval.last_field.is_none();
    let text = match interval.value.as_ref() {
        Expr::Value(value) if plain => value.value.clone().into_string(),
        _ => None,
    };
    let Some(mut text) = text else { return unsupported("this form of INTERVAL is") };
    if let Some(unit) = &interval.leading_field {
        text = format!("{text} {}", unit.to_string().to_lowercase());
    }
    match time::read_span(&text) {
        Some(ms) => Ok(Typed::constant(Kind::Span, Value::Long(ms))),
        None => refuse("22007", format!("invalid input syntax for type interval: \"{text}\"")),
    }
}
