//! Whom each allocator picks.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
};

use expect_test::expect;
use proptest::prelude::*;

use super::{Allocator, Past};
use crate::{
    ids::Moment,
    resourcing::{
        Experience, Means, ParticipantId,
        testing::{World, set, who},
    },
};

fn choose(
    allocator: Allocator,
    world: &World,
    queues: &BTreeMap<ParticipantId, usize>,
    from: &BTreeSet<ParticipantId>,
    seed: u64,
) -> Option<ParticipantId> {
    let allocated = |who: &ParticipantId| queues.get(who).copied().unwrap_or(0);
    allocator.choose(from, Past { facts: world, allocated: &allocated }, seed).cloned()
}

/// `completed last_allocated last_completed to_allocate to_start to_complete in_all cost`; zero is not known.
fn experience(numbers: [u64; 8]) -> Experience {
    let known = |number: u64| (number > 0).then_some(number);
    let [completed, allocated, last, to_allocate, to_start, to_complete, in_all, cost] = numbers;
    Experience {
        completed,
        last_allocated: known(allocated).map(|ms| Moment { ms }),
        last_completed: known(last).map(|ms| Moment { ms }),
        mean_ms: Means {
            to_allocate: known(to_allocate),
            to_start: known(to_start),
            to_complete: known(to_complete),
            in_all: known(in_all),
        },
        cost_per_hour: known(cost),
    }
}

#[test]
fn each_allocator_picks_by_its_rule() {
    let mut world = World::new();
    world.experienced("ann", experience([5, 10, 90, 9, 9, 1, 50, 30]));
    world.experienced("bob", experience([9, 50, 20, 4, 9, 5, 60, 10]));
    world.experienced("cid", experience([1, 70, 30, 9, 2, 9, 20, 60]));
    let queues = [(who("ann"), 3), (who("bob"), 1), (who("cid"), 2)].into();
    let mut got = String::new();
    for allocator in Allocator::ALL.into_iter().skip(1) {
        let chosen = choose(allocator, &world, &queues, &set("ann bob cid"), 7).unwrap();
        let with_new = choose(allocator, &world, &queues, &set("ann bob cid dan"), 7).unwrap();
        writeln!(got, "{allocator:?}: {chosen}, with dan who is new: {with_new}").unwrap();
    }
    expect![[r#"
        RoundRobinByTime: bob, with dan who is new: dan
        RoundRobinByLeastFrequency: cid, with dan who is new: dan
        RoundRobinByExperience: bob, with dan who is new: bob
        RoundRobinByAllocationTime: ann, with dan who is new: dan
        ShortestQueue: bob, with dan who is new: dan
        FastestResource: cid, with dan who is new: cid
        FastestToAllocate: bob, with dan who is new: bob
        FastestToStart: cid, with dan who is new: cid
        FastestToComplete: ann, with dan who is new: ann
        CheapestResource: bob, with dan who is new: bob
        CheapestToAllocate: bob, with dan who is new: bob
        CheapestStarter: bob, with dan who is new: bob
        CheapestCompleter: ann, with dan who is new: ann
        DearestResource: cid, with dan who is new: cid
    "#]]
    .assert_eq(&got);
}

#[test]
fn of_equals_the_first_by_name_is_taken() {
    let mut world = World::new();
    for name in ["bob", "ann", "cid"] {
        world.experienced(name, experience([3, 4, 5, 6, 7, 8, 9, 10]));
    }
    for allocator in Allocator::ALL.into_iter().skip(1) {
        let chosen = choose(allocator, &world, &BTreeMap::new(), &set("cid bob ann"), 3);
        assert_eq!(chosen, Some(who("ann")), "{allocator:?}");
    }
}

#[test]
fn where_nothing_is_known_chance_picks_evenly() {
    let world = World::new();
    let people = set("ann bob cid dan");
    for allocator in
        [Allocator::RandomChoice, Allocator::RoundRobinByTime, Allocator::FastestResource]
    {
        let mut counts: BTreeMap<ParticipantId, u32> = BTreeMap::new();
        for seed in 0..4_000 {
            let chosen = choose(allocator, &world, &BTreeMap::new(), &people, seed).unwrap();
            *counts.entry(chosen).or_default() += 1;
        }
        assert!(counts.values().all(|count| (800..1_200).contains(count)), "{counts:?}");
        assert_eq!(counts.len(), 4);
    }
}

proptest! {
    #[test]
    fn an_allocator_picks_somebody_of_the_set_and_the_same_again(
        allocator in prop::sample::select(Allocator::ALL.to_vec()),
        pasts in prop::collection::vec(any::<[u8; 8]>(), 5),
        queues in prop::collection::vec(0..4usize, 5),
        members in prop::collection::btree_set(0..5usize, 0..5),
        seed: u64,
    ) {
        let names = ["ann", "bob", "cid", "dan", "eve"];
        let mut world = World::new();
        for (name, past) in names.iter().zip(&pasts) {
            world.experienced(name, experience(past.map(|number| u64::from(number % 4))));
        }
        let queues = names.iter().map(|name| who(name)).zip(queues).collect();
        let people: BTreeSet<_> = members.iter().map(|index| who(names[*index])).collect();
        let chosen = choose(allocator, &world, &queues, &people, seed);
        prop_assert_eq!(chosen.is_none(), people.is_empty());
        prop_assert!(chosen.iter().all(|chosen| people.contains(chosen)));
        prop_assert_eq!(choose(allocator, &world, &queues, &people, seed), chosen);
    }
}
