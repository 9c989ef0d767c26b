//! The hosted zone. It must be there: its name servers are named by whoever registered the domain, so Tandem
//! neither makes nor removes it.

use super::super::super::given::{Given, Missing};
use super::super::super::part::Part;
use crate::cloud::{Aws, route53};
use crate::model::call::Call;
use crate::model::deploy::{Difference, Next, Ready, Seen};
use crate::model::outcome::{CallError, ErrorClass};
use crate::model::spec::Spec;
use crate::probe::Boxed;
use serde_json::{Value, json};

/// What is wrong when there is none, after its name.
const NONE: &str = "not a public hosted zone of this account: create it, or correct [dns] zone";

pub struct Zone {
    name: String,
}

impl Zone {
    pub fn of(spec: &Spec) -> Self {
        Self { name: spec.stack.zone.clone() }
    }
}

/// The id of the only public zone with this name.
///
/// # Errors
/// When there are several: nobody may pick one by chance. Else as the call ends.
pub async fn find(aws: &Aws, name: &str) -> Result<Option<String>, CallError> {
    only(name, route53::zones(aws, name).await?)
}

fn only(name: &str, mut found: Vec<String>) -> Result<Option<String>, CallError> {
    if found.len() > 1 {
        let message =
            format!("{} public hosted zones are called {name}: {}. Keep one of them", found.len(), found.join(", "));
        return Err(CallError::new(ErrorClass::Invalid, message));
    }
    Ok(found.pop())
}

/// The zone as an earlier look found it, else as it is now.
///
/// # Errors
/// As [`find`].
pub async fn given_or_found(aws: &Aws, given: &Given, name: &str) -> Result<Option<String>, CallError> {
    match given.of("zone", "id") {
        Ok(id) => Ok(Some(id.to_string())),
        Err(_) => find(aws, name).await,
    }
}

impl Part for Zone {
    fn look<'a>(&'a self, aws: &'a Aws, _: &'a Given) -> Boxed<'a, Result<Seen, CallError>> {
        Box::pin(async move {
            Ok(match find(aws, &self.name).await? {
                Some(id) => Seen::there("", json!({ "Name": self.name })).giving("id", id),
                // it is never made: a zone that is missing is one in a state that does not pass
                None => Seen::there(NONE, json!({})),
            })
        })
    }

    fn want(&self, _: &Given) -> Result<Value, Missing> {
        Ok(json!({ "Name": self.name }))
    }

    /// Never called: a look always finds something.
    fn create(&self, _: &Value, _: &Given) -> Result<Call, Missing> {
        Err(Missing { node: "zone".into(), gift: "id".into() })
    }

    fn ready(&self, seen: &Seen) -> Ready {
        if seen.gift("id").is_empty() { Ready::Failed(seen.state.clone()) } else { Ready::Yes }
    }

    fn update(&self, _: &Value, seen: &Seen, _: &[Difference], _: &Given) -> Result<Next, Missing> {
        Ok(Next::Stuck(format!("{} is {}", self.name, seen.state)))
    }

    fn remove(&self, _: &Seen, _: &Given) -> Result<Next, Missing> {
        Ok(Next::Done)
    }

    fn goes_along(&self) -> bool {
        true
    }

    fn tagged(&self) -> bool {
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deploy::parts::sample::spec;
    use std::collections::BTreeMap;

    #[test]
    fn of_two_zones_with_one_name_none_is_picked() {
        let error = only("shop.example", vec!["Z1".into(), "Z2".into()]).unwrap_err();
        assert_eq!(error.message, "2 public hosted zones are called shop.example: Z1, Z2. Keep one of them");
        assert_eq!(only("shop.example", vec!["Z1".into()]), Ok(Some("Z1".into())));
        assert_eq!(only("shop.example", vec![]), Ok(None));
    }

    #[test]
    fn a_zone_that_is_missing_is_told_and_none_is_ever_removed() {
        let zone = Zone::of(&spec(&["us-east-1"]));
        let none = Seen::there(NONE, json!({}));
        let Ready::Failed(why) = zone.ready(&none) else { panic!("a missing zone is no good") };
        assert!(why.contains("create it, or correct [dns] zone"), "{why}");
        let there = Seen::there("", json!({ "Name": "shop.example" })).giving("id", "Z1");
        assert_eq!(zone.ready(&there), Ready::Yes);
        assert_eq!(zone.remove(&there, &Given::new("shop", "1", BTreeMap::new())), Ok(Next::Done));
    }
}
