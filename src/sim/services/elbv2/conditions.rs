//! Conditions of rules, from and to AWS's words.
//!
//! Requests of this world carry a method, a host, a path and a query; conditions on headers and on
//! source addresses could never be met and are refused.
#![allow(non_snake_case, reason = "members are spelt as AWS spells them")]

use super::refusals::{invalid, refuse};
use crate::operation::Answer;
use crate::world::elb::condition::Condition;
use serde::{Deserialize, Serialize};

/// Values that the conditions of a rule may have together (quotas).
const MOST_VALUES: usize = 5;

#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct ConditionWords {
    Field: String,
    Values: Option<Vec<String>>,
    HostHeaderConfig: Option<Texts>,
    PathPatternConfig: Option<Texts>,
    HttpRequestMethodConfig: Option<Texts>,
    QueryStringConfig: Option<Pairs>,
    RegexValues: Option<Vec<String>>,
}

#[derive(Debug, Clone, Deserialize, Serialize)]
struct Texts {
    #[serde(default)]
    Values: Vec<String>,
    RegexValues: Option<Vec<String>>,
}

#[derive(Debug, Clone, Deserialize, Serialize)]
struct Pairs {
    #[serde(default)]
    Values: Vec<Pair>,
}

#[derive(Debug, Clone, Deserialize, Serialize)]
struct Pair {
    Key: Option<String>,
    Value: String,
}

pub fn read(words: Vec<ConditionWords>) -> Answer<Vec<Condition>> {
    if words.is_empty() {
        return invalid("A condition must be specified");
    }
    let conditions = words.into_iter().map(one).collect::<Answer<Vec<_>>>()?;
    for field in ["path-pattern", "host-header", "http-request-method"] {
        if conditions.iter().filter(|condition| condition.field() == field).count() > 1 {
            return invalid(format!("A rule can only have one '{field}' condition"));
        }
    }
    let count = |condition: &Condition| match condition {
        Condition::Path(values) | Condition::Host(values) | Condition::Method(values) => values.len(),
        Condition::Query(values) => values.len(),
    };
    if conditions.iter().map(count).sum::<usize>() > MOST_VALUES {
        return invalid(format!("A rule can only have '{MOST_VALUES}' condition values"));
    }
    Ok(conditions)
}

fn one(words: ConditionWords) -> Answer<Condition> {
    let config = [&words.HostHeaderConfig, &words.PathPatternConfig, &words.HttpRequestMethodConfig];
    if words.RegexValues.is_some() || config.into_iter().flatten().any(|config| config.RegexValues.is_some()) {
        return refuse("InvalidConfigurationRequest", "Regular expressions are not supported in conditions here");
    }
    let texts = |plain: Option<Vec<String>>, config: Option<Texts>| match (plain, config) {
        (Some(_), Some(_)) => invalid("Condition values can be specified in one place only"),
        (Some(values), None) | (None, Some(Texts { Values: values, .. })) => {
            if values.is_empty() {
                return invalid("A condition value must be specified");
            }
            match values.iter().find(|value| value.is_empty() || value.len() > 128) {
                Some(odd) => invalid(format!("The condition value '{odd}' must have 1 to 128 characters")),
                None => Ok(values),
            }
        }
        (None, None) => invalid("A condition value must be specified"),
    };
    match words.Field.as_str() {
        "path-pattern" => Ok(Condition::Path(texts(words.Values, words.PathPatternConfig)?)),
        "host-header" => Ok(Condition::Host(texts(words.Values, words.HostHeaderConfig)?)),
        "http-request-method" => Ok(Condition::Method(texts(None, words.HttpRequestMethodConfig)?)),
        "query-string" => match words.QueryStringConfig {
            Some(pairs) if !pairs.Values.is_empty() => {
                Ok(Condition::Query(pairs.Values.into_iter().map(|pair| (pair.Key, pair.Value)).collect()))
            }
            _ => invalid("A condition value must be specified"),
        },
        field @ ("http-header" | "source-ip") => {
            refuse("InvalidConfigurationRequest", format!("Conditions on '{field}' are not supported here"))
        }
        other => invalid(format!(
            "Condition field '{other}' must be one of '[path-pattern, host-header, http-request-method, query-string, http-header, source-ip]'"
        )),
    }
}

pub fn write(conditions: &[Condition]) -> Vec<ConditionWords> {
    conditions.iter().map(written).collect()
}

fn written(condition: &Condition) -> ConditionWords {
    let words = ConditionWords { Field: condition.field().into(), ..ConditionWords::default() };
    let texts = |values: &Vec<String>| Some(Texts { Values: values.clone(), RegexValues: None });
    match condition {
        Condition::Path(values) => {
            ConditionWords { Values: Some(values.clone()), PathPatternConfig: texts(values), ..words }
        }
        Condition::Host(values) => {
            ConditionWords { Values: Some(values.clone()), HostHeaderConfig: texts(values), ..words }
        }
        Condition::Method(values) => ConditionWords { HttpRequestMethodConfig: texts(values), ..words },
        Condition::Query(values) => {
            let pair = |(key, value): &(Option<String>, String)| Pair { Key: key.clone(), Value: value.clone() };
            ConditionWords { QueryStringConfig: Some(Pairs { Values: values.iter().map(pair).collect() }), ..words }
        }
    }
}
