//! A page over the whole screen: its tabs, its facts and tables, the row that is pointed at in sight.

use super::field;
use crate::tui::model::{Model, Tab, Zoom};
use crate::tui::pages::table::{Row, Sort, Table};
use crate::tui::pages::{self, Section};
use crate::tui::panes::title;
use crate::tui::theme::Role;
use crate::tui::view::draw::{Pen, Word, word};
use crate::tui::view::hits::Target;
use ratatui::layout::Rect;
use std::rc::Rc;
use unicode_width::UnicodeWidthStr;

/// Blanks between columns.
const GAP: usize = 2;
/// How much of the last column is enough to be worth its place.
const CUT: usize = 24;
/// Longer cells lose their middle, except at the end: the ends of a name tell it from others.
const WIDEST: usize = 44;
/// Where cells begin: behind the sign of the row that is pointed at.
const MARGIN: usize = 2;

pub fn draw(model: &Model, zoom: &Zoom, pen: &mut Pen<'_>, area: Rect) {
    let page = pages::page(model, zoom);
    let inside = pen.sheet(area, (area.width, area.height), &title(&page.title), &page.right);
    tabs(zoom.tab, pen, inside);
    let searching = zoom.typing || !zoom.filter.value().is_empty();
    let foot = u16::from(searching);
    let body = Rect { y: inside.y + 2, height: inside.height.saturating_sub(2 + foot), ..inside }.intersection(inside);
    let pointed = page.pointed(zoom);
    let lines = lines(&page.sections, usize::from(body.width));
    let room = usize::from(body.height);
    // the row that is pointed at is in the middle, as far as the ends allow
    let at = match pointed {
        Some(0) => 0,
        Some(place) => lines.iter().position(|line| line.row() == Some(place)).unwrap_or(0),
        None => zoom.place + room / 2,
    };
    let first = at.saturating_sub(room / 2).min(lines.len().saturating_sub(room));
    for (row, line) in lines.iter().skip(first).take(room).enumerate() {
        line.draw(pen, body, row, zoom.sort, line.row().is_some() && line.row() == pointed);
    }
    // the heading of what is pointed at stays when it would have gone
    let heading = lines.iter().take(at + 1).rposition(|line| matches!(line, Line::Heading(..)));
    if let Some(heading) = heading.filter(|place| *place < first && pointed.is_some() && room > 2) {
        pen.clear(Rect { height: 1, ..body });
        lines[heading].draw(pen, body, 0, zoom.sort, false);
    }
    let below = lines.len().saturating_sub(first + room);
    if below > 0 && room > 1 {
        pen.right(body, room - 1, &[word(Role::Key, format!(" ↓ {below} more "))]);
    }
    if searching {
        let line = Rect { y: inside.bottom() - 1, height: 1, ..inside };
        let label = [word(Role::Key, "/ ")];
        if zoom.typing {
            field::draw(pen, line, 0, &label, &zoom.filter);
        } else {
            pen.left(line, 0, &[word(Role::Key, "/ "), word(Role::Title, zoom.filter.value())]);
        }
        let rows = page.rows().count();
        pen.right(line, 0, &[word(Role::Muted, format!(" {rows} {} ", if rows == 1 { "row" } else { "rows" }))]);
    }
}

/// The tabs with their keys; the one that is open stands out.
fn tabs(open: Tab, pen: &mut Pen<'_>, area: Rect) {
    let whole: usize = Tab::ALL.iter().map(|tab| tab.title().len() + 5).sum();
    let tight = whole > usize::from(area.width);
    let mut column = 0;
    for (key, tab) in (1..).zip(Tab::ALL) {
        let role = if tab == open { Role::Selection } else { Role::Muted };
        // without room only the open one has its name
        let name = if tight && tab != open { String::new() } else { format!(" {} ", tab.title()) };
        let words = [word(Role::Key, format!("{key}")), word(role, name)];
        let width = crate::tui::view::draw::width(&words);
        pen.at(area, 0, column, &words);
        pen.hit(area, 0, column, width, Target::Tab(tab));
        column += width + 1 + usize::from(!tight);
    }
}

/// One line of a page; its words are made only when it is in sight.
enum Line<'a> {
    Plain(&'a [Word]),
    Heading(&'a Table, Rc<[Option<usize>]>),
    /// With its place among all rows.
    Row(&'a Row, &'a Table, Rc<[Option<usize>]>, usize),
    None(&'a Table),
}

impl Line<'_> {
    fn row(&self) -> Option<usize> {
        match self {
            Line::Row(.., place) => Some(*place),
            _ => None,
        }
    }

    fn draw(&self, pen: &mut Pen<'_>, area: Rect, row: usize, sort: Option<Sort>, pointed: bool) {
        match self {
            Line::Plain(words) => pen.left(area, row, words),
            Line::None(table) => pen.at(area, row, MARGIN, &table.none),
            Line::Heading(table, widths) => {
                let (text, sorts) = heading(table, widths, sort);
                pen.left(area, row, &[word(Role::Muted, text)]);
                for (column, width, name) in sorts {
                    pen.hit(area, row, column, width, Target::Column(name.into()));
                }
            }
            Line::Row(one, table, widths, _) => {
                pen.left(area, row, &cells(one, table, widths));
                if pointed {
                    pen.bar(area, row, Role::Selection);
                    pen.left(area, row, &[word(Role::Selection, "▸")]);
                }
                pen.hit(area, row, 0, usize::from(area.width), Target::Row(one.id.clone()));
            }
        }
    }
}

fn lines(sections: &[Section], room: usize) -> Vec<Line<'_>> {
    let (mut lines, mut row) = (vec![], 0);
    for section in sections {
        match section {
            Section::Lines(plain) => lines.extend(plain.iter().map(|words| Line::Plain(words))),
            Section::Table(table) => {
                lines.push(Line::Plain(&table.title));
                if table.rows.is_empty() {
                    lines.push(Line::None(table));
                    continue;
                }
                let widths: Rc<[Option<usize>]> = widths(table, room).into();
                lines.push(Line::Heading(table, widths.clone()));
                for one in &table.rows {
                    lines.push(Line::Row(one, table, widths.clone(), row));
                    row += 1;
                }
            }
        }
    }
    lines
}

/// How wide each column is; those that do not fit are left out by their rank, the last may be cut.
fn widths(table: &Table, room: usize) -> Vec<Option<usize>> {
    let natural = |place: usize| {
        let cells = table.rows.iter().filter_map(|row| Some(row.cells.get(place)?.text.width() + indent(row, place)));
        cells.max().unwrap_or(0).min(WIDEST).max(table.columns[place].name.len() + 2 * usize::from(!table.tree))
    };
    let mut widths: Vec<Option<usize>> = (0..table.columns.len()).map(|place| Some(natural(place))).collect();
    let empty =
        |place: usize| table.rows.iter().all(|row| row.cells.get(place).is_none_or(|cell| cell.text.is_empty()));
    for (place, width) in widths.iter_mut().enumerate() {
        if empty(place) {
            *width = None;
        }
    }
    // a text at the end is cut before another column goes
    let last = (0..widths.len()).rposition(|place| widths[place].is_some());
    loop {
        let text = |place: usize| Some(place) == last && !table.columns[place].right;
        let least_wide = |place: usize, width: usize| if text(place) { width.min(CUT) } else { width };
        let wide = widths.iter().enumerate().filter_map(|(place, width)| Some(least_wide(place, (*width)?) + GAP));
        let used = MARGIN + wide.sum::<usize>();
        let shown = (0..widths.len()).filter(|place| widths[*place].is_some() && table.columns[*place].rank > 0);
        match shown.max_by_key(|place| table.columns[*place].rank) {
            Some(least) if used > room + GAP => widths[least] = None,
            _ => return widths,
        }
    }
}

fn indent(row: &Row, place: usize) -> usize {
    if place == 0 { row.depth * 2 } else { 0 }
}

/// The names of the columns, and where those are that can be sorted by: beginning, width, name.
fn heading(table: &Table, widths: &[Option<usize>], sort: Option<Sort>) -> (String, Vec<(usize, usize, &'static str)>) {
    let (mut text, mut sorts) = (" ".repeat(MARGIN), vec![]);
    for (column, width) in table.columns.iter().zip(widths) {
        let Some(width) = width else { continue };
        let sign = match sort.filter(|sort| sort.column == column.name && !table.tree) {
            Some(Sort { down: true, .. }) => " ↓",
            Some(_) => " ↑",
            None => "",
        };
        if !table.tree && !column.name.is_empty() {
            sorts.push((text.width(), *width, column.name));
        }
        text.push_str(&aligned(&format!("{}{sign}", column.name), *width, column.right));
        text.push_str(&" ".repeat(GAP));
    }
    (text.trim_end().to_string(), sorts)
}

fn cells(row: &Row, table: &Table, widths: &[Option<usize>]) -> Vec<Word> {
    let mut words = vec![word(Role::Text, " ".repeat(MARGIN))];
    let last = widths.iter().rposition(Option::is_some);
    for (place, (column, width)) in table.columns.iter().zip(widths).enumerate() {
        let (Some(width), Some(cell)) = (width, row.cells.get(place)) else { continue };
        let text = match indent(row, place) {
            0 => cell.text.clone(),
            some => format!("{}└ {}", " ".repeat(some - 2), cell.text),
        };
        let last = Some(place) == last && !column.right;
        let text = if last { text } else { elided(&text, *width) };
        words.push(word(cell.role, if last { text } else { aligned(&text, *width, column.right) }));
        words.push(word(Role::Text, " ".repeat(if last { 0 } else { GAP })));
    }
    words
}

fn aligned(text: &str, width: usize, right: bool) -> String {
    let blanks = " ".repeat(width.saturating_sub(text.width()));
    if right { format!("{blanks}{text}") } else { format!("{text}{blanks}") }
}

/// A text without its middle, if it is too wide.
fn elided(text: &str, width: usize) -> String {
    if text.width() <= width || width < 3 {
        return text.to_string();
    }
    let room = width - 1;
    let head: String = take(text.chars(), room - room / 2);
    let tail: String = take(text.chars().rev(), room / 2).chars().rev().collect();
    format!("{head}…{tail}")
}

/// As many characters as fit into so many columns.
fn take(characters: impl Iterator<Item = char>, room: usize) -> String {
    let mut used = 0;
    characters
        .take_while(|character| {
            used += unicode_width::UnicodeWidthChar::width(*character).unwrap_or(0);
            used <= room
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_name_keeps_its_ends() {
        assert_eq!(elided("arn:aws:ecs:eu-west-1:123456789012:task/4f6c", 21), "arn:aws:ec…:task/4f6c");
        assert_eq!(elided("short", 21), "short");
    }

    proptest! {
        #[test]
        fn any_text_fits(text in "\\PC{0,60}", width in 3_usize..30) {
            prop_assert!(elided(&text, width).width() <= width.max(3) || text.width() <= width);
        }
    }
}
