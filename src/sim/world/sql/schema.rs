//! `CREATE TABLE`, `CREATE INDEX` and `DROP TABLE`.

use super::Outcome;
use super::bind::{Binder, Scope};
use super::error::{Sql, error, no_column, refuse, unsupported};
use super::insert::default;
use super::kind::Kind;
use super::log::Undo;
use super::parse::{Setting, name, object, relation};
use super::roles::{forget, owns};
use super::table::{Column, MAX_TABLES, Table, Tables, Unique};
use sqlparser::ast::{
    ColumnDef, ColumnOption, CreateIndex, CreateTable, CreateTableOptions, Expr, Ident, IndexColumn, ObjectType,
    Statement, TableConstraint,
};
use std::collections::BTreeMap;

/// The most columns of a table (PostgreSQL, Appendix K).
const MAX_COLUMNS: usize = 1600;

pub(super) fn create(tables: &mut Tables, create: &CreateTable, setting: &Setting, undo: &mut Undo) -> Sql<Outcome> {
    let odd = create.or_replace
        || create.temporary
        || create.unlogged
        || create.external
        || create.query.is_some()
        || create.like.is_some()
        || create.inherits.is_some()
        || create.partition_by.is_some()
        || create.partition_of.is_some()
        || create.on_commit.is_some()
        || create.table_options != CreateTableOptions::None;
    if odd {
        return unsupported("this form of CREATE TABLE is");
    }
    let of = object(&create.name)?;
    owns(setting, "permission denied for schema public")?;
    if tables.by_name.contains_key(&of) {
        if create.if_not_exists {
            return Ok(Outcome::default());
        }
        return refuse("42P07", format!("relation \"{of}\" already exists"));
    }
    if tables.by_name.len() >= MAX_TABLES {
        return refuse("53400", format!("more than {MAX_TABLES} tables"));
    }
    if create.columns.len() > MAX_COLUMNS {
        return refuse("54011", format!("tables can have at most {MAX_COLUMNS} columns"));
    }
    let mut made = Making { table: empty(of.clone()) };
    for column in &create.columns {
        made.column(column)?;
    }
    for constraint in &create.constraints {
        made.constraint(constraint)?;
    }
    let table = made.table;
    let scope = Scope::default();
    for column in &table.columns {
        if let Some(expr) = &column.default {
            let kind = Binder::new(setting, &scope, "DEFAULT expressions").bind(expr)?.kind;
            if !kind.becomes(column.kind, super::kind::How::Assignment) {
                let (name, to, from) = (&column.name, column.kind.said(), kind.said());
                let message = format!("column \"{name}\" is of type {to} but default expression is of type {from}");
                return refuse("42804", message);
            }
        }
        default(&table, &column.name, setting)?;
    }
    undo.table(&of, None);
    tables.replace(&of, Some(table));
    Ok(Outcome::default())
}

fn empty(name: String) -> Table {
    Table { name, columns: vec![], uniques: vec![], indexes: vec![], rows: BTreeMap::new(), next: 0 }
}

struct Making {
    table: Table,
}

impl Making {
    fn column(&mut self, column: &ColumnDef) -> Sql<()> {
        let (of, kind, mut required, mut default) = (name(&column.name), Kind::of(&column.data_type)?, false, None);
        if matches!(kind, Kind::Span) {
            return unsupported("a column of type interval is");
        }
        if self.table.place(&of).is_some() {
            return refuse("42701", format!("column \"{of}\" specified more than once"));
        }
        let mut keys = vec![];
        for option in &column.options {
            match &option.option {
                ColumnOption::Null => {}
                ColumnOption::NotNull => required = true,
                ColumnOption::Default(expr) => default = Some(literal_or_call(expr)?),
                ColumnOption::PrimaryKey(_) => keys.push((option.name.as_ref(), true)),
                ColumnOption::Unique(_) => keys.push((option.name.as_ref(), false)),
                _ => return unsupported("this option of a column is"),
            }
        }
        self.table.columns.push(Column { name: of.clone(), kind, required, default });
        for (given, primary) in keys {
            self.key(given.map(name), std::slice::from_ref(&of), primary)?;
        }
        Ok(())
    }

    fn constraint(&mut self, constraint: &TableConstraint) -> Sql<()> {
        match constraint {
            TableConstraint::PrimaryKey(key) => self.key(key.name.as_ref().map(name), &columns(&key.columns)?, true),
            TableConstraint::Unique(key) => self.key(key.name.as_ref().map(name), &columns(&key.columns)?, false),
            _ => unsupported("a constraint other than a key is"),
        }
    }

    fn key(&mut self, given: Option<String>, columns: &[String], primary: bool) -> Sql<()> {
        let of = self.table.name.clone();
        if primary && self.table.uniques.iter().any(|unique| unique.primary) {
            return refuse("42P16", format!("multiple primary keys for table \"{of}\" are not allowed"));
        }
        let mut places = vec![];
        for column in columns {
            let none = || error("42703", format!("column \"{column}\" named in key does not exist"));
            let place = self.table.place(column).ok_or_else(none)?;
            if places.contains(&place) {
                let what = if primary { "primary key" } else { "unique" };
                return refuse("42701", format!("column \"{column}\" appears twice in {what} constraint"));
            }
            self.table.columns[place].required |= primary;
            places.push(place);
        }
        let made = if primary { format!("{of}_pkey") } else { format!("{of}_{}_key", columns.join("_")) };
        self.table.uniques.push(Unique::new(given.unwrap_or(made), places, primary));
        Ok(())
    }
}

/// A default says nothing about other columns.
fn literal_or_call(expr: &Expr) -> Sql<Expr> {
    match expr {
        Expr::Identifier(Ident { value, quote_style: None, .. })
            if !value.eq_ignore_ascii_case("current_timestamp") =>
        {
            refuse("0A000", "cannot use column reference in DEFAULT expression")
        }
        expr => Ok(expr.clone()),
    }
}

fn columns(columns: &[IndexColumn]) -> Sql<Vec<String>> {
    let plain = |column: &IndexColumn| match &column.column.expr {
        Expr::Identifier(ident) => Ok(name(ident)),
        _ => unsupported("an expression in a key is"),
    };
    columns.iter().map(plain).collect()
}

/// An index is known by its name; nothing is faster for it.
pub(super) fn index(tables: &mut Tables, create: &CreateIndex, setting: &Setting, undo: &mut Undo) -> Sql<Outcome> {
    let odd = create.unique
        || create.concurrently
        || create.r#async
        || create.using.is_some()
        || create.nulls_distinct.is_some()
        || create.predicate.is_some()
        || !create.include.is_empty()
        || !create.with.is_empty()
        || !create.index_options.is_empty()
        || !create.alter_options.is_empty();
    let Some(of) = create.name.as_ref().filter(|_| !odd) else { return unsupported("this form of CREATE INDEX is") };
    let (of, on) = (object(of)?, relation(&create.table_name)?);
    let table = tables.table(&on)?.clone();
    owns(setting, format!("must be owner of table {on}"))?;
    let columns = columns(&create.columns)?;
    if let Some(column) = columns.iter().find(|column| table.place(column).is_none()) {
        return Err(no_column(column));
    }
    let has = |table: &Table| table.indexes.contains(&of) || table.uniques.iter().any(|unique| unique.name == of);
    if tables.by_name.values().any(has) || tables.by_name.contains_key(&of) {
        if create.if_not_exists {
            return Ok(Outcome::default());
        }
        return refuse("42P07", format!("relation \"{of}\" already exists"));
    }
    let mut changed = table.clone();
    changed.indexes.push(of);
    undo.table(&on, Some(table));
    tables.replace(&on, Some(changed));
    Ok(Outcome::default())
}

pub(super) fn drop(tables: &mut Tables, statement: &Statement, setting: &Setting, undo: &mut Undo) -> Sql<Outcome> {
    let Statement::Drop { object_type: ObjectType::Table, if_exists, names, .. } = statement else {
        return unsupported("DROP of anything but tables is");
    };
    for of in names {
        let of = object(of)?;
        if tables.by_name.contains_key(&of) {
            owns(setting, format!("must be owner of table {of}"))?;
        }
        match tables.replace(&of, None) {
            Some(table) => {
                undo.table(&of, Some(table));
                forget(tables, &of, undo);
            }
            None if *if_exists => {}
            None => return refuse("42P01", format!("table \"{of}\" does not exist")),
        }
    }
    Ok(Outcome::default())
}
