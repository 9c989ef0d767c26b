//! Numbers as DynamoDB keeps them: decimal, up to 38 digits, exact (Developer Guide, data types).

use std::cmp::Ordering;
use std::fmt;

/// A decimal: `digits` times ten to the power of `exponent`, without zeros at either end.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Number {
    negative: bool,
    /// Most significant first; empty is zero.
    digits: Vec<u8>,
    exponent: i32,
}

const MOST_DIGITS: usize = 38;
/// Magnitudes: 1E-130 to 9.99..E+125.
const SMALLEST: i32 = -130;
const LARGEST: i32 = 125;

impl Number {
    /// Reads `-12.50e3`.
    ///
    /// # Errors
    /// What DynamoDB says of text that is no number, or of one that it cannot keep.
    pub fn parse(text: &str) -> Result<Self, String> {
        let bad = || format!("The parameter cannot be converted to a numeric value: {text}");
        let trimmed = text.trim();
        let (negative, rest) = match trimmed.as_bytes().first() {
            Some(b'-') => (true, &trimmed[1..]),
            Some(b'+') => (false, &trimmed[1..]),
            _ => (false, trimmed),
        };
        let (mantissa, power) = match rest.split_once(['e', 'E']) {
            Some((mantissa, power)) => (mantissa, power.parse::<i32>().map_err(|_| bad())?),
            None => (rest, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let plain = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() && fraction.is_empty() || !plain(whole) || !plain(fraction) {
            return Err(bad());
        }
        let digits: Vec<u8> = whole.bytes().chain(fraction.bytes()).map(|byte| byte - b'0').collect();
        let exponent = power.checked_sub(i32::try_from(fraction.len()).map_err(|_| bad())?).ok_or_else(bad)?;
        Self { negative, digits, exponent }.normal().bounded()
    }

    fn normal(mut self) -> Self {
        while self.digits.last() == Some(&0) {
            self.digits.pop();
            self.exponent = self.exponent.saturating_add(1);
        }
        let zeros = self.digits.iter().take_while(|digit| **digit == 0).count();
        self.digits.drain(..zeros);
        if self.digits.is_empty() {
            (self.negative, self.exponent) = (false, 0);
        }
        self
    }

    fn bounded(self) -> Result<Self, String> {
        if self.digits.len() > MOST_DIGITS {
            return Err("Attempting to store more than 38 significant digits in a Number".into());
        }
        match self.magnitude() {
            Some(high) if high > LARGEST => {
                Err("Number overflow. Attempting to store a number with magnitude larger than supported range".into())
            }
            Some(high) if high < SMALLEST => {
                Err("Number underflow. Attempting to store a number with magnitude smaller than supported range".into())
            }
            _ => Ok(self),
        }
    }

    /// The power of ten of its first digit; `None` for zero.
    fn magnitude(&self) -> Option<i32> {
        (!self.digits.is_empty()).then(|| self.exponent.saturating_add(self.digits.len() as i32 - 1))
    }

    /// The sum.
    ///
    /// # Errors
    /// When it has more digits or a larger magnitude than a number may have.
    pub fn add(&self, other: &Self) -> Result<Self, String> {
        let low = self.exponent.min(other.exponent);
        let span = |number: &Self| (number.exponent - low) as usize + number.digits.len();
        let length = span(self).max(span(other)) + 1;
        if length > 4 * MOST_DIGITS + (LARGEST - SMALLEST) as usize {
            return Err(
                "Number overflow. Attempting to store a number with magnitude larger than supported range".into()
            );
        }
        let spread = |number: &Self| {
            let mut column = vec![0_i16; length];
            let first = length - span(number);
            for (place, digit) in number.digits.iter().enumerate() {
                column[first + place] = i16::from(*digit);
            }
            column
        };
        let (one, two) = (spread(self), spread(other));
        let sign = |number: &Self| if number.negative { -1_i16 } else { 1 };
        let mut sum: Vec<i16> = one.iter().zip(&two).map(|(a, b)| sign(self) * a + sign(other) * b).collect();
        let negative = sum.iter().find(|digit| **digit != 0).is_some_and(|digit| *digit < 0);
        if negative {
            sum.iter_mut().for_each(|digit| *digit = -*digit);
        }
        for place in (1..length).rev() {
            let carry = sum[place].div_euclid(10);
            sum[place] = sum[place].rem_euclid(10);
            sum[place - 1] += carry;
        }
        let digits = sum.into_iter().map(|digit| digit as u8).collect();
        Self { negative, digits, exponent: low }.normal().bounded()
    }

    #[must_use]
    pub fn negated(&self) -> Self {
        Self { negative: !self.negative && !self.digits.is_empty(), ..self.clone() }
    }

    /// Bytes that it counts as: one for two digits, and one (Developer Guide, item sizes; approximate).
    pub fn size(&self) -> usize {
        self.digits.len().div_ceil(2) + 1
    }

    /// The nearest float, for moments.
    pub fn as_f64(&self) -> f64 {
        self.to_string().parse().unwrap_or(0.0)
    }
}

impl From<u64> for Number {
    fn from(value: u64) -> Self {
        let digits = value.to_string().bytes().map(|byte| byte - b'0').collect();
        Self { negative: false, digits, exponent: 0 }.normal()
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        let rank = |number: &Self| match (number.digits.is_empty(), number.negative) {
            (true, _) => 0,
            (false, true) => -1,
            (false, false) => 1,
        };
        let size = || self.magnitude().cmp(&other.magnitude()).then_with(|| self.digits.cmp(&other.digits));
        rank(self).cmp(&rank(other)).then_with(|| if self.negative { size().reverse() } else { size() })
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.digits.is_empty() {
            return f.write_str("0");
        }
        if self.negative {
            f.write_str("-")?;
        }
        let text: String = self.digits.iter().map(|digit| char::from(b'0' + digit)).collect();
        let point = text.len() as i32 + self.exponent;
        if self.exponent >= 0 {
            return write!(f, "{text}{}", "0".repeat(self.exponent as usize));
        }
        if point <= 0 {
            return write!(f, "0.{}{text}", "0".repeat(-point as usize));
        }
        let (whole, fraction) = text.split_at(point as usize);
        write!(f, "{whole}.{fraction}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn number(text: &str) -> Number {
        Number::parse(text).unwrap_or_else(|why| panic!("{why}"))
    }

    #[test]
    fn numbers_are_kept_without_what_means_nothing() {
        for (text, kept) in
            [("1.50", "1.5"), ("-0", "0"), ("007", "7"), ("1e3", "1000"), ("0.0010", "0.001"), ("+2", "2")]
        {
            assert_eq!(number(text).to_string(), kept);
        }
        assert_eq!(number("0.1").add(&number("0.2")), Ok(number("0.3")), "no binary fractions");
        assert_eq!(number("1").add(&number("-1")).map(|n| n.to_string()), Ok("0".into()));
        assert_eq!(number("99").add(&number("-100.5")).map(|n| n.to_string()), Ok("-1.5".into()));
    }

    #[test]
    fn what_cannot_be_kept_is_refused() {
        for text in ["", "x", "1.2.3", "--1", "1e", ".", "1e99999999999"] {
            assert!(Number::parse(text).is_err(), "{text}");
        }
        assert!(Number::parse("1e126").unwrap_err().contains("overflow"));
        assert!(Number::parse("1e-131").unwrap_err().contains("underflow"));
        assert!(Number::parse(&"1".repeat(39)).unwrap_err().contains("38"));
    }

    proptest! {
        #[test]
        fn sums_and_order_are_those_of_integers(a in -1_000_000_000_i64..1_000_000_000, b in -1_000_000_000_i64..1_000_000_000) {
            let (one, two) = (number(&a.to_string()), number(&b.to_string()));
            prop_assert_eq!(one.add(&two).unwrap().to_string(), (a + b).to_string());
            prop_assert_eq!(one.cmp(&two), a.cmp(&b));
        }

        #[test]
        fn no_text_is_too_strange(text in ".{0,60}") {
            if let Ok(number) = Number::parse(&text) {
                prop_assert_eq!(Number::parse(&number.to_string()), Ok(number));
            }
        }
    }
}
