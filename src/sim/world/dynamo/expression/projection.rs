//! Which attributes of an item are wanted.

use super::super::value::{Item, Value};
use super::path::{Path, Step};
use super::token::Reader;
use super::words::Words;

#[derive(Debug, Clone, PartialEq)]
pub struct Projection(Vec<Path>);

impl Projection {
    /// # Errors
    /// What stands behind "Invalid ProjectionExpression: ".
    pub fn parse(text: &str, words: &mut Words) -> Result<Self, String> {
        let mut reader = Reader::new(text)?;
        let mut paths: Vec<Path> = vec![];
        loop {
            let path = Path::read(&mut reader, words)?;
            if paths.iter().any(|other| other.overlaps(&path)) {
                return Err(
                    "Two document paths overlap with each other; must remove or rewrite one of these paths;".into()
                );
            }
            paths.push(path);
            if !reader.sign(",") {
                reader.over()?;
                return Ok(Self(paths));
            }
        }
    }

    pub fn pick(&self, item: &Item) -> Item {
        let mut picked = Item::new();
        for path in &self.0 {
            if let Some(value) = path.find(item) {
                put(&mut picked, path, value.clone());
            }
        }
        picked
    }
}

/// Puts a value at a path, making what lies between; elements of lists follow one another.
fn put(item: &mut Item, path: &Path, value: Value) {
    let mut nested = value;
    let mut at = 0;
    // the deepest part that is there already keeps what it has
    while at < path.steps.len()
        && (Path { root: path.root.clone(), steps: path.steps[..at].to_vec() }).find(item).is_some()
    {
        at += 1;
    }
    for step in path.steps[at..].iter().rev() {
        nested = match step {
            Step::Member(name) => Value::M([(name.clone(), nested)].into()),
            Step::Element(_) => Value::L(vec![nested]),
        };
    }
    let holder = Path { root: path.root.clone(), steps: path.steps[..at.saturating_sub(1)].to_vec() };
    match (at, holder.find(item).cloned()) {
        (0, _) | (_, None) => drop(item.insert(path.root.clone(), nested)),
        (_, Some(there)) => {
            let merged = match (there, &path.steps[at - 1]) {
                (Value::M(mut members), Step::Member(name)) => {
                    members.insert(name.clone(), nested);
                    Value::M(members)
                }
                (Value::L(mut list), Step::Element(_)) => {
                    list.push(nested);
                    Value::L(list)
                }
                (other, _) => other,
            };
            holder.set(item, merged);
        }
    }
}
