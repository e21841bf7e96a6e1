//! Rebuilds the agents from their newest snapshot and the events behind it.

use std::sync::Arc;

use agents::{
    marketplace::{self, Marketplace},
    registry::{Registry, Settings},
};
use store::{Fault, Opened, Recovery};

use super::{image::Image, roll::Roll, snapshots::Behind};
use crate::clock::Clock;

/// The agents as they were found.
pub(crate) struct Found {
    pub(crate) roll: Arc<Roll>,
    pub(crate) opened: Opened,
    /// What is behind the newest snapshot.
    pub(super) behind: Behind,
}

/// Recovers the agents' store.
pub(crate) fn recover(
    mut recovery: Box<dyn Recovery>,
    settings: Settings,
    clock: &Clock,
) -> Result<Found, Fault> {
    let (mut image, _) = Image::read(settings, |each| recovery.snapshot(each))?;
    let mut behind = Behind::new(image.bytes);
    recovery.tail(&mut |stored| {
        behind.add(1, stored.bytes.len());
        image.take(&stored)
    })?;
    let opened = recovery.into_log()?;
    let mut market = Marketplace::new(settings.stale_after_ms);
    for listing in image.listings.into_values() {
        marketplace::apply(&mut market, &marketplace::Event::Published(listing));
    }
    clock.go_on_from(image.state.moment());
    let registry = Registry::resume(image.state, clock.moment());
    let roll = Arc::new(Roll::new(registry, market, image.organisation));
    Ok(Found { roll, opened, behind })
}
