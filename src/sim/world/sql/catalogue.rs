//! System views, as far as they tell of what is known here: indexes, roles and grants on tables. Everybody may read them.

use super::Value;
use super::kind::Kind;
use super::parse::name;
use super::roles::PUBLIC;
use super::table::{Column, Row, Table, Tables};
use sqlparser::ast::ObjectName;

/// The view that the name stands for (PostgreSQL, system views and information schema).
pub(super) fn view(tables: &Tables, of: &ObjectName) -> Option<Table> {
    let parts: Vec<String> = of.0.iter().filter_map(|part| part.as_ident()).map(name).collect();
    match parts.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["pg_indexes"] | ["pg_catalog", "pg_indexes"] => {
            let rows = tables.by_name.values().flat_map(|table| {
                let keys = table.uniques.iter().map(|unique| &unique.name);
                keys.chain(&table.indexes).map(|index| texts(&["public", &table.name, index]))
            });
            Some(built("pg_indexes", &["schemaname", "tablename", "indexname"], &[], rows))
        }
        ["pg_roles"] | ["pg_catalog", "pg_roles"] => {
            let rows = tables.roles.iter().filter(|(name, _)| *name != PUBLIC).map(|(name, role)| {
                let mut row = texts(&[name]);
                row.push(Value::Boolean(role.login));
                row
            });
            Some(built("pg_roles", &["rolname"], &["rolcanlogin"], rows))
        }
        ["information_schema", "role_table_grants"] => {
            let rows = tables.roles.iter().flat_map(|(grantee, role)| {
                let of = |(table, words): (&String, &std::collections::BTreeSet<&'static str>)| {
                    words.iter().map(|word| texts(&[grantee, "public", table, word])).collect::<Vec<_>>()
                };
                role.tables.iter().flat_map(of)
            });
            Some(built("role_table_grants", &["grantee", "table_schema", "table_name", "privilege_type"], &[], rows))
        }
        _ => None,
    }
}

fn texts(values: &[&str]) -> Row {
    values.iter().map(|value| Value::Text(value.to_string())).collect()
}

fn built(name: &str, texts: &[&str], flags: &[&str], rows: impl Iterator<Item = Row>) -> Table {
    let column = |name: &&str, kind| Column { name: name.to_string(), kind, required: false, default: None };
    let columns = texts.iter().map(|name| column(name, Kind::Text));
    let columns = columns.chain(flags.iter().map(|name| column(name, Kind::Boolean))).collect();
    let rows = rows.enumerate().map(|(number, row)| (number as u64, row)).collect();
    Table { name: name.into(), columns, uniques: vec![], indexes: vec![], rows, next: 0 }
}
