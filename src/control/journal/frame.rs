//! A record as a line that can be read by eye and checked: `<length> <crc32> <json>`, numbers in hex.

/// Digits of a number, and where the text begins.
const DIGITS: usize = 8;
const HEAD: usize = 2 * (DIGITS + 1);

/// A text without line feeds, as JSON has none, framed.
pub fn of(text: &str) -> String {
    format!("{:08x} {:08x} {text}\n", text.len(), crc32fast::hash(text.as_bytes()))
}

/// Why a frame is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bad {
    /// It ends too soon: what a power cut or a full disk leaves.
    Torn,
    /// It is not what was written.
    Corrupt,
}

/// The first frame of the bytes, and what follows it.
pub fn first(bytes: &[u8]) -> Result<(&str, &[u8]), Bad> {
    let Some(head) = bytes.get(..HEAD) else { return Err(Bad::Torn) };
    let number = |from: usize| {
        let digits = head.get(from..from + DIGITS).and_then(|digits| std::str::from_utf8(digits).ok())?;
        let blank = head.get(from + DIGITS) == Some(&b' ');
        // as it is written and in no other way: a digit that was changed must not pass for another case of itself
        let plain = digits.bytes().all(|digit| digit.is_ascii_digit() || (b'a'..=b'f').contains(&digit));
        u32::from_str_radix(digits, 16).ok().filter(|_| blank && plain)
    };
    let (Some(length), Some(sum)) = (number(0), number(DIGITS + 1)) else { return Err(Bad::Corrupt) };
    let end = HEAD + length as usize;
    let Some(text) = bytes.get(HEAD..end) else { return Err(Bad::Torn) };
    match bytes.get(end) {
        None => return Err(Bad::Torn),
        Some(b'\n') if crc32fast::hash(text) == sum => {}
        Some(_) => return Err(Bad::Corrupt),
    }
    let text = std::str::from_utf8(text).map_err(|_| Bad::Corrupt)?;
    Ok((text, &bytes[end + 1..]))
}
