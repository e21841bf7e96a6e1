//! Claims and leases: ask for work, keep it, give it back, hand it on.

use std::time::Duration;

use hyper::Method;
use wire::{
    claim::{Claim, Claimed, ClaimedItem},
    lease::{
        HandOff, HandOffAcceptance, HandOffOffer, HeldItem, HeldItems, LeaseRenewal, LeaseRenewals,
        LeaseRenewed,
    },
    work_item::ItemDone,
};

use super::{Client, Each, Repeat, only, read};
use crate::error::Error;

impl Client {
    /// Asks for work and waits for it as long as the claim says. An empty answer says how long to stay away.
    ///
    /// Not repeated when the answer is lost: it may have handed out items, whose leases then end by themselves.
    /// Dropping the call while it waits loses nothing.
    pub async fn claim(&self, claim: &Claim) -> Result<Claimed, Error> {
        let wait = Duration::from_millis(claim.wait_ms);
        let ask = self.asks(Method::POST, "/api/v1/claims").json(claim)?.waiting(wait);
        read(&self.send(ask, Repeat::IfUndone).await?)
    }

    /// Lets leases go on, each from now for its term.
    pub async fn renew_leases(
        &self,
        leases: Vec<LeaseRenewal>,
    ) -> Result<Each<LeaseRenewed>, Error> {
        let count = leases.len();
        self.post_batch("/api/v1/leases/renew", &LeaseRenewals { leases }, count).await
    }

    /// Gives an item back unharmed: others may claim it at once.
    pub async fn give_back(&self, item: &str, epoch: u64) -> Result<ItemDone, Error> {
        only(self.give_back_many(vec![self.held(item, epoch)]).await?)
    }

    /// Gives items back unharmed. With a command id each happens once.
    pub async fn give_back_many(&self, items: Vec<HeldItem>) -> Result<Each<ItemDone>, Error> {
        let count = items.len();
        self.post_batch("/api/v1/leases/return", &HeldItems { items }, count).await
    }

    /// Gives an item back that could not be done: it rests, and is a dead letter after too many attempts.
    pub async fn fail(&self, item: &str, epoch: u64) -> Result<ItemDone, Error> {
        only(self.fail_many(vec![self.held(item, epoch)]).await?)
    }

    /// Gives items back that could not be done. With a command id each happens once.
    pub async fn fail_many(&self, items: Vec<HeldItem>) -> Result<Each<ItemDone>, Error> {
        let count = items.len();
        self.post_batch("/api/v1/leases/fail", &HeldItems { items }, count).await
    }

    /// Makes a token by which another agent takes an item over. Until then the item stays with its holder.
    pub async fn offer_hand_off(
        &self,
        item: &str,
        hand_off: &HandOff,
    ) -> Result<HandOffOffer, Error> {
        let path = format!("/api/v1/work-items/{}/hand-off", wire::segment::encode(item));
        self.post(&path, hand_off, Repeat::Safe).await
    }

    /// Takes an item over under a new epoch, once.
    pub async fn accept_hand_off(
        &self,
        acceptance: &HandOffAcceptance,
    ) -> Result<ClaimedItem, Error> {
        let ask = self.asks(Method::POST, "/api/v1/hand-offs/accept").json(acceptance)?;
        read(&self.send(ask.key(self.command_id()), Repeat::Safe).await?)
    }

    fn held(&self, item: &str, epoch: u64) -> HeldItem {
        HeldItem { item: item.to_owned(), epoch, command_id: Some(self.command_id()) }
    }
}
