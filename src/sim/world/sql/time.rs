//! Moments and intervals as PostgreSQL reads and writes them. Everything is UTC.

use crate::moment::Moment;

const DAY_MS: i64 = 86_400_000;

/// `2026-01-05 14:00:00.123+00`.
pub(super) fn write_moment(at: Moment) -> String {
    format!("{}+00", plain(at))
}

/// `2026-01-05 14:00:00.123`, without zeros at the end of the fraction.
pub(super) fn plain(at: Moment) -> String {
    let iso = at.iso();
    let text = iso.trim_end_matches('Z').replacen('T', " ", 1);
    match text.split_once('.') {
        Some((whole, fraction)) if fraction.bytes().all(|digit| digit == b'0') => whole.to_string(),
        Some(_) => text.trim_end_matches('0').to_string(),
        None => text,
    }
}

/// A date with or without a time, a fraction and an offset.
pub(super) fn read_moment(text: &str) -> Option<Moment> {
    let (date, rest) = match text.find(['T', 't', ' ']) {
        Some(end) => (&text[..end], text[end + 1..].trim()),
        None => (text, "00:00:00"),
    };
    let (clock, offset) = match rest.find(['Z', 'z', '+', '-']) {
        Some(start) => (rest[..start].trim(), &rest[start..]),
        None => (rest.trim_end_matches("UTC").trim(), "Z"),
    };
    let clock = if clock.len() == 5 { format!("{clock}:00") } else { clock.to_string() };
    let offset = match offset.len() {
        3 => format!("{offset}:00"),
        _ => offset.to_uppercase(),
    };
    Moment::parse(&format!("{date}T{clock}{offset}"))
}

/// Milliseconds of `5 minutes`, `1 day 02:03:04`, `-10 s`. Months have no fixed length and are none.
pub(super) fn read_span(text: &str) -> Option<i64> {
    let mut words = text.split_whitespace().peekable();
    words.peek()?;
    let mut sum = 0.0;
    while let Some(word) = words.next() {
        if word.contains(':') {
            sum += clock(word)?;
            continue;
        }
        let end = word.find(|letter: char| letter.is_ascii_alphabetic()).unwrap_or(word.len());
        let count: f64 = word[..end].parse().ok()?;
        let unit = if end < word.len() { Some(&word[end..]) } else { words.next() };
        sum += count * unit_ms(unit.unwrap_or("s"))?;
    }
    let ms = sum.round();
    (ms.abs() < 1e15).then_some(ms as i64)
}

/// `-02:03:04.5`.
fn clock(word: &str) -> Option<f64> {
    let (sign, word) = match word.strip_prefix('-') {
        Some(rest) => (-1.0, rest),
        None => (1.0, word),
    };
    let parts: Vec<f64> = word.split(':').map(str::parse).collect::<Result<_, _>>().ok()?;
    match parts[..] {
        [hours, minutes] => Some(sign * (hours * 60.0 + minutes) * 60_000.0),
        [hours, minutes, seconds] => Some(sign * ((hours * 60.0 + minutes) * 60.0 + seconds) * 1000.0),
        _ => None,
    }
}

fn unit_ms(unit: &str) -> Option<f64> {
    Some(match unit.to_ascii_lowercase().as_str() {
        "ms" | "msec" | "msecs" | "millisecond" | "milliseconds" => 1.0,
        "s" | "sec" | "secs" | "second" | "seconds" => 1000.0,
        "m" | "min" | "mins" | "minute" | "minutes" => 60_000.0,
        "h" | "hr" | "hrs" | "hour" | "hours" => 3_600_000.0,
        "d" | "day" | "days" => DAY_MS as f64,
        "w" | "week" | "weeks" => 7.0 * DAY_MS as f64,
        _ => return None,
    })
}

/// `1 day 02:03:04.5`.
pub(super) fn write_span(ms: i64) -> String {
    let (sign, ms) = if ms < 0 { ("-", ms.unsigned_abs()) } else { ("", ms.unsigned_abs()) };
    let (days, rest) = (ms / DAY_MS as u64, ms % DAY_MS as u64);
    let (seconds, fraction) = (rest / 1000, rest % 1000);
    let mut text = match days {
        0 => String::new(),
        1 => format!("{sign}1 day{}", if rest > 0 { " " } else { "" }),
        _ => format!("{sign}{days} days{}", if rest > 0 { " " } else { "" }),
    };
    if days == 0 || rest > 0 {
        text += &format!("{sign}{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
        if fraction > 0 {
            text += format!(".{fraction:03}").trim_end_matches('0');
        }
    }
    text
}

/// The beginning of the second, minute, hour or day that a moment lies in.
pub(super) fn trunc(unit: &str, at: Moment) -> Option<Moment> {
    let seconds = match unit.to_ascii_lowercase().as_str() {
        "millisecond" | "milliseconds" => return Some(at),
        "second" => 1,
        "minute" => 60,
        "hour" => 3600,
        "day" => 86_400,
        _ => return None,
    };
    Some(at.floor(seconds))
}
