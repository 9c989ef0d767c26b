//! Changes the wizard by one message. Never waits; what must be done outside comes back as [`Cmd`]s.

mod applying;
mod form;
mod overlay;
mod review;

use super::model::{Live, Overlay, Running, Wizard};
use super::msg::{Cmd, End, Msg};
use super::pages::{PAGES, Page};
use crate::model::event::Severity;
use crate::tui::keys::{Code, Key};
use crate::tui::msg::Msg as Screen;
use crate::tui::view::hits::Target;

/// Lines that the wheel moves.
const WHEEL: usize = 3;

/// Takes a message in.
pub fn update(wizard: &mut Wizard, msg: Msg) -> Vec<Cmd> {
    match msg {
        Msg::Screen(screen) => return heard(wizard, screen),
        Msg::Identified(who) => wizard.who = live(who),
        Msg::Zones(zones) => {
            wizard.zones = live(zones);
            return zone_of(wizard);
        }
        Msg::Surveyed(of, seen) => {
            if wizard.survey.as_ref().is_some_and(|(asked, _)| *asked == of) {
                wizard.survey = Some((of, live(seen)));
            }
        }
        Msg::Saved(Ok(())) => {
            wizard.saved = true;
            let path = wizard.path.display().to_string();
            wizard.say(Severity::Good, format!("written to {path}"));
        }
        Msg::Saved(Err(why)) => wizard.say(Severity::Bad, why),
        Msg::NotKept(why) => {
            wizard.say(Severity::Warn, format!("your answers are not kept for another sitting: {why}"))
        }
        Msg::Run(view) => {
            if let Some(running) = &mut wizard.running {
                running.view = view;
            }
        }
        Msg::Ended(end) => ended(wizard, end),
    }
    vec![]
}

fn live<T>(answer: Result<T, String>) -> Live<T> {
    answer.map_or_else(Live::Failed, Live::Here)
}

/// The only zone of an account is the one that is meant.
fn zone_of(wizard: &mut Wizard) -> Vec<Cmd> {
    let Live::Here(zones) = &wizard.zones else { return vec![] };
    if let ([only], None) = (&zones[..], wizard.answers.own("dns.zone")) {
        let only = only.clone();
        let saved = wizard.saved;
        wizard.take("dns.zone", only);
        wizard.saved = saved;
        if wizard.focus == "dns.zone" {
            wizard.focus_on("dns.zone");
        }
    }
    wizard.look().into_iter().collect()
}

fn ended(wizard: &mut Wizard, end: End) {
    if end == End::Done {
        wizard.say(Severity::Good, "the stack stands: enter opens its console");
    }
    if let Some(running) = &mut wizard.running {
        running.ended = Some(end);
    }
}

fn heard(wizard: &mut Wizard, screen: Screen) -> Vec<Cmd> {
    match screen {
        Screen::Key { key, .. } => return pressed(wizard, key),
        Screen::Paste(text) => paste(wizard, &text),
        Screen::Click { target, .. } => return clicked(wizard, target),
        Screen::Wheel { up, .. } => {
            let key = Key::of(if up { Code::Up } else { Code::Down });
            return (0..WHEEL).flat_map(|_| pressed(wizard, key)).collect();
        }
        Screen::Resize { width, height } => wizard.size = (width, height),
        Screen::Tick(now) => wizard.now = now,
        Screen::Notice { severity, text } | Screen::Hint { severity, text } => wizard.say(severity, text),
        _ => {}
    }
    vec![]
}

fn pressed(wizard: &mut Wizard, key: Key) -> Vec<Cmd> {
    wizard.notice = None;
    if key == Key::ctrl('z') {
        return vec![Cmd::Suspend];
    }
    if wizard.overlay.is_some() {
        return overlay::pressed(wizard, key);
    }
    if wizard.page == Page::Apply {
        return applying::pressed(wizard, key);
    }
    if key == Key::ctrl('c') {
        wizard.overlay = Some(Overlay::Quit);
        return vec![];
    }
    if key == Key::char('?') {
        wizard.overlay = Some(Overlay::Explain { scroll: 0 });
        return vec![];
    }
    if wizard.by_hand.is_none() {
        match key {
            Key { code: Code::PageDown, .. } if wizard.page.asks() => return forward(wizard),
            Key { code: Code::PageUp, .. } if wizard.page.asks() => return back(wizard),
            _ if key == Key::ctrl('n') => return forward(wizard),
            _ if key == Key::ctrl('p') => return back(wizard),
            _ => {}
        }
    }
    match wizard.page {
        Page::Review => review::pressed(wizard, key),
        _ => form::pressed(wizard, key),
    }
}

/// To the next page.
fn forward(wizard: &mut Wizard) -> Vec<Cmd> {
    wizard.page.next().map(|page| go(wizard, page)).unwrap_or_default()
}

/// To the page before; before the first lies the way out.
fn back(wizard: &mut Wizard) -> Vec<Cmd> {
    match wizard.page.before().filter(|_| wizard.by_hand.is_none()) {
        Some(page) => go(wizard, page),
        None => {
            wizard.overlay = Some(Overlay::Quit);
            vec![]
        }
    }
}

/// To a page; what was answered so far is kept.
fn go(wizard: &mut Wizard, page: Page) -> Vec<Cmd> {
    wizard.turn_to(page);
    let mut cmds = keep(wizard);
    cmds.extend(wizard.look());
    cmds
}

/// What was answered, kept for another sitting; a file that was not written here has no draft.
fn keep(wizard: &Wizard) -> Vec<Cmd> {
    if wizard.by_hand.is_some() { vec![] } else { vec![Cmd::Keep(wizard.draft())] }
}

fn paste(wizard: &mut Wizard, text: &str) {
    let text: String = text.chars().filter(|character| !character.is_control()).collect();
    let into_field = wizard.page.asks() && wizard.types();
    match &mut wizard.overlay {
        Some(Overlay::Confirm(input)) => form::insert(input, &text),
        Some(Overlay::Pick { filter, place, .. }) => {
            form::insert(filter, &text);
            *place = 0;
        }
        Some(_) => {}
        None if into_field => {
            form::insert(&mut wizard.input, text.trim());
            form::typed(wizard);
        }
        None => {}
    }
}

fn clicked(wizard: &mut Wizard, target: Target) -> Vec<Cmd> {
    wizard.notice = None;
    match target {
        Target::Row(id) if wizard.page.asks() => {
            let again = wizard.focus == id;
            wizard.focus_on(&id);
            if again { form::open(wizard) } else { vec![] }
        }
        Target::Entry(place) => overlay::entry(wizard, place),
        Target::Action(id) => {
            if let Some(place) = id.strip_prefix("page:").and_then(|place| place.parse::<usize>().ok()) {
                let free = wizard.by_hand.is_none() && wizard.page != Page::Apply;
                return PAGES.get(place).filter(|_| free).map(|page| go(wizard, *page)).unwrap_or_default();
            }
            match id.parse::<Key>() {
                Ok(key) => pressed(wizard, key),
                Err(_) => vec![],
            }
        }
        _ => vec![],
    }
}

/// Begins the apply of what is on the screen.
fn apply(wizard: &mut Wizard) -> Vec<Cmd> {
    let expected = wizard.surveyed().map(|survey| survey.plan.expected).unwrap_or_default();
    let mut cmds = keep(wizard);
    cmds.push(Cmd::Apply(wizard.text().to_string()));
    wizard.running =
        Some(Running { view: Default::default(), began: wizard.now, expected, stopping: false, ended: None });
    wizard.turn_to(Page::Apply);
    cmds
}
