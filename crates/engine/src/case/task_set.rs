//! Tasks of one net, as bits.

use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use crate::ids::TaskIndex;

/// A set of tasks; up to 128 need no allocation. The last word is never 0, so that equal sets are equal bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskSet(SmallVec<[u64; 2]>);

fn place(task: TaskIndex) -> (usize, u64) {
    ((task.0 / u64::BITS) as usize, 1 << (task.0 % u64::BITS))
}

impl TaskSet {
    pub fn contains(&self, task: TaskIndex) -> bool {
        let (word, bit) = place(task);
        self.0.get(word).is_some_and(|bits| bits & bit != 0)
    }

    pub fn insert(&mut self, task: TaskIndex) {
        let (word, bit) = place(task);
        while self.0.len() <= word {
            self.0.push(0);
        }
        self.0[word] |= bit;
    }

    pub fn remove(&mut self, task: TaskIndex) {
        let (word, bit) = place(task);
        if let Some(bits) = self.0.get_mut(word) {
            *bits &= !bit;
        }
        while self.0.last() == Some(&0) {
            self.0.pop();
        }
    }

    /// Adds all of `other`.
    pub fn extend(&mut self, other: &Self) {
        while self.0.len() < other.0.len() {
            self.0.push(0);
        }
        self.0.iter_mut().zip(&other.0).for_each(|(bits, more)| *bits |= more);
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// The tasks, in order.
    pub fn iter(&self) -> impl Iterator<Item = TaskIndex> {
        (0..).zip(&self.0).flat_map(|(word, bits)| {
            let rest = std::iter::successors(Some(*bits), |bits| Some(bits & bits.wrapping_sub(1)));
            rest.take_while(|bits| *bits != 0)
                .map(move |bits| TaskIndex(word * u64::BITS + bits.trailing_zeros()))
        })
    }
}

impl FromIterator<TaskIndex> for TaskSet {
    fn from_iter<T: IntoIterator<Item = TaskIndex>>(tasks: T) -> Self {
        let mut set = Self::default();
        tasks.into_iter().for_each(|task| set.insert(task));
        set
    }
}

#[cfg(test)]
mod tests;
