//! Aggregates, and the rows that they make of groups.

use super::Value;
use super::bind::{Binder, Scope};
use super::error::{Sql, error, no_function, refuse, unsupported};
use super::functions;
use super::kind::Kind;
use super::node::{Node, Typed};
use super::table::{Key, Row, order};
use sqlparser::ast::{DuplicateTreatment, FunctionArg, FunctionArgExpr, FunctionArguments};
use std::collections::{BTreeMap, BTreeSet};

/// What is asked of every group.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Aggregate {
    what: What,
    /// `None` counts rows.
    of: Option<Node>,
    distinct: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What {
    Count,
    Max,
    Min,
    /// As this type.
    Sum(Kind),
    Average,
}

pub(super) fn is_aggregate(name: &str) -> bool {
    matches!(name, "count" | "max" | "min" | "sum" | "avg")
}

/// Binds a call of an aggregate: it is asked once, however often it is written.
pub(super) fn bind(binder: &mut Binder, name: &str, call: &sqlparser::ast::Function) -> Sql<Typed> {
    let (distinct, star) = match &call.args {
        FunctionArguments::List(list) => (
            list.duplicate_treatment == Some(DuplicateTreatment::Distinct),
            matches!(list.args.as_slice(), [FunctionArg::Unnamed(FunctionArgExpr::Wildcard)]),
        ),
        _ => (false, false),
    };
    if star {
        if call.filter.is_some() || call.over.is_some() || distinct {
            return unsupported(format!("this form of {name} is"));
        }
        if name != "count" {
            return Err(no_function(name, ""));
        }
        return Ok(ask(binder, Kind::Long, Aggregate { what: What::Count, of: None, distinct }));
    }
    let arguments = functions::arguments(name, call)?;
    let [argument] = arguments.as_slice() else {
        let kinds: Vec<&str> =
            arguments.iter().map(|one| Ok(binder.inner().bind(one)?.kind.said())).collect::<Sql<_>>()?;
        return Err(no_function(name, &kinds.join(", ")));
    };
    let of = binder.inner().bind(argument)?;
    let none = || Err(no_function(name, of.kind.said()));
    let (what, kind) = match (name, of.kind) {
        ("count", _) => (What::Count, Kind::Long),
        ("sum" | "avg", Kind::Unknown) => return refuse("42725", format!("function {name}(unknown) is not unique")),
        (_, Kind::Boolean) => return none(),
        ("max", Kind::Unknown) => (What::Max, Kind::Text),
        ("min", Kind::Unknown) => (What::Min, Kind::Text),
        ("max", kind) => (What::Max, kind),
        ("min", kind) => (What::Min, kind),
        ("sum", Kind::Integer) => (What::Sum(Kind::Long), Kind::Long),
        ("sum", Kind::Long) => (What::Sum(Kind::Numeric), Kind::Numeric),
        ("sum", Kind::Double) => (What::Sum(Kind::Double), Kind::Double),
        ("avg", Kind::Double) => (What::Average, Kind::Double),
        ("avg", Kind::Integer | Kind::Long) => {
            return unsupported("avg of whole numbers (cast them to double precision) is");
        }
        ("sum" | "avg", Kind::Span) => return unsupported(format!("{name} of intervals is")),
        _ => return none(),
    };
    Ok(ask(binder, kind, Aggregate { what, of: Some(of.node), distinct }))
}

fn ask(binder: &mut Binder, kind: Kind, aggregate: Aggregate) -> Typed {
    let known = binder.aggregates.iter().position(|known| *known == aggregate);
    let place = known.unwrap_or_else(|| {
        binder.aggregates.push(aggregate);
        binder.aggregates.len() - 1
    });
    Typed::new(kind, Node::Aggregate(place))
}

/// One row for every group: its keys, then its aggregates.
pub(super) fn rows(rows: &[&Row], keys: &[Node], aggregates: &[Aggregate]) -> Sql<Vec<Row>> {
    let mut groups: BTreeMap<Key, Vec<&Row>> = BTreeMap::new();
    if keys.is_empty() {
        groups.insert(Key(vec![]), vec![]);
    }
    for row in rows {
        let key: Row = keys.iter().map(|key| key.eval(row)).collect::<Sql<_>>()?;
        groups.entry(Key(key)).or_default().push(row);
    }
    let whole = |(Key(mut key), members): (Key, Vec<&Row>)| {
        for aggregate in aggregates {
            key.push(aggregate.over(&members)?);
        }
        Ok(key)
    };
    groups.into_iter().map(whole).collect()
}

impl Aggregate {
    fn over(&self, rows: &[&Row]) -> Sql<Value> {
        let Some(of) = &self.of else { return Ok(Value::Long(rows.len() as i64)) };
        let mut values: Row = rows.iter().map(|row| of.eval(row)).collect::<Sql<_>>()?;
        values.retain(|value| *value != Value::Null);
        if self.distinct {
            let kept: BTreeSet<Key> = values.into_iter().map(|value| Key(vec![value])).collect();
            values = kept.into_iter().flat_map(|Key(value)| value).collect();
        }
        let doubles = || values.iter().map(|value| if let Value::Double(x) = value { *x } else { 0.0 });
        Ok(match self.what {
            What::Count => Value::Long(values.len() as i64),
            _ if values.is_empty() => Value::Null,
            What::Max => values.into_iter().max_by(order).unwrap_or(Value::Null),
            What::Min => values.into_iter().min_by(order).unwrap_or(Value::Null),
            What::Sum(Kind::Double) => Value::Double(doubles().sum()),
            What::Average => Value::Double(doubles().sum::<f64>() / values.len() as f64),
            What::Sum(kind) => {
                let sum: i128 =
                    values.iter().map(|value| if let Value::Long(n) = value { i128::from(*n) } else { 0 }).sum();
                match kind {
                    Kind::Numeric => Value::Text(sum.to_string()),
                    _ => Value::Long(i64::try_from(sum).map_err(|_| error("22003", "bigint out of range"))?),
                }
            }
        })
    }
}

/// Rewrites a node over rows to one over the rows of groups. A column that is in no key is refused.
pub(super) fn over_groups(node: Node, keys: &[Node], scope: &Scope) -> Sql<Node> {
    if let Some(place) = keys.iter().position(|key| *key == node) {
        return Ok(Node::Column(place));
    }
    let one = |node: Box<Node>| over_groups(*node, keys, scope).map(Box::new);
    let many = |nodes: Vec<Node>| nodes.into_iter().map(|node| over_groups(node, keys, scope)).collect::<Sql<Vec<_>>>();
    Ok(match node {
        Node::Aggregate(place) => Node::Column(keys.len() + place),
        Node::Column(place) => {
            let message = format!(
                "column \"{}\" must appear in the GROUP BY clause or be used in an aggregate function",
                scope.said(place)
            );
            return refuse("42803", message);
        }
        Node::Constant(value) => Node::Constant(value),
        Node::Not(a) => Node::Not(one(a)?),
        Node::All(all) => Node::All(many(all)?),
        Node::Any(all) => Node::Any(many(all)?),
        Node::Compare(how, a, b) => Node::Compare(how, one(a)?, one(b)?),
        Node::Between(a, b, c) => Node::Between(one(a)?, one(b)?, one(c)?),
        Node::In(a, list) => Node::In(one(a)?, many(list)?),
        Node::IsNull(a) => Node::IsNull(one(a)?),
        Node::Is(wanted, a) => Node::Is(wanted, one(a)?),
        Node::Like { text, pattern, folded } => Node::Like { text: one(text)?, pattern: one(pattern)?, folded },
        Node::Arithmetic(operator, kind, a, b) => Node::Arithmetic(operator, kind, one(a)?, one(b)?),
        Node::Negate(kind, a) => Node::Negate(kind, one(a)?),
        Node::Concat(a, b) => Node::Concat(one(a)?, one(b)?),
        Node::Cast(a, from, to, how) => Node::Cast(one(a)?, from, to, how),
        Node::Call(function, arguments) => Node::Call(function, many(arguments)?),
    })
}
