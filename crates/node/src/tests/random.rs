//! Seeded random work on two nodes: one keeps everything and never stops, the other keeps two cases in memory,
//! writes a snapshot every few records and is crashed or stopped every few commands. Both must say the same.

use super::world::{World, config, run};
use crate::{Config, ItemFilter, config::PAGE_MAX};

/// A small generator of our own: the same numbers on every machine for ever.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % bound
    }
}

/// The next command, for an item or case that may be there.
fn line(random: &mut Random, world: &World, step: usize) -> String {
    let items = world.handle().items(&ItemFilter::default(), None, PAGE_MAX).items;
    let clock_ms = step * 3_600_000;
    let id = format!("id=s{}", step - random.below(step.min(3)));
    if items.is_empty() || random.below(6) == 0 {
        return match random.below(3) {
            0 => format!("launch waiting:1.0 {id}"),
            1 => format!("launch pair:1.0 {id} data=<Pair><k>{step}</k></Pair>"),
            _ => format!("launch waiting:1.0 at={}", clock_ms + 7_200_000),
        };
    }
    let item = &items[random.below(items.len())];
    let (name, case) = (&item.item, &item.case);
    match random.below(20) {
        0 => format!("cancel {case}"),
        1 => format!("suspend-case {case}"),
        2 => format!("resume-case {case} {id}"),
        3 => format!("suspend {name}"),
        4 => format!("unsuspend {name} {id}"),
        5 => format!("rollback {name}"),
        6 => format!("skip {name} {id}"),
        7 => format!("advance {clock_ms}"),
        8..=12 => format!("start {name} {id}"),
        _ if item.specification.as_str() == "pair:1.0" => {
            format!("complete {name} {id} <Work><k>{step}</k></Work>")
        }
        _ => format!("complete {name} {id} <Work/>"),
    }
}

/// All that both must agree on.
async fn seen(world: &mut World) -> String {
    let cases = world.tell("cases\nitems\ndue").await;
    let ids: Vec<String> = world
        .handle()
        .cases(&crate::CaseFilter::default(), None, PAGE_MAX)
        .items
        .iter()
        .map(|case| format!("case {0}\nhistory {0}", case.case))
        .collect();
    cases + &world.tell(&ids.join("\n")).await
}

async fn walk(seed: u64) {
    let mut random = Random(seed);
    let mut calm = World::memory(config()).await;
    let little = Config { hot_cases_max: 2, snapshot_every_records: 5, batch_max: 2, ..config() };
    let mut restless = World::memory(little).await;
    for world in [&mut calm, &mut restless] {
        world.tell("upload pair\nupload waiting").await;
    }
    let mut done = 0;
    for step in 1..150 {
        let line = line(&mut random, &calm, step);
        let want = calm.tell(&line).await;
        done += usize::from(
            ["=> case", "=> started", "=> done"].iter().any(|answer| want.contains(answer)),
        );
        let got = restless.tell(&line).await;
        assert_eq!(got, want, "seed {seed}, step {step}");
        match random.below(10) {
            0 => restless.crash().await,
            1 => restless.shut_down().await,
            _ => {}
        }
        if step % 10 == 0 {
            let want = seen(&mut calm).await;
            assert_eq!(seen(&mut restless).await, want, "seed {seed}, after step {step}, {line}");
        }
    }
    assert!(done > 75, "seed {seed}: only {done} commands were not refused");
}

#[test]
fn restarts_evictions_and_snapshots_are_seen_by_nobody() {
    for seed in 0..12 {
        run(walk(seed));
    }
}

/// The next word of an agent or about one. Time stands still, or so much passes that everybody is dead.
fn word(random: &mut Random, clock_ms: &mut usize) -> String {
    const NAMES: [&str; 6] = ["ann", "bob", "cem", "dan", "eve", "fay"];
    let name = NAMES[random.below(NAMES.len())];
    let other = NAMES[random.below(NAMES.len())];
    let session = 1 + random.below(4);
    match random.below(20) {
        0..=3 => format!("register {name},{other}x work"),
        4 | 5 => format!("session {name},{other}x work"),
        6 => format!("renew {name},{other}"),
        7 => format!("renew-session {session}"),
        8 => format!("close-session {session}"),
        9 => format!("drain {name}"),
        10 => format!("quarantine {name},{other} why"),
        11 => format!("release {name}"),
        12 => format!("deregister {name}"),
        13..=16 => format!("publish {name} {session}"),
        17 => format!("unpublish {name}"),
        18 => format!("state {name} DISCOVERING"),
        _ if random.below(4) == 0 => {
            *clock_ms += 3_600_000;
            format!("advance {clock_ms}")
        }
        _ => format!("state {name} INITIALIZING"),
    }
}

async fn walk_of_agents(seed: u64) {
    let mut random = Random(seed);
    let mut calm = World::memory(config()).await;
    let little = Config { snapshot_every_records: 4, ..config() };
    let mut restless = World::memory(little).await;
    let (mut clock_ms, mut done) = (0, 0);
    for step in 1..200 {
        let line = word(&mut random, &mut clock_ms);
        let want = calm.tell(&line).await;
        done += usize::from(["Ok(", "epoch", "done"].iter().any(|answer| want.contains(answer)));
        assert_eq!(restless.tell(&line).await, want, "seed {seed}, step {step}");
        match random.below(8) {
            0 => restless.crash().await,
            1 => restless.shut_down().await,
            _ => {}
        }
        let want = calm.tell("roll").await;
        assert_eq!(restless.tell("roll").await, want, "seed {seed}, after step {step}, {line}");
    }
    assert!(done > 60, "seed {seed}: only {done} words changed something");
}

#[test]
fn restarts_and_snapshots_of_the_desk_are_seen_by_nobody() {
    for seed in 0..12 {
        run(walk_of_agents(seed));
    }
}
