use super::*;
use crate::geo;
use crate::operation::{Operation, Service};
use crate::services::ecs::ECS;
use crate::services::rds::RDS;
use crate::services::route53::ROUTE53;
use crate::services::sts::STS;

/// An operation that no service has; what faults do does not depend on what it does.
static PROBE: Operation =
    Operation { name: "Probe", routes: &[], reads: false, run: |_, _, _| Ok(crate::doc::Doc::Null) };

fn begin(world: &mut World, kind: &str, region: Option<&str>, more: impl FnOnce(&mut FaultSpec)) -> String {
    let mut spec = FaultSpec { kind: kind.into(), region: region.map(str::to_string), ..FaultSpec::default() };
    more(&mut spec);
    start(world, spec).expect("the fault is well formed")
}

fn place(name: &str) -> From<'static> {
    let place = geo::PLACES.iter().find(|place| place.name == name);
    From::Place(place.expect("the place is on the map"))
}

fn after(world: &mut World, seconds: u64) {
    world.advance(world.now + Duration::from_secs(seconds));
}

/// Status and code of what refuses a call.
fn refusal(effect: CallEffect) -> (u16, &'static str) {
    match effect {
        CallEffect::Refuse(refusal) => (refusal.status, refusal.code),
        other => panic!("a refusal was expected, not {other:?}"),
    }
}

const IRELAND: &str = "eu-west-1";
const VIRGINIA: &str = "us-east-1";

fn reached(world: &World, region: &str) -> bool {
    reaches(world, place("london"), region, None)
}

fn answers(world: &mut World, region: &str) -> bool {
    on_call(world, region, &STS, &PROBE) == CallEffect::None
}

#[test]
fn each_plane_of_a_region_fails_alone_or_together() {
    for (kind, users, apis) in [("F15", false, true), ("F16", true, false), ("F17", false, false)] {
        let mut world = World::empty(1);
        begin(&mut world, kind, Some(IRELAND), |_| {});
        assert_eq!((reached(&world, IRELAND), answers(&mut world, IRELAND)), (users, apis), "{kind}");
        assert_eq!(reaches(&world, From::Region(VIRGINIA), IRELAND, Some("eu-west-1a")), users, "{kind}");
        assert_eq!((reached(&world, VIRGINIA), answers(&mut world, VIRGINIA)), (true, true), "{kind}");
    }
}

#[test]
fn faults_begin_and_end_when_they_were_told_to() {
    let mut world = World::empty(1);
    begin(&mut world, "data-plane-down", Some(IRELAND), |spec| {
        (spec.start_s, spec.duration_s) = (Some(10.0), Some(20.0))
    });
    let mut down = vec![];
    for second in 0..60 {
        if !reached(&world, IRELAND) {
            down.push(second);
        }
        after(&mut world, 1);
    }
    assert_eq!(down, (10..30).collect::<Vec<_>>());
    let told: Vec<_> = world.truth.events().iter().map(|e| (e.at.since(Moment::START).as_secs(), e.kind)).collect();
    assert_eq!(told, [(10, "fault.begun"), (30, "fault.ended")]);
    assert_eq!(world.truth.events()[0].what, "F15 data-plane-down fault-1 eu-west-1");
    assert_eq!(world.truth.events()[0].region, IRELAND);
}

#[test]
fn a_fault_ended_early_is_over_at_once() {
    let mut world = World::empty(1);
    let first = begin(&mut world, "F15", Some(IRELAND), |_| {});
    let second = begin(&mut world, "F15", Some(VIRGINIA), |_| {});
    assert_ne!(first, second);
    assert_eq!(end(&mut world, &first), Ok(()));
    assert_eq!((reached(&world, IRELAND), reached(&world, VIRGINIA)), (true, false));
    assert_eq!(end(&mut world, &first), Err(FaultError::NotStarted(first)));
    let later = begin(&mut world, "F15", Some(IRELAND), |spec| spec.start_s = Some(60.0));
    assert_eq!(end(&mut world, &later), Ok(()));
    assert_eq!(world.truth.kinds().get("fault.begun"), Some(&2), "what never began is no event");
    assert_eq!(world.truth.kinds().get("fault.ended"), Some(&1));
}

#[test]
fn a_zone_fails_alone() {
    let mut world = World::empty(1);
    begin(&mut world, "F18", Some(IRELAND), |spec| spec.zone = Some("b".into()));
    let zone = |zone| reaches(&world, place("tokyo"), IRELAND, zone);
    assert_eq!((zone(Some("eu-west-1a")), zone(Some("eu-west-1b")), zone(None)), (true, false, true));
}

#[test]
fn a_partition_cuts_off_some_and_not_others() {
    let cut = |from: &str, sender: From<'_>| {
        let mut world = World::empty(1);
        begin(&mut world, "F19", Some(VIRGINIA), |spec| spec.from = Some(from.into()));
        assert!(reaches(&world, sender, IRELAND, None));
        !reaches(&world, sender, VIRGINIA, None)
    };
    assert!(cut("eu", place("london")) && cut("EU", From::Region(IRELAND)));
    assert!(!cut("EU", place("new-york")) && !cut("EU", From::Region("us-west-2")));
    assert!(cut("OC", From::Region("ap-southeast-2")) && !cut("AS", From::Region("ap-southeast-2")));
    assert!(cut("london", place("london")) && !cut("london", place("paris")));
    assert!(cut(IRELAND, From::Region(IRELAND)) && !cut(IRELAND, place("london")));
}

#[test]
fn flapping_comes_back_in_every_period() {
    let mut world = World::empty(1);
    begin(&mut world, "F20", Some(IRELAND), |spec| (spec.period_s, spec.duration_s) = (Some(20.0), Some(50.0)));
    let mut seen = String::new();
    for _ in 0..60 {
        seen.push(if reached(&world, IRELAND) { '+' } else { '-' });
        after(&mut world, 1);
    }
    let (down, up) = ("-".repeat(10), "+".repeat(10));
    assert_eq!(seen, [down.as_str(), &up, &down, &up, &down, &up].concat());
}

#[test]
fn the_global_control_plane_fails_without_the_data_plane() {
    let mut world = World::empty(1);
    assert!(!global_control_plane_down(&world));
    begin(&mut world, "F21", None, |_| {});
    assert!(global_control_plane_down(&world));
    let refused = on_call(&mut world, VIRGINIA, &ROUTE53, &PROBE);
    assert_eq!(refusal(refused), (503, "ServiceUnavailable"));
    assert!(answers(&mut world, VIRGINIA), "Regional APIs of us-east-1 go on");
    assert!(reached(&world, VIRGINIA));
    after(&mut world, 600);
    assert!(!global_control_plane_down(&world));
}

#[test]
fn calls_are_hit_by_service_operation_and_region() {
    let mut world = World::empty(1);
    begin(&mut world, "F1", Some(IRELAND), |spec| {
        (spec.service, spec.operation) = (Some("sts".into()), Some("Probe".into()));
    });
    assert_eq!(on_call(&mut world, IRELAND, &STS, &PROBE), CallEffect::Hang);
    assert_eq!(on_call(&mut world, IRELAND, &STS, &STS.operations[0]), CallEffect::None);
    assert_eq!(on_call(&mut world, IRELAND, &ECS, &PROBE), CallEffect::None);
    assert_eq!(on_call(&mut world, VIRGINIA, &STS, &PROBE), CallEffect::None);
    assert!(!silent(&world, IRELAND, &STS), "other operations answer");
}

#[test]
fn silence_outweighs_an_older_fault() {
    let mut world = World::empty(1);
    begin(&mut world, "F2", None, |spec| spec.delay_s = Some(3.0));
    assert_eq!(on_call(&mut world, IRELAND, &STS, &PROBE), CallEffect::Slow(Duration::from_secs(3)));
    begin(&mut world, "F16", Some(IRELAND), |_| {});
    assert_eq!(on_call(&mut world, IRELAND, &STS, &PROBE), CallEffect::Hang);
    assert!(silent(&world, IRELAND, &STS) && !silent(&world, VIRGINIA, &STS));
}

#[test]
fn every_kind_can_be_started_with_what_it_requires() {
    for kind in CATALOGUE {
        let mut world = World::empty(1);
        let needs = |name| kind.parameters.iter().any(|parameter| parameter.name == name && parameter.required);
        let started = start(
            &mut world,
            FaultSpec {
                kind: kind.id.to_lowercase(),
                region: needs("region").then(|| IRELAND.into()),
                zone: needs("zone").then(|| "eu-west-1c".into()),
                from: needs("from").then(|| "AF".into()),
                ..FaultSpec::default()
            },
        );
        assert_eq!(started, Ok("fault-1".into()), "{}", kind.id);
        assert_eq!(world.faults.list()[0].ends, world.now + Duration::from_secs(600));
        assert_eq!(catalogue::kind(kind.name), Some(kind));
    }
}

#[test]
fn buckets_empty_and_fill_again() {
    let mut world = World::empty(1);
    let spend = |world: &mut World, region| {
        (0..200).take_while(|_| limits::take(world, region, &ECS, "UpdateService").is_ok()).count()
    };
    assert_eq!(spend(&mut world, IRELAND), 50);
    assert_eq!(spend(&mut world, VIRGINIA), 50, "every Region has its own");
    assert!(limits::take(&mut world, IRELAND, &ECS, "DescribeServices").is_ok(), "every group has its own");
    after(&mut world, 2);
    assert_eq!(spend(&mut world, IRELAND), 10);
    after(&mut world, 3600);
    assert_eq!(spend(&mut world, IRELAND), 50);
    let refused = limits::take(&mut world, IRELAND, &ECS, "UpdateService").expect_err("the bucket is empty");
    assert_eq!((refused.status, refused.code, refused.message.as_str()), (400, "ThrottlingException", "Rate exceeded"));
    world.limits.enforced = false;
    assert_eq!(spend(&mut world, IRELAND), 200);
}

#[test]
fn route_53_takes_five_calls_a_second() {
    let mut world = World::empty(1);
    let calls =
        |world: &mut World| (0..20).take_while(|_| limits::take(world, VIRGINIA, &ROUTE53, "Any").is_ok()).count();
    assert_eq!(calls(&mut world), 5);
    let refused = limits::take(&mut world, VIRGINIA, &ROUTE53, "Any").expect_err("the bucket is empty");
    assert_eq!((refused.status, refused.code), (400, "Throttling"));
    after(&mut world, 1);
    assert_eq!(calls(&mut world), 5);
}

#[test]
fn rds_takes_bursts_of_three_hundred_calls() {
    let mut world = World::empty(1);
    let calls = |world: &mut World| {
        (0..400).take_while(|_| limits::take(world, IRELAND, &RDS, "DescribeDBClusters").is_ok()).count()
    };
    assert_eq!(calls(&mut world), 300);
    after(&mut world, 5);
    assert_eq!(calls(&mut world), 60);
    let refused = limits::take(&mut world, IRELAND, &RDS, "ModifyDBCluster").expect_err("there is one bucket for all");
    assert_eq!((refused.status, refused.code), (400, "Throttling"));
}

mod calls;
mod image;
mod pages;
