//! Document paths: `a.b[0].#n`.

use super::super::value::{Item, Value};
use super::token::{Reader, Token};
use super::words::Words;

/// Ordered so that of two places in one list the later is the greater.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Path {
    pub root: String,
    pub steps: Vec<Step>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    Member(String),
    Element(usize),
}

impl Path {
    pub fn read(reader: &mut Reader, words: &mut Words) -> Result<Self, String> {
        let root = name(reader, words)?;
        let mut steps = vec![];
        loop {
            if reader.sign(".") {
                steps.push(Step::Member(name(reader, words)?));
            } else if reader.sign("[") {
                let error = reader.error();
                let Some(Token::Word(word)) = reader.next() else { return Err(error) };
                steps.push(Step::Element(word.parse().map_err(|_| error)?));
                reader.must("]")?;
            } else {
                return Ok(Self { root, steps });
            }
        }
    }

    pub fn find<'i>(&self, item: &'i Item) -> Option<&'i Value> {
        let mut at = item.get(&self.root)?;
        for step in &self.steps {
            at = match (step, at) {
                (Step::Member(name), Value::M(members)) => members.get(name)?,
                (Step::Element(place), Value::L(list)) => list.get(*place)?,
                _ => return None,
            };
        }
        Some(at)
    }

    /// Puts a value there; a list takes one behind its end. False: there is nothing that could hold it.
    pub fn set(&self, item: &mut Item, value: Value) -> bool {
        let Some((last, before)) = self.steps.split_last() else {
            item.insert(self.root.clone(), value);
            return true;
        };
        match (holder(item, &self.root, before), last) {
            (Some(Value::M(members)), Step::Member(name)) => {
                members.insert(name.clone(), value);
            }
            (Some(Value::L(list)), Step::Element(place)) => match list.get_mut(*place) {
                Some(there) => *there = value,
                None => list.push(value),
            },
            _ => return false,
        }
        true
    }

    pub fn remove(&self, item: &mut Item) {
        let Some((last, before)) = self.steps.split_last() else {
            item.remove(&self.root);
            return;
        };
        match (holder(item, &self.root, before), last) {
            (Some(Value::M(members)), Step::Member(name)) => drop(members.remove(name)),
            (Some(Value::L(list)), Step::Element(place)) if *place < list.len() => drop(list.remove(*place)),
            _ => {}
        }
    }

    /// Refuses two paths of which one leads to the other or into it, or which take one thing for a list and a map.
    pub fn apart(&self, other: &Self) -> Result<(), String> {
        if self.root != other.root {
            return Ok(());
        }
        let differs = self.steps.iter().zip(&other.steps).find(|(one, other)| one != other);
        let how = match differs {
            None => "overlap",
            Some((Step::Member(_), Step::Element(_)) | (Step::Element(_), Step::Member(_))) => "conflict",
            Some(_) => return Ok(()),
        };
        Err(format!(
            "Two document paths {how} with each other; must remove or rewrite one of these paths; path one: {other}, path two: {self}"
        ))
    }
}

/// `[a, b, [0]]`, as DynamoDB tells paths.
impl std::fmt::Display for Path {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "[{}", self.root)?;
        for step in &self.steps {
            match step {
                Step::Member(name) => write!(f, ", {name}")?,
                Step::Element(place) => write!(f, ", [{place}]")?,
            }
        }
        write!(f, "]")
    }
}

fn holder<'i>(item: &'i mut Item, root: &str, steps: &[Step]) -> Option<&'i mut Value> {
    let mut at = item.get_mut(root)?;
    for step in steps {
        at = match (step, at) {
            (Step::Member(name), Value::M(members)) => members.get_mut(name)?,
            (Step::Element(place), Value::L(list)) => list.get_mut(*place)?,
            _ => return None,
        };
    }
    Some(at)
}

fn name(reader: &mut Reader, words: &mut Words) -> Result<String, String> {
    let error = reader.error();
    match reader.next() {
        Some(Token::Name(token)) => words.name(&token),
        Some(Token::Word(word)) if !word.starts_with(|first: char| first.is_ascii_digit()) => Words::plain(&word),
        _ => Err(error),
    }
}
