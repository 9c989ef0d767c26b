//! `tandem watch status`: which watchers live, what each says, who leads, and what holds them back. It looks until every
//! counter has moved or should have: a dead watcher's last words stand in the table as well.

use super::{Opened, WatchError};
use crate::cli::world;
use crate::control::lease::{self, Seat, Standing};
use crate::model::observed::elapsed;
use crate::model::text::clean;
use crate::model::watch::evidence::Evidence;
use crate::model::watch::inputs::{Off, Promoted};
use crate::model::watch::{LEAST_VANTAGES, ROUND};
use crate::watch::board::{Board, Lives, Post};
use serde_json::json;
use std::time::Duration;

/// Between two looks.
const LOOK: Duration = Duration::from_secs(2);
/// A watcher that posts does so within this: two rounds, and the leader's lease is beaten within it.
const PATIENCE: Duration = Duration::from_secs(2 * ROUND.as_secs());
/// Nobody would act now.
const DISARMED: u8 = 1;

/// What was found.
struct Found {
    vantages: Vec<Vantage>,
    leader: Option<Standing>,
    off: Option<Off>,
    promoted: Option<Promoted>,
}

struct Vantage {
    region: String,
    /// `None`: it is silent, or has never said anything.
    live: Option<Post>,
}

pub async fn run(opened: &Opened, json: bool) -> Result<(String, u8), WatchError> {
    let found = look(opened).await?;
    let title = format!("{}/{}", opened.config.stack.name, opened.config.stack.environment);
    let place = world::name(&opened.place);
    let code = if found.armed() { 0 } else { DISARMED };
    let text = if json { found.json(&title, &place) } else { found.text(&title, &place) };
    Ok((text, code))
}

async fn look(opened: &Opened) -> Result<Found, WatchError> {
    let (aws, clock, table) = (&opened.stage.aws, &opened.stage.clock, &opened.table);
    let began = clock.now();
    let (mut lives, mut first) = (Lives::default(), None::<Option<Standing>>);
    loop {
        let board = Board::read(aws, table).await?;
        let seat = lease::seen(aws, table, Seat::Watch).await?.filter(|seat| seat.held);
        let now = clock.now();
        lives.note(&board.posts, now);
        let leads = first.get_or_insert_with(|| seat.clone()) != &seat;
        let all_live = board.posts.iter().all(|post| lives.age(&post.vantage, now).is_some());
        if (all_live && (leads || seat.is_none())) || elapsed(began, now) >= PATIENCE {
            let vantage = |region: &str| {
                let post = board.posts.iter().find(|post| post.vantage == region);
                let live = post.filter(|post| lives.age(&post.vantage, now).is_some());
                Vantage { region: region.into(), live: live.cloned() }
            };
            let vantages = opened.config.spec.vantages().into_iter().map(vantage).collect();
            let leader = seat.filter(|_| leads);
            return Ok(Found { vantages, leader, off: board.off, promoted: board.promoted });
        }
        clock.sleep(LOOK).await;
    }
}

impl Found {
    fn live(&self) -> impl Iterator<Item = &Post> {
        self.vantages.iter().filter_map(|vantage| vantage.live.as_ref())
    }

    fn armed(&self) -> bool {
        let armed = self.live().filter(|post| post.disarmed.is_empty()).count();
        self.off.is_none() && self.leader.is_some() && armed >= LEAST_VANTAGES
    }

    fn text(&self, title: &str, place: &str) -> String {
        let word = if self.armed() { "ARMED" } else { "DISARMED" };
        let (live, all) = (self.live().count(), self.vantages.len());
        let leader = self
            .leader
            .as_ref()
            .map_or("none".into(), |seat| format!("{}, {} (token {})", seat.who, seat.what, seat.token));
        let off = self.off.as_ref().map_or("no".into(), |off| format!("OFF by {}: {} ({})", off.who, off.why, off.at));
        let promoted = self.promoted.as_ref().map_or("never".into(), |promoted| {
            let Promoted { by, from, to, at, acknowledged, .. } = promoted;
            let seen = match acknowledged {
                Some(who) => format!("acknowledged by {who}"),
                None => "NOT ACKNOWLEDGED, it blocks the next one: tandem watch ack".into(),
            };
            format!("{from} to {to} by {by} ({at}); {seen}")
        });
        let mut text = format!("watchers of {title} on {place}: {word} ({live} of {all} vantages live)\n");
        for (name, value) in [("leader", leader), ("off", off), ("promoted", promoted)] {
            text.push_str(&format!("{name:<14}  {value}\n"));
        }
        for vantage in &self.vantages {
            text.push_str(&format!("{:<14}  {}\n", vantage.region, clean(&vantage.words())));
        }
        text
    }

    fn json(&self, title: &str, place: &str) -> String {
        let off = self.off.as_ref().map(|off| json!({"who": off.who, "why": off.why, "at": off.at}));
        let promoted = self.promoted.as_ref().map(|one| {
            json!({
                "by": one.by, "from": one.from, "to": one.to, "at": one.at, "acknowledged_by": one.acknowledged,
            })
        });
        let leader = self.leader.as_ref().map(|seat| json!({"who": seat.who, "what": seat.what, "token": seat.token}));
        let vantages = self.vantages.iter().map(|vantage| {
            let post = vantage.live.as_ref();
            json!({
                "region": vantage.region,
                "live": post.is_some(),
                "who": post.map(|post| &post.who),
                "armed": post.map(|post| post.disarmed.is_empty()),
                "disarmed": post.map(|post| &post.disarmed),
                "evidence": post.and_then(|post| post.evidence.as_ref()),
            })
        });
        let told = json!({
            "schema": 1,
            "stack": title,
            "place": place,
            "armed": self.armed(),
            "off": off,
            "leader": leader,
            "promoted": promoted,
            "vantages": vantages.collect::<Vec<_>>(),
        });
        format!("{told:#}\n")
    }
}

impl Vantage {
    fn words(&self) -> String {
        let Some(post) = &self.live else { return "silent".into() };
        let armed = match post.disarmed.as_str() {
            "" => "live, armed".into(),
            why => format!("live, DISARMED ({why})"),
        };
        let evidence = post.evidence.as_ref().map_or("says what this version cannot read".into(), words);
        format!("{armed}: {evidence}")
    }
}

fn words(evidence: &Evidence) -> String {
    let mut words: Vec<String> =
        evidence.paths.iter().map(|(region, finding)| format!("{region} {}", finding.words())).collect();
    words.push(format!("users {}", evidence.users.words()));
    words.push(format!("writes {}", evidence.writes.words()));
    if let Some(commit) = &evidence.commit {
        words.push(format!("last commit {} s ago in {}, epoch {}", commit.age_s, commit.region, commit.epoch));
    }
    words.join("; ")
}
