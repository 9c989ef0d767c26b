//! What a query or `RETURNING` gives: labels, types, values.

use super::Outcome;
use super::bind::{Binder, Scope};
use super::error::{Sql, refuse, unsupported};
use super::kind::{How, Kind};
use super::node::{Node, Typed, shown};
use super::parse::{name, object, single};
use super::table::Row;
use sqlparser::ast::{Expr, SelectItem, SelectItemQualifiedWildcardKind, WildcardAdditionalOptions};

/// One column of the answer.
#[derive(Debug, Clone)]
pub(super) struct Output {
    pub(super) label: String,
    pub(super) kind: Kind,
    pub(super) node: Node,
}

pub(super) fn bind(binder: &mut Binder, items: &[SelectItem], scope: &Scope) -> Sql<Vec<Output>> {
    let mut outputs = vec![];
    for item in items {
        match item {
            SelectItem::UnnamedExpr(expr) => outputs.push(output(label(expr), binder.bind(expr)?)?),
            SelectItem::ExprWithAlias { expr, alias } => outputs.push(output(name(alias), binder.bind(expr)?)?),
            SelectItem::Wildcard(options) if plain(options) => {
                let all = scope.all(None);
                if all.is_empty() {
                    return refuse("42601", "SELECT * with no tables specified is not valid");
                }
                for (label, typed) in all {
                    outputs.push(output(label, typed)?);
                }
            }
            SelectItem::QualifiedWildcard(SelectItemQualifiedWildcardKind::ObjectName(of), options)
                if plain(options) =>
            {
                let of = object(of)?;
                if !scope.has(&of) {
                    return refuse("42P01", format!("missing FROM-clause entry for table \"{of}\""));
                }
                for (label, typed) in scope.all(Some(&of)) {
                    outputs.push(output(label, typed)?);
                }
            }
            _ => return unsupported("this form of a select list is"),
        }
    }
    Ok(outputs)
}

fn plain(options: &WildcardAdditionalOptions) -> bool {
    let WildcardAdditionalOptions { wildcard_token, .. } = options;
    let bare = WildcardAdditionalOptions { wildcard_token: wildcard_token.clone(), ..Default::default() };
    bare == *options
}

fn output(label: String, typed: Typed) -> Sql<Output> {
    let kind = if typed.kind == Kind::Unknown { Kind::Text } else { typed.kind };
    Ok(Output { label, kind, node: typed.into_kind(kind, How::Implicit)? })
}

/// What PostgreSQL calls a column that has no alias.
fn label(expr: &Expr) -> String {
    match expr {
        Expr::Identifier(ident) => name(ident),
        Expr::CompoundIdentifier(parts) => parts.last().map(name).unwrap_or_default(),
        Expr::Function(call) => single(&call.name).unwrap_or_default(),
        Expr::Nested(inner) => label(inner),
        Expr::Extract { .. } => "extract".into(),
        Expr::Interval(_) => "interval".into(),
        Expr::Cast { expr, data_type, .. } => match (label(expr), Kind::of(data_type)) {
            (label, Ok(kind)) if label == "?column?" => kind.short().into(),
            (label, _) => label,
        },
        _ => "?column?".into(),
    }
}

/// The values of one row.
pub(super) fn values(outputs: &[Output], row: &Row) -> Sql<Row> {
    outputs.iter().map(|output| output.node.eval(row)).collect()
}

/// The answer as it is shown.
pub(super) fn outcome(outputs: &[Output], rows: Vec<Row>, updated: u64) -> Outcome {
    let show = |row: Row| row.into_iter().zip(outputs).map(|(value, output)| shown(value, output.kind)).collect();
    Outcome {
        columns: outputs.iter().map(|output| (output.label.clone(), output.kind.short())).collect(),
        rows: rows.into_iter().map(show).collect(),
        updated,
    }
}
