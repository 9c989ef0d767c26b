//! Which store a call is about, and whether it may have it.

use super::refuse::{closed, invalid, no_data};
use crate::doc::Doc;
use crate::operation::{Answer, Caller, Refusal};
use crate::world::World;
use crate::world::aurora::{self, NoData};
use crate::world::secrets::{CURRENT, Payload};
use crate::world::sql::Database;

/// Shortest and longest `Arn` (RDS Data API model).
const ARN_LENGTH: (usize, usize) = (11, 100);

/// What every call names.
pub struct Target<'a> {
    pub cluster: &'a str,
    pub secret: &'a str,
}

impl Target<'_> {
    /// Lets `act` have the store behind the cluster's writer.
    pub fn store<T>(&self, world: &mut World, caller: &Caller, act: impl FnOnce(&mut Database) -> T) -> Answer<T> {
        length("resourceArn", self.cluster)?;
        length("secretArn", self.secret)?;
        let parts: Vec<&str> = self.cluster.splitn(7, ':').collect();
        if !matches!(parts[..], ["arn", _, "rds", _, _, "cluster", id] if !id.is_empty()) {
            return invalid(format!("Invalid cluster ARN: {}", self.cluster));
        }
        let (user, password) = secret(world, caller, self.secret)?;
        let entered = |store: &mut Database| store.enter(&user, &password).map(|()| act(store));
        let entered = on_store(world, &caller.region, self.cluster, entered);
        entered.map_err(|why| no_data(self.cluster, &why))?.map_err(|why| closed(&why))
    }

    /// Says that rows were committed there.
    pub fn committed(&self, world: &mut World, caller: &Caller, rows: u64) {
        if rows > 0 {
            committed(world, &caller.region, self.cluster, rows);
        }
    }
}

fn length(member: &str, value: &str) -> Answer<()> {
    let (least, most) = ARN_LENGTH;
    let bound = match value.chars().count() {
        count if count < least => format!("greater than or equal to {least}"),
        count if count > most => format!("less than or equal to {most}"),
        _ => return Ok(()),
    };
    invalid(format!(
        "1 validation error detected: Value '{value}' at '{member}' failed to satisfy constraint: Member must have length {bound}"
    ))
}

/// The secret must be one of this Region's Secrets Manager, by ARN or by name, and hold a user and a password (RDS
/// Data API model, `SecretsErrorException` and `InvalidSecretException`).
fn secret(world: &World, caller: &Caller, id: &str) -> Answer<(String, String)> {
    let arn = id.splitn(7, ':').collect::<Vec<_>>();
    if id.starts_with("arn:")
        && !matches!(arn[..], ["arn", _, "secretsmanager", _, _, "secret", name] if !name.is_empty())
    {
        return Err(invalid_secret(format!("The secret ARN {id} isn't valid.")));
    }
    let fetching = |why: &str| {
        let message = format!("Error fetching secret {id} : {why}");
        Err(Refusal::new(400, "SecretsErrorException", message))
    };
    let Some(secret) = world.secrets.find(&caller.region, id) else {
        return fetching("Secrets Manager can't find the specified secret.");
    };
    if secret.deleted.is_some() {
        return fetching("You can't perform this operation on the secret because it was marked for deletion.");
    }
    let Some((_, version)) = secret.staged(CURRENT) else {
        return fetching("Secrets Manager can't find the specified secret value for staging label: AWSCURRENT");
    };
    let Payload::Text(text) = &version.payload else {
        return Err(invalid_secret(format!("Failed to parse secret {id}: malformed Json")));
    };
    let Ok(value) = serde_json::from_str::<Doc>(text) else {
        return Err(invalid_secret(format!("Failed to parse secret {id}: malformed Json")));
    };
    let text = |member: &str| value[member].as_str().filter(|text| !text.is_empty()).map(str::to_string);
    if let (Some(user), Some(password)) = (text("username"), text("password")) {
        return Ok((user, password));
    }
    Err(invalid_secret("username and password in secret cannot be empty"))
}

fn invalid_secret(message: impl Into<String>) -> Refusal {
    Refusal::new(400, "InvalidSecretException", message)
}

fn on_store<T>(
    world: &mut World,
    region: &str,
    cluster: &str,
    act: impl FnOnce(&mut Database) -> T,
) -> Result<T, NoData> {
    #[cfg(test)]
    if super::tests::stands_in(cluster) {
        return super::tests::on_double(act);
    }
    aurora::store(world, region, cluster).map(act)
}

fn committed(world: &mut World, region: &str, cluster: &str, rows: u64) {
    #[cfg(test)]
    if super::tests::stands_in(cluster) {
        return super::tests::count_rows(rows);
    }
    aurora::committed(world, region, cluster, rows);
}
