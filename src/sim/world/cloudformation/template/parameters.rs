//! Values for the parameters of a template (CloudFormation User Guide, Parameters section).

use super::{Parameter, Template};
use crate::doc::Doc;
use regex_lite::Regex;
use std::collections::BTreeMap;

/// The values of a stack's parameters, as texts.
pub type Values = BTreeMap<String, String>;

/// What a request says of one parameter.
#[derive(Debug, Clone, PartialEq)]
pub enum Given {
    Value(String),
    /// UsePreviousValue.
    Previous,
}

/// The values that a template gets: those given, those of `previous` where asked for, else the defaults.
pub fn taken(template: &Template, given: &BTreeMap<String, Given>, previous: &Values) -> Result<Values, String> {
    let extra: Vec<&str> =
        given.keys().filter(|name| !template.parameters.contains_key(*name)).map(String::as_str).collect();
    if !extra.is_empty() {
        return Err(format!("Parameters: [{}] do not exist in the template", extra.join(", ")));
    }
    let value = |(name, parameter): (&String, &Parameter)| match given.get(name) {
        Some(Given::Value(value)) => Some(value.clone()),
        Some(Given::Previous) => previous.get(name).cloned(),
        None => parameter.default.clone(),
    };
    let found: Vec<(&String, &Parameter, Option<String>)> =
        template.parameters.iter().map(|one| (one.0, one.1, value(one))).collect();
    let missing: Vec<&str> =
        found.iter().filter(|(.., value)| value.is_none()).map(|(name, ..)| name.as_str()).collect();
    if !missing.is_empty() {
        return Err(format!("Parameters: [{}] must have values", missing.join(", ")));
    }
    let mut values = Values::new();
    for (name, parameter, value) in found {
        let value = value.unwrap_or_default();
        parameter.allows(name, &value)?;
        values.insert(name.clone(), value);
    }
    Ok(values)
}

impl Parameter {
    fn is_list(&self) -> bool {
        self.kind == "CommaDelimitedList" || self.kind.starts_with("List<")
    }

    /// What Ref returns.
    pub(super) fn doc(&self, value: &str) -> Doc {
        if !self.is_list() {
            return Doc::String(value.to_string());
        }
        let items = value.split(',').map(str::trim).filter(|_| !value.is_empty());
        Doc::Array(items.map(|item| Doc::String(item.to_string())).collect())
    }

    fn allows(&self, name: &str, value: &str) -> Result<(), String> {
        let wrong = |message: String| {
            Err(match &self.constraint {
                Some(description) => format!("Parameter {name} failed to satisfy constraint: {description}"),
                None => message,
            })
        };
        let items: Vec<&str> = if self.is_list() { value.split(',').map(str::trim).collect() } else { vec![value] };
        let numeric = self.kind == "Number" || self.kind == "List<Number>";
        for item in items {
            let number: Option<f64> = item.parse().ok();
            if numeric && number.is_none() {
                return Err(format!("Parameter '{name}' must be a number"));
            }
            if let (Some(number), (Some(least), _)) = (number, self.value)
                && number < least
            {
                return wrong(format!("Parameter '{name}' must be a number not less than {least}"));
            }
            if let (Some(number), (_, Some(most))) = (number, self.value)
                && number > most
            {
                return wrong(format!("Parameter '{name}' must be a number not greater than {most}"));
            }
            if !self.allowed.is_empty() && !self.allowed.iter().any(|allowed| allowed == item) {
                return wrong(format!("Parameter '{name}' must be one of AllowedValues"));
            }
            let length = item.chars().count() as u64;
            match self.length {
                (Some(least), _) if length < least => {
                    return wrong(format!("Parameter '{name}' must contain at least {least} characters"));
                }
                (_, Some(most)) if length > most => {
                    return wrong(format!("Parameter '{name}' must contain at most {most} characters"));
                }
                _ => {}
            }
            if let Some(pattern) = &self.pattern {
                let whole = Regex::new(&format!("^(?:{pattern})$")).map_err(|e| {
                    format!("Template format error: AllowedPattern '{pattern}' of parameter {name}: {e}")
                })?;
                if !whole.is_match(item) {
                    return wrong(format!("Parameter '{name}' must match pattern {pattern}"));
                }
            }
        }
        Ok(())
    }
}
