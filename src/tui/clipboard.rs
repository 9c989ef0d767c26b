//! The operator's clipboard, through the terminal: OSC 52 works over SSH, where a library would fill the
//! clipboard of the wrong machine.

use crossterm::Command;
use crossterm::clipboard::CopyToClipboard;
use std::fmt;

/// The longest text, in bytes: terminals drop sequences of more than about 75,000 (xterm's limit, after base64).
const LONGEST: usize = 56_000;

/// Why a text is not copied.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CopyError {
    #[error("not copied: {0} bytes are more than terminals take, {LONGEST}")]
    TooLong(usize),
    #[error("not copied: {0}")]
    Format(#[from] fmt::Error),
}

/// What the terminal must be told to copy the text; inside tmux, what tmux passes on.
///
/// # Errors
/// When the text is too long.
pub fn sequence(text: &str, tmux: bool) -> Result<String, CopyError> {
    if text.len() > LONGEST {
        return Err(CopyError::TooLong(text.len()));
    }
    let mut told = String::new();
    CopyToClipboard::to_clipboard_from(text).write_ansi(&mut told)?;
    if tmux {
        // which of the two is let through is a matter of its set-clipboard and allow-passthrough
        told = format!("{told}\u{1b}Ptmux;{}\u{1b}\\", told.replace('\u{1b}', "\u{1b}\u{1b}"));
    }
    Ok(told)
}

/// `copied arn:aws:... (83 characters)`
pub fn said(text: &str) -> String {
    const SHOWN: usize = 60;
    let count = text.chars().count();
    let start: String = text.chars().take(SHOWN).collect();
    let more = if count > SHOWN { "…" } else { "" };
    format!("copied {start}{more} ({count} characters)")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_told_to_the_terminal_and_through_tmux() {
        assert_eq!(sequence("shop", false).unwrap(), "\u{1b}]52;c;c2hvcA==\u{1b}\\");
        let passed = sequence("shop", true).unwrap();
        assert!(passed.starts_with(&sequence("shop", false).unwrap()));
        assert!(passed.ends_with("\u{1b}Ptmux;\u{1b}\u{1b}]52;c;c2hvcA==\u{1b}\u{1b}\\\u{1b}\\"));
        assert_eq!(said("shop"), "copied shop (4 characters)");
    }

    #[test]
    fn what_a_terminal_would_drop_is_not_sent() {
        assert_eq!(sequence(&"x".repeat(60_000), false), Err(CopyError::TooLong(60_000)));
    }

    #[test]
    fn a_hostile_text_is_not_obeyed() {
        let told = sequence("\u{1b}]0;owned\u{7}", false).unwrap();
        assert_eq!(told.matches('\u{1b}').count(), 2, "{told:?}");
    }
}
