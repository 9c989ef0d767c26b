//! `SELECT` from at most one table.

use super::bind::{Binder, Scope};
use super::error::{Sql, refuse, unsupported};
use super::group;
use super::kind::{How, Kind};
use super::node::Node;
use super::parse::{Setting, name, relation};
use super::projection::{self, Output};
use super::roles::may;
use super::table::{Key, Row, Table, Tables, order};
use super::{Outcome, Value, catalogue};
use sqlparser::ast::{
    Distinct, Expr, GroupByExpr, LimitClause, ObjectName, Offset, OrderBy, OrderByExpr, OrderByKind, OrderBySort,
    Query, Select, SetExpr, TableFactor, TableWithJoins, Value as Literal,
};
use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::BTreeSet;

pub(super) fn run(tables: &Tables, query: &Query, setting: &Setting) -> Sql<Outcome> {
    let Query { with: None, body, order_by, limit_clause, fetch: None, locks, .. } = query else {
        return unsupported("WITH or FETCH is");
    };
    if !locks.is_empty() {
        return unsupported("row locking is");
    }
    let SetExpr::Select(select) = body.as_ref() else { return unsupported("a query other than SELECT is") };
    let distinct = bare(select)?;
    let source = source(tables, &select.from, setting)?;
    let scope = source.as_ref().map_or_else(Scope::default, |(table, alias)| Scope::default().with(table, alias));
    let selection = match &select.selection {
        Some(expr) => Some(Binder::new(setting, &scope, "WHERE").condition(expr, "WHERE")?),
        None => None,
    };
    let mut binder = Binder::aggregating(setting, &scope);
    let mut outputs = projection::bind(&mut binder, &select.projection, &scope)?;
    let mut keys = keys(&select.group_by, &outputs, setting, &scope)?;
    if let Some((table, _)) = &source
        && table
            .uniques
            .iter()
            .any(|unique| unique.primary && unique.columns.iter().all(|place| keys.contains(&Node::Column(*place))))
    {
        // Whoever has the primary key has the row.
        keys.extend((0..table.columns.len()).map(Node::Column));
    }
    let mut having = match &select.having {
        Some(expr) => Some(binder.condition(expr, "HAVING")?),
        None => None,
    };
    let mut sorts = sorts(order_by.as_ref(), &outputs, &mut binder, distinct)?;
    let aggregates = std::mem::take(&mut binder.aggregates);
    let grouped = !keys.is_empty() || !aggregates.is_empty() || having.is_some();
    if grouped {
        let over = |node: &mut Node| -> Sql<()> {
            *node = group::over_groups(node.clone(), &keys, &scope)?;
            Ok(())
        };
        outputs.iter_mut().map(|output| &mut output.node).try_for_each(over)?;
        having.iter_mut().try_for_each(over)?;
        sorts.iter_mut().map(|sort| &mut sort.node).try_for_each(over)?;
    }
    let (limit, offset) = limits(limit_clause.as_ref(), setting)?;

    let nothing = Row::new();
    let all: Vec<&Row> = match &source {
        Some((table, _)) => table.rows.values().collect(),
        None => vec![&nothing],
    };
    let mut found = vec![];
    for row in all {
        if selection.as_ref().map_or(Ok(true), |selection| selection.holds(row))? {
            found.push(row);
        }
    }
    let made = if grouped { group::rows(&found, &keys, &aggregates)? } else { vec![] };
    let mut rows: Vec<&Row> = if grouped { made.iter().collect() } else { found };
    if let Some(having) = &having {
        let kept: Vec<bool> = rows.iter().map(|row| having.holds(row)).collect::<Sql<_>>()?;
        let mut kept = kept.into_iter();
        rows.retain(|_| kept.next().unwrap_or(false));
    }
    let mut sorted: Vec<(Row, Row)> = vec![];
    let mut seen = BTreeSet::new();
    for row in rows {
        let values = projection::values(&outputs, row)?;
        if distinct && !seen.insert(Key(values.clone())) {
            continue;
        }
        let by: Row = sorts.iter().map(|sort| sort.node.eval(row)).collect::<Sql<_>>()?;
        sorted.push((by, values));
    }
    sorted.sort_by(|(a, _), (b, _)| compare(&sorts, a, b));
    let rows = sorted.into_iter().map(|(_, values)| values).skip(offset).take(limit).collect();
    Ok(projection::outcome(&outputs, rows, 0))
}

/// Refuses what is not known, and tells whether it is `DISTINCT`.
fn bare(select: &Select) -> Sql<bool> {
    let odd = select.top.is_some()
        || select.into.is_some()
        || select.exclude.is_some()
        || select.prewhere.is_some()
        || select.qualify.is_some()
        || select.value_table_mode.is_some()
        || select.select_modifiers.is_some()
        || !select.named_window.is_empty()
        || !select.lateral_views.is_empty()
        || !select.connect_by.is_empty()
        || !select.cluster_by.is_empty()
        || !select.distribute_by.is_empty()
        || !select.sort_by.is_empty();
    match select.distinct {
        _ if odd => unsupported("this form of SELECT is"),
        None | Some(Distinct::All) => Ok(false),
        Some(Distinct::Distinct) => Ok(true),
        Some(Distinct::On(_)) => unsupported("DISTINCT ON is"),
    }
}

/// The table that is read, and what it is called.
fn source<'t>(tables: &'t Tables, from: &[TableWithJoins], setting: &Setting) -> Sql<Option<(Cow<'t, Table>, String)>> {
    match from {
        [] => Ok(None),
        [one] => {
            let (of, alias) = alone(one)?;
            if let Some(view) = catalogue::view(tables, of) {
                let called = alias.unwrap_or_else(|| view.name.clone());
                return Ok(Some((Cow::Owned(view), called)));
            }
            let (table, called) = only_table(tables, one)?;
            may(tables, setting, &table.name, "SELECT")?;
            Ok(Some((Cow::Borrowed(table), called)))
        }
        _ => unsupported("a join is"),
    }
}

/// A table that stands alone, with its alias.
pub(super) fn only_table<'t>(tables: &'t Tables, from: &TableWithJoins) -> Sql<(&'t Table, String)> {
    let (of, alias) = alone(from)?;
    let table = tables.table(&relation(of)?)?;
    Ok((table, alias.unwrap_or_else(|| table.name.clone())))
}

/// The name and the alias of what stands alone.
fn alone(from: &TableWithJoins) -> Sql<(&ObjectName, Option<String>)> {
    if !from.joins.is_empty() {
        return unsupported("a join is");
    }
    let TableFactor::Table { name: of, alias, args: None, with_hints, version: None, with_ordinality: false, .. } =
        &from.relation
    else {
        return unsupported("a source other than a table is");
    };
    let TableFactor::Table { partitions, json_path: None, sample: None, index_directives, .. } = &from.relation else {
        return unsupported("this form of a table is");
    };
    if !with_hints.is_empty() || !partitions.is_empty() || !index_directives.is_empty() {
        return unsupported("this form of a table is");
    }
    match alias {
        None => Ok((of, None)),
        Some(alias) if alias.columns.is_empty() && alias.at.is_none() => Ok((of, Some(name(&alias.name)))),
        Some(_) => unsupported("an alias for columns is"),
    }
}

fn keys(group_by: &GroupByExpr, outputs: &[Output], setting: &Setting, scope: &Scope) -> Sql<Vec<Node>> {
    let GroupByExpr::Expressions(exprs, modifiers) = group_by else { return unsupported("GROUP BY ALL is") };
    if !modifiers.is_empty() {
        return unsupported("a modifier of GROUP BY is");
    }
    let mut keys = vec![];
    for expr in exprs {
        let node = match place(expr, outputs, "GROUP BY")? {
            Some(output) => output.node.clone(),
            None => match Binder::new(setting, scope, "GROUP BY").bind(expr) {
                Ok(typed) => typed.node,
                Err(error) => match labelled(expr, outputs)? {
                    Some(output) => output.node.clone(),
                    None => return Err(error),
                },
            },
        };
        if node.has_aggregate() {
            return refuse("42803", "aggregate functions are not allowed in GROUP BY");
        }
        keys.push(node);
    }
    Ok(keys)
}

/// The column of the answer that a whole number stands for.
fn place<'o>(expr: &Expr, outputs: &'o [Output], clause: &str) -> Sql<Option<&'o Output>> {
    let Expr::Value(value) = expr else { return Ok(None) };
    let Literal::Number(digits, _) = &value.value else {
        return refuse("42601", format!("non-integer constant in {clause}"));
    };
    if digits.parse::<i32>().is_err() {
        return refuse("42601", format!("non-integer constant in {clause}"));
    }
    let output = digits.parse::<usize>().ok().and_then(|place| outputs.get(place.checked_sub(1)?));
    match output {
        Some(output) => Ok(Some(output)),
        None => refuse("42P10", format!("{clause} position {digits} is not in select list")),
    }
}

/// The column of the answer that is called so.
fn labelled<'o>(expr: &Expr, outputs: &'o [Output]) -> Sql<Option<&'o Output>> {
    let Expr::Identifier(ident) = expr else { return Ok(None) };
    let label = name(ident);
    let mut found = outputs.iter().filter(|output| output.label == label);
    match (found.next(), found.next()) {
        (Some(one), Some(other)) if one.node != other.node => {
            refuse("42702", format!("ORDER BY \"{label}\" is ambiguous"))
        }
        (one, _) => Ok(one),
    }
}

struct Sort {
    node: Node,
    down: bool,
    nulls_first: bool,
}

fn sorts(order_by: Option<&OrderBy>, outputs: &[Output], binder: &mut Binder, distinct: bool) -> Sql<Vec<Sort>> {
    let Some(order_by) = order_by else { return Ok(vec![]) };
    let OrderByKind::Expressions(exprs) = &order_by.kind else { return unsupported("ORDER BY ALL is") };
    let mut sorts = vec![];
    for OrderByExpr { expr, options, .. } in exprs {
        let output = match place(expr, outputs, "ORDER BY")? {
            Some(output) => Some(output),
            None => labelled(expr, outputs)?,
        };
        let node = match output {
            Some(output) => output.node.clone(),
            None => binder.bind(expr)?.node,
        };
        if distinct && outputs.iter().all(|output| output.node != node) {
            return refuse("42P10", "for SELECT DISTINCT, ORDER BY expressions must appear in select list");
        }
        let down = match &options.sort {
            None | Some(OrderBySort::Asc) => false,
            Some(OrderBySort::Desc) => true,
            Some(OrderBySort::Using(_)) => return unsupported("ORDER BY USING is"),
        };
        sorts.push(Sort { node, down, nulls_first: options.nulls_first.unwrap_or(down) });
    }
    Ok(sorts)
}

fn compare(sorts: &[Sort], a: &Row, b: &Row) -> Ordering {
    let pairs = sorts.iter().zip(a.iter().zip(b));
    pairs.map(|(sort, (a, b))| sort.compare(a, b)).find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
}

impl Sort {
    fn compare(&self, a: &Value, b: &Value) -> Ordering {
        let (a_null, b_null) = (*a == Value::Null, *b == Value::Null);
        if a_null || b_null {
            let order = a_null.cmp(&b_null);
            return if self.nulls_first { order.reverse() } else { order };
        }
        if self.down { order(b, a) } else { order(a, b) }
    }
}

/// How many rows are taken, and how many are skipped before.
fn limits(clause: Option<&LimitClause>, setting: &Setting) -> Sql<(usize, usize)> {
    let (limit, offset) = match clause {
        None => (None, None),
        Some(LimitClause::LimitOffset { limit, offset, limit_by }) if limit_by.is_empty() => {
            (limit.as_ref(), offset.as_ref().map(|Offset { value, .. }| value))
        }
        Some(_) => return unsupported("this form of LIMIT is"),
    };
    let count = |expr: Option<&Expr>, clause: &'static str, state| -> Sql<Option<usize>> {
        let Some(expr) = expr else { return Ok(None) };
        let scope = Scope::default();
        let typed = Binder::new(setting, &scope, clause).bind(expr)?;
        if !typed.kind.becomes(Kind::Long, How::Assignment) {
            return refuse(
                "42804",
                format!("argument of {clause} must be type bigint, not type {}", typed.kind.said()),
            );
        }
        match typed.into_kind(Kind::Long, How::Assignment)?.eval(&[])? {
            Value::Long(n) => match usize::try_from(n) {
                Ok(n) => Ok(Some(n)),
                Err(_) => refuse(state, format!("{clause} must not be negative")),
            },
            _ => Ok(None),
        }
    };
    let (limit, offset) = (count(limit, "LIMIT", "2201W")?, count(offset, "OFFSET", "2201X")?);
    Ok((limit.unwrap_or(usize::MAX), offset.unwrap_or(0)))
}
