//! Tokens per condition of one net.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::ids::ConditionIndex;

/// Conditions whose tokens need no allocation.
const INLINE: usize = 22;

/// A net's tokens. Small nets with few tokens in each condition, which is nearly all, lie in 24 bytes.
#[derive(Clone)]
pub struct Marking(Tokens);

#[derive(Clone)]
enum Tokens {
    Small { conditions: u8, tokens: [u8; INLINE] },
    Large(Box<[u32]>),
}

impl Marking {
    /// So many empty conditions.
    pub fn new(conditions: usize) -> Self {
        match u8::try_from(conditions) {
            Ok(conditions) if usize::from(conditions) <= INLINE => {
                Self(Tokens::Small { conditions, tokens: [0; INLINE] })
            }
            Ok(_) | Err(_) => Self(Tokens::Large(vec![0; conditions].into())),
        }
    }

    /// Tokens in a condition; none in one that the net does not have.
    pub fn tokens(&self, condition: ConditionIndex) -> u32 {
        let at = condition.0 as usize;
        match &self.0 {
            Tokens::Small { tokens, .. } => tokens.get(at).map_or(0, |tokens| u32::from(*tokens)),
            Tokens::Large(tokens) => tokens.get(at).copied().unwrap_or(0),
        }
    }

    /// Puts so many tokens into a condition.
    pub fn set(&mut self, condition: ConditionIndex, count: u32) {
        let at = condition.0 as usize;
        if at >= self.len() {
            return;
        }
        match (&mut self.0, u8::try_from(count)) {
            (Tokens::Small { tokens, .. }, Ok(count)) => tokens[at] = count,
            (Tokens::Large(tokens), _) => tokens[at] = count,
            (Tokens::Small { .. }, Err(_)) => {
                let mut tokens: Box<[u32]> = self.iter().collect();
                tokens[at] = count;
                self.0 = Tokens::Large(tokens);
            }
        }
    }

    /// One token more.
    pub fn add(&mut self, condition: ConditionIndex) {
        self.set(condition, self.tokens(condition).saturating_add(1));
    }

    /// One token less, where there is one.
    pub fn take(&mut self, condition: ConditionIndex) {
        self.set(condition, self.tokens(condition).saturating_sub(1));
    }

    pub fn clear(&mut self) {
        *self = Self::new(self.len());
    }

    /// No token anywhere.
    pub fn is_empty(&self) -> bool {
        match &self.0 {
            Tokens::Small { tokens, .. } => *tokens == [0; INLINE],
            Tokens::Large(tokens) => tokens.iter().all(|tokens| *tokens == 0),
        }
    }

    /// Conditions of the net.
    pub fn len(&self) -> usize {
        match &self.0 {
            Tokens::Small { conditions, .. } => usize::from(*conditions),
            Tokens::Large(tokens) => tokens.len(),
        }
    }

    /// The conditions' tokens, in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = u32> {
        (0..self.len()).map(|at| match &self.0 {
            Tokens::Small { tokens, .. } => u32::from(tokens[at]),
            Tokens::Large(tokens) => tokens[at],
        })
    }

    /// Conditions that hold a token, with how many.
    pub fn marked(&self) -> impl Iterator<Item = (ConditionIndex, u32)> {
        (0..).map(ConditionIndex).zip(self.iter()).filter(|(_, tokens)| *tokens > 0)
    }
}

/// The same tokens, however they are held.
impl PartialEq for Marking {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl Eq for Marking {}

impl fmt::Debug for Marking {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl Serialize for Marking {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

impl<'de> Deserialize<'de> for Marking {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let stored = Vec::<u32>::deserialize(deserializer)?;
        let mut marking = Self::new(stored.len());
        for (condition, tokens) in (0..).map(ConditionIndex).zip(stored) {
            marking.set(condition, tokens);
        }
        Ok(marking)
    }
}

#[cfg(test)]
mod tests;
