//! What the watcher says: a line an event, for people or for machines.

use crate::model::event::Severity;
use crate::model::text::clean;
use jiff::Timestamp;
use serde_json::json;

/// Where lines go.
pub struct Log {
    say: Box<dyn FnMut(&Line) + Send + Sync>,
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub at: Timestamp,
    pub severity: Severity,
    pub text: String,
}

impl Log {
    pub fn new(say: impl FnMut(&Line) + Send + Sync + 'static) -> Self {
        Self { say: Box::new(say) }
    }

    pub fn say(&mut self, at: Timestamp, severity: Severity, text: impl Into<String>) {
        // what others wrote in the table is part of it
        let line = Line { at, severity, text: clean(&text.into()) };
        tracing::info!("{}", line.text);
        (self.say)(&line);
    }
}

impl Line {
    fn word(&self) -> &'static str {
        match self.severity {
            Severity::Info => "info",
            Severity::Good => "good",
            Severity::Warn => "warn",
            Severity::Bad => "bad",
        }
    }

    /// `2026-01-05T14:00:00Z  warn  DISARMED: ..`
    pub fn text(&self) -> String {
        format!("{}  {:<4}  {}", self.at.strftime("%Y-%m-%dT%H:%M:%SZ"), self.word(), self.text)
    }

    /// One object.
    pub fn json(&self) -> String {
        json!({"at": self.at.to_string(), "severity": self.word(), "text": self.text}).to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_its_time_its_severity_and_its_text() {
        let at = Timestamp::from_second(1_767_621_600).unwrap();
        let line = Line { at, severity: Severity::Warn, text: "DISARMED".into() };
        assert_eq!(line.text(), "2026-01-05T14:00:00Z  warn  DISARMED");
        assert_eq!(line.json(), r#"{"at":"2026-01-05T14:00:00Z","severity":"warn","text":"DISARMED"}"#);
    }
}
