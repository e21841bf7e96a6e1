//! Numbers in ascending order, each once, stored as the steps between them.
//!
//! A step is one byte below 128 and two below 16,384: renewals of a thousand agents among a million cost two
//! bytes each.

use std::{fmt, marker::PhantomData, ops::Deref};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::ids::{SessionId, Slot};

/// Ids without repetition, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ascending<T>(Vec<T>);

/// An id that is a number.
pub trait Numbered: Copy + Ord {
    fn number(self) -> u64;
    /// None if the number is too large for it.
    fn numbered(number: u64) -> Option<Self>;
}

impl Numbered for Slot {
    fn number(self) -> u64 {
        u64::from(self.0)
    }

    fn numbered(number: u64) -> Option<Self> {
        number.try_into().ok().map(Self)
    }
}

impl Numbered for SessionId {
    fn number(self) -> u64 {
        self.0
    }

    fn numbered(number: u64) -> Option<Self> {
        Some(Self(number))
    }
}

impl<T: Ord> FromIterator<T> for Ascending<T> {
    fn from_iter<I: IntoIterator<Item = T>>(ids: I) -> Self {
        let mut ids: Vec<T> = ids.into_iter().collect();
        ids.sort_unstable();
        ids.dedup();
        Self(ids)
    }
}

impl<T> Deref for Ascending<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.0
    }
}

impl<T: Numbered> Serialize for Ascending<T> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut before = 0;
        to.collect_seq(self.0.iter().map(|id| {
            let step = id.number() - before;
            before = id.number();
            step
        }))
    }
}

impl<'de, T: Numbered> Deserialize<'de> for Ascending<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_seq(Steps(PhantomData))
    }
}

/// Adds the steps up.
struct Steps<T>(PhantomData<T>);

impl<'de, T: Numbered> de::Visitor<'de> for Steps<T> {
    type Value = Ascending<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("steps between ascending numbers")
    }

    fn visit_seq<A: de::SeqAccess<'de>>(self, mut steps: A) -> Result<Ascending<T>, A::Error> {
        // The length is read from outside: it is not believed beyond a batch.
        let expected = steps.size_hint().unwrap_or(0).min(super::RENEW_MAX);
        let mut ids = Vec::with_capacity(expected);
        let mut number = 0_u64;
        while let Some(step) = steps.next_element::<u64>()? {
            if step == 0 && !ids.is_empty() {
                return Err(de::Error::custom("a number is there twice"));
            }
            let next = number.checked_add(step).and_then(|next| Some((next, T::numbered(next)?)));
            let Some((next, id)) = next else {
                return Err(de::Error::custom("a number is too large"));
            };
            ids.push(id);
            number = next;
        }
        Ok(Ascending(ids))
    }
}
