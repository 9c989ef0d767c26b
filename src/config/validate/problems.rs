//! Gathers what is wrong, and reads the kinds of values that many keys have.

use super::super::error::Problem;
use crate::model::text::nearest;
use std::ops::RangeInclusive;
use toml::Spanned;

#[derive(Default)]
pub(super) struct Problems(pub Vec<Problem>);

impl Problems {
    pub fn at<T>(&mut self, value: &Spanned<T>, text: impl Into<String>) {
        self.0.push(Problem { span: value.span(), text: text.into() });
    }

    /// A whole number within `range`; `usual` when the key is not there.
    pub fn whole(&mut self, key: &str, value: Option<&Spanned<i64>>, range: RangeInclusive<u32>, usual: u32) -> u32 {
        let Some(value) = value else { return usual };
        match u32::try_from(*value.get_ref()) {
            Ok(number) if range.contains(&number) => number,
            _ => {
                self.at(value, format!("{key}: must be from {} to {}, like {usual}", range.start(), range.end()));
                usual
            }
        }
    }

    /// One of the numbers that AWS knows; `usual` when the key is not there.
    pub fn known(&mut self, key: &str, value: Option<&Spanned<i64>>, known: &[u32], usual: u32) -> u32 {
        let Some(value) = value else { return usual };
        let asked = *value.get_ref();
        match known.iter().min_by_key(|one| i64::from(**one).abs_diff(asked)) {
            Some(near) if i64::from(*near) == asked => *near,
            Some(near) => {
                let all = known.iter().map(u32::to_string).collect::<Vec<_>>().join(", ");
                self.at(value, format!("{key}: {asked} is none of {all}: the nearest is {near}"));
                *near
            }
            None => usual,
        }
    }

    /// One of a few words; `usual` when the key is not there.
    pub fn word<T: Copy>(&mut self, key: &str, value: Option<&Spanned<String>>, words: &[(&str, T)], usual: T) -> T {
        let Some(value) = value else { return usual };
        let asked = value.get_ref().as_str();
        if let Some((_, meant)) = words.iter().find(|(word, _)| *word == asked) {
            return *meant;
        }
        let names: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
        let hint = match nearest(asked, &names) {
            Some(near) => format!("did you mean \"{near}\"?"),
            None => format!("use {}", names.iter().map(|word| format!("\"{word}\"")).collect::<Vec<_>>().join(" or ")),
        };
        self.at(value, format!("{key}: no \"{asked}\": {hint}"));
        usual
    }
}
