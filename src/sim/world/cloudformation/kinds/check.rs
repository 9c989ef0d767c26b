//! Whether properties fit their type, in the words of CloudFormation's schema validation.

use super::{Property, Shape};
use crate::doc::Doc;
use serde_json::{Map, Number};

/// What is wrong with resolved properties: one line each. Empty: nothing.
pub fn complaints(known: &'static [Property], given: &Map<String, Doc>) -> Vec<String> {
    let mut found = vec![];
    structure(&mut found, "#", known, given);
    found
}

fn structure(found: &mut Vec<String>, path: &str, known: &'static [Property], given: &Map<String, Doc>) {
    for property in known.iter().filter(|property| property.required && !given.contains_key(property.name)) {
        found.push(format!("{path}: required key [{}] not found", property.name));
    }
    for (name, value) in given {
        match known.iter().find(|property| property.name == name) {
            Some(property) => member(found, &format!("{path}/{name}"), &property.shape, value),
            None => found.push(format!("{path}: extraneous key [{name}] is not permitted")),
        }
    }
}

fn member(found: &mut Vec<String>, path: &str, shape: &Shape, value: &Doc) {
    let expected = match (shape, value) {
        (Shape::Unsupported, _) => return found.push(format!("{path}: is not supported by this simulator")),
        (Shape::Text, Doc::String(_))
        | (Shape::Number, Doc::Number(_))
        | (Shape::Flag, Doc::Bool(_))
        | (Shape::Document, Doc::Object(_) | Doc::String(_)) => return,
        (Shape::Texts, Doc::Array(items)) => {
            return each(found, path, items, |found, path, item| {
                if !item.is_string() {
                    found.push(format!("{path}: expected type: String, found: {}", json_name(item)));
                }
            });
        }
        (Shape::Tags, Doc::Array(items)) => return each(found, path, items, tag),
        (Shape::Structures(inner), Doc::Array(items)) => {
            return each(found, path, items, |found, path, item| match item {
                Doc::Object(given) => structure(found, path, inner, given),
                other => found.push(format!("{path}: expected type: JSONObject, found: {}", json_name(other))),
            });
        }
        (Shape::Text, _) => "String",
        (Shape::Number, _) => "Integer",
        (Shape::Flag, _) => "Boolean",
        (Shape::Document, _) => "JSONObject",
        (Shape::Texts | Shape::Tags | Shape::Structures(_), _) => "JSONArray",
    };
    found.push(format!("{path}: expected type: {expected}, found: {}", json_name(value)));
}

fn each(found: &mut Vec<String>, path: &str, items: &[Doc], check: impl Fn(&mut Vec<String>, &str, &Doc)) {
    items.iter().enumerate().for_each(|(place, item)| check(found, &format!("{path}/{place}"), item));
}

fn tag(found: &mut Vec<String>, path: &str, item: &Doc) {
    for key in ["Key", "Value"] {
        match item.get(key) {
            Some(Doc::String(_)) => {}
            Some(other) => found.push(format!("{path}/{key}: expected type: String, found: {}", json_name(other))),
            None => found.push(format!("{path}: required key [{key}] not found")),
        }
    }
}

/// As the validator names types.
fn json_name(value: &Doc) -> &'static str {
    match value {
        Doc::Null => "Null",
        Doc::Bool(_) => "Boolean",
        Doc::Number(number) if number.is_f64() => "Double",
        Doc::Number(_) => "Integer",
        Doc::String(_) => "String",
        Doc::Array(_) => "JSONArray",
        Doc::Object(_) => "JSONObject",
    }
}

/// Properties with texts, numbers and booleans turned into what each property holds, as CloudFormation does it:
/// a parameter of type Number is a text, and `"true"` is a boolean.
pub fn coerced(known: &'static [Property], given: Map<String, Doc>) -> Map<String, Doc> {
    let fit = |(name, value): (String, Doc)| match known.iter().find(|property| property.name == name) {
        Some(property) => (name, fitted(&property.shape, value)),
        None => (name, value),
    };
    given.into_iter().map(fit).collect()
}

fn fitted(shape: &Shape, value: Doc) -> Doc {
    match (shape, value) {
        (Shape::Text, Doc::Number(number)) => Doc::String(number.to_string()),
        (Shape::Text, Doc::Bool(flag)) => Doc::String(flag.to_string()),
        (Shape::Number, Doc::String(text)) => match text.trim().parse::<i64>() {
            Ok(number) => Doc::Number(Number::from(number)),
            Err(_) => Doc::String(text),
        },
        (Shape::Flag, Doc::String(text)) if text == "true" || text == "false" => Doc::Bool(text == "true"),
        (Shape::Texts, Doc::Array(items)) => {
            Doc::Array(items.into_iter().map(|item| fitted(&Shape::Text, item)).collect())
        }
        (Shape::Tags, Doc::Array(items)) => Doc::Array(items.into_iter().map(fitted_tag).collect()),
        (Shape::Structures(inner), Doc::Array(items)) => {
            let fit = |item| match item {
                Doc::Object(members) => Doc::Object(coerced(inner, members)),
                other => other,
            };
            Doc::Array(items.into_iter().map(fit).collect())
        }
        (_, value) => value,
    }
}

fn fitted_tag(item: Doc) -> Doc {
    match item {
        Doc::Object(members) => {
            Doc::Object(members.into_iter().map(|(key, value)| (key, fitted(&Shape::Text, value))).collect())
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::cloudformation::kinds::kind;
    use serde_json::json;

    fn checked(name: &str, given: Doc) -> Vec<String> {
        let known = kind(name).expect("a kind").properties;
        complaints(known, &coerced(known, given.as_object().cloned().expect("an object")))
    }

    #[test]
    fn what_is_missing_unknown_or_misshapen_is_named() {
        let wrong = checked("AWS::EC2::Subnet", json!({"CidrBlok": "10.0.0.0/24", "MapPublicIpOnLaunch": "perhaps"}));
        assert_eq!(
            wrong,
            [
                "#: required key [VpcId] not found",
                "#: extraneous key [CidrBlok] is not permitted",
                "#/MapPublicIpOnLaunch: expected type: Boolean, found: String",
            ]
        );
        let rule = json!({"IpProtocol": "tcp", "Fromport": 80});
        let wrong =
            checked("AWS::EC2::SecurityGroup", json!({"GroupDescription": "web", "SecurityGroupIngress": [rule]}));
        assert_eq!(wrong, ["#/SecurityGroupIngress/0: extraneous key [Fromport] is not permitted"]);
        let wrong = checked("AWS::EC2::VPC", json!({"Ipv4IpamPoolId": "ipam-1"}));
        assert_eq!(wrong, ["#/Ipv4IpamPoolId: is not supported by this simulator"]);
    }

    #[test]
    fn texts_become_what_is_wanted() {
        assert!(checked("AWS::Logs::LogGroup", json!({"RetentionInDays": "30"})).is_empty());
        assert!(checked("AWS::EC2::VPC", json!({"CidrBlock": "10.0.0.0/16", "EnableDnsSupport": "true"})).is_empty());
        assert_eq!(checked("AWS::Logs::LogGroup", json!({"Tags": [{"Key": "a"}]})).len(), 1);
    }
}
