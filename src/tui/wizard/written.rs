//! The answers as a configuration file, and which of its lines came from which field.

use super::answers::Answers;
use super::fields::{Field, Kind, MOST_REGIONS, is_asked};
use std::collections::BTreeMap;
use toml::Value;

const HEAD: &str =
    "# Written by `tandem --deploy`. config.example.toml, beside Tandem's README, explains every key that there is.\n";

/// A file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Written {
    pub text: String,
    /// The field by the line, from 1.
    pub lines: BTreeMap<usize, String>,
    /// What could not be written as it was typed, by the field.
    pub unread: BTreeMap<String, String>,
}

/// Sections with the prefix of their fields, in the order of the file.
const SECTIONS: &[&str] = &[
    "stack",
    "app",
    "regions",
    "roles",
    "database",
    "sessions",
    "dns",
    "control",
    "alerts",
    "operations",
    "guardrails",
    "failover",
    "watch",
];

/// Writes every field that is asked.
pub fn write(fields: &[Field], answers: &Answers) -> Written {
    let mut written = Written { text: HEAD.into(), ..Written::default() };
    for section in SECTIONS {
        match *section {
            "regions" => {
                for number in (1..=MOST_REGIONS).filter(|number| *number < 3 || named(fields, answers, *number)) {
                    written.section("[[regions]]", &format!("regions.{number}."), fields, answers);
                }
            }
            name => written.section(&format!("[{name}]"), &format!("{name}."), fields, answers),
        }
    }
    written
}

fn named(fields: &[Field], answers: &Answers, number: usize) -> bool {
    let id = format!("regions.{number}.name");
    fields.iter().find(|field| field.id == id).is_some_and(|field| !answers.to(field).trim().is_empty())
}

impl Written {
    fn section(&mut self, head: &str, prefix: &str, fields: &[Field], answers: &Answers) {
        let mine = fields.iter().filter(|field| field.id.starts_with(prefix) && is_asked(field, answers));
        let lines: Vec<(&Field, String)> = mine
            .filter_map(|field| {
                let key = &field.id[prefix.len()..];
                Some((field, self.line(field, key, answers.to(field).trim())?))
            })
            .collect();
        if lines.is_empty() {
            return;
        }
        self.text.push_str(&format!("\n{head}\n"));
        for (field, line) in lines {
            self.lines.insert(self.text.lines().count() + 1, field.id.clone());
            self.text.push_str(&line);
            self.text.push('\n');
        }
    }

    /// `key = value`; none for what is left out when it is empty or stands for something else.
    fn line(&mut self, field: &Field, key: &str, text: &str) -> Option<String> {
        if field.id == "dns.https" {
            return (text == "made").then(|| "certificates = true".into());
        }
        if key == "network" || (text.is_empty() && may_be_empty(&field.id)) {
            return None;
        }
        let value = match field.kind {
            Kind::Text | Kind::Pick(_) => Value::from(text),
            Kind::Choice(words) if *words == *super::fields::YES_NO => Value::from(text == "yes"),
            Kind::Choice(_) => Value::from(text),
            Kind::Number => Value::from(self.read(field, text.parse::<i64>().ok(), "is no whole number")?),
            Kind::Decimal => Value::from(self.read(field, text.parse::<f64>().ok(), "is no number")?),
            Kind::Numbers => {
                let all: Option<Vec<i64>> = parts(text).map(|part| part.parse().ok()).collect();
                Value::from(self.read(field, all, "are no whole numbers with commas between")?)
            }
            Kind::Texts if field.id == "alerts.topics" => {
                Value::Table(parts(text).map(|arn| (region_of(arn), Value::from(arn))).collect())
            }
            Kind::Texts => Value::from(parts(text).map(String::from).collect::<Vec<_>>()),
            Kind::Pairs => {
                let all: Option<toml::Table> = parts(text).map(pair_of).collect();
                Value::Table(self.read(field, all, "are no pairs like KEY=value with commas between")?)
            }
        };
        Some(format!("{key} = {}", inline(&value)))
    }

    fn read<T>(&mut self, field: &Field, value: Option<T>, what: &str) -> Option<T> {
        if value.is_none() {
            let like =
                if field.usual.is_empty() { String::new() } else { format!(": use {} for example", field.usual) };
            self.unread.insert(field.id.clone(), format!("{}: that {what}{like}", field.label.trim()));
        }
        value
    }
}

fn may_be_empty(id: &str) -> bool {
    let optional = [
        "stack.tags",
        "app.environment",
        "dns.name",
        "control.regions",
        "alerts.topics",
        "watch.image",
        "app.task_definition",
    ];
    optional.contains(&id) || id == "roles.permissions_boundary" || id == "regions.3.name"
}

fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split(',').map(str::trim).filter(|part| !part.is_empty())
}

fn pair_of(text: &str) -> Option<(String, Value)> {
    let (key, value) = text.split_once('=')?;
    let key = key.trim();
    (!key.is_empty()).then(|| (key.to_string(), Value::from(value.trim())))
}

/// The Region that an ARN names.
fn region_of(arn: &str) -> String {
    arn.split(':').nth(3).unwrap_or_default().to_string()
}

/// On one line, so that a line is a field.
fn inline(value: &Value) -> String {
    match value {
        Value::Array(all) => format!("[{}]", all.iter().map(inline).collect::<Vec<_>>().join(", ")),
        Value::Table(all) if all.is_empty() => "{}".into(),
        Value::Table(all) => {
            let pair = |(key, value): (&String, &Value)| format!("{} = {}", quoted(key), inline(value));
            format!("{{ {} }}", all.iter().map(pair).collect::<Vec<_>>().join(", "))
        }
        Value::String(text) => quoted(text),
        other => other.to_string(),
    }
}

/// A basic string of TOML (TOML 1.0, String), never over several lines.
fn quoted(text: &str) -> String {
    let mut quoted = String::from('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            control if control.is_control() => quoted.push_str(&format!("\\u{:04X}", u32::from(control))),
            plain => quoted.push(plain),
        }
    }
    quoted.push('"');
    quoted
}
