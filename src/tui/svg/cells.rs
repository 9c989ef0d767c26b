//! The cells of a screen as elements: a rectangle where the paper is another, and a text, for each run of
//! cells that look the same.

use super::colour::hex;
use super::{BASELINE, CELL, MARGIN, escape};
use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier};
use unicode_width::UnicodeWidthStr;

/// The elements of a screen, a line each. Rectangles lie under texts, and none over another.
#[derive(Debug, Default)]
pub struct Drawn {
    pub rectangles: Vec<String>,
    pub texts: Vec<String>,
}

/// Draws the buffer; `text` and `paper` stand for the terminal's own colours.
pub fn drawn(buffer: &Buffer, text: Color, paper: Color) -> Drawn {
    let (area, mut out) = (buffer.area, Drawn::default());
    for y in area.top()..area.bottom() {
        for run in runs(buffer, y, text, paper) {
            draw(&run, y - area.top(), paper, &mut out);
        }
    }
    out
}

/// How a run of cells looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Look {
    fg: Color,
    bg: Color,
    modifier: Modifier,
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

fn draw(run: &Run, row: u16, paper: Color, out: &mut Drawn) {
    let (x, y) = (MARGIN + f64::from(run.start) * CELL.0, MARGIN + f64::from(row) * CELL.1);
    let width = f64::from(run.cells) * CELL.0;
    if run.look.bg != paper {
        out.rectangles.push(format!(
            "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{:.1}\" fill=\"{}\"/>",
            CELL.1,
            hex(run.look.bg)
        ));
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
    out.texts.push(format!(
        "<text x=\"{:.1}\" y=\"{:.1}\" textLength=\"{:.1}\" lengthAdjust=\"spacingAndGlyphs\" fill=\"{}\"{style}>{}</text>",
        x + lead as f64 * CELL.0,
        y + BASELINE,
        cells * CELL.0,
        hex(run.look.fg),
        escape(inner)
    ));
}
