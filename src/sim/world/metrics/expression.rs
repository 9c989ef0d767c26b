//! Metric math: `+ - * /`, parentheses, numbers, ids, `FILL(x, 0)` and `SUM([a, b])`. What else AWS
//! knows is refused, not guessed.

use crate::moment::Moment;
use std::collections::BTreeMap;

/// Parentheses and functions may be this deep.
const DEPTH: usize = 50;

/// A time series or a number.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    Number(f64),
    Series(BTreeMap<Moment, f64>),
}

/// An expression understood.
#[derive(Debug, Clone, PartialEq)]
pub enum Expression {
    Number(f64),
    Id(String),
    Negative(Box<Expression>),
    Binary(Box<Expression>, char, Box<Expression>),
    /// Where a period has no datapoint, this number stands.
    Fill(Box<Expression>, f64),
    /// In each period the sum of those that have a datapoint.
    Sum(Vec<Expression>),
}

/// Why an expression is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    #[error("Unexpected end of expression")]
    End,
    #[error("Unexpected character '{0}' at position {1}")]
    Unexpected(char, usize),
    #[error("Unsupported function name: {0}")]
    Function(String),
    #[error("FILL is supported with a number only")]
    Fill,
    #[error("The expression is nested too deeply")]
    Deep,
    #[error("The function SUM expects time series")]
    SumOfNumbers,
    #[error("Unrecognized id: {0}")]
    Unknown(String),
}

impl Expression {
    pub fn parse(text: &str) -> Result<Self, Fault> {
        let mut reader = Reader { text: text.chars().collect(), place: 0, depth: 0 };
        let parsed = reader.sum()?;
        match reader.peek() {
            None => Ok(parsed),
            Some(other) => Err(Fault::Unexpected(other, reader.place + 1)),
        }
    }

    /// The ids that it names, in order.
    pub fn ids(&self) -> Vec<&str> {
        match self {
            Self::Number(_) => vec![],
            Self::Id(id) => vec![id],
            Self::Negative(inner) | Self::Fill(inner, _) => inner.ids(),
            Self::Binary(left, _, right) => [left.ids(), right.ids()].concat(),
            Self::Sum(items) => items.iter().flat_map(Self::ids).collect(),
        }
    }

    /// `grid` is every period of the request: what FILL fills.
    pub fn evaluate(
        &self,
        grid: &[Moment],
        lookup: &mut impl FnMut(&str) -> Result<Value, Fault>,
    ) -> Result<Value, Fault> {
        Ok(match self {
            Self::Number(number) => Value::Number(*number),
            Self::Id(id) => lookup(id)?,
            Self::Negative(inner) => binary(Value::Number(0.0), '-', inner.evaluate(grid, lookup)?),
            Self::Binary(left, operator, right) => {
                binary(left.evaluate(grid, lookup)?, *operator, right.evaluate(grid, lookup)?)
            }
            Self::Fill(inner, number) => match inner.evaluate(grid, lookup)? {
                Value::Number(known) => Value::Number(known),
                Value::Series(mut series) => {
                    for at in grid {
                        series.entry(*at).or_insert(*number);
                    }
                    Value::Series(series)
                }
            },
            Self::Sum(items) => {
                let mut total: BTreeMap<Moment, f64> = BTreeMap::new();
                for item in items {
                    let Value::Series(series) = item.evaluate(grid, lookup)? else { return Err(Fault::SumOfNumbers) };
                    for (at, value) in series {
                        *total.entry(at).or_default() += value;
                    }
                }
                Value::Series(total)
            }
        })
    }
}

/// A period that either side has no datapoint for has none, and neither has one that is divided by zero.
fn binary(left: Value, operator: char, right: Value) -> Value {
    let apply = |a: f64, b: f64| {
        let result = match operator {
            '+' => a + b,
            '-' => a - b,
            '*' => a * b,
            _ => a / b,
        };
        result.is_finite().then_some(result)
    };
    match (left, right) {
        (Value::Number(a), Value::Number(b)) => apply(a, b).map_or(Value::Series(BTreeMap::new()), Value::Number),
        (Value::Number(a), Value::Series(series)) => {
            Value::Series(series.into_iter().filter_map(|(at, b)| Some((at, apply(a, b)?))).collect())
        }
        (Value::Series(series), Value::Number(b)) => {
            Value::Series(series.into_iter().filter_map(|(at, a)| Some((at, apply(a, b)?))).collect())
        }
        (Value::Series(left), Value::Series(right)) => {
            Value::Series(left.into_iter().filter_map(|(at, a)| Some((at, apply(a, *right.get(&at)?)?))).collect())
        }
    }
}

struct Reader {
    text: Vec<char>,
    place: usize,
    depth: usize,
}

impl Reader {
    fn peek(&mut self) -> Option<char> {
        while self.text.get(self.place).is_some_and(|c| c.is_whitespace()) {
            self.place += 1;
        }
        self.text.get(self.place).copied()
    }

    fn expect(&mut self, wanted: char) -> Result<(), Fault> {
        match self.peek() {
            Some(found) if found == wanted => {
                self.place += 1;
                Ok(())
            }
            Some(other) => Err(Fault::Unexpected(other, self.place + 1)),
            None => Err(Fault::End),
        }
    }

    fn sum(&mut self) -> Result<Expression, Fault> {
        let mut left = self.product()?;
        while let Some(operator @ ('+' | '-')) = self.peek() {
            left = self.joined(left, operator, Self::product)?;
        }
        Ok(left)
    }

    fn product(&mut self) -> Result<Expression, Fault> {
        let mut left = self.factor()?;
        while let Some(operator @ ('*' | '/')) = self.peek() {
            left = self.joined(left, operator, Self::factor)?;
        }
        Ok(left)
    }

    fn joined(
        &mut self,
        left: Expression,
        operator: char,
        read: fn(&mut Self) -> Result<Expression, Fault>,
    ) -> Result<Expression, Fault> {
        self.place += 1;
        Ok(Expression::Binary(Box::new(left), operator, Box::new(read(self)?)))
    }

    fn factor(&mut self) -> Result<Expression, Fault> {
        self.depth += 1;
        if self.depth > DEPTH {
            return Err(Fault::Deep);
        }
        let read = match self.peek() {
            None => Err(Fault::End),
            Some('-') => {
                self.place += 1;
                self.factor().map(|inner| Expression::Negative(Box::new(inner)))
            }
            Some('(') => {
                self.place += 1;
                let inner = self.sum()?;
                self.expect(')').map(|()| inner)
            }
            Some(digit) if digit.is_ascii_digit() || digit == '.' => self.number().map(Expression::Number),
            Some(letter) if letter.is_ascii_alphabetic() => self.name(),
            Some(other) => Err(Fault::Unexpected(other, self.place + 1)),
        };
        self.depth -= 1;
        read
    }

    fn number(&mut self) -> Result<f64, Fault> {
        let start = self.place;
        let text = self.word(|c| c.is_ascii_digit() || c == '.');
        text.parse().map_err(|_| Fault::Unexpected(self.text[start], start + 1))
    }

    fn word(&mut self, belongs: fn(char) -> bool) -> String {
        let word: String = self.text[self.place..].iter().take_while(|c| belongs(**c)).collect();
        self.place += word.chars().count();
        word
    }

    fn name(&mut self) -> Result<Expression, Fault> {
        let word = self.word(|c| c.is_ascii_alphanumeric() || c == '_');
        if self.peek() != Some('(') {
            return match word.starts_with(|c: char| c.is_ascii_lowercase()) {
                true => Ok(Expression::Id(word)),
                false => Err(Fault::Unknown(word)),
            };
        }
        self.place += 1;
        let read = match word.as_str() {
            "FILL" => {
                let inner = self.sum()?;
                self.expect(',')?;
                let sign = if self.peek() == Some('-') { -1.0 } else { 1.0 };
                if sign < 0.0 {
                    self.place += 1;
                }
                match self.peek() {
                    Some(digit) if digit.is_ascii_digit() || digit == '.' => {
                        Expression::Fill(Box::new(inner), sign * self.number()?)
                    }
                    _ => return Err(Fault::Fill),
                }
            }
            "SUM" => {
                self.expect('[')?;
                let mut items = vec![self.sum()?];
                while self.peek() == Some(',') {
                    self.place += 1;
                    items.push(self.sum()?);
                }
                self.expect(']')?;
                Expression::Sum(items)
            }
            _ => return Err(Fault::Function(word)),
        };
        self.expect(')').map(|()| read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(minute: u64) -> Moment {
        Moment(minute * 60_000)
    }

    fn evaluated(text: &str) -> Result<Value, Fault> {
        let grid: Vec<Moment> = (0..3).map(at).collect();
        Expression::parse(text)?.evaluate(&grid, &mut |id| match id {
            "m1" => Ok(Value::Series(BTreeMap::from([(at(0), 6.0), (at(1), 8.0)]))),
            "m2" => Ok(Value::Series(BTreeMap::from([(at(1), 2.0), (at(2), 0.0)]))),
            "none" => Ok(Value::Series(BTreeMap::new())),
            other => Err(Fault::Unknown(other.into())),
        })
    }

    fn series<const N: usize>(points: [(u64, f64); N]) -> Result<Value, Fault> {
        Ok(Value::Series(points.into_iter().map(|(minute, value)| (at(minute), value)).collect()))
    }

    #[test]
    fn arithmetic_binds_as_it_should() {
        assert_eq!(evaluated("2 + 3 * 4 - 10 / (2 + 3)"), Ok(Value::Number(12.0)));
        assert_eq!(evaluated("10 - 3 - 2"), Ok(Value::Number(5.0)));
        assert_eq!(evaluated("-m1 * 2"), series([(0, -12.0), (1, -16.0)]));
    }

    #[test]
    fn absent_is_not_zero() {
        assert_eq!(evaluated("m1 + m2"), series([(1, 10.0)]));
        assert_eq!(evaluated("m1 / m2"), series([(1, 4.0)]));
        assert_eq!(evaluated("1 / m2"), series([(1, 0.5)]));
        assert_eq!(evaluated("SUM([m1, m2])"), series([(0, 6.0), (1, 10.0), (2, 0.0)]));
        assert_eq!(evaluated("FILL(none, 0) + 1"), series([(0, 1.0), (1, 1.0), (2, 1.0)]));
        assert_eq!(evaluated("100 * FILL(m2, 0) / m1"), series([(0, 0.0), (1, 25.0)]));
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        assert_eq!(evaluated("ANOMALY_DETECTION_BAND(m1)"), Err(Fault::Function("ANOMALY_DETECTION_BAND".into())));
        assert_eq!(evaluated("FILL(m1, REPEAT)"), Err(Fault::Fill));
        assert_eq!(evaluated("m9"), Err(Fault::Unknown("m9".into())));
        assert_eq!(evaluated("m1 m2"), Err(Fault::Unexpected('m', 4)));
        assert_eq!(evaluated(&"(".repeat(2000)), Err(Fault::Deep));
        assert_eq!(evaluated(&"-".repeat(2000)), Err(Fault::Deep));
    }

    proptest! {
        #[test]
        fn it_never_panics(text in "[-m12n().,\\[\\]FILSUM+*/ 0-9é\u{3000}]{0,60}") {
            let _ = evaluated(&text);
        }

        #[test]
        fn nor_on_any_text(text in ".{0,200}") {
            let _ = evaluated(&text);
        }
    }
}
