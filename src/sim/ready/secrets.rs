//! The secrets of the stack: who may enter the database, in every Region.

use super::deployer::{Deployer, ReadyError};
use super::shape::Shape;
use crate::doc::Doc;
use crate::world::uuid;
use serde_json::json;
use std::time::Duration;

const SECRETSMANAGER: &str = "secretsmanager";

/// The user that owns the database.
pub const MASTER: &str = "postgres";

const MASTER_SALT: &str = "password";

/// Of the stack's secrets the role, the user, and what its password is made of.
const USERS: &[(&str, &str, &str)] = &[
    ("master", MASTER, MASTER_SALT),
    ("heartbeat", "tandem_heartbeat", "heartbeat password"),
    ("reader", "tandem_reader", "reader password"),
];

/// What this takes, replicas included; whatever it took, the next call is made then.
pub const TIME: Duration = Duration::from_secs(60);

/// Makes the secrets and waits until every Region has them.
pub fn secrets(deployer: &mut Deployer<'_>, shape: &Shape) -> Result<(), ReadyError> {
    let over = deployer.world.now + TIME;
    let Some(home) = shape.regions.first().map(|member| member.name.as_str()) else { return Ok(()) };
    for (role, user, salt) in USERS {
        let value = json!({ "username": user, "password": uuid(&[salt, &shape.stack]) });
        let mut spec = json!({ "Name": shape.named(role), "SecretString": value.to_string() });
        let replicas: Vec<Doc> = shape.peers(home).map(|peer| json!({ "Region": peer.name })).collect();
        if !replicas.is_empty() {
            spec["AddReplicaRegions"] = replicas.into();
        }
        spec["Tags"] = shape.tag_list(&format!("secret/{role}"), &spec);
        deployer.call(SECRETSMANAGER, "CreateSecret", home, spec)?;
    }
    for (role, ..) in USERS {
        deployer.wait("replicated secrets", TIME, |deployer| {
            let ask = json!({ "SecretId": shape.named(role) });
            let told = deployer.call(SECRETSMANAGER, "DescribeSecret", home, ask)?;
            let replicas = told["ReplicationStatus"].as_array().map_or(&[][..], Vec::as_slice);
            Ok(replicas.iter().all(|replica| replica["Status"] == "InSync"))
        })?;
    }
    deployer.world.advance(over);
    Ok(())
}

/// A user of the database by its role, with its password.
pub fn user(shape: &Shape, role: &str) -> Option<(&'static str, String)> {
    let (_, user, salt) = USERS.iter().find(|(known, ..)| *known == role)?;
    Some((user, uuid(&[salt, &shape.stack])))
}

/// The password of the user that owns the database.
pub fn password(shape: &Shape) -> String {
    uuid(&[MASTER_SALT, &shape.stack])
}
