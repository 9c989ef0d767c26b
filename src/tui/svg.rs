//! A screen as a picture: a `Buffer` becomes SVG with no outside font or file.

use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier};
use std::fmt::Write;
use unicode_width::UnicodeWidthStr;

/// The size of a cell and of its text, in pixels.
const CELL: (f64, f64) = (8.43, 16.3);
const FONT_SIZE: f64 = 14.0;
/// Where the text stands in its cell.
const BASELINE: f64 = 13.0;
const MARGIN: f64 = 12.0;
const FONTS: &str = "ui-monospace, 'JetBrains Mono', 'DejaVu Sans Mono', Menlo, Consolas, monospace";

/// How a run of cells looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Look {
    fg: Color,
    bg: Color,
    modifier: Modifier,
}

/// The buffer as SVG; `text` and `paper` stand for the terminal's own colours.
pub fn svg(buffer: &Buffer, title: &str, text: Color, paper: Color) -> String {
    let area = buffer.area;
    let width = f64::from(area.width) * CELL.0 + MARGIN * 2.0;
    let height = f64::from(area.height) * CELL.1 + MARGIN * 2.0;
    let mut out = String::new();
    let _ = write!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" xml:space=\"preserve\" viewBox=\"0 0 {width:.1} {height:.1}\" role=\"img\" aria-label=\"{}\">\n\
         <style>text{{font-family:{FONTS};font-size:{FONT_SIZE}px;white-space:pre}}</style>\n\
         <rect width=\"{width:.1}\" height=\"{height:.1}\" rx=\"8\" fill=\"{}\"/>\n",
        escape(title),
        hex(paper)
    );
    for y in area.top()..area.bottom() {
        for run in runs(buffer, y, text, paper) {
            draw(&run, y - area.top(), paper, &mut out);
        }
    }
    out.push_str("</svg>\n");
    out
}

struct Run {
    start: u16,
    cells: u16,
    text: String,
    look: Look,
}

/// Neighbours that look the same.
fn runs(buffer: &Buffer, y: u16, text: Color, paper: Color) -> Vec<Run> {
    let mut runs: Vec<Run> = vec![];
    let mut x = buffer.area.left();
    while x < buffer.area.right() {
        let Some(cell) = buffer.cell((x, y)) else { break };
        let cells = (cell.symbol().width().max(1) as u16).min(buffer.area.right() - x);
        let look = look(cell, text, paper);
        match runs.last_mut() {
            // a wide character stands alone, so that its width is its own
            Some(run) if run.look == look && cells == 1 && run.cells as usize == run.text.chars().count() => {
                run.cells += 1;
                run.text.push_str(cell.symbol());
            }
            _ => runs.push(Run { start: x - buffer.area.left(), cells, text: cell.symbol().into(), look }),
        }
        x += cells;
    }
    runs
}

fn look(cell: &Cell, text: Color, paper: Color) -> Look {
    let or = |colour: Color, other: Color| if colour == Color::Reset { other } else { colour };
    let (mut fg, mut bg) = (or(cell.fg, text), or(cell.bg, paper));
    if cell.modifier.contains(Modifier::REVERSED) {
        std::mem::swap(&mut fg, &mut bg);
    }
    Look { fg, bg, modifier: cell.modifier - Modifier::REVERSED }
}

fn draw(run: &Run, row: u16, paper: Color, out: &mut String) {
    let (x, y) = (MARGIN + f64::from(run.start) * CELL.0, MARGIN + f64::from(row) * CELL.1);
    let width = f64::from(run.cells) * CELL.0;
    if run.look.bg != paper {
        let _ = writeln!(
            out,
            "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{:.1}\" fill=\"{}\"/>",
            CELL.1,
            hex(run.look.bg)
        );
    }
    let blank = run.text.trim_end();
    if blank.is_empty() {
        return;
    }
    // blanks at both ends are left out: the text begins where its first character is
    let lead = run.text.chars().take_while(|c| *c == ' ').count();
    let inner: &str = blank.trim_start();
    let cells = if run.cells as usize == run.text.chars().count() {
        inner.chars().count() as f64
    } else {
        f64::from(run.cells)
    };
    let mut style = String::new();
    for (modifier, attribute) in [
        (Modifier::BOLD, " font-weight=\"bold\""),
        (Modifier::ITALIC, " font-style=\"italic\""),
        (Modifier::UNDERLINED, " text-decoration=\"underline\""),
        (Modifier::DIM, " opacity=\"0.6\""),
    ] {
        if run.look.modifier.contains(modifier) {
            style.push_str(attribute);
        }
    }
    let _ = writeln!(
        out,
        "<text x=\"{:.1}\" y=\"{:.1}\" textLength=\"{:.1}\" lengthAdjust=\"spacingAndGlyphs\" fill=\"{}\"{style}>{}</text>",
        x + lead as f64 * CELL.0,
        y + BASELINE,
        cells * CELL.0,
        hex(run.look.fg),
        escape(inner)
    );
}

/// `#rrggbb`; the sixteen and the 256 colours as xterm has them.
fn hex(colour: Color) -> String {
    let (r, g, b) = match colour {
        Color::Rgb(r, g, b) => (r, g, b),
        Color::Indexed(index) => indexed(index),
        named => indexed(NAMED.iter().position(|one| *one == named).unwrap_or(7) as u8),
    };
    format!("#{r:02x}{g:02x}{b:02x}")
}

const NAMED: [Color; 16] = [
    Color::Black,
    Color::Red,
    Color::Green,
    Color::Yellow,
    Color::Blue,
    Color::Magenta,
    Color::Cyan,
    Color::Gray,
    Color::DarkGray,
    Color::LightRed,
    Color::LightGreen,
    Color::LightYellow,
    Color::LightBlue,
    Color::LightMagenta,
    Color::LightCyan,
    Color::White,
];

fn indexed(index: u8) -> (u8, u8, u8) {
    let level = |step: u8| if step == 0 { 0 } else { 55 + step * 40 };
    match index {
        0..16 => {
            let strong = if index >= 8 { 255 } else { 205 };
            let bit = |place: u8| if index >> place & 1 == 1 { strong } else { 0 };
            if index == 8 { (127, 127, 127) } else { (bit(0), bit(1), bit(2)) }
        }
        16..232 => {
            let cube = index - 16;
            (level(cube / 36), level(cube / 6 % 6), level(cube % 6))
        }
        _ => {
            let grey = 8 + (index - 232) * 10;
            (grey, grey, grey)
        }
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use ratatui::layout::Rect;
    use ratatui::style::Style;

    const WHITE: Color = Color::Rgb(255, 255, 255);
    const BLACK: Color = Color::Rgb(0, 0, 0);

    #[test]
    fn runs_keep_their_place_width_and_look() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 20, 1));
        buffer.set_string(2, 0, "a<b", Style::new().add_modifier(Modifier::REVERSED | Modifier::DIM));
        buffer.set_string(6, 0, "日本", Style::new().add_modifier(Modifier::BOLD));
        let text = svg(&buffer, "t & t", WHITE, BLACK);
        assert!(text.contains("aria-label=\"t &amp; t\""));
        assert!(
            text.contains("<rect x=\"28.9\" y=\"12.0\" width=\"25.3\" height=\"16.3\" fill=\"#ffffff\"/>"),
            "{text}"
        );
        assert!(
            text.contains(
                "textLength=\"25.3\" lengthAdjust=\"spacingAndGlyphs\" fill=\"#000000\" opacity=\"0.6\">a&lt;b<"
            ),
            "{text}"
        );
        assert!(text.contains("x=\"62.6\" y=\"25.0\" textLength=\"16.9\""), "{text}");
        assert_eq!(text.matches("<text").count(), 3, "{text}");
        assert!(!text.contains("http://") || text.matches("http://").count() == 1, "only the namespace is named");
    }
}
