//! A part of a whole, as confidence and majorities are: whole ten-thousandths, so that means and comparisons are
//! exact and the same everywhere.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, de};

/// From none (0) to all (1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Share(u16);

/// A number that is no share.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[error("{0} does not lie between 0 and 1")]
pub struct InvalidShare(pub f64);

/// What is one whole.
const WHOLE: u16 = 10_000;

impl Share {
    pub const HALF: Self = Self(WHOLE / 2);
    pub const ALL: Self = Self(WHOLE);

    /// So many hundredths; more than a hundred are all.
    pub const fn percent(hundredths: u16) -> Self {
        if hundredths < 100 { Self(hundredths * 100) } else { Self::ALL }
    }

    /// Rounded to ten-thousandths.
    pub fn new(part: f64) -> Result<Self, InvalidShare> {
        if !(0.0..=1.0).contains(&part) {
            return Err(InvalidShare(part));
        }
        // Between 0 and WHOLE: nothing is cut off.
        Ok(Self((part * f64::from(WHOLE)).round() as u16))
    }

    /// Ten-thousandths.
    pub fn parts(self) -> u64 {
        u64::from(self.0)
    }

    /// Whether `some` of `all` are at least this share.
    pub fn is_met_by(self, some: usize, all: usize) -> bool {
        some as u128 * u128::from(WHOLE) >= all as u128 * u128::from(self.0)
    }
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", f64::from(self.0) / f64::from(WHOLE))
    }
}

impl<'de> Deserialize<'de> for Share {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        match u16::deserialize(from)? {
            parts if parts <= WHOLE => Ok(Self(parts)),
            parts => Err(de::Error::custom(InvalidShare(f64::from(parts) / f64::from(WHOLE)))),
        }
    }
}
