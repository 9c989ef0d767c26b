//! Updates: SET, REMOVE, ADD and DELETE, all of them of the item as it was.

use super::super::value::{Item, Value};
use super::path::Path;
use super::token::{Reader, Token};
use super::words::Words;

#[derive(Debug, Clone, PartialEq)]
pub struct Update(Vec<(Path, Change)>);

#[derive(Debug, Clone, PartialEq)]
enum Change {
    Set(Term),
    Remove,
    Add(Value),
    Delete(Value),
}

#[derive(Debug, Clone, PartialEq)]
enum Term {
    One(Operand),
    Plus(Operand, Operand),
    Minus(Operand, Operand),
}

#[derive(Debug, Clone, PartialEq)]
enum Operand {
    Path(Path),
    Value(Value),
    IfNotExists(Path, Box<Operand>),
    Append(Box<Operand>, Box<Operand>),
}

const ABSENT: &str = "The provided expression refers to an attribute that does not exist in the item";

impl Update {
    /// # Errors
    /// What stands behind "Invalid UpdateExpression: ".
    pub fn parse(text: &str, words: &mut Words) -> Result<Self, String> {
        let mut reader = Reader::new(text)?;
        let (mut changes, mut seen): (Vec<(Path, Change)>, Vec<&str>) = (vec![], vec![]);
        while reader.peek().is_some() {
            let section = ["SET", "REMOVE", "ADD", "DELETE"].into_iter().find(|name| reader.keyword(name));
            let section = section.ok_or_else(|| reader.error())?;
            if seen.contains(&section) {
                return Err(format!("The \"{section}\" section can only be used once in an update expression;"));
            }
            seen.push(section);
            loop {
                let path = Path::read(&mut reader, words)?;
                let change = match section {
                    "SET" => {
                        reader.must("=")?;
                        Change::Set(term(&mut reader, words)?)
                    }
                    "REMOVE" => Change::Remove,
                    "ADD" => Change::Add(value(&mut reader, words)?),
                    _ => Change::Delete(value(&mut reader, words)?),
                };
                changes.iter().try_for_each(|(other, _)| path.apart(other))?;
                changes.push((path, change));
                if !reader.sign(",") {
                    break;
                }
            }
        }
        // what is set behind the end of a list follows in the order of its places
        changes.sort_by(|(one, _), (other, _)| one.cmp(other));
        Ok(Self(changes))
    }

    /// The attributes that it changes.
    pub fn touched(&self) -> Vec<String> {
        self.0.iter().map(|(path, _)| path.root.clone()).collect()
    }

    /// The item after it; `key` are the names of the key's attributes, which stay.
    ///
    /// # Errors
    /// A validation error as DynamoDB words it.
    pub fn apply(&self, item: &Item, key: &[String]) -> Result<Item, String> {
        if let Some((path, _)) = self.0.iter().find(|(path, _)| key.contains(&path.root)) {
            return Err(format!(
                "One or more parameter values were invalid: Cannot update attribute {}. This attribute is part of the key",
                path.root
            ));
        }
        let mut new = item.clone();
        let mut removed: Vec<&Path> = vec![];
        for (path, change) in &self.0 {
            match change {
                Change::Set(term) => put(&mut new, path, term.of(item)?)?,
                Change::Remove => removed.push(path),
                Change::Add(value) => put(&mut new, path, add(path.find(item), value)?)?,
                Change::Delete(value) => match delete(path.find(item), value)? {
                    Some(rest) => put(&mut new, path, rest)?,
                    None => removed.push(path),
                },
            }
        }
        // from behind, so that places in lists stay what they were
        removed.sort_unstable();
        removed.into_iter().rev().for_each(|path| path.remove(&mut new));
        Ok(new)
    }
}

fn put(item: &mut Item, path: &Path, value: Value) -> Result<(), String> {
    match path.set(item, value) {
        true => Ok(()),
        false => Err("The document path provided in the update expression is invalid for update".into()),
    }
}

fn value(reader: &mut Reader, words: &mut Words) -> Result<Value, String> {
    let error = reader.error();
    match reader.next() {
        Some(Token::Value(token)) => words.value(&token),
        _ => Err(error),
    }
}

fn term(reader: &mut Reader, words: &mut Words) -> Result<Term, String> {
    let left = operand(reader, words)?;
    if reader.sign("+") {
        return Ok(Term::Plus(left, operand(reader, words)?));
    }
    if reader.sign("-") {
        return Ok(Term::Minus(left, operand(reader, words)?));
    }
    Ok(Term::One(left))
}

fn operand(reader: &mut Reader, words: &mut Words) -> Result<Operand, String> {
    if matches!(reader.peek(), Some(Token::Value(_))) {
        return Ok(Operand::Value(value(reader, words)?));
    }
    let calls = matches!(reader.peek_after(), Some(Token::Sign("(")));
    if calls && reader.keyword("if_not_exists") {
        reader.must("(")?;
        let path = Path::read(reader, words)?;
        reader.must(",")?;
        let other = reader.deeper(|reader| operand(reader, words))?;
        reader.must(")")?;
        return Ok(Operand::IfNotExists(path, Box::new(other)));
    }
    if calls && reader.keyword("list_append") {
        reader.must("(")?;
        let one = reader.deeper(|reader| operand(reader, words))?;
        reader.must(",")?;
        let other = reader.deeper(|reader| operand(reader, words))?;
        reader.must(")")?;
        return Ok(Operand::Append(Box::new(one), Box::new(other)));
    }
    Ok(Operand::Path(Path::read(reader, words)?))
}

impl Term {
    fn of(&self, item: &Item) -> Result<Value, String> {
        let numbers = |left: &Operand, right: &Operand| match (left.of(item)?, right.of(item)?) {
            (Value::N(left), Value::N(right)) => Ok((left, right)),
            _ => Err("An operand in the update expression has an incorrect data type".to_string()),
        };
        match self {
            Self::One(operand) => operand.of(item),
            Self::Plus(left, right) => numbers(left, right).and_then(|(a, b)| a.add(&b)).map(Value::N),
            Self::Minus(left, right) => numbers(left, right).and_then(|(a, b)| a.add(&b.negated())).map(Value::N),
        }
    }
}

impl Operand {
    fn of(&self, item: &Item) -> Result<Value, String> {
        match self {
            Self::Value(value) => Ok(value.clone()),
            Self::Path(path) => path.find(item).cloned().ok_or_else(|| ABSENT.into()),
            Self::IfNotExists(path, other) => match path.find(item) {
                Some(value) => Ok(value.clone()),
                None => other.of(item),
            },
            Self::Append(one, other) => match (one.of(item)?, other.of(item)?) {
                (Value::L(mut list), Value::L(more)) => {
                    list.extend(more);
                    Ok(Value::L(list))
                }
                _ => Err("An operand in the update expression has an incorrect data type".into()),
            },
        }
    }
}

fn add(there: Option<&Value>, more: &Value) -> Result<Value, String> {
    match (there, more) {
        (None, Value::N(_) | Value::Ss(_) | Value::Ns(_) | Value::Bs(_)) => Ok(more.clone()),
        (Some(Value::N(number)), Value::N(more)) => number.add(more).map(Value::N),
        (Some(Value::Ss(set)), Value::Ss(more)) => Ok(Value::Ss(set | more)),
        (Some(Value::Ns(set)), Value::Ns(more)) => Ok(Value::Ns(set | more)),
        (Some(Value::Bs(set)), Value::Bs(more)) => Ok(Value::Bs(set | more)),
        _ => Err("An operand in the update expression has an incorrect data type".into()),
    }
}

/// What is left of a set; `None` when nothing is, or nothing was there.
fn delete(there: Option<&Value>, less: &Value) -> Result<Option<Value>, String> {
    let rest = match (there, less) {
        (None, Value::Ss(_) | Value::Ns(_) | Value::Bs(_)) => return Ok(None),
        (Some(Value::Ss(set)), Value::Ss(less)) => Value::Ss(set - less),
        (Some(Value::Ns(set)), Value::Ns(less)) => Value::Ns(set - less),
        (Some(Value::Bs(set)), Value::Bs(less)) => Value::Bs(set - less),
        _ => return Err("An operand in the update expression has an incorrect data type".into()),
    };
    let empty = match &rest {
        Value::Ss(set) => set.is_empty(),
        Value::Ns(set) => set.is_empty(),
        Value::Bs(set) => set.is_empty(),
        _ => false,
    };
    Ok((!empty).then_some(rest))
}
