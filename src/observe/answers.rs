//! What users are told and what they meet: the data plane alone, so it is seen even when every
//! control plane in us-east-1 is gone.

use crate::model::outcome::{CallError, ErrorClass};
use crate::model::place::Place;
use crate::model::snapshot::{PlaceAnswer, Visit};
use crate::model::stack::Stack;
use crate::probe::{ProbeError, Url, Vantage};
use std::collections::BTreeMap;
use std::net::Ipv4Addr;
use std::sync::Arc;
use tokio::task::JoinSet;

/// Which Region an address belongs to, by the names of the origins, or those of the load balancers where somebody else
/// made the names.
#[derive(Debug, Default)]
pub(super) struct Origins(BTreeMap<Ipv4Addr, String>);

impl Origins {
    async fn learn(
        &mut self,
        vantage: &dyn Vantage,
        stack: &Stack,
        balancers: &BTreeMap<String, String>,
        place: &Place,
    ) {
        for region in &stack.regions {
            let name = balancers.get(region).cloned().unwrap_or_else(|| stack.tree().origin(region));
            let Ok(addresses) = vantage.resolve(&name, place).await else { continue };
            self.0.retain(|_, known| known != region);
            self.0.extend(addresses.into_iter().map(|address| (address, region.clone())));
        }
    }
}

/// Asks for every place at once. `balancers`: names that lead to one Region each, where the tree has none.
pub(super) async fn ask(
    vantage: Arc<dyn Vantage>,
    stack: &Stack,
    balancers: &BTreeMap<String, String>,
    origins: &mut Origins,
) -> Result<Vec<PlaceAnswer>, CallError> {
    let places = vantage.places();
    let Some(first) = places.first() else {
        return Err(CallError::new(ErrorClass::Invalid, "no place to ask from"));
    };
    origins.learn(&*vantage, stack, balancers, first).await;
    let mut asking = JoinSet::new();
    for (order, place) in places.into_iter().enumerate() {
        let vantage = vantage.clone();
        let url = Url { https: stack.https, host: stack.policy.clone(), path: stack.health_path.clone() };
        asking.spawn(async move { (order, visit(&*vantage, &url, place).await) });
    }
    let (mut answers, mut last) = (BTreeMap::new(), None);
    while let Some(done) = asking.join_next().await {
        let Ok((order, (place, result))) = done else { continue };
        match result {
            Ok((addresses, visit)) => {
                let region = addresses.iter().find_map(|address| origins.0.get(address).cloned());
                answers.insert(order, PlaceAnswer { place, addresses, region, visit });
            }
            Err(why) => last = Some(why),
        }
    }
    match (answers.is_empty(), last) {
        (true, Some(why)) => Err(CallError::new(ErrorClass::Unreachable, format!("name servers: {why}"))),
        _ => Ok(answers.into_values().collect()),
    }
}

type Seen = Result<(Vec<Ipv4Addr>, Visit), ProbeError>;

async fn visit(vantage: &dyn Vantage, url: &Url, place: Place) -> (Place, Seen) {
    let addresses = match vantage.resolve(&url.host, &place).await {
        Ok(addresses) => addresses,
        Err(why) => return (place, Err(why)),
    };
    let visit = match addresses.first() {
        None => Visit::Failed("no address".into()),
        Some(address) => match vantage.fetch(url, *address, &place).await {
            Ok(fetched) => Visit::Answered { status: fetched.status, took: fetched.took },
            Err(ProbeError::Other(_)) => Visit::NotTried,
            Err(why) => Visit::Failed(why.to_string()),
        },
    };
    (place, Ok((addresses, visit)))
}
