//! Draws the wizard. Pure: the same wizard and theme give the same cells.

mod applying;
mod form;
mod overlay;
mod review;

use super::model::{Live, Place, Wizard};
use super::pages::{PAGES, Page};
use crate::model::text::clean;
use crate::tui::panes::{severity, title};
use crate::tui::theme::{Role, Theme};
use crate::tui::view::draw::{GAP, Pen, Word, width, word};
use crate::tui::view::hits::{Hits, Target};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// From this width on every step has its name.
const WIDE: u16 = 76;

/// Draws everything into the area, and tells what can be clicked on where.
pub fn view(wizard: &Wizard, theme: &Theme, area: Rect, buffer: &mut Buffer) -> Hits {
    let area = area.intersection(buffer.area);
    if area.is_empty() {
        return Hits::default();
    }
    buffer.set_style(area, theme.style(Role::Background));
    let mut pen = Pen { buffer, theme, focus: Role::FocusBorder, hits: Hits::default() };
    draw(wizard, &mut pen, area);
    pen.hits
}

fn draw(wizard: &Wizard, pen: &mut Pen<'_>, area: Rect) {
    let row = |y: u16| Rect { y: area.y + y, height: u16::from(y < area.height), ..area };
    header(wizard, pen, row(0));
    steps(wizard, pen, row(1));
    let body = Rect { y: area.y + 2, height: area.height.saturating_sub(3), ..area }.intersection(area);
    if !body.is_empty() {
        let focus = wizard.overlay.is_none();
        let inside = pen.frame(body, &title(wizard.page.name()), &[], focus);
        match wizard.page {
            Page::Review => review::draw(wizard, pen, inside),
            Page::Apply => applying::draw(wizard, pen, inside),
            _ => form::draw(wizard, pen, inside),
        }
        overlay::draw(wizard, pen, body);
    }
    if area.height > 1 {
        hints(wizard, pen, row(area.height - 1));
    }
}

fn header(wizard: &Wizard, pen: &mut Pen<'_>, area: Rect) {
    let name = format!(" Tandem  {}", clean(wizard.stack_name()));
    pen.left(area, 0, &[word(Role::Title, name)]);
    let mut right = match &wizard.place {
        Place::Simulator => vec![word(Role::BadgeSimulated, " SIMULATOR ")],
        Place::Served(endpoint) => vec![word(Role::BadgeSimulated, format!(" {endpoint} "))],
        Place::Aws(None) => vec![word(Role::BadgeWrite, " AWS ")],
        Place::Aws(Some(profile)) => vec![word(Role::BadgeWrite, format!(" AWS {profile} "))],
    };
    if let Live::Here(who) = &wizard.who {
        right.push(word(Role::Muted, format!(" {} ", who.account)));
    }
    pen.right(area, 0, &right);
}

/// Where one is, and what was passed.
fn steps(wizard: &Wizard, pen: &mut Pen<'_>, area: Rect) {
    let here = wizard.page.place();
    if area.width < WIDE {
        let (place, of) = (here + 1, PAGES.len());
        pen.left(area, 0, &[word(Role::Muted, format!(" step {place} of {of}  ")), name(wizard, wizard.page)]);
        return;
    }
    let mut column = 1;
    for (place, page) in PAGES.iter().enumerate() {
        let words = [name(wizard, *page)];
        pen.at(area, 0, column, &words);
        pen.hit(area, 0, column, width(&words), Target::Action(format!("page:{place}")));
        column += width(&words) + 1;
    }
}

fn name(wizard: &Wizard, page: Page) -> Word {
    let (here, place) = (wizard.page.place(), page.place());
    let wrong = wizard.by_hand.is_none() && wizard.is_wrong(page);
    match (page == wizard.page || place == here, wrong) {
        (true, _) => word(Role::FocusTitle, format!("▸ {} ", page.name())),
        (false, true) if place < here => word(Role::Bad, format!("✖ {} ", page.name())),
        (false, false) if place < here => word(Role::Ok, format!("✔ {} ", page.name())),
        _ => word(Role::Muted, format!("· {} ", page.name())),
    }
}

fn hints(wizard: &Wizard, pen: &mut Pen<'_>, area: Rect) {
    let area = Rect { x: area.x + 1, width: area.width.saturating_sub(2), ..area };
    if let Some((said, text)) = &wizard.notice {
        let (role, symbol) = severity(*said);
        let role = if role == Role::Muted { Role::Accent } else { role };
        pen.left(area, 0, &[word(role, format!("{symbol} {text}"))]);
        return;
    }
    let mut column = 0;
    for (key, pressed, text) in keys(wizard) {
        let words = [word(Role::Key, key), word(Role::Muted, format!(" {text}"))];
        let wide = width(&words);
        if column + wide > usize::from(area.width) {
            break;
        }
        pen.at(area, 0, column, &words);
        pen.hit(area, 0, column, wide, Target::Action(pressed.into()));
        column += wide + GAP;
    }
}

/// What a key is called, how it is typed, what it does; what matters most comes first.
fn keys(wizard: &Wizard) -> Vec<(&'static str, &'static str, &'static str)> {
    use super::fields::Kind;
    use super::model::Overlay;
    use super::msg::End;
    let back = ("esc", "esc", "back");
    match &wizard.overlay {
        Some(Overlay::Explain { .. }) => return vec![back],
        Some(Overlay::Quit) => return vec![("enter", "enter", "leave"), ("esc", "esc", "stay")],
        Some(Overlay::Pick { .. }) => {
            return vec![("enter", "enter", "take"), ("↑↓", "down", "move"), back];
        }
        Some(Overlay::Confirm(_)) => return vec![("enter", "enter", "begin"), back],
        None => {}
    }
    let ended = wizard.running.as_ref().map(|running| &running.ended);
    match (wizard.page, ended) {
        (Page::Apply, Some(None)) => vec![("^C", "ctrl-c", "stop"), ("↑↓", "up", "log")],
        (Page::Apply, Some(Some(End::Done))) => vec![("enter", "enter", "console"), ("q", "q", "quit")],
        (Page::Apply, _) => vec![("r", "r", "go on"), back, ("q", "q", "quit"), ("↑↓", "up", "log")],
        (Page::Review, _) => vec![
            ("enter", "enter", "apply"),
            back,
            ("←→", "right", "tabs"),
            ("w", "w", "write the file"),
            ("y", "y", "copy"),
            ("r", "r", "look again"),
            ("^C", "ctrl-c", "quit"),
        ],
        _ => {
            let mut keys = vec![("enter", "enter", "next"), back, ("?", "?", "explain")];
            match wizard.focused().map(|field| field.kind) {
                Some(Kind::Choice(_)) => keys.push(("←→", "right", "choose")),
                Some(Kind::Pick(_)) => keys.push(("space", "space", "list")),
                _ => {}
            }
            keys.extend([("pgdn", "pgdn", "next page"), ("^C", "ctrl-c", "quit")]);
            keys
        }
    }
}
