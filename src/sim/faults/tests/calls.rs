//! What becomes of a call, and what the faults of other rooms are asked.

use super::*;
use crate::services;

/// An operation that changes nothing.
static READ: Operation =
    Operation { name: "DescribeProbes", routes: &[], reads: true, run: |_, _, _| Ok(crate::doc::Doc::Null) };

fn service(scope: &str) -> &'static Service {
    services::ALL.iter().find(|service| service.scope == scope).expect("the service is spoken")
}

fn named(name: &'static str) -> Operation {
    Operation { name, routes: &[], reads: false, run: |_, _, _| Ok(crate::doc::Doc::Null) }
}

#[test]
fn reads_and_changes_are_bent_each_in_their_way() {
    let stale = CallEffect::Stale(Duration::from_secs(20));
    for (kind, on_read, on_change) in [
        ("F7", CallEffect::AppliedMalformed, CallEffect::AppliedMalformed),
        ("F8", CallEffect::EndedEarly, CallEffect::None),
        ("F9", stale, CallEffect::None),
        ("F10", CallEffect::None, CallEffect::Twice),
    ] {
        let mut world = World::empty(1);
        begin(&mut world, kind, Some(IRELAND), |spec| spec.rate = Some(1.0));
        assert_eq!(on_call(&mut world, IRELAND, &ECS, &READ), on_read, "{kind}");
        assert_eq!(on_call(&mut world, IRELAND, &ECS, &PROBE), on_change, "{kind}");
        assert_eq!(on_call(&mut world, VIRGINIA, &ECS, &READ), CallEffect::None, "{kind}");
        assert!(!silent(&world, IRELAND, &ECS), "{kind}");
        after(&mut world, 600);
        assert_eq!(on_call(&mut world, IRELAND, &ECS, &READ), CallEffect::None, "{kind} ends by itself");
        assert_eq!(on_call(&mut world, IRELAND, &ECS, &PROBE), CallEffect::None, "{kind} ends by itself");
    }
}

#[test]
fn a_fault_that_cannot_hit_a_call_leaves_it_to_the_next() {
    let mut world = World::empty(1);
    begin(&mut world, "F10", None, |spec| spec.rate = Some(1.0));
    begin(&mut world, "F8", None, |_| {});
    assert_eq!(on_call(&mut world, IRELAND, &ECS, &READ), CallEffect::EndedEarly);
    assert_eq!(on_call(&mut world, IRELAND, &ECS, &PROBE), CallEffect::Twice);
}

#[test]
fn the_most_that_reads_may_be_stale_is_bounded() {
    let mut world = World::empty(1);
    let spec = |delay| FaultSpec { kind: "F9".into(), delay_s: Some(delay), ..FaultSpec::default() };
    assert!(matches!(start(&mut world, spec(121.0)), Err(FaultError::OutOfRange { parameter: "delay_s", .. })));
    assert!(start(&mut world, spec(120.0)).is_ok());
    let mut world = World::empty(1);
    assert!(start(&mut world, spec(0.0)).is_ok());
    assert_eq!(on_call(&mut world, IRELAND, &ECS, &READ), CallEffect::None, "not stale at all");
}

#[test]
fn a_revoked_permission_is_told_in_the_words_of_each_service() {
    for (scope, action, status, code) in [
        ("ecs", "ecs:Probe", 400, "AccessDeniedException"),
        ("application-autoscaling", "application-autoscaling:Probe", 400, "AccessDeniedException"),
        ("dynamodb", "dynamodb:Probe", 400, "AccessDeniedException"),
        ("monitoring", "cloudwatch:Probe", 400, "AccessDeniedException"),
        ("rds-data", "rds-data:Probe", 403, "AccessDeniedException"),
        ("rds", "rds:Probe", 403, "AccessDenied"),
        ("elasticloadbalancing", "elasticloadbalancing:Probe", 403, "AccessDenied"),
        ("route53", "route53:Probe", 403, "AccessDenied"),
        ("sts", "sts:Probe", 403, "AccessDenied"),
        ("cloudformation", "cloudformation:Probe", 403, "AccessDenied"),
    ] {
        let mut world = World::empty(1);
        begin(&mut world, "F13", None, |spec| spec.service = Some(scope.into()));
        let CallEffect::Refuse(refusal) = on_call(&mut world, IRELAND, service(scope), &PROBE) else {
            panic!("{scope} does not refuse")
        };
        assert_eq!((refusal.status, refusal.code), (status, code), "{scope}");
        let message = format!(
            "User: arn:aws:iam::123456789012:user/operator is not authorized to perform: {action} on resource: * \
             because no identity-based policy allows the {action} action"
        );
        assert_eq!(refusal.message, message);
        let other = if scope == "ecs" { &STS } else { &ECS };
        assert_eq!(on_call(&mut world, IRELAND, other, &PROBE), CallEffect::None);
    }
    let mut world = World::empty(1);
    begin(&mut world, "F13", None, |_| {});
    let who = STS.operations.iter().find(|operation| operation.name == "GetCallerIdentity");
    assert_eq!(on_call(&mut world, IRELAND, &STS, who.expect("STS has it")), CallEffect::None);
}

#[test]
fn sts_of_one_region_fails_alone() {
    let mut world = World::empty(1);
    begin(&mut world, "F14", Some(IRELAND), |_| {});
    assert_eq!(refusal(on_call(&mut world, IRELAND, &STS, &PROBE)), (503, "ServiceUnavailable"));
    assert_eq!(on_call(&mut world, IRELAND, &ECS, &PROBE), CallEffect::None);
    assert_eq!(on_call(&mut world, VIRGINIA, &STS, &PROBE), CallEffect::None);
    after(&mut world, 600);
    assert!(answers(&mut world, IRELAND));
}

#[test]
fn every_service_is_throttled_and_fails_with_its_own_codes() {
    for (scope, operation, throttled, broken, unavailable) in [
        ("ecs", "UpdateService", "ThrottlingException", "ServerException", "ServiceUnavailableException"),
        (
            "application-autoscaling",
            "PutScalingPolicy",
            "ThrottlingException",
            "InternalServiceException",
            "ServiceUnavailableException",
        ),
        ("monitoring", "GetMetricData", "ThrottlingException", "InternalServiceError", "ServiceUnavailableException"),
        ("dynamodb", "UpdateTable", "ThrottlingException", "InternalServerError", "ServiceUnavailable"),
        ("dynamodb", "PutItem", "ProvisionedThroughputExceededException", "InternalServerError", "ServiceUnavailable"),
        (
            "rds-data",
            "ExecuteStatement",
            "ThrottlingException",
            "InternalServerErrorException",
            "ServiceUnavailableError",
        ),
        ("rds", "FailoverGlobalCluster", "Throttling", "InternalFailure", "ServiceUnavailable"),
        ("elasticloadbalancing", "ModifyRule", "Throttling", "InternalFailure", "ServiceUnavailable"),
        ("route53", "ChangeResourceRecordSets", "Throttling", "InternalFailure", "ServiceUnavailable"),
        ("sts", "AssumeRole", "Throttling", "InternalFailure", "ServiceUnavailable"),
        ("cloudformation", "CreateStack", "Throttling", "InternalFailure", "ServiceUnavailable"),
    ] {
        let mut world = World::empty(1);
        let fault = begin(&mut world, "F4", None, |spec| spec.rate = Some(1.0));
        let ask = named(operation);
        assert_eq!(refusal(on_call(&mut world, IRELAND, service(scope), &ask)), (400, throttled), "{scope}");
        end(&mut world, &fault).expect("the fault is active");
        begin(&mut world, "F3", None, |spec| spec.rate = Some(1.0));
        let mut seen: Vec<_> = (0..64).map(|_| refusal(on_call(&mut world, IRELAND, service(scope), &ask))).collect();
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen, [(500, broken), (503, unavailable)], "{scope}");
    }
}

#[test]
fn expired_and_skewed_callers_are_refused_by_status_where_the_protocol_has_it() {
    for (scope, expired, skewed) in [
        ("dynamodb", (400, "ExpiredTokenException"), (400, "InvalidSignatureException")),
        ("rds-data", (403, "ExpiredTokenException"), (403, "InvalidSignatureException")),
        ("rds", (403, "ExpiredToken"), (403, "SignatureDoesNotMatch")),
    ] {
        for (kind, refused) in [("F11", expired), ("F12", skewed)] {
            let mut world = World::empty(1);
            begin(&mut world, kind, None, |_| {});
            assert_eq!(refusal(on_call(&mut world, IRELAND, service(scope), &PROBE)), refused, "{scope} {kind}");
        }
    }
}

/// What other rooms carry out touches no call, and draws nothing that decides about one.
#[test]
fn faults_of_the_database_leave_calls_and_their_chance_alone() {
    let calls = |world: &mut World| -> Vec<bool> {
        begin(world, "F3", None, |spec| spec.rate = Some(0.5));
        (0..64).map(|_| on_call(world, IRELAND, &ECS, &PROBE) == CallEffect::None).collect()
    };
    let alone = calls(&mut World::empty(1));
    for kind in ["F22", "F23", "F24", "F25", "F26", "F27", "F31"] {
        let mut world = World::empty(1);
        let takes = catalogue::kind(kind).expect("the kind is known").takes("region");
        begin(&mut world, kind, takes.then_some(IRELAND), |_| {});
        assert_eq!(on_call(&mut world, IRELAND, &ECS, &READ), CallEffect::None, "{kind}");
        assert_eq!(calls(&mut world), alone, "{kind}");
    }
}

#[test]
fn faults_are_found_by_kind_and_region_while_they_last() {
    let mut world = World::empty(1);
    begin(&mut world, "lag-ramp", Some(IRELAND), |spec| {
        (spec.rate, spec.start_s, spec.duration_s) = (Some(0.25), Some(10.0), Some(20.0));
    });
    begin(&mut world, "F24", None, |_| {});
    assert!(striking(&world, "F22", IRELAND).is_none(), "it is still to come");
    assert!(striking(&world, "F24", IRELAND).is_some() && striking(&world, "F24", VIRGINIA).is_some());
    after(&mut world, 10);
    assert_eq!(striking(&world, "F22", IRELAND).map(|fault| fault.rate), Some(0.25));
    assert!(striking(&world, "F22", VIRGINIA).is_none() && striking(&world, "F23", IRELAND).is_none());
    after(&mut world, 20);
    assert!(striking(&world, "F22", IRELAND).is_none(), "it is over");
}

#[test]
fn regions_are_linked_while_packets_pass_both_ways() {
    for (kind, from) in [("F15", None), ("F17", None), ("F19", Some(VIRGINIA)), ("F19", Some("NA")), ("F20", None)] {
        let mut world = World::empty(1);
        assert!(linked(&world, IRELAND, VIRGINIA));
        begin(&mut world, kind, Some(IRELAND), |spec| spec.from = from.map(str::to_string));
        assert!(!linked(&world, IRELAND, VIRGINIA) && !linked(&world, VIRGINIA, IRELAND), "{kind}");
        assert!(linked(&world, IRELAND, IRELAND), "{kind}: a Region reaches itself");
        assert!(linked(&world, VIRGINIA, "ap-northeast-1"), "{kind}");
        after(&mut world, 600);
        assert!(linked(&world, IRELAND, VIRGINIA), "{kind}");
    }
    for (kind, from) in [("F16", None), ("F19", Some("london")), ("F31", None)] {
        let mut world = World::empty(1);
        begin(&mut world, kind, Some(IRELAND), |spec| spec.from = from.map(str::to_string));
        assert!(linked(&world, IRELAND, VIRGINIA), "{kind} stops no packets between Regions");
    }
}
