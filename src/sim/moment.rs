//! A point of simulated time, and how it travels in a tree.

use serde::de::{self, Deserialize, Deserializer, MapAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, Serializer};
use std::fmt;
use std::ops::{Add, Sub};
use std::time::Duration;

/// The member that marks a moment in a tree. A codec turns it into what its protocol writes: epoch
/// seconds (JSON), tag 1 (CBOR), ISO 8601 (XML). No AWS name can hold a NUL, so none collides.
pub const MARK: &str = "\0moment";

/// Milliseconds since the Unix epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Moment(pub u64);

impl Moment {
    /// Where a world starts unless told otherwise: 2026-01-05T14:00:00Z, a Monday.
    pub const START: Moment = Moment(1_767_621_600_000);

    /// The time from `earlier` to here; zero when `earlier` is later.
    pub fn since(self, earlier: Moment) -> Duration {
        Duration::from_millis(self.0.saturating_sub(earlier.0))
    }

    /// The beginning of the period of `seconds` that this moment lies in.
    pub fn floor(self, seconds: u64) -> Moment {
        Moment(self.0 - self.0 % (seconds.max(1) * 1000))
    }

    /// Seconds since the epoch.
    pub fn seconds(self) -> f64 {
        self.0 as f64 / 1000.0
    }

    /// From seconds since the epoch; negative and absurd ones become the nearest that fits.
    pub fn from_seconds(seconds: f64) -> Moment {
        Moment((seconds.max(0.0) * 1000.0).round() as u64)
    }

    /// As ISO 8601 with milliseconds: `2026-01-05T14:00:00.000Z`.
    pub fn iso(self) -> String {
        match jiff::Timestamp::from_millisecond(self.0.min(i64::MAX as u64) as i64) {
            Ok(at) => format!("{at:.3}"),
            Err(_) => "1970-01-01T00:00:00.000Z".into(),
        }
    }

    /// Reads ISO 8601 (`2026-01-05T14:00:00Z`, with or without a fraction or an offset).
    pub fn parse(text: &str) -> Option<Moment> {
        let at: jiff::Timestamp = text.parse().ok()?;
        u64::try_from(at.as_millisecond()).ok().map(Moment)
    }
}

impl Add<Duration> for Moment {
    type Output = Moment;
    fn add(self, by: Duration) -> Moment {
        Moment(self.0.saturating_add(by.as_millis() as u64))
    }
}

impl Sub<Duration> for Moment {
    type Output = Moment;
    fn sub(self, by: Duration) -> Moment {
        Moment(self.0.saturating_sub(by.as_millis() as u64))
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.iso())
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(1))?;
        map.serialize_entry(MARK, &self.0)?;
        map.end()
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyMoment)
    }
}

struct AnyMoment;

impl<'de> Visitor<'de> for AnyMoment {
    type Value = Moment;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a timestamp")
    }
    fn visit_u64<E: de::Error>(self, seconds: u64) -> Result<Moment, E> {
        Ok(Moment::from_seconds(seconds as f64))
    }
    fn visit_i64<E: de::Error>(self, seconds: i64) -> Result<Moment, E> {
        Ok(Moment::from_seconds(seconds as f64))
    }
    fn visit_f64<E: de::Error>(self, seconds: f64) -> Result<Moment, E> {
        Ok(Moment::from_seconds(seconds))
    }
    fn visit_str<E: de::Error>(self, text: &str) -> Result<Moment, E> {
        Moment::parse(text)
            .or_else(|| text.parse().ok().map(Moment::from_seconds))
            .ok_or_else(|| E::custom(format!("{text} is not a timestamp")))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Moment, A::Error> {
        match map.next_entry::<String, u64>()? {
            Some((key, millis)) if key == MARK => Ok(Moment(millis)),
            _ => Err(de::Error::custom("a structure is not a timestamp")),
        }
    }
}
