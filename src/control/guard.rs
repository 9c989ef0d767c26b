//! Keeps a guard: asks the control table again and again who was deposed, and the peers' switches when it is silent.
//! When to close is [`model::guard`](crate::model::guard)'s matter.

use super::epoch;
use super::lease::Table;
use crate::cloud::Aws;
use crate::host::Clock;
use crate::model::guard::{Guard, POLL, Peers, Reading, Verdict};
use crate::model::place::Place;
use crate::probe::{Url, Vantage};
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinSet;

/// How long a peer may take to say what its switch says.
const PEER: Duration = Duration::from_secs(5);

/// What a guard stands before.
#[derive(Debug, Clone)]
pub struct Post {
    /// Of its task.
    pub region: String,
    pub table: Table,
    /// The switch for this Region on each of the peers.
    pub peers: Vec<Url>,
}

/// Guards until the task must end, and says why. `tell` hears every verdict.
pub async fn keep(
    aws: &Aws,
    vantage: &Arc<dyn Vantage>,
    clock: &Clock,
    post: &Post,
    mut tell: impl FnMut(&Verdict),
) -> String {
    let mut guard = Guard::new(&post.region);
    loop {
        let asked = clock.running();
        let ends = async {
            match guard.closes_in(asked) {
                Some(left) => clock.sleep(left).await,
                None => std::future::pending().await,
            }
        };
        let (reading, peers) = tokio::select! {
            biased;
            found = look(aws, vantage, clock, post) => found,
            () = ends => (Reading::Silent("no answer".into()), Peers::No("nobody answers".into())),
        };
        let verdict = guard.judge(&reading, &peers, asked, clock.running());
        tell(&verdict);
        if let Verdict::Closed(why) = verdict {
            return why;
        }
        clock.sleep((asked + POLL).saturating_sub(clock.running())).await;
    }
}

async fn look(aws: &Aws, vantage: &Arc<dyn Vantage>, clock: &Clock, post: &Post) -> (Reading, Peers) {
    let read = tokio::select! {
        biased;
        read = epoch::read(aws, &post.table) => read.map_err(|why| why.to_string()),
        () = clock.sleep(POLL) => Err(format!("no answer in {} s", POLL.as_secs())),
    };
    match read {
        Ok(epoch) => (Reading::Told(epoch), Peers::No("not asked".into())),
        Err(why) => (Reading::Silent(why), peers(vantage, clock, post).await),
    }
}

/// Whether every peer says that this Region serves.
async fn peers(vantage: &Arc<dyn Vantage>, clock: &Clock, post: &Post) -> Peers {
    let Some(place) = vantage.places().into_iter().next().filter(|_| !post.peers.is_empty()) else {
        return Peers::No("there are no peers to ask".into());
    };
    let mut asked = JoinSet::new();
    for url in post.peers.clone() {
        let (vantage, clock, place) = (vantage.clone(), clock.clone(), place.clone());
        asked.spawn(async move {
            tokio::select! {
                biased;
                said = says(&*vantage, &url, &place) => (url.host, said),
                () = clock.sleep(PEER) => (url.host, Err(format!("no answer in {} s", PEER.as_secs()))),
            }
        });
    }
    let serves = format!("SERVE {}", post.region);
    for (host, said) in asked.join_all().await {
        match said {
            Ok(said) if said == serves || said.starts_with(&format!("{serves} ")) => {}
            Ok(said) => return Peers::No(format!("{host} says \"{said}\"")),
            Err(why) => return Peers::No(format!("{host}: {why}")),
        }
    }
    Peers::Hold
}

/// What stands at a URL.
async fn says(vantage: &dyn Vantage, url: &Url, place: &Place) -> Result<String, String> {
    let addresses = vantage.resolve(&url.host, place).await.map_err(|why| why.to_string())?;
    let address = addresses.first().ok_or("its name has no address")?;
    let answer = vantage.fetch(url, *address, place).await.map_err(|why| why.to_string())?;
    match answer.status {
        200 => Ok(answer.said),
        status => Err(format!("answers {status}")),
    }
}
