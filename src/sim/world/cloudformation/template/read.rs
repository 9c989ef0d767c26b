//! From the text of a template to what it declares. Wordings: what CloudFormation answers to ValidateTemplate and
//! CreateStack (recalled where no public page shows it).

use super::{Declared, Output, Parameter, Policy, Template, check};
use crate::doc::Doc;
use crate::world::cloudformation::kinds;
use serde_json::Map;
use std::collections::BTreeMap;

/// Sections of a template (CloudFormation User Guide, Template anatomy).
const SECTIONS: &[&str] = &[
    "AWSTemplateFormatVersion",
    "Conditions",
    "Description",
    "Mappings",
    "Metadata",
    "Outputs",
    "Parameters",
    "Resources",
    "Rules",
    "Transform",
];

/// Attributes of a resource (CloudFormation User Guide, Resource attribute reference).
const ATTRIBUTES: &[&str] = &[
    "Condition",
    "CreationPolicy",
    "DeletionPolicy",
    "DependsOn",
    "Metadata",
    "Properties",
    "Type",
    "UpdatePolicy",
    "UpdateReplacePolicy",
];

/// (section, most members) (CloudFormation quotas).
const QUOTAS: &[(&str, usize)] = &[("Mappings", 200), ("Outputs", 200), ("Parameters", 200), ("Resources", 500)];

fn format<T>(message: impl std::fmt::Display) -> Result<T, String> {
    Err(format!("Template format error: {message}"))
}

/// Reads a template, or says what is wrong with it.
pub fn read(body: &str) -> Result<Template, String> {
    let document = parsed(body)?;
    let unknown: Vec<&str> =
        document.keys().map(String::as_str).filter(|section| !SECTIONS.contains(section)).collect();
    if !unknown.is_empty() {
        return Err(format!("Invalid template property or properties [{}]", unknown.join(", ")));
    }
    if let Some(version) = document.get("AWSTemplateFormatVersion")
        && version.as_str() != Some("2010-09-09")
    {
        return format("Unsupported template format version. Supported template versions are 2010-09-09.");
    }
    for section in ["Transform", "Rules"] {
        if document.contains_key(section) {
            return format(std::format_args!("{section} is not supported by this simulator"));
        }
    }
    for (name, most) in QUOTAS {
        let count = document.get(*name).and_then(Doc::as_object).map_or(0, Map::len);
        if count > *most {
            return format(std::format_args!(
                "Number of {}, {count}, is greater than maximum allowed, {most}",
                name.to_lowercase()
            ));
        }
    }
    let resources = section(&document, "Resources")?;
    if resources.is_empty() {
        return format("At least one Resources member must be defined.");
    }
    let template = Template {
        description: text(document.get("Description")),
        parameters: each(&section(&document, "Parameters")?, parameter)?,
        mappings: section(&document, "Mappings")?,
        conditions: section(&document, "Conditions")?.into_iter().collect(),
        resources: declared(&resources)?,
        outputs: each(&section(&document, "Outputs")?, output)?,
        body: body.to_string(),
    };
    check::template(&template)?;
    Ok(template)
}

fn parsed(body: &str) -> Result<Map<String, Doc>, String> {
    if !body.trim_start().starts_with('{') {
        return format("unsupported structure. YAML is not supported by this simulator: give the template as JSON.");
    }
    match serde_json::from_str(body) {
        Ok(Doc::Object(document)) => Ok(document),
        Ok(_) => format("unsupported structure."),
        Err(e) => format(std::format_args!("JSON not well-formed. (line {}, column {})", e.line(), e.column())),
    }
}

fn section(document: &Map<String, Doc>, name: &str) -> Result<Map<String, Doc>, String> {
    match document.get(name) {
        None => Ok(Map::new()),
        Some(Doc::Object(members)) => Ok(members.clone()),
        Some(_) => format(std::format_args!("{name} must be an object.")),
    }
}

fn each<T>(
    members: &Map<String, Doc>,
    one: fn(&str, &Map<String, Doc>) -> Result<T, String>,
) -> Result<BTreeMap<String, T>, String> {
    let read = |(name, value): (&String, &Doc)| match value {
        Doc::Object(members) => Ok((name.clone(), one(name, members)?)),
        _ => format(std::format_args!("[{name}] must be an object.")),
    };
    members.iter().map(read).collect()
}

/// A scalar as text.
pub(super) fn text(value: Option<&Doc>) -> Option<String> {
    match value? {
        Doc::String(text) => Some(text.clone()),
        Doc::Bool(flag) => Some(flag.to_string()),
        Doc::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn flag(value: Option<&Doc>) -> bool {
    text(value).is_some_and(|text| text.eq_ignore_ascii_case("true"))
}

fn parameter(name: &str, members: &Map<String, Doc>) -> Result<Parameter, String> {
    const KNOWN: &[&str] = &[
        "AllowedPattern",
        "AllowedValues",
        "ConstraintDescription",
        "Default",
        "Description",
        "MaxLength",
        "MaxValue",
        "MinLength",
        "MinValue",
        "NoEcho",
        "Type",
    ];
    if let Some(unknown) = members.keys().find(|key| !KNOWN.contains(&key.as_str())) {
        return Err(format!("Invalid template parameter property '{unknown}'"));
    }
    let Some(kind) = text(members.get("Type")) else {
        return format(std::format_args!("Every Parameters object must contain a Type member. [{name}]"));
    };
    let plain = matches!(kind.as_str(), "String" | "Number" | "CommaDelimitedList" | "List<Number>" | "List<String>");
    if !plain && !kind.starts_with("AWS::EC2::") && !kind.starts_with("List<AWS::EC2::") {
        return format(std::format_args!("Unrecognized parameter type: {kind}"));
    }
    let number = |key: &str| text(members.get(key)).and_then(|text| text.parse().ok());
    let size = |key: &str| text(members.get(key)).and_then(|text| text.parse().ok());
    let allowed = members.get("AllowedValues").and_then(Doc::as_array).into_iter().flatten();
    Ok(Parameter {
        kind,
        default: text(members.get("Default")),
        description: text(members.get("Description")),
        no_echo: flag(members.get("NoEcho")),
        allowed: allowed.filter_map(|value| text(Some(value))).collect(),
        pattern: text(members.get("AllowedPattern")),
        length: (size("MinLength"), size("MaxLength")),
        value: (number("MinValue"), number("MaxValue")),
        constraint: text(members.get("ConstraintDescription")),
    })
}

fn declared(members: &Map<String, Doc>) -> Result<BTreeMap<String, Declared>, String> {
    let mut unknown: Vec<String> = vec![];
    let mut read = BTreeMap::new();
    for (name, value) in members {
        if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return format(std::format_args!("Resource name {name} is non alphanumeric."));
        }
        let Doc::Object(value) = value else {
            return format(std::format_args!("[/Resources/{name}] resource definition is malformed"));
        };
        if let Some(odd) = value.keys().find(|key| !ATTRIBUTES.contains(&key.as_str())) {
            return Err(format!("Invalid template resource property '{odd}'"));
        }
        let Some(kind) = value.get("Type").and_then(Doc::as_str) else {
            return format(std::format_args!("[/Resources/{name}] Every Resources object must contain a Type member."));
        };
        match kinds::kind(kind) {
            Some(kind) => _ = read.insert(name.clone(), resource(name, kind, value)?),
            None => unknown.push(kind.to_string()),
        }
    }
    if unknown.is_empty() {
        return Ok(read);
    }
    unknown.sort_unstable();
    unknown.dedup();
    format(std::format_args!("Unrecognized resource types: [{}]", unknown.join(", ")))
}

fn resource(name: &str, kind: &'static kinds::Kind, members: &Map<String, Doc>) -> Result<Declared, String> {
    for attribute in ["CreationPolicy", "UpdatePolicy"] {
        if members.contains_key(attribute) {
            return Err(format!("{attribute} is not supported for resource type {} [{name}]", kind.name));
        }
    }
    let depends_on = match members.get("DependsOn") {
        None => vec![],
        Some(Doc::String(one)) => vec![one.clone()],
        Some(Doc::Array(items)) if items.iter().all(Doc::is_string) => {
            items.iter().filter_map(|item| text(Some(item))).collect()
        }
        Some(_) => {
            return Err(format!("Template error: every DependsOn value must be a string or list of strings. [{name}]"));
        }
    };
    Ok(Declared {
        kind,
        properties: match members.get("Properties") {
            None => Map::new(),
            Some(Doc::Object(properties)) => properties.clone(),
            Some(_) => return format(std::format_args!("[/Resources/{name}/Properties] must be an object.")),
        },
        condition: text(members.get("Condition")),
        depends_on,
        deletion: policy(kind.name, members, "DeletionPolicy")?,
        replacement: policy(kind.name, members, "UpdateReplacePolicy")?,
    })
}

fn policy(kind: &str, members: &Map<String, Doc>, name: &str) -> Result<Policy, String> {
    match text(members.get(name)).as_deref() {
        None | Some("Delete") => Ok(Policy::Delete),
        Some("Retain") => Ok(Policy::Retain),
        Some("RetainExceptOnCreate") if name == "DeletionPolicy" => Ok(Policy::RetainExceptOnCreate),
        Some("Snapshot") => {
            Err(format!("Template error: resource type {kind} does not support deletion policy Snapshot"))
        }
        Some(other) => format(std::format_args!("Unrecognized {name} {other} for resource type {kind}")),
    }
}

fn output(name: &str, members: &Map<String, Doc>) -> Result<Output, String> {
    const KNOWN: &[&str] = &["Condition", "Description", "Export", "Value"];
    if let Some(unknown) = members.keys().find(|key| !KNOWN.contains(&key.as_str())) {
        return Err(format!("Invalid template output property '{unknown}'"));
    }
    let Some(value) = members.get("Value").filter(|value| !value.is_null()) else {
        return format(std::format_args!(
            "Output {name} is malformed. Every Outputs member must contain a Value object"
        ));
    };
    let export = match members.get("Export") {
        None => None,
        Some(export) => match export.get("Name") {
            Some(name) => Some(name.clone()),
            None => return format(std::format_args!("Output {name} is malformed. An Export must contain a Name")),
        },
    };
    Ok(Output {
        value: value.clone(),
        description: text(members.get("Description")),
        export,
        condition: text(members.get("Condition")),
    })
}
