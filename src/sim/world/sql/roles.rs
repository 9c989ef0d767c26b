//! Roles and what was granted to them: recorded, and never asked. Every call runs as the owner.

use super::Outcome;
use super::error::{Sql, refuse, unsupported};
use super::log::Undo;
use super::parse::{object, relation};
use super::table::Tables;
use sqlparser::ast::{CreateRole, Grant, GrantObjects, GranteeName, GranteesType};
use std::collections::BTreeSet;

/// A role or a user.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Role {
    /// As the grants were said.
    granted: BTreeSet<String>,
}

pub(super) fn create(tables: &mut Tables, create: &CreateRole, undo: &mut Undo) -> Sql<Outcome> {
    for role in &create.names {
        let role = object(role)?;
        if tables.roles.contains_key(&role) {
            if create.if_not_exists {
                continue;
            }
            return refuse("42710", format!("role \"{role}\" already exists"));
        }
        undo.role(&role, None);
        tables.roles.insert(role, Role::default());
    }
    Ok(Outcome::default())
}

pub(super) fn grant(tables: &mut Tables, grant: &Grant, undo: &mut Undo) -> Sql<Outcome> {
    match &grant.objects {
        Some(GrantObjects::Tables(names)) => {
            for of in names {
                tables.table(&relation(of)?)?;
            }
        }
        Some(GrantObjects::Schemas(_) | GrantObjects::AllTablesInSchema { .. } | GrantObjects::Databases(_)) => {}
        _ => return unsupported("this form of GRANT is"),
    }
    for grantee in &grant.grantees {
        let role = match (&grantee.grantee_type, &grantee.name) {
            (GranteesType::Public, _) => "public".to_string(),
            (_, Some(GranteeName::ObjectName(role))) => object(role)?,
            _ => return unsupported("this grantee is"),
        };
        if role == "public" {
            continue;
        }
        let Some(known) = tables.roles.get_mut(&role) else {
            return refuse("42704", format!("role \"{role}\" does not exist"));
        };
        let mut granted = known.granted.clone();
        granted.insert(grant.to_string());
        undo.role(&role, Some(std::mem::replace(known, Role { granted })));
    }
    Ok(Outcome::default())
}
