//! Answers that were given before: the same marking before the same join has the same answer.

use std::{collections::BTreeMap, sync::RwLock};

use super::reset_net::Place;

/// Answers kept for one join. The markings in which a net waits at an OR-join are few; where they are many,
/// all are forgotten, and what recurs is soon there again.
const ANSWERS_MAX: usize = 1024;

/// What it holds shows in the time an answer takes, and in nothing else. A lock that is taken is no reason to
/// wait: the answer is then found anew.
#[derive(Debug, Default)]
pub(super) struct Memory(RwLock<BTreeMap<Vec<(Place, u32)>, bool>>);

impl Memory {
    pub(super) fn recall(&self, marking: &[(Place, u32)]) -> Option<bool> {
        self.0.try_read().ok()?.get(marking).copied()
    }

    pub(super) fn keep(&self, marking: Vec<(Place, u32)>, answer: bool) {
        let Ok(mut answers) = self.0.try_write() else { return };
        if answers.len() >= ANSWERS_MAX {
            answers.clear();
        }
        answers.insert(marking, answer);
    }
}
