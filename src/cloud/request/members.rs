//! Reads the input of a request, and notices what nobody reads: what is shown is what is sent.

use super::super::edge::text;
use crate::model::outcome::{CallError, ErrorClass};
use serde_json::{Map, Value};
use std::cell::RefCell;
use std::collections::BTreeSet;

/// The members of one object of an input.
pub struct Members<'a> {
    path: String,
    of: &'a Map<String, Value>,
    read: RefCell<BTreeSet<&'a str>>,
}

impl<'a> Members<'a> {
    /// `path`: what the object is called in errors.
    ///
    /// # Errors
    /// When it is no object.
    pub fn of(value: &'a Value, path: impl Into<String>) -> Result<Self, CallError> {
        let path = path.into();
        match value {
            Value::Object(of) => Ok(Self { path, of, read: RefCell::default() }),
            _ => Err(wrong(&path, "must be an object")),
        }
    }

    /// The member as it stands; null is as good as none.
    pub fn value(&self, name: &str) -> Option<&'a Value> {
        let (name, value) = self.of.get_key_value(name)?;
        self.read.borrow_mut().insert(name);
        Some(value).filter(|value| !value.is_null())
    }

    /// # Errors
    /// When it is no text.
    pub fn text(&self, name: &str) -> Result<Option<String>, CallError> {
        self.value(name)
            .map(|value| value.as_str().map(str::to_string).ok_or_else(|| self.no(name, "text")))
            .transpose()
    }

    /// # Errors
    /// When it is no whole number of 32 bits.
    pub fn int(&self, name: &str) -> Result<Option<i32>, CallError> {
        let whole = |value: &Value| value.as_i64().and_then(|number| i32::try_from(number).ok());
        self.value(name).map(|value| whole(value).ok_or_else(|| self.no(name, "a whole number"))).transpose()
    }

    /// # Errors
    /// When it is no number.
    pub fn number(&self, name: &str) -> Result<Option<f64>, CallError> {
        self.value(name).map(|value| value.as_f64().ok_or_else(|| self.no(name, "a number"))).transpose()
    }

    /// # Errors
    /// When it is neither true nor false.
    pub fn flag(&self, name: &str) -> Result<Option<bool>, CallError> {
        self.value(name).map(|value| value.as_bool().ok_or_else(|| self.no(name, "true or false"))).transpose()
    }

    /// # Errors
    /// When it is no list of texts.
    pub fn texts(&self, name: &str) -> Result<Option<Vec<String>>, CallError> {
        self.value(name)
            .map(|value| {
                let items = value.as_array().ok_or_else(|| self.no(name, "a list of texts"))?;
                items
                    .iter()
                    .map(|item| item.as_str().map(str::to_string).ok_or_else(|| self.no(name, "a list of texts")))
                    .collect()
            })
            .transpose()
    }

    /// Texts by name.
    ///
    /// # Errors
    /// When it is no object, or has anything but texts.
    pub fn pairs(&self, name: &str) -> Result<Option<Vec<(String, String)>>, CallError> {
        let no = || self.no(name, "texts by name");
        let pair = |(name, value): (&String, &Value)| Some((name.clone(), value.as_str()?.to_string()));
        self.value(name)
            .map(|value| {
                let all: Option<Vec<_>> = value.as_object().ok_or_else(no)?.iter().map(pair).collect();
                all.ok_or_else(no)
            })
            .transpose()
    }

    /// Builds what an object within this one stands for; all of its members must be read.
    ///
    /// # Errors
    /// As `build`, and when it is no object or has more members.
    pub fn object<T>(
        &self,
        name: &str,
        build: impl FnOnce(&Members<'a>) -> Result<T, CallError>,
    ) -> Result<Option<T>, CallError> {
        self.value(name).map(|value| whole(value, format!("{}.{name}", self.path), build)).transpose()
    }

    /// Builds what the objects of a list stand for.
    ///
    /// # Errors
    /// As [`Self::object`].
    pub fn list<T>(
        &self,
        name: &str,
        build: impl Fn(&Members<'a>) -> Result<T, CallError>,
    ) -> Result<Option<Vec<T>>, CallError> {
        self.value(name)
            .map(|value| {
                let items = value.as_array().ok_or_else(|| self.no(name, "a list"))?;
                let numbered = items.iter().enumerate();
                numbered.map(|(place, item)| whole(item, format!("{}.{name}[{place}]", self.path), &build)).collect()
            })
            .transpose()
    }

    fn no(&self, name: &str, what: &str) -> CallError {
        wrong(&format!("{}.{name}", self.path), &format!("must be {what}"))
    }

    fn unread(&self) -> Result<(), CallError> {
        let read = self.read.borrow();
        match self.of.keys().find(|name| !read.contains(name.as_str())) {
            Some(name) => Err(wrong(&format!("{}.{name}", self.path), "is a member that cannot be sent")),
            None => Ok(()),
        }
    }
}

/// Builds what an object stands for, and refuses it when there is a member that was not read.
///
/// # Errors
/// As `build`, and when it is no object or has more members.
pub fn whole<'a, T>(
    value: &'a Value,
    path: impl Into<String>,
    build: impl FnOnce(&Members<'a>) -> Result<T, CallError>,
) -> Result<T, CallError> {
    let members = Members::of(value, path)?;
    let built = build(&members)?;
    members.unread()?;
    Ok(built)
}

fn wrong(path: &str, why: &str) -> CallError {
    CallError::new(ErrorClass::Invalid, format!("{} {why}: nothing was sent", text(Some(path))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(input: &Value) -> Result<(Option<String>, Option<Vec<i32>>), CallError> {
        whole(input, "CreateThing", |members| {
            let ports = members.list("Ports", |port| Ok(port.int("Port")?.unwrap_or(0)))?;
            Ok((members.text("Name")?, ports))
        })
    }

    #[test]
    fn what_is_read_is_what_stands_there() {
        let input = json!({ "Name": "x", "Ports": [{ "Port": 80 }, { "Port": 443 }] });
        assert_eq!(read(&input).unwrap(), (Some("x".into()), Some(vec![80, 443])));
        assert_eq!(read(&json!({})).unwrap(), (None, None));
    }

    #[test]
    fn what_would_not_be_sent_is_refused() {
        for (input, said) in [
            (json!({ "Name": "x", "Nmae": 1 }), "CreateThing.Nmae is a member that cannot be sent"),
            (json!({ "Ports": [{ "Port": 80, "Tls": true }] }), "CreateThing.Ports[0].Tls is a member that cannot"),
            (json!({ "Name": 5 }), "CreateThing.Name must be text"),
            (json!({ "Ports": [{ "Port": 3_000_000_000_u32 }] }), "CreateThing.Ports[0].Port must be a whole number"),
            (json!([]), "CreateThing must be an object"),
        ] {
            let error = read(&input).unwrap_err();
            assert!(error.message.starts_with(said), "{}", error.message);
            assert_eq!(error.class, ErrorClass::Invalid);
        }
    }
}
