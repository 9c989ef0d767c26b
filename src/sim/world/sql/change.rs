//! `UPDATE` and `DELETE`.

use super::Outcome;
use super::bind::{Binder, Scope};
use super::error::{Sql, no_column_of, refuse, unsupported};
use super::insert::{assign, default, is_default};
use super::log::Undo;
use super::node::Node;
use super::parse::{Setting, single};
use super::projection::{self, Output};
use super::roles::may;
use super::select::only_table;
use super::table::{Row, Table, Tables};
use sqlparser::ast::{Assignment, AssignmentTarget, Delete, Expr, FromTable, SelectItem, Update};

pub(super) fn update(tables: &mut Tables, update: &Update, setting: &Setting, undo: &mut Undo) -> Sql<Outcome> {
    let plain = update.from.is_none() && update.or.is_none() && update.output.is_none();
    if !plain || !update.order_by.is_empty() || update.limit.is_some() {
        return unsupported("this form of UPDATE is");
    }
    let (table, alias) = only_table(tables, &update.table)?;
    let scope = Scope::default().with(table, &alias);
    let set = assignments(table, &update.assignments, setting, &scope)?;
    let outputs = returning(update.returning.as_deref(), setting, &scope)?;
    let of = table.name.clone();
    allowed(tables, setting, &of, "UPDATE", update.selection.is_some() || !outputs.is_empty())?;
    let mut changed = vec![];
    for (number, old) in found(table, update.selection.as_ref(), setting, &scope)? {
        let mut row = old.clone();
        for (place, node) in &set {
            row[*place] = node.eval(&old)?;
        }
        put(tables, &of, number, row.clone(), undo)?;
        changed.push(row);
    }
    answer(&outputs, &changed)
}

pub(super) fn delete(tables: &mut Tables, delete: &Delete, setting: &Setting, undo: &mut Undo) -> Sql<Outcome> {
    let plain = delete.tables.is_empty() && delete.using.is_none() && delete.output.is_none();
    if !plain || !delete.order_by.is_empty() || delete.limit.is_some() {
        return unsupported("this form of DELETE is");
    }
    let (FromTable::WithFromKeyword(from) | FromTable::WithoutKeyword(from)) = &delete.from;
    let [from] = from.as_slice() else { return unsupported("DELETE from several tables is") };
    let (table, alias) = only_table(tables, from)?;
    let scope = Scope::default().with(table, &alias);
    let outputs = returning(delete.returning.as_deref(), setting, &scope)?;
    let of = table.name.clone();
    allowed(tables, setting, &of, "DELETE", delete.selection.is_some() || !outputs.is_empty())?;
    let mut gone = vec![];
    for (number, old) in found(table, delete.selection.as_ref(), setting, &scope)? {
        tables.set(&of, number, None, undo)?;
        gone.push(old);
    }
    answer(&outputs, &gone)
}

/// Whoever names columns reads them.
fn allowed(tables: &Tables, setting: &Setting, of: &str, privilege: &str, reads: bool) -> Sql<()> {
    may(tables, setting, of, privilege)?;
    if reads { may(tables, setting, of, "SELECT") } else { Ok(()) }
}

fn returning(items: Option<&[SelectItem]>, setting: &Setting, scope: &Scope) -> Sql<Vec<Output>> {
    match items {
        Some(items) => projection::bind(&mut Binder::new(setting, scope, "RETURNING"), items, scope),
        None => Ok(vec![]),
    }
}

fn answer(outputs: &[Output], rows: &[Row]) -> Sql<Outcome> {
    let shown = if outputs.is_empty() { &[] } else { rows };
    let shown = shown.iter().map(|row| projection::values(outputs, row)).collect::<Sql<_>>()?;
    Ok(projection::outcome(outputs, shown, rows.len() as u64))
}

/// The rows that a statement is about, as they are before it.
fn found(table: &Table, selection: Option<&Expr>, setting: &Setting, scope: &Scope) -> Sql<Vec<(u64, Row)>> {
    let selection = match selection {
        Some(expr) => Some(Binder::new(setting, scope, "WHERE").condition(expr, "WHERE")?),
        None => None,
    };
    let mut found = vec![];
    for (number, row) in &table.rows {
        if selection.as_ref().map_or(Ok(true), |selection| selection.holds(row))? {
            found.push((*number, row.clone()));
        }
    }
    Ok(found)
}

/// `SET`: places and what they become.
pub(super) fn assignments(
    table: &Table,
    asked: &[Assignment],
    setting: &Setting,
    scope: &Scope,
) -> Sql<Vec<(usize, Node)>> {
    let mut set: Vec<(usize, Node)> = vec![];
    for Assignment { target, value } in asked {
        let AssignmentTarget::ColumnName(column) = target else { return unsupported("SET of several columns is") };
        let Some(column) = single(column) else { return unsupported(format!("SET of {column} is")) };
        let place = table.place(&column).ok_or_else(|| no_column_of(&table.name, &column))?;
        if set.iter().any(|(known, _)| *known == place) {
            return refuse("42601", format!("multiple assignments to same column \"{column}\""));
        }
        let node = if is_default(value) {
            Node::Constant(default(table, &column, setting)?)
        } else {
            assign(table, place, Binder::new(setting, scope, "UPDATE").bind(value)?)?
        };
        set.push((place, node));
    }
    Ok(set)
}

/// Puts a changed row in its place, unless a constraint is against it.
pub(super) fn put(tables: &mut Tables, of: &str, number: u64, row: Row, undo: &mut Undo) -> Sql<()> {
    let table = tables.table(of)?;
    table.check(&row)?;
    if let Some(unique) = table.clash(&row, Some(number)) {
        return Err(table.duplicate(unique, &row));
    }
    tables.set(of, number, Some(row), undo)
}
