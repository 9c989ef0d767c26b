//! What `status` tells of that which holds state: the database and the sessions.

use super::report::{Part, part};
use crate::model::database::{self, Loss, Redundancy};
use crate::model::sessions::{Flow, flow};
use crate::model::snapshot::{RegionView, Snapshot};
use jiff::Timestamp;
use serde::Serialize;
use std::collections::BTreeMap;

/// The global database, from the newest picture that any Region gave.
#[derive(Debug, Serialize)]
pub struct Database {
    pub cluster: Part<Cluster>,
    pub redundancy: Standing,
    /// The last commit that was proven; its age is the commit's. Null where nobody writes heartbeats.
    pub last_proof: Option<Part<LastProof>>,
}

#[derive(Debug, Serialize)]
pub struct Cluster {
    pub id: String,
    pub writer: Option<String>,
    pub status: String,
    /// The status of a switchover or failover that is under way.
    pub role_change: Option<String>,
}

#[derive(Debug, Serialize)]
pub struct Standing {
    /// `intact`, `lost` or `unknown`.
    pub state: &'static str,
    pub why: String,
}

#[derive(Debug, Serialize)]
pub struct LastProof {
    pub region: String,
    pub epoch: u64,
    pub vantage: String,
    pub sent: Timestamp,
}

/// One Region's member.
#[derive(Debug, Serialize)]
pub struct Member {
    /// `writer`, `reader`, or absent where the global cluster has no such member.
    pub role: Option<&'static str>,
    pub status: String,
    pub instances: usize,
    pub available: usize,
    pub synchronization: Option<String>,
}

/// What promoting the Region would lose at the most; absent parts are not known.
#[derive(Debug, Serialize)]
pub struct Lag {
    pub lag_ms: Option<u64>,
    /// How long ago that was so.
    pub told_s: Option<u64>,
    /// The metric stands still and says nothing.
    pub frozen: bool,
}

#[derive(Debug, Serialize)]
pub struct Sessions {
    pub status: String,
    /// The status of each other replica, by its Region.
    pub replicas: BTreeMap<String, String>,
}

/// How sessions of one Region arrive in another.
#[derive(Debug, Serialize)]
pub struct Arriving {
    /// `arrives`, `held`, `unproven`, or `unwatched` where the table is somebody else's.
    pub state: &'static str,
    pub took_ms: Option<u64>,
    /// The age of the newest that arrived.
    pub newest_s: Option<u64>,
}

/// None for a stack that has no database.
pub fn database(snapshot: &Snapshot, now: Timestamp) -> Option<Database> {
    if snapshot.regions.iter().all(|region| region.global.absent()) {
        return None;
    }
    let seen = database::newest(snapshot).or_else(|| snapshot.regions.first().map(|region| &region.global))?;
    let (state, why) = match database::redundancy(snapshot, now) {
        Redundancy::Intact { connected } => ("intact", format!("{connected} connected")),
        Redundancy::Lost { why } => ("lost", why),
        Redundancy::None | Redundancy::Unknown => ("unknown", "the global cluster cannot be seen".into()),
    };
    Some(Database {
        cluster: part(seen, now, |global| {
            Some(Cluster {
                id: global.id.clone(),
                writer: global.writer().map(String::from),
                status: global.status.clone(),
                role_change: global.role_change.as_ref().map(|change| change.status.clone()),
            })
        }),
        redundancy: Standing { state, why },
        last_proof: (!snapshot.lacks.heartbeats).then(|| {
            part(&snapshot.proof, now, |proof| {
                Some(LastProof {
                    region: proof.region.clone(),
                    epoch: proof.epoch,
                    vantage: proof.vantage.clone(),
                    sent: proof.sent,
                })
            })
        }),
    })
}

/// Whether the database, as far as it can be seen now, is as it should be: somebody writes, and another could
/// take over.
pub fn database_is_sound(snapshot: &Snapshot, now: Timestamp) -> bool {
    let Some(global) = database::newest(snapshot).and_then(|seen| seen.current(now)) else { return true };
    global.writer().is_some() && !matches!(database::redundancy(snapshot, now), Redundancy::Lost { .. })
}

/// None where there is no cluster.
pub fn member(snapshot: &Snapshot, region: &RegionView, now: Timestamp) -> Option<Part<Member>> {
    let global = database::newest(snapshot).and_then(|seen| seen.value.as_ref());
    let member = global.and_then(|global| global.member(&region.name));
    (!region.cluster.absent()).then(|| {
        part(&region.cluster, now, |cluster| {
            Some(Member {
                role: member.map(|member| if member.writer { "writer" } else { "reader" }),
                status: cluster.status.clone(),
                instances: cluster.instances.len(),
                available: cluster.instances.iter().filter(|instance| instance.status == "available").count(),
                synchronization: member.and_then(|member| member.synchronization.clone()),
            })
        })
    })
}

/// None where nothing lags: without a cluster, and on the writer.
pub fn lag(snapshot: &Snapshot, region: &RegionView, now: Timestamp) -> Option<Part<Lag>> {
    let writes = database::writer(snapshot) == Some(region.name.as_str());
    (!writes && !region.cluster.absent()).then(|| {
        part(&region.lag, now, |_| {
            Some(match database::predicted_loss(region, now) {
                Loss::AtMost { lag, age, .. } => {
                    Lag { lag_ms: Some(lag.as_millis() as u64), told_s: Some(age.as_secs()), frozen: false }
                }
                Loss::Unknown { frozen } => Lag { lag_ms: None, told_s: None, frozen },
            })
        })
    })
}

/// None where there is no session table.
pub fn sessions(region: &RegionView, now: Timestamp) -> Option<Part<Sessions>> {
    (!region.table.absent()).then(|| {
        part(&region.table, now, |table| {
            let replicas = table.replicas.iter().map(|replica| (replica.region.clone(), replica.status.clone()));
            Some(Sessions { status: table.status.clone(), replicas: replicas.collect() })
        })
    })
}

/// How the sessions of each other Region arrive, by that Region.
pub fn arriving(snapshot: &Snapshot, region: &RegionView, now: Timestamp) -> BTreeMap<String, Arriving> {
    if region.table.absent() {
        return BTreeMap::new();
    }
    let peers = snapshot.regions.iter().filter(|peer| peer.name != region.name);
    let one = |peer: &RegionView| {
        let newest = region.arrivals.value.as_ref().and_then(|arrivals| arrivals.get(&peer.name));
        let newest_s = newest.map(|arrival| crate::model::observed::elapsed(arrival.sent, now).as_secs());
        match flow(snapshot, &peer.name, &region.name, now) {
            Flow::Arrives { took } => {
                Arriving { state: "arrives", took_ms: took.map(|took| took.as_millis() as u64), newest_s }
            }
            Flow::Held { .. } => Arriving { state: "held", took_ms: None, newest_s },
            Flow::Unproven { .. } => Arriving { state: "unproven", took_ms: None, newest_s },
            Flow::Unwatched => Arriving { state: "unwatched", took_ms: None, newest_s },
        }
    };
    peers.map(|peer| (peer.name.clone(), one(peer))).collect()
}

impl Database {
    /// What is seen and its age, a line each.
    pub fn lines(&self) -> Vec<(String, String)> {
        let cluster = self.cluster.value.as_ref().map_or_else(
            || "-".to_string(),
            |cluster| {
                let writer = cluster.writer.as_deref().map_or("NO WRITER".into(), |writer| format!("writer {writer}"));
                let change = cluster.role_change.as_ref().map(|status| format!(", {status}")).unwrap_or_default();
                format!("{writer}, {}{change}, redundancy {}", cluster.status, self.redundancy.words())
            },
        );
        let Some(seen) = &self.last_proof else {
            let none = "no heartbeats: no commit proves the writer".to_string();
            return vec![(cluster, self.cluster.age_words()), (none, String::new())];
        };
        let proof = seen.value.as_ref().map_or_else(
            || "no commit is proven".to_string(),
            |proof| format!("last commit in {}, epoch {}, by {}", proof.region, proof.epoch, proof.vantage),
        );
        vec![(cluster, self.cluster.age_words()), (proof, seen.age_words())]
    }
}

impl Standing {
    fn words(&self) -> String {
        match self.state {
            "lost" => format!("LOST ({})", self.why),
            "intact" => format!("intact ({})", self.why),
            _ => "UNKNOWN".into(),
        }
    }
}

/// One Region's member and its lag, with the age of the member.
pub fn member_line(member: &Part<Member>, lag: Option<&Part<Lag>>) -> (String, String) {
    let Some(seen) = &member.value else { return ("-".into(), member.age_words()) };
    let mut words = vec![
        seen.role.unwrap_or("no member").to_string(),
        seen.status.clone(),
        format!("{}/{} instances", seen.available, seen.instances),
    ];
    words.extend(seen.synchronization.clone());
    words.extend(lag.map(|lag| match lag.value.as_ref().filter(|_| lag.state == "fresh") {
        Some(Lag { lag_ms: Some(ms), told_s: Some(age), .. }) => format!("lag {ms} ms {age} s ago"),
        Some(Lag { frozen: true, .. }) => "lag UNKNOWN (stands still)".into(),
        _ => "lag UNKNOWN".into(),
    }));
    (words.join(", "), member.age_words())
}

/// One Region's table and what arrives there, with the age of the table.
pub fn sessions_line(table: &Part<Sessions>, arriving: &BTreeMap<String, Arriving>) -> (String, String) {
    let Some(seen) = &table.value else { return ("-".into(), table.age_words()) };
    let mut words = vec![seen.status.clone()];
    let odd = seen.replicas.iter().filter(|(_, status)| status.as_str() != "ACTIVE");
    words.extend(odd.map(|(region, status)| format!("replica {region} {status}")));
    let watched = arriving.iter().filter(|(_, one)| one.state != "unwatched");
    if watched.clone().count() < arriving.len() {
        words.push("not ours: no canaries".into());
    }
    words.extend(watched.map(|(from, one)| match (one.state, one.took_ms, one.newest_s) {
        ("arrives", Some(ms), _) => format!("from {from} in {ms} ms"),
        ("arrives", None, _) => format!("from {from} arrives"),
        ("held", _, Some(age)) => format!("from {from} HELD, newest {age} s old"),
        (_, _, Some(age)) => format!("from {from} not proven, newest {age} s old"),
        _ => format!("from {from} not proven"),
    }));
    (words.join(", "), table.age_words())
}
