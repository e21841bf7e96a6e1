//! A list of small values in an order that only its owner knows: a value stands for something that is kept
//! elsewhere, such as the place of an agent for the agent's id.
//!
//! About five bytes for a four-byte value, where a `BTreeSet` would have to hold what it compares. Chunks in a
//! row, as in a B-tree of two levels: a place is found by bisection, an insertion moves half a chunk.
//! The owner's order must give the same answers as long as the value is in the list.

use std::{cmp::Ordering, slice};

use smallvec::SmallVec;

/// Values of one chunk: a kilobyte of them is moved quickly, and a million need 4,000 to 8,000 chunks.
const CHUNK_MAX: usize = 256;

#[derive(Clone, Debug)]
pub(super) struct Ordered<T>(Chunks<T>);

#[derive(Clone, Debug)]
enum Chunks<T> {
    /// Most lists are short: up to four values need no memory of their own.
    One(SmallVec<[T; 4]>),
    Many(Box<Many<T>>),
}

/// No chunk is empty, and there is at least one.
#[derive(Clone, Debug)]
struct Many<T> {
    len: usize,
    chunks: Vec<Vec<T>>,
    /// The last value of each chunk: a search looks at these in a row instead of into each chunk.
    lasts: Vec<T>,
}

/// The values from some place on.
#[derive(Clone, Debug)]
pub(super) struct Walk<'a, T> {
    here: slice::Iter<'a, T>,
    chunks: slice::Iter<'a, Vec<T>>,
}

impl<T> Default for Ordered<T> {
    fn default() -> Self {
        Self(Chunks::One(SmallVec::new()))
    }
}

impl<T: Copy> Ordered<T> {
    pub(super) fn len(&self) -> usize {
        match &self.0 {
            Chunks::One(chunk) => chunk.len(),
            Chunks::Many(many) => many.len,
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub(super) fn first(&self) -> Option<T> {
        self.iter().next()
    }

    pub(super) fn iter(&self) -> Walk<'_, T> {
        match &self.0 {
            Chunks::One(chunk) => Walk { here: chunk.iter(), chunks: [].iter() },
            Chunks::Many(many) => Walk { here: [].iter(), chunks: many.chunks.iter() },
        }
    }

    /// The values from the first one that is not `before` what is looked for.
    pub(super) fn from(&self, before: impl Fn(T) -> bool) -> Walk<'_, T> {
        match &self.0 {
            Chunks::One(chunk) => {
                let from = chunk.partition_point(|value| before(*value));
                Walk { here: chunk[from..].iter(), chunks: [].iter() }
            }
            Chunks::Many(many) => {
                let at = many.chunk_of(&before);
                let Some(chunk) = many.chunks.get(at) else { return Walk::end() };
                let from = chunk.partition_point(|value| before(*value));
                Walk { here: chunk[from..].iter(), chunks: many.chunks[at + 1..].iter() }
            }
        }
    }

    /// Puts `value` where `order` says; `order` compares a value of the list with it. Not if one like it is there.
    pub(super) fn insert(&mut self, value: T, order: impl Fn(T) -> Ordering) -> bool {
        match &mut self.0 {
            Chunks::One(chunk) => {
                let Err(at) = place(chunk, &order) else { return false };
                if chunk.len() < CHUNK_MAX {
                    chunk.insert(at, value);
                    return true;
                }
                let lasts = chunk.last().copied().into_iter().collect();
                let many = Many { len: chunk.len(), chunks: vec![chunk.to_vec()], lasts };
                self.0 = Chunks::Many(Box::new(many));
                self.insert(value, order)
            }
            Chunks::Many(many) => many.insert(value, order),
        }
    }

    /// Takes out the value that `order` calls equal.
    pub(super) fn remove(&mut self, order: impl Fn(T) -> Ordering) -> Option<T> {
        match &mut self.0 {
            Chunks::One(chunk) => place(chunk, &order).ok().map(|at| chunk.remove(at)),
            Chunks::Many(many) => {
                let removed = many.remove(order);
                if let [last] = &mut many.chunks[..] {
                    self.0 = Chunks::One(SmallVec::from_vec(std::mem::take(last)));
                }
                removed
            }
        }
    }
}

impl<T: Copy> Many<T> {
    fn insert(&mut self, value: T, order: impl Fn(T) -> Ordering) -> bool {
        let before = |other| order(other) == Ordering::Less;
        let end = self.chunks.len() - 1;
        let mut at = self.chunk_of(&before).min(end);
        let Err(mut within) = place(&self.chunks[at], &order) else { return false };
        if self.chunks[at].len() == CHUNK_MAX {
            // What comes in order fills chunks; half of each would stay empty if they were split in the middle.
            let half = if at == end && within == CHUNK_MAX { CHUNK_MAX } else { CHUNK_MAX / 2 };
            let tail = self.chunks[at].split_off(half);
            self.chunks.insert(at + 1, tail);
            self.lasts.insert(at + 1, self.lasts[at]);
            self.lasts[at] = self.chunks[at][half - 1];
            if within >= half {
                (at, within) = (at + 1, within - half);
            }
        }
        self.chunks[at].insert(within, value);
        if within + 1 == self.chunks[at].len() {
            self.lasts[at] = value;
        }
        self.len += 1;
        true
    }

    fn remove(&mut self, order: impl Fn(T) -> Ordering) -> Option<T> {
        let before = |other| order(other) == Ordering::Less;
        let at = self.chunk_of(&before);
        let chunk = self.chunks.get_mut(at)?;
        let removed = chunk.remove(place(chunk, &order).ok()?);
        if let Some(last) = chunk.last() {
            self.lasts[at] = *last;
        }
        self.len -= 1;
        self.join(at);
        Some(removed)
    }

    /// Chunks that became small are put together, so that their number follows the number of values.
    fn join(&mut self, at: usize) {
        let left = at.min(self.chunks.len().saturating_sub(2));
        let Some([one, other]) = self.chunks.get_mut(left..left + 2) else { return };
        if one.len() + other.len() <= CHUNK_MAX / 2 || one.is_empty() || other.is_empty() {
            // The last value of an empty chunk is none any more.
            let gone = if other.is_empty() { left + 1 } else { left };
            one.append(other);
            self.chunks.remove(left + 1);
            self.lasts.remove(gone);
        }
    }

    /// The chunk that holds the first value that is not before; one past the last if all are.
    fn chunk_of(&self, before: &impl Fn(T) -> bool) -> usize {
        // Names often come in order.
        if self.lasts.last().is_some_and(|last| before(*last)) {
            return self.chunks.len();
        }
        self.lasts.partition_point(|last| before(*last))
    }
}

fn place<T: Copy>(chunk: &[T], order: &impl Fn(T) -> Ordering) -> Result<usize, usize> {
    // As above.
    if chunk.last().is_none_or(|last| order(*last) == Ordering::Less) {
        return Err(chunk.len());
    }
    chunk.binary_search_by(|value| order(*value))
}

impl<T> Walk<'_, T> {
    fn end() -> Self {
        Self { here: [].iter(), chunks: [].iter() }
    }
}

impl<T: Copy> Iterator for Walk<'_, T> {
    type Item = T;

    fn next(&mut self) -> Option<T> {
        loop {
            if let Some(value) = self.here.next() {
                return Some(*value);
            }
            self.here = self.chunks.next()?.iter();
        }
    }
}

impl<T: Copy + PartialEq> PartialEq for Ordered<T> {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len() && self.iter().eq(other.iter())
    }
}

#[cfg(test)]
mod tests;
