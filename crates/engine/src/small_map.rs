//! A sorted map for a handful of entries: they lie in a row, the first `N` without a heap allocation.

use std::{cmp::Ordering, fmt, ops::Index};

use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

/// Entries in the order of their keys. Inserting and removing move what lies behind: a case has few runners and
/// items, and new instances come last.
#[derive(PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SmallMap<K, V, const N: usize>(SmallVec<[(K, V); N]>);

/// Entries that are compared one after the other: nearly every map holds fewer, and what is looked for is mostly the
/// first of them.
const FEW: usize = 8;

impl<K: Clone, V: Clone, const N: usize> Clone for SmallMap<K, V, N> {
    fn clone(&self) -> Self {
        Self(copy(&self.0))
    }
}

/// A clone, made entry by entry: the way of `SmallVec` itself, through an iterator that may end early, takes twice as
/// long for a few entries, and every decision clones its case.
pub(crate) fn copy<T: Clone, const N: usize>(row: &SmallVec<[T; N]>) -> SmallVec<[T; N]> {
    let mut copy = SmallVec::with_capacity(row.len());
    for entry in row {
        copy.push(entry.clone());
    }
    copy
}

impl<K, V, const N: usize> Default for SmallMap<K, V, N> {
    fn default() -> Self {
        Self(SmallVec::new())
    }
}

impl<K: fmt::Debug, V: fmt::Debug, const N: usize> fmt::Debug for SmallMap<K, V, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self).finish()
    }
}

impl<K: Ord, V, const N: usize> SmallMap<K, V, N> {
    fn place(&self, key: &K) -> Result<usize, usize> {
        if self.0.len() > FEW {
            return self.0.binary_search_by(|(known, _)| known.cmp(key));
        }
        for (at, (known, _)) in self.0.iter().enumerate() {
            match known.cmp(key) {
                Ordering::Less => {}
                Ordering::Equal => return Ok(at),
                Ordering::Greater => return Err(at),
            }
        }
        Err(self.0.len())
    }

    pub fn get(&self, key: &K) -> Option<&V> {
        self.place(key).ok().map(|at| &self.0[at].1)
    }

    pub fn get_mut(&mut self, key: &K) -> Option<&mut V> {
        self.place(key).ok().map(|at| &mut self.0[at].1)
    }

    pub fn contains_key(&self, key: &K) -> bool {
        self.place(key).is_ok()
    }

    /// Replaces what the key had.
    pub fn insert(&mut self, key: K, value: V) {
        match self.place(&key) {
            Ok(at) => self.0[at].1 = value,
            Err(at) => self.0.insert(at, (key, value)),
        }
    }

    /// What the key has, made now if it has nothing yet.
    pub(crate) fn get_or_insert_default(&mut self, key: &K) -> &mut V
    where
        K: Clone,
        V: Default,
    {
        let at = match self.place(key) {
            Ok(at) => at,
            Err(at) => {
                self.0.insert(at, (key.clone(), V::default()));
                at
            }
        };
        &mut self.0[at].1
    }

    pub fn remove(&mut self, key: &K) -> Option<V> {
        self.place(key).ok().map(|at| self.0.remove(at).1)
    }
}

impl<K, V, const N: usize> SmallMap<K, V, N> {
    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn clear(&mut self) {
        self.0.clear();
    }

    pub fn retain(&mut self, mut keep: impl FnMut(&K, &mut V) -> bool) {
        self.0.retain(|(key, value)| keep(key, value));
    }

    pub fn iter(&self) -> Iter<'_, K, V> {
        self.0.iter().map(as_pair)
    }

    pub fn keys(&self) -> impl DoubleEndedIterator<Item = &K> {
        self.0.iter().map(|(key, _)| key)
    }

    pub fn values(&self) -> impl DoubleEndedIterator<Item = &V> {
        self.0.iter().map(|(_, value)| value)
    }
}

impl<K: Ord, V, const N: usize> Index<&K> for SmallMap<K, V, N> {
    type Output = V;

    fn index(&self, key: &K) -> &V {
        self.get(key).expect("whoever indexes knows that the key is there")
    }
}

/// Entries by reference, in the order of their keys.
type Iter<'a, K, V> = std::iter::Map<std::slice::Iter<'a, (K, V)>, fn(&(K, V)) -> (&K, &V)>;

fn as_pair<K, V>((key, value): &(K, V)) -> (&K, &V) {
    (key, value)
}

impl<'a, K, V, const N: usize> IntoIterator for &'a SmallMap<K, V, N> {
    type Item = (&'a K, &'a V);
    type IntoIter = Iter<'a, K, V>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}
