//! A million agents in the marketplace: top 50 by capability, namespace and price; publishing; bytes per agent.
//!
//! `cargo bench -p agents --bench marketplace -- [AGENTS] [shared|own]`. Closed loop, one thread, each query once. Looks (offerings
//! tested and agents looked at) do not depend on the machine or its load; times do. The allocator counts, which costs some
//! nanoseconds per allocation. Must hold: p95 below 1 ms where nothing is partial, 150 bytes per agent where a thousand offerings
//! are shared.

use std::{
    alloc::System,
    sync::Arc,
    time::{Duration, Instant},
};

use agents::{
    Moment, Slot,
    marketplace::{
        Contract, Draft, Event, LatencyProfile, Listing, Marketplace, Offering, Query, Search,
        SlotQuery, Staleness, Watch, Wcp, apply,
    },
};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

const AGENTS: u32 = 1_000_000;
const SHARED_OFFERINGS: u64 = 1_000;
const QUERIES: u64 = 2_000;
/// Listings that are made before they are published, so that making them is not timed.
const BATCH: u32 = 10_000;

const NOW: Moment = Moment { ms: 10_000_000 };
const LONG_AGO: Moment = Moment { ms: NOW.ms - 400_000 };
const FRESH_MS: u64 = 60_000;
const PATIENT_MS: u64 = 300_000;

fn main() {
    // Cargo passes `--bench`.
    let wishes: Vec<String> = std::env::args().skip(1).collect();
    let agents = wishes.iter().find_map(|text| text.parse().ok()).unwrap_or(AGENTS);
    let is_wanted = |name: &str, other: &str| {
        wishes.iter().any(|text| text == name) || !wishes.iter().any(|text| text == other)
    };
    let shared = is_wanted("shared", "own").then_some(("1,000 offerings", SHARED_OFFERINGS));
    let own = is_wanted("own", "shared").then_some(("an offering for each agent", u64::MAX));
    for (name, offerings) in shared.into_iter().chain(own) {
        println!("{agents} agents, {name}");
        let mut market = published(agents, offerings);
        queries("all live", &market, FRESH_MS, |_| NOW);
        let is_stale = |slot: Slot| !mixed(u64::from(slot.0) ^ 0x5157).is_multiple_of(10);
        let beat = |slot| if is_stale(slot) { LONG_AGO } else { NOW };
        queries("90 % stale, not told", &market, FRESH_MS, beat);
        let (_, took) = timed(|| {
            (0..agents)
                .map(Slot)
                .filter(|slot| is_stale(*slot))
                .for_each(|slot| market.set_stale(slot));
        });
        per_second("told to be stale", u64::from(agents) / 10 * 9, took);
        queries("90 % stale", &market, FRESH_MS, beat);
        queries("90 % stale, patient query", &market, PATIENT_MS, beat);
        let (wrong, took) = timed(|| market.resync());
        assert_eq!(wrong, []);
        println!("  {:<28} {took:.1?}", "made anew");
        // Each stays where it is listed and gets the offering of another.
        let changed = market.len().min(100_000) as u32;
        let events: Vec<Event> =
            (0..changed).map(|slot| event(slot, u64::from(slot) + 7_777_777, offerings)).collect();
        let (_, took) = timed(|| events.iter().for_each(|event| apply(&mut market, event)));
        per_second("changed", u64::from(changed), took);
        let (_, took) = timed(|| {
            for slot in (0..changed).map(Slot) {
                apply(&mut market, &Event::Unpublished { slot });
            }
        });
        per_second("unpublished", u64::from(changed), took);
    }
}

/// Publishes agents in a random order and says what one takes.
fn published(agents: u32, offerings: u64) -> Marketplace {
    let region = Region::new(ALLOCATOR);
    let mut market = Marketplace::default();
    let (mut publishing, mut checking) = (Duration::ZERO, Duration::ZERO);
    for from in (0..agents).step_by(BATCH as usize) {
        let slots = from..agents.min(from + BATCH);
        let (events, took) =
            timed(|| slots.map(|slot| event(slot, u64::from(slot), offerings)).collect::<Vec<_>>());
        checking += took;
        let (_, took) = timed(|| events.iter().for_each(|event| apply(&mut market, event)));
        publishing += took;
    }
    let change = region.change();
    let bytes = change.bytes_allocated - change.bytes_deallocated;
    println!("  {:<28} {}", "bytes per agent", bytes / agents as usize);
    per_second("offerings checked", u64::from(agents), checking);
    per_second("published", u64::from(agents), publishing);
    market
}

fn event(slot: u32, seed: u64, offerings: u64) -> Event {
    let seed = mixed(seed);
    let draft =
        draft(if offerings == u64::MAX { seed } else { mixed(seed % offerings) }, offerings);
    Event::Published(Listing {
        slot: Slot(slot),
        // Ids come in no order.
        agent: format!("agent-{:08x}-{slot}", mixed(u64::from(slot)) >> 32)
            .parse()
            .expect("a name"),
        offering: Arc::new(Offering::new(draft).expect("an offering")),
        registered_at: Moment { ms: 0 },
    })
}

/// Where each agent has its own offering, each has a price of its own and a word that no other has.
fn draft(seed: u64, offerings: u64) -> Draft {
    let mut next = seed;
    let mut choose = |options: u64| {
        next = mixed(next);
        next % options
    };
    let domain = WORDS[choose(20) as usize];
    let words: Vec<&str> = (0..6).map(|_| WORDS[choose(WORDS.len() as u64) as usize]).collect();
    let mut draft = Draft::minimal(domain, &words.join(" "));
    draft.coverage.namespaces =
        (0..2).map(|_| format!("http://example.org/ontology/{}#", choose(20)).into()).collect();
    draft.fit = vec![Contract::of(Wcp::new(choose(43) as u8 + 1).expect("a pattern"))];
    draft.cost.base_price_per_cycle = choose(1_000) as f64 / 1_000.0;
    draft.latency = vec![
        LatencyProfile { p99_ms: 50 + choose(5_000), ..LatencyProfile::qlever_class() },
        LatencyProfile { p99_ms: 500 + choose(5_000), ..LatencyProfile::standard_sparql() },
    ];
    if offerings == u64::MAX {
        draft.description = format!("{} {:x}", draft.description, seed >> 32).into();
        draft.cost.base_price_per_cycle = choose(1 << 40) as f64 / (1u64 << 40) as f64;
    }
    draft
}

/// Top 50 of those that hold a keyword, know a namespace and cost at most so much.
fn queries(name: &str, market: &Marketplace, staleness: u64, beat: impl Fn(Slot) -> Moment) {
    let watch = Watch { now: NOW, beat: &beat };
    let (mut times, mut looks, mut partial, mut found) = (Vec::new(), Vec::new(), 0, 0);
    for query in 0..QUERIES {
        let search = search(mixed(query ^ 0xabcd), staleness);
        let (page, took) = timed(|| market.search(&search, watch).expect("a good query"));
        times.push(took);
        looks.push(page.looks.offerings + page.looks.agents);
        partial += usize::from(page.is_partial);
        found += page.found.len();
    }
    times.sort_unstable();
    looks.sort_unstable();
    let at = |percent: usize| (times.len() - 1) * percent / 100;
    let us = |percent: usize| times[at(percent)].as_nanos() as f64 / 1_000.0;
    println!(
        "  {name:<28} µs p50 {:.1} p95 {:.1} max {:.1}; looks p50 {} p95 {} max {}; {partial} partial, {} found on average",
        us(50),
        us(95),
        us(100),
        looks[at(50)],
        looks[at(95)],
        looks[at(100)],
        found / times.len(),
    );
}

fn search(seed: u64, staleness: u64) -> Search {
    let word = WORDS[(seed % WORDS.len() as u64) as usize];
    let slot = SlotQuery {
        capability_keyword: Some(word[1..].to_uppercase().into()),
        namespaces: vec![format!("http://example.org/ontology/{}#", (seed >> 16) % 20).into()],
        max_cost_per_cycle: Some(0.2 + ((seed >> 32) % 800) as f64 / 1_000.0),
        ..SlotQuery::default()
    };
    let staleness = Staleness::of_ms(staleness).expect("it is allowed");
    Search { staleness, ..Search::new(Query::TransitionSlot(slot)) }
}

fn per_second(what: &str, count: u64, took: Duration) {
    println!("  {what:<28} {:.0} per second", count as f64 / took.as_secs_f64());
}

#[expect(clippy::disallowed_methods, reason = "a benchmark reads the real clock")]
fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let done = work();
    (done, start.elapsed())
}

/// A number that looks random (SplitMix64).
fn mixed(number: u64) -> u64 {
    let number = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}

const WORDS: [&str; 40] = [
    "ordering",
    "carrier",
    "freight",
    "payment",
    "delivery",
    "invoice",
    "customs",
    "credit",
    "claims",
    "returns",
    "pricing",
    "planning",
    "routing",
    "review",
    "billing",
    "archive",
    "support",
    "quality",
    "booking",
    "refund",
    "checks",
    "writes",
    "reads",
    "approves",
    "rejects",
    "documents",
    "parcels",
    "contracts",
    "accounts",
    "reports",
    "letters",
    "rail",
    "road",
    "sea",
    "urgent",
    "small",
    "foreign",
    "legal",
    "medical",
    "export",
];
