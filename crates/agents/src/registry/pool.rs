//! Equal values held once, with the number of their uses.

use std::collections::BTreeMap;

/// Values of which each is held once. `T` is cheap to clone, as an `Arc` is.
#[derive(Debug)]
pub(super) struct Pool<T>(BTreeMap<T, u32>);

impl<T: Ord + Clone> Pool<T> {
    pub(super) fn new() -> Self {
        Self(BTreeMap::new())
    }

    /// The one copy of `value`, with one more use of it.
    pub(super) fn share(&mut self, value: &T) -> T {
        if let Some((held, _)) = self.0.get_key_value(value) {
            let held = held.clone();
            *self.0.get_mut(value).expect("it was just found") += 1;
            return held;
        }
        self.0.insert(value.clone(), 1);
        value.clone()
    }

    /// One use less; the last one takes the value along.
    pub(super) fn release(&mut self, value: &T) {
        let Some(uses) = self.0.get_mut(value) else { return };
        *uses -= 1;
        if *uses == 0 {
            self.0.remove(value);
        }
    }

    /// All values in order, with their uses.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&T, u32)> {
        self.0.iter().map(|(value, uses)| (value, *uses))
    }
}
