//! What comes out.

use crate::model::outcome::CallError;
use serde::Serialize;

/// What a line is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Group {
    You,
    Account,
    Regions,
    Stack,
    Terminal,
}

impl Group {
    pub const ALL: [Group; 5] = [Group::You, Group::Account, Group::Regions, Group::Stack, Group::Terminal];

    pub fn title(self) -> &'static str {
        match self {
            Group::You => "You",
            Group::Account => "Account",
            Group::Regions => "Regions",
            Group::Stack => "Stack",
            Group::Terminal => "This terminal",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    Ok,
    /// Better done, but nothing is wrong without.
    Advice,
    Unknown,
    Ill,
}

impl State {
    pub fn mark(self) -> &'static str {
        match self {
            State::Ok => "✔",
            State::Advice => "i",
            State::Unknown => "·",
            State::Ill => "✘",
        }
    }
}

/// A line of the report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Line {
    pub group: Group,
    pub check: &'static str,
    pub state: State,
    /// The Region, where it is about one.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub region: String,
    /// What is so, and what it means.
    pub what: String,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub todo: Option<String>,
}

/// What a check found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    fine: String,
    notes: Vec<Note>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Note {
    state: State,
    region: String,
    what: String,
    todo: Option<String>,
}

impl Finding {
    /// Nothing so far; `fine` is said when it stays so.
    pub fn fine(fine: impl Into<String>) -> Self {
        Self { fine: fine.into(), notes: vec![] }
    }

    pub fn ill(&mut self, region: &str, what: impl Into<String>, todo: impl Into<String>) {
        self.note(State::Ill, region, what, Some(todo.into()));
    }

    pub fn advise(&mut self, region: &str, what: impl Into<String>, todo: impl Into<String>) {
        self.note(State::Advice, region, what, Some(todo.into()));
    }

    /// It could not be told: why.
    pub fn unknown(&mut self, region: &str, why: impl Into<String>) {
        self.note(State::Unknown, region, why, None);
    }

    /// What a look found; what it ended with otherwise is noted.
    pub fn seen<'a, T>(&mut self, region: &str, looked: &'a Result<T, CallError>) -> Option<&'a T> {
        looked.as_ref().map_err(|error| self.unknown(region, error.to_string())).ok()
    }

    fn note(&mut self, state: State, region: &str, what: impl Into<String>, todo: Option<String>) {
        let note = Note { state, region: region.into(), what: what.into(), todo };
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }
}

/// What was found, check by check.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Report {
    pub lines: Vec<Line>,
}

impl Report {
    pub fn add(&mut self, group: Group, check: &'static str, finding: Finding) {
        if !finding.notes.iter().any(|note| note.state != State::Advice) && !finding.fine.is_empty() {
            let (region, what) = (String::new(), finding.fine);
            self.lines.push(Line { group, check, state: State::Ok, region, what, todo: None });
        }
        let line = |Note { state, region, what, todo }| Line { group, check, state, region, what, todo };
        self.lines.extend(finding.notes.into_iter().map(line));
    }

    pub fn count(&self, state: State) -> usize {
        self.lines.iter().filter(|line| line.state == state).count()
    }

    /// 0 healthy, 1 ills found, 2 could not tell.
    pub fn exit_code(&self) -> u8 {
        match self.lines.iter().map(|line| line.state).max() {
            Some(State::Ill) => 1,
            Some(State::Unknown) => 2,
            _ => 0,
        }
    }

    /// The checks that found ills, each once.
    pub fn ills(&self) -> Vec<&'static str> {
        let mut names: Vec<&'static str> =
            self.lines.iter().filter(|line| line.state == State::Ill).map(|line| line.check).collect();
        names.dedup();
        names
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_ill_counts_more_than_what_could_not_be_told() {
        let mut report = Report::default();
        report.add(Group::You, "clock", Finding::fine("right"));
        assert_eq!((report.exit_code(), report.lines[0].state), (0, State::Ok));
        let mut advice = Finding::fine("fine");
        advice.advise("", "it could be better", "do it");
        report.add(Group::Account, "recovery", advice);
        assert_eq!((report.exit_code(), report.lines.len()), (0, 3));
        let mut unknown = Finding::fine("never said");
        unknown.unknown("eu-west-1", "no answer");
        unknown.unknown("eu-west-1", "no answer");
        report.add(Group::Stack, "parity", unknown);
        assert_eq!((report.exit_code(), report.lines.len()), (2, 4));
        let mut ill = Finding::fine("never said");
        ill.ill("eu-west-1", "off", "turn it on");
        report.add(Group::Stack, "ttl", ill);
        assert_eq!((report.exit_code(), report.ills()), (1, vec!["ttl"]));
    }
}
