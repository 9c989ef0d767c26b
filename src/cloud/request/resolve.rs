//! Dynamic references: `{{resolve:secretsmanager:NAME:SecretString:KEY}}`, as CloudFormation writes them
//! (User Guide, dynamic references), become the secrets that they name.

use crate::cloud::Aws;
use crate::cloud::secretsmanager;
use crate::model::outcome::{CallError, ErrorClass};
use serde_json::Value;

const OPENS: &str = "{{resolve:secretsmanager:";
const CLOSES: &str = "}}";

/// The input with every reference resolved in `region`.
///
/// # Errors
/// When a secret cannot be read, or has no such key. The error names the secret, never what is in it.
pub async fn resolved(aws: &Aws, region: &str, input: &Value) -> Result<Value, CallError> {
    let mut input = input.clone();
    while let Some(reference) = first(&input) {
        let [name, "SecretString", key] = reference.split(':').collect::<Vec<_>>()[..] else {
            return Err(CallError::new(ErrorClass::Invalid, format!("{reference} is no reference to a secret")));
        };
        let secret = secretsmanager::value(aws, region, name, key).await?;
        replace(&mut input, &format!("{OPENS}{reference}{CLOSES}"), &secret);
    }
    Ok(input)
}

/// The first reference in it, without what opens and closes it.
fn first(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => {
            let rest = &text[text.find(OPENS)? + OPENS.len()..];
            Some(rest[..rest.find(CLOSES)?].to_string())
        }
        Value::Array(items) => items.iter().find_map(first),
        Value::Object(members) => members.values().find_map(first),
        _ => None,
    }
}

fn replace(value: &mut Value, reference: &str, secret: &str) {
    match value {
        Value::String(text) => *text = text.replace(reference, secret),
        Value::Array(items) => items.iter_mut().for_each(|item| replace(item, reference, secret)),
        Value::Object(members) => members.values_mut().for_each(|member| replace(member, reference, secret)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_reference_is_found_wherever_it_stands() {
        let reference = "{{resolve:secretsmanager:shop-master:SecretString:password}}";
        let mut input = json!({ "sql": [{ "text": format!("PASSWORD '{reference}'") }], "more": 1 });
        assert_eq!(first(&input).as_deref(), Some("shop-master:SecretString:password"));
        replace(&mut input, reference, "s3cret");
        assert_eq!(input, json!({ "sql": [{ "text": "PASSWORD 's3cret'" }], "more": 1 }));
        assert_eq!(first(&input), None);
    }
}
