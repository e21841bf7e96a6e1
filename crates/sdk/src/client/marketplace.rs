//! The marketplace: say what agents offer, find who offers it.

use wire::{
    agent::{AgentDone, Incarnation, Incarnations},
    marketplace::{Found, Publication, Publications, Search},
};

use super::{Client, Each, Repeat};
use crate::error::Error;

impl Client {
    /// Publishes what agents offer, in place of what each offered before.
    pub async fn publish(&self, listings: Vec<Publication>) -> Result<Each<AgentDone>, Error> {
        let count = listings.len();
        self.post_batch("/api/v1/marketplace/publish", &Publications { listings }, count).await
    }

    /// Takes what agents offer off the marketplace. They stay registered.
    pub async fn unpublish(&self, agents: Vec<Incarnation>) -> Result<Each<AgentDone>, Error> {
        let count = agents.len();
        self.post_batch("/api/v1/marketplace/unpublish", &Incarnations { agents }, count).await
    }

    pub async fn search(&self, search: &Search) -> Result<Found, Error> {
        self.post("/api/v1/marketplace/search", search, Repeat::Safe).await
    }
}
