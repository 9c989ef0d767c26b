//! What the wizard knows.

use super::answers::{Answers, Draft};
use super::check::Checked;
use super::fields::{self, Field, Kind, List, is_asked};
use super::msg::{Cmd, End, Survey};
use super::pages::Page;
use crate::deploy::board::View;
use crate::model::event::Severity;
use crate::model::snapshot::Identity;
use crate::tui::model::Field as Input;
use jiff::Timestamp;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// Something that is asked for outside.
#[derive(Debug, Clone, PartialEq)]
pub enum Live<T> {
    Asked,
    Here(T),
    Failed(String),
}

/// What lies over the page.
#[derive(Debug, Clone, PartialEq)]
pub enum Overlay {
    /// What the field, or the page, means.
    Explain { scroll: usize },
    /// A list to pick from, narrowed by what is typed.
    Pick { list: List, filter: Input, place: usize },
    /// Whether to leave.
    Quit,
    /// The stack's name must be typed before anything is made.
    Confirm(Input),
}

/// What of the review is on the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tab {
    Resources,
    Cost,
    Policy,
    File,
}

pub const TABS: [(Tab, &str); 4] =
    [(Tab::Resources, "resources"), (Tab::Cost, "cost"), (Tab::Policy, "IAM policy"), (Tab::File, "config.toml")];

/// An apply.
#[derive(Debug, Clone, PartialEq)]
pub struct Running {
    pub view: Arc<View>,
    pub began: Timestamp,
    /// How long all of it should take.
    pub expected: Duration,
    /// Whether it was asked to stop.
    pub stopping: bool,
    pub ended: Option<End>,
}

/// Where the stack will be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    Simulator,
    Served(String),
    Aws(Option<String>),
}

/// A configuration that stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    pub text: String,
    /// The name of its stack.
    pub stack: String,
}

/// Everything.
#[derive(Debug, Clone, PartialEq)]
pub struct Wizard {
    pub place: Place,
    /// Where the configuration is written.
    pub path: PathBuf,
    /// A file that stands there and was not written here: it is taken as it is.
    pub by_hand: Option<Standing>,
    pub fields: Vec<Field>,
    pub answers: Answers,
    pub checked: Checked,
    pub page: Page,
    /// The field that has the keys, by its id.
    pub focus: String,
    pub input: Input,
    pub who: Live<Identity>,
    pub zones: Live<Vec<String>>,
    /// Of the text that it was asked for.
    pub survey: Option<(String, Live<Arc<Survey>>)>,
    pub tab: Tab,
    pub scroll: usize,
    pub running: Option<Running>,
    /// Whether the file stands there as it is on the screen.
    pub saved: bool,
    pub overlay: Option<Overlay>,
    pub notice: Option<(Severity, String)>,
    pub now: Timestamp,
    pub size: (u16, u16),
}

impl Wizard {
    /// At the beginning, or where a draft was left. `standing`: the file that stands at `path`.
    pub fn new(place: Place, path: PathBuf, draft: Option<Draft>, standing: Option<Standing>, now: Timestamp) -> Self {
        let fields = fields::all();
        let went_on = draft.is_some();
        let Draft { page, answers } = draft.unwrap_or(Draft { page: Page::Account, answers: Answers::default() });
        let checked = Checked::of(&fields, &answers);
        let saved = standing.as_ref().is_some_and(|file| file.text == checked.written.text);
        let by_hand = standing.filter(|_| !saved);
        let notice = match (&by_hand, went_on) {
            (Some(_), _) => Some("this file was written by hand: it is deployed as it stands".into()),
            (None, true) => Some("going on where you left".to_string()),
            (None, false) => None,
        };
        let mut wizard = Self {
            place,
            path,
            fields,
            answers,
            checked,
            page: Page::Account,
            focus: String::new(),
            input: Input::new(""),
            who: Live::Asked,
            zones: Live::Asked,
            survey: None,
            tab: Tab::Resources,
            scroll: 0,
            running: None,
            overlay: None,
            notice: notice.map(|text| (Severity::Info, text)),
            now,
            size: (80, 24),
            saved: saved || by_hand.is_some(),
            by_hand,
        };
        if wizard.by_hand.is_some() {
            wizard.page = Page::Review;
        } else {
            wizard.turn_to(if saved { Page::Review } else { page });
        }
        wizard
    }

    /// What is asked for before the first key.
    pub fn begin(&mut self) -> Vec<Cmd> {
        let mut cmds = vec![Cmd::Identify, Cmd::Zones];
        cmds.extend(self.look());
        cmds
    }

    /// The fields of the page that are asked.
    pub fn asked(&self) -> impl Iterator<Item = &Field> {
        self.fields.iter().filter(|field| field.page == self.page && is_asked(field, &self.answers))
    }

    pub fn focused(&self) -> Option<&Field> {
        self.fields.iter().find(|field| field.id == self.focus)
    }

    pub fn field(&self, id: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.id == id)
    }

    /// The answer to the field of this id.
    pub fn answer(&self, id: &str) -> &str {
        self.field(id).map_or("", |field| self.answers.to(field))
    }

    /// The file as it stands or would be written.
    pub fn text(&self) -> &str {
        self.by_hand.as_ref().map_or(&self.checked.written.text, |file| &file.text)
    }

    /// What an apply would need corrected first.
    pub fn obstacle(&self) -> Option<(Page, String)> {
        if self.by_hand.is_some() {
            return None;
        }
        self.checked.first(&self.fields).or_else(|| Some((Page::Dns, self.unknown_zone()?)))
    }

    /// That the zone is none of the account's, when those are known.
    pub fn unknown_zone(&self) -> Option<String> {
        let Live::Here(zones) = &self.zones else { return None };
        let zone = self.answer("dns.zone").trim_end_matches('.');
        if zone.is_empty() || zones.iter().any(|known| known == zone) {
            return None;
        }
        let known = match zones.len() {
            0 => "it has none: create one first".to_string(),
            _ => format!("it has {}", zones.join(", ")),
        };
        Some(format!("hosted zone: `{zone}` is no public zone of this account: {known}"))
    }

    /// What is said of a field: a mistake, or what the account has to say to it.
    pub fn said_of(&self, field: &Field) -> Option<String> {
        let mistake = self.checked.mistake(field).map(String::from);
        mistake.or_else(|| self.unknown_zone().filter(|_| field.id == "dns.zone"))
    }

    /// Whether something on the page is wrong.
    pub fn is_wrong(&self, page: Page) -> bool {
        let others = page == Page::Regions && !self.checked.others.is_empty();
        others || self.fields.iter().any(|field| field.page == page && self.said_of(field).is_some())
    }

    /// Turns to a page; its first field has the keys, or the first that is wrong.
    pub fn turn_to(&mut self, page: Page) {
        (self.page, self.scroll) = (page, 0);
        let wrong = self.asked().find(|field| self.said_of(field).is_some());
        let first = wrong.or_else(|| self.asked().next()).map(|field| field.id.clone());
        self.focus_on(&first.unwrap_or_default());
    }

    pub fn focus_on(&mut self, id: &str) {
        self.focus = id.to_string();
        self.input = Input::new(self.answer(id).to_string());
    }

    /// Keeps an answer and checks all of them.
    pub fn take(&mut self, id: &str, text: String) {
        let Some(field) = self.fields.iter().find(|field| field.id == id) else { return };
        self.answers.set(field, text);
        self.checked = Checked::of(&self.fields, &self.answers);
        self.saved = false;
    }

    /// Asks for a look at the account, when the review is on the screen and there was none of this text.
    pub fn look(&mut self) -> Option<Cmd> {
        if self.page != Page::Review || self.obstacle().is_some() {
            return None;
        }
        let text = self.text().to_string();
        if self.survey.as_ref().is_some_and(|(of, seen)| *of == text && !matches!(seen, Live::Failed(_))) {
            return None;
        }
        self.survey = Some((text.clone(), Live::Asked));
        Some(Cmd::Survey(text))
    }

    /// What the look at the account told, if it was at this text.
    pub fn surveyed(&self) -> Option<&Survey> {
        match &self.survey {
            Some((of, Live::Here(survey))) if of == self.text() => Some(survey),
            _ => None,
        }
    }

    /// The name that must be typed: that of the file's stack.
    pub fn stack_name(&self) -> &str {
        self.by_hand.as_ref().map_or_else(|| self.answer("stack.name"), |file| &file.stack)
    }

    pub fn say(&mut self, severity: Severity, text: impl Into<String>) {
        self.notice = Some((severity, text.into()));
    }

    pub fn draft(&self) -> Draft {
        let page = if self.page == Page::Apply { Page::Review } else { self.page };
        Draft { page, answers: self.answers.clone() }
    }

    /// What may be picked for a list.
    pub fn choices(&self, list: List) -> Vec<String> {
        match list {
            List::Regions => crate::config::regions().map(String::from).collect(),
            List::Classes => crate::config::classes().map(String::from).collect(),
            List::Versions => {
                ["17.5", "17.4", "16.9", "16.8", "16.6", "16.4", "15.12", "15.10", "15.8", "14.17", "14.13"]
                    .map(String::from)
                    .into()
            }
            List::Zones => match &self.zones {
                Live::Here(zones) => zones.clone(),
                _ => vec![],
            },
        }
    }

    /// Those that hold what is typed.
    pub fn narrowed(&self, list: List, filter: &str) -> Vec<String> {
        let filter = filter.trim().to_lowercase();
        self.choices(list).into_iter().filter(|one| one.contains(&filter)).collect()
    }

    /// Whether the focused field is typed into.
    pub fn types(&self) -> bool {
        self.focused().is_some_and(|field| !matches!(field.kind, Kind::Choice(_)))
    }
}
