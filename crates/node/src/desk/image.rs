//! What the agents' log amounts to: the registry, the listings and the organisation, without what they are found by.
//!
//! Snapshots hold it; a start and the next snapshot make it of the snapshot before and the records behind that.

use std::collections::BTreeMap;

use agents::{
    Slot, marketplace,
    marketplace::Listing,
    registry::{self, Settings, SnapshotRecord, State},
    resourcing::{Organisation, organisation},
};
use serde::de::DeserializeOwned;
use store::{EachSnapshot, Fault, Position, Stored};

use crate::record;

/// All agents with what they offer, as of some position in the log.
pub(super) struct Image {
    pub(super) state: State,
    pub(super) listings: BTreeMap<Slot, Listing>,
    pub(super) organisation: Organisation,
    /// Bytes of the snapshot that this was made of.
    pub(super) bytes: u64,
}

impl Image {
    /// What `read` gives of a snapshot, and the position that it stands for: none and the first without one.
    pub(super) fn read(
        settings: Settings,
        read: impl FnOnce(EachSnapshot<'_>) -> Result<Option<Position>, Fault>,
    ) -> Result<(Self, Position), Fault> {
        let mut parts: Vec<SnapshotRecord> = Vec::new();
        let mut listings = BTreeMap::new();
        let mut organisation = Organisation::default();
        let mut size = 0;
        let upto = read(&mut |tag, bytes| {
            size += bytes.len() as u64;
            match tag {
                record::SNAPSHOT_REGISTRY => parts.push(decode(bytes)?),
                record::MARKET => list(&mut listings, decode(bytes)?),
                record::ORGANISATION => organisation::apply(&mut organisation, &decode(bytes)?),
                tag => {
                    let reason = format!("tag {tag} is unknown to this release");
                    return Err(Fault::unreadable("of the snapshot", reason));
                }
            }
            Ok(())
        })?;
        let state = if parts.is_empty() {
            State::new(settings)
        } else {
            registry::restore(settings, parts)
                .map_err(|damaged| Fault::unreadable("of the snapshot", damaged))?
        };
        Ok((Self { state, listings, organisation, bytes: size }, upto.unwrap_or_default()))
    }

    /// Takes the next record of the log.
    pub(super) fn take(&mut self, stored: &Stored) -> Result<(), Fault> {
        match stored.tag {
            record::REGISTRY => {
                let event: registry::Event = record::decode(stored, record::REGISTRY)?;
                for (slot, _) in self.state.ends(&event) {
                    self.listings.remove(&slot);
                }
                registry::apply(&mut self.state, &event);
                Ok(())
            }
            record::MARKET => {
                list(&mut self.listings, record::decode(stored, record::MARKET)?);
                Ok(())
            }
            record::ORGANISATION => {
                let event = record::decode(stored, record::ORGANISATION)?;
                organisation::apply(&mut self.organisation, &event);
                Ok(())
            }
            tag => Err(record::unknown(stored.position, tag)),
        }
    }

    /// All of it, for a snapshot.
    pub(super) fn records(&self) -> impl Iterator<Item = (u8, Vec<u8>)> {
        let registry = self.state.snapshot();
        let listings = self.listings.values().map(|listing| {
            let event = marketplace::Event::Published(listing.clone());
            (record::MARKET, record::encode(&event, Vec::new()))
        });
        registry
            .map(|part| (record::SNAPSHOT_REGISTRY, record::encode(&part, Vec::new())))
            .chain(listings)
            .chain(
                self.organisation
                    .events()
                    .map(|event| (record::ORGANISATION, record::encode(&event, Vec::new()))),
            )
    }
}

fn list(listings: &mut BTreeMap<Slot, Listing>, event: marketplace::Event) {
    match event {
        marketplace::Event::Published(listing) => drop(listings.insert(listing.slot, listing)),
        marketplace::Event::Unpublished { slot } => drop(listings.remove(&slot)),
    }
}

fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Fault> {
    let decoded = postcard::from_bytes(bytes);
    decoded.map_err(|error| Fault::unreadable("of the snapshot", error.to_string()))
}
