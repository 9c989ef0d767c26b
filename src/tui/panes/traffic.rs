//! Where requests go: a bar a Region from the load balancers' metrics, and what name servers answer.

use crate::model::snapshot::{RegionView, Snapshot};
use crate::model::verdict;
use crate::tui::model::{Model, Pane};
use crate::tui::panes::{title, verdict_role};
use crate::tui::theme::Role;
use crate::tui::view::draw::{Part, Pen, Word, fit, join, pad, part, word};
use crate::tui::view::hits::Target;
use crate::tui::view::words::{self, Remark};
use jiff::Timestamp;
use ratatui::layout::Rect;
use std::time::Duration;

/// A load balancer's newest minute may be this old and still be said as now's. CloudWatch has a
/// minute's metrics some minutes later (assumed).
const OLDEST: Duration = Duration::from_secs(300);
/// One period of the metrics.
const MINUTE: Duration = Duration::from_secs(60);

/// What the metrics say of a Region's load.
pub struct Load {
    pub per_s: Option<f64>,
    /// Since the end of the newest minute.
    pub age: Option<Duration>,
    pub remark: Remark,
}

pub fn load(view: &RegionView, now: Timestamp) -> Load {
    let mut remark = words::remark(&view.traffic, now);
    let traffic = view.traffic.value.as_ref();
    let end = traffic.and_then(|traffic| traffic.last()).map(|(start, _)| *start);
    let age = end.map(|start| crate::model::observed::elapsed(start, now).saturating_sub(MINUTE));
    if let Some(age) = age.filter(|age| remark.current() && *age > OLDEST) {
        remark.words = vec![format!("metrics {} old", words::span(age)), words::ago(age)];
    }
    Load { per_s: traffic.and_then(|traffic| traffic.requests_per_s()), age, remark }
}

pub fn draw(model: &Model, pen: &mut Pen<'_>, area: Rect) {
    if area.height < 3 {
        return;
    }
    let focus = model.pane == Pane::Traffic;
    pen.hits.add(area, Target::Pane(Pane::Traffic));
    let Some(snapshot) = &model.snapshot else {
        let inside = pad(pen.frame(area, &title("Traffic"), &[], focus));
        pen.left(inside, 0, &[word(Role::Muted, "not seen yet")]);
        return;
    };
    let loads: Vec<Load> = snapshot.regions.iter().map(|view| load(view, model.now)).collect();
    let oldest = loads.iter().filter(|load| load.remark.current()).filter_map(|load| load.age).max();
    let age = oldest.map(|age| word(Role::Muted, format!(" metrics up to {} ", words::ago(age))));
    let inside = pad(pen.frame(area, &title("Traffic"), &Vec::from_iter(age), focus));
    // a share is only known when every Region's load is
    let known = loads.iter().all(|load| load.remark.current() && load.per_s.is_some());
    let total: f64 = loads.iter().filter_map(|load| load.per_s).sum();
    let most = loads.iter().filter_map(|load| load.per_s).fold(0.0, f64::max);
    let names = snapshot.regions.iter().map(|view| view.name.len()).max().unwrap_or(0).min(24);
    for (place, (view, load)) in snapshot.regions.iter().zip(&loads).enumerate() {
        let share = load.per_s.filter(|_| known && total > 0.0).map(|per_s| per_s / total);
        let row = Row { names, place, share, length: load.per_s.filter(|_| most > 0.0).map(|per_s| per_s / most) };
        row.draw(model, snapshot, view, load, pen, inside);
    }
    pen.left(inside, snapshot.regions.len(), &answers(snapshot, model.now, usize::from(inside.width)));
}

struct Row {
    names: usize,
    place: usize,
    share: Option<f64>,
    /// Of the longest bar, 0 to 1.
    length: Option<f64>,
}

impl Row {
    fn draw(&self, model: &Model, snapshot: &Snapshot, view: &RegionView, load: &Load, pen: &mut Pen<'_>, area: Rect) {
        let verdict = verdict::of_region(snapshot, view, model.now);
        let name_role = if view.name == model.selected { Role::Title } else { Role::Text };
        let head = [
            word(verdict_role(verdict), format!("{} {:<9} ", verdict.symbol(), verdict.word())),
            word(name_role, format!("{:<1$.1$}  ", view.name, self.names)),
        ];
        pen.left(area, self.place, &head);
        let tail = self.tail(load);
        pen.right(area, self.place, &tail);
        let used = crate::tui::view::draw::width(&head) + crate::tui::view::draw::width(&tail) + 2;
        let room = usize::from(area.width).saturating_sub(used);
        if let Some(length) = self.length.filter(|_| room > 3) {
            let start = crate::tui::view::draw::width(&head);
            let bar =
                if load.remark.current() { bar(length, room, Role::bar(self.place)) } else { old_bar(length, room) };
            pen.at(area, self.place, start, &bar);
        }
    }

    fn tail(&self, load: &Load) -> Vec<Word> {
        let Some(per_s) = load.per_s else {
            let why = load.remark.words.first().cloned().unwrap_or_else(|| "no metrics".into());
            return vec![word(Role::Unknown, why)];
        };
        let rate = format!("{:>7} rps", words::rate(per_s));
        if load.remark.current() {
            let share = self.share.map_or_else(|| "share ?".into(), |share| format!("{:.0} %", share * 100.0));
            return vec![word(Role::Title, format!("{share:>7}")), word(Role::Text, rate)];
        }
        let short = load.remark.words.get(1).or(load.remark.words.first()).cloned().unwrap_or_default();
        let role = if load.remark.unknown { Role::Unknown } else { Role::Stale };
        vec![word(Role::Stale, rate), word(role, format!("  {short}"))]
    }
}

/// `length` (0 to 1) of `room` columns, in eighths; what is left is a quiet line.
pub fn bar(length: f64, room: usize, role: Role) -> Vec<Word> {
    const PARTS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
    let eighths = (length.clamp(0.0, 1.0) * room as f64 * 8.0).round() as usize;
    let (full, part) = (eighths / 8, eighths % 8);
    let rest = room.saturating_sub(full + usize::from(part > 0));
    vec![word(role, format!("{}{}", "█".repeat(full), PARTS[part])), word(Role::BarRest, "·".repeat(rest))]
}

/// A bar that is no longer current is another pattern, not only another colour.
fn old_bar(length: f64, room: usize) -> Vec<Word> {
    let full = (length.clamp(0.0, 1.0) * room as f64).round() as usize;
    vec![word(Role::Stale, "░".repeat(full)), word(Role::BarRest, "·".repeat(room.saturating_sub(full)))]
}

/// What users of each place are told, and what they met there.
fn answers(snapshot: &Snapshot, now: Timestamp, room: usize) -> Vec<Word> {
    let remark = words::remark(&snapshot.answers, now);
    let label = part(0, Role::Muted, "Users ");
    let Some(places) = &snapshot.answers.value else {
        let why = remark.words.first().cloned().unwrap_or_default();
        return join(vec![label, part(0, Role::Unknown, why)]);
    };
    let role = |role| if remark.current() { role } else { Role::Stale };
    let tried: Vec<bool> = places.iter().filter_map(|answer| answer.visit.ok()).collect();
    let ok = tried.iter().filter(|ok| **ok).count();
    let mut parts = vec![label];
    let (symbol, colour) = if ok == tried.len() { ("✔", Role::Ok) } else { ("✖", Role::Bad) };
    if tried.is_empty() {
        parts.push(part(0, role(Role::Muted), "probes not tried"));
    } else {
        parts.push(part(0, role(colour), format!("{symbol} probes ok {ok}/{}", tried.len())));
    }
    for (place, region) in snapshot.regions.iter().enumerate() {
        let sent = places.iter().filter(|answer| answer.region.as_deref() == Some(&region.name)).count();
        let noun = if sent == 1 { "place" } else { "places" };
        parts.push(part(2 + place as u8, role(Role::Text), format!("{sent} {noun} → {}", region.name)));
    }
    let lost = places.iter().filter(|answer| answer.region.is_none()).count();
    if lost > 0 {
        parts.push(part(1, role(Role::Bad), format!("✖ {lost} sent nowhere known")));
    }
    let tail: Vec<Part> = remark
        .words
        .iter()
        .take(2)
        .skip(usize::from(room < 90))
        .take(1)
        .map(|why| part(0, Role::Unknown, why))
        .collect();
    parts.extend(tail);
    join(fit(parts, room))
}
