//! Who calls are signed for, until when, and by which clock.

use super::findings::Findings;
use super::report::Finding;
use crate::model::outcome::{CallError, ErrorClass};
use crate::model::spec::Spec;
use crate::model::text::clean;
use jiff::SignedDuration;

/// Less time than this may end in the middle of an operation: the longest step of a failover takes about as long.
const SOON: SignedDuration = SignedDuration::from_mins(15);
/// AWS refuses signatures that are five minutes off (IAM User Guide, Signature Version 4): this is on the way there.
const OFF: SignedDuration = SignedDuration::from_secs(120);

/// Codes by which AWS says that it does not know a key, or not in that Region.
const STRANGE: [&str; 3] = ["InvalidClientTokenId", "UnrecognizedClientException", "OptInRequired"];

/// Whether AWS said that it does not know the key there.
pub fn strange(error: &CallError) -> bool {
    error.code.as_deref().is_some_and(|code| STRANGE.contains(&code))
}

/// Whether the signature was refused for its time.
pub fn skewed(error: &CallError) -> bool {
    let code = error.code.as_deref().unwrap_or_default();
    let signature = code.contains("SignatureDoesNotMatch") || code.contains("InvalidSignature");
    let timed = ["Signature expired", "not yet current", "earlier than", "later than"];
    code.contains("RequestTimeTooSkewed") || signature && timed.iter().any(|words| error.message.contains(words))
}

pub fn judge(findings: &Findings, _: &Spec) -> Finding {
    let callers = || findings.regions.iter().map(|region| &region.caller);
    let known = callers().find_map(|caller| caller.as_ref().ok());
    let left = findings.expires.map(|ends| ends.duration_since(findings.now));
    let mut finding = Finding::fine(match (known, left) {
        (Some(caller), Some(left)) => {
            format!("{} of account {}; they end in {}", short(&caller.arn), caller.account, minutes(left))
        }
        (Some(caller), None) => {
            format!("{} of account {}; they do not run out", short(&caller.arn), caller.account)
        }
        (None, _) => String::new(),
    });
    let login = format!("Sign in again: {}", findings.login);
    if findings.troubles().iter().any(|(_, error)| error.class == ErrorClass::Expired) {
        finding.ill("", "the credentials have run out: AWS refuses every call that they sign", login);
        return finding;
    }
    let Some(caller) = known else {
        let nowhere = |test: fn(&CallError) -> bool| callers().all(|caller| caller.as_ref().is_err_and(test));
        if nowhere(|error| error.class == ErrorClass::Denied && error.code.is_none()) {
            let why = callers().find_map(|caller| caller.as_ref().err()).map_or("", |error| &error.message);
            finding.ill("", format!("there are no credentials to sign calls with: {}", clean(why)), login);
        } else if nowhere(strange) {
            let what = "AWS knows no such access key, or it was deleted or made inactive";
            finding.ill("", what, "Take another key or profile: --profile NAME, or AWS_PROFILE");
        } else {
            findings.regions.iter().for_each(|region| {
                let _ = finding.seen(&region.name, &region.caller);
            });
        }
        return finding;
    };
    if let Some(left) = left.filter(|left| *left < SOON) {
        let who = short(&caller.arn);
        let what = format!("those of {who} run out in {}: an operation that begins now may not end", minutes(left));
        finding.ill("", what, login);
    }
    finding
}

pub fn clock(findings: &Findings, _: &Spec) -> Finding {
    let mut finding = Finding::fine("signatures are in time");
    let todo = "Let the machine keep time: timedatectl set-ntp true, or start chronyd";
    if let Some((_, error)) = findings.troubles().into_iter().find(|(_, error)| skewed(error)) {
        let what = format!("AWS refuses signatures, because this machine's clock is wrong: {}", error.message);
        finding.ill("", what, todo);
        return finding;
    }
    let told = || findings.regions.iter().filter_map(|region| region.caller.as_ref().ok());
    if told().next().is_none() {
        finding.unknown("", "nobody answered who would tell the time");
        return finding;
    }
    let ahead = told().filter_map(|caller| caller.ahead).min_by_key(|ahead| ahead.abs()).filter(|_| findings.dated);
    if let Some(ahead) = ahead.filter(|ahead| ahead.abs() > OFF) {
        let way = if ahead.is_positive() { "behind" } else { "ahead" };
        let by = ahead.abs().as_secs();
        let what = format!("this machine's clock is {by} s {way}: at 300 s AWS refuses every signature");
        finding.ill("", what, todo);
    }
    finding
}

/// `arn:aws:iam::123456789012:user/operator` -> `user/operator`.
fn short(arn: &str) -> &str {
    arn.rsplit(':').next().unwrap_or(arn)
}

fn minutes(left: SignedDuration) -> String {
    match left.as_mins() {
        ..=0 => "less than a minute".into(),
        1 => "1 minute".into(),
        left @ 2..120 => format!("{left} minutes"),
        left => format!("{} hours", left / 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_signature_is_not_always_one_out_of_time() {
        let error = |code: &str, message: &str| CallError {
            code: Some(code.into()),
            ..CallError::new(ErrorClass::Denied, message)
        };
        assert!(skewed(&error(
            "SignatureDoesNotMatch",
            "Signature expired: 20260105T1 is now earlier than 20260105T2"
        )));
        assert!(skewed(&error(
            "InvalidSignatureException",
            "Signature not yet current: 20260105T9 is still later than"
        )));
        assert!(skewed(&error("RequestTimeTooSkewed", "")));
        assert!(!skewed(&error("SignatureDoesNotMatch", "The request signature we calculated does not match")));
        assert!(!skewed(&error("AccessDenied", "")));
    }

    #[test]
    fn time_left_is_told_in_words() {
        let told = |seconds| minutes(SignedDuration::from_secs(seconds));
        assert_eq!(told(-5), "less than a minute");
        assert_eq!([told(60), told(899), told(5 * 3600)], ["1 minute", "14 minutes", "5 hours"]);
    }
}
