//! Items for participants: from the net to a worklist and back, with restarts in between.

use std::fmt::Write as _;

use expect_test::expect;
use store::Fate;

use super::world::{World, check, config, run};
use crate::Config;

/// Clerks ann, bob and cid; a boss, dan; the net `given` asks for clerks, `ready` has the system start what it gives.
const PEOPLE: &str = "
    role clerk
    role boss
    person ann clerk
    person bob clerk
    person cid clerk
    person dan boss
    upload given
    upload ready
";

fn with_people(script: &str) -> String {
    format!("{PEOPLE}{script}")
}

/// What was said to the script behind [`PEOPLE`].
#[track_caller]
fn check_with_people(script: &str, want: expect_test::Expect) {
    let said = run(async {
        let mut world = World::memory(config()).await;
        world.tell(PEOPLE).await;
        world.tell(script).await
    });
    want.assert_eq(&said);
}

#[test]
fn an_item_is_offered_accepted_started_and_done() {
    check_with_people(
        "launch given:1.0
         worklist
         worklist ann
         register bot work
         claim bot 1
         by dan accept 1:A
         by ann start 1:A
         by ann accept 1:A
         by bob accept 1:A
         worklist
         by ann start 1:A
         worklist
         by ann start 1.1:A
         complete 1.1:A <Work><k>1</k></Work>
         worklist
         by ann accept 1:B
         by bob accept 1:B
         by bob start 1:B
         complete 1.2:B <Work><k>2</k></Work>
         worklist
         history 1",
        expect![[r#"
            launch given:1.0 => case 1 running at 0
            worklist => 1:A offered ann,bob,cid
            worklist ann => 1:A offered ann,bob,cid
            register bot work => epoch 1 New
            claim bot 1 => nothing, come back later
            by dan accept 1:A => not-offered: item 1:A is not offered to dan
            by ann start 1:A => wrong-queue: item 1:A is Offered
            by ann accept 1:A => done
            by bob accept 1:A => not-holder: item 1:A is ann's, not bob's
            worklist => 1:A allocated ann
            by ann start 1:A => taken 1.1:A <Work><k>0</k></Work>
            worklist => 1.1:A started ann
            by ann start 1.1:A => taken 1.1:A <Work><k>0</k></Work>
            complete 1.1:A <Work><k>1</k></Work> => done
            worklist => 1:B offered bob,cid
            by ann accept 1:B => not-offered: item 1:B is not offered to ann
            by bob accept 1:B => done
            by bob start 1:B => taken 1.2:B <Work><k>1</k></Work>
            complete 1.2:B <Work><k>2</k></Work> => done
            worklist => 
            history 1 => 
              0 launched 1 
              0 net-started 1 net=Pair data=<Pair><k>0</k></Pair>
              0 enabled 1:A 
              0 received 1:A 
              0 offered 1:A to=ann bob cid count=3
              0 allocated 1:A to=ann
              0 fired 1/A consumed=i instances=1
              0 started 1.1:A 
              0 taken 1:A by=ann
              0 completed 1.1:A how=normal output=<Work><k>1</k></Work>
              0 exited 1/A written=<k>1</k> emptied= produced=c{A_B}
              0 enabled 1:B 
              0 done 1.1:A by=ann
              0 received 1:B 
              0 offered 1:B to=bob cid count=2
              0 allocated 1:B to=bob
              0 fired 1/B consumed=c{A_B} instances=1
              0 started 1.2:B 
              0 taken 1:B by=bob
              0 completed 1.2:B how=normal output=<Work><k>2</k></Work>
              0 exited 1/B written=<k>2</k> emptied= produced=o
              0 case-ended 1 how=completed output=<Pair><k>2</k></Pair>
              0 done 1.2:B by=bob
        "#]],
    );
}

#[test]
fn what_the_system_starts_is_at_work_at_once_and_an_agent_has_it_under_a_lease() {
    check_with_people(
        "launch ready:1.0
         worklist
         register bot:1 work
         agent bot:1 clerk
         launch ready:1.0
         worklist
         remove-person ann
         remove-person bob
         remove-person cid
         launch ready:1.0
         worklist bot:1
         complete 3.1:A <Work><k>1</k></Work>
         renew-lease 3.1:A *
         complete-held 3.1:A * <Work><k>1</k></Work>
         worklist
         advance 1001
         worklist",
        expect![[r#"
            launch ready:1.0 => case 1 running at 0
            worklist => 1.1:A started ann
            register bot:1 work => epoch 1 New
            agent bot:1 clerk => done
            launch ready:1.0 => case 2 running at 0
            worklist => 1.1:A started ann; 2.1:A started ann
            remove-person ann => done
            remove-person bob => done
            remove-person cid => done
            launch ready:1.0 => case 3 running at 0
            worklist bot:1 => 3.1:A started bot:1 (held)
            complete 3.1:A <Work><k>1</k></Work> => lease-held: work item 3.1:A: it is held by bot:1 under epoch 4
            renew-lease 3.1:A * => 60000 ms left
            complete-held 3.1:A * <Work><k>1</k></Work> => Done
            worklist => 1.1:A started ann; 2.1:A started ann; 3:B unoffered NobodyNamed
            advance 1001 => ok
            worklist => 1.1:A started bot:1 (held); 2.1:A started bot:1 (held); 3:B unoffered NobodyNamed
        "#]],
    );
}

#[test]
fn a_lease_that_ends_and_an_agent_that_is_gone_leave_the_item_to_others() {
    check_with_people(
        "register bot:1,bot:2 work
         launch given:1.0
         admin allocate 1:A bot:1
         by bot:1 start 1:A
         worklist
         advance 30000
         renew bot:1,bot:2
         advance 61000
         worklist
         admin allocate 1.1:A bot:2
         by bot:2 start 1.1:A
         advance 63000
         renew bot:1,bot:2
         by bot:2 start 1.1:A
         deregister bot:2
         worklist
         advance 65000
         worklist
         admin offer 1.1:A bot:1
         worklist
         deregister bot:1
         advance 70000
         worklist",
        expect![[r#"
            register bot:1,bot:2 work => epoch 1 New, epoch 2 New
            launch given:1.0 => case 1 running at 0
            admin allocate 1:A bot:1 => done
            by bot:1 start 1:A => taken 1.1:A epoch 3 <Work><k>0</k></Work>
            worklist => 1.1:A started bot:1 (held)
            advance 30000 => ok
            renew bot:1,bot:2 => Renewed([Ok(Notice { draining: false, quarantined: false }), Ok(Notice { draining: false, quarantined: false })])
            advance 61000 => ok
            worklist => 1.1:A offered ann,bob,cid (resting)
            admin allocate 1.1:A bot:2 => done
            by bot:2 start 1.1:A => item-resting: work item 1.1:A: it rests for 1000 ms after attempt 1
            advance 63000 => ok
            renew bot:1,bot:2 => Renewed([Ok(Notice { draining: false, quarantined: false }), Ok(Notice { draining: false, quarantined: false })])
            by bot:2 start 1.1:A => taken 1.1:A epoch 7 <Work><k>0</k></Work>
            deregister bot:2 => Deregistered([Ok(())])
            worklist => 1.1:A started bot:2 (held)
            advance 65000 => ok
            worklist => 1.1:A offered ann,bob,cid
            admin offer 1.1:A bot:1 => done
            worklist => 1.1:A offered bot:1
            deregister bot:1 => Deregistered([Ok(())])
            advance 70000 => ok
            worklist => 1.1:A offered ann,bob,cid
        "#]],
    );
}

#[test]
fn participants_do_with_an_item_what_their_task_lets_them() {
    check_with_people(
        "launch given:1.0
         by ann accept 1:A
         by ann deallocate 1:A
         worklist
         by bob accept 1:A
         by bob delegate 1:A dan
         by bob start 1:A
         by dan start 1:A
         by dan suspend 1.1:A
         worklist
         items
         by dan resume 1.1:A
         by dan reallocate-stateful 1.1:A ann
         by ann reallocate-stateless 1.1:A bob
         worklist
         by bob suspend 1.1:A
         admin redistribute 1.1:A
         worklist
         items
         by cid accept 1.1:A
         by cid skip 1.1:A
         launch given:1.0
         by ann accept 2:A
         by ann skip 2:A
         worklist
         cases",
        expect![[r#"
            launch given:1.0 => case 1 running at 0
            by ann accept 1:A => done
            by ann deallocate 1:A => done
            worklist => 1:A offered bob,cid
            by bob accept 1:A => done
            by bob delegate 1:A dan => done
            by bob start 1:A => not-holder: item 1:A is dan's, not bob's
            by dan start 1:A => taken 1.1:A <Work><k>0</k></Work>
            by dan suspend 1.1:A => done
            worklist => 1.1:A suspended dan
            items => 1.1:A Suspended, 1:A Is parent
            by dan resume 1.1:A => done
            by dan reallocate-stateful 1.1:A ann => done
            by ann reallocate-stateless 1.1:A bob => done
            worklist => 1.1:A started bob
            by bob suspend 1.1:A => done
            admin redistribute 1.1:A => done
            worklist => 1.1:A offered bob,cid
            items => 1.1:A Fired, 1:A Is parent
            by cid accept 1.1:A => done
            by cid skip 1.1:A => wrong-status: work item 1.1:A is Fired, which does not permit to skip it
            launch given:1.0 => case 2 running at 0
            by ann accept 2:A => done
            by ann skip 2:A => done
            worklist => 1.1:A allocated cid; 2:B offered ann,bob,cid
            cases => 1 running 1, 2 running 1
        "#]],
    );
}

#[test]
fn piles_and_chains_bring_items_started() {
    check_with_people(
        "launch given:1.0
         launch given:1.0
         by ann accept 1:A
         by ann pile 1:A
         worklist
         launch given:1.0
         worklist ann
         organisation
         unpile-task given:1.0 A ann
         launch given:1.0
         worklist
         by bob chain 2:A
         by cid chain 2.1:A
         complete 2.1:A <Work><k>1</k></Work>
         worklist bob
         unchain 2 cid
         unchain 2 bob
         cancel 2
         worklist",
        expect![[r#"
            launch given:1.0 => case 1 running at 0
            launch given:1.0 => case 2 running at 0
            by ann accept 1:A => done
            by ann pile 1:A => taken 1.1:A <Work><k>0</k></Work>
            worklist => 1.1:A started ann; 2:A offered ann,bob,cid
            launch given:1.0 => case 3 running at 0
            worklist ann => 1.1:A started ann; 2:A offered ann,bob,cid; 3.1:A started ann
            organisation => 
              role boss above None
              role clerk above None
              Person ann {RoleId("clerk")} {} {}
              Person bob {RoleId("clerk")} {} {}
              Person cid {RoleId("clerk")} {} {}
              Person dan {RoleId("boss")} {} {}
              A of given:1.0 piled by ann
            unpile-task given:1.0 A ann => done
            launch given:1.0 => case 4 running at 0
            worklist => 1.1:A started ann; 2:A offered ann,bob,cid; 3.1:A started ann; 4:A offered ann,bob,cid
            by bob chain 2:A => taken 2.1:A <Work><k>0</k></Work>
            by cid chain 2.1:A => wrong-queue: item 2.1:A is Started
            complete 2.1:A <Work><k>1</k></Work> => done
            worklist bob => 4:A offered ann,bob,cid
            unchain 2 cid => case-chained: the case 2 is chained by bob
            unchain 2 bob => done
            cancel 2 => done
            worklist => 1.1:A started ann; 3.1:A started ann; 4:A offered ann,bob,cid
        "#]],
    );
}

#[test]
fn an_administrator_has_what_nobody_can_take() {
    check(
        "upload given
         role clerk
         launch given:1.0
         worklist
         person ann clerk
         admin redistribute 1:A
         worklist
         admin start-for 1:A ann
         worklist
         admin allocate 1.1:A ann
         admin start-for 9:A ann
         by ann start 9:A
         by ann start 1:C
         by ann start x:A",
        expect![[r#"
            upload given => given:1.0
            role clerk => done
            launch given:1.0 => case 1 running at 0
            worklist => 1:A unoffered NobodyNamed
            person ann clerk => done
            admin redistribute 1:A => done
            worklist => 1:A offered ann
            admin start-for 1:A ann => taken 1.1:A <Work><k>0</k></Work>
            worklist => 1.1:A started ann
            admin allocate 1.1:A ann => wrong-queue: item 1.1:A is Started
            admin start-for 9:A ann => no-such-case: no case 9
            by ann start 9:A => no-such-case: no case 9
            by ann start 1:C => no-such-item: no work item 1:C
            by ann start x:A => no-such-case: no case x
        "#]],
    );
}

#[test]
fn whoever_acts_on_the_net_itself_is_followed() {
    check_with_people(
        "launch given:1.0
         by ann accept 1:A
         start 1:A
         worklist
         rollback 1.1:A
         worklist
         by bob accept 1.1:A
         by bob start 1.1:A
         suspend 1.1:A
         worklist
         unsuspend 1.1:A
         worklist
         rollback 1.1:A
         worklist
         skip 1.1:A
         cancel-item 1.1:A
         launch given:1.0
         skip 2:A
         worklist
         suspend-case 2
         by ann accept 2:B
         resume-case 2
         by ann accept 2:B
         worklist
         cancel 2
         worklist",
        expect![[r#"
            launch given:1.0 => case 1 running at 0
            by ann accept 1:A => done
            start 1:A => started 1.1:A <Work><k>0</k></Work>
            worklist => 
            rollback 1.1:A => done
            worklist => 1.1:A offered ann,bob,cid
            by bob accept 1.1:A => done
            by bob start 1.1:A => taken 1.1:A <Work><k>0</k></Work>
            suspend 1.1:A => done
            worklist => 1.1:A suspended bob
            unsuspend 1.1:A => done
            worklist => 1.1:A started bob
            rollback 1.1:A => done
            worklist => 1.1:A offered ann,bob,cid
            skip 1.1:A => wrong-status: work item 1.1:A is Fired, which does not permit to skip it
            cancel-item 1.1:A => wrong-status: work item 1.1:A is Fired, which does not permit to cancel it
            launch given:1.0 => case 2 running at 0
            skip 2:A => started 2.1:A <Work><k>0</k></Work>
            worklist => 1.1:A offered ann,bob,cid; 2:B offered ann,bob,cid
            suspend-case 2 => done
            by ann accept 2:B => done
            resume-case 2 => done
            by ann accept 2:B => done
            worklist => 1.1:A offered ann,bob,cid; 2:B allocated ann
            cancel 2 => done
            worklist => 1.1:A offered ann,bob,cid
        "#]],
    );
}

#[test]
fn a_command_sent_twice_is_answered_twice_and_done_once() {
    check_with_people(
        "launch given:1.0
         by ann id=c1 accept 1:A
         by ann id=c1 accept 1:A
         by ann id=c2 start 1:A
         by ann id=c2 start 1:A
         crash
         by ann id=c2 start 1:A
         worklist",
        expect![[r#"
            launch given:1.0 => case 1 running at 0
            by ann id=c1 accept 1:A => done
            by ann id=c1 accept 1:A => done
            by ann id=c2 start 1:A => taken 1.1:A <Work><k>0</k></Work>
            by ann id=c2 start 1:A => taken 1.1:A <Work><k>0</k></Work>
            crash => ok
            by ann id=c2 start 1:A => taken 1.1:A <Work><k>0</k></Work>
            worklist => 1.1:A started ann
        "#]],
    );
}

const SCRIPT: &str = "
    register bot:1 work
    launch given:1.0
    launch ready:1.0
    by ann accept 1:A
    by ann start 1:A
    launch given:1.0
    by bob accept 3:A
    by bob deallocate 3:A
    by cid accept 3:A
    by cid delegate 3:A bot:1
    by bot:1 start 3:A
    complete 1.1:A <Work><k>1</k></Work>
    by bob chain 1:B
    by bob suspend 1.2:B
    launch given:1.0
    by ann accept 4:A
    by ann pile 4:A
    launch given:1.0
    complete-held 3.1:A * <Work><k>1</k></Work>
    admin start-for 3:B bot:1
    rollback 3.2:B
    cancel 5
    launch ready:1.0
    complete 6.1:A <Work><k>1</k></Work>
";

const SHOW: &str = "
    cases
    items
    worklist
    worklist ann
    worklist bot:1
    leases
    history 1
    history 3
    history 6
";

#[derive(Clone, Copy, Debug)]
enum Between {
    Nothing,
    Crash,
    Shutdown,
}

async fn seen(mut world: World, between: Between) -> String {
    world.tell(PEOPLE).await;
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
fn a_restart_after_every_step_changes_no_worklist() {
    run(async {
        let small = || Config { hot_cases_max: 1, snapshot_every_records: 2, ..config() };
        let want = seen(World::memory(config()).await, Between::Nothing).await;
        assert!(want.contains("suspended bob"), "{want}");
        for between in [Between::Crash, Between::Shutdown] {
            let got = seen(World::memory(small()).await, between).await;
            assert_eq!(got, want, "in memory, {between:?}");
            let got = seen(World::disk(small()).await, between).await;
            assert_eq!(got, want, "on disk, {between:?}");
        }
        let got = seen(World::memory(small()).await, Between::Nothing).await;
        assert_eq!(got, want, "little kept");
    });
}

#[test]
fn a_task_whose_resourcing_cannot_be_read_is_refused() {
    check(
        "upload given wrong
         upload given nowhere
         launch given:1.0
         worklist
         register bot work
         claim bot 1",
        expect![[r#"
            upload given wrong => specification-invalid
            upload given nowhere => given:1.0
            launch given:1.0 => case 1 running at 0
            worklist => 
            register bot work => epoch 1 New
            claim bot 1 => 1.1:A epoch 2 attempt 1 <Work><k>0</k></Work>
        "#]],
    );
}

#[test]
fn everywhere_offers_what_asks_for_nobody_to_everybody() {
    let script = with_people(
        "upload pair everywhere
         launch pair:1.0
         worklist
         by dan accept 1:A
         by dan start 1:A
         worklist",
    );
    let said = run(async { World::memory(config()).await.tell(&script).await });
    let told: Vec<&str> = said.lines().skip(8).collect();
    expect![[r#"
        upload pair everywhere => pair:1.0
        launch pair:1.0 => case 1 running at 0
        worklist => 1:A offered ann,bob,cid,dan
        by dan accept 1:A => done
        by dan start 1:A => taken 1.1:A <Work><k>0</k></Work>
        worklist => 1.1:A started dan"#]]
    .assert_eq(&told.join("\n"));
}

/// What is said when the write of an acceptance ends as `fate`, and what the next start finds.
async fn after(fate: Fate) -> String {
    let mut world = World::memory(Config { partitions: 1, ..config() }).await;
    world.tell(PEOPLE).await;
    world.tell("launch given:1.0").await;
    world.storage.memory_of(0).unwrap().arrange(fate);
    let mut said = world.tell("by ann id=c1 accept 1:A\nworklist").await;
    world.node().failed().await;
    world.crash().await;
    said += &world.tell("worklist\nby ann id=c1 accept 1:A\nworklist ann\nworklist bob").await;
    said
}

#[test]
fn an_acceptance_that_was_lost_was_told_to_nobody_and_one_that_was_kept_stands() {
    expect![[r#"
        by ann id=c1 accept 1:A => fault: partition 0 has stopped
        worklist => 1:A offered ann,bob,cid
        worklist => 1:A offered ann,bob,cid
        by ann id=c1 accept 1:A => done
        worklist ann => 1:A allocated ann
        worklist bob => 
    "#]]
    .assert_eq(&run(after(Fate::Lost)));
    expect![[r#"
        by ann id=c1 accept 1:A => fault: partition 0 has stopped
        worklist => 1:A offered ann,bob,cid
        worklist => 1:A allocated ann
        by ann id=c1 accept 1:A => done
        worklist ann => 1:A allocated ann
        worklist bob => 
    "#]]
    .assert_eq(&run(after(Fate::Kept)));
}
