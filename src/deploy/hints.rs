//! Which key of the configuration AWS's words are about, and what to do. Pure.

/// Words of AWS, and the advice that they call for. The first that fits counts.
const HINTS: &[(&[&str], &str)] = &[
    (
        &["UnrecognizedClient", "InvalidClientTokenId", "OptInRequired", "Invalid replica region"],
        "the credentials are not known there: if they work in the other Regions, this one is not enabled in the account; enable it (`aws account enable-opt-in-region --region-name REGION`, it takes minutes), or name another in [[regions]] name",
    ),
    (
        &["CannotPull", "pull access denied", "manifest unknown"],
        "correct [app] image ([watch] image of a watcher, [failover] guard_image of a guard), or push it to the registry of every Region; private registries must let the execution role pull",
    ),
    (
        &["maximum number of VPCs"],
        "ask for a higher quota of VPCs there, or take one away: a watcher has one of its own beside the application's",
    ),
    (
        &["conflicts with another subnet", "CIDR overlaps", "overlapping CIDR", "Subnet.Conflict", "Vpc.Range"],
        "choose another [[regions]] vpc_cidr: this one is taken",
    ),
    (&["DBInstanceClass=", "Invalid DB Instance class", "DB instance class"], "choose another [database] class"),
    (&["Cannot find version", "Cannot upgrade aurora"], "choose another [database] version"),
    (&["hosted zone"], "create the zone, or correct [dns] zone"),
    (
        &["Certificate arn:aws:acm"],
        "something that is not of this stack has the certificate: take it off there, delete the stack, then go on",
    ),
    (
        &["-certificate is "],
        "ACM did not find its records: the name servers of the domain must be those of [dns] zone, and CAA records must allow amazon.com",
    ),
];

/// The advice, when AWS's words are about a key.
pub fn hint(words: &str) -> Option<&'static str> {
    let found = HINTS.iter().find(|(signs, _)| signs.iter().any(|sign| words.contains(sign)));
    found.map(|(_, advice)| *advice)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_names_its_key() {
        for (words, key) in [
            ("shop-base is ROLLBACK_COMPLETE: The CIDR '10.0.0.0/24' conflicts with another subnet", "vpc_cidr"),
            (
                "denied (InvalidClientTokenId): The security token included in the request is invalid",
                "[[regions]] name",
            ),
            ("CannotPullContainerError: pull image manifest has been retried 1 time(s)", "[app] image"),
            ("shop-watch is ROLLBACK_COMPLETE: The maximum number of VPCs has been reached.", "quota"),
            ("RDS does not support the combination: DBInstanceClass=db.r6g.huge, EngineVersion=16.6", "class"),
            ("Cannot find version 16.99 for aurora-postgresql", "[database] version"),
            ("shop-certificate is ROLLBACK_COMPLETE: Certificate: it did not stabilize", "[dns] zone"),
            (
                "shop-certificate cannot be deleted: Certificate arn:aws:acm:eu-west-1:1:certificate/x is in use",
                "take it",
            ),
            ("NoSuchHostedZone: No hosted zone found with ID: Z1: the hosted zone", "[dns] zone"),
        ] {
            assert!(hint(words).is_some_and(|advice| advice.contains(key)), "{words}: {:?}", hint(words));
        }
        assert_eq!(hint("Rate exceeded"), None);
    }
}
