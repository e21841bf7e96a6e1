//! Which agents answer an item under review: ballots, each under a lease of its own, and what follows from the votes.
//!
//! ```text
//!            claim                answer                 the last one, or time is up
//!   ballot ─────────▶ held by one ───────▶ vote, kept ──────────────────────────────▶ panel decides (see `conflict`)
//!     ▲                   │                                                             │ escalated
//!     └───────────────────┘ returned, failed, not renewed: that ballot alone            ▼
//!                                                                     the arbiter's ballot, for one agent by name
//! ```
//!
//! A [`Jury`] is what one item under review has: its panel of votes, and who holds which ballot. It begins with the
//! first ballot that is claimed and ends with the item. An agent has one ballot of an item, or has voted, never
//! more; the arbiter does not vote. Each ballot is fenced as an item is elsewhere: by the epoch of its lease.

mod decide;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use self::decide::{Rules, close, decide, is_unresolved, may_answer, refused, settled};
use crate::{
    conflict::{self, Panel, Phase, Review, Share},
    ids::{AgentId, Epoch},
    lease::{self, Leases, Standing},
};

/// The right to one answer: 1 to the quorum for votes, 0 for the arbiter's word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Ballot(pub u16);

/// The juries of one case, by item. Most cases have none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Juries<K>(Vec<Jury<K>>);

/// What one item under review has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Jury<K> {
    pub item: K,
    /// An epoch that was new when the present phase began: tells whoever counts time one phase from another.
    pub since: Epoch,
    pub panel: Panel,
    /// Who holds a ballot, or why nobody does. A ballot that nobody ever claimed is not here.
    pub ballots: Leases<Ballot>,
    /// Ballots that are used up.
    pub voted: BTreeMap<Ballot, AgentId>,
}

/// What is asked. Whoever answers, returns, fails or hands on shows the epoch that it got.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    Claim {
        ballot: Ballot,
        holder: AgentId,
        term_ms: u64,
    },
    Answer(Answer),
    Return {
        epoch: Epoch,
    },
    Fail {
        epoch: Epoch,
    },
    HandOff {
        from: AgentId,
        epoch: Epoch,
        to: AgentId,
    },
    /// The lease of this epoch was not renewed in time. Quietly nothing if it is not a present one.
    Expire {
        epoch: Epoch,
    },
    /// The rest of a ballot is over.
    Wake {
        ballot: Ballot,
    },
    /// An operator gives ballots that failed too often another chance.
    Revive,
    /// A person's answer.
    Resolve {
        by: Box<str>,
        answer: Box<[u8]>,
    },
    /// The time of the phase that began then is up. Quietly nothing if that has passed.
    TimeUp {
        since: Epoch,
    },
}

/// What the holder of a ballot says: a vote, or the arbiter's word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    pub epoch: Epoch,
    pub answer: Box<[u8]>,
    pub confidence: Share,
    pub reasoning: String,
}

/// Something happened to the jury of an item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event<K> {
    pub item: K,
    pub what: What,
}

/// What happened. Stored for ever: variants are added at the end, never changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum What {
    Ballot(lease::Event<Ballot>),
    Panel {
        event: conflict::Event,
        /// An epoch that was new then.
        since: Epoch,
    },
    /// What the votes agreed on is no result that the item can be completed with.
    Refused {
        reason: Box<str>,
    },
    /// The review is over.
    Closed,
}

/// Why a command was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error(
        "its task asks for a review by {quorum} agents: claim a ballot, and bring the result under its epoch"
    )]
    BallotNeeded { quorum: u16 },
    #[error("agent {agent} holds a ballot of it, or has voted")]
    HasBallot { agent: AgentId },
    #[error("agent {agent} is the arbiter and does not vote")]
    Arbiter { agent: AgentId },
    #[error("it is under no review")]
    NoReview,
    #[error(transparent)]
    Lease(#[from] lease::Refusal),
    #[error(transparent)]
    Panel(#[from] conflict::Refusal),
}

impl Ballot {
    /// For the agent who is asked when the votes do not settle it.
    pub const ARBITER: Self = Self(0);
}

impl<K> Default for Juries<K> {
    fn default() -> Self {
        Self::new()
    }
}

impl<K> Juries<K> {
    /// No item is under review.
    pub const fn new() -> Self {
        Self(Vec::new())
    }
}

impl<K: Clone + Ord> Juries<K> {
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn get(&self, item: &K) -> Option<&Jury<K>> {
        self.place(item).ok().map(|place| &self.0[place])
    }

    /// In the order of the items.
    pub fn iter(&self) -> impl Iterator<Item = &Jury<K>> {
        self.0.iter()
    }

    /// Adds one that was stored whole.
    pub fn add(&mut self, jury: Jury<K>) {
        match self.place(&jury.item) {
            Ok(place) => self.0[place] = jury,
            Err(place) => self.0.insert(place, jury),
        }
    }

    /// Applies one stored event.
    pub fn apply(&mut self, event: &Event<K>) {
        let Event { item, what } = event;
        let place = match (self.place(item), what) {
            (Ok(place), What::Closed) => {
                self.0.remove(place);
                return;
            }
            (Ok(place), _) => place,
            // The first ballot that is claimed makes the jury.
            (Err(place), What::Ballot(lease::Event::Claimed { epoch, .. })) => {
                self.0.insert(place, Jury::new(item.clone(), *epoch));
                place
            }
            (Err(_), _) => return,
        };
        self.0[place].apply(what);
    }

    fn place(&self, item: &K) -> Result<usize, usize> {
        self.0.binary_search_by(|jury| jury.item.cmp(item))
    }
}

impl<K> Jury<K> {
    fn new(item: K, since: Epoch) -> Self {
        let (panel, ballots, voted) = (Panel::default(), Leases::new(), BTreeMap::new());
        Self { item, since, panel, ballots, voted }
    }

    fn apply(&mut self, what: &What) {
        match what {
            What::Ballot(event) => self.ballots.apply(event),
            What::Panel { event, since } => {
                if let conflict::Event::Submitted { agent, epoch, .. } = event
                    && let Some(lease) = self.ballots.iter().find(|lease| lease.epoch == *epoch)
                {
                    self.voted.insert(lease.item, agent.clone());
                }
                let before = self.panel.phase;
                conflict::apply(&mut self.panel, event);
                if self.panel.phase != before {
                    self.since = *since;
                }
            }
            What::Refused { .. } | What::Closed => {}
        }
    }

    /// Who holds the ballot of this epoch.
    pub fn holder(&self, epoch: Epoch) -> Option<(Ballot, &AgentId)> {
        let lease = self.ballots.iter().find(|lease| lease.epoch == epoch)?;
        match &lease.standing {
            Standing::Held { holder, .. } => Some((lease.item, holder)),
            Standing::Free | Standing::Resting { .. } | Standing::DeadLetter => None,
        }
    }

    /// How long the holder of this epoch may be silent, milliseconds.
    pub fn term_ms(&self, epoch: Epoch) -> Option<u64> {
        let lease = self.ballots.iter().find(|lease| lease.epoch == epoch)?;
        match lease.standing {
            Standing::Held { term_ms, .. } => Some(term_ms),
            Standing::Free | Standing::Resting { .. } | Standing::DeadLetter => None,
        }
    }

    fn holders(&self) -> impl Iterator<Item = &AgentId> {
        self.ballots.iter().filter_map(|lease| match &lease.standing {
            Standing::Held { holder, .. } => Some(holder),
            Standing::Free | Standing::Resting { .. } | Standing::DeadLetter => None,
        })
    }
}

/// Whether anybody may claim this ballot now. An item without a jury is one whose review has not begun.
pub fn is_open<K>(jury: Option<&Jury<K>>, review: &Review, ballot: Ballot) -> bool {
    let votes = Ballot(1)..=Ballot(review.quorum);
    let Some(jury) = jury else { return votes.contains(&ballot) };
    let asked = match jury.panel.phase {
        Phase::Voting => votes.contains(&ballot) && !jury.voted.contains_key(&ballot),
        Phase::Escalated => ballot == Ballot::ARBITER,
        Phase::HumanNeeded | Phase::Settled | Phase::Unresolved => false,
    };
    asked && jury.ballots.is_claimable(&ballot)
}

/// Whether this agent may have the ballot, open or not.
pub fn admits<K>(
    jury: Option<&Jury<K>>,
    review: &Review,
    (ballot, agent): (Ballot, &AgentId),
) -> Result<(), Refusal> {
    let is_arbiter = review.arbiter.as_ref() == Some(agent);
    if ballot == Ballot::ARBITER {
        return match &review.arbiter {
            Some(arbiter) if !is_arbiter => {
                Err(conflict::Refusal::NotArbiter { arbiter: arbiter.clone(), by: agent.clone() }
                    .into())
            }
            Some(_) | None => Ok(()),
        };
    }
    if is_arbiter {
        return Err(Refusal::Arbiter { agent: agent.clone() });
    }
    let has_ballot = jury.is_some_and(|jury| {
        jury.panel.votes.contains_key(agent) || jury.holders().any(|holder| holder == agent)
    });
    if has_ballot { Err(Refusal::HasBallot { agent: agent.clone() }) } else { Ok(()) }
}

/// Asserts what holds after every event.
pub fn check_invariants<K>(review: &Review, jury: &Jury<K>) {
    conflict::check_invariants(review, &jury.panel);
    jury.ballots.check_invariants();
    let voters: Vec<&AgentId> = jury.panel.votes.keys().collect();
    let mut voted: Vec<&AgentId> = jury.voted.values().collect();
    voted.sort();
    assert_eq!(voted, voters, "each vote has used up one ballot");
    let mut holders: Vec<&AgentId> = jury.holders().collect();
    holders.sort();
    for pair in holders.windows(2) {
        assert_ne!(pair[0], pair[1], "an agent holds one ballot");
    }
    let is_of_phase = |ballot: Ballot| match jury.panel.phase {
        Phase::Voting => (1..=review.quorum).contains(&ballot.0),
        Phase::Escalated => ballot == Ballot::ARBITER,
        Phase::HumanNeeded | Phase::Settled | Phase::Unresolved => false,
    };
    for lease in jury.ballots.iter() {
        assert!(is_of_phase(lease.item), "{:?} is of another phase", lease.item);
        assert!(!jury.voted.contains_key(&lease.item), "{:?} is used up", lease.item);
    }
    if jury.panel.phase == Phase::Voting {
        assert!(holders.iter().all(|holder| !jury.panel.votes.contains_key(*holder)));
    }
}

#[cfg(test)]
mod tests;
