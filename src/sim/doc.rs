//! One tree for five protocols, read by what the receiver asks for.
//!
//! JSON and CBOR say what is a number and what is a list, so they are read strictly. A form and an
//! XML document know only text and nesting, so there the asked type decides.

use serde::de::{
    self, DeserializeOwned, DeserializeSeed, Deserializer, IntoDeserializer, MapAccess, SeqAccess, Visitor,
};
use std::fmt;

/// The tree.
pub type Doc = serde_json::Value;

/// A decoded request body, with how it may be read.
#[derive(Debug, Clone)]
pub enum Input {
    /// From JSON or CBOR.
    Typed(Doc),
    /// From a form or XML: scalars are text, lists may be wrapped (`{"member": [..]}`, `{"1": ..}`).
    Text(Doc),
}

impl Input {
    pub fn read<T: DeserializeOwned>(self) -> Result<T, Mismatch> {
        match self {
            Input::Typed(doc) => T::deserialize(doc).map_err(|e| Mismatch(e.to_string())),
            Input::Text(doc) => T::deserialize(Lenient(doc)),
        }
    }
}

/// Input that has not the shape that was asked for.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Mismatch(pub String);

impl Mismatch {
    /// The required member that is absent, if that is what is wrong (serde's words for it).
    pub fn missing(&self) -> Option<&str> {
        self.0.strip_prefix("missing field `")?.strip_suffix('`')
    }
}

impl de::Error for Mismatch {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self(message.to_string())
    }
}

struct Lenient(Doc);

impl Lenient {
    fn number<T: std::str::FromStr>(&self) -> Result<T, Mismatch> {
        let text = match &self.0 {
            Doc::String(text) => text.trim().to_string(),
            other => other.to_string(),
        };
        text.parse().map_err(|_| Mismatch(format!("{text} is not a valid number")))
    }

    fn items(self) -> Vec<Doc> {
        match self.0 {
            Doc::Array(items) => items,
            Doc::Null => vec![],
            Doc::String(text) if text.is_empty() => vec![],
            Doc::Object(map) if numbered(&map) => in_order(map),
            Doc::Object(map) if map.len() == 1 => match map.into_iter().next() {
                Some((_, Doc::Array(items))) => items,
                Some((_, Doc::Object(inner))) if numbered(&inner) => in_order(inner),
                Some((_, one)) => vec![one],
                None => vec![],
            },
            one => vec![one],
        }
    }
}

fn numbered(map: &serde_json::Map<String, Doc>) -> bool {
    !map.is_empty() && map.keys().all(|key| key.bytes().all(|b| b.is_ascii_digit()))
}

fn in_order(map: serde_json::Map<String, Doc>) -> Vec<Doc> {
    let mut items: Vec<(u64, Doc)> =
        map.into_iter().map(|(key, value)| (key.parse().unwrap_or(u64::MAX), value)).collect();
    items.sort_by_key(|(place, _)| *place);
    items.into_iter().map(|(_, value)| value).collect()
}

macro_rules! numbers {
    ($($read:ident $visit:ident),*) => { $(
        fn $read<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
            visitor.$visit(self.number()?)
        }
    )* };
}

impl<'de> Deserializer<'de> for Lenient {
    type Error = Mismatch;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        self.0.into_deserializer().deserialize_any(visitor).map_err(|e: serde_json::Error| Mismatch(e.to_string()))
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        match &self.0 {
            Doc::Bool(value) => visitor.visit_bool(*value),
            Doc::String(text) if text == "true" => visitor.visit_bool(true),
            Doc::String(text) if text == "false" => visitor.visit_bool(false),
            other => Err(Mismatch(format!("{other} is not a boolean"))),
        }
    }

    numbers!(
        deserialize_i8 visit_i8, deserialize_i16 visit_i16, deserialize_i32 visit_i32, deserialize_i64 visit_i64,
        deserialize_u8 visit_u8, deserialize_u16 visit_u16, deserialize_u32 visit_u32, deserialize_u64 visit_u64,
        deserialize_f32 visit_f32, deserialize_f64 visit_f64
    );

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        if self.0.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Mismatch> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        visitor.visit_seq(Items(self.items().into_iter()))
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        let fields = match self.0 {
            Doc::Object(map) => map,
            Doc::Null => serde_json::Map::new(),
            Doc::String(text) if text.trim().is_empty() => serde_json::Map::new(),
            other => return Err(Mismatch(format!("{other} is not a structure"))),
        };
        visitor.visit_map(Fields { rest: fields.into_iter(), value: None })
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Mismatch> {
        self.deserialize_map(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Mismatch> {
        self.0
            .into_deserializer()
            .deserialize_enum(name, variants, visitor)
            .map_err(|e: serde_json::Error| Mismatch(e.to_string()))
    }

    serde::forward_to_deserialize_any! {
        i128 u128 char str string bytes byte_buf unit unit_struct tuple tuple_struct identifier ignored_any
    }
}

struct Items(std::vec::IntoIter<Doc>);

impl<'de> SeqAccess<'de> for Items {
    type Error = Mismatch;
    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Mismatch> {
        self.0.next().map(|doc| seed.deserialize(Lenient(doc))).transpose()
    }
}

struct Fields {
    rest: serde_json::map::IntoIter,
    value: Option<Doc>,
}

impl<'de> MapAccess<'de> for Fields {
    type Error = Mismatch;
    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Mismatch> {
        let Some((key, value)) = self.rest.next() else { return Ok(None) };
        self.value = Some(value);
        seed.deserialize(key.into_deserializer()).map(Some)
    }
    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, Mismatch> {
        seed.deserialize(Lenient(self.value.take().unwrap_or(Doc::Null)))
    }
}
