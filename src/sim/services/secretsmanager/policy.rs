//! PutResourcePolicy, GetResourcePolicy, DeleteResourcePolicy. Policies are kept and told, and bar nobody: there
//! is no IAM in this world.

use super::delete::Named;
use super::refuse::{alive, changeable, of};
use crate::doc::Doc;
use crate::operation::{Answer, Caller, Refusal};
use crate::world::World;
use crate::world::secrets::touched;
use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
pub struct Put {
    SecretId: String,
    ResourcePolicy: String,
    #[serde(default)]
    BlockPublicPolicy: bool,
}

pub fn put(world: &mut World, caller: &Caller, ask: Put) -> Answer<Named> {
    let key = changeable(world, caller, &ask.SecretId)?;
    let Ok(Doc::Object(policy)) = serde_json::from_str(&ask.ResourcePolicy) else {
        let message = "This resource policy contains invalid Json.";
        return Err(Refusal::new(400, "MalformedPolicyDocumentException", message));
    };
    let statements = match policy.get("Statement") {
        Some(Doc::Array(statements)) => statements.as_slice(),
        Some(one @ Doc::Object(_)) => std::slice::from_ref(one),
        _ => {
            let message = "This resource policy contains a syntax error.";
            return Err(Refusal::new(400, "MalformedPolicyDocumentException", message));
        }
    };
    if ask.BlockPublicPolicy && statements.iter().any(public) {
        let message = "The BlockPublicPolicy parameter is set to true, and the resource policy did not prevent broad access to the secret.";
        return Err(Refusal::new(400, "PublicPolicyException", message));
    }
    let secret = of(world, &key)?;
    secret.policy = Some(ask.ResourcePolicy);
    let arn = secret.arn();
    touched(world, &key);
    Ok(Named { ARN: arn, Name: key.1 })
}

/// Whether a statement allows everyone, under no condition.
fn public(statement: &Doc) -> bool {
    let anyone = match &statement["Principal"] {
        Doc::Object(kinds) => kinds.get("AWS").is_some_and(|who| *who == "*"),
        who => *who == "*",
    };
    anyone && statement["Effect"] == "Allow" && statement.get("Condition").is_none()
}

#[derive(Deserialize)]
pub struct Of {
    SecretId: String,
}

#[derive(Serialize)]
pub struct Policy {
    ARN: String,
    Name: String,
    ResourcePolicy: Option<String>,
}

pub fn get(world: &mut World, caller: &Caller, ask: Of) -> Answer<Policy> {
    let secret = alive(world, caller, &ask.SecretId)?;
    Ok(Policy { ARN: secret.arn(), Name: secret.name.clone(), ResourcePolicy: secret.policy.clone() })
}

pub fn delete(world: &mut World, caller: &Caller, ask: Of) -> Answer<Named> {
    let key = changeable(world, caller, &ask.SecretId)?;
    let secret = of(world, &key)?;
    secret.policy = None;
    let arn = secret.arn();
    touched(world, &key);
    Ok(Named { ARN: arn, Name: key.1 })
}
