//! What `#names` and `:values` stand for, and which of them an expression used.

use super::super::value::Value;
use std::collections::{BTreeMap, BTreeSet};

/// ExpressionAttributeNames and ExpressionAttributeValues of a call.
#[derive(Debug, Clone, Default)]
pub struct Words {
    pub names: BTreeMap<String, String>,
    pub values: BTreeMap<String, Value>,
    used: BTreeSet<String>,
}

/// The commonest of the 573 reserved words (Developer Guide, reserved words in DynamoDB).
const RESERVED: &[&str] = &[
    "ACTION",
    "ADD",
    "ALL",
    "AND",
    "ANY",
    "AS",
    "ASC",
    "AT",
    "ATTRIBUTES",
    "BETWEEN",
    "BINARY",
    "BY",
    "CONNECTION",
    "COUNT",
    "COUNTER",
    "CURRENT",
    "DATA",
    "DATE",
    "DAY",
    "DELETE",
    "DESC",
    "END",
    "EXISTS",
    "FOR",
    "FROM",
    "GROUP",
    "HASH",
    "HOUR",
    "IN",
    "INDEX",
    "IS",
    "ITEMS",
    "KEY",
    "KEYS",
    "LANGUAGE",
    "LAST",
    "LEVEL",
    "LIST",
    "LOCATION",
    "MAP",
    "MAX",
    "MIN",
    "MINUTE",
    "MONTH",
    "NAME",
    "NAMES",
    "NOT",
    "NULL",
    "NUMBER",
    "OF",
    "OR",
    "ORDER",
    "OWNER",
    "PATH",
    "POSITION",
    "RANGE",
    "REGION",
    "REMOVE",
    "ROLE",
    "ROLES",
    "ROW",
    "SECOND",
    "SESSION",
    "SET",
    "SIZE",
    "SOURCE",
    "STATE",
    "STATUS",
    "STRING",
    "TABLE",
    "TIME",
    "TIMESTAMP",
    "TO",
    "TOKEN",
    "TOTAL",
    "TTL",
    "TYPE",
    "URL",
    "USER",
    "USERS",
    "VALUE",
    "VALUES",
    "VIEW",
    "WHERE",
    "YEAR",
    "ZONE",
];

impl Words {
    pub fn new(names: BTreeMap<String, String>, values: BTreeMap<String, Value>) -> Self {
        Self { names, values, used: BTreeSet::new() }
    }

    /// What `#name` stands for.
    pub fn name(&mut self, token: &str) -> Result<String, String> {
        let found = self.names.get(token).cloned().ok_or_else(|| {
            format!("An expression attribute name used in the document path is not defined; attribute name: {token}")
        })?;
        self.used.insert(token.to_string());
        Ok(found)
    }

    /// What `:value` stands for.
    pub fn value(&mut self, token: &str) -> Result<Value, String> {
        let found = self.values.get(token).cloned().ok_or_else(|| {
            format!("An expression attribute value used in expression is not defined; attribute value: {token}")
        })?;
        self.used.insert(token.to_string());
        Ok(found)
    }

    /// A plain name, unless it is reserved.
    pub fn plain(word: &str) -> Result<String, String> {
        if RESERVED.contains(&word.to_ascii_uppercase().as_str()) {
            return Err(format!("Attribute name is a reserved keyword; reserved keyword: {word}"));
        }
        Ok(word.to_string())
    }

    /// Refuses what was given and not used.
    pub fn all_used(&self) -> Result<(), String> {
        let unused = |given: Vec<&String>| {
            given.into_iter().filter(|key| !self.used.contains(*key)).cloned().collect::<Vec<_>>()
        };
        for (what, missing) in [
            ("ExpressionAttributeNames", unused(self.names.keys().collect())),
            ("ExpressionAttributeValues", unused(self.values.keys().collect())),
        ] {
            if !missing.is_empty() {
                return Err(format!(
                    "Value provided in {what} unused in expressions: keys: {{{}}}",
                    missing.join(", ")
                ));
            }
        }
        Ok(())
    }
}
