//! `INSERT`, with what happens on a conflict.

use super::bind::{Binder, Scope};
use super::change::{assignments, put};
use super::error::{Sql, error, no_column_of, refuse, unsupported};
use super::kind::How;
use super::log::Undo;
use super::node::{Node, Typed};
use super::parse::{Setting, name, object, relation, single};
use super::projection;
use super::roles::may;
use super::table::{Row, Table, Tables};
use super::{Outcome, Value};
use sqlparser::ast::{ConflictTarget, Expr, Insert, OnConflict, OnConflictAction, OnInsert, SetExpr, TableObject};
use std::collections::BTreeSet;

const TWICE: &str = "ON CONFLICT DO UPDATE command cannot affect row a second time; \
                     Hint: Ensure that no rows proposed for insertion within the same command have duplicate constrained values.";

const NO_TARGET: &str = "ON CONFLICT DO UPDATE requires inference specification or constraint name; \
                         Hint: For example, ON CONFLICT (column_name).";

pub(super) fn run(tables: &mut Tables, insert: &Insert, setting: &Setting, undo: &mut Undo) -> Sql<Outcome> {
    let TableObject::TableName(of) = &insert.table else { return unsupported("INSERT into a function is") };
    if insert.ignore || insert.overwrite || insert.replace_into || !insert.assignments.is_empty() {
        return unsupported("this form of INSERT is");
    }
    if insert.overriding.is_some() || insert.partitioned.is_some() || insert.or.is_some() || insert.by_name {
        return unsupported("this form of INSERT is");
    }
    let of = relation(of)?;
    let table = tables.table(&of)?;
    let alias = insert.table_alias.as_ref().map_or(of.clone(), |alias| name(&alias.alias));
    let scope = Scope::default().with(table, &alias);
    let rows = rows(table, insert, setting)?;
    let conflict = match &insert.on {
        None => None,
        Some(OnInsert::OnConflict(conflict)) => Some(Conflict::bind(table, &alias, conflict, setting)?),
        Some(_) => return unsupported("ON DUPLICATE KEY is"),
    };
    let outputs = match &insert.returning {
        Some(items) => projection::bind(&mut Binder::new(setting, &scope, "RETURNING"), items, &scope)?,
        None => vec![],
    };
    may(tables, setting, &of, "INSERT")?;
    let on_target = matches!(&insert.on, Some(OnInsert::OnConflict(conflict)) if conflict.conflict_target.is_some());
    if on_target || !outputs.is_empty() {
        may(tables, setting, &of, "SELECT")?;
    }
    if conflict.as_ref().is_some_and(|conflict| conflict.update.is_some()) {
        may(tables, setting, &of, "UPDATE")?;
    }
    let (mut written, mut touched) = (vec![], BTreeSet::new());
    for row in rows {
        let table = tables.table(&of)?;
        table.check(&row)?;
        let hit = conflict.as_ref().and_then(|conflict| conflict.find(table, &row));
        if let (Some(conflict), Some(number)) = (&conflict, hit) {
            if conflict.update.is_some() && touched.contains(&number) {
                return refuse("21000", TWICE);
            }
            let Some(changed) = conflict.update(table, number, &row)? else { continue };
            put(tables, &of, number, changed.clone(), undo)?;
            touched.insert(number);
            written.push(changed);
            continue;
        }
        if let Some(unique) = table.clash(&row, None) {
            return Err(table.duplicate(unique, &row));
        }
        touched.insert(tables.add(&of, row.clone(), undo)?);
        written.push(row);
    }
    let updated = written.len() as u64;
    let answers = if outputs.is_empty() { vec![] } else { written };
    let answers = answers.iter().map(|row| projection::values(&outputs, row)).collect::<Sql<_>>()?;
    Ok(projection::outcome(&outputs, answers, updated))
}

/// The rows that are to be inserted, whole and typed.
fn rows(table: &Table, insert: &Insert, setting: &Setting) -> Sql<Vec<Row>> {
    let places = places(table, insert)?;
    let given: Vec<&[Expr]> = match &insert.source {
        None => vec![&[]],
        Some(query) => {
            let plain = query.with.is_none() && query.order_by.is_none() && query.limit_clause.is_none();
            match query.body.as_ref() {
                SetExpr::Values(values) if plain => values.rows.iter().map(|row| row.content.as_slice()).collect(),
                _ => return unsupported("INSERT from a query is"),
            }
        }
    };
    let width = given.first().map_or(0, |row| row.len());
    if given.iter().any(|row| row.len() != width) {
        return refuse("42601", "VALUES lists must all be the same length");
    }
    if width > places.len() {
        return refuse("42601", "INSERT has more expressions than target columns");
    }
    if insert.source.is_some() && !insert.columns.is_empty() && width < places.len() {
        return refuse("42601", "INSERT has more target columns than expressions");
    }
    let defaults: Row = table.columns.iter().map(|column| default(table, &column.name, setting)).collect::<Sql<_>>()?;
    let scope = Scope::default();
    let bound = |exprs: &[Expr]| {
        let given = exprs.iter().zip(&places).filter(|(expr, _)| !is_default(expr));
        let bind = |(expr, place): (&Expr, &usize)| {
            Ok((*place, assign(table, *place, Binder::new(setting, &scope, "VALUES").bind(expr)?)?))
        };
        given.map(bind).collect()
    };
    let bound: Vec<Vec<(usize, Node)>> = given.into_iter().map(bound).collect::<Sql<_>>()?;
    let whole = |nodes: Vec<(usize, Node)>| {
        let mut row = defaults.clone();
        for (place, node) in nodes {
            row[place] = node.eval(&[])?;
        }
        Ok(row)
    };
    bound.into_iter().map(whole).collect()
}

/// The columns that are named, or all.
fn places(table: &Table, insert: &Insert) -> Sql<Vec<usize>> {
    if insert.columns.is_empty() {
        return Ok((0..table.columns.len()).collect());
    }
    let mut places = vec![];
    for column in &insert.columns {
        let Some(column) = single(column) else { return unsupported(format!("the column {column} is")) };
        let place = table.place(&column).ok_or_else(|| no_column_of(&table.name, &column))?;
        if places.contains(&place) {
            return refuse("42701", format!("column \"{column}\" specified more than once"));
        }
        places.push(place);
    }
    Ok(places)
}

/// Whether it is the word `DEFAULT`.
pub(super) fn is_default(expr: &Expr) -> bool {
    matches!(expr, Expr::Identifier(ident) if ident.quote_style.is_none() && ident.value.eq_ignore_ascii_case("default"))
}

/// What a column is when nothing else is said.
pub(super) fn default(table: &Table, column: &str, setting: &Setting) -> Sql<Value> {
    let Some(place) = table.place(column) else { return Err(no_column_of(&table.name, column)) };
    match &table.columns[place].default {
        None => Ok(Value::Null),
        Some(expr) => {
            let scope = Scope::default();
            assign(table, place, Binder::new(setting, &scope, "DEFAULT expressions").bind(expr)?)?.eval(&[])
        }
    }
}

/// A value on its way into a column.
pub(super) fn assign(table: &Table, place: usize, typed: Typed) -> Sql<Node> {
    let column = &table.columns[place];
    if !typed.kind.becomes(column.kind, How::Assignment) {
        let (name, to, from) = (&column.name, column.kind.said(), typed.kind.said());
        let message = format!(
            "column \"{name}\" is of type {to} but expression is of type {from}; \
             Hint: You will need to rewrite or cast the expression."
        );
        return refuse("42804", message);
    }
    typed.into_kind(column.kind, How::Assignment)
}

/// What to do with a row that is there already.
struct Conflict {
    /// Places of the constraints among the table's.
    arbiters: Vec<usize>,
    update: Option<Update>,
}

struct Update {
    set: Vec<(usize, Node)>,
    selection: Option<Node>,
}

impl Conflict {
    fn bind(table: &Table, alias: &str, conflict: &OnConflict, setting: &Setting) -> Sql<Self> {
        let arbiters = arbiters(table, conflict.conflict_target.as_ref())?;
        let OnConflictAction::DoUpdate(update) = &conflict.action else { return Ok(Self { arbiters, update: None }) };
        if conflict.conflict_target.is_none() {
            return refuse("42601", NO_TARGET);
        }
        let scope = Scope::default().with(table, alias).with(table, "excluded");
        let set = assignments(table, &update.assignments, setting, &scope)?;
        let selection = match &update.selection {
            Some(expr) => Some(Binder::new(setting, &scope, "WHERE").condition(expr, "WHERE")?),
            None => None,
        };
        Ok(Self { arbiters, update: Some(Update { set, selection }) })
    }

    fn find(&self, table: &Table, row: &Row) -> Option<u64> {
        self.arbiters.iter().find_map(|place| table.uniques.get(*place)?.find(row))
    }

    /// The row as it is to become; `None` leaves it alone.
    fn update(&self, table: &Table, number: u64, excluded: &Row) -> Sql<Option<Row>> {
        let (Some(update), Some(old)) = (&self.update, table.rows.get(&number)) else { return Ok(None) };
        let both: Row = old.iter().chain(excluded).cloned().collect();
        if let Some(selection) = &update.selection
            && !selection.holds(&both)?
        {
            return Ok(None);
        }
        let mut changed = old.clone();
        for (place, node) in &update.set {
            changed[*place] = node.eval(&both)?;
        }
        Ok(Some(changed))
    }
}

fn arbiters(table: &Table, target: Option<&ConflictTarget>) -> Sql<Vec<usize>> {
    let fitting = |fits: &dyn Fn(&super::table::Unique) -> bool| -> Vec<usize> {
        table.uniques.iter().enumerate().filter(|(_, unique)| fits(unique)).map(|(place, _)| place).collect()
    };
    match target {
        None => Ok(fitting(&|_| true)),
        Some(ConflictTarget::Columns { columns, predicate: None }) => {
            let mut places = BTreeSet::new();
            for column in columns.iter().map(name) {
                let none = || error("42703", format!("column \"{column}\" does not exist"));
                places.insert(table.place(&column).ok_or_else(none)?);
            }
            let found = fitting(&|unique| unique.columns.iter().copied().collect::<BTreeSet<_>>() == places);
            if found.is_empty() {
                let message = "there is no unique or exclusion constraint matching the ON CONFLICT specification";
                return refuse("42P10", message);
            }
            Ok(found)
        }
        Some(ConflictTarget::Columns { .. }) => unsupported("a predicate of ON CONFLICT is"),
        Some(ConflictTarget::OnConstraint(constraint)) => {
            let constraint = object(constraint)?;
            let found = fitting(&|unique| unique.name == constraint);
            if found.is_empty() {
                let message = format!("constraint \"{constraint}\" for table \"{}\" does not exist", table.name);
                return refuse("42704", message);
            }
            Ok(found)
        }
    }
}
