//! The terminal. Nothing else knows it; it is given back on every way out.

use crossterm::event;
use crossterm::terminal::{BeginSynchronizedUpdate, EndSynchronizedUpdate};
use crossterm::{cursor, execute, queue, terminal};
use ratatui::backend::{Backend, CrosstermBackend};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use std::io::{self, Write};
use std::sync::{Mutex, MutexGuard, Once, PoisonError};

/// Whose the terminal is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Hold {
    Others,
    Ours,
    /// Given back for good: a screen that still runs must not take it again.
    Over,
}

static HOLD: Mutex<Hold> = Mutex::new(Hold::Others);
static HOOK: Once = Once::new();

/// Clicks and the wheel, with places beyond column 223 (xterm control sequences, modes 1000 and 1006). Motion
/// is not asked for: over SSH every pixel would be a packet.
const MOUSE: &[u8] = b"\x1b[?1000h\x1b[?1006h";
const NO_MOUSE: &[u8] = b"\x1b[?1006l\x1b[?1000l";

fn hold() -> MutexGuard<'static, Hold> {
    HOLD.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The terminal while it is ours.
pub struct Terminal {
    /// What it shows.
    shown: Buffer,
    /// Whether the mouse is listened to.
    mouse: bool,
    /// Whether another screen of this process takes it next.
    handed_on: bool,
}

impl Terminal {
    /// Takes the terminal: raw, its other screen, pastes and focus told apart, no cursor, and the mouse if it
    /// is listened to.
    ///
    /// # Errors
    /// When there is no terminal, or it refuses.
    pub fn enter(mouse: bool) -> io::Result<Self> {
        // colours are the theme's matter: with NO_COLOR crossterm would write resets that undo modifiers
        crossterm::style::force_color_output(true);
        HOOK.call_once(hook);
        take(mouse)?;
        let mut entered = Self { shown: Buffer::empty(Rect::ZERO), mouse, handed_on: false };
        entered.measure()?;
        Ok(entered)
    }

    /// Gives it back for a while.
    pub fn leave(&mut self) {
        give(Hold::Others);
    }

    /// Gives it back to another screen of this process, which may take it.
    pub fn hand_on(mut self) {
        self.leave();
        self.handed_on = true;
    }

    /// Takes it again, as it is now.
    ///
    /// # Errors
    /// As [`Self::enter`], and when the console has ended meanwhile.
    pub fn retake(&mut self) -> io::Result<()> {
        // Modes that a shell has set since a stop that could not be caught are not those before ours.
        give(Hold::Others);
        take(self.mouse)?;
        self.measure()
    }

    fn measure(&mut self) -> io::Result<()> {
        let (width, height) = terminal::size()?;
        self.shown = Buffer::empty(Rect::new(0, 0, width, height));
        Ok(())
    }

    /// Tells the terminal something that shows nothing.
    ///
    /// # Errors
    /// When the terminal cannot be written to.
    pub fn tell(&mut self, sequence: &str) -> io::Result<()> {
        let mut out = io::stdout().lock();
        out.write_all(sequence.as_bytes())?;
        out.flush()
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
        if !self.handed_on {
            restore();
        }
    }
}

/// What must be written to come from one screen to the next: nothing when they are the same.
///
/// # Errors
/// Never but for a cell that cannot be written.
pub fn frame(shown: &Buffer, next: &Buffer) -> io::Result<Vec<u8>> {
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

fn take(mouse: bool) -> io::Result<()> {
    let mut hold = hold();
    if *hold == Hold::Over {
        return Err(io::Error::other("the console has ended"));
    }
    terminal::enable_raw_mode()?;
    *hold = Hold::Ours;
    execute!(
        io::stdout(),
        terminal::EnterAlternateScreen,
        event::EnableBracketedPaste,
        event::EnableFocusChange,
        cursor::Hide,
        terminal::Clear(terminal::ClearType::All)
    )?;
    if mouse {
        io::stdout().write_all(MOUSE)?;
        io::stdout().flush()?;
    }
    Ok(())
}

/// Gives the terminal back for good. May be called from anywhere and as often as one likes; what fails
/// is passed over, for there may be no terminal any more.
pub fn restore() {
    give(Hold::Over);
}

fn give(to: Hold) {
    let mut hold = hold();
    let ours = std::mem::replace(&mut *hold, to) == Hold::Ours;
    if !ours {
        return;
    }
    let mut out = io::stdout();
    let _ = out.write_all(NO_MOUSE);
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

/// The columns and rows that it has now.
pub fn size() -> io::Result<(u16, u16)> {
    terminal::size()
}

/// A panic gives the terminal back before it speaks. One in a worker of the runtime ends only its
/// task: that goes to the log, not over the screen.
fn hook() {
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let worker = std::thread::current().name().is_some_and(|name| name.starts_with("tokio"));
        if worker && *hold() == Hold::Ours {
            tracing::error!("a task panicked: {panic}");
            return;
        }
        restore();
        before(panic);
    }));
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
    fn a_terminal_that_was_given_back_for_good_is_not_taken_again() {
        restore();
        restore();
        assert!(take(false).is_err());
    }
}
