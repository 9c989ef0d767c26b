//! Whether anybody looks at what is observed: when nobody does, half the looks are enough.

use std::sync::atomic::{AtomicBool, Ordering};

/// Read when a wait ends, never waited for: tasks that wait for one change are woken in an order of chance.
#[derive(Debug, Default)]
pub(super) struct Attention {
    elsewhere: AtomicBool,
    busy: AtomicBool,
}

impl Attention {
    /// Whether the operator has the console before them.
    pub fn attend(&self, attends: bool) {
        self.elsewhere.store(!attends, Ordering::Relaxed);
    }

    /// Whether an operation is open: it is looked after at the usual pace.
    pub fn busy(&self, busy: bool) {
        self.busy.store(busy, Ordering::Relaxed);
    }

    pub fn slow(&self) -> bool {
        self.elsewhere.load(Ordering::Relaxed) && !self.busy.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_console_that_nobody_looks_at_and_that_does_nothing_is_slow() {
        let attention = Attention::default();
        assert!(!attention.slow());
        attention.attend(false);
        assert!(attention.slow());
        attention.busy(true);
        assert!(!attention.slow());
        attention.busy(false);
        attention.attend(true);
        assert!(!attention.slow());
    }
}
