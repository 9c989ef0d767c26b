//! Which store a call is about, and whether it may have it.

use super::refuse::{invalid, no_data};
use crate::operation::{Answer, Caller, Refusal};
use crate::world::aurora::{self, NoData};
use crate::world::sql::Database;
use crate::world::{ACCOUNT, World};

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
        secret(caller, self.secret)?;
        on_store(world, &caller.region, self.cluster, act).map_err(|why| no_data(self.cluster, &why))
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

/// Every secret of this Region and account is taken for one that opens the database; so is every plain name.
fn secret(caller: &Caller, secret: &str) -> Answer<()> {
    if !secret.starts_with("arn:") {
        return Ok(());
    }
    let parts: Vec<&str> = secret.splitn(7, ':').collect();
    let ["arn", _, "secretsmanager", region, account, "secret", name] = parts[..] else {
        return Err(Refusal::new(400, "InvalidSecretException", format!("The secret ARN {secret} isn't valid.")));
    };
    if region != caller.region || account != ACCOUNT || name.is_empty() {
        let message = "Secrets Manager can't find the specified secret.";
        return Err(Refusal::new(400, "SecretsErrorException", message));
    }
    Ok(())
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
