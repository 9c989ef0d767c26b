//! Whether credentials are accepted, and what to do when they have run out.

use crate::model::event::{Event, Severity};
use crate::model::outcome::ErrorClass;
use crate::model::snapshot::Snapshot;
use jiff::Timestamp;

/// What was told last.
#[derive(Debug, Default)]
pub(super) struct Marks {
    login: String,
    expired: bool,
}

impl Marks {
    pub fn new(login: String) -> Self {
        Self { login, expired: false }
    }

    /// Credentials that have run out before the first look are news all the same.
    pub fn notes(&mut self, snapshot: &Snapshot, now: Timestamp) -> Vec<Event> {
        let expired = snapshot.failures().any(|why| why.class == ErrorClass::Expired);
        let before = std::mem::replace(&mut self.expired, expired);
        let (severity, text) = match (before, expired) {
            (false, true) => {
                let text = format!("credentials have run out: {}, or renew them where they come from", self.login);
                (Severity::Bad, text)
            }
            (true, false) => (Severity::Good, "credentials are accepted again".into()),
            _ => return vec![],
        };
        vec![Event { at: now, severity, region: None, text }]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::fixtures::{now, snapshot};
    use crate::model::outcome::CallError;

    #[test]
    fn credentials_that_have_run_out_say_once_what_to_do() {
        let (mut seen, mut marks) = (snapshot(), Marks::new("aws sso login --profile shop".into()));
        assert_eq!(marks.notes(&seen, now()), []);
        seen.regions[0].targets.failed(CallError::new(ErrorClass::Denied, "no"), now());
        assert_eq!(marks.notes(&seen, now()), [], "denied is not expired");
        seen.regions[1].service.failed(CallError::new(ErrorClass::Expired, "expired"), now());
        let notes = marks.notes(&seen, now());
        assert_eq!(notes.len(), 1);
        assert!(
            notes[0].severity == Severity::Bad && notes[0].text.contains("aws sso login --profile shop"),
            "{notes:?}"
        );
        seen.identity.failed(CallError::new(ErrorClass::Expired, "expired"), now());
        assert_eq!(marks.notes(&seen, now()), [], "told already");
        let good = snapshot();
        assert_eq!(marks.notes(&good, now())[0].text, "credentials are accepted again");
    }
}
