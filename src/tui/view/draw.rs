//! The pen that everything is drawn with. It never writes outside its area, and never a character
//! that a terminal would obey.

use super::hits::{Hits, Target};
use crate::model::text::{clean, is_clean};
use crate::tui::theme::{Role, Theme};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Span;
use ratatui::widgets::{Block, BorderType, Clear, Widget};
use unicode_width::UnicodeWidthStr;

/// Text with its meaning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    pub text: String,
    pub role: Role,
}

pub fn word(role: Role, text: impl Into<String>) -> Word {
    let text = text.into();
    Word { text: if is_clean(&text) { text } else { clean(&text) }, role }
}

/// Columns that the words take.
pub fn width(words: &[Word]) -> usize {
    words.iter().map(|word| word.text.width()).sum()
}

/// A word that may be left out: the highest rank goes first, rank 0 stays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    pub words: Vec<Word>,
    pub rank: u8,
}

pub fn part(rank: u8, role: Role, text: impl Into<String>) -> Part {
    Part { words: vec![word(role, text)], rank }
}

/// Blanks between parts.
pub const GAP: usize = 2;

pub fn parts_width(parts: &[Part]) -> usize {
    parts.iter().map(|part| width(&part.words)).sum::<usize>() + GAP * parts.len().saturating_sub(1)
}

/// The parts that fit, by rank, in their order.
pub fn fit(mut parts: Vec<Part>, room: usize) -> Vec<Part> {
    while parts_width(&parts) > room {
        let least =
            parts.iter().enumerate().filter(|(_, part)| part.rank > 0).max_by_key(|(place, part)| (part.rank, *place));
        match least.map(|(place, _)| place) {
            Some(place) => drop(parts.remove(place)),
            None => break,
        }
    }
    parts
}

pub fn join(parts: Vec<Part>) -> Vec<Word> {
    let mut words: Vec<Word> = vec![];
    for part in parts {
        if !words.is_empty() {
            words.push(word(Role::Text, " ".repeat(GAP)));
        }
        words.extend(part.words);
    }
    words
}

/// Draws into a buffer by roles.
pub struct Pen<'a> {
    pub buffer: &'a mut Buffer,
    pub theme: &'a Theme,
    /// The role of the border of what has the keys.
    pub focus: Role,
    /// What can be clicked on.
    pub hits: Hits,
}

impl Pen<'_> {
    pub fn style(&self, role: Role) -> Style {
        self.theme.style(role)
    }

    /// Words from the left of a row of the area.
    pub fn left(&mut self, area: Rect, row: usize, words: &[Word]) {
        self.at(area, row, 0, words);
    }

    /// Words that end at the right of a row of the area.
    pub fn right(&mut self, area: Rect, row: usize, words: &[Word]) {
        let start = usize::from(area.width).saturating_sub(width(words));
        self.at(area, row, start, words);
    }

    pub fn at(&mut self, area: Rect, row: usize, column: usize, words: &[Word]) {
        let area = area.intersection(self.buffer.area);
        let mut x = usize::from(area.x) + column;
        if row >= usize::from(area.height) {
            return;
        }
        let y = area.y + row as u16;
        let cut = x + width(words) > usize::from(area.right());
        for word in words {
            let room = usize::from(area.right()).saturating_sub(x);
            if room == 0 {
                break;
            }
            let style = self.style(word.role);
            let (end, _) = self.buffer.set_stringn(x as u16, y, &word.text, room, style);
            x = usize::from(end);
        }
        if cut && area.width > 3 {
            self.cut(area, y);
        }
    }

    /// Says that a row goes on beyond the area.
    fn cut(&mut self, area: Rect, y: u16) {
        let last = area.right() - 1;
        let before = self.buffer.cell((last - 1, y)).map_or(1, |cell| cell.symbol().width());
        if let Some(cell) = self.buffer.cell_mut((last, y)).filter(|_| before < 2) {
            cell.set_symbol("…");
        }
    }

    /// So many columns of a row of the area can be clicked on.
    pub fn hit(&mut self, area: Rect, row: usize, column: usize, width: usize, target: Target) {
        if row < usize::from(area.height) && column < usize::from(area.width) {
            let place = Rect { x: area.x + column as u16, y: area.y + row as u16, width: width as u16, height: 1 };
            self.hits.add(place.intersection(area), target);
        }
    }

    /// Nothing but the background.
    pub fn clear(&mut self, area: Rect) {
        let area = area.intersection(self.buffer.area);
        Clear.render(area, self.buffer);
        self.buffer.set_style(area, self.theme.style(Role::Background));
    }

    /// A whole row in a role, then its words.
    pub fn bar(&mut self, area: Rect, row: usize, role: Role) {
        if row < usize::from(area.height) {
            let strip = Rect { y: area.y + row as u16, height: 1, ..area }.intersection(self.buffer.area);
            self.buffer.set_style(strip, self.theme.style(role));
        }
    }

    /// Borders with a title at the left and words at the right of it; answers what is inside.
    pub fn frame(&mut self, area: Rect, title: &[Word], right: &[Word], focus: bool) -> Rect {
        let area = area.intersection(self.buffer.area);
        let (kind, role) = if focus { (BorderType::Thick, self.focus) } else { (BorderType::Rounded, Role::Border) };
        let block = Block::bordered().border_type(kind).border_style(self.style(role));
        let inside = block.inner(area);
        block.render(area, self.buffer);
        if area.width < 4 {
            return inside;
        }
        let line = Rect { x: area.x + 2, width: area.width - 4, height: area.height.min(1), ..area };
        self.left(line, 0, title);
        let taken = width(title);
        if taken + width(right) < usize::from(line.width) {
            self.right(line, 0, right);
        }
        inside
    }

    /// An emptied frame in the middle of the area, for what lies on top.
    pub fn sheet(&mut self, area: Rect, wanted: (u16, u16), title: &[Word], right: &[Word]) -> Rect {
        let (width, height) = (wanted.0.min(area.width), wanted.1.min(area.height));
        let place =
            Rect { x: area.x + (area.width - width) / 2, y: area.y + (area.height - height) / 2, width, height };
        self.shade(area);
        self.hits.cover();
        self.clear(place);
        let inside = self.frame(place, title, right, true);
        pad(inside)
    }

    /// What lies below an overlay steps back.
    fn shade(&mut self, area: Rect) {
        self.buffer
            .set_style(area.intersection(self.buffer.area), Style::new().add_modifier(ratatui::style::Modifier::DIM));
    }
}

/// A column less at both sides, where there is room.
pub fn pad(area: Rect) -> Rect {
    if area.width < 30 { area } else { Rect { x: area.x + 1, width: area.width - 2, ..area } }
}

pub fn span(theme: &Theme, word: &Word) -> Span<'static> {
    Span::styled(word.text.clone(), theme.style(word.role))
}

/// Text broken at blanks into lines of at most `room` columns; words longer than a line are cut.
pub fn wrap(text: &str, room: usize) -> Vec<String> {
    let room = room.max(1);
    let mut lines = vec![String::new()];
    for piece in text.split(' ') {
        let mut piece = piece;
        let mut line = lines.pop().unwrap_or_default();
        if !line.is_empty() && line.width() + 1 + piece.width() > room {
            lines.push(std::mem::take(&mut line));
        } else if !line.is_empty() {
            line.push(' ');
        }
        while line.width() + piece.width() > room {
            let mut cut = 0;
            for (place, character) in piece.char_indices() {
                if line.width() + piece[..place + character.len_utf8()].width() > room {
                    break;
                }
                cut = place + character.len_utf8();
            }
            if cut == 0 && line.is_empty() {
                break;
            }
            line.push_str(&piece[..cut]);
            piece = &piece[cut..];
            lines.push(std::mem::take(&mut line));
        }
        line.push_str(piece);
        lines.push(line);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_matters_least_goes_first() {
        let parts =
            vec![part(0, Role::Text, "6/6 running"), part(2, Role::Text, "min 3"), part(1, Role::Text, "0 pending")];
        let seen: Vec<String> = fit(parts, 24).into_iter().map(|part| part.words[0].text.clone()).collect();
        assert_eq!(seen, ["6/6 running", "0 pending"]);
    }

    proptest! {
        #[test]
        fn wrapping_loses_nothing_and_keeps_the_width(text in "[a-z日 é]{0,80}", room in 2_usize..20) {
            let lines = wrap(&text, room);
            prop_assert!(lines.iter().all(|line| line.width() <= room), "{lines:?}");
            let kept: String = lines.concat().replace(' ', "");
            prop_assert_eq!(kept, text.replace(' ', ""));
        }
    }
}
