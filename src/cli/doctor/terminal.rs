//! Whether this terminal can show the console.

use crate::deploy::doctor::report::Finding;
use crate::tui::view::COMPACT;
use std::io::IsTerminal;

/// What the environment says of it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Terminal {
    pub term: String,
    /// Of `LC_ALL`, `LC_CTYPE` and `LANG` the first that is set: that one counts (POSIX, internationalization variables).
    pub locale: String,
    /// Columns and rows.
    pub size: Option<(u16, u16)>,
    pub no_color: bool,
    pub colorterm: String,
    pub tmux: bool,
}

impl Terminal {
    /// `None` when the output goes elsewhere.
    pub fn here() -> Option<Self> {
        if !std::io::stdout().is_terminal() {
            return None;
        }
        let value = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        Some(Self {
            term: value("TERM").unwrap_or_default(),
            locale: ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(value).unwrap_or_default(),
            size: crossterm::terminal::size().ok().filter(|(columns, rows)| *columns > 0 && *rows > 0),
            no_color: value("NO_COLOR").is_some(),
            colorterm: value("COLORTERM").unwrap_or_default(),
            tmux: value("TMUX").is_some(),
        })
    }
}

pub fn judge(terminal: Option<&Terminal>) -> Finding {
    let Some(terminal) = terminal else {
        return Finding::fine("the output is no terminal: not looked at");
    };
    let colours = match terminal {
        Terminal { no_color: true, .. } => "no colours, as NO_COLOR asks",
        Terminal { colorterm, .. } if matches!(colorterm.as_str(), "truecolor" | "24bit") => "16 million colours",
        Terminal { term, .. } if term.contains("256color") || term.contains("direct") => "256 colours",
        _ => "few colours",
    };
    let size =
        terminal.size.map_or("a size that it does not tell".into(), |(columns, rows)| format!("{columns}x{rows}"));
    let mut finding = Finding::fine(format!("{}, {size}, {colours}", terminal.term));
    if matches!(terminal.term.as_str(), "" | "dumb" | "unknown") {
        let what = format!("TERM is \"{}\": the console cannot move the cursor", terminal.term);
        finding.ill("", what, "Set TERM to what the terminal is, e.g. TERM=xterm-256color, or use `tandem status`");
    }
    let locale = terminal.locale.to_ascii_lowercase();
    if !locale.contains("utf-8") && !locale.contains("utf8") {
        let is = if locale.is_empty() { "none is set".into() } else { format!("it is {}", terminal.locale) };
        let what = format!("the locale is not one of UTF-8 ({is}): lines and marks come out as other letters");
        finding.ill("", what, "export LANG=C.UTF-8");
    }
    let (columns, rows) = COMPACT;
    if let Some((wide, high)) = terminal.size.filter(|(wide, high)| *wide < columns || *high < rows) {
        let what = format!("the terminal has {wide} columns and {high} rows: the console needs {columns} and {rows}");
        finding.ill("", what, "Make the window larger, or the letters smaller");
    }
    if colours == "few colours" && !matches!(terminal.term.as_str(), "" | "dumb") {
        let what = format!("TERM={} promises few colours: themes are shown in the nearest", terminal.term);
        finding.advise("", what, "If it can more, set TERM=xterm-256color, or COLORTERM=truecolor");
    }
    if terminal.tmux {
        let what = "in tmux, what the console copies (OSC 52) reaches the clipboard only if tmux lets it";
        finding.advise("", what, "tmux set-option -s set-clipboard on");
    }
    finding
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deploy::doctor::report::{Group, Report, State};

    fn good() -> Terminal {
        Terminal {
            term: "xterm-256color".into(),
            locale: "en_GB.UTF-8".into(),
            size: Some((120, 40)),
            ..Terminal::default()
        }
    }

    fn judged(terminal: &Terminal) -> (usize, usize, String) {
        let mut report = Report::default();
        report.add(Group::Terminal, "terminal", judge(Some(terminal)));
        let texts: Vec<&str> = report.lines.iter().map(|line| line.what.as_str()).collect();
        (report.count(State::Ill), report.count(State::Advice), texts.join("; "))
    }

    #[test]
    fn what_the_console_needs_is_asked_for() {
        assert_eq!(judged(&good()), (0, 0, "xterm-256color, 120x40, 256 colours".into()));
        for (terminal, words) in [
            (Terminal { term: "dumb".into(), ..good() }, "TERM is \"dumb\""),
            (Terminal { locale: "C".into(), ..good() }, "not one of UTF-8 (it is C)"),
            (Terminal { locale: String::new(), ..good() }, "none is set"),
            (Terminal { size: Some((59, 40)), ..good() }, "59 columns and 40 rows"),
            (Terminal { size: Some((80, 15)), ..good() }, "80 columns and 15 rows"),
        ] {
            let (ills, advice, text) = judged(&terminal);
            assert_eq!((ills, advice), (1, 0), "{text}");
            assert!(text.contains(words), "{text}");
        }
    }

    #[test]
    fn colours_and_the_clipboard_are_advice() {
        let (ills, advice, text) = judged(&Terminal { term: "vt220".into(), tmux: true, ..good() });
        assert_eq!((ills, advice), (0, 2), "{text}");
        assert!(judged(&Terminal { no_color: true, ..good() }).2.contains("no colours"));
        assert_eq!(judge(None), Finding::fine("the output is no terminal: not looked at"));
    }
}
