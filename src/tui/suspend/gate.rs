//! Between the screen's thread and the one that reads keys: what is typed for others is forgotten.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How long the reader of keys may take to forget what was typed elsewhere.
const FORGETTING: Duration = Duration::from_millis(500);

/// What the reader of keys may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Reads,
    /// The terminal is somebody else's.
    Waits,
    /// It is ours again: what is still to be read was typed for others.
    Forgets,
}

/// Open while the terminal is ours.
#[derive(Debug)]
pub struct Gate {
    state: Mutex<State>,
    changed: Condvar,
}

impl Gate {
    pub fn new() -> Self {
        Self { state: Mutex::new(State::Reads), changed: Condvar::new() }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// From now on nothing that is read counts.
    pub fn close(&self) {
        *self.lock() = State::Waits;
    }

    /// Lets the reader go on and waits until it has forgotten what was typed meanwhile.
    pub fn open(&self) {
        *self.lock() = State::Forgets;
        self.changed.notify_all();
        let forgets = |state: &mut State| *state == State::Forgets;
        let waited = self.changed.wait_timeout_while(self.lock(), FORGETTING, forgets);
        drop(waited.unwrap_or_else(PoisonError::into_inner));
    }

    /// For the reader: whether it may read now; it has waited for at most `within`. `forget` reads what was
    /// typed for others.
    pub fn reads(&self, within: Duration, forget: impl FnOnce()) -> bool {
        let waits = |state: &mut State| *state == State::Waits;
        let waited = self.changed.wait_timeout_while(self.lock(), within, waits);
        let state = *waited.unwrap_or_else(PoisonError::into_inner).0;
        if state == State::Forgets {
            forget();
            let mut state = self.lock();
            if *state == State::Forgets {
                *state = State::Reads;
                self.changed.notify_all();
            }
        }
        state != State::Waits
    }

    /// For the reader: whether what it has just read counts.
    pub fn counts(&self) -> bool {
        *self.lock() == State::Reads
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    #[test]
    fn a_reader_forgets_once_what_was_typed_while_the_gate_was_closed() {
        let gate = Arc::new(Gate::new());
        assert!(gate.reads(Duration::ZERO, || panic!("nothing to forget")) && gate.counts());
        gate.close();
        assert!(!gate.reads(Duration::ZERO, || panic!("not yet")) && !gate.counts());
        let opener = std::thread::spawn({
            let gate = gate.clone();
            move || gate.open()
        });
        let mut forgotten = false;
        while !gate.reads(Duration::from_millis(10), || forgotten = true) {}
        opener.join().unwrap();
        assert!(forgotten && gate.counts());
        assert!(gate.reads(Duration::ZERO, || panic!("forgotten already")));
    }
}
