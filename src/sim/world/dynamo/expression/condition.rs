//! Conditions and filters.

use super::super::number::Number;
use super::super::value::{Item, Value};
use super::path::Path;
use super::token::{Reader, Token};
use super::words::Words;
use std::cmp::Ordering;

#[derive(Debug, Clone, PartialEq)]
pub enum Condition {
    Compare(Operand, Comparison, Operand),
    Between(Operand, Operand, Operand),
    In(Operand, Vec<Operand>),
    Exists(Path),
    Absent(Path),
    Type(Path, Operand),
    BeginsWith(Operand, Operand),
    Contains(Operand, Operand),
    Not(Box<Condition>),
    And(Box<Condition>, Box<Condition>),
    Or(Box<Condition>, Box<Condition>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    Equal,
    Unequal,
    Less,
    AtMost,
    More,
    AtLeast,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Operand {
    Path(Path),
    Value(Value),
    Size(Path),
}

impl Comparison {
    pub fn read(reader: &mut Reader) -> Option<Self> {
        let signs = [
            ("=", Self::Equal),
            ("<>", Self::Unequal),
            ("<", Self::Less),
            ("<=", Self::AtMost),
            (">", Self::More),
            (">=", Self::AtLeast),
        ];
        signs.into_iter().find(|(sign, _)| reader.sign(sign)).map(|(_, comparison)| comparison)
    }

    pub fn holds(self, order: Ordering) -> bool {
        match self {
            Self::Equal => order.is_eq(),
            Self::Unequal => order.is_ne(),
            Self::Less => order.is_lt(),
            Self::AtMost => order.is_le(),
            Self::More => order.is_gt(),
            Self::AtLeast => order.is_ge(),
        }
    }
}

impl Operand {
    pub fn read(reader: &mut Reader, words: &mut Words) -> Result<Self, String> {
        if let Some(Token::Value(token)) = reader.peek() {
            let value = words.value(&token.clone())?;
            reader.next();
            return Ok(Self::Value(value));
        }
        let calls = matches!(reader.peek_after(), Some(Token::Sign("(")));
        if calls && reader.keyword("size") {
            reader.must("(")?;
            let path = Path::read(reader, words)?;
            reader.must(")")?;
            return Ok(Self::Size(path));
        }
        Ok(Self::Path(Path::read(reader, words)?))
    }

    pub fn of(&self, item: &Item) -> Option<Value> {
        match self {
            Self::Value(value) => Some(value.clone()),
            Self::Path(path) => path.find(item).cloned(),
            Self::Size(path) => path.find(item).map(|value| {
                let size = match value {
                    Value::L(list) => list.len(),
                    Value::M(members) => members.len(),
                    Value::Ss(set) => set.len(),
                    Value::Ns(set) => set.len(),
                    Value::Bs(set) => set.len(),
                    other => other.size(),
                };
                Value::N(Number::from(size as u64))
            }),
        }
    }
}

impl Condition {
    /// # Errors
    /// What stands behind "Invalid ConditionExpression: ".
    pub fn parse(text: &str, words: &mut Words) -> Result<Self, String> {
        let mut reader = Reader::new(text)?;
        let condition = either(&mut reader, words)?;
        reader.over()?;
        Ok(condition)
    }

    pub fn holds(&self, item: &Item) -> bool {
        match self {
            Self::Compare(left, comparison, right) => compare(left.of(item), *comparison, right.of(item)),
            Self::Between(value, low, high) => {
                let value = value.of(item);
                compare(value.clone(), Comparison::AtLeast, low.of(item))
                    && compare(value, Comparison::AtMost, high.of(item))
            }
            Self::In(value, list) => {
                let value = value.of(item);
                list.iter().any(|one| compare(value.clone(), Comparison::Equal, one.of(item)))
            }
            Self::Exists(path) => path.find(item).is_some(),
            Self::Absent(path) => path.find(item).is_none(),
            Self::Type(path, kind) => match (path.find(item), kind.of(item)) {
                (Some(value), Some(Value::S(kind))) => value.kind() == kind,
                _ => false,
            },
            Self::BeginsWith(value, start) => match (value.of(item), start.of(item)) {
                (Some(Value::S(text)), Some(Value::S(start))) => text.starts_with(&start),
                (Some(Value::B(bytes)), Some(Value::B(start))) => bytes.starts_with(&start),
                _ => false,
            },
            Self::Contains(value, part) => match (value.of(item), part.of(item)) {
                (Some(value), Some(part)) => contains(&value, &part),
                _ => false,
            },
            Self::Not(inner) => !inner.holds(item),
            Self::And(one, other) => one.holds(item) && other.holds(item),
            Self::Or(one, other) => one.holds(item) || other.holds(item),
        }
    }
}

/// What is absent compares with nothing, and is unequal to everything.
fn compare(left: Option<Value>, comparison: Comparison, right: Option<Value>) -> bool {
    let (Some(left), Some(right)) = (left, right) else { return comparison == Comparison::Unequal };
    match comparison {
        Comparison::Equal => left == right,
        Comparison::Unequal => left != right,
        _ => left.order(&right).is_some_and(|order| comparison.holds(order)),
    }
}

fn contains(value: &Value, part: &Value) -> bool {
    match (value, part) {
        (Value::S(text), Value::S(part)) => text.contains(part.as_str()),
        (Value::B(bytes), Value::B(part)) => part.is_empty() || bytes.windows(part.len()).any(|window| window == part),
        (Value::Ss(set), Value::S(one)) => set.contains(one),
        (Value::Ns(set), Value::N(one)) => set.contains(one),
        (Value::Bs(set), Value::B(one)) => set.contains(one),
        (Value::L(list), one) => list.contains(one),
        _ => false,
    }
}

fn either(reader: &mut Reader, words: &mut Words) -> Result<Condition, String> {
    let mut left = both(reader, words)?;
    while reader.keyword("OR") {
        left = Condition::Or(Box::new(left), Box::new(both(reader, words)?));
    }
    Ok(left)
}

fn both(reader: &mut Reader, words: &mut Words) -> Result<Condition, String> {
    let mut left = not(reader, words)?;
    while reader.keyword("AND") {
        left = Condition::And(Box::new(left), Box::new(not(reader, words)?));
    }
    Ok(left)
}

fn not(reader: &mut Reader, words: &mut Words) -> Result<Condition, String> {
    if reader.keyword("NOT") {
        return reader.deeper(|reader| Ok(Condition::Not(Box::new(not(reader, words)?))));
    }
    if reader.sign("(") {
        let inner = reader.deeper(|reader| either(reader, words))?;
        reader.must(")")?;
        return Ok(inner);
    }
    one(reader, words)
}

fn one(reader: &mut Reader, words: &mut Words) -> Result<Condition, String> {
    if let (Some(Token::Word(word)), Some(Token::Sign("("))) = (reader.peek(), reader.peek_after()) {
        let word = word.clone();
        if word != "size" {
            return function(&word, reader, words);
        }
    }
    let left = Operand::read(reader, words)?;
    if reader.keyword("BETWEEN") {
        let low = Operand::read(reader, words)?;
        reader.must_keyword("AND")?;
        return Ok(Condition::Between(left, low, Operand::read(reader, words)?));
    }
    if reader.keyword("IN") {
        reader.must("(")?;
        let mut list = vec![Operand::read(reader, words)?];
        while reader.sign(",") {
            list.push(Operand::read(reader, words)?);
        }
        reader.must(")")?;
        return Ok(Condition::In(left, list));
    }
    let comparison = Comparison::read(reader).ok_or_else(|| reader.error())?;
    Ok(Condition::Compare(left, comparison, Operand::read(reader, words)?))
}

fn function(name: &str, reader: &mut Reader, words: &mut Words) -> Result<Condition, String> {
    reader.next();
    reader.must("(")?;
    let condition = match name {
        "attribute_exists" => Condition::Exists(Path::read(reader, words)?),
        "attribute_not_exists" => Condition::Absent(Path::read(reader, words)?),
        "attribute_type" => {
            let path = Path::read(reader, words)?;
            reader.must(",")?;
            Condition::Type(path, Operand::read(reader, words)?)
        }
        "begins_with" | "contains" => {
            let value = Operand::read(reader, words)?;
            reader.must(",")?;
            let part = Operand::read(reader, words)?;
            if name == "contains" { Condition::Contains(value, part) } else { Condition::BeginsWith(value, part) }
        }
        _ => return Err(format!("Invalid function name; function: {name}")),
    };
    reader.must(")")?;
    Ok(condition)
}
