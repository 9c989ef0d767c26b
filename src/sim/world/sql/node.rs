//! Expressions that are typed and bound to places in a row, and what they come to.

use super::Value;
use super::error::{Sql, error, out_of_range};
use super::functions::Function;
use super::kind::{How, Kind, cast, write};
use super::table::order;
use crate::moment::Moment;
use std::cmp::Ordering;

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Node {
    Constant(Value),
    /// A place in the row.
    Column(usize),
    /// The result of an aggregate, before its place in the row of the group is known.
    Aggregate(usize),
    Not(Box<Node>),
    All(Vec<Node>),
    Any(Vec<Node>),
    Compare(Comparison, Box<Node>, Box<Node>),
    Between(Box<Node>, Box<Node>, Box<Node>),
    In(Box<Node>, Vec<Node>),
    IsNull(Box<Node>),
    /// Whether it is true (or false), and not unknown.
    Is(bool, Box<Node>),
    Like {
        text: Box<Node>,
        pattern: Box<Node>,
        folded: bool,
    },
    Arithmetic(Operator, Kind, Box<Node>, Box<Node>),
    Negate(Kind, Box<Node>),
    Concat(Box<Node>, Box<Node>),
    Cast(Box<Node>, Kind, Kind, How),
    Call(Function, Vec<Node>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comparison {
    Equal,
    Unequal,
    Less,
    AtMost,
    More,
    AtLeast,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    Plus,
    Minus,
    Times,
    Over,
    Modulo,
}

impl Comparison {
    fn holds(self, order: Ordering) -> bool {
        match self {
            Comparison::Equal => order.is_eq(),
            Comparison::Unequal => order.is_ne(),
            Comparison::Less => order.is_lt(),
            Comparison::AtMost => order.is_le(),
            Comparison::More => order.is_gt(),
            Comparison::AtLeast => order.is_ge(),
        }
    }
}

/// The three values of logic.
fn truth(value: &Value) -> Option<bool> {
    if let Value::Boolean(b) = value { Some(*b) } else { None }
}

fn logic(value: Option<bool>) -> Value {
    value.map_or(Value::Null, Value::Boolean)
}

fn compare(a: &Value, b: &Value) -> Option<Ordering> {
    (*a != Value::Null && *b != Value::Null).then(|| order(a, b))
}

impl Node {
    /// Whether an aggregate is in it.
    pub(super) fn has_aggregate(&self) -> bool {
        matches!(self, Node::Aggregate(_)) || self.children().into_iter().any(Node::has_aggregate)
    }

    fn children(&self) -> Vec<&Node> {
        match self {
            Node::Constant(_) | Node::Column(_) | Node::Aggregate(_) => vec![],
            Node::Not(a) | Node::IsNull(a) | Node::Is(_, a) | Node::Negate(_, a) | Node::Cast(a, ..) => vec![a],
            Node::All(all) | Node::Any(all) | Node::Call(_, all) => all.iter().collect(),
            Node::Compare(_, a, b) | Node::Arithmetic(_, _, a, b) | Node::Concat(a, b) => vec![a, b],
            Node::Like { text, pattern, .. } => vec![text, pattern],
            Node::Between(a, b, c) => vec![a, b, c],
            Node::In(a, list) => std::iter::once(a.as_ref()).chain(list).collect(),
        }
    }

    /// Whether it is true for a row.
    pub(super) fn holds(&self, row: &[Value]) -> Sql<bool> {
        Ok(self.eval(row)? == Value::Boolean(true))
    }

    pub(super) fn eval(&self, row: &[Value]) -> Sql<Value> {
        Ok(match self {
            Node::Constant(value) => value.clone(),
            Node::Column(place) => row.get(*place).cloned().unwrap_or(Value::Null),
            Node::Aggregate(_) => Value::Null,
            Node::Not(one) => logic(truth(&one.eval(row)?).map(|b| !b)),
            Node::All(all) => junction(all, row, false)?,
            Node::Any(all) => junction(all, row, true)?,
            Node::Compare(how, a, b) => logic(compare(&a.eval(row)?, &b.eval(row)?).map(|order| how.holds(order))),
            Node::Between(value, low, high) => {
                let value = value.eval(row)?;
                let above = compare(&value, &low.eval(row)?).map(Ordering::is_ge);
                let below = compare(&value, &high.eval(row)?).map(Ordering::is_le);
                logic(match (above, below) {
                    (Some(false), _) | (_, Some(false)) => Some(false),
                    (Some(true), Some(true)) => Some(true),
                    _ => None,
                })
            }
            Node::In(value, list) => {
                let value = value.eval(row)?;
                let mut found = Some(false);
                for one in list {
                    match compare(&value, &one.eval(row)?).map(Ordering::is_eq) {
                        Some(true) => return Ok(Value::Boolean(true)),
                        Some(false) => {}
                        None => found = None,
                    }
                }
                logic(found)
            }
            Node::IsNull(one) => Value::Boolean(one.eval(row)? == Value::Null),
            Node::Is(wanted, one) => Value::Boolean(truth(&one.eval(row)?) == Some(*wanted)),
            Node::Like { text, pattern, folded } => match (text.eval(row)?, pattern.eval(row)?) {
                (Value::Text(text), Value::Text(pattern)) if *folded => {
                    Value::Boolean(like(&text.to_lowercase(), &pattern.to_lowercase()))
                }
                (Value::Text(text), Value::Text(pattern)) => Value::Boolean(like(&text, &pattern)),
                _ => Value::Null,
            },
            Node::Arithmetic(operator, kind, a, b) => arithmetic(*operator, *kind, &a.eval(row)?, &b.eval(row)?)?,
            Node::Negate(kind, one) => match one.eval(row)? {
                Value::Long(n) => whole(*kind, n.checked_neg())?,
                Value::Double(x) => Value::Double(-x),
                _ => Value::Null,
            },
            Node::Concat(a, b) => match (a.eval(row)?, b.eval(row)?) {
                (Value::Text(a), Value::Text(b)) => Value::Text(a + &b),
                _ => Value::Null,
            },
            Node::Cast(one, from, to, how) => cast(one.eval(row)?, *from, *to, *how)?,
            Node::Call(function, arguments) => function.call(arguments, row)?,
        })
    }
}

/// `AND` ends at the first that is false, `OR` at the first that is true.
fn junction(all: &[Node], row: &[Value], ends: bool) -> Sql<Value> {
    let mut result = Some(!ends);
    for one in all {
        match truth(&one.eval(row)?) {
            Some(value) if value == ends => return Ok(Value::Boolean(ends)),
            Some(_) => {}
            None => result = None,
        }
    }
    Ok(logic(result))
}

/// A whole number of a type, if it fits.
fn whole(kind: Kind, n: Option<i64>) -> Sql<Value> {
    let fits = |n: &i64| kind != Kind::Integer || i32::try_from(*n).is_ok();
    n.filter(fits).map(Value::Long).ok_or_else(|| out_of_range(kind))
}

fn arithmetic(operator: Operator, kind: Kind, a: &Value, b: &Value) -> Sql<Value> {
    let zero = || error("22012", "division by zero");
    match (a, b) {
        (Value::Long(a), Value::Long(b)) => match operator {
            Operator::Plus => whole(kind, a.checked_add(*b)),
            Operator::Minus => whole(kind, a.checked_sub(*b)),
            Operator::Times => whole(kind, a.checked_mul(*b)),
            Operator::Over | Operator::Modulo if *b == 0 => Err(zero()),
            Operator::Over => whole(kind, a.checked_div(*b)),
            Operator::Modulo => whole(kind, Some(a.checked_rem(*b).unwrap_or(0))),
        },
        (Value::Double(a), Value::Double(b)) => {
            let x = match operator {
                Operator::Plus => a + b,
                Operator::Minus => a - b,
                Operator::Times => a * b,
                Operator::Over if *b == 0.0 => return Err(zero()),
                Operator::Over => a / b,
                Operator::Modulo => a % b,
            };
            if x.is_infinite() && a.is_finite() && b.is_finite() {
                return Err(error("22003", "value out of range: overflow"));
            }
            Ok(Value::Double(x))
        }
        (Value::Moment(a), Value::Long(ms)) => {
            let ms = if operator == Operator::Minus { ms.checked_neg() } else { Some(*ms) };
            let moved = ms.and_then(|ms| a.0.checked_add_signed(ms));
            moved.map(|at| Value::Moment(Moment(at))).ok_or_else(|| error("22008", "timestamp out of range"))
        }
        (Value::Moment(a), Value::Moment(b)) => Ok(Value::Long((a.0 as i64).saturating_sub(b.0 as i64))),
        _ => Ok(Value::Null),
    }
}

/// `%` stands for anything, `_` for one letter, `\` takes the next one as it is.
fn like(text: &str, pattern: &str) -> bool {
    #[derive(PartialEq)]
    enum Part {
        Any,
        One,
        Letter(char),
    }
    let (mut parts, mut letters) = (vec![], pattern.chars());
    while let Some(letter) = letters.next() {
        parts.push(match letter {
            '%' => Part::Any,
            '_' => Part::One,
            '\\' => Part::Letter(letters.next().unwrap_or('\\')),
            other => Part::Letter(other),
        });
    }
    let text: Vec<char> = text.chars().collect();
    let (mut at, mut part, mut star) = (0, 0, None);
    while at < text.len() {
        match parts.get(part) {
            Some(Part::Any) => {
                star = Some((part, at));
                part += 1;
            }
            Some(Part::One) => (at, part) = (at + 1, part + 1),
            Some(Part::Letter(letter)) if *letter == text[at] => (at, part) = (at + 1, part + 1),
            _ => match star {
                Some((back, from)) => {
                    star = Some((back, from + 1));
                    (at, part) = (from + 1, back + 1);
                }
                None => return false,
            },
        }
    }
    parts[part..].iter().all(|part| *part == Part::Any)
}

/// A typed node.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Typed {
    pub(super) kind: Kind,
    pub(super) node: Node,
}

impl Typed {
    pub(super) fn new(kind: Kind, node: Node) -> Self {
        Self { kind, node }
    }

    pub(super) fn constant(kind: Kind, value: Value) -> Self {
        Self { kind, node: Node::Constant(value) }
    }

    /// The node as another type; what is quoted is read at once, but its length is looked at in its turn.
    pub(super) fn into_kind(self, to: Kind, how: How) -> Sql<Node> {
        match self.node {
            Node::Constant(value) if self.kind == Kind::Unknown && !matches!(to, Kind::Varchar(Some(_))) => {
                Ok(Node::Constant(cast(value, self.kind, to, how)?))
            }
            node if self.kind == to => Ok(node),
            node => Ok(Node::Cast(Box::new(node), self.kind, to, how)),
        }
    }

    /// As text, for what joins texts.
    pub(super) fn into_text(self) -> Sql<Node> {
        self.into_kind(Kind::Text, How::Explicit)
    }
}

/// A value of a query's answer: of a type that [`Value`] has not, its text.
pub(super) fn shown(value: Value, kind: Kind) -> Value {
    match value {
        Value::Long(_) if kind == Kind::Span => Value::Text(write(&value, kind)),
        value => value,
    }
}
