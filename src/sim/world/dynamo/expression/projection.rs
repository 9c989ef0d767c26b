//! Which attributes of an item are wanted.

use super::super::value::{Item, Value};
use super::path::{Path, Step};
use super::token::Reader;
use super::words::Words;
use std::collections::BTreeMap;

#[derive(Debug, Clone, PartialEq)]
pub struct Projection(Vec<Path>);

impl Projection {
    /// # Errors
    /// What stands behind "Invalid ProjectionExpression: ".
    pub fn parse(text: &str, words: &mut Words) -> Result<Self, String> {
        let mut reader = Reader::new(text)?;
        let mut paths = vec![];
        loop {
            let path = Path::read(&mut reader, words)?;
            paths.iter().try_for_each(|other: &Path| path.apart(other))?;
            paths.push(path);
            if !reader.sign(",") {
                reader.over()?;
                return Ok(Self(paths));
            }
        }
    }

    pub fn pick(&self, item: &Item) -> Item {
        let mut wanted: BTreeMap<&String, Vec<&[Step]>> = BTreeMap::new();
        for path in &self.0 {
            wanted.entry(&path.root).or_default().push(&path.steps);
        }
        let part = |(root, paths): (&String, Vec<&[Step]>)| Some((root.clone(), part(item.get(root)?, &paths)?));
        wanted.into_iter().filter_map(part).collect()
    }
}

/// What paths lead to in a value, in its own shape; elements of lists follow one another in their order.
fn part(value: &Value, paths: &[&[Step]]) -> Option<Value> {
    let mut inside: BTreeMap<&Step, Vec<&[Step]>> = BTreeMap::new();
    for path in paths {
        let Some((step, rest)) = path.split_first() else { return Some(value.clone()) };
        inside.entry(step).or_default().push(rest);
    }
    match value {
        Value::M(members) => {
            let found = inside.into_iter().filter_map(|(step, rest)| match step {
                Step::Member(name) => Some((name.clone(), part(members.get(name)?, &rest)?)),
                Step::Element(_) => None,
            });
            let found: BTreeMap<String, Value> = found.collect();
            (!found.is_empty()).then_some(Value::M(found))
        }
        Value::L(list) => {
            let found = inside.into_iter().filter_map(|(step, rest)| match step {
                Step::Element(place) => part(list.get(*place)?, &rest),
                Step::Member(_) => None,
            });
            let found: Vec<Value> = found.collect();
            (!found.is_empty()).then_some(Value::L(found))
        }
        _ => None,
    }
}
