//! Restarts change nothing: after a crash, after a shutdown, with snapshots and without.

use std::fmt::Write as _;

use expect_test::expect;

use super::world::{World, check, check_with, config, run};
use crate::Config;

/// A script in which much happens.
const SCRIPT: &str = "
    upload pair
    upload waiting
    launch pair:1.0 id=l1
    launch pair:1.0 case=x
    start 1:A id=c1
    complete 1.1:A id=c2 <Work><k>5</k></Work>
    launch waiting:1.0
    start x:A
    rollback x.1:A
    suspend x.1:A
    start 2:W
    unsuspend x.1:A
    launch waiting:1.0 at=3600000
    advance 3600000
    start 1:B
    complete 1.2:B <Work><k>6</k></Work>
    advance 86400000
    suspend-case x
    resume-case x
    cancel-item x.1:A
    launch pair:1.0 id=l1
    cancel 3
";

const SHOW: &str = "
    cases
    items
    case 1
    case 2
    case 3
    case x
    history 1
    history 2
    history x
    due
    specifications
";

#[derive(Clone, Copy, Debug)]
enum Between {
    Nothing,
    Crash,
    Shutdown,
}

/// All that can be seen after each line of the script.
async fn seen(mut world: World, between: Between) -> String {
    let mut seen = String::new();
    for line in SCRIPT.lines() {
        seen.push_str(&world.tell(line).await);
        match between {
            Between::Nothing => {}
            Between::Crash => world.crash().await,
            Between::Shutdown => world.shut_down().await,
        }
        writeln!(seen, "{}", world.tell(SHOW).await).unwrap();
    }
    seen
}

#[test]
fn a_restart_after_every_command_changes_nothing() {
    run(async {
        let small = || Config { hot_cases_max: 1, snapshot_every_records: 2, ..config() };
        let want = seen(World::memory(config()).await, Between::Nothing).await;
        assert!(want.contains("case-ended"), "{want}");
        for between in [Between::Nothing, Between::Crash, Between::Shutdown] {
            let got = seen(World::memory(config()).await, between).await;
            assert_eq!(got, want, "in memory, {between:?}");
            let got = seen(World::memory(small()).await, between).await;
            assert_eq!(got, want, "in memory, little kept, {between:?}");
            let got = seen(World::disk(config()).await, between).await;
            assert_eq!(got, want, "on disk, {between:?}");
            let got = seen(World::disk(small()).await, between).await;
            assert_eq!(got, want, "on disk, little kept, {between:?}");
        }
    });
}

#[test]
fn a_snapshot_with_its_tail_equals_the_replay_of_the_log() {
    run(async {
        let mut world = World::disk(Config { snapshot_every_records: 3, ..config() }).await;
        world.tell(SCRIPT).await;
        world.shut_down().await;
        world.tell("launch pair:1.0\nstart 4:A").await;
        let with_snapshot = world.tell(SHOW).await;
        world.stop().await;
        let mut removed = 0;
        for partition in ["partition-000", "partition-001"] {
            for file in std::fs::read_dir(world.directory().join(partition)).unwrap() {
                let path = file.unwrap().path();
                if path.extension().is_some_and(|extension| extension == "snap") {
                    std::fs::remove_file(path).unwrap();
                    removed += 1;
                }
            }
        }
        assert!(removed >= 2, "{removed} snapshots");
        world.start().await;
        assert_eq!(world.tell(SHOW).await, with_snapshot);
        assert_eq!(world.node().recovered().cases, 5);
    });
}

#[test]
fn a_command_sent_twice_gives_the_same_answer_and_happens_once() {
    check(
        "upload pair
         launch pair:1.0 id=launch-1
         launch pair:1.0 id=launch-1
         launch pair:1.0 case=x id=launch-2
         launch pair:1.0 case=x id=launch-2
         launch pair:1.0 case=x id=launch-3
         start 1:A id=c1
         start 1:A id=c1
         start 1:A id=c2
         complete 1.1:A id=c3 <Work><k>1</k></Work>
         crash
         launch pair:1.0 id=launch-1
         start 1:A id=c1
         complete 1.1:A id=c3 <Work><k>1</k></Work>
         cancel 1 id=c4
         shutdown
         start 1:A id=c1
         cancel 1 id=c4
         cancel 1 id=c5
         launch pair:1.0
         cases",
        expect![[r#"
            upload pair => pair:1.0
            launch pair:1.0 id=launch-1 => case 1 running at 0
            launch pair:1.0 id=launch-1 => case 1 running at 0
            launch pair:1.0 case=x id=launch-2 => case x running at 0
            launch pair:1.0 case=x id=launch-2 => case x running at 0
            launch pair:1.0 case=x id=launch-3 => case-exists: case x exists; choose another id or leave it out
            start 1:A id=c1 => started 1.1:A <Work><k>0</k></Work>
            start 1:A id=c1 => started 1.1:A <Work><k>0</k></Work>
            start 1:A id=c2 => wrong-status: work item 1:A is Is parent, which does not permit to start it
            complete 1.1:A id=c3 <Work><k>1</k></Work> => done
            crash => ok
            launch pair:1.0 id=launch-1 => case 1 running at 0
            start 1:A id=c1 => started 1.1:A <Work><k>0</k></Work>
            complete 1.1:A id=c3 <Work><k>1</k></Work> => done
            cancel 1 id=c4 => done
            shutdown => ok
            start 1:A id=c1 => started 1.1:A <Work><k>0</k></Work>
            cancel 1 id=c4 => done
            cancel 1 id=c5 => case-not-running: the case is cancelled
            launch pair:1.0 => case 2 running at 0
            cases => 1 cancelled 0, 2 running 1, x running 1
        "#]],
    );
}

#[test]
fn a_refused_launch_may_be_sent_again() {
    check(
        "upload pair
         launch pair:1.0 id=l1 data=<Pair><k>x</k></Pair>
         launch pair:1.0 id=l1 data=<Pair><k>1</k></Pair>
         launch pair:1.0 id=l1 data=<Pair><k>1</k></Pair>
         cases",
        expect![[r#"
            upload pair => pair:1.0
            launch pair:1.0 id=l1 data=<Pair><k>x</k></Pair> => data-invalid: data is not valid for launch of net Pair: 1 violation(s), first /Pair/k: Invalid integer value 'x': invalid digit found in string
            launch pair:1.0 id=l1 data=<Pair><k>1</k></Pair> => case 2 running at 0
            launch pair:1.0 id=l1 data=<Pair><k>1</k></Pair> => case 2 running at 0
            cases => 2 running 1
        "#]],
    );
}

#[test]
fn cases_beyond_the_budget_are_evicted_and_come_back() {
    check_with(
        Config { hot_cases_max: 2, partitions: 1, ..config() },
        "upload pair
         launch pair:1.0
         launch pair:1.0
         launch pair:1.0
         launch pair:1.0
         items
         item 1:A
         start 1:A id=c1
         start 2:A
         start 3:A
         start 4:A
         item 1.1:A
         start 1:A id=c1
         complete 1.1:A <Work><k>1</k></Work>
         items
         case 1
         cases",
        expect![[r#"
            upload pair => pair:1.0
            launch pair:1.0 => case 1 running at 0
            launch pair:1.0 => case 2 running at 0
            launch pair:1.0 => case 3 running at 0
            launch pair:1.0 => case 4 running at 0
            items => 1:A Enabled, 2:A Enabled, 3:A Enabled, 4:A Enabled
            item 1:A => 1:A First Enabled None
            start 1:A id=c1 => started 1.1:A <Work><k>0</k></Work>
            start 2:A => started 2.1:A <Work><k>0</k></Work>
            start 3:A => started 3.1:A <Work><k>0</k></Work>
            start 4:A => started 4.1:A <Work><k>0</k></Work>
            item 1.1:A => 1.1:A First Executing Some("<Work><k>0</k></Work>")
            start 1:A id=c1 => started 1.1:A <Work><k>0</k></Work>
            complete 1.1:A <Work><k>1</k></Work> => done
            items => 1:B Enabled, 2.1:A Executing, 2:A Is parent, 3.1:A Executing, 3:A Is parent, 4.1:A Executing, 4:A Is parent
            case 1 => running | 1/c{A_B}=1 | 1:B Enabled | <Pair><k>1</k></Pair>
            cases => 1 running 1, 2 running 1, 3 running 1, 4 running 1
        "#]],
    );
}

#[test]
fn the_trace_of_a_case_survives_crash_and_snapshot_wherever_its_state_is() {
    const TRACE: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    run(async {
        // One case stays in memory at most: the others are read from the log.
        let mut world = World::disk(Config { hot_cases_max: 1, ..config() }).await;
        let launches =
            ["X", "Y", "Z"].map(|case| format!("launch pair:1.0 case={case} trace={TRACE}"));
        world.tell(&format!("upload pair\nregister ann work\n{}", launches.join("\n"))).await;
        world.tell("launch pair:1.0 case=untraced\nclaim ann 1\ncancel Z").await;
        let looks = "case X\ncase Y\ncase Z\ncase untraced";
        let said = world.tell(looks).await;
        assert_eq!(said.matches(TRACE).count(), 3, "{said}");
        for end in ["crash", "shutdown", "crash"] {
            world.tell(end).await;
            assert_eq!(world.tell(looks).await, said, "after {end}");
        }
    });
}
