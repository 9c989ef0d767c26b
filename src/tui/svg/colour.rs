//! Colours as SVG has them.

use ratatui::style::Color;

/// `#rrggbb`; the sixteen and the 256 colours as xterm has them.
pub fn hex(colour: Color) -> String {
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
