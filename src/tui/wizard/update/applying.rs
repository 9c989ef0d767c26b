//! Keys while the stack is brought to its file, and after.

use super::{apply, go};
use crate::model::event::Severity;
use crate::tui::keys::{Code, Key};
use crate::tui::wizard::model::{Overlay, Wizard};
use crate::tui::wizard::msg::{Cmd, End};
use crate::tui::wizard::pages::Page;

pub(super) fn pressed(wizard: &mut Wizard, key: Key) -> Vec<Cmd> {
    let Some(running) = &mut wizard.running else { return go(wizard, Page::Review) };
    match (&running.ended, key.code) {
        (_, Code::Up) => wizard.scroll += 1,
        (_, Code::Down) => wizard.scroll = wizard.scroll.saturating_sub(1),
        (None, _) if key == Key::ctrl('c') => {
            if running.stopping {
                return vec![Cmd::Quit];
            }
            running.stopping = true;
            wizard.say(
                Severity::Warn,
                "stopping: nothing new is begun, calls that run are finished; once more leaves at once",
            );
            return vec![Cmd::Stop];
        }
        (None, _) => {}
        (Some(End::Done), Code::Enter) => return vec![Cmd::Console],
        (Some(End::Failed | End::Stopped | End::Broken(_)), Code::Char('r') | Code::Enter) => return apply(wizard),
        (Some(End::Failed | End::Stopped | End::Broken(_)), Code::Esc) => {
            (wizard.running, wizard.survey) = (None, None);
            return go(wizard, Page::Review);
        }
        (Some(_), Code::Char('q')) => return vec![Cmd::Quit],
        (Some(_), _) if key == Key::ctrl('c') => wizard.overlay = Some(Overlay::Quit),
        _ => {}
    }
    vec![]
}
