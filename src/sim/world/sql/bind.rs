//! Gives every expression its type and binds its names to places in a row. What has no meaning is refused
//! here, before a row is looked at.

use super::Value;
use super::error::{Sql, error, no_column, no_function, no_operator, refuse, too_deep, unsupported};
use super::functions::{self, Function};
use super::group::{self, Aggregate};
use super::kind::{How, Kind};
use super::node::{Comparison, Node, Operator, Typed};
use super::parse::{Setting, name, single};
use super::table::Table;
use sqlparser::ast::{BinaryOperator, CastKind, DateTimeField, Expr, Ident, InTarget, UnaryOperator, Value as Literal};

/// How deep a tree may be (assumed).
const MAX_DEPTH: usize = 100;

/// The columns that an expression can name, as they stand in a row.
#[derive(Debug, Default)]
pub(super) struct Scope {
    columns: Vec<(String, String, Kind)>,
}

impl Scope {
    pub(super) fn with(mut self, table: &Table, alias: &str) -> Self {
        let columns = table.columns.iter().map(|column| (alias.to_string(), column.name.clone(), column.kind));
        self.columns.extend(columns);
        self
    }

    /// Every column, or those of one table: name and place.
    pub(super) fn all(&self, table: Option<&str>) -> Vec<(String, Typed)> {
        let these = self.columns.iter().enumerate().filter(|(_, (of, ..))| table.is_none_or(|table| table == of));
        these.map(|(place, (_, name, kind))| (name.clone(), Typed::new(*kind, Node::Column(place)))).collect()
    }

    pub(super) fn has(&self, table: &str) -> bool {
        self.columns.iter().any(|(of, ..)| of == table)
    }

    /// The name of the column at a place, with its table.
    pub(super) fn said(&self, place: usize) -> String {
        self.columns.get(place).map_or_else(String::new, |(table, name, _)| format!("{table}.{name}"))
    }

    fn find(&self, table: Option<&str>, column: &str) -> Sql<Typed> {
        let fits = |(of, name, _): &&(String, String, Kind)| name == column && table.is_none_or(|table| table == of);
        let mut found = self.columns.iter().enumerate().filter(|(_, column)| fits(column));
        match (found.next(), found.next()) {
            (Some((place, (.., kind))), None) => Ok(Typed::new(*kind, Node::Column(place))),
            (Some(_), Some(_)) => refuse("42702", format!("column reference \"{column}\" is ambiguous")),
            (None, _) => match table {
                None => Err(no_column(column)),
                Some(table) if self.has(table) => refuse("42703", format!("column {table}.{column} does not exist")),
                Some(table) => refuse("42P01", format!("missing FROM-clause entry for table \"{table}\"")),
            },
        }
    }
}

/// Binds the expressions of one clause.
pub(super) struct Binder<'a> {
    pub(super) setting: &'a Setting<'a>,
    scope: &'a Scope,
    /// What clause it is, for the error about an aggregate in the wrong place; `None` where they may stand.
    clause: Option<&'static str>,
    pub(super) aggregates: Vec<Aggregate>,
    depth: usize,
}

impl<'a> Binder<'a> {
    /// For a clause that takes no aggregates.
    pub(super) fn new(setting: &'a Setting<'a>, scope: &'a Scope, clause: &'static str) -> Self {
        Self { setting, scope, clause: Some(clause), aggregates: vec![], depth: 0 }
    }

    /// For a clause that takes aggregates.
    pub(super) fn aggregating(setting: &'a Setting<'a>, scope: &'a Scope) -> Self {
        Self { setting, scope, clause: None, aggregates: vec![], depth: 0 }
    }

    /// Binds the argument of an aggregate, in which no other may stand.
    pub(super) fn inner(&self) -> Binder<'a> {
        Binder { setting: self.setting, scope: self.scope, clause: Some(""), aggregates: vec![], depth: self.depth }
    }

    /// Binds a condition.
    pub(super) fn condition(&mut self, expr: &Expr, clause: &str) -> Sql<Node> {
        let typed = self.bind(expr)?;
        match typed.kind {
            Kind::Boolean | Kind::Unknown => typed.into_kind(Kind::Boolean, How::Implicit),
            other => refuse("42804", format!("argument of {clause} must be type boolean, not type {}", other.said())),
        }
    }

    pub(super) fn bind(&mut self, expr: &Expr) -> Sql<Typed> {
        if self.depth >= MAX_DEPTH {
            return Err(too_deep());
        }
        self.depth += 1;
        let typed = self.node(expr);
        self.depth -= 1;
        typed
    }

    fn node(&mut self, expr: &Expr) -> Sql<Typed> {
        let truth = |node| Ok(Typed::new(Kind::Boolean, node));
        let not = |negated, node| if negated { Node::Not(Box::new(node)) } else { node };
        match expr {
            Expr::Nested(inner) => self.bind(inner),
            Expr::Identifier(ident) => self.column(ident),
            Expr::CompoundIdentifier(parts) => match parts.as_slice() {
                [table, column] => self.scope.find(Some(&name(table)), &name(column)),
                [schema, table, column] if name(schema) == "public" => {
                    self.scope.find(Some(&name(table)), &name(column))
                }
                _ => unsupported(format!("the name {expr} is")),
            },
            Expr::Value(value) => self.literal(&value.value),
            Expr::TypedString(typed) => {
                let text = self.literal(&typed.value.value)?;
                let kind = Kind::of(&typed.data_type)?;
                Ok(Typed::new(kind, text.into_kind(kind, How::Explicit)?))
            }
            Expr::Interval(interval) => functions::interval(interval),
            Expr::Cast { kind: CastKind::Cast | CastKind::DoubleColon, expr, data_type, format: None } => {
                let (typed, to) = (self.bind(expr)?, Kind::of(data_type)?);
                if !typed.kind.becomes(to, How::Explicit) {
                    let (from, to) = (typed.kind.said(), to.said());
                    return refuse("42846", format!("cannot cast type {from} to {to}"));
                }
                Ok(Typed::new(to, typed.into_kind(to, How::Explicit)?))
            }
            Expr::IsNull(one) => truth(Node::IsNull(Box::new(self.bind(one)?.node))),
            Expr::IsNotNull(one) => truth(not(true, Node::IsNull(Box::new(self.bind(one)?.node)))),
            Expr::IsTrue(one) => truth(Node::Is(true, Box::new(self.condition(one, "IS TRUE")?))),
            Expr::IsNotTrue(one) => truth(not(true, Node::Is(true, Box::new(self.condition(one, "IS NOT TRUE")?)))),
            Expr::IsFalse(one) => truth(Node::Is(false, Box::new(self.condition(one, "IS FALSE")?))),
            Expr::IsNotFalse(one) => truth(not(true, Node::Is(false, Box::new(self.condition(one, "IS NOT FALSE")?)))),
            Expr::In { expr, target: InTarget::List(list), negated, global: false } if !list.is_empty() => {
                let mut all = vec![self.bind(expr)?];
                for one in list {
                    all.push(self.bind(one)?);
                }
                let mut nodes = alike(all, if *negated { "<>" } else { "=" })?;
                truth(not(*negated, Node::In(Box::new(nodes.remove(0)), nodes)))
            }
            Expr::Between { expr, negated, low, high } => {
                let all = vec![self.bind(expr)?, self.bind(low)?, self.bind(high)?];
                let mut nodes = alike(all, if *negated { "<" } else { ">=" })?.into_iter().map(Box::new);
                let (Some(value), Some(low), Some(high)) = (nodes.next(), nodes.next(), nodes.next()) else {
                    return Err(too_deep());
                };
                truth(not(*negated, Node::Between(value, low, high)))
            }
            Expr::Like { negated, any: false, expr, pattern, escape_char: None } => {
                let node = self.like(expr, pattern, false, *negated)?;
                truth(not(*negated, node))
            }
            Expr::ILike { negated, any: false, expr, pattern, escape_char: None } => {
                let node = self.like(expr, pattern, true, *negated)?;
                truth(not(*negated, node))
            }
            Expr::UnaryOp { op: UnaryOperator::Not, expr } => truth(Node::Not(Box::new(self.condition(expr, "NOT")?))),
            Expr::UnaryOp { op: UnaryOperator::Minus, expr } => self.negate(expr),
            Expr::UnaryOp { op: UnaryOperator::Plus, expr } => self.bind(expr),
            Expr::BinaryOp { op: op @ (BinaryOperator::And | BinaryOperator::Or), .. } => self.junction(expr, op),
            Expr::BinaryOp { left, op, right } => {
                let (left, right) = (self.bind(left)?, self.bind(right)?);
                binary(left, op, right)
            }
            Expr::Extract { field: DateTimeField::Epoch, expr, .. } => {
                let one = self.bind(expr)?;
                match one.kind {
                    Kind::Moment | Kind::Span => {
                        Ok(Typed::new(Kind::Double, Node::Call(Function::Epoch, vec![one.node])))
                    }
                    other => Err(no_function("pg_catalog.extract", &format!("unknown, {}", other.said()))),
                }
            }
            Expr::Function(call) => self.call(call),
            Expr::Subquery(_) | Expr::Exists { .. } => unsupported("a subquery is"),
            Expr::Case { .. } => unsupported("CASE is"),
            _ => unsupported("this expression is"),
        }
    }

    fn column(&self, ident: &Ident) -> Sql<Typed> {
        let column = name(ident);
        let session = matches!(column.as_str(), "current_user" | "session_user" | "user" | "current_catalog");
        if session && ident.quote_style.is_none() {
            return unsupported(format!("{column} is"));
        }
        self.scope.find(None, &column)
    }

    fn literal(&self, literal: &Literal) -> Sql<Typed> {
        Ok(match literal {
            Literal::Null => Typed::constant(Kind::Unknown, Value::Null),
            Literal::Boolean(b) => Typed::constant(Kind::Boolean, Value::Boolean(*b)),
            Literal::Number(digits, _) => number(digits)?,
            Literal::SingleQuotedString(text) | Literal::EscapedStringLiteral(text) => {
                Typed::constant(Kind::Unknown, Value::Text(text.clone()))
            }
            Literal::DollarQuotedString(text) => Typed::constant(Kind::Unknown, Value::Text(text.value.clone())),
            Literal::Placeholder(place) => {
                let value = place.strip_prefix(':').and_then(|name| self.setting.parameters.get(name));
                let Some(value) = value.cloned() else {
                    return refuse("42P02", format!("there is no parameter {place}"));
                };
                let kind = match value {
                    Value::Null => Kind::Unknown,
                    Value::Boolean(_) => Kind::Boolean,
                    Value::Long(_) => Kind::Long,
                    Value::Double(_) => Kind::Double,
                    Value::Text(_) => Kind::Text,
                    Value::Moment(_) => Kind::Moment,
                };
                Typed::constant(kind, value)
            }
            other => return unsupported(format!("the literal {other} is")),
        })
    }

    fn negate(&mut self, expr: &Expr) -> Sql<Typed> {
        if let Expr::Value(value) = expr
            && let Literal::Number(digits, _) = &value.value
        {
            return number(&format!("-{digits}"));
        }
        let one = self.bind(expr)?;
        match one.kind {
            Kind::Integer | Kind::Long | Kind::Double | Kind::Span => {
                Ok(Typed::new(one.kind, Node::Negate(one.kind, Box::new(one.node))))
            }
            Kind::Unknown => refuse("42725", "operator is not unique: - unknown"),
            other => refuse("42883", format!("operator does not exist: - {}", other.said())),
        }
    }

    fn like(&mut self, text: &Expr, pattern: &Expr, folded: bool, negated: bool) -> Sql<Node> {
        let (text, pattern) = (self.bind(text)?, self.bind(pattern)?);
        let textual = |typed: &Typed| typed.kind.is_text() || typed.kind == Kind::Unknown;
        if !textual(&text) || !textual(&pattern) {
            let (not, star) = (if negated { "!" } else { "" }, if folded { "*" } else { "" });
            return Err(no_operator(text.kind, format!("{not}~~{star}"), pattern.kind));
        }
        Ok(Node::Like { text: Box::new(text.into_text()?), pattern: Box::new(pattern.into_text()?), folded })
    }

    /// A chain of `AND` or `OR` becomes one node, however long it is.
    fn junction(&mut self, expr: &Expr, wanted: &BinaryOperator) -> Sql<Typed> {
        let (mut rights, mut left) = (vec![], expr);
        while let Expr::BinaryOp { left: deeper, op, right } = left
            && op == wanted
        {
            rights.push(right.as_ref());
            left = deeper;
        }
        let clause = if *wanted == BinaryOperator::And { "AND" } else { "OR" };
        let mut nodes = vec![self.condition(left, clause)?];
        for right in rights.into_iter().rev() {
            nodes.push(self.condition(right, clause)?);
        }
        let node = if *wanted == BinaryOperator::And { Node::All(nodes) } else { Node::Any(nodes) };
        Ok(Typed::new(Kind::Boolean, node))
    }

    fn call(&mut self, call: &sqlparser::ast::Function) -> Sql<Typed> {
        let Some(function) = single(&call.name) else { return unsupported(format!("function {} is", call.name)) };
        if !group::is_aggregate(&function) {
            return functions::bind(self, &function, call);
        }
        match self.clause {
            Some("") => refuse("42803", "aggregate function calls cannot be nested"),
            Some(clause) => refuse("42803", format!("aggregate functions are not allowed in {clause}")),
            None => group::bind(self, &function, call),
        }
    }
}

/// A number as it is written down: integer, bigint or double.
fn number(digits: &str) -> Sql<Typed> {
    if let Ok(n) = digits.parse::<i64>() {
        let kind = if i32::try_from(n).is_ok() { Kind::Integer } else { Kind::Long };
        return Ok(Typed::constant(kind, Value::Long(n)));
    }
    match digits.parse::<f64>() {
        Ok(x) if x.is_finite() => Ok(Typed::constant(Kind::Double, Value::Double(x))),
        _ => Err(error("22003", format!("\"{digits}\" is out of range for type double precision"))),
    }
}

/// All as the type that they have in common.
fn alike(all: Vec<Typed>, operator: &str) -> Sql<Vec<Node>> {
    let Some(first) = all.first().map(|typed| typed.kind) else { return Ok(vec![]) };
    let mut kind = first;
    for typed in &all {
        kind = kind.common(typed.kind).ok_or_else(|| no_operator(first, operator, typed.kind))?;
    }
    let kind = if kind == Kind::Unknown { Kind::Text } else { kind };
    all.into_iter().map(|typed| typed.into_kind(kind, How::Implicit)).collect()
}

fn binary(left: Typed, op: &BinaryOperator, right: Typed) -> Sql<Typed> {
    let comparison = match op {
        BinaryOperator::Eq => Some(Comparison::Equal),
        BinaryOperator::NotEq => Some(Comparison::Unequal),
        BinaryOperator::Lt => Some(Comparison::Less),
        BinaryOperator::LtEq => Some(Comparison::AtMost),
        BinaryOperator::Gt => Some(Comparison::More),
        BinaryOperator::GtEq => Some(Comparison::AtLeast),
        _ => None,
    };
    if let Some(comparison) = comparison {
        let mut sides = alike(vec![left, right], &op.to_string())?.into_iter().map(Box::new);
        let (Some(left), Some(right)) = (sides.next(), sides.next()) else { return Err(too_deep()) };
        return Ok(Typed::new(Kind::Boolean, Node::Compare(comparison, left, right)));
    }
    let operator = match op {
        BinaryOperator::StringConcat => {
            let textual = |typed: &Typed| typed.kind.is_text() || typed.kind == Kind::Unknown;
            if !textual(&left) && !textual(&right) {
                return Err(no_operator(left.kind, op, right.kind));
            }
            let (left, right) = (Box::new(left.into_text()?), Box::new(right.into_text()?));
            return Ok(Typed::new(Kind::Text, Node::Concat(left, right)));
        }
        BinaryOperator::Plus => Operator::Plus,
        BinaryOperator::Minus => Operator::Minus,
        BinaryOperator::Multiply => Operator::Times,
        BinaryOperator::Divide => Operator::Over,
        BinaryOperator::Modulo => Operator::Modulo,
        other => return unsupported(format!("operator {other} is")),
    };
    let additive = matches!(operator, Operator::Plus | Operator::Minus);
    let (a, b, kind) = match (left.kind, right.kind) {
        (Kind::Moment, Kind::Span) if additive => (Kind::Moment, Kind::Span, Kind::Moment),
        (Kind::Moment, Kind::Unknown) if operator == Operator::Plus => (Kind::Moment, Kind::Span, Kind::Moment),
        (Kind::Moment, Kind::Moment | Kind::Unknown) | (Kind::Unknown, Kind::Moment) if operator == Operator::Minus => {
            (Kind::Moment, Kind::Moment, Kind::Span)
        }
        (Kind::Span, Kind::Span) if additive => (Kind::Span, Kind::Span, Kind::Span),
        (Kind::Unknown, Kind::Unknown) => {
            return refuse("42725", format!("operator is not unique: unknown {op} unknown"));
        }
        (a, b) => match a.common(b) {
            Some(kind) if kind.is_number() && (operator != Operator::Modulo || kind != Kind::Double) => {
                (kind, kind, kind)
            }
            _ => return Err(no_operator(a, op, b)),
        },
    };
    let (left, right) = (left.into_kind(a, How::Implicit)?, right.into_kind(b, How::Implicit)?);
    Ok(Typed::new(kind, Node::Arithmetic(operator, kind, Box::new(left), Box::new(right))))
}
