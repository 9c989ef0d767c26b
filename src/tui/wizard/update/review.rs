//! Keys on the review: its tabs, and the way on.

use super::{back, go, overlay};
use crate::model::event::Severity;
use crate::tui::keys::{Code, Key};
use crate::tui::wizard::model::{Live, TABS, Wizard};
use crate::tui::wizard::msg::{Cmd, Survey};

/// Lines of a page.
const PAGE: usize = 10;

pub(super) fn pressed(wizard: &mut Wizard, key: Key) -> Vec<Cmd> {
    let place = TABS.iter().position(|(tab, _)| *tab == wizard.tab).unwrap_or(0);
    match key.code {
        Code::Right | Code::Tab => turn(wizard, place + 1),
        Code::Left | Code::BackTab => turn(wizard, place + TABS.len() - 1),
        Code::Char(digit @ '1'..='4') => turn(wizard, digit as usize - '1' as usize),
        Code::Down => wizard.scroll += 1,
        Code::Up => wizard.scroll = wizard.scroll.saturating_sub(1),
        Code::PageDown => wizard.scroll += PAGE,
        Code::PageUp => wizard.scroll = wizard.scroll.saturating_sub(PAGE),
        Code::Home => wizard.scroll = 0,
        Code::Esc => return back(wizard),
        Code::Enter => return enter(wizard),
        Code::Char('r') => {
            wizard.survey = None;
            return wizard.look().into_iter().collect();
        }
        Code::Char('w') if wizard.by_hand.is_none() => return save(wizard),
        Code::Char('y') => return copy(wizard),
        _ => {}
    }
    vec![]
}

fn turn(wizard: &mut Wizard, place: usize) {
    (wizard.tab, wizard.scroll) = (TABS[place % TABS.len()].0, 0);
}

/// On to the confirmation, or to what must be corrected first.
fn enter(wizard: &mut Wizard) -> Vec<Cmd> {
    if let Some((page, said)) = wizard.obstacle() {
        let cmds = go(wizard, page);
        wizard.say(Severity::Warn, said);
        return cmds;
    }
    match &wizard.survey {
        Some((_, Live::Asked)) => wizard.say(Severity::Info, "the account is being looked at: a moment"),
        Some((_, Live::Failed(why))) => {
            let why = why.clone();
            wizard.say(Severity::Bad, format!("{why}; r looks again"));
        }
        _ => match wizard.surveyed().map(forbids) {
            Some(None) => overlay::confirm(wizard),
            Some(Some(said)) => wizard.say(Severity::Bad, said),
            None => return wizard.look().into_iter().collect(),
        },
    }
    vec![]
}

/// Why the plan cannot be applied.
fn forbids(survey: &Survey) -> Option<String> {
    let count = survey.plan.obstacles().count();
    let first = survey.plan.obstacles().next()?;
    let more = if count > 1 { format!(", and {} more", count - 1) } else { String::new() };
    Some(format!("{} cannot be made as it is wanted{more}: see ! in the resources", first.id))
}

fn save(wizard: &mut Wizard) -> Vec<Cmd> {
    if let Some((page, said)) = wizard.obstacle() {
        let cmds = go(wizard, page);
        wizard.say(Severity::Warn, said);
        return cmds;
    }
    vec![Cmd::Save(wizard.text().to_string())]
}

/// What is on the tab, as text; lists of resources and costs are what the file comes to.
fn copy(wizard: &Wizard) -> Vec<Cmd> {
    use crate::tui::wizard::model::Tab;
    let text = match (wizard.tab, wizard.surveyed()) {
        (Tab::Policy, Some(survey)) => survey.policy.clone(),
        _ => wizard.text().to_string(),
    };
    vec![Cmd::Copy(text)]
}
