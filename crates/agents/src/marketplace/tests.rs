//! Listings and queries. [`slow`] is the marketplace without an index: what it answers is right by looking at it.

mod bounds;
mod rules;
mod slow;

use std::{collections::BTreeMap, sync::Arc};

use proptest::prelude::*;

use super::*;
use slow::Slow;

/// A marketplace, the same without an index, and what the desk knows.
struct World {
    market: Marketplace,
    slow: Slow,
    now: Moment,
    beats: BTreeMap<Slot, Moment>,
}

impl World {
    fn new() -> Self {
        Self {
            market: Marketplace::default(),
            slow: Slow::default(),
            now: Moment { ms: 1_000_000 },
            beats: BTreeMap::new(),
        }
    }

    fn command(&mut self, command: Command) -> Result<(), Refusal> {
        for event in decide(&self.market, command, self.now)? {
            apply(&mut self.market, &event);
            self.slow.apply(&event);
        }
        Ok(())
    }

    fn publish(&mut self, slot: u32, agent: &str, draft: Draft) -> Result<(), Refusal> {
        let offering = Arc::new(Offering::new(draft).unwrap());
        let listing = Listing {
            slot: Slot(slot),
            agent: agent.parse().unwrap(),
            offering,
            registered_at: self.now,
        };
        self.command(Command::Publish { listing, last_heartbeat: self.now })?;
        self.beat(slot);
        Ok(())
    }

    fn beat(&mut self, slot: u32) {
        self.beats.insert(Slot(slot), self.now);
        self.market.set_live(Slot(slot));
    }

    /// Time passes, and the desk says who was not heard of for too long.
    fn pass(&mut self, ms: u64) {
        self.now = self.now.after(ms);
        for (slot, beat) in &self.beats {
            if self.now.since(*beat) > STALE_AFTER_MS {
                self.market.set_stale(*slot);
            }
        }
    }

    /// All pages of an answer, each of them found by few steps.
    fn pages(&self, search: &Search, steps_max: usize) -> Vec<Slot> {
        let beat = |slot: Slot| self.beats[&slot];
        let watch = Watch { now: self.now, beat: &beat };
        let (mut search, mut found) = (search.clone(), Vec::new());
        for _ in 0..10_000 {
            let page = search::search(&self.market, &search, watch, steps_max).unwrap();
            assert!(page.found.len() <= search.limit.get());
            assert!(page.next.is_some() || !page.is_partial, "what is partial can go on");
            found.extend(page.found.iter().map(|one| one.slot));
            match page.next {
                Some(next) => {
                    assert_eq!(next.to_string().parse(), Ok(next.clone()), "it survives a link");
                    search.after = Some(next);
                }
                None => return found,
            }
        }
        panic!("the pages do not end: {search:?}");
    }

    #[track_caller]
    fn check(&self, query: &Query, staleness: Staleness) {
        let want = self.slow.answer(query, staleness, self.now, &self.beats);
        for (limit, steps_max) in [(1_000, STEPS_MAX), (1, STEPS_MAX), (2, 1), (3, 5)] {
            let limit = Limit::near(limit);
            let search = Search { query: query.clone(), staleness, limit, after: None };
            assert_eq!(self.pages(&search, steps_max), want, "{search:?}, {steps_max} steps");
        }
    }
}

/// A number as a source of small choices.
struct Choices(u64);

impl Choices {
    fn of(&mut self, options: u64) -> u64 {
        let choice = self.0 % options;
        self.0 = (self.0 / options).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(17);
        choice
    }

    fn one<T: Clone>(&mut self, options: &[T]) -> T {
        options[self.of(options.len() as u64) as usize].clone()
    }

    fn some(&mut self, options: &[&str]) -> Vec<smol_str::SmolStr> {
        options.iter().filter(|_| self.of(3) == 0).map(|text| (*text).into()).collect()
    }

    fn wcp(&mut self) -> Wcp {
        Wcp::new(self.one(&[1, 2, 43])).unwrap()
    }

    fn draft(&mut self) -> Draft {
        let domain = self.one(&["Ordering", "Freight", "ÜBER-Straße", "e"]);
        let mut draft =
            Draft::minimal(domain, self.one(&["", "Orders freight by Road", "rail, road"]));
        draft.coverage.namespaces = self.some(&["urn:a", "urn:b", "urn:c"]);
        draft.coverage.sparql_patterns = self.some(&["?s a ?t", "?s ?p ?o"]);
        for _ in 0..self.of(3) {
            draft.fit.push(Contract {
                wcp_patterns: vec![self.wcp(), self.wcp()],
                input_tokens: self.some(&["order", "parcel"]),
                output_tokens: self.some(&["order", "bill"]),
                maintains_soundness: self.of(2) == 0,
            });
        }
        draft.cost.base_price_per_cycle = self.one(&[0.0, -0.0, 0.5, 1.0]);
        for _ in 0..self.of(3) {
            let graph_triples = self.one(&[1, 1_000, 1_999_999, u64::MAX]);
            let p99_ms = self.one(&[0, 95, 1_200, 8_000]);
            draft.latency.push(LatencyProfile { graph_triples, p50_ms: 0, p95_ms: 0, p99_ms });
        }
        draft
    }

    fn maybe<T>(&mut self, value: impl FnOnce(&mut Self) -> T) -> Option<T> {
        (self.of(2) == 0).then(|| value(self))
    }

    fn slot_query(&mut self) -> SlotQuery {
        let keywords = ["ORD", "freight by r", "e", ",", "über-str", "oad", "none", "g\u{301}"];
        SlotQuery {
            capability_keyword: self.maybe(|choices| choices.one(&keywords).into()),
            namespaces: self.some(&["urn:a", "urn:b", "urn:nobody"]),
            sparql_patterns: self.some(&["?s a ?t"]),
            wcp_pattern: self.maybe(Self::wcp),
            input_tokens: self.some(&["order"]),
            output_tokens: self.some(&["bill"]),
            must_maintain_soundness: self.of(3) == 0,
            max_cost_per_cycle: self.maybe(|choices| choices.one(&[0.0, 0.7, f64::INFINITY])),
            max_p99_ms: self.maybe(|choices| choices.one(&[0, 100, 1_200, u64::MAX])),
            graph_triples: self.one(&[0, 1_000_000, u64::MAX]),
        }
    }

    fn query(&mut self) -> Query {
        match self.of(9) {
            0 => Query::Namespace(self.one(&["urn:a", "urn:b", "urn:nobody"]).into()),
            1 => Query::MaxCost(self.one(&[0.0, 0.7, f64::INFINITY])),
            2 => Query::MaxLatency(self.one(&[0, 100, 1_200, u64::MAX])),
            3 => Query::WcpPattern(self.wcp()),
            4 => Query::Id(name(self.of(12) as u32).parse().unwrap()),
            5 => Query::AllLive,
            _ => Query::TransitionSlot(self.slot_query()),
        }
    }
}

/// Ids in another order than places.
fn name(slot: u32) -> String {
    format!("agent-{}", slot * 7 % 12)
}

#[derive(Clone, Debug)]
enum Op {
    Publish { slot: u32, seed: u64 },
    Unpublish { slot: u32 },
    Beat { slot: u32 },
    Pass { ms: u64 },
    Ask { seed: u64 },
}

fn op() -> impl Strategy<Value = Op> {
    let slot = 0u32..12;
    prop_oneof![
        // Few seeds, so that agents share offerings.
        4 => (slot.clone(), 0u64..40).prop_map(|(slot, seed)| Op::Publish { slot, seed }),
        1 => (slot.clone(), any::<u64>()).prop_map(|(slot, seed)| Op::Publish { slot, seed }),
        1 => slot.clone().prop_map(|slot| Op::Unpublish { slot }),
        2 => slot.prop_map(|slot| Op::Beat { slot }),
        2 => (0u64..100_000).prop_map(|ms| Op::Pass { ms }),
        4 => any::<u64>().prop_map(|seed| Op::Ask { seed }),
    ]
}

proptest! {
    // Each step asks and rebuilds all indexes: these many take a few seconds.
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_query_answers_what_filtering_and_sorting_all_listings_answers(
        ops in proptest::collection::vec(op(), 1..120),
    ) {
        let mut world = World::new();
        let mut seen = std::collections::BTreeSet::new();
        for op in ops {
            match op {
                Op::Publish { slot, seed } => {
                    // Mixed, so that small seeds differ in more than the first choice.
                    let seed = seed.wrapping_mul(0x2545_f491_4f6c_dd1d);
                    world.publish(slot, &name(slot), Choices(seed).draft()).unwrap();
                    seen.insert(Slot(slot));
                }
                Op::Unpublish { slot } => {
                    world.command(Command::Unpublish { slot: Slot(slot) }).unwrap();
                }
                Op::Beat { slot } if seen.contains(&Slot(slot)) => world.beat(slot),
                Op::Beat { .. } => {}
                Op::Pass { ms } => world.pass(ms),
                Op::Ask { seed } => {
                    let mut choices = Choices(seed);
                    let staleness = Staleness::of_ms(choices.one(&[30_000, 60_000, 90_000, 300_000]));
                    world.check(&choices.query(), staleness.unwrap());
                }
            }
            check_invariants(&world.market);
        }
    }
}
