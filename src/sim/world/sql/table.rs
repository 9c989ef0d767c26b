//! Rows and their indexes. A table keeps its rows by number, in the order of their insertion.

use super::Value;
use super::error::{Sql, error, no_table, refuse};
use super::kind::{Kind, write};
use super::log::Undo;
use super::roles::Role;
use sqlparser::ast::Expr;
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// How much the tables of a database may hold, bytes, and how many there may be (assumed; it is memory here).
const MAX_BYTES: usize = 64 << 20;
pub(super) const MAX_TABLES: usize = 200;

pub(super) type Row = Vec<Value>;

/// Everything that commits change.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Tables {
    pub(super) by_name: BTreeMap<String, Table>,
    pub(super) roles: BTreeMap<String, Role>,
    pub(super) bytes: usize,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Table {
    pub(super) name: String,
    pub(super) columns: Vec<Column>,
    pub(super) uniques: Vec<Unique>,
    /// Names of indexes that are no constraints: they make nothing faster here.
    pub(super) indexes: Vec<String>,
    pub(super) rows: BTreeMap<u64, Row>,
    /// The number of the next row.
    pub(super) next: u64,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Column {
    pub(super) name: String,
    pub(super) kind: Kind,
    pub(super) required: bool,
    pub(super) default: Option<Expr>,
}

/// A primary key or a unique constraint.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Unique {
    pub(super) name: String,
    pub(super) columns: Vec<usize>,
    pub(super) primary: bool,
    index: BTreeMap<Key, u64>,
}

impl Unique {
    pub(super) fn new(name: String, columns: Vec<usize>, primary: bool) -> Self {
        Self { name, columns, primary, index: BTreeMap::new() }
    }

    /// The key of a row; a NULL is unlike everything.
    fn key(&self, row: &[Value]) -> Option<Key> {
        let key: Row = self.columns.iter().filter_map(|place| row.get(*place)).cloned().collect();
        (!key.contains(&Value::Null)).then_some(Key(key))
    }

    /// The row that has the same key.
    pub(super) fn find(&self, row: &[Value]) -> Option<u64> {
        self.index.get(&self.key(row)?).copied()
    }
}

/// Values in order: NULL after everything else, as in an ascending index.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Key(pub(super) Row);

impl Eq for Key {}

impl PartialOrd for Key {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Key {
    fn cmp(&self, other: &Self) -> Ordering {
        let pairs = self.0.iter().zip(&other.0);
        pairs.map(|(a, b)| order(a, b)).find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
    }
}

/// How two values of one type stand; NULL is the greatest, and so is NaN among numbers.
pub(super) fn order(a: &Value, b: &Value) -> Ordering {
    match (a, b) {
        (Value::Boolean(a), Value::Boolean(b)) => a.cmp(b),
        (Value::Long(a), Value::Long(b)) => a.cmp(b),
        (Value::Double(a), Value::Double(b)) => match (a.is_nan(), b.is_nan()) {
            (false, false) => a.partial_cmp(b).unwrap_or(Ordering::Equal),
            (a, b) => a.cmp(&b),
        },
        (Value::Text(a), Value::Text(b)) => a.cmp(b),
        (Value::Moment(a), Value::Moment(b)) => a.cmp(b),
        (a, b) => matches!(a, Value::Null).cmp(&matches!(b, Value::Null)),
    }
}

fn size(row: &[Value]) -> usize {
    row.iter().map(|value| size_of::<Value>() + if let Value::Text(text) = value { text.len() } else { 0 }).sum()
}

impl Table {
    pub(super) fn place(&self, column: &str) -> Option<usize> {
        self.columns.iter().position(|known| known.name == column)
    }

    /// Puts a row in its place, or takes it away, and gives what was there. Its keys are free.
    fn put(&mut self, number: u64, row: Option<Row>) -> Option<Row> {
        let old = self.rows.remove(&number);
        for unique in &mut self.uniques {
            if let Some(key) = old.as_ref().and_then(|old| unique.key(old)) {
                unique.index.remove(&key);
            }
            if let Some(key) = row.as_ref().and_then(|row| unique.key(row)) {
                unique.index.insert(key, number);
            }
        }
        if let Some(row) = row {
            self.rows.insert(number, row);
        }
        old
    }

    /// Refuses a row that lacks what it must have.
    pub(super) fn check(&self, row: &[Value]) -> Sql<()> {
        let Some((column, _)) =
            self.columns.iter().zip(row).find(|(column, value)| column.required && **value == Value::Null)
        else {
            return Ok(());
        };
        let values: Vec<String> =
            self.columns.iter().zip(row).map(|(column, value)| said(value, column.kind)).collect();
        let message = format!(
            "null value in column \"{}\" of relation \"{}\" violates not-null constraint; \
             Detail: Failing row contains ({}).",
            column.name,
            self.name,
            values.join(", ")
        );
        refuse("23502", message)
    }

    /// The constraint that another row than `number` stands in the way of.
    pub(super) fn clash(&self, row: &[Value], number: Option<u64>) -> Option<&Unique> {
        self.uniques.iter().find(|unique| unique.find(row).is_some_and(|found| Some(found) != number))
    }

    pub(super) fn duplicate(&self, unique: &Unique, row: &[Value]) -> super::SqlError {
        let columns = unique.columns.iter().filter_map(|place| self.columns.get(*place));
        let names: Vec<&str> = columns.clone().map(|column| column.name.as_str()).collect();
        let values = unique.columns.iter().filter_map(|place| row.get(*place)).zip(columns);
        let values: Vec<String> = values.map(|(value, column)| said(value, column.kind)).collect();
        let message = format!(
            "duplicate key value violates unique constraint \"{}\"; Detail: Key ({})=({}) already exists.",
            unique.name,
            names.join(", "),
            values.join(", ")
        );
        error("23505", message)
    }
}

/// A value as a detail shows it.
fn said(value: &Value, kind: Kind) -> String {
    match value {
        Value::Null => "null".into(),
        Value::Boolean(b) => if *b { "t" } else { "f" }.into(),
        value => write(value, kind),
    }
}

impl Tables {
    pub(super) fn table(&self, name: &str) -> Sql<&Table> {
        self.by_name.get(name).ok_or_else(|| no_table(name))
    }

    /// Adds a row.
    pub(super) fn add(&mut self, table: &str, row: Row, undo: &mut Undo) -> Sql<u64> {
        let number = self.table(table)?.next;
        self.set(table, number, Some(row), undo)?;
        if let Some(table) = self.by_name.get_mut(table) {
            table.next = number + 1;
        }
        Ok(number)
    }

    /// Changes a row, or deletes it.
    pub(super) fn set(&mut self, table: &str, number: u64, row: Option<Row>, undo: &mut Undo) -> Sql<()> {
        let more = row.as_deref().map_or(0, size);
        if self.bytes + more > MAX_BYTES {
            return refuse("53100", format!("could not extend relation \"{table}\": No space left on device"));
        }
        let Some(kept) = self.by_name.get_mut(table) else { return Err(no_table(table)) };
        let old = kept.put(number, row);
        self.bytes = (self.bytes + more).saturating_sub(old.as_deref().map_or(0, size));
        undo.row(table, number, old);
        Ok(())
    }

    /// Puts back what a row was.
    pub(super) fn restore(&mut self, table: &str, number: u64, row: Option<Row>) {
        let Some(kept) = self.by_name.get_mut(table) else { return };
        if row.is_none() {
            kept.next = number;
        }
        let more = row.as_deref().map_or(0, size);
        let old = kept.put(number, row);
        self.bytes = (self.bytes + more).saturating_sub(old.as_deref().map_or(0, size));
    }

    /// Makes a table, or takes it away, and gives what was there.
    pub(super) fn replace(&mut self, name: &str, table: Option<Table>) -> Option<Table> {
        let weigh = |table: &Option<Table>| -> usize {
            table.iter().flat_map(|table| table.rows.values()).map(|row| size(row)).sum()
        };
        let more = weigh(&table);
        let old = match table {
            Some(table) => self.by_name.insert(name.to_string(), table),
            None => self.by_name.remove(name),
        };
        self.bytes = (self.bytes + more).saturating_sub(weigh(&old));
        old
    }
}
