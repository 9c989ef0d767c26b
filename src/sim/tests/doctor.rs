//! Faults that a look at the account finds before anything fails.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod common;

use common::{ready, run};
use std::net::{IpAddr, Ipv4Addr};
use tandem_sim::World;
use tandem_sim::faults::{self, FaultSpec};
use tandem_sim::front_door::{names, resolve_for};
use tandem_sim::geo::PLACES;
use tandem_sim::world::dns::{RecordData, RecordType};
use tandem_sim::world::elb::Scheme;

fn begin(world: &mut World, kind: &str, region: Option<&str>) {
    let region = region.map(str::to_string);
    faults::start(world, FaultSpec { kind: kind.into(), region, ..FaultSpec::default() }).unwrap();
}

/// What the health path answers at the name that is a Region's own: the status, and what it says it touched.
fn health(world: &World, region: &str) -> (u16, Option<String>) {
    let host = format!("origin-{region}.app.shop.example");
    let answer = names::visit(world, &PLACES[0], Scheme::Http, &host, "/health").answer.unwrap();
    let touches = answer.headers.iter().find(|(name, _)| name == "X-Tandem-Touches");
    (answer.status, touches.map(|(_, value)| value.clone()))
}

#[test]
fn a_health_path_that_touches_the_writer_takes_every_region_with_it() {
    let mut world = ready(7);
    assert_eq!(health(&world, "eu-west-1"), (200, None));
    begin(&mut world, "F36", None);
    assert_eq!(health(&world, "eu-west-1"), (200, Some("writer".into())));
    begin(&mut world, "F26", Some("us-east-1"));
    run(&mut world, 5);
    for region in ["us-east-1", "eu-west-1"] {
        assert_eq!(health(&world, region).0, 503, "{region}");
    }
    faults::end_all(&mut world);
    assert_eq!(health(&world, "eu-west-1"), (200, None));
}

#[test]
fn a_zone_that_is_delegated_elsewhere_has_foreign_name_servers() {
    let mut world = ready(7);
    let servers = |world: &World| -> Vec<String> {
        let client = IpAddr::V4(Ipv4Addr::new(198, 18, 0, 9));
        let answer = resolve_for(world, "shop.example", RecordType::Ns, client);
        let name = |record: &tandem_sim::world::dns::DnsRecord| match &record.data {
            RecordData::Ns(name) => Some(name.clone()),
            _ => None,
        };
        answer.records.iter().filter_map(name).collect()
    };
    assert!(servers(&world).iter().all(|name| name.contains("awsdns")), "{:?}", servers(&world));
    begin(&mut world, "F35", None);
    let told = servers(&world);
    assert!(!told.is_empty() && told.iter().all(|name| name.contains("parking.example")), "{told:?}");
}
