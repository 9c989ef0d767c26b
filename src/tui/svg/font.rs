//! The font of pictures: subsets of DejaVu Sans Mono, made by `screenshots/font/make.sh`.

/// The embedded one, then what a machine may have for characters that it lacks.
pub const FAMILY: &str = "tandem, ui-monospace, 'JetBrains Mono', 'DejaVu Sans Mono', Menlo, Consolas, monospace";

const FACES: [(&str, &[u8]); 2] = [
    ("normal", include_bytes!("../../../screenshots/font/regular.woff2")),
    ("bold", include_bytes!("../../../screenshots/font/bold.woff2")),
];

/// The rules that embed it.
pub fn faces() -> String {
    let face = |(weight, bytes): (&str, &[u8])| {
        let data = base64(bytes);
        format!(
            "@font-face{{font-family:tandem;font-weight:{weight};src:url(data:font/woff2;base64,{data}) format('woff2')}}\n"
        )
    };
    FACES.into_iter().map(face).collect()
}

/// RFC 4648, with padding.
fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let bits = chunk.iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for place in 0..4 {
            let six = (bits >> (18 - 6 * place)) as usize & 63;
            text.push(if place <= chunk.len() { char::from(ALPHABET[six]) } else { '=' });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_become_the_text_of_the_rfc() {
        // RFC 4648, 10: test vectors
        for (bytes, text) in
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("foobar", "Zm9vYmFy")]
        {
            assert_eq!(base64(bytes.as_bytes()), text);
        }
    }
}
