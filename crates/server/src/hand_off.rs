//! Tokens by which the holder of a work item lets another agent have it.
//!
//! ```text
//!   base64url(offer as JSON) . base64url(HMAC-SHA256(key, "flotilla hand-off 1\0" offer as text))
//! ```
//!
//! A token is bound to item, holder, receiver, the epoch of the lease and a moment of expiry. It needs no memory here:
//! that it works once follows from the lease, whose epoch ends with the hand-off.

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD as BASE64};
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use wire::limits::TOKEN_BYTES_MAX;

use crate::config::Secret;

#[cfg(test)]
mod tests;

/// Keeps a signature for this purpose from being good for another one under the same key.
const PURPOSE: &[u8] = b"flotilla hand-off 1\0";
/// A key as long as the hash is as strong as it can be.
pub(crate) const KEY_BYTES: usize = 32;

/// Makes tokens and reads them back.
pub(crate) struct Signer {
    /// With the key already in it; cloned for each signature.
    mac: Hmac<Sha256>,
    ttl_ms: u64,
}

/// What a token says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Offer {
    pub(crate) item: String,
    pub(crate) from: String,
    pub(crate) to: String,
    /// Of the holder's lease.
    pub(crate) epoch: u64,
    /// Milliseconds since 1970.
    pub(crate) expires_ms: i64,
}

/// Why a token is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// It is no token, or was not signed with this key, or was changed since.
    Forged,
    /// It was good once, and is so no more since so many milliseconds.
    Expired { ms_ago: u64 },
}

impl Signer {
    /// Signs with the configured key, or else with one of chance that ends with the process and every token with it.
    pub(crate) fn new(key: Option<&Secret>, ttl_ms: u64) -> Result<Self, getrandom::Error> {
        let mac =
            |key: &[u8]| Hmac::new_from_slice(key).expect("an HMAC takes a key of any length");
        let mac = match key {
            Some(key) => mac(key.expose().as_bytes()),
            None => {
                let mut key = [0; KEY_BYTES];
                getrandom::fill(&mut key)?;
                mac(&key)
            }
        };
        Ok(Self { mac, ttl_ms })
    }

    pub(crate) fn ttl_ms(&self) -> u64 {
        self.ttl_ms
    }

    /// The token that says so.
    pub(crate) fn sign(&self, offer: &Offer) -> String {
        let offer = BASE64.encode(serde_json::to_vec(offer).expect("an offer is plain data"));
        let signature = self.over(&offer).finalize().into_bytes();
        format!("{offer}.{}", BASE64.encode(signature))
    }

    /// What a token says, if it was made here and is still good at `now_ms`. Nothing of it is looked at before its
    /// signature was compared, which takes as long for a wrong one as for a nearly right one.
    pub(crate) fn read(&self, token: &str, now_ms: i64) -> Result<Offer, Refusal> {
        if token.len() > TOKEN_BYTES_MAX {
            return Err(Refusal::Forged);
        }
        let (offer, signature) = token.split_once('.').ok_or(Refusal::Forged)?;
        let signature = BASE64.decode(signature).map_err(|_| Refusal::Forged)?;
        self.over(offer).verify_slice(&signature).map_err(|_| Refusal::Forged)?;
        let offer = BASE64.decode(offer).map_err(|_| Refusal::Forged)?;
        let offer: Offer = serde_json::from_slice(&offer).map_err(|_| Refusal::Forged)?;
        match now_ms.checked_sub(offer.expires_ms) {
            Some(ms) if ms >= 0 => Err(Refusal::Expired { ms_ago: ms.unsigned_abs() }),
            Some(_) | None => Ok(offer),
        }
    }

    fn over(&self, offer: &str) -> Hmac<Sha256> {
        self.mac.clone().chain_update(PURPOSE).chain_update(offer)
    }
}
