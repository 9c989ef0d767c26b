//! What a user of the simulated world sees.

use super::Simulator;
use crate::model::place::Place;
use crate::model::text::clean;
use crate::probe::{Boxed, Fetched, ProbeError, TOUCHES, Url, Vantage};
use crate::stage::http::said;
use std::net::Ipv4Addr;
use std::time::Duration;
use tandem_sim::World;
use tandem_sim::faults::From;
use tandem_sim::front_door::{FetchError, fetch, names};
use tandem_sim::geo::{self, PLACES};
use tandem_sim::world::dns::{DnsRecord, RecordData, RecordType, ResponseCode, resolve};
use tandem_sim::world::elb::{HttpAnswer, HttpAsk, Scheme, node_at};

/// How long a client waits for a connection that nobody answers.
pub const CONNECT: Duration = Duration::from_secs(4);

/// Resolvers and clients at the places of the simulated map.
pub struct SimulatorVantage(Simulator);

impl SimulatorVantage {
    pub fn new(simulator: Simulator) -> Self {
        Self(simulator)
    }
}

impl Vantage for SimulatorVantage {
    fn places(&self) -> Vec<Place> {
        places()
    }

    fn resolve<'a>(&'a self, name: &'a str, place: &'a Place) -> Boxed<'a, Result<Vec<Ipv4Addr>, ProbeError>> {
        Box::pin(async move {
            let from = geo::place_of(place.subnet.into());
            self.0.with(|world| {
                let roll = names::roll(world, name, from.name);
                match resolve(world, name, RecordType::A, from, roll).code {
                    ResponseCode::NoError => Ok(names::addresses(world, name, from, roll).0),
                    ResponseCode::NxDomain => Err(ProbeError::Dns(format!("{name} does not exist"))),
                    ResponseCode::Refused => Err(ProbeError::Dns(format!("no name server knows {name}"))),
                }
            })
        })
    }

    fn name_servers<'a>(&'a self, zone: &'a str) -> Boxed<'a, Result<Vec<String>, ProbeError>> {
        Box::pin(async move {
            let answer = self.0.with(|world| resolve(world, zone, RecordType::Ns, &PLACES[0], 0.0));
            let server = |record: DnsRecord| match record.data {
                RecordData::Ns(name) => Some(name.trim_end_matches('.').to_string()),
                _ => None,
            };
            let mut found: Vec<String> = answer.records.into_iter().filter_map(server).collect();
            found.sort();
            if found.is_empty() {
                Err(ProbeError::Dns(format!("no name servers are known for {zone}")))
            } else {
                Ok(found)
            }
        })
    }

    fn fetch<'a>(
        &'a self,
        url: &'a Url,
        address: Ipv4Addr,
        place: &'a Place,
    ) -> Boxed<'a, Result<Fetched, ProbeError>> {
        Box::pin(async move {
            let from = geo::place_of(place.subnet.into());
            let (scheme, port) = if url.https { (Scheme::Https, 443) } else { (Scheme::Http, 80) };
            let ask = HttpAsk { method: "GET".into(), scheme, host: url.host.clone(), path: url.path.clone(), port };
            let (answer, took) = self.0.with(|world| knock(world, from, address, &ask));
            self.0.clock().sleep(took).await;
            match answer {
                Ok(answer) => Ok(Fetched {
                    status: answer.status,
                    took,
                    touches: touches(&answer),
                    said: said(answer.body.as_bytes()),
                }),
                Err(FetchError::Refused) => Err(ProbeError::Refused),
                Err(FetchError::TimedOut) => Err(ProbeError::TimedOut),
            }
        })
    }
}

fn touches(answer: &HttpAnswer) -> Option<String> {
    let told = answer.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case(TOUCHES));
    told.map(|(_, value)| clean(value))
}

/// One request from a place to an address, and how long it takes until it is answered or given up.
pub fn knock(
    world: &World,
    from: &geo::Place,
    address: Ipv4Addr,
    ask: &HttpAsk,
) -> (Result<HttpAnswer, FetchError>, Duration) {
    let region = node_at(world, address).and_then(|node| geo::region(&node.region));
    let away = region.map_or(0.0, |region| geo::latency_ms(from, region));
    let answer = fetch(world, From::Place(from), address, ask);
    let took = match &answer {
        // one round trip to connect, one for the request
        Ok(answer) => Duration::try_from_secs_f64((2.0 * away + answer.latency_ms) / 1000.0).unwrap_or_default(),
        Err(FetchError::Refused) => Duration::try_from_secs_f64(away / 1000.0).unwrap_or_default(),
        Err(FetchError::TimedOut) => CONNECT,
    };
    (answer, took)
}

/// Where the users of the simulated world live.
pub fn places() -> Vec<Place> {
    let place =
        |place: &geo::Place| Place { name: place.name.into(), continent: place.continent.into(), subnet: place.subnet };
    PLACES.iter().map(place).collect()
}
