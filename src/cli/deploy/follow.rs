//! A run as it goes on: a line for everything that happens; on a terminal, below it, bars of what runs.

use crate::deploy::board::{Row, State, View};
use crate::deploy::plan::span;
use crate::host::Clock;
use crate::model::observed::elapsed;
use crate::model::text::clean;
use jiff::Timestamp;
use std::io::{self, IsTerminal, Write};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;

/// Bars that are drawn at most: an 80x24 terminal keeps some lines of the log.
const BARS: usize = 10;
const BAR: usize = 20;
/// How often bars are drawn when nothing happens.
const DRAW: Duration = Duration::from_millis(500);

/// Prints a run.
pub struct Follower {
    views: watch::Receiver<Arc<View>>,
    clock: Clock,
    began: Timestamp,
    /// How long all of it should take.
    expected: Duration,
    /// Lines that were printed.
    printed: usize,
    /// Lines below the log that are drawn over.
    bars: usize,
    terminal: bool,
}

impl Follower {
    pub fn new(views: watch::Receiver<Arc<View>>, clock: Clock, expected: Duration) -> Self {
        let began = clock.now();
        Self { views, clock, began, expected, printed: 0, bars: 0, terminal: io::stdout().is_terminal() }
    }

    /// Returns when there is something to draw.
    pub async fn changed(&mut self) {
        let changes = async {
            if self.views.changed().await.is_err() {
                std::future::pending::<()>().await;
            }
        };
        if self.terminal {
            // Bars move by the clock that the eye has.
            let _ = tokio::time::timeout(DRAW, changes).await;
        } else {
            changes.await;
        }
    }

    /// Prints what is new, and the bars where there is a terminal.
    pub fn draw(&mut self) {
        let view = self.views.borrow_and_update().clone();
        let mut text = self.over();
        text.push_str(&self.lines(&view));
        if self.terminal {
            let bars = self.bars(&view);
            self.bars = bars.len();
            bars.iter().for_each(|bar| text.push_str(&format!("{bar}\n")));
        }
        print(&text);
    }

    /// Prints what is new, and takes the bars away.
    pub fn end(&mut self) {
        let view = self.views.borrow_and_update().clone();
        let text = self.over() + &self.lines(&view);
        self.bars = 0;
        print(&text);
    }

    /// To the top of the bars, and nothing below.
    fn over(&self) -> String {
        if self.bars == 0 { String::new() } else { format!("\x1b[{}A\x1b[J", self.bars) }
    }

    fn lines(&mut self, view: &View) -> String {
        let new = view.lines.get(self.printed..).unwrap_or_default();
        self.printed = view.lines.len();
        let line = |line: &crate::deploy::board::Line| {
            format!("{}  {}  {}\n", line.at.strftime("%H:%M:%SZ"), line.id, clean(&line.text))
        };
        new.iter().map(line).collect()
    }

    fn bars(&self, view: &View) -> Vec<String> {
        let now = self.clock.now();
        let running: Vec<&Row> = view.rows.iter().filter(|row| matches!(row.state, State::Runs(_))).collect();
        let passed = elapsed(self.began, now);
        let all = format!("{}/{} done", view.done(), view.rows.len());
        let mut bars = vec![bar(&all, passed, self.expected, "")];
        for row in running.iter().take(BARS) {
            let State::Runs(what) = &row.state else { continue };
            let passed = row.began.map_or(Duration::ZERO, |began| elapsed(began, now));
            bars.push(bar(&row.id, passed, row.expected, what));
        }
        if running.len() > BARS {
            bars.push(format!("  and {} more", running.len() - BARS));
        }
        let width = crate::tui::terminal::size().map_or(80, |(width, _)| usize::from(width));
        bars.into_iter().map(|bar| bar.chars().take(width.saturating_sub(1)).collect()).collect()
    }
}

/// `us-east-1/db-1  [#####     ]  4 min of 10 min  creating`
fn bar(name: &str, passed: Duration, expected: Duration, what: &str) -> String {
    let share = passed.as_secs_f64() / expected.as_secs_f64().max(1.0);
    let full = ((share.min(1.0)) * BAR as f64) as usize;
    let drawn = format!("{}{}", "#".repeat(full), " ".repeat(BAR - full));
    format!("{name:<26} [{drawn}] {} of about {}  {}", span(passed), span(expected), clean(what))
}

fn print(text: &str) {
    // A pipe that closes early has what it wanted.
    let _ = io::stdout().write_all(text.as_bytes());
    let _ = io::stdout().flush();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_is_as_long_as_the_time_that_has_passed() {
        let half = bar("x", Duration::from_secs(60), Duration::from_secs(120), "creating");
        assert!(half.contains("[##########          ] 60 s of about 2 min  creating"), "{half}");
        let late = bar("x", Duration::from_secs(600), Duration::from_secs(120), "");
        assert!(late.contains(&format!("[{}]", "#".repeat(BAR))), "{late}");
    }
}
