//! Who of a set gets the item, by the rule that the specification names.

use std::collections::BTreeSet;

use super::{
    facts::{Experience, Facts},
    ids::ParticipantId,
};

/// A rule that picks one participant. Of those that it finds equal it takes the first by name; where nothing is
/// known of anybody, as before the first item of a task, it leaves the choice to chance.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Allocator {
    RandomChoice,
    /// Who completed the task the longest time ago, or never.
    RoundRobinByTime,
    /// Who completed it the fewest times.
    RoundRobinByLeastFrequency,
    /// Who completed it the most times.
    RoundRobinByExperience,
    /// Who was allocated it the longest time ago, or never.
    RoundRobinByAllocationTime,
    /// Who has the fewest allocated items.
    #[default]
    ShortestQueue,
    /// From offer to completion, on average.
    FastestResource,
    /// From offer to allocation.
    FastestToAllocate,
    /// From allocation to start.
    FastestToStart,
    /// From start to completion.
    FastestToComplete,
    /// Whose time costs least.
    CheapestResource,
    /// Whose average time from offer to allocation costs least.
    CheapestToAllocate,
    /// Whose average time from allocation to start costs least.
    CheapestStarter,
    /// Whose average time from start to completion costs least.
    CheapestCompleter,
    /// Whose time costs most.
    DearestResource,
}

/// The names of all, for errors. `RiskAssessment` and allocators of a site's own are not among them.
pub(super) const NAMES: &str = "RandomChoice, RoundRobinByTime, RoundRobinByLeastFrequency, \
    RoundRobinByExperience, RoundRobinByAllocationTime, ShortestQueue, FastestResource, \
    FastestToAllocate, FastestToStart, FastestToComplete, CheapestResource, CheapestToAllocate, \
    CheapestStarter, CheapestCompleter, DearestResource";

/// What allocators look at.
#[derive(Clone, Copy)]
pub(super) struct Past<'p> {
    pub(super) facts: &'p dyn Facts,
    /// How many allocated items somebody has.
    pub(super) allocated: &'p dyn Fn(&ParticipantId) -> usize,
}

impl Allocator {
    pub const ALL: [Self; 15] = [
        Self::RandomChoice,
        Self::RoundRobinByTime,
        Self::RoundRobinByLeastFrequency,
        Self::RoundRobinByExperience,
        Self::RoundRobinByAllocationTime,
        Self::ShortestQueue,
        Self::FastestResource,
        Self::FastestToAllocate,
        Self::FastestToStart,
        Self::FastestToComplete,
        Self::CheapestResource,
        Self::CheapestToAllocate,
        Self::CheapestStarter,
        Self::CheapestCompleter,
        Self::DearestResource,
    ];

    /// As specifications write it.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|allocator| format!("{allocator:?}") == name)
    }

    /// Picks from `set`; nobody only if it is empty.
    pub(super) fn choose<'s>(
        self,
        set: &'s BTreeSet<ParticipantId>,
        past: Past<'_>,
        seed: u64,
    ) -> Option<&'s ParticipantId> {
        let ranked = |rank: &dyn Fn(&Experience) -> Option<u128>| least(set, past, rank);
        let best = match self {
            Self::RandomChoice => None,
            Self::ShortestQueue => set.iter().min_by_key(|who| (past.allocated)(who)),
            Self::RoundRobinByTime => in_turn(set, past, &|of| of.last_completed.map(|at| at.ms)),
            Self::RoundRobinByAllocationTime => {
                in_turn(set, past, &|of| of.last_allocated.map(|at| at.ms))
            }
            Self::RoundRobinByLeastFrequency => {
                in_turn(set, past, &|of| (of.completed > 0).then_some(of.completed))
            }
            Self::RoundRobinByExperience => {
                ranked(&|of| (of.completed > 0).then(|| u128::from(u64::MAX - of.completed)))
            }
            Self::FastestResource => ranked(&|of| of.mean_ms.in_all.map(u128::from)),
            Self::FastestToAllocate => ranked(&|of| of.mean_ms.to_allocate.map(u128::from)),
            Self::FastestToStart => ranked(&|of| of.mean_ms.to_start.map(u128::from)),
            Self::FastestToComplete => ranked(&|of| of.mean_ms.to_complete.map(u128::from)),
            Self::CheapestResource => ranked(&|of| of.cost_per_hour.map(u128::from)),
            Self::CheapestToAllocate => ranked(&|of| cost(of, of.mean_ms.to_allocate)),
            Self::CheapestStarter => ranked(&|of| cost(of, of.mean_ms.to_start)),
            Self::CheapestCompleter => ranked(&|of| cost(of, of.mean_ms.to_complete)),
            Self::DearestResource => {
                ranked(&|of| of.cost_per_hour.map(|cost| u128::from(u64::MAX - cost)))
            }
        };
        best.or_else(|| at_random(set, seed))
    }
}

/// Whoever has the least rank; those without one are passed over.
fn least<'s>(
    set: &'s BTreeSet<ParticipantId>,
    past: Past<'_>,
    rank: &dyn Fn(&Experience) -> Option<u128>,
) -> Option<&'s ParticipantId> {
    let ranked = set.iter().filter_map(|who| Some((rank(&past.facts.experience(who))?, who)));
    ranked.min_by_key(|(rank, _)| *rank).map(|(_, who)| who)
}

/// Whoever has no rank yet, else the least one. Nobody if none has one.
fn in_turn<'s>(
    set: &'s BTreeSet<ParticipantId>,
    past: Past<'_>,
    rank: &dyn Fn(&Experience) -> Option<u64>,
) -> Option<&'s ParticipantId> {
    let ranked: Vec<_> = set.iter().map(|who| (rank(&past.facts.experience(who)), who)).collect();
    if ranked.iter().all(|(rank, _)| rank.is_none()) {
        return None;
    }
    ranked.into_iter().min_by_key(|(rank, _)| *rank).map(|(_, who)| who)
}

/// What the time costs on average: comparable, in no unit that anybody sees.
fn cost(of: &Experience, mean_ms: Option<u64>) -> Option<u128> {
    Some(u128::from(of.cost_per_hour?) * u128::from(mean_ms?))
}

fn at_random(set: &BTreeSet<ParticipantId>, seed: u64) -> Option<&ParticipantId> {
    let count = u64::try_from(set.len()).ok().filter(|count| *count > 0)?;
    set.iter().nth(usize::try_from(mixed(seed) % count).ok()?)
}

/// A seed whose low bits are as good as the rest, so that seeds in a row choose evenly (Steele et al., "Fast
/// splittable pseudorandom number generators", 2014).
pub(super) fn mixed(seed: u64) -> u64 {
    let step = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let step = (step ^ (step >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let step = (step ^ (step >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    step ^ (step >> 31)
}

#[cfg(test)]
mod tests;
