//! The only place that asks the machine for the time. Everything else gets the moment as a value.
//!
//! A virtual clock stands still until it is told to move, so that timers of days fire in a test or in
//! `flotilla run` as soon as nothing else can happen. Durations for telemetry are always real.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
    time::{Instant, SystemTime, UNIX_EPOCH},
};

use agents::Moment;

/// Where the node takes the time from.
#[derive(Clone, Debug)]
pub struct Clock(Kind);

#[derive(Clone, Debug)]
enum Kind {
    /// With the instant at which the process made it, and the moment of then: the wall clock's, or a later one
    /// that the process before had reached.
    System {
        began: Instant,
        began_ms: Arc<AtomicU64>,
    },
    Virtual(Arc<AtomicI64>),
}

impl Clock {
    /// The machine's wall clock.
    #[allow(clippy::disallowed_methods, reason = "this is the clock that the ban points to")]
    pub fn system() -> Self {
        let began_ms = u64::try_from(system_ms()).unwrap_or_default();
        Self(Kind::System { began: Instant::now(), began_ms: Arc::new(began_ms.into()) })
    }

    /// A clock that shows `ms` since 1970 and moves only by [`Clock::advance`] and [`Clock::advance_to`].
    /// Clones show the same time. Prefer [`crate::Handle::advance_to`]: it also fires what is due.
    pub fn virtual_at(ms: i64) -> Self {
        Self(Kind::Virtual(Arc::new(AtomicI64::new(ms))))
    }

    /// Milliseconds since 1970-01-01T00:00Z.
    pub fn now_ms(&self) -> i64 {
        match &self.0 {
            Kind::System { .. } => system_ms(),
            Kind::Virtual(ms) => ms.load(Ordering::SeqCst),
        }
    }

    /// The moment on a line that never runs backwards, whatever is done to the wall clock: leases end by it.
    pub fn moment(&self) -> Moment {
        match &self.0 {
            Kind::System { began, began_ms } => {
                Moment { ms: began_ms.load(Ordering::SeqCst) }.after(self.passed_ms(*began))
            }
            Kind::Virtual(ms) => {
                Moment { ms: u64::try_from(ms.load(Ordering::SeqCst)).unwrap_or_default() }
            }
        }
    }

    /// No moment from now on is before this one, which an earlier process has stored: the wall clock may have been
    /// set back since, and time must not stand still until it has caught up. Clones follow. A virtual clock is set
    /// by whoever moves it.
    pub(crate) fn go_on_from(&self, stored: Moment) {
        match &self.0 {
            Kind::System { began, began_ms } => {
                let least = stored.ms.saturating_sub(self.passed_ms(*began));
                began_ms.fetch_max(least, Ordering::SeqCst);
            }
            Kind::Virtual(_) => {}
        }
    }

    fn passed_ms(&self, began: Instant) -> u64 {
        u64::try_from(self.monotonic().duration_since(began).as_millis()).unwrap_or(u64::MAX)
    }

    /// Whether time moves only when told to.
    pub fn is_virtual(&self) -> bool {
        match self.0 {
            Kind::System { .. } => false,
            Kind::Virtual(_) => true,
        }
    }

    /// Moves a virtual clock on by `ms`. The system clock moves by itself: nothing happens.
    pub fn advance(&self, ms: i64) {
        match &self.0 {
            Kind::System { .. } => {}
            Kind::Virtual(now) => {
                now.fetch_add(ms, Ordering::SeqCst);
            }
        }
    }

    /// Moves a virtual clock to `ms`, never back.
    pub fn advance_to(&self, ms: i64) {
        match &self.0 {
            Kind::System { .. } => {}
            Kind::Virtual(now) => {
                now.fetch_max(ms, Ordering::SeqCst);
            }
        }
    }

    /// A point from which a duration can be measured. Real also where the wall clock is virtual.
    #[allow(clippy::disallowed_methods, reason = "this is the clock that the ban points to")]
    pub fn monotonic(&self) -> Instant {
        Instant::now()
    }
}

#[allow(clippy::disallowed_methods, reason = "this is the clock that the ban points to")]
fn system_ms() -> i64 {
    // Before 1970 the clock is not set; zero fires no timer early.
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests;
