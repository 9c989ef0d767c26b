//! What the words and numbers of a pane or a page mean.

use crate::tui::model::{Model, Overlay, Pane, Tab};
use crate::tui::theme::Role;
use crate::tui::view::draw::{Word, word};

/// Columns of a word that is explained.
const WORD: usize = 20;

/// Of what lies below the help: the page, else the pane that is pointed at.
pub fn lines(model: &Model) -> Vec<Vec<Word>> {
    let (title, meanings) = of(model);
    let mut lines = vec![vec![word(Role::Title, title)]];
    for (said, meaning) in meanings {
        lines.push(vec![word(Role::Accent, format!("  {said:<WORD$}")), word(Role::Text, *meaning)]);
    }
    lines
}

fn of(model: &Model) -> (&'static str, &'static [(&'static str, &'static str)]) {
    let page = model.overlays.iter().rev().find_map(|overlay| match overlay {
        Overlay::Zoom(zoom) => Some(zoom.tab),
        _ => None,
    });
    match (page, model.pane) {
        (Some(Tab::Tasks), _) => ("Tasks", TASKS),
        (Some(Tab::Targets), _) => ("Targets", TARGETS),
        (Some(Tab::Database), _) => ("Database", DATABASE),
        (Some(Tab::Sessions), _) => ("Sessions", SESSIONS),
        (Some(Tab::Dns), _) => ("DNS", DNS),
        (Some(Tab::Traffic), _) | (None, Pane::Traffic) => ("Traffic", TRAFFIC),
        (Some(Tab::Events), _) | (None, Pane::Events) => ("Events", EVENTS),
        (None, Pane::Operations) => ("Operations", OPERATIONS),
        (None, Pane::Regions) => ("A Region's column", REGION),
    }
}

type Meanings = &'static [(&'static str, &'static str)];

const REGION: Meanings = &[
    ("2 s ago", "age of the newest look at the service; a line that is older says so itself"),
    ("Tasks", "running of desired tasks, pending ones, bounds of autoscaling"),
    ("ALB", "healthy of registered targets, state of the load balancer"),
    ("Load", "requests a second, share of 5xx, p99, the last 12 minutes (CloudWatch)"),
    ("Aurora", "writer: age of the newest commit; reader: lag, and what a failover would lose"),
    ("Sessions", "how long a session of another Region took to be seen here"),
    ("DNS", "dial: the share of its users that Route 53 sends here"),
    ("Switch", "SERVE or EVACUATE, as told by how many of the peers that can be read"),
    ("Checks", "what Route 53 takes the Region to be, and checkers that agree"),
    ("Users", "places whose users are sent here, by asking the name servers for them"),
];

const TRAFFIC: Meanings = &[
    ("58 %", "share of all requests, only while every Region's load is known"),
    ("rps", "requests a second in the newest minute of CloudWatch, some minutes old"),
    ("probes ok", "requests that Tandem sent as users of each place, answered below 500"),
    ("sent to", "the Region whose load balancer the name servers answer with"),
];

const TASKS: Meanings = &[
    ("status", "AWS's last status; with an arrow, what it is meant to become"),
    ("health", "of the container's own health check, - when it has none"),
    ("age", "since it started, else since it was created"),
    ("image", "the first 12 characters of the digest that really runs"),
    ("why stopped", "stop code and reason, as ECS tells them"),
    ("CPU of the service", "average of all tasks: ECS tells none for a single one"),
];

const TARGETS: Meanings = &[
    ("state", "initial and draining take no new requests"),
    ("reason", "AWS's code, then its description"),
    ("5xx of targets", "answers of the application, a minute"),
    ("5xx of its own", "answers of the load balancer when no target could"),
];

const DATABASE: Meanings = &[
    ("last commit", "the newest heartbeat that the writer committed: the proof that it writes"),
    ("synchronised", "connected, or being rebuilt (pending-resync): such a one cannot take over"),
    ("lag", "AuroraGlobalDBReplicationLag, worst of the newest minute"),
    ("RPO", "AuroraGlobalDBRPOLag: what a failover now would lose"),
    ("FROZEN", "the same to the last digit for five minutes: it says nothing"),
    ("forwards writes", "global write forwarding: writes of this Region travel to the writer"),
];

const SESSIONS: Meanings = &[
    ("measured", "a canary session of one Region, until it was seen in the other"),
    ("HELD", "a newer canary was written, and only an old one has come"),
    ("reported", "ReplicationLatency of DynamoDB: nothing or 0 may mean stalled"),
];

const DNS: Meanings = &[
    ("latency", "Route 53 takes the Region that is nearest by its own measurements"),
    ("weight", "the dial: of all users of that name, this share; 0 means none"),
    ("check", "a record whose check is unhealthy is not answered"),
    ("inverted", "the check of a switch is healthy while EVACUATE is not found"),
    ("observers", "checkers around the world that say so, of those that answered"),
];

const EVENTS: Meanings = &[
    ("severity", "v shows only warnings, then only bad news"),
    ("← →", "all Regions, then each alone"),
    ("not seen yet", "warnings and bad news since this page was last open"),
];

const OPERATIONS: Meanings = &[
    ("completed", "the world shows it: not that a call was accepted"),
    ("A STEP FAILED", "nothing goes on until you retry, skip with a reason, or cancel"),
];
