//! The log of the agents: what is durable is there after a crash, whatever was being written, and nothing else is.

use std::collections::BTreeSet;

use expect_test::expect;
use store::Fate;

use super::world::{World, config, run};
use crate::{Config, Fault};

/// All that can be done to what the desk keeps. Each line is one write.
const SCRIPT: &str = "
    register ann,bob,cem work
    renew-session 1
    publish ann 2.5
    publish bob 1
    quarantine bob,zoe it lied
    drain cem
    state ann INITIALIZING
    state ann DISCOVERING
    publish ann 3
    unpublish bob
    renew ann,cem
    release bob
    deregister cem
    register dan,ann work
    quarantine dan again
    close-session 1
";

fn lines() -> Vec<&'static str> {
    let script = SCRIPT.lines().map(str::trim).filter(|line| !line.is_empty());
    script.collect()
}

async fn world() -> World {
    let mut world = World::memory(Config { partitions: 1, ..config() }).await;
    world.tell("upload pair\nsession eve,fay other\npublish eve 7").await;
    world
}

/// What is there after so many lines of the script.
async fn rolls() -> Vec<String> {
    let mut world = world().await;
    let mut rolls = vec![world.tell("roll").await];
    for line in lines() {
        let said = world.tell(line).await;
        assert!(!said.contains("fault"), "{said}");
        rolls.push(world.tell("roll").await);
    }
    rolls
}

/// Who is there, and what is offered.
fn names(roll: &str) -> BTreeSet<&str> {
    let lines = roll.lines().skip(1);
    lines.map(|line| line.split(" slot").next().unwrap()).collect()
}

#[test]
fn a_crash_at_any_write_keeps_what_was_told_and_no_half_of_anything() {
    run(async {
        let rolls = rolls().await;
        for (at, line) in lines().iter().enumerate() {
            for (fate, kept) in [(Fate::Lost, at), (Fate::Kept, at + 1)] {
                let mut world = world().await;
                for line in &lines()[..at] {
                    world.tell(line).await;
                }
                world.storage.memory_of_agents().unwrap().arrange(fate);
                let said = world.tell(line).await;
                if !said.contains("=> fault: the registry of agents has stopped") {
                    // It changed nothing and was not written.
                    assert_eq!(rolls[at], rolls[at + 1], "{said}");
                    continue;
                }
                // What is said about an agent may be ahead of the disk, who is there may not.
                let shown = world.tell("roll").await;
                assert!(names(&shown).is_subset(&names(&rolls[at])), "{line}: {shown}");
                world.crash().await;
                assert_eq!(world.tell("roll").await, rolls[kept], "{line}, {fate:?}");
                for line in &lines()[kept..] {
                    world.tell(line).await;
                }
                assert_eq!(&world.tell("roll").await, rolls.last().unwrap(), "{line}, {fate:?}");
            }
        }
    });
}

#[test]
fn a_failed_write_stops_the_desk_and_nothing_else() {
    let said = run(async {
        let mut world = world().await;
        world.storage.memory_of_agents().unwrap().arrange(Fate::Lost);
        let mut said = world.tell("register ann work\nregister bob work\nclaim eve 1").await;
        let fault = world.node().failed().await;
        assert!(matches!(fault, Fault::Agents(_)), "{fault}");
        assert_eq!(world.handle().fault(), Some(fault));
        said += &world.tell("launch pair:1.0\nstart 1:A\ncrash\nagents\nregister ann work").await;
        said
    });
    expect![[r#"
        register ann work => fault: the registry of agents has stopped
        register bob work => fault: the registry of agents has stopped
        claim eve 1 => fault: the registry of agents has stopped
        launch pair:1.0 => case 1 running at 0
        start 1:A => started 1.1:A <Work><k>0</k></Work>
        crash => ok
        agents => eve Live, fay Live
        register ann work => epoch 3 New
    "#]]
    .assert_eq(&said);
}

#[test]
fn a_restart_after_every_line_changes_nothing() {
    run(async {
        let rolls = rolls().await;
        for every in [2, 1_000_000] {
            let small = Config { snapshot_every_records: every, ..config() };
            let mut world = World::disk(small).await;
            world.tell("upload pair\nsession eve,fay other\npublish eve 7").await;
            for (line, want) in lines().iter().zip(&rolls[1..]) {
                world.tell(line).await;
                world.crash().await;
                assert_eq!(&world.tell("roll").await, want, "{line}, a crash");
                world.shut_down().await;
                assert_eq!(&world.tell("roll").await, want, "{line}, a shutdown");
            }
        }
    });
}

#[test]
fn the_log_of_the_agents_stays_short_however_often_they_are_renewed() {
    run(async {
        let small = Config { snapshot_every_records: 100, ..config() };
        let mut world = World::disk(small).await;
        world.tell("session ann,bob work\npublish ann 2").await;
        let before = world.tell("roll").await;
        let segments = |world: &World| {
            let files = std::fs::read_dir(world.directory().join("agents")).unwrap();
            let names = files.map(|file| file.unwrap().file_name().into_string().unwrap());
            names.filter(|name| name.ends_with(".seg")).collect::<Vec<_>>()
        };
        let first = segments(&world);
        // Some hundred bytes each with their frames, in segments of 16 KiB.
        for _ in 0..1_000 {
            world.tell("renew ann,bob").await;
        }
        // The last of them is written when the node ends.
        world.shut_down().await;
        world.tell("renew ann,bob").await;
        world.shut_down().await;
        let last = segments(&world);
        assert!(!last.contains(&first[0]) && last.len() <= 3, "{last:?}");
        assert_eq!(world.tell("roll").await, before);
    });
}
