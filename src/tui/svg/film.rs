//! Screens one after the other as one animated picture. What stays from one to the next is drawn once: an
//! element has the time in which it is seen, and elements of the same time are a group.

use super::begin;
use super::cells::drawn;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Color;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::ops::Range;
use std::time::Duration;

/// One screen, and how long it stands.
#[derive(Debug, Clone)]
pub struct Shot {
    pub screen: Buffer,
    pub stands: Duration,
}

/// Screens that follow each other, again and again.
#[derive(Debug, Clone)]
pub struct Film {
    pub shots: Vec<Shot>,
    /// The shot that is seen where nothing moves: where animations are off, or are not known.
    pub still: usize,
}

/// The elements of one time: rectangles, texts.
type Group = (Vec<String>, Vec<String>);

impl Film {
    /// The film as SVG; `text` and `paper` stand for the terminal's own colours.
    pub fn svg(&self, title: &str, text: Color, paper: Color) -> String {
        let groups = self.groups(text, paper);
        let area = self.shots.iter().map(|shot| shot.screen.area).fold(Rect::ZERO, Rect::union);
        let mut out = begin(area, title, paper, &self.style(groups.keys()));
        // every rectangle lies under every text, whichever group they are of
        for (times, (rectangles, _)) in &groups {
            self.group(times, rectangles, &mut out);
        }
        for (times, (_, texts)) in &groups {
            self.group(times, texts, &mut out);
        }
        out.push_str("</svg>\n");
        out
    }

    fn groups(&self, text: Color, paper: Color) -> BTreeMap<(usize, usize), Group> {
        let (mut rectangles, mut texts) = (BTreeMap::new(), BTreeMap::new());
        for (place, shot) in self.shots.iter().enumerate() {
            let drawn = drawn(&shot.screen, text, paper);
            for (kind, lines) in [(&mut rectangles, drawn.rectangles), (&mut texts, drawn.texts)] {
                for line in lines {
                    let times: &mut Vec<Range<usize>> = kind.entry(line).or_default();
                    match times.last_mut() {
                        Some(last) if last.end == place => last.end += 1,
                        _ => times.push(place..place + 1),
                    }
                }
            }
        }
        let mut groups: BTreeMap<_, Group> = BTreeMap::new();
        for (line, time) in each(rectangles) {
            groups.entry(time).or_default().0.push(line);
        }
        for (line, time) in each(texts) {
            groups.entry(time).or_default().1.push(line);
        }
        groups
    }

    fn group(&self, (from, to): &(usize, usize), lines: &[String], out: &mut String) {
        if lines.is_empty() {
            return;
        }
        let _ = match self.always(*from, *to) {
            true => writeln!(out, "<g>"),
            false => writeln!(out, "<g class=\"{}\">", class(*from, *to)),
        };
        for line in lines {
            out.push_str(line);
            out.push('\n');
        }
        out.push_str("</g>\n");
    }

    fn always(&self, from: usize, to: usize) -> bool {
        (from, to) == (0, self.shots.len())
    }

    /// An animation for each time. Steps are not blended: a screen stands, then the next one does.
    fn style<'a>(&self, times: impl Iterator<Item = &'a (usize, usize)>) -> String {
        let mut ends = vec![0.0];
        for shot in &self.shots {
            ends.push(ends[ends.len() - 1] + shot.stands.as_secs_f64());
        }
        let whole = ends[ends.len() - 1].max(f64::MIN_POSITIVE);
        let percent = |shot: usize| format!("{:.3}%", ends[shot] / whole * 100.0);
        let mut style = String::new();
        for (from, to) in times.filter(|(from, to)| !self.always(*from, *to)) {
            let (name, still) = (class(*from, *to), (*from..*to).contains(&self.still));
            let _ = write!(
                style,
                ".{name}{{visibility:{};animation:{name} {whole:.2}s step-end infinite}}@keyframes {name}{{",
                if still { "visible" } else { "hidden" }
            );
            if *from > 0 {
                style.push_str("0%{visibility:hidden}");
            }
            let _ = write!(style, "{}{{visibility:visible}}", percent(*from));
            if *to < self.shots.len() {
                let _ = write!(style, "{}{{visibility:hidden}}", percent(*to));
            }
            style.push_str("}\n");
        }
        style.push_str("@media(prefers-reduced-motion:reduce){g{animation:none!important}}\n");
        style
    }
}

fn class(from: usize, to: usize) -> String {
    format!("f{from}-{to}")
}

fn each(times: BTreeMap<String, Vec<Range<usize>>>) -> impl Iterator<Item = (String, (usize, usize))> {
    let one = |(line, times): (String, Vec<Range<usize>>)| {
        times.into_iter().map(move |time| (line.clone(), (time.start, time.end)))
    };
    times.into_iter().flat_map(one)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shot(text: &str, seconds: u64) -> Shot {
        let mut screen = Buffer::empty(Rect::new(0, 0, 12, 2));
        screen.set_string(0, 0, "tandem", ratatui::style::Style::new());
        screen.set_string(0, 1, text, ratatui::style::Style::new());
        Shot { screen, stands: Duration::from_secs(seconds) }
    }

    #[test]
    fn what_stays_is_drawn_once_and_what_comes_back_has_two_times() {
        let film = Film { shots: vec![shot("calm", 1), shot("lost", 2), shot("calm", 1)], still: 1 };
        let svg = film.svg("t", Color::Rgb(255, 255, 255), Color::Rgb(0, 0, 0));
        assert_eq!(svg.matches(">tandem<").count(), 1);
        assert_eq!((svg.matches(">calm<").count(), svg.matches(">lost<").count()), (2, 1));
        let lost = ".f1-2{visibility:visible;animation:f1-2 4.00s step-end infinite}@keyframes f1-2{0%{visibility:hidden}\
                    25.000%{visibility:visible}75.000%{visibility:hidden}";
        assert!(svg.contains(lost), "{svg}");
        let first =
            ".f0-1{visibility:hidden;animation:f0-1 4.00s step-end infinite}@keyframes f0-1{0.000%{visibility:visible}";
        assert!(svg.contains(first), "{svg}");
        assert_eq!(svg.matches("://").count(), 1, "only the namespace is named");
    }
}
