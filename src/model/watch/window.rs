//! How long a Region has not served, by a majority and without a break.

use super::evidence::{Evidence, Finding};
use super::{FORGOTTEN, LEAST_VANTAGES};
use crate::model::observed::elapsed;
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::time::Duration;

/// What the vantages of a round say of a Region together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Somebody is served, nobody fails.
    Serves,
    /// Some are served, some fail: its users may be moved by a human, its database never is by a watcher.
    Grey,
    /// A majority fails, and nobody is served.
    Lost,
    /// Neither a majority that fails nor anybody who is served.
    Unclear,
}

impl Standing {
    pub fn word(self) -> &'static str {
        match self {
            Self::Serves => "serves",
            Self::Grey => "GREY: serves some and fails others",
            Self::Lost => "LOST: does not serve",
            Self::Unclear => "UNCLEAR: not seen well enough",
        }
    }
}

/// Judges a Region. Whoever doubts its own network is believed when it is served, and else not counted.
pub fn standing(region: &str, evidence: &BTreeMap<String, Evidence>) -> Standing {
    let finding = |one: &Evidence| one.paths.get(region).cloned();
    let served = evidence.values().filter_map(finding).filter(|finding| *finding == Finding::Ok).count();
    let trusted = || evidence.values().filter(|one| one.network);
    let failing = trusted().filter_map(finding).filter(Finding::is_fail).count();
    let majority = failing >= LEAST_VANTAGES && failing * 2 > trusted().count();
    match (served, failing) {
        (1.., 0) => Standing::Serves,
        (1.., _) => Standing::Grey,
        (0, _) if majority => Standing::Lost,
        _ => Standing::Unclear,
    }
}

/// The evidence against one Region. Time counts between two rounds that both say LOST; a round that cannot tell breaks
/// nothing and counts for nothing, until what it leaves open is forgotten.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Window {
    pub held: Duration,
    pub rounds: u32,
    /// The last round that said LOST, and whether the next one follows it without a gap.
    last: Option<(Timestamp, bool)>,
    /// Whether its users were led away meanwhile: what a human does after that is left alone.
    pub evacuated: bool,
}

impl Window {
    /// The window after a round.
    #[must_use]
    pub fn after(self, standing: Standing, now: Timestamp) -> Self {
        match standing {
            Standing::Serves | Standing::Grey => Self::default(),
            Standing::Lost => {
                let counted = match self.last {
                    Some((at, true)) => elapsed(at, now),
                    _ => Duration::ZERO,
                };
                Self { held: self.held + counted, rounds: self.rounds + 1, last: Some((now, true)), ..self }
            }
            Standing::Unclear => match self.last {
                Some((at, _)) if elapsed(at, now) < FORGOTTEN => Self { last: Some((at, false)), ..self },
                _ => Self::default(),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn run(rounds: &[(i64, Standing)]) -> Window {
        rounds.iter().fold(Window::default(), |window, (second, standing)| window.after(*standing, at(*second)))
    }

    #[test]
    fn only_time_between_two_rounds_that_agree_counts() {
        use Standing::{Lost, Unclear};
        let window = run(&[(0, Lost), (10, Lost), (20, Unclear), (30, Lost), (40, Lost)]);
        assert_eq!((window.held.as_secs(), window.rounds), (20, 4));
    }

    #[test]
    fn one_answer_breaks_it() {
        use Standing::{Grey, Lost, Serves};
        for broken in [Serves, Grey] {
            let window = run(&[(0, Lost), (10, Lost), (20, broken), (30, Lost)]);
            assert_eq!((window.held.as_secs(), window.rounds), (0, 1));
        }
    }

    #[test]
    fn what_nobody_confirms_is_forgotten() {
        use Standing::{Lost, Unclear};
        assert_eq!(run(&[(0, Lost), (10, Lost), (40, Unclear), (71, Unclear)]), Window::default());
    }
}
