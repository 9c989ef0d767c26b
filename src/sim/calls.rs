//! What came through the door: a bounded record of calls, and of input that was no good.

use crate::moment::Moment;
use std::collections::VecDeque;

/// The last of many; the oldest make room.
#[derive(Debug, Clone)]
pub struct Recent<T> {
    kept: VecDeque<T>,
    limit: usize,
    all: u64,
}

impl<T> Recent<T> {
    pub fn new(limit: usize) -> Self {
        Self { kept: VecDeque::new(), limit, all: 0 }
    }

    pub fn push(&mut self, item: T) {
        if self.kept.len() >= self.limit {
            self.kept.pop_front();
        }
        self.kept.push_back(item);
        self.all += 1;
    }

    /// Oldest first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &T> + ExactSizeIterator {
        self.kept.iter()
    }

    pub fn last(&self) -> Option<&T> {
        self.kept.back()
    }

    /// How many there ever were.
    pub fn count(&self) -> u64 {
        self.all
    }

    /// Takes what is kept, oldest first.
    pub fn take(&mut self) -> Vec<T> {
        self.kept.drain(..).collect()
    }
}

/// One API call, as the door saw it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    pub at: Moment,
    pub region: &'static str,
    /// SigV4 signing name.
    pub service: &'static str,
    /// Empty when the operation is not known.
    pub operation: &'static str,
    pub outcome: Outcome,
    /// `amz-sdk-invocation-id`: the same for every attempt of one call.
    pub invocation: String,
    /// From `amz-sdk-request: attempt=N`; 1 when the client does not say.
    pub attempt: u32,
}

/// What became of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    Done,
    /// Refused with this code.
    Refused(&'static str),
    /// A fault left it without an answer and undone.
    Hung,
    /// Done, and a fault lost the answer.
    AnswerLost,
}

#[cfg(test)]
mod tests {
    use super::Recent;

    #[test]
    fn the_oldest_make_room() {
        let mut recent = Recent::new(2);
        (1..=3).for_each(|n| recent.push(n));
        assert_eq!((recent.iter().copied().collect::<Vec<_>>(), recent.count()), (vec![2, 3], 3));
        assert_eq!(recent.take(), vec![2, 3]);
        assert_eq!(recent.last(), None);
    }
}
