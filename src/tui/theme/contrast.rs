//! How well one colour can be told from another's ground: WCAG 2.2, "contrast ratio".

/// Red, green and blue in linear light, each 0 to 1.
pub(super) type Linear = [f64; 3];

/// sRGB's transfer function undone (IEC 61966-2-1).
pub(super) fn linear(rgb: [u8; 3]) -> Linear {
    rgb.map(|value| {
        let part = f64::from(value) / 255.0;
        if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    })
}

/// WCAG's relative luminance, 0 black to 1 white.
pub(super) fn luminance(rgb: [u8; 3]) -> f64 {
    let [r, g, b] = linear(rgb);
    0.2126 * r + 0.7152 * g + 0.0722 * b
}

/// From 1 (the same) to 21 (black on white).
pub(super) fn contrast(one: [u8; 3], other: [u8; 3]) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contrast_is_what_wcag_says() {
        assert!((contrast([0; 3], [255; 3]) - 21.0).abs() < 1e-9);
        assert!((contrast([119; 3], [255; 3]) - 4.48).abs() < 0.005, "#777 on white just fails");
        assert!((contrast([40, 80, 120], [40, 80, 120]) - 1.0).abs() < 1e-9);
    }
}
