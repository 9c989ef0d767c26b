//! A page that asks: a line a field, and below them what is to be said of the one that has the keys.

use crate::tui::overlays::field;
use crate::tui::theme::Role;
use crate::tui::view::draw::{Pen, Word, pad, word, wrap};
use crate::tui::view::hits::Target;
use crate::tui::wizard::fields::{Field, Kind};
use crate::tui::wizard::model::{Live, Wizard};
use crate::tui::wizard::pages::Page;
use ratatui::layout::Rect;

/// Columns of a label.
const LABEL: usize = 20;
/// Fields that are always in sight, if there are so many.
const FIELDS: usize = 6;
/// Rows below the fields.
const SAID: u16 = 3;

pub(super) fn draw(wizard: &Wizard, pen: &mut Pen<'_>, area: Rect) {
    let area = pad(area);
    let head = head(wizard, usize::from(area.width));
    let foot = if area.height > 6 { SAID } else { area.height.min(1) };
    let room = area.height.saturating_sub(foot + 1);
    // on a small screen the fields come first
    let spare = usize::from(room).saturating_sub(wizard.asked().count().min(FIELDS) + 1);
    let shown = head.len().min(spare);
    let lead = if shown > 0 { shown as u16 + 1 } else { 0 };
    head.iter().take(shown).enumerate().for_each(|(row, line)| pen.left(area, row, line));
    let list = Rect { y: area.y + lead, height: room.saturating_sub(lead), ..area };
    fields(wizard, pen, list);
    let said = Rect { y: area.y + area.height - foot, height: foot, ..area };
    for (row, line) in said_of(wizard, usize::from(area.width)).into_iter().take(usize::from(foot)).enumerate() {
        pen.left(said, row, &[line]);
    }
}

/// What the page is about; on the first one, who is meant.
fn head(wizard: &Wizard, room: usize) -> Vec<Vec<Word>> {
    let mut lines: Vec<Vec<Word>> =
        wrap(wizard.page.about(), room).into_iter().map(|line| vec![word(Role::Muted, line)]).collect();
    if wizard.page == Page::Account {
        lines.splice(0..0, who(wizard, room));
    }
    if wizard.page == Page::Safety {
        let said = match wizard.answer("failover.by") {
            "nobody" => {
                "Not automatic, and refused: moving the writer. With the writer's Region down nobody writes until it is back."
            }
            "watcher" => {
                "Automatic: moving the writer when its Region is lost for three minutes. Not automatic: a second time before somebody acknowledged the first, and the way back."
            }
            _ => "Not automatic: moving the writer. Somebody presses f, reads what may be lost, and types the Region.",
        };
        lines.extend(wrap(said, room).into_iter().map(|line| vec![word(Role::Warn, line)]));
    }
    lines
}

fn who(wizard: &Wizard, room: usize) -> Vec<Vec<Word>> {
    let said = match &wizard.who {
        Live::Asked => vec![(Role::Muted, "asking AWS who you are".to_string())],
        Live::Here(who) => {
            let mut said = vec![(Role::Ok, format!("✔ account {} as {}", who.account, who.arn))];
            if let Some(expires) = who.expires {
                let at = expires.strftime("%Y-%m-%d %H:%M UTC");
                said.push((Role::Muted, format!("  these credentials end at {at}")));
            }
            said
        }
        Live::Failed(why) => vec![(Role::Bad, format!("✖ {why}; ^R asks again"))],
    };
    said.into_iter()
        .flat_map(|(role, text)| wrap(&text, room).into_iter().map(move |line| vec![word(role, line)]))
        .collect()
}

fn fields(wizard: &Wizard, pen: &mut Pen<'_>, area: Rect) {
    let asked: Vec<&Field> = wizard.asked().collect();
    let here = asked.iter().position(|field| field.id == wizard.focus).unwrap_or(0);
    let room = usize::from(area.height);
    let first =
        (here + 1).saturating_sub(room).max(here.saturating_sub(room / 2)).min(asked.len().saturating_sub(room));
    for (row, field) in asked.iter().skip(first).take(room).enumerate() {
        let focus = field.id == wizard.focus;
        pen.hit(area, row, 0, usize::from(area.width), Target::Row(field.id.clone()));
        line(wizard, pen, area, row, field, focus);
    }
    let below = asked.len().saturating_sub(first + room);
    if below > 0 && room > 1 {
        pen.right(area, room - 1, &[word(Role::Key, format!(" ↓ {below} more "))]);
    }
}

fn line(wizard: &Wizard, pen: &mut Pen<'_>, area: Rect, row: usize, field: &Field, focus: bool) {
    let wrong = wizard.said_of(field).is_some();
    let mark = match (focus, wrong) {
        (true, false) => word(Role::Accent, "▸ "),
        (_, true) => word(Role::Bad, "✖ "),
        (false, false) => word(Role::Text, "  "),
    };
    let label = word(if focus { Role::Title } else { Role::Muted }, format!("{:<LABEL$}", field.label));
    let value = wizard.answers.to(field);
    match field.kind {
        Kind::Choice(words) => {
            let said = words.iter().find(|(one, _)| *one == value).map_or(value, |(_, said)| said);
            let shown = if focus { format!("◂ {said} ▸") } else { said.to_string() };
            pen.left(area, row, &[mark, label, word(if focus { Role::Title } else { Role::Text }, shown)]);
        }
        _ if focus => field::draw(pen, area, row, &[mark, label], &wizard.input),
        _ if value.is_empty() => pen.left(area, row, &[mark, label, word(Role::Muted, empty(wizard, field))]),
        _ => pen.left(area, row, &[mark, label, word(if wrong { Role::Bad } else { Role::Text }, value)]),
    }
}

/// What an empty answer means.
fn empty(wizard: &Wizard, field: &Field) -> String {
    match field.id.as_str() {
        "dns.name" => format!("app.{}", wizard.answer("dns.zone")),
        "control.regions" => {
            wizard.checked.config.as_ref().map_or("-".into(), |config| config.spec.control_regions.join(", "))
        }
        "regions.3.name" => "none".into(),
        _ => "-".into(),
    }
}

/// What is wrong with the field that has the keys, else what it means.
fn said_of(wizard: &Wizard, room: usize) -> Vec<Word> {
    let Some(field) = wizard.focused() else { return vec![] };
    let (role, text) = match wizard.said_of(field) {
        Some(said) => (Role::Bad, format!("✖ {said}")),
        None => match (&wizard.zones, field.id.as_str()) {
            (Live::Failed(why), "dns.zone") => {
                (Role::Warn, format!("▲ the zones of the account cannot be listed: {why}"))
            }
            _ => (Role::Muted, field.means.to_string()),
        },
    };
    wrap(&text, room).into_iter().map(|line| word(role, line)).collect()
}
