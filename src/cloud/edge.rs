//! Where AWS's answers enter: text is cleaned, absent members become defaults, times become ours.

use crate::model::text::clean;
use aws_smithy_types::DateTime;
use jiff::Timestamp;

/// A string that is always shown; empty when AWS left it out.
pub fn text(remote: Option<&str>) -> String {
    clean(remote.unwrap_or_default())
}

/// A string that may be missing; an empty one is as good as none.
pub fn some_text(remote: Option<&str>) -> Option<String> {
    remote.filter(|text| !text.is_empty()).map(clean)
}

/// A count; AWS's counts are signed.
pub fn count(remote: i32) -> u32 {
    u32::try_from(remote).unwrap_or(0)
}

/// A moment; one that no calendar holds is left out.
pub fn moment(remote: Option<&DateTime>) -> Option<Timestamp> {
    let at = remote?;
    let nanos = i32::try_from(at.subsec_nanos()).ok()?;
    Timestamp::new(at.secs(), nanos).ok()
}

/// The Region that an ARN names.
pub fn region_of(arn: &str) -> Option<String> {
    some_text(arn.split(':').nth(3))
}

/// A domain name without the trailing dot.
pub fn name(remote: &str) -> String {
    clean(remote.trim_end_matches('.'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn absent_is_not_zero_and_absurd_is_absent() {
        assert_eq!(some_text(Some("")), None);
        assert_eq!(count(-1), 0);
        assert_eq!(moment(Some(&DateTime::from_secs(i64::MAX))), None);
        assert_eq!(moment(Some(&DateTime::from_secs(60))).map(|at| at.as_second()), Some(60));
    }

    #[test]
    fn an_arn_names_its_region() {
        assert_eq!(region_of("arn:aws:rds:eu-west-1:1:cluster:shop-db").as_deref(), Some("eu-west-1"));
        assert_eq!(region_of("arn:aws:iam::1:user/x"), None);
        assert_eq!(region_of("shop-db"), None);
    }

    proptest! {
        #[test]
        fn any_moment_is_read_without_a_panic(secs in any::<i64>(), nanos in 0_u32..1_000_000_000) {
            let _ = moment(Some(&DateTime::from_secs_and_nanos(secs, nanos)));
        }

        #[test]
        fn hostile_text_is_harmless(remote in any::<String>()) {
            for shown in [text(Some(&remote)), name(&remote), some_text(Some(&remote)).unwrap_or_default()] {
                prop_assert!(shown.chars().all(|c| !c.is_control()));
            }
        }
    }
}
