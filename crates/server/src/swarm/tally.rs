//! What agents count: answers by kind, and how long the node took.

use std::time::Duration;

use hdrhistogram::Histogram;
use node::{Answered, Rejected};

/// Longest latency that is told apart, in microseconds: ten minutes.
const LATENCY_US_MAX: u64 = 600_000_000;

/// What has been done so far.
#[derive(Clone)]
pub(crate) struct Tally {
    pub(crate) checkouts: Histogram<u64>,
    pub(crate) checkins: Histogram<u64>,
    /// Results that the node refused; the agent answered again.
    pub(crate) rejected: u64,
    /// Items completed by force, since no made-up result was taken.
    pub(crate) forced: u64,
    /// Items that could not even be completed by force.
    pub(crate) unanswered: u64,
    /// Items that were gone when the agent came for them.
    pub(crate) missed: u64,
}

impl Default for Tally {
    fn default() -> Self {
        let histogram =
            || Histogram::new_with_bounds(1, LATENCY_US_MAX, 3).expect("the bounds are in order");
        let (checkouts, checkins) = (histogram(), histogram());
        Self { checkouts, checkins, rejected: 0, forced: 0, unanswered: 0, missed: 0 }
    }
}

/// What an agent asked for.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    Checkout,
    Checkin,
    Force,
}

impl Tally {
    pub(super) fn count(
        &mut self,
        kind: Kind,
        took: Duration,
        answer: &Result<Answered, Rejected>,
    ) {
        let us = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        match (kind, answer) {
            (Kind::Checkout, Ok(_)) => self.checkouts.saturating_record(us),
            (Kind::Checkin, Ok(_)) => self.checkins.saturating_record(us),
            (Kind::Force, Ok(_)) => self.forced += 1,
            (Kind::Checkout, Err(_)) => self.missed += 1,
            (Kind::Checkin | Kind::Force, Err(_)) => self.rejected += 1,
        }
    }
}
