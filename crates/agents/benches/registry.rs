//! The registry with a million agents: coming in, being renewed, being looked at.
//!
//! One thread, nothing stored: `cargo bench -p agents --bench registry`. What is timed is deciding and applying, per
//! agent where the name does not say otherwise. Figures of a loaded machine compare within one run only.

use agents::registry::{
    Capabilities, Command, Incarnation, Registration, Registry, Settings, State, Who,
};
use agents::{Epoch, Moment, SessionId, Slot};
use divan::counter::ItemsCount;

const AGENTS: usize = 1_000_000;
const BATCH: usize = 10_000;
const SESSIONS: usize = 100;
const START: Moment = Moment { ms: 1_000_000 };

fn main() {
    divan::main();
}

fn send(registry: &mut Registry, command: Command, now: Moment) {
    let decision = registry.decide(command, now).expect("it is not refused");
    if let Some(event) = &decision.event {
        registry.apply(event);
    }
}

fn batch(first: usize) -> Vec<Registration> {
    let can = Capabilities::new(vec!["order".parse().expect("a capability")]).expect("one");
    let agent = |i: usize| Registration {
        id: format!("agent-{i:08}").parse().expect("an id"),
        capabilities: can.clone(),
        profile: None,
    };
    (first..first + BATCH).map(agent).collect()
}

fn empty() -> Registry {
    let mut registry = Registry::resume(State::new(Settings::default()), START);
    for _ in 0..SESSIONS {
        let host = "host".parse().expect("a host");
        send(&mut registry, Command::OpenSession { host }, START);
    }
    registry
}

/// A million agents in slots 0.. under epochs 1.., registered over one minute.
fn full() -> Registry {
    let mut registry = empty();
    for first in (0..AGENTS).step_by(BATCH) {
        let session = Some(SessionId((first / BATCH % SESSIONS + 1) as u64));
        let now = START.after((first as u64 * 60_000) / AGENTS as u64);
        send(&mut registry, Command::Register { session, agents: batch(first) }, now);
        assert!(registry.tick(now).event.is_none());
    }
    registry
}

#[divan::bench(sample_count = 3, sample_size = 1)]
fn register_a_million_in_batches(bencher: divan::Bencher<'_, '_>) {
    let batches = || (0..AGENTS).step_by(BATCH).map(batch).collect::<Vec<_>>();
    bencher.counter(ItemsCount::new(AGENTS)).with_inputs(|| (empty(), batches())).bench_values(
        |(mut registry, batches)| {
            for (i, agents) in batches.into_iter().enumerate() {
                let session = Some(SessionId((i % SESSIONS + 1) as u64));
                send(&mut registry, Command::Register { session, agents }, START);
            }
            registry
        },
    );
}

/// Every sixtieth of a million agents, as those of one second are.
fn a_second_of(who: impl Fn(usize) -> Who) -> Vec<Incarnation> {
    let agents = (0..AGENTS).step_by(60);
    agents.map(|i| Incarnation { who: who(i), epoch: Epoch(i as u64 + 1) }).collect()
}

fn renew(bencher: divan::Bencher<'_, '_>, agents: &[Incarnation]) {
    let mut registry = full();
    let mut now = START.after(60_000);
    bencher
        .counter(ItemsCount::new(agents.len()))
        .with_inputs(|| agents.to_vec())
        .bench_local_values(|agents| {
            now = now.after(1_000);
            send(&mut registry, Command::Renew { agents }, now);
        });
}

#[divan::bench(sample_count = 30, sample_size = 1)]
fn renew_by_id(bencher: divan::Bencher<'_, '_>) {
    let id = |i| format!("agent-{i:08}").parse().expect("an id");
    renew(bencher, &a_second_of(|i| Who::Id(id(i))));
}

#[divan::bench(sample_count = 30, sample_size = 1)]
fn renew_by_slot(bencher: divan::Bencher<'_, '_>) {
    renew(bencher, &a_second_of(|i| Who::Slot(Slot(i as u32))));
}

/// A hundred sessions with ten thousand agents each.
#[divan::bench(sample_count = 100)]
fn renew_all_by_their_sessions(bencher: divan::Bencher<'_, '_>) {
    let mut registry = full();
    let mut now = START.after(60_000);
    bencher.counter(ItemsCount::new(AGENTS)).bench_local(|| {
        now = now.after(30_000);
        let sessions = (1..=SESSIONS as u64).map(SessionId).collect();
        send(&mut registry, Command::RenewSessions { sessions }, now);
    });
}

/// Ten looks a second at a million agents, all of them renewed with their sessions all the while.
#[divan::bench(sample_count = 10, sample_size = 1)]
fn look_for_a_minute(bencher: divan::Bencher<'_, '_>) {
    let mut registry = full();
    let mut now = START.after(60_000);
    bencher.bench_local(|| {
        for _ in 0..60 {
            let sessions = (1..=SESSIONS as u64).map(SessionId).collect();
            send(&mut registry, Command::RenewSessions { sessions }, now);
            for _ in 0..10 {
                now = now.after(100);
                assert!(registry.tick(now).event.is_none());
            }
        }
    });
    assert_eq!(registry.live() as usize, AGENTS);
}

/// Nobody renews any more: looks every 100 ms until the last one is gone.
#[divan::bench(sample_count = 3, sample_size = 1)]
fn a_million_die(bencher: divan::Bencher<'_, '_>) {
    let died = |mut registry: Registry| {
        let mut now = START.after(60_000);
        while !registry.state().is_empty() {
            now = now.after(100);
            if let Some(event) = registry.tick(now).event {
                registry.apply(&event);
            }
        }
        registry
    };
    bencher.counter(ItemsCount::new(AGENTS)).with_inputs(full).bench_values(died);
}

#[divan::bench(sample_count = 3, sample_size = 1)]
fn snapshot_of_a_million(bencher: divan::Bencher<'_, '_>) {
    let registry = full();
    bencher
        .counter(ItemsCount::new(AGENTS))
        .bench_local(|| registry.state().snapshot().map(divan::black_box).count());
}

#[divan::bench(sample_count = 3, sample_size = 1)]
fn restore_a_million(bencher: divan::Bencher<'_, '_>) {
    let records: Vec<_> = full().state().snapshot().collect();
    let restore = |records| {
        let state = agents::registry::restore(Settings::default(), records);
        Registry::resume(state.expect("it was just taken"), START.after(60_000))
    };
    bencher.counter(ItemsCount::new(AGENTS)).with_inputs(|| records.clone()).bench_values(restore);
}
