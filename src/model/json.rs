//! How values are written as JSON that JSON has no word for: numbers that are not finite, and what is
//! shared. For serde's `with`.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A number; one that is not finite is written as its name, since JSON would make it null.
#[derive(Clone, Copy)]
struct Number(f64);

#[derive(Deserialize)]
#[serde(untagged)]
enum Written {
    Number(f64),
    Named(Name),
}

#[derive(Serialize, Deserialize)]
enum Name {
    NaN,
    #[serde(rename = "inf")]
    Infinite,
    #[serde(rename = "-inf")]
    NegativeInfinite,
}

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            nan if nan.is_nan() => Name::NaN.serialize(to),
            f64::INFINITY => Name::Infinite.serialize(to),
            f64::NEG_INFINITY => Name::NegativeInfinite.serialize(to),
            finite => to.serialize_f64(finite),
        }
    }
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Ok(Number(match Written::deserialize(from)? {
            Written::Number(number) => number,
            Written::Named(Name::NaN) => f64::NAN,
            Written::Named(Name::Infinite) => f64::INFINITY,
            Written::Named(Name::NegativeInfinite) => f64::NEG_INFINITY,
        }))
    }
}

/// `f64`
pub mod float {
    use super::*;

    pub fn serialize<S: Serializer>(number: &f64, to: S) -> Result<S::Ok, S::Error> {
        Number(*number).serialize(to)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<f64, D::Error> {
        Number::deserialize(from).map(|number| number.0)
    }
}

/// `Option<f64>`
pub mod maybe_float {
    use super::*;

    pub fn serialize<S: Serializer>(number: &Option<f64>, to: S) -> Result<S::Ok, S::Error> {
        number.map(Number).serialize(to)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<f64>, D::Error> {
        Option::<Number>::deserialize(from).map(|number| number.map(|number| number.0))
    }
}

/// `BTreeMap<String, Vec<(Timestamp, f64)>>`
pub mod series {
    use super::*;
    use jiff::Timestamp;
    use std::collections::BTreeMap;

    type Series<T> = BTreeMap<String, Vec<(Timestamp, T)>>;

    fn each<A: Copy, B>(series: &Series<A>, by: fn(A) -> B) -> Series<B> {
        let points = |points: &[(Timestamp, A)]| points.iter().map(|(at, value)| (*at, by(*value))).collect();
        series.iter().map(|(name, values)| (name.clone(), points(values))).collect()
    }

    pub fn serialize<S: Serializer>(series: &Series<f64>, to: S) -> Result<S::Ok, S::Error> {
        each(series, Number).serialize(to)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Series<f64>, D::Error> {
        Series::<Number>::deserialize(from).map(|series| each(&series, |number| number.0))
    }
}

/// `Arc<T>`, written as what it holds.
pub mod shared {
    use super::*;
    use std::sync::Arc;

    pub fn serialize<T: Serialize, S: Serializer>(value: &Arc<T>, to: S) -> Result<S::Ok, S::Error> {
        value.as_ref().serialize(to)
    }

    pub fn deserialize<'de, T: Deserialize<'de>, D: Deserializer<'de>>(from: D) -> Result<Arc<T>, D::Error> {
        T::deserialize(from).map(Arc::new)
    }
}

#[cfg(test)]
mod tests {
    use crate::model::snapshot::TrafficMinute;
    use proptest::prelude::*;

    fn through(minute: TrafficMinute) -> TrafficMinute {
        serde_json::from_value(serde_json::from_str(&serde_json::to_string(&minute).unwrap()).unwrap()).unwrap()
    }

    #[test]
    fn numbers_that_are_not_finite_survive() {
        let minute = TrafficMinute {
            requests: Some(f64::INFINITY),
            target_5xx: Some(f64::NEG_INFINITY),
            elb_5xx: Some(f64::NAN),
            p99_ms: Some(-0.0),
            cpu_percent: None,
        };
        let read = through(minute);
        assert_eq!((read.requests, read.target_5xx, read.cpu_percent), (minute.requests, minute.target_5xx, None));
        assert!(read.elb_5xx.unwrap().is_nan() && read.p99_ms.unwrap().is_sign_negative());
    }

    proptest! {
        #[test]
        fn every_number_comes_back_to_the_last_bit(number in any::<f64>()) {
            let read = through(TrafficMinute { requests: Some(number), ..TrafficMinute::default() });
            let read = read.requests.unwrap();
            prop_assert!(read.to_bits() == number.to_bits() || read.is_nan() && number.is_nan());
        }
    }
}
