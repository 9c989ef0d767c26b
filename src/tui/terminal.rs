//! The terminal. Nothing else knows it; it is given back on every way out.

use super::keys::{Code, Key};
use super::msg::Msg;
use crossterm::event::{self, Event, KeyCode, KeyEventKind, KeyModifiers};
use crossterm::terminal::{BeginSynchronizedUpdate, EndSynchronizedUpdate};
use crossterm::{cursor, execute, queue, terminal};
use ratatui::backend::{Backend, CrosstermBackend};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use std::io::{self, Write};
use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// Whether the terminal is ours now.
static ENTERED: AtomicBool = AtomicBool::new(false);
static HOOK: Once = Once::new();

/// The terminal while it is ours.
pub struct Terminal {
    /// What it shows.
    shown: Buffer,
}

impl Terminal {
    /// Takes the terminal: raw, its other screen, pastes and focus told apart, no cursor.
    ///
    /// # Errors
    /// When there is no terminal, or it refuses.
    pub fn enter() -> io::Result<Self> {
        // colours are the theme's matter: with NO_COLOR crossterm would write resets that undo modifiers
        crossterm::style::force_color_output(true);
        HOOK.call_once(hook);
        let (width, height) = terminal::size()?;
        terminal::enable_raw_mode()?;
        ENTERED.store(true, Ordering::SeqCst);
        let entered = Self { shown: Buffer::empty(Rect::new(0, 0, width, height)) };
        execute!(
            io::stdout(),
            terminal::EnterAlternateScreen,
            event::EnableBracketedPaste,
            event::EnableFocusChange,
            cursor::Hide,
            terminal::Clear(terminal::ClearType::All)
        )?;
        Ok(entered)
    }

    pub fn area(&self) -> Rect {
        self.shown.area
    }

    /// The terminal has a new size and shows nothing that can be relied on.
    ///
    /// # Errors
    /// When the terminal cannot be written to.
    pub fn resized(&mut self, width: u16, height: u16) -> io::Result<()> {
        self.shown = Buffer::empty(Rect::new(0, 0, width, height));
        execute!(io::stdout(), terminal::Clear(terminal::ClearType::All))
    }

    /// Shows the buffer: only cells that changed are written, and nothing when none did.
    ///
    /// # Errors
    /// When the terminal cannot be written to.
    pub fn show(&mut self, next: Buffer) -> io::Result<()> {
        let bytes = frame(&self.shown, &next)?;
        self.shown = next;
        if bytes.is_empty() {
            return Ok(());
        }
        let mut out = io::stdout().lock();
        out.write_all(&bytes)?;
        out.flush()
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        restore();
    }
}

/// What must be written to come from one screen to the next.
fn frame(shown: &Buffer, next: &Buffer) -> io::Result<Vec<u8>> {
    let changes = shown.diff(next);
    let mut bytes = vec![];
    if changes.is_empty() {
        return Ok(bytes);
    }
    queue!(bytes, BeginSynchronizedUpdate)?;
    CrosstermBackend::new(&mut bytes).draw(changes.into_iter())?;
    queue!(bytes, EndSynchronizedUpdate)?;
    Ok(bytes)
}

/// Gives the terminal back. May be called from anywhere and as often as one likes; what fails is
/// passed over, for there may be no terminal any more.
pub fn restore() {
    if !ENTERED.swap(false, Ordering::SeqCst) {
        return;
    }
    let mut out = io::stdout();
    let _ = queue!(
        out,
        EndSynchronizedUpdate,
        event::DisableFocusChange,
        event::DisableBracketedPaste,
        terminal::LeaveAlternateScreen,
        cursor::Show
    );
    let _ = out.flush();
    let _ = terminal::disable_raw_mode();
}

/// A panic gives the terminal back before it speaks. One in a worker of the runtime ends only its
/// task: that goes to the log, not over the screen.
fn hook() {
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let worker = std::thread::current().name().is_some_and(|name| name.starts_with("tokio"));
        if worker && ENTERED.load(Ordering::SeqCst) {
            tracing::error!("a task panicked: {panic}");
            return;
        }
        restore();
        before(panic);
    }));
}

/// The next thing that the terminal says, if it says one in time. `at` is called when it came.
///
/// # Errors
/// When the terminal cannot be read.
pub fn next(within: Duration, at: impl Fn() -> Duration) -> io::Result<Option<Msg>> {
    if !event::poll(within)? {
        return Ok(None);
    }
    Ok(match event::read()? {
        Event::Key(key) if key.kind != KeyEventKind::Release => self::key(key).map(|key| Msg::Key { key, at: at() }),
        Event::Paste(text) => Some(Msg::Paste(text)),
        Event::Resize(width, height) => Some(Msg::Resize { width, height }),
        Event::FocusGained => Some(Msg::FocusGained),
        Event::FocusLost => Some(Msg::FocusLost),
        Event::Key(_) | Event::Mouse(_) => None,
    })
}

fn key(key: event::KeyEvent) -> Option<Key> {
    let code = match key.code {
        KeyCode::Char(character) => Code::Char(character),
        KeyCode::Enter => Code::Enter,
        KeyCode::Esc => Code::Esc,
        KeyCode::Tab => Code::Tab,
        KeyCode::BackTab => Code::BackTab,
        KeyCode::Backspace => Code::Backspace,
        KeyCode::Delete => Code::Delete,
        KeyCode::Left => Code::Left,
        KeyCode::Right => Code::Right,
        KeyCode::Up => Code::Up,
        KeyCode::Down => Code::Down,
        KeyCode::Home => Code::Home,
        KeyCode::End => Code::End,
        KeyCode::PageUp => Code::PageUp,
        KeyCode::PageDown => Code::PageDown,
        _ => return None,
    };
    let ctrl = key.modifiers.contains(KeyModifiers::CONTROL);
    Some(Key { code, ctrl, alt: key.modifiers.contains(KeyModifiers::ALT) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use ratatui::style::{Modifier, Style};

    #[test]
    fn an_unchanged_screen_writes_nothing() {
        let mut shown = Buffer::empty(Rect::new(0, 0, 40, 4));
        shown.set_string(1, 1, "calm", Style::new().add_modifier(Modifier::BOLD));
        assert_eq!(frame(&shown, &shown.clone()).unwrap(), b"");
    }

    #[test]
    fn a_change_is_written_as_one_synchronized_frame() {
        let shown = Buffer::empty(Rect::new(0, 0, 40, 4));
        let mut next = shown.clone();
        next.set_string(0, 0, "x", Style::new());
        let text = String::from_utf8(frame(&shown, &next).unwrap()).unwrap();
        assert!(text.starts_with("\u{1b}[?2026h") && text.ends_with("\u{1b}[?2026l"), "{text:?}");
        assert_eq!(text.matches('x').count(), 1);
    }

    #[test]
    fn without_colour_reversed_reaches_the_terminal() {
        crossterm::style::force_color_output(true);
        let scene = crate::tui::scenes::Scene::named("steady").draw_without_colour(120, 36);
        let bytes = frame(&Buffer::empty(scene.area), &scene).unwrap();
        let mut parser = vt100::Parser::new(36.try_into().unwrap(), 120.try_into().unwrap(), 0);
        parser.process(&bytes);
        let screen = parser.screen();
        let mut reversed = 0;
        for row in 0..36 {
            for column in 0..120 {
                let (wanted, cell) = (scene.cell((column, row)).unwrap(), screen.cell(row, column).unwrap());
                let modifiers = wanted.style().add_modifier;
                assert_eq!(cell.inverse(), modifiers.contains(Modifier::REVERSED), "{column}, {row}: {cell:?}");
                assert_eq!(cell.bold(), modifiers.contains(Modifier::BOLD), "{column}, {row}: {cell:?}");
                reversed += usize::from(cell.inverse());
            }
        }
        assert!(reversed > 10);
        assert!(!String::from_utf8_lossy(&bytes).contains("\u{1b}[;m"));
    }

    #[test]
    fn giving_back_what_is_not_ours_does_nothing() {
        restore();
        assert!(!ENTERED.load(Ordering::SeqCst));
    }
}
