//! What is typed after `/`: words that must all be there, `!word` that must not, `~letters` in this order.

use nucleo_matcher::pattern::{AtomKind, CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};

/// A filter, ready to be asked.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    terms: Vec<Term>,
}

#[derive(Debug, Clone)]
enum Term {
    Holds(String),
    Lacks(String),
    Fuzzy(Box<Pattern>),
}

impl Filter {
    pub fn parse(text: &str) -> Self {
        let term = |word: &str| {
            let mut characters = word.chars();
            match characters.next() {
                Some('!') => Term::Lacks(characters.as_str().to_lowercase()),
                Some('~') => Term::Fuzzy(Box::new(pattern(characters.as_str()))),
                _ => Term::Holds(word.to_lowercase()),
            }
        };
        // a sign without a word is one that is being typed
        let said = text.split_whitespace().filter(|word| !matches!(*word, "!" | "~"));
        Self { terms: said.map(term).collect() }
    }

    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    pub fn matches(&self, text: &str) -> bool {
        let lower = text.to_lowercase();
        self.terms.iter().all(|term| match term {
            Term::Holds(word) => lower.contains(word.as_str()),
            Term::Lacks(word) => !lower.contains(word.as_str()),
            Term::Fuzzy(pattern) => score(pattern, text).is_some(),
        })
    }
}

fn pattern(letters: &str) -> Pattern {
    Pattern::new(letters, CaseMatching::Ignore, Normalization::Smart, AtomKind::Fuzzy)
}

fn score(pattern: &Pattern, text: &str) -> Option<u32> {
    let mut characters = vec![];
    pattern.score(Utf32Str::new(text, &mut characters), &mut Matcher::new(Config::DEFAULT))
}

/// The places of the texts that these letters fit, the best first; equals keep their order.
pub fn best<'a>(letters: &str, texts: impl Iterator<Item = &'a str>) -> Vec<usize> {
    let pattern = Pattern::parse(letters, CaseMatching::Ignore, Normalization::Smart);
    let (mut matcher, mut characters) = (Matcher::new(Config::DEFAULT), vec![]);
    let mut found: Vec<(u32, usize)> = texts
        .enumerate()
        .filter_map(|(place, text)| Some((pattern.score(Utf32Str::new(text, &mut characters), &mut matcher)?, place)))
        .collect();
    found.sort_by_key(|(score, place)| (std::cmp::Reverse(*score), *place));
    found.into_iter().map(|(_, place)| place).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn words_narrow_and_signs_turn_them() {
        let says = |filter: &str| Filter::parse(filter).matches("us-east-1a RUNNING Healthy");
        assert!(says("") && says("running") && says("east healthy") && says("!stopped") && says("~usrun"));
        assert!(!says("stopped") && !says("running !healthy") && !says("~runus"));
        assert!(says("!") && says("~"), "a sign alone is being typed");
    }

    #[test]
    fn the_best_come_first() {
        let texts = ["theme: choose one", "drain: ramp its users", "themes of tea"];
        assert_eq!(best("drain", texts.into_iter()), [1]);
        assert_eq!(best("", texts.into_iter()), [0, 1, 2]);
    }

    proptest! {
        #[test]
        fn any_text_may_be_typed(filter in "\\PC{0,12}", text in "\\PC{0,40}") {
            let _ = Filter::parse(&filter).matches(&text);
            let _ = best(&filter, [text.as_str()].into_iter());
        }

        #[test]
        fn a_word_and_its_opposite_part_all_rows(word in "[a-z]{1,6}", text in "[a-z -]{0,30}") {
            prop_assert_ne!(
                Filter::parse(&word).matches(&text),
                Filter::parse(&format!("!{word}")).matches(&text)
            );
        }
    }
}
