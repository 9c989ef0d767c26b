//! AWS Secrets Manager: the secrets that open the database.

use super::Aws;
use super::error::call_error;
use crate::model::outcome::{CallError, ErrorClass};

/// The text under `key` of a secret whose value is a JSON object. It is never shown, logged or kept.
///
/// # Errors
/// `NotFound` when there is no such secret; `Invalid` when it has no such key; else as the call ends.
pub(super) async fn value(aws: &Aws, region: &str, name: &str, key: &str) -> Result<String, CallError> {
    let call = aws.regional(region)?.secretsmanager.reads.get_secret_value().secret_id(name);
    let answer = call.send().await.map_err(call_error)?;
    let held = answer.secret_string().and_then(|text| serde_json::from_str::<serde_json::Value>(text).ok());
    let found = held.as_ref().and_then(|value| value.get(key)).and_then(|value| value.as_str());
    found.map(str::to_string).ok_or_else(|| {
        CallError::new(ErrorClass::Invalid, format!("the secret {name} of {region} has no text under \"{key}\""))
    })
}

/// How the value of a secret is made.
pub(super) struct Generated {
    /// A JSON object, to which the password is added.
    pub template: String,
    /// Under which key.
    pub key: String,
    pub length: Option<i32>,
    pub exclude_characters: Option<String>,
    pub exclude_punctuation: Option<bool>,
}

/// The value of a new secret, with a password of Secrets Manager's own making. It is sent and dropped.
///
/// # Errors
/// `Invalid` when the template is no object; else as the call ends.
pub(super) async fn generated(aws: &Aws, region: &str, rule: &Generated) -> Result<String, CallError> {
    let template = serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(&rule.template);
    let mut value = template.map_err(|_| {
        CallError::new(ErrorClass::Invalid, "CreateSecret.GenerateSecretString has no template: nothing was sent")
    })?;
    let call = aws.regional(region)?.secretsmanager.writes.get_random_password();
    let call = call.set_password_length(rule.length.map(i64::from));
    let call = call.set_exclude_characters(rule.exclude_characters.clone());
    let answer = call.set_exclude_punctuation(rule.exclude_punctuation).send().await.map_err(call_error)?;
    let password = answer
        .random_password
        .filter(|password| !password.is_empty())
        .ok_or_else(|| CallError::new(ErrorClass::Service, "GetRandomPassword gave no password: nothing was sent"))?;
    value.insert(rule.key.clone(), password.into());
    Ok(serde_json::Value::Object(value).to_string())
}
