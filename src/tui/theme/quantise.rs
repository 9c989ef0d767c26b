//! The nearest of xterm's 256 colours, for terminals without 24 bits.

use ratatui::style::Color;

const LEVELS: [u8; 6] = [0, 95, 135, 175, 215, 255];

pub(super) fn nearest(colour: Color) -> Color {
    let Color::Rgb(r, g, b) = colour else { return colour };
    let level = |value: u8| (0..6_u8).min_by_key(|i| LEVELS[*i as usize].abs_diff(value)).unwrap_or(0);
    let cube = (level(r), level(g), level(b));
    let in_cube = (LEVELS[cube.0 as usize], LEVELS[cube.1 as usize], LEVELS[cube.2 as usize]);
    let mean = (u16::from(r) + u16::from(g) + u16::from(b)) / 3;
    let step = (mean.saturating_sub(8) / 10).min(23) as u8;
    let grey = 8 + step * 10;
    let far = |(x, y, z): (u8, u8, u8)| {
        let square = |one: u8, other: u8| u32::from(one.abs_diff(other)).pow(2);
        square(x, r) + square(y, g) + square(z, b)
    };
    if far((grey, grey, grey)) < far(in_cube) {
        Color::Indexed(232 + step)
    } else {
        Color::Indexed(16 + 36 * cube.0 + 6 * cube.1 + cube.2)
    }
}
