//! What an error means for a loop that goes on: again, look again, or give up. Pure.

use super::hints::hint;
use crate::model::observed::elapsed;
use crate::model::outcome::{CallError, ErrorClass};
use jiff::Timestamp;
use std::time::Duration;

/// How long what was just made may be unknown to those that are told of it: roles for the most part.
const CONSISTENCY: Duration = Duration::from_secs(90);
/// How long a state may forbid a call: AWS lets clusters be `modifying` and tables `UPDATING` for minutes.
const STATE: Duration = Duration::from_secs(30 * 60);
/// How long a Region may not answer before its branch is given up.
const SILENCE: Duration = Duration::from_secs(20 * 60);
/// The first and the longest wait between two tries.
const WAITS: (Duration, Duration) = (Duration::from_secs(2), Duration::from_secs(20));

/// What comes after a call that did not succeed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing came of it; it may go well later.
    Again(Duration),
    /// Something may have come of it.
    LookAgain(Duration),
    GiveUp,
}

/// How much has been borne so far.
#[derive(Debug, Clone, Default)]
pub struct Patience {
    /// When errors of this kind began, one after another.
    since: Option<(ErrorClass, Timestamp)>,
    tries: u32,
}

impl Patience {
    /// A call went well.
    pub fn heard(&mut self) {
        *self = Self::default();
    }

    fn wait(&self) -> Duration {
        (WAITS.0 * 2_u32.saturating_pow(self.tries.min(8))).min(WAITS.1)
    }

    /// How long errors of this class have come without a break.
    fn bear(&mut self, class: ErrorClass, now: Timestamp) -> Duration {
        let since = match self.since {
            Some((before, since)) if before == class => since,
            _ => {
                self.tries = 0;
                self.since = Some((class, now));
                now
            }
        };
        self.tries += 1;
        elapsed(since, now)
    }

    /// After a look without an answer: how long to wait before the next one, `None`: give up. Throttling and
    /// expired credentials are waited for without end.
    pub fn blind(&mut self, error: &CallError, now: Timestamp) -> Option<Duration> {
        let borne = self.bear(error.class, now);
        let most = match error.class {
            ErrorClass::Throttled | ErrorClass::Expired => Duration::MAX,
            ErrorClass::Unreachable | ErrorClass::Timeout | ErrorClass::Service => SILENCE,
            // what was just made may not be there for everybody yet, and services say so in many ways
            ErrorClass::NotFound | ErrorClass::Conflict | ErrorClass::Invalid => CONSISTENCY,
            ErrorClass::Denied => return None,
        };
        (borne < most).then(|| self.wait())
    }
}

/// After a call that was refused, or whose outcome is not known.
pub fn refused(error: &CallError, unknown: bool, patience: &mut Patience, now: Timestamp) -> Verdict {
    let borne = patience.bear(error.class, now);
    let wait = patience.wait();
    let within = |most: Duration, verdict: Verdict| if borne < most { verdict } else { Verdict::GiveUp };
    let code = error.code.as_deref().unwrap_or_default();
    if unknown {
        return within(SILENCE, Verdict::LookAgain(wait));
    }
    match error.class {
        ErrorClass::Throttled | ErrorClass::Expired => Verdict::Again(wait),
        // somebody has made it: the next look tells who
        ErrorClass::Conflict if code.contains("AlreadyExists") => within(CONSISTENCY, Verdict::LookAgain(wait)),
        ErrorClass::Conflict => within(STATE, Verdict::LookAgain(wait)),
        // of roles, secrets and subnets that are seconds old, in the words of many services
        ErrorClass::NotFound | ErrorClass::Denied | ErrorClass::Invalid if passing(error) => {
            within(CONSISTENCY, Verdict::Again(wait))
        }
        ErrorClass::NotFound => within(CONSISTENCY / 3, Verdict::LookAgain(wait)),
        _ => Verdict::GiveUp,
    }
}

/// Whether the words are those of something that is not known everywhere yet.
fn passing(error: &CallError) -> bool {
    let message = error.message.to_ascii_lowercase();
    let words = ["assume", "role", "does not exist", "not found", "cannot be found", "not authorized to perform: sts"];
    words.iter().any(|word| message.contains(word))
}

/// What to do about it.
pub fn advice(error: Option<&CallError>) -> &'static str {
    let Some(error) = error else { return "see to it, then apply again: what stands is kept" };
    if let Some(hint) = hint(&error.to_string()) {
        return hint;
    }
    let code = error.code.as_deref().unwrap_or_default();
    if code.contains("Limit") || code.contains("Quota") || error.message.to_ascii_lowercase().contains("limit exceeded")
    {
        return "ask for a higher quota in Service Quotas, or remove what is not needed, then apply again";
    }
    match error.class {
        ErrorClass::Denied => "give the credentials this permission, then apply again: what stands is kept",
        ErrorClass::Expired => "sign in again, then apply again: what stands is kept",
        ErrorClass::Throttled => "apply again later: what stands is kept",
        ErrorClass::Unreachable | ErrorClass::Timeout | ErrorClass::Service => {
            "the Region did not answer: apply again when it does, what stands is kept"
        }
        ErrorClass::Invalid => "correct the configuration, then apply again: what stands is kept",
        ErrorClass::NotFound | ErrorClass::Conflict => "look at it in AWS, then apply again: what stands is kept",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn error(class: ErrorClass, code: &str, message: &str) -> CallError {
        CallError { class, code: Some(code.into()), message: message.into(), request_id: None }
    }

    #[test]
    fn throttling_slows_and_never_fails() {
        let mut patience = Patience::default();
        let throttled = error(ErrorClass::Throttled, "Throttling", "Rate exceeded");
        for second in 0..10_000 {
            assert!(
                matches!(refused(&throttled, false, &mut patience, at(second)), Verdict::Again(wait) if wait <= WAITS.1)
            );
            assert!(patience.blind(&throttled, at(second)).is_some());
        }
    }

    #[test]
    fn what_is_seconds_old_is_waited_for_and_what_is_wrong_is_not() {
        let mut patience = Patience::default();
        let role = error(ErrorClass::Invalid, "ClientException", "ECS was unable to assume the role");
        assert!(matches!(refused(&role, false, &mut patience, at(0)), Verdict::Again(_)));
        assert_eq!(refused(&role, false, &mut patience, at(91)), Verdict::GiveUp);
        let wrong = error(ErrorClass::Invalid, "ValidationError", "Port must be a number");
        assert_eq!(refused(&wrong, false, &mut patience, at(92)), Verdict::GiveUp);
        assert_eq!(patience.blind(&error(ErrorClass::Denied, "AccessDenied", ""), at(93)), None);
    }

    #[test]
    fn an_unknown_outcome_is_looked_at_before_anything_else() {
        let mut patience = Patience::default();
        let lost = error(ErrorClass::Timeout, "", "");
        assert!(matches!(refused(&lost, true, &mut patience, at(0)), Verdict::LookAgain(_)));
        assert_eq!(refused(&lost, true, &mut patience, at(20 * 60)), Verdict::GiveUp);
    }
}
