//! Rebuilds the agents from their newest snapshot and the events behind it.

use std::sync::Arc;

use agents::{
    marketplace::{self, Marketplace},
    registry::{self, Registry, Settings, SnapshotRecord, State},
};
use serde::de::DeserializeOwned;
use store::{Fault, Opened, Recovery};

use super::roll::Roll;
use crate::{clock::Clock, record};

/// The agents as they were found.
pub(crate) struct Found {
    pub(crate) roll: Arc<Roll>,
    pub(crate) opened: Opened,
}

/// Recovers the agents' store.
pub(crate) fn recover(
    mut recovery: Box<dyn Recovery>,
    settings: Settings,
    clock: &Clock,
) -> Result<Found, Fault> {
    let mut market = Marketplace::new(settings.stale_after_ms);
    let mut parts: Vec<SnapshotRecord> = Vec::new();
    recovery.snapshot(&mut |tag, bytes| {
        match tag {
            record::SNAPSHOT_REGISTRY => parts.push(decode("of the snapshot", bytes)?),
            record::MARKET => {
                marketplace::apply(&mut market, &decode("of the snapshot", bytes)?);
            }
            tag => {
                let reason = format!("tag {tag} is unknown to this release");
                return Err(Fault::unreadable("of the snapshot", reason));
            }
        }
        Ok(())
    })?;
    let mut state = if parts.is_empty() {
        State::new(settings)
    } else {
        registry::restore(settings, parts)
            .map_err(|damaged| Fault::unreadable("of the snapshot", damaged))?
    };
    recovery.tail(&mut |stored| {
        match stored.tag {
            record::REGISTRY => {
                let event: registry::Event = record::decode(&stored, record::REGISTRY)?;
                for (slot, _) in state.ends(&event) {
                    marketplace::apply(&mut market, &marketplace::Event::Unpublished { slot });
                }
                registry::apply(&mut state, &event);
            }
            record::MARKET => {
                let event: marketplace::Event = record::decode(&stored, record::MARKET)?;
                marketplace::apply(&mut market, &event);
            }
            tag => return Err(record::unknown(stored.position, tag)),
        }
        Ok(())
    })?;
    let opened = recovery.into_log()?;
    let registry = Registry::resume(state, clock.moment());
    Ok(Found { roll: Arc::new(Roll::new(registry, market)), opened })
}

fn decode<T: DeserializeOwned>(place: &'static str, bytes: &[u8]) -> Result<T, Fault> {
    postcard::from_bytes(bytes).map_err(|error| Fault::unreadable(place, error.to_string()))
}
