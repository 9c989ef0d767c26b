//! Whether all that a template refers to is there, and in no circle.

use super::refers::{self, FUNCTIONS, References};
use super::scope::PSEUDO;
use super::{Template, has_attribute};
use std::collections::{BTreeMap, BTreeSet};

/// Says what is wrong, in CloudFormation's words.
pub fn template(template: &Template) -> Result<(), String> {
    let mut conditions = References::default();
    for condition in template.conditions.values() {
        merge(&mut conditions, refers::of(condition));
    }
    let foreign: Vec<&str> = conditions.refs.iter().map(String::as_str).filter(|r| !value(template, r)).collect();
    if let Some(foreign) = join(&foreign) {
        return Err(format!(
            "Template format error: Unresolved dependencies [{foreign}]. Cannot reference resources in the Conditions block of the template"
        ));
    }
    names(template, &conditions)?;
    let mut resources = References::default();
    for declared in template.resources.values() {
        merge(&mut resources, refers::of_map(&declared.properties));
        resources.conditions.extend(declared.condition.clone());
    }
    references(template, &resources, "Resources")?;
    depends_on(template)?;
    let mut outputs = References::default();
    for output in template.outputs.values() {
        merge(&mut outputs, refers::of(&output.value));
        output.export.iter().for_each(|export| merge(&mut outputs, refers::of(export)));
        outputs.conditions.extend(output.condition.clone());
    }
    references(template, &outputs, "Outputs")?;
    circle(template)
}

fn merge(into: &mut References, from: References) {
    into.refs.extend(from.refs);
    into.attributes.extend(from.attributes);
    into.substituted.extend(from.substituted);
    into.conditions.extend(from.conditions);
    into.mappings.extend(from.mappings);
    into.unknown.extend(from.unknown);
}

/// Whether it is a parameter or a pseudo parameter.
fn value(template: &Template, name: &str) -> bool {
    template.parameters.contains_key(name) || PSEUDO.contains(&name)
}

fn join(names: &[&str]) -> Option<String> {
    (!names.is_empty()).then(|| names.join(", "))
}

/// Functions, conditions and mappings.
fn names(template: &Template, found: &References) -> Result<(), String> {
    if let Some(unknown) = found.unknown.first() {
        return Err(format!(
            "Template format error: Encountered unsupported function: {unknown} Supported functions are: [{}]",
            FUNCTIONS.join(", ")
        ));
    }
    if let Some(lost) = found.conditions.iter().find(|name| !template.conditions.contains_key(*name)) {
        return Err(format!("Template error: unresolved condition dependency {lost} in the template"));
    }
    match found.mappings.iter().find(|name| !template.mappings.contains_key(*name)) {
        Some(lost) => {
            Err(format!("Template error: Mapping named '{lost}' is not present in the 'Mappings' section of template."))
        }
        None => Ok(()),
    }
}

fn references(template: &Template, found: &References, block: &str) -> Result<(), String> {
    names(template, found)?;
    let there = |name: &str| value(template, name) || template.resources.contains_key(name);
    let substituted = found.substituted.iter().map(|(resource, _)| resource.as_str());
    let used: BTreeSet<&str> = found.refs.iter().map(String::as_str).chain(substituted).collect();
    let lost: Vec<&str> = used.into_iter().filter(|name| !there(name)).collect();
    if let Some(lost) = join(&lost) {
        return Err(format!(
            "Template format error: Unresolved resource dependencies [{lost}] in the {block} block of the template"
        ));
    }
    for (resource, attribute) in found.attributes.iter().chain(&found.substituted) {
        let Some(declared) = template.resources.get(resource) else {
            return Err(format!("Template error: instance of Fn::GetAtt references undefined resource {resource}"));
        };
        if !has_attribute(declared.kind, attribute) {
            return Err(format!(
                "Template error: resource {resource} does not support attribute type {attribute} in Fn::GetAtt"
            ));
        }
    }
    Ok(())
}

fn depends_on(template: &Template) -> Result<(), String> {
    let named = template.resources.values().flat_map(|declared| &declared.depends_on).map(String::as_str);
    let lost: BTreeSet<&str> = named.filter(|name| !template.resources.contains_key(*name)).collect();
    match join(&lost.into_iter().collect::<Vec<_>>()) {
        Some(lost) => Err(format!(
            "Template format error: Unresolved resource dependencies [{lost}] in the Resources block of the template"
        )),
        None => Ok(()),
    }
}

/// Resources or conditions that need each other: nothing could be made, or said, first.
fn circle(template: &Template) -> Result<(), String> {
    let conditions = template.conditions.iter().map(|(name, value)| (name.as_str(), refers::of(value).conditions));
    if let Some(circle) = circular(conditions.collect()) {
        return Err(format!("Template error: Circular dependency between conditions: [{circle}]"));
    }
    match circular(template.resources.keys().map(|name| (name.as_str(), template.needs(name))).collect()) {
        Some(circle) => Err(format!("Circular dependency between resources: [{circle}]")),
        None => Ok(()),
    }
}

/// What is left when all that needs nothing is taken away, and all that nothing needs.
fn circular(mut left: BTreeMap<&str, BTreeSet<String>>) -> Option<String> {
    loop {
        let names: BTreeSet<String> = left.keys().map(|name| (*name).to_string()).collect();
        let needed: BTreeSet<String> = left.values().flatten().cloned().collect();
        let before = left.len();
        left.retain(|name, needs| needs.iter().any(|need| names.contains(need)) && needed.contains(*name));
        if left.len() == before {
            return join(&left.into_keys().collect::<Vec<_>>());
        }
    }
}
