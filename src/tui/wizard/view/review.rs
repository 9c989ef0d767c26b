//! The review: what will be made, what it costs, who may make it, and the file that says so.

use crate::deploy::cost::{Item, dollars};
use crate::deploy::plan::{Action, Row, span};
use crate::tui::overlays::scrolled;
use crate::tui::theme::Role;
use crate::tui::view::draw::{GAP, Pen, Word, pad, width, word, wrap};
use crate::tui::view::hits::Target;
use crate::tui::wizard::model::{Live, TABS, Tab, Wizard};
use crate::tui::wizard::msg::Survey;
use ratatui::layout::Rect;
use std::collections::BTreeMap;

pub(super) fn draw(wizard: &Wizard, pen: &mut Pen<'_>, area: Rect) {
    let area = pad(area);
    let room = usize::from(area.width);
    let head = head(wizard, room);
    let rows = head.len().min(usize::from(area.height) / 2);
    head.iter().take(rows).enumerate().for_each(|(row, line)| pen.left(area, row, line));
    tabs(wizard, pen, Rect { y: area.y + rows as u16, height: area.height - rows as u16, ..area });
    let below = rows as u16 + 1;
    if area.height > below {
        let body = Rect { y: area.y + below, height: area.height - below, ..area };
        scrolled(pen, body, &lines(wizard, room), wizard.scroll);
    }
}

/// What it comes to, or what keeps it.
fn head(wizard: &Wizard, room: usize) -> Vec<Vec<Word>> {
    let said = |role, text: &str| wrap(text, room).into_iter().map(|line| vec![word(role, line)]).collect::<Vec<_>>();
    if let Some((page, mistake)) = wizard.obstacle() {
        return said(Role::Bad, &format!("✖ {}: {mistake}", page.name()));
    }
    let Some(survey) = wizard.surveyed() else {
        return match &wizard.survey {
            Some((_, Live::Failed(why))) => said(Role::Bad, &format!("✖ {why}")),
            _ => said(Role::Muted, "looking at the account"),
        };
    };
    let plan = &survey.plan;
    if let Some(row) = plan.obstacles().next() {
        let count = plan.obstacles().count();
        let more = if count > 1 { format!(" and {} more", count - 1) } else { String::new() };
        return said(Role::Bad, &format!("✖ {}{more}: {}", row.id, row.said().join("; ")));
    }
    if plan.changes().next().is_none() {
        return said(Role::Ok, "✔ everything stands as the file says");
    }
    let make = format!(
        "{} to make, {} to change, {} as they are",
        plan.count("create"),
        plan.count("update"),
        plan.count("unchanged")
    );
    let cost = format!("about {}, about ${} a month", span(plan.expected), dollars(survey.estimate.total()));
    let line = vec![word(Role::Text, format!("{make}  ")), word(Role::Title, cost.clone())];
    if width(&line) <= room { vec![line] } else { vec![vec![word(Role::Text, make)], vec![word(Role::Title, cost)]] }
}

fn tabs(wizard: &Wizard, pen: &mut Pen<'_>, area: Rect) {
    let mut column = 0;
    for (place, (tab, name)) in TABS.iter().enumerate() {
        let role = if *tab == wizard.tab { Role::FocusTitle } else { Role::Muted };
        let words = [word(Role::Key, format!("{} ", place + 1)), word(role, format!(" {name} "))];
        pen.at(area, 0, column, &words);
        pen.hit(area, 0, column, width(&words), Target::Action((place + 1).to_string()));
        column += width(&words) + GAP;
    }
}

fn lines(wizard: &Wizard, room: usize) -> Vec<Vec<Word>> {
    let plain = |text: &str| text.lines().map(|line| vec![word(Role::Text, line)]).collect::<Vec<_>>();
    match (wizard.tab, wizard.surveyed()) {
        (Tab::File, _) => plain(wizard.text()),
        (Tab::Resources, Some(survey)) => resources(survey, room),
        (Tab::Cost, Some(survey)) => cost(survey, room),
        (Tab::Policy, Some(survey)) => plain(&survey.policy),
        (_, None) => vec![],
    }
}

/// By Region, what belongs to none first.
fn resources(survey: &Survey, room: usize) -> Vec<Vec<Word>> {
    let mut groups: BTreeMap<&str, Vec<&Row>> = BTreeMap::new();
    for row in &survey.plan.rows {
        // a health check has its API elsewhere, and is its Region's all the same
        let first = row.id.split_once('/').map_or("", |(first, _)| first);
        let group = if survey.plan.rows.iter().any(|other| other.region == first) { first } else { "" };
        groups.entry(group).or_default().push(row);
    }
    let mut lines = vec![];
    for (group, rows) in groups {
        let name = if group.is_empty() { "the whole stack" } else { group };
        lines.push(vec![word(Role::Title, name), word(Role::Muted, format!("  {} resources", rows.len()))]);
        let last = rows.len() - 1;
        for (place, row) in rows.into_iter().enumerate() {
            lines.extend(resource(row, group, place == last, room));
        }
    }
    lines
}

fn resource(row: &Row, group: &str, last: bool, room: usize) -> Vec<Vec<Word>> {
    let (role, mark) = (role(&row.action), row.action.sign());
    let short = if group.is_empty() { &row.id } else { row.id.split_once('/').map_or(&*row.id, |(_, role)| role) };
    let mut words = vec![
        word(Role::Border, if last { "└ " } else { "├ " }),
        word(role, format!("{mark} ")),
        word(Role::Text, format!("{short:<24} ")),
        word(Role::Muted, format!("{} {}", row.service, row.name)),
    ];
    if row.holds_data {
        words.push(word(Role::Warn, "  holds data"));
    }
    let mut lines = vec![words];
    if row.action.forbids() || matches!(row.action, Action::Update(_)) {
        let said = row.said().join("; ");
        lines.extend(
            wrap(&said, room.saturating_sub(4).max(10)).into_iter().map(|line| vec![word(role, format!("    {line}"))]),
        );
    }
    lines
}

fn role(action: &Action) -> Role {
    match action {
        Action::Create => Role::Ok,
        Action::Update(_) => Role::Warn,
        Action::Busy(_) | Action::Later(_) | Action::Unchanged => Role::Muted,
        Action::Replace(_) | Action::Stuck(_) | Action::Unknown(_) => Role::Bad,
    }
}

fn cost(survey: &Survey, room: usize) -> Vec<Vec<Word>> {
    let estimate = &survey.estimate;
    let mut lines = vec![vec![
        word(Role::Title, format!("about ${} a month, ${:.2} an hour", dollars(estimate.total()), estimate.an_hour())),
        word(Role::Muted, format!("  an estimate, by prices of {}", estimate.date)),
    ]];
    let mut items: Vec<&Item> = estimate.items.iter().collect();
    items.sort_by(|one, other| other.monthly.total_cmp(&one.monthly));
    let what = items.iter().map(|item| item.what.len()).max().unwrap_or(0).min(44);
    for item in items {
        lines.push(vec![
            word(Role::Text, format!("{:>9}  ", format!("${:.2}", item.monthly))),
            word(Role::Text, format!("{:<what$}  ", item.what)),
            word(Role::Muted, item.node.clone()),
        ]);
    }
    let mut say = |role, text: String| lines.extend(wrap(&text, room).into_iter().map(|line| vec![word(role, line)]));
    if !estimate.borrowed.is_empty() {
        say(Role::Warn, format!("▲ by the prices of us-east-1: {}", estimate.borrowed.join(", ")));
    }
    estimate.unknown.iter().for_each(|said| say(Role::Warn, format!("▲ not counted, the price is not known: {said}")));
    say(Role::Muted, format!("Not counted, for it depends on use: {}.", estimate.not_counted.join(", ")));
    lines
}
