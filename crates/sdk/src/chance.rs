//! Chance for command ids, trace ids and the jitter of pauses: seeded once from the system.

use std::sync::atomic::{AtomicU64, Ordering};

/// A stream of numbers (SplitMix64) that many may draw from.
#[derive(Debug)]
pub(crate) struct Chance(AtomicU64);

const STEP: u64 = 0x9E37_79B9_7F4A_7C15;

impl Chance {
    pub(crate) fn new() -> Result<Self, getrandom::Error> {
        Ok(Self(AtomicU64::new(getrandom::u64()?)))
    }

    pub(crate) fn number(&self) -> u64 {
        let mut mixed = self.0.fetch_add(STEP, Ordering::Relaxed).wrapping_add(STEP);
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 to below 1.
    pub(crate) fn share(&self) -> f64 {
        // 53 bits fit a double exactly.
        (self.number() >> 11) as f64 / (1u64 << 53) as f64
    }
}
