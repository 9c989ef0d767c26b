//! Roles: who may log in, and what was granted to them. Only grants on tables are asked; others are recorded. There is
//! no REVOKE, no membership, and nobody but the owner of the store makes tables, indexes and roles.

use super::error::{Sql, error, no_table, refuse, unsupported};
use super::log::Undo;
use super::parse::{Setting, name, object, relation};
use super::table::Tables;
use super::{Database, Outcome};
use sqlparser::ast::{
    Action, AlterRoleOperation, CreateRole, Expr, Grant, GrantObjects, GranteeName, GranteesType, Ident, Password,
    Privileges, RoleOption, Value as Literal,
};
use std::collections::{BTreeMap, BTreeSet};

/// What can be granted on a table (PostgreSQL, privileges).
const ALL: [&str; 7] = ["DELETE", "INSERT", "REFERENCES", "SELECT", "TRIGGER", "TRUNCATE", "UPDATE"];

/// Everybody.
pub(super) const PUBLIC: &str = "public";

/// A role or a user.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Role {
    pub(super) login: bool,
    password: Option<String>,
    /// By table.
    pub(super) tables: BTreeMap<String, BTreeSet<&'static str>>,
    /// Other grants, as they were said.
    granted: BTreeSet<String>,
}

impl Database {
    /// An empty store that belongs to a user, who may do everything. Without an owner everybody may.
    pub fn of(owner: &str, password: &str) -> Self {
        Self { owner: Some((owner.into(), password.into())), ..Self::default() }
    }

    /// Lets a user in: what is said next is said by them.
    ///
    /// # Errors
    /// When there is no such user, when they may not log in, and when the password is another.
    pub fn enter(&mut self, user: &str, password: &str) -> Result<(), super::SqlError> {
        let Some((owner, of_owner)) = &self.owner else { return Ok(()) };
        let role = self.tables.roles.get(user).filter(|_| user != PUBLIC);
        if role.is_some_and(|role| !role.login) {
            return refuse("28000", format!("role \"{user}\" is not permitted to log in"));
        }
        let kept = if user == owner { Some(of_owner) } else { role.and_then(|role| role.password.as_ref()) };
        if kept.is_none_or(|kept| kept != password) {
            return refuse("28P01", format!("password authentication failed for user \"{user}\""));
        }
        self.user = (user != owner).then(|| user.into());
        Ok(())
    }
}

/// Whether who says the statement may do this with the table.
pub(super) fn may(tables: &Tables, setting: &Setting, table: &str, privilege: &str) -> Sql<()> {
    let Some(user) = setting.user else { return Ok(()) };
    let has = |role: &str| {
        let granted = tables.roles.get(role).and_then(|role| role.tables.get(table));
        granted.is_some_and(|words| words.contains(privilege))
    };
    if has(user) || has(PUBLIC) {
        return Ok(());
    }
    refuse("42501", format!("permission denied for table {table}"))
}

/// Refuses everybody but the owner.
pub(super) fn owns(setting: &Setting, refusal: impl Into<String>) -> Sql<()> {
    if setting.user.is_none() { Ok(()) } else { refuse("42501", refusal) }
}

pub(super) fn create(tables: &mut Tables, create: &CreateRole, setting: &Setting, undo: &mut Undo) -> Sql<Outcome> {
    owns(setting, "permission denied to create role")?;
    for role in &create.names {
        let role = object(role)?;
        if role == PUBLIC {
            return refuse("42939", "role name \"public\" is reserved");
        }
        if tables.roles.contains_key(&role) {
            if create.if_not_exists {
                continue;
            }
            return refuse("42710", format!("role \"{role}\" already exists"));
        }
        let password = create.password.as_ref().map(secret).transpose()?.flatten();
        undo.role(&role, None);
        tables.roles.insert(role, Role { login: create.login == Some(true), password, ..Role::default() });
    }
    Ok(Outcome::default())
}

fn secret(password: &Password) -> Sql<Option<String>> {
    match password {
        Password::NullPassword => Ok(None),
        Password::Password(Expr::Value(value)) => match &value.value {
            Literal::SingleQuotedString(text) => Ok(Some(text.clone())),
            _ => unsupported("this form of a password is"),
        },
        Password::Password(_) => unsupported("this form of a password is"),
    }
}

pub(super) fn alter(
    tables: &mut Tables,
    of: &Ident,
    operation: &AlterRoleOperation,
    setting: &Setting,
    undo: &mut Undo,
) -> Sql<Outcome> {
    owns(setting, "permission denied to alter role")?;
    let AlterRoleOperation::WithOptions { options } = operation else {
        return unsupported("this form of ALTER ROLE is");
    };
    let of = name(of);
    let known = tables.roles.get_mut(&of).filter(|_| of != PUBLIC).ok_or_else(|| no_role(&of))?;
    let mut changed = known.clone();
    for option in options {
        match option {
            RoleOption::Login(login) => changed.login = *login,
            RoleOption::Password(password) => changed.password = secret(password)?,
            _ => return unsupported("this option of a role is"),
        }
    }
    undo.role(&of, Some(std::mem::replace(known, changed)));
    Ok(Outcome::default())
}

fn no_role(name: &str) -> super::SqlError {
    error("42704", format!("role \"{name}\" does not exist"))
}

pub(super) fn grant(tables: &mut Tables, grant: &Grant, setting: &Setting, undo: &mut Undo) -> Sql<Outcome> {
    let (on, said) = match &grant.objects {
        Some(GrantObjects::Tables(names)) => {
            let on: Vec<String> = names.iter().map(relation).collect::<Sql<_>>()?;
            if let Some(absent) = on.iter().find(|table| !tables.by_name.contains_key(*table)) {
                return Err(no_table(absent));
            }
            (on, None)
        }
        Some(GrantObjects::AllTablesInSchema { .. }) => (tables.by_name.keys().cloned().collect(), None),
        Some(GrantObjects::Schemas(_) | GrantObjects::Databases(_)) => (vec![], Some(grant.to_string())),
        _ => return unsupported("this form of GRANT is"),
    };
    owns(
        setting,
        on.first().map_or("permission denied".into(), |table| format!("permission denied for table {table}")),
    )?;
    let words = if said.is_none() { words(&grant.privileges)? } else { vec![] };
    for grantee in &grant.grantees {
        let role = match (&grantee.grantee_type, &grantee.name) {
            (GranteesType::Public, _) => PUBLIC.to_string(),
            (_, Some(GranteeName::ObjectName(role))) => object(role)?,
            _ => return unsupported("this grantee is"),
        };
        let known = match tables.roles.get(&role) {
            Some(known) => Some(known.clone()),
            None if role == PUBLIC => None,
            None => return Err(no_role(&role)),
        };
        let mut changed = known.clone().unwrap_or_default();
        for table in &on {
            changed.tables.entry(table.clone()).or_default().extend(words.iter().copied());
        }
        changed.granted.extend(said.clone());
        undo.role(&role, known);
        tables.roles.insert(role, changed);
    }
    Ok(Outcome::default())
}

fn words(privileges: &Privileges) -> Sql<Vec<&'static str>> {
    let Privileges::Actions(actions) = privileges else { return Ok(ALL.to_vec()) };
    let word = |action: &Action| match action {
        Action::Delete => Ok("DELETE"),
        Action::Insert { columns: None } => Ok("INSERT"),
        Action::References { columns: None } => Ok("REFERENCES"),
        Action::Select { columns: None } => Ok("SELECT"),
        Action::Trigger => Ok("TRIGGER"),
        Action::Truncate => Ok("TRUNCATE"),
        Action::Update { columns: None } => Ok("UPDATE"),
        _ => unsupported("a grant of anything but privileges on whole tables is"),
    };
    actions.iter().map(word).collect()
}

/// A table is gone, and with it what was granted on it.
pub(super) fn forget(tables: &mut Tables, table: &str, undo: &mut Undo) {
    for (name, role) in &mut tables.roles {
        if role.tables.contains_key(table) {
            undo.role(name, Some(role.clone()));
            role.tables.remove(table);
        }
    }
}
