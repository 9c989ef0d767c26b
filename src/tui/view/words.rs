//! Numbers and ages in words.

use crate::model::observed::{Freshness, Observed};
use jiff::Timestamp;
use std::time::Duration;

/// `2 s`, `2 m 10 s`, `3 h 5 m`, `4 d 2 h`
pub fn span(duration: Duration) -> String {
    let s = duration.as_secs();
    match s {
        0..60 => format!("{s} s"),
        60..3600 if s.is_multiple_of(60) => format!("{} m", s / 60),
        60..3600 => format!("{} m {} s", s / 60, s % 60),
        3600..86_400 => format!("{} h {} m", s / 3600, s % 3600 / 60),
        _ => format!("{} d {} h", s / 86_400, s % 86_400 / 3600),
    }
}

pub fn ago(duration: Duration) -> String {
    format!("{} ago", span(duration))
}

/// `14:02:31Z`
pub fn clock(at: Timestamp) -> String {
    at.strftime("%H:%M:%SZ").to_string()
}

/// `1,240`; below ten with one digit after the point.
pub fn rate(per_s: f64) -> String {
    if per_s < 9.95 { format!("{per_s:.1}") } else { thousands(per_s.round().min(1e15) as u64) }
}

pub fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `0.02 %`, `12 %`
pub fn percent(share: f64) -> String {
    let percent = share * 100.0;
    if percent < 0.005 {
        "0 %".into()
    } else if percent < 10.0 {
        format!("{percent:.2} %")
    } else {
        format!("{percent:.0} %")
    }
}

/// `84 ms`, `1.2 s`
pub fn latency(ms: f64) -> String {
    if ms < 1000.0 { format!("{ms:.0} ms") } else { format!("{:.1} s", ms / 1000.0) }
}

/// `0.2 s`, `84 ms` where a tenth of a second is too coarse.
pub fn seconds(ms: f64) -> String {
    if ms < 50.0 { format!("{ms:.0} ms") } else { format!("{:.1} s", ms / 1000.0) }
}

/// `▂▃▅▇`: the last `width` values between their highest and a floor; what is missing is a gap.
pub fn spark(values: &[Option<f64>], width: usize) -> String {
    const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let shown = &values[values.len().saturating_sub(width)..];
    let known = || shown.iter().flatten().filter(|value| value.is_finite());
    let most = known().fold(0.0_f64, |most, value| most.max(*value));
    // a wave on a high level is seen as a wave, and a little noise is not
    let least = known().fold(most, |least, value| least.min(*value));
    let floor = (most - (most - least) * 2.0).clamp(0.0, most * 0.8);
    let bar = |value: &Option<f64>| match value {
        None => ' ',
        Some(value) if most > 0.0 => BARS[(((value - floor) / (most - floor) * 7.0).round().clamp(0.0, 7.0)) as usize],
        Some(_) => BARS[0],
    };
    shown.iter().map(bar).collect()
}

/// What must be said of a value beside it, longest wording first; nothing when it is current.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Remark {
    pub words: Vec<String>,
    /// Looks fail, or there was none: nothing is known now.
    pub unknown: bool,
}

impl Remark {
    pub fn current(&self) -> bool {
        self.words.is_empty()
    }
}

pub fn remark<T>(seen: &Observed<T>, now: Timestamp) -> Remark {
    let why = seen.failing.as_ref().map_or("no answer", |failing| failing.why.class.word());
    let (words, unknown) = match seen.freshness(now) {
        Freshness::Fresh(_) => return Remark::default(),
        Freshness::Late(age) => (vec![format!("late: seen {}", ago(age)), ago(age)], false),
        Freshness::Failed { age: Some(age), .. } => (
            vec![
                format!("UNKNOWN: {why}, last seen {}", ago(age)),
                format!("UNKNOWN: seen {}", ago(age)),
                format!("UNKNOWN {}", span(age)),
                ago(age),
            ],
            true,
        ),
        Freshness::Failed { age: None, since } => (
            vec![
                format!("UNKNOWN: {why} for {}, never seen", span(since)),
                format!("UNKNOWN: {why}"),
                "UNKNOWN".into(),
            ],
            true,
        ),
        Freshness::Never => (vec!["not seen yet".into(), "unseen".into()], true),
    };
    Remark { words, unknown }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_as_people_write_them() {
        let s = Duration::from_secs;
        assert_eq!(
            [s(2), s(130), s(120), s(11_100), s(180_000)].map(span),
            ["2 s", "2 m 10 s", "2 m", "3 h 5 m", "2 d 2 h"]
        );
        assert_eq!([0.04, 9.96, 1240.4, 1_234_567.0].map(rate), ["0.0", "10", "1,240", "1,234,567"]);
        assert_eq!([0.0, 0.0002, 0.123].map(percent), ["0 %", "0.02 %", "12 %"]);
        assert_eq!(spark(&[Some(0.0), None, Some(7.0), Some(3.0)], 3), " █▄");
        assert_eq!(spark(&[Some(f64::NAN), Some(f64::INFINITY)], 9).chars().count(), 2);
    }
}
