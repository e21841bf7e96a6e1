//! Agents register, claim work under leases, bring results, and disappear.

use std::collections::BTreeMap;

use expect_test::expect;

use super::world::{World, check, config, people, run};
use crate::{ClaimRequest, ItemFilter};

#[test]
fn an_agent_claims_works_and_completes() {
    check(
        "upload pair
         launch pair:1.0 case=X
         launch pair:1.0 case=Y
         register ann work
         claim ann 5
         leases
         complete X.1:A <Work><k>1</k></Work>
         complete-held X.1:A 99 <Work><k>1</k></Work>
         complete-held X.1:A * <Work><k>1</k></Work>
         leases
         claim ann 5
         claim ann 5",
        expect![[r#"
            upload pair => pair:1.0
            launch pair:1.0 case=X => case X running at 0
            launch pair:1.0 case=Y => case Y running at 0
            register ann work => epoch 1 New
            claim ann 5 => Y.1:A epoch 2 attempt 1 <Work><k>0</k></Work>, X.1:A epoch 2 attempt 1 <Work><k>0</k></Work>
            leases => X.1:A Executing held by ann, failed 0; X:A Is parent; Y.1:A Executing held by ann, failed 0; Y:A Is parent
            complete X.1:A <Work><k>1</k></Work> => lease-held: work item X.1:A: it is held by ann under epoch 2
            complete-held X.1:A 99 <Work><k>1</k></Work> => stale-epoch: work item X.1:A: epoch 99 is not, or no longer, valid: the item has another holder
            complete-held X.1:A * <Work><k>1</k></Work> => Done
            leases => X:B Enabled; Y.1:A Executing held by ann, failed 0; Y:A Is parent
            claim ann 5 => X.2:B epoch 4 attempt 1 <Work><k>1</k></Work>
            claim ann 5 => nothing, come back later
        "#]],
    );
}

#[test]
fn an_agent_that_falls_silent_loses_its_item_and_its_late_result() {
    check(
        "upload pair
         launch pair:1.0 case=X
         register ann work
         claim ann 1
         advance 30000
         renew ann
         renew-lease X.1:A *
         advance 80000
         leases
         register bob work
         advance 91000
         leases
         claim bob 1
         complete-held X.1:A 2 <Work><k>1</k></Work>
         advance 92100
         claim bob 1
         complete-held X.1:A 2 <Work><k>1</k></Work>
         complete-held X.1:A * <Work><k>1</k></Work>
         agents
         advance 160000
         agents
         history X",
        expect![[r#"
            upload pair => pair:1.0
            launch pair:1.0 case=X => case X running at 0
            register ann work => epoch 1 New
            claim ann 1 => X.1:A epoch 2 attempt 1 <Work><k>0</k></Work>
            advance 30000 => ok
            renew ann => Renewed([Ok(Notice { draining: false, quarantined: false })])
            renew-lease X.1:A * => 60000 ms left
            advance 80000 => ok
            leases => X.1:A Executing held by ann, failed 0; X:A Is parent
            register bob work => epoch 2 New
            advance 91000 => ok
            leases => X.1:A Fired resting, failed 1; X:A Is parent
            claim bob 1 => nothing, come back later
            complete-held X.1:A 2 <Work><k>1</k></Work> => stale-epoch: work item X.1:A: epoch 2 is not, or no longer, valid: the lease ended, the item will be claimed again
            advance 92100 => ok
            claim bob 1 => X.1:A epoch 5 attempt 2 <Work><k>0</k></Work>
            complete-held X.1:A 2 <Work><k>1</k></Work> => stale-epoch: work item X.1:A: epoch 2 is not, or no longer, valid: the item has another holder
            complete-held X.1:A * <Work><k>1</k></Work> => Done
            agents => ann Stale, bob Live
            advance 160000 => ok
            agents => bob Stale
            history X => 
              0 launched X 
              0 net-started X net=Pair data=<Pair><k>0</k></Pair>
              0 enabled X:A 
              0 fired X/A consumed=i instances=1
              0 started X.1:A 
              0 claimed X.1:A holder=ann epoch=2 term_ms=60000
              91000 rolled-back X.1:A 
              91000 lease-expired X.1:A epoch=2 attempts=1 rest_ms=1000
              92100 rest-ended X.1:A 
              92100 started X.1:A 
              92100 claimed X.1:A holder=bob epoch=5 term_ms=60000
              92100 completed X.1:A how=normal output=<Work><k>1</k></Work>
              92100 exited X/A written=<k>1</k> emptied= produced=c{A_B}
              92100 enabled X:B 
              92100 lease-finished X.1:A 
        "#]],
    );
}

#[test]
fn an_item_that_fails_again_and_again_becomes_a_dead_letter() {
    let mut script = "upload pair\nlaunch pair:1.0 case=X\nregister ann work\n".to_owned();
    let mut now_ms = 0;
    for _ in 0..5 {
        now_ms += 40_000;
        script += &format!("renew ann\nclaim ann 1\nfail-held X.1:A *\nadvance {now_ms}\n");
    }
    script += "leases\nclaim ann 1\nrevive X.1:A\nclaim ann 1\nreturn-held X.1:A *\nclaim ann 1";
    check(
        &script,
        expect![[r#"
        upload pair => pair:1.0
        launch pair:1.0 case=X => case X running at 0
        register ann work => epoch 1 New
        renew ann => Renewed([Ok(Notice { draining: false, quarantined: false })])
        claim ann 1 => X.1:A epoch 2 attempt 1 <Work><k>0</k></Work>
        fail-held X.1:A * => Done
        advance 40000 => ok
        renew ann => Renewed([Ok(Notice { draining: false, quarantined: false })])
        claim ann 1 => X.1:A epoch 5 attempt 2 <Work><k>0</k></Work>
        fail-held X.1:A * => Done
        advance 80000 => ok
        renew ann => Renewed([Ok(Notice { draining: false, quarantined: false })])
        claim ann 1 => X.1:A epoch 8 attempt 3 <Work><k>0</k></Work>
        fail-held X.1:A * => Done
        advance 120000 => ok
        renew ann => Renewed([Ok(Notice { draining: false, quarantined: false })])
        claim ann 1 => X.1:A epoch 11 attempt 4 <Work><k>0</k></Work>
        fail-held X.1:A * => Done
        advance 160000 => ok
        renew ann => Renewed([Ok(Notice { draining: false, quarantined: false })])
        claim ann 1 => X.1:A epoch 14 attempt 5 <Work><k>0</k></Work>
        fail-held X.1:A * => Done
        advance 200000 => ok
        leases => X.1:A Fired dead-letter, failed 5; X:A Is parent
        claim ann 1 => nothing, come back later
        revive X.1:A => Done
        claim ann 1 => X.1:A epoch 17 attempt 1 <Work><k>0</k></Work>
        return-held X.1:A * => Done
        claim ann 1 => X.1:A epoch 19 attempt 1 <Work><k>0</k></Work>
    "#]],
    );
}

#[test]
fn a_hand_off_moves_an_item_in_one_step() {
    check(
        "upload pair
         launch pair:1.0 case=X
         register ann,bob work
         claim ann 1
         hand-off X.1:A * bob ann
         hand-off X.1:A * ann bob
         complete-held X.1:A 2 <Work><k>1</k></Work>
         leases
         complete-held X.1:A * <Work><k>1</k></Work>",
        expect![[r#"
            upload pair => pair:1.0
            launch pair:1.0 case=X => case X running at 0
            register ann,bob work => epoch 1 New, epoch 2 New
            claim ann 1 => X.1:A epoch 2 attempt 1 <Work><k>0</k></Work>
            hand-off X.1:A * bob ann => wrong-holder: work item X.1:A: it is held by ann, not by bob
            hand-off X.1:A * ann bob => HandedOff { item: "X.1:A", epoch: Epoch(3) }
            complete-held X.1:A 2 <Work><k>1</k></Work> => stale-epoch: work item X.1:A: epoch 2 is not, or no longer, valid: the item has another holder
            leases => X.1:A Executing held by bob, failed 0; X:A Is parent
            complete-held X.1:A * <Work><k>1</k></Work> => Done
        "#]],
    );
}

#[test]
fn operators_and_cancellation_end_a_lease() {
    check(
        "upload pair
         launch pair:1.0 case=X
         launch pair:1.0 case=Y
         register ann work
         claim ann 2
         rollback X.1:A
         cancel Y
         leases
         complete-held X.1:A 3 <Work><k>1</k></Work>
         claim ann 2
         suspend X.1:A
         advance 200000
         leases",
        expect![[r#"
            upload pair => pair:1.0
            launch pair:1.0 case=X => case X running at 0
            launch pair:1.0 case=Y => case Y running at 0
            register ann work => epoch 1 New
            claim ann 2 => Y.1:A epoch 2 attempt 1 <Work><k>0</k></Work>, X.1:A epoch 2 attempt 1 <Work><k>0</k></Work>
            rollback X.1:A => done
            cancel Y => done
            leases => X.1:A Fired; X:A Is parent
            complete-held X.1:A 3 <Work><k>1</k></Work> => stale-epoch: work item X.1:A: epoch 3 is not, or no longer, valid: nobody holds the item
            claim ann 2 => X.1:A epoch 4 attempt 1 <Work><k>0</k></Work>
            suspend X.1:A => done
            advance 200000 => ok
            leases => X.1:A Suspended held by ann, failed 0; X:A Is parent
        "#]],
    );
}

#[test]
fn nobody_who_should_not_gets_work() {
    check(
        "upload pair
         launch pair:1.0
         claim ann 1
         register ann,bob,eve work
         register zoe other
         quarantine bob it lied
         drain eve
         claim bob 1
         claim eve 1
         claim zoe 1
         advance 60001
         claim ann 1
         renew ann
         claim ann 1001
         claim ann 1",
        expect![[r#"
            upload pair => pair:1.0
            launch pair:1.0 => case 1 running at 0
            claim ann 1 => no-such-agent: the agent may not claim: no such agent is registered
            register ann,bob,eve work => epoch 1 New, epoch 2 New, epoch 3 New
            register zoe other => epoch 4 New
            quarantine bob it lied => Quarantined([Some(Slot(1))])
            drain eve => Draining([Ok(())])
            claim bob 1 => agent-quarantined: the agent may not claim: it is in quarantine: it lied
            claim eve 1 => agent-draining: the agent may not claim: it is draining
            claim zoe 1 => nothing, come back later
            advance 60001 => ok
            claim ann 1 => agent-not-renewed: the agent may not claim: it was last renewed 60001 ms ago: renew first
            renew ann => Renewed([Ok(Notice { draining: false, quarantined: false })])
            claim ann 1001 => too-large: the claim has 1001, allowed are 1000; send less at once
            claim ann 1 => 1.1:A epoch 2 attempt 1 <Work><k>0</k></Work>
        "#]],
    );
}

#[test]
fn leases_and_agents_outlive_a_crash_and_nobody_loses_by_it() {
    let said = run(async {
        let mut world = World::disk(config()).await;
        world
            .tell(
                "upload pair
                 launch pair:1.0 case=X
                 launch pair:1.0 case=Y
                 register ann,bob work
                 claim ann 1
                 advance 50000
                 crash
                 agents
                 leases
                 advance 100000
                 leases
                 renew ann
                 complete-held X.1:A * <Work><k>1</k></Work>
                 claim ann 5
                 shutdown
                 leases
                 advance 170000
                 leases
                 agents",
            )
            .await
    });
    expect![[r#"
        upload pair => pair:1.0
        launch pair:1.0 case=X => case X running at 0
        launch pair:1.0 case=Y => case Y running at 0
        register ann,bob work => epoch 1 New, epoch 2 New
        claim ann 1 => Y.1:A epoch 2 attempt 1 <Work><k>0</k></Work>
        advance 50000 => ok
        crash => ok
        agents => ann Live, bob Live
        leases => X:A Enabled; Y.1:A Executing held by ann, failed 0; Y:A Is parent
        advance 100000 => ok
        leases => X:A Enabled; Y.1:A Executing held by ann, failed 0; Y:A Is parent
        renew ann => Renewed([Ok(Notice { draining: false, quarantined: false })])
        complete-held X.1:A * <Work><k>1</k></Work> => stale-epoch: work item X.1:A: epoch 0 is not, or no longer, valid: nobody holds the item
        claim ann 5 => X.1:A epoch 2 attempt 1 <Work><k>0</k></Work>
        shutdown => ok
        leases => X.1:A Executing held by ann, failed 0; X:A Is parent; Y.1:A Executing held by ann, failed 0; Y:A Is parent
        advance 170000 => ok
        leases => X.1:A Fired resting, failed 1; X:A Is parent; Y.1:A Fired resting, failed 1; Y:A Is parent
        agents => ann Stale, bob Stale
    "#]].assert_eq(&said);
}

#[test]
fn a_waiting_claim_is_answered_when_work_comes_and_one_item_wakes_one_agent() {
    run(async {
        let mut world = World::memory(config()).await;
        world.tell("upload pair\nregister ann,bob work").await;
        let handle = world.handle();
        let claim = |name: &str| {
            let agent = people::whom(&handle, &name.parse().unwrap());
            handle.claim(ClaimRequest {
                agent,
                class: "test".to_owned(),
                capabilities: None,
                items_max: 3,
                wait_ms: 30_000,
                term_ms: 60_000,
            })
        };
        let (ann, bob) = (claim("ann"), claim("bob"));
        let (mut ann, mut bob) = (Box::pin(ann), Box::pin(bob));
        // Both are at the desk once it has answered something that came behind them.
        tokio::select! {
            biased;
            _ = &mut ann => unreachable!("there is no work"),
            _ = &mut bob => unreachable!("there is no work"),
            _ = handle.discovery() => {}
        }
        let more = handle.launch(crate::Launch {
            specification: "pair:1.0".to_owned(),
            data: Some("<Pair><k>0</k></Pair>".to_owned()),
            ..crate::Launch::default()
        });
        let (launched, granted) = tokio::join!(more, ann);
        launched.unwrap();
        let granted = granted.unwrap();
        assert_eq!(granted.items.len(), 1);
        let discovery = handle.discovery().await.unwrap();
        assert_eq!((discovery.claims, discovery.waiting), (1, 1), "the other one waits on");
        // Whoever goes away while it waits gets nothing.
        drop(bob);
        world.tell("launch pair:1.0\nadvance 30000").await;
        let held = world.handle().items(&ItemFilter::default(), None, 100).items;
        let by_holder = held.iter().filter(|item| item.lease.is_some()).count();
        assert_eq!(by_holder, 1);
    });
}

#[test]
fn a_claim_that_is_dropped_unread_gives_back_what_it_was_sent() {
    let said = run(async {
        let mut world = World::memory(config()).await;
        world.tell("upload pair\nregister ann,bob work").await;
        let handle = world.handle();
        let mut ann = Box::pin(handle.claim(ClaimRequest {
            agent: people::whom(&handle, &"ann".parse().unwrap()),
            class: "test".to_owned(),
            capabilities: None,
            items_max: 1,
            wait_ms: 30_000,
            term_ms: 60_000,
        }));
        tokio::select! {
            biased;
            _ = &mut ann => unreachable!("there is no work"),
            _ = handle.discovery() => {}
        }
        world.tell("launch pair:1.0 case=X").await;
        // Until the desk has answered and let go of the item.
        while handle.discovery().await.unwrap().claims > 0 {}
        let before = world.tell("leases").await;
        drop(ann);
        before + &world.tell("advance 0\nleases\nclaim bob 1").await
    });
    expect![[r#"
        leases => X.1:A Executing held by ann, failed 0; X:A Is parent
        advance 0 => ok
        leases => X.1:A Fired free, failed 0; X:A Is parent
        claim bob 1 => X.1:A epoch 4 attempt 1 <Work><k>0</k></Work>
    "#]]
    .assert_eq(&said);
}

#[test]
fn a_thousand_items_go_to_ten_agents_and_none_to_two() {
    run(async {
        let mut world = World::memory(config()).await;
        world.tell("upload pair").await;
        let handle = world.handle();
        let launch = crate::Launch {
            specification: "pair:1.0".to_owned(),
            data: Some("<Pair><k>0</k></Pair>".to_owned()),
            ..crate::Launch::default()
        };
        for answer in handle.launch_many(vec![launch; 500]).await {
            answer.unwrap();
        }
        let names: Vec<_> =
            (0..10).map(|number| format!("agent-{number}").parse().unwrap()).collect();
        people::register(&handle, names.clone(), &["work"]).await.unwrap();
        let mut holders: BTreeMap<(String, u64), usize> = BTreeMap::new();
        let mut completed = 0;
        while completed < 1000 {
            let claims = names.iter().map(|name| {
                handle.claim(ClaimRequest {
                    agent: people::whom(&handle, name),
                    class: "test".to_owned(),
                    capabilities: None,
                    items_max: 7,
                    wait_ms: 0,
                    term_ms: 60_000,
                })
            });
            for (agent, granted) in
                futures_util::future::join_all(claims).await.into_iter().enumerate()
            {
                for item in granted.unwrap().items {
                    let before = holders.insert((item.item.clone(), item.epoch.0), agent);
                    assert_eq!(before, None, "no epoch is given twice");
                    let data = "<Work><k>1</k></Work>".to_owned();
                    let complete =
                        crate::Command::CompleteHeld { item: item.item, data, epoch: item.epoch };
                    handle.command(&item.case, None, complete).await.unwrap();
                    completed += 1;
                }
            }
        }
        let items: std::collections::BTreeSet<_> = holders.keys().map(|(item, _)| item).collect();
        assert_eq!((holders.len(), items.len()), (1000, 1000));
        assert_eq!(world.tell("items").await, "items => \n");
    });
}
