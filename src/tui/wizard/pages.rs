//! The pages, in the order in which they are asked.

use serde::{Deserialize, Serialize};

/// A page of the wizard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Page {
    Account,
    Regions,
    App,
    Database,
    Sessions,
    Dns,
    Safety,
    Review,
    Apply,
}

/// Those that ask something, then the review of it.
pub const PAGES: [Page; 8] =
    [Page::Account, Page::Regions, Page::App, Page::Database, Page::Sessions, Page::Dns, Page::Safety, Page::Review];

impl Page {
    pub fn name(self) -> &'static str {
        match self {
            Page::Account => "account",
            Page::Regions => "Regions",
            Page::App => "app",
            Page::Database => "database",
            Page::Sessions => "sessions",
            Page::Dns => "DNS",
            Page::Safety => "safety",
            Page::Review => "review",
            Page::Apply => "apply",
        }
    }

    /// What it is about, for who sees it first.
    pub fn about(self) -> &'static str {
        match self {
            Page::Account => "Whose account this is, and what the stack is called in it.",
            Page::Regions => "Two Regions, or three. Each has a network, tasks and a database of its own.",
            Page::App => "The container that runs in every Region, and how much of it.",
            Page::Database => "Aurora PostgreSQL as one global database: one Region writes, every Region forwards.",
            Page::Sessions => "A DynamoDB global table: every Region reads and writes it.",
            Page::Dns => "The name that users ask for, and which Region answers it.",
            Page::Safety => "Who may begin what, how fast, and what must hold whatever happens.",
            Page::Review => "What will be made, what it costs, and the file that says so.",
            Page::Apply => "",
        }
    }

    /// Its place among [`PAGES`]; what is applied was reviewed.
    pub fn place(self) -> usize {
        PAGES.iter().position(|page| *page == self).unwrap_or(PAGES.len() - 1)
    }

    pub fn next(self) -> Option<Page> {
        PAGES.get(self.place() + 1).copied()
    }

    pub fn before(self) -> Option<Page> {
        self.place().checked_sub(1).and_then(|place| PAGES.get(place)).copied()
    }

    /// Whether it has fields.
    pub fn asks(self) -> bool {
        !matches!(self, Page::Review | Page::Apply)
    }
}
