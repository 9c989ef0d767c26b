//! Traffic: the requests of each Region in the last minutes as a chart, and where users of each continent are
//! sent and what they meet there.

use super::dns::dig;
use super::table::{Row, Table, cell, column, measured, number};
use super::{Section, dim, head};
use crate::model::snapshot::{PlaceAnswer, RegionView, Snapshot, Visit};
use crate::tui::panes::traffic::load;
use crate::tui::theme::Role;
use crate::tui::view::draw::{Word, word};
use crate::tui::view::words;
use jiff::Timestamp;

/// Rows of a chart, and minutes in it.
const HEIGHT: usize = 4;
const MINUTES: usize = 60;

pub fn sections(snapshot: &Snapshot, now: Timestamp) -> Vec<Section> {
    let mut lines = vec![];
    let most = snapshot.regions.iter().flat_map(minutes).flatten().fold(0.0, f64::max);
    for (place, view) in snapshot.regions.iter().enumerate() {
        chart(&mut lines, view, place, most, now);
    }
    vec![Section::Lines(lines), Section::Table(answers(snapshot, now))]
}

fn minutes(view: &RegionView) -> Vec<Option<f64>> {
    let all = view.traffic.value.iter().flat_map(|traffic| &traffic.minutes);
    all.map(|(_, minute)| minute.requests.map(|requests| requests / 60.0)).collect()
}

/// Columns of eighths on one scale for all Regions, so that heights can be compared.
fn chart(lines: &mut Vec<Vec<Word>>, view: &RegionView, place: usize, most: f64, now: Timestamp) {
    let mut title = vec![word(Role::Title, format!("{}  requests a second", view.name))];
    let load = load(view, now);
    if let Some(why) = load.remark.words.first() {
        title.push(word(Role::Stale, format!("  {why}")));
    }
    lines.push(title);
    let values = minutes(view);
    let shown = &values[values.len().saturating_sub(MINUTES)..];
    for row in (0..HEIGHT).rev() {
        let label = match row {
            _ if row + 1 == HEIGHT => words::rate(most),
            0 => "0".into(),
            _ => String::new(),
        };
        let bars: String = shown.iter().map(|value| bar(*value, most, row)).collect();
        let role = dim(load.remark.current(), Role::bar(place));
        lines.push(vec![word(Role::Muted, format!("{label:>8} ")), word(role, bars)]);
    }
    if let (Some(traffic), false) = (&view.traffic.value, shown.is_empty()) {
        let from = traffic.minutes.len().saturating_sub(MINUTES);
        let ends = traffic.minutes.get(from).zip(traffic.minutes.last());
        if let Some(((from, _), (to, _))) = ends {
            lines.push(vec![word(Role::Muted, format!("{:>9}{} to {}", "", words::clock(*from), words::clock(*to)))]);
        }
    }
    lines.push(vec![]);
}

/// One cell of a column: what of the value lies in this row; a minute that is missing is a gap.
fn bar(value: Option<f64>, most: f64, row: usize) -> char {
    const PARTS: [char; 9] = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let Some(value) = value.filter(|value| value.is_finite() && most > 0.0) else { return ' ' };
    let eighths = (value / most * (HEIGHT * 8) as f64).round().max(1.0) as usize;
    PARTS[eighths.saturating_sub(row * 8).min(8)]
}

fn answers(snapshot: &Snapshot, now: Timestamp) -> Table {
    let (title, current) =
        head("Users, by place: what name servers tell them and what they meet", &snapshot.answers, now);
    let mut rows = vec![];
    let mut places: Vec<&PlaceAnswer> = snapshot.answers.value.iter().flatten().collect();
    places.sort_by(|a, b| (&a.place.continent, &a.place.name).cmp(&(&b.place.continent, &b.place.name)));
    for answer in places {
        rows.push(row(snapshot, answer, current));
    }
    Table {
        title,
        columns: vec![
            column("continent", 0),
            column("place", 0),
            column("sent to", 0),
            column("meets", 0),
            number("took", 1),
            column("addresses", 2),
            column("subnet", 3),
        ],
        rows,
        tree: false,
        none: vec![word(Role::Muted, "nobody has asked")],
    }
}

fn row(snapshot: &Snapshot, answer: &PlaceAnswer, current: bool) -> Row {
    let role = |role| dim(current, role);
    let sent = match &answer.region {
        Some(region) => cell(role(Role::Text), region.clone()),
        None => cell(role(Role::Bad), "✖ nowhere known"),
    };
    let (meets, took) = match &answer.visit {
        Visit::Answered { status, took } => {
            let ms = took.as_secs_f64() * 1000.0;
            let (state, symbol) = if *status < 500 { (Role::Ok, "●") } else { (Role::Bad, "✖") };
            (cell(role(state), format!("{symbol} {status}")), measured(role(Role::Text), words::latency(ms), ms))
        }
        Visit::Failed(why) => (cell(role(Role::Bad), format!("✖ {why}")), cell(Role::Muted, "-")),
        Visit::NotTried => (cell(role(Role::Muted), "not tried"), cell(Role::Muted, "-")),
    };
    let addresses: Vec<String> = answer.addresses.iter().map(ToString::to_string).collect();
    let subnet = format!("{}/24", answer.place.subnet);
    let cells = vec![
        cell(role(Role::Text), continent(&answer.place.continent)),
        cell(role(Role::Text), answer.place.name.clone()),
        sent,
        meets,
        took,
        cell(role(Role::Muted), addresses.join(" ")),
        cell(role(Role::Muted), subnet.clone()),
    ];
    Row::new(answer.place.name.clone(), dig(snapshot, Some(answer.place.subnet)), cells)
}

/// Route 53's continent codes in words (Route 53 Developer Guide, geolocation routing).
pub fn continent(code: &str) -> String {
    match code {
        "AF" => "Africa",
        "AN" => "Antarctica",
        "AS" => "Asia",
        "EU" => "Europe",
        "NA" => "North America",
        "OC" => "Oceania",
        "SA" => "South America",
        other => other,
    }
    .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_is_as_high_as_its_value() {
        let column = |value| (0..HEIGHT).map(|row| bar(value, 32.0, row)).collect::<String>();
        assert_eq!(column(Some(32.0)), "████");
        assert_eq!(column(Some(12.0)), "█▄  ");
        assert_eq!(column(Some(0.0)), "▁   ", "none is not absent");
        assert_eq!(column(None), "    ");
        assert_eq!(column(Some(f64::NAN)), "    ");
    }
}
