//! Screens as pictures: a `Buffer` becomes SVG, and many become a film. A picture has everything in it: its
//! font is embedded, and it names no other file.

mod cells;
mod colour;
mod film;
mod font;

pub use film::{Film, Shot};

use cells::drawn;
use colour::hex;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Color;

/// The size of a cell and of its text, in pixels: a cell is as wide and high as the font's characters.
const CELL: (f64, f64) = (8.43, 16.3);
const FONT_SIZE: f64 = 14.0;
/// Where the text stands in its cell.
const BASELINE: f64 = 13.0;
const MARGIN: f64 = 12.0;

/// The buffer as SVG; `text` and `paper` stand for the terminal's own colours.
pub fn svg(buffer: &Buffer, title: &str, text: Color, paper: Color) -> String {
    let drawn = drawn(buffer, text, paper);
    let mut out = begin(buffer.area, title, paper, "");
    for line in drawn.rectangles.iter().chain(&drawn.texts) {
        out.push_str(line);
        out.push('\n');
    }
    out.push_str("</svg>\n");
    out
}

/// What every picture begins with: its size, its style, and its paper.
fn begin(area: Rect, title: &str, paper: Color, style: &str) -> String {
    let width = f64::from(area.width) * CELL.0 + MARGIN * 2.0;
    let height = f64::from(area.height) * CELL.1 + MARGIN * 2.0;
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" xml:space=\"preserve\" viewBox=\"0 0 {width:.1} {height:.1}\" role=\"img\" aria-label=\"{}\">\n\
         <style>\n{}text{{font-family:{};font-size:{FONT_SIZE}px;white-space:pre}}\n{style}</style>\n\
         <rect width=\"{width:.1}\" height=\"{height:.1}\" rx=\"8\" fill=\"{}\"/>\n",
        escape(title),
        font::faces(),
        font::FAMILY,
        hex(paper)
    )
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use ratatui::layout::Rect;
    use ratatui::style::{Modifier, Style};

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
        assert_eq!(text.matches("://").count(), 1, "only the namespace is named");
    }
}
