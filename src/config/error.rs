//! Mistakes in a configuration, in words that help.

use crate::model::text::nearest;
use std::fmt;
use std::ops::Range;
use std::path::{Path, PathBuf};

/// Everything that is wrong with one file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct ConfigError {
    pub file: PathBuf,
    /// Line (from 1) and what is wrong there.
    pub mistakes: Vec<(Option<usize>, String)>,
}

/// A mistake at a place in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    pub span: Range<usize>,
    pub text: String,
}

impl ConfigError {
    pub(crate) fn new(file: &Path, line: Option<usize>, text: String) -> Self {
        Self { file: file.to_path_buf(), mistakes: vec![(line, text)] }
    }

    /// A place on the disk that cannot be read.
    pub fn unreadable(file: &Path, why: &std::io::Error) -> Self {
        Self::new(file, None, format!("cannot be read: {why}; check the path and its permissions"))
    }

    pub(super) fn located(file: &Path, source: &str, problems: Vec<Problem>) -> Self {
        let mistakes = problems.into_iter().map(|p| (Some(line_of(source, p.span.start)), p.text)).collect();
        Self { file: file.to_path_buf(), mistakes }
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, (line, text)) in self.mistakes.iter().enumerate() {
            if place > 0 {
                f.write_str("\n")?;
            }
            match line {
                Some(line) => write!(f, "{}:{line}: {text}", self.file.display())?,
                None => write!(f, "{}: {text}", self.file.display())?,
            }
        }
        Ok(())
    }
}

/// What the reader of TOML refused.
pub(super) fn from_toml(file: &Path, source: &str, error: &toml::de::Error) -> ConfigError {
    let span = error.span();
    let line = span.clone().map(|span| line_of(source, span.start));
    let section = span.map(|span| section_at(source, span.start)).unwrap_or_default();
    let message = error.message();
    let text = match unknown_field(message) {
        Some((unknown, expected)) => {
            let hint = match nearest(unknown, &expected) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("keys here are {}", list(&expected)),
            };
            format!("{section}unknown key `{unknown}`: {hint}")
        }
        None => match missing_field(message) {
            Some(missing) => format!("{section}key `{missing}` is missing: add it, config.example.toml shows how"),
            None => format!("{section}{message}"),
        },
    };
    ConfigError::new(file, line, text)
}

pub(super) fn line_of(source: &str, offset: usize) -> usize {
    1 + source.bytes().take(offset).filter(|byte| *byte == b'\n').count()
}

/// `[dns] `, the section that a place in the text lies in.
fn section_at(source: &str, offset: usize) -> String {
    let mut end = offset.min(source.len());
    while !source.is_char_boundary(end) {
        end -= 1;
    }
    let upto = source.get(end..).and_then(|rest| rest.find('\n')).map_or(source.len(), |more| end + more);
    source[..upto]
        .lines()
        .rev()
        .map(str::trim)
        .find(|line| line.starts_with('['))
        .map(|line| format!("{} ", line.split('#').next().unwrap_or(line).trim()))
        .unwrap_or_default()
}

fn unknown_field(message: &str) -> Option<(&str, Vec<&str>)> {
    let rest = message.strip_prefix("unknown field `")?;
    let (unknown, rest) = rest.split_once('`')?;
    Some((unknown, rest.split('`').skip(1).step_by(2).collect()))
}

fn missing_field(message: &str) -> Option<&str> {
    message.strip_prefix("missing field `")?.split('`').next()
}

fn list(words: &[&str]) -> String {
    words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}
