//! smithy rpc-v2-cbor. Definite and indefinite lengths are read, definite ones written.

use super::{DEPTH, moment_of};
use crate::doc::Doc;
use crate::moment::{MARK, Moment};
use minicbor::data::{IanaTag, Tag, Type};
use minicbor::{Decoder, Encoder};
use serde_json::Map;

/// The operation in `/service/<shape>/operation/<Operation>`; empty when the path is another one.
pub(super) fn operation(path: &str) -> &str {
    let mut parts = path.trim_start_matches('/').split('/');
    match (parts.next(), parts.next(), parts.next(), parts.next(), parts.next()) {
        (Some("service"), Some(_), Some("operation"), Some(name), None) => name,
        _ => "",
    }
}

/// Reads a map. A member that is null counts as absent.
pub(super) fn read(bytes: &[u8]) -> Result<Doc, String> {
    let mut decoder = Decoder::new(bytes);
    let doc = value(&mut decoder, DEPTH)?;
    if decoder.position() != bytes.len() {
        return Err(format!("unexpected bytes after position {}", decoder.position()));
    }
    if doc.is_object() { Ok(doc) } else { Err("The body of the request is not a map.".into()) }
}

fn value(decoder: &mut Decoder<'_>, depth: usize) -> Result<Doc, String> {
    let left = depth.checked_sub(1).ok_or("nested too deeply")?;
    let at = decoder.position();
    let doc = match decoder.datatype().map_err(text)? {
        Type::Bool => decoder.bool().map_err(text)?.into(),
        Type::Null | Type::Undefined => {
            decoder.skip().map_err(text)?;
            Doc::Null
        }
        Type::U8 | Type::U16 | Type::U32 | Type::U64 => decoder.u64().map_err(text)?.into(),
        Type::I8 | Type::I16 | Type::I32 | Type::I64 => decoder.i64().map_err(text)?.into(),
        Type::F16 => float(half(decoder)?),
        Type::F32 => float(decoder.f32().map_err(text)?.into()),
        Type::F64 => float(decoder.f64().map_err(text)?),
        Type::String | Type::StringIndef => Doc::String(string(decoder)?),
        Type::Array | Type::ArrayIndef => {
            let length = decoder.array().map_err(text)?;
            let mut items = vec![];
            while more(decoder, length, items.len())? {
                items.push(value(decoder, left)?);
            }
            Doc::Array(items)
        }
        Type::Map | Type::MapIndef => {
            let length = decoder.map().map_err(text)?;
            let (mut members, mut count) = (Map::new(), 0);
            while more(decoder, length, count)? {
                let name = string(decoder)?;
                let member = value(decoder, left)?;
                if !member.is_null() {
                    members.insert(name, member);
                }
                count += 1;
            }
            Doc::Object(members)
        }
        Type::Tag if decoder.tag().map_err(text)? == Tag::from(IanaTag::Timestamp) => {
            let seconds = value(decoder, left)?.as_f64().ok_or("a timestamp must be a number of seconds")?;
            moment(Moment::from_seconds(seconds))
        }
        Type::Tag => return Err(format!("unexpected tag at position {at}")),
        other => return Err(format!("unexpected {other} at position {at}")),
    };
    Ok(doc)
}

fn text(error: minicbor::decode::Error) -> String {
    error.to_string()
}

/// Whether a container has another element; takes the break that ends one of indefinite length.
fn more(decoder: &mut Decoder<'_>, length: Option<u64>, have: usize) -> Result<bool, String> {
    if let Some(length) = length {
        return Ok((have as u64) < length);
    }
    let ended = decoder.datatype().map_err(text)? == Type::Break;
    if ended {
        decoder.skip().map_err(text)?;
    }
    Ok(!ended)
}

fn string(decoder: &mut Decoder<'_>) -> Result<String, String> {
    match decoder.datatype().map_err(text)? {
        Type::String => Ok(decoder.str().map_err(text)?.to_string()),
        Type::StringIndef => decoder.str_iter().map_err(text)?.map(|part| part.map_err(text)).collect(),
        other => Err(format!("expected a text string, found {other} at position {}", decoder.position())),
    }
}

/// A float of 16 bits (RFC 8949, appendix D).
fn half(decoder: &mut Decoder<'_>) -> Result<f64, String> {
    let at = decoder.position();
    let Some([_, high, low]) = decoder.input().get(at..at + 3) else {
        return Err("end of input in a float".into());
    };
    let bits = u16::from_be_bytes([*high, *low]);
    decoder.set_position(at + 3);
    let (exponent, fraction) = (i32::from(bits >> 10 & 0x1f), f64::from(bits & 0x3ff));
    let size = match exponent {
        0 => fraction * 2_f64.powi(-24),
        31 if fraction == 0.0 => f64::INFINITY,
        31 => f64::NAN,
        _ => (1024.0 + fraction) * 2_f64.powi(exponent - 25),
    };
    Ok(if bits & 0x8000 == 0 { size } else { -size })
}

/// A tree has no NaN and no infinities; they become the words that the JSON protocols use.
fn float(value: f64) -> Doc {
    match serde_json::Number::from_f64(value) {
        Some(number) => Doc::Number(number),
        None if value.is_nan() => "NaN".into(),
        None if value > 0.0 => "Infinity".into(),
        None => "-Infinity".into(),
    }
}

fn moment(at: Moment) -> Doc {
    Doc::Object(Map::from_iter([(MARK.to_string(), at.0.into())]))
}

pub(super) fn write(doc: &Doc) -> Vec<u8> {
    let mut encoder = Encoder::new(Vec::new());
    put(&mut encoder, doc);
    encoder.into_writer()
}

/// A vector takes every byte, so what the encoder returns says nothing.
fn put(encoder: &mut Encoder<Vec<u8>>, doc: &Doc) {
    match doc {
        Doc::Null => _ = encoder.null(),
        Doc::Bool(value) => _ = encoder.bool(*value),
        Doc::String(value) => _ = encoder.str(value),
        Doc::Number(number) => {
            if let Some(value) = number.as_u64() {
                _ = encoder.u64(value);
            } else if let Some(value) = number.as_i64() {
                _ = encoder.i64(value);
            } else {
                _ = encoder.f64(number.as_f64().unwrap_or_default());
            }
        }
        Doc::Array(items) => {
            _ = encoder.array(items.len() as u64);
            items.iter().for_each(|item| put(encoder, item));
        }
        Doc::Object(members) => {
            if let Some(at) = moment_of(members) {
                _ = encoder.tag(IanaTag::Timestamp).and_then(|encoder| encoder.f64(at.seconds()));
                return;
            }
            let present = || members.iter().filter(|(_, member)| !member.is_null());
            _ = encoder.map(present().count() as u64);
            for (name, member) in present() {
                _ = encoder.str(name);
                put(encoder, member);
            }
        }
    }
}
