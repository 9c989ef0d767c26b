//! What PostgreSQL says when it refuses. States are those of its appendix A.

use super::SqlError;
use super::kind::Kind;

pub(super) type Sql<T> = Result<T, SqlError>;

pub(super) fn error(state: &'static str, message: impl Into<String>) -> SqlError {
    SqlError { state, message: message.into() }
}

pub(super) fn refuse<T>(state: &'static str, message: impl Into<String>) -> Sql<T> {
    Err(error(state, message))
}

/// What PostgreSQL would take and this store does not.
pub(super) fn unsupported<T>(what: impl std::fmt::Display) -> Sql<T> {
    refuse("0A000", format!("{what} not supported"))
}

pub(super) fn syntax<T>(message: impl Into<String>) -> Sql<T> {
    refuse("42601", message)
}

pub(super) fn no_table(name: &str) -> SqlError {
    error("42P01", format!("relation \"{name}\" does not exist"))
}

pub(super) fn no_column(name: &str) -> SqlError {
    error("42703", format!("column \"{name}\" does not exist"))
}

pub(super) fn no_column_of(table: &str, name: &str) -> SqlError {
    error("42703", format!("column \"{name}\" of relation \"{table}\" does not exist"))
}

pub(super) fn no_operator(left: Kind, operator: impl std::fmt::Display, right: Kind) -> SqlError {
    let (left, right) = (left.said(), right.said());
    let hint =
        "Hint: No operator matches the given name and argument types. You might need to add explicit type casts.";
    error("42883", format!("operator does not exist: {left} {operator} {right}; {hint}"))
}

pub(super) fn no_function(name: &str, arguments: &str) -> SqlError {
    let hint =
        "Hint: No function matches the given name and argument types. You might need to add explicit type casts.";
    error("42883", format!("function {name}({arguments}) does not exist; {hint}"))
}

pub(super) fn out_of_range(kind: Kind) -> SqlError {
    error("22003", format!("{} out of range", kind.said()))
}

pub(super) fn too_deep() -> SqlError {
    error("54001", "stack depth limit exceeded")
}
