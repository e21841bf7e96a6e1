//! Items under review: several agents answer, one answer counts.

use expect_test::expect;

use super::world::{World, check, config, people, run};
use crate::{ClaimRequest, Config};

const X: &str = "<Judge><k>1</k></Judge>";
const Y: &str = "<Judge><k>2</k></Judge>";
const Z: &str = "<Judge><k>3</k></Judge>";

/// A script in which `X`, `Y` and `Z` stand for answers.
fn script(text: &str) -> String {
    let word = |word: &str| match word {
        "X" => X.to_owned(),
        "Y" => Y.to_owned(),
        "Z" => Z.to_owned(),
        other => other.to_owned(),
    };
    let line = |line: &str| line.split(' ').map(word).collect::<Vec<_>>().join(" ");
    text.lines().map(|one| line(one.trim())).collect::<Vec<_>>().join("\n")
}

const BEGUN: &str = "
    upload judged
    launch judged:1.0 case=c
    register ann,bob,cem,dan work
    register judge word
";

fn begun(rest: &str) -> String {
    script(&format!("{BEGUN}{rest}"))
}

#[test]
fn three_agents_answer_at_once_and_the_item_is_completed_once() {
    check(
        &begun(
            "review c:A
             claim ann 5
             claim bob 5
             claim ann 5
             reviews
             claim cem 5
             claim dan 5
             vote ann c.1:A 0.9 X
             vote bob c.1:A 0.8 <Judge> <k>1</k> </Judge>
             review c.1:A
             items
             vote cem c.1:A 1 Y
             review c.1:A
             reviews
             items
             history c",
        ),
        expect![[r#"
            upload judged => judged:1.0
            launch judged:1.0 case=c => case c running at 0
            register ann,bob,cem,dan work => epoch 1 New, epoch 2 New, epoch 3 New, epoch 4 New
            register judge word => epoch 5 New
            review c:A => c:A voting 0 of 3
            claim ann 5 => c.1:A epoch 2 attempt 1 <Judge><k>0</k></Judge> (ballot 1 of 3)
            claim bob 5 => c.1:A epoch 3 attempt 1 <Judge><k>0</k></Judge> (ballot 2 of 3)
            claim ann 5 => nothing, come back later
            reviews => c.1:A voting 0 of 3
            claim cem 5 => c.1:A epoch 4 attempt 1 <Judge><k>0</k></Judge> (ballot 3 of 3)
            claim dan 5 => nothing, come back later
            vote ann c.1:A 0.9 <Judge><k>1</k></Judge> => Done
            vote bob c.1:A 0.8 <Judge> <k>1</k> </Judge> => Done
            review c.1:A => c.1:A voting 2 of 3; ann 1 0.9 <Judge><k>1</k></Judge>; bob 2 0.8 <Judge><k>1</k></Judge>; ballot 3 held by cem; 2 for <Judge><k>1</k></Judge>
            items => c.1:A Executing, c:A Is parent
            vote cem c.1:A 1 <Judge><k>2</k></Judge> => Done
            review c.1:A => no-such-item: no work item c.1:A
            reviews => 
            items => c:B Enabled
            history c => 
              0 launched c 
              0 net-started c net=Judged data=<Judged><k>0</k></Judged>
              0 enabled c:A 
              0 fired c/A consumed=i instances=1
              0 started c.1:A 
              0 ballot-claimed c.1:A ballot=1 holder=ann epoch=2 term_ms=60000
              0 ballot-claimed c.1:A ballot=2 holder=bob epoch=3 term_ms=60000
              0 ballot-claimed c.1:A ballot=3 holder=cem epoch=4 term_ms=60000
              0 voted c.1:A agent=ann epoch=2 confidence=0.9 answer=<Judge><k>1</k></Judge> reasoning=as it seems
              0 ballot-used c.1:A ballot=1
              0 voted c.1:A agent=bob epoch=3 confidence=0.8 answer=<Judge><k>1</k></Judge> reasoning=as it seems
              0 ballot-used c.1:A ballot=2
              0 completed c.1:A how=normal output=<Judge><k>1</k></Judge>
              0 exited c/A written=<k>1</k> emptied= produced=c{A_B}
              0 enabled c:B 
              0 voted c.1:A agent=cem epoch=4 confidence=1 answer=<Judge><k>2</k></Judge> reasoning=as it seems
              0 ballot-used c.1:A ballot=3
              0 review-agreed c.1:A answer=<Judge><k>1</k></Judge>
              0 review-closed c.1:A 
        "#]],
    );
}

#[test]
fn a_ballot_that_is_not_renewed_goes_to_another_and_a_late_vote_is_refused() {
    check(
        &begun(
            "claim ann 1
             claim bob 1
             advance 50000
             renew-ballot bob c.1:A
             renew dan,cem
             advance 61000
             review c.1:A
             vote 2 c.1:A 1 X
             advance 62500
             claim dan 1
             claim cem 1
             review c.1:A
             vote 2 c.1:A 1 X
             vote dan c.1:A 1 X
             vote bob c.1:A 1 X
             give-up bob c.1:A
             review c.1:A",
        ),
        expect![[r#"
            upload judged => judged:1.0
            launch judged:1.0 case=c => case c running at 0
            register ann,bob,cem,dan work => epoch 1 New, epoch 2 New, epoch 3 New, epoch 4 New
            register judge word => epoch 5 New
            claim ann 1 => c.1:A epoch 2 attempt 1 <Judge><k>0</k></Judge> (ballot 1 of 3)
            claim bob 1 => c.1:A epoch 3 attempt 1 <Judge><k>0</k></Judge> (ballot 2 of 3)
            advance 50000 => ok
            renew-ballot bob c.1:A => 60000 ms left
            renew dan,cem => Renewed([Ok(Notice { draining: false, quarantined: false }), Ok(Notice { draining: false, quarantined: false })])
            advance 61000 => ok
            review c.1:A => c.1:A voting 0 of 3; ballot 1 resting; ballot 2 held by bob
            vote 2 c.1:A 1 <Judge><k>1</k></Judge> => stale-epoch: work item c.1:A: epoch 2 is not, or no longer, valid: the lease ended, the item will be claimed again
            advance 62500 => ok
            claim dan 1 => c.1:A epoch 6 attempt 1 <Judge><k>0</k></Judge> (ballot 3 of 3)
            claim cem 1 => c.1:A epoch 7 attempt 2 <Judge><k>0</k></Judge> (ballot 1 of 3)
            review c.1:A => c.1:A voting 0 of 3; ballot 1 held by cem; ballot 2 held by bob; ballot 3 held by dan
            vote 2 c.1:A 1 <Judge><k>1</k></Judge> => stale-epoch: work item c.1:A: epoch 2 is not, or no longer, valid: no ballot of the item is held under it
            vote dan c.1:A 1 <Judge><k>1</k></Judge> => Done
            vote bob c.1:A 1 <Judge><k>1</k></Judge> => Done
            give-up bob c.1:A => stale-epoch: work item c.1:A: epoch 0 is not, or no longer, valid: no ballot of the item is held under it
            review c.1:A => c.1:A voting 2 of 3; bob 2 1 <Judge><k>1</k></Judge>; dan 3 1 <Judge><k>1</k></Judge>; ballot 1 held by cem; 2 for <Judge><k>1</k></Judge>
        "#]],
    );
}

#[test]
fn what_the_votes_do_not_settle_goes_to_the_arbiter_by_name() {
    check(
        &begun(
            "claim judge 5
             claim ann 1
             claim bob 1
             claim cem 1
             hand-ballot ann c.1:A bob
             hand-ballot ann c.1:A dan
             vote dan c.1:A 0.9 X
             vote bob c.1:A 0.9 Y
             vote cem c.1:A 0.9 Z
             reviews escalated
             claim ann 5
             claim judge 5
             vote cem c.1:A 0.9 X
             give-back judge c.1:A
             claim judge 5
             vote judge c.1:A 1 Y
             items
             reviews",
        ),
        expect![[r#"
            upload judged => judged:1.0
            launch judged:1.0 case=c => case c running at 0
            register ann,bob,cem,dan work => epoch 1 New, epoch 2 New, epoch 3 New, epoch 4 New
            register judge word => epoch 5 New
            claim judge 5 => nothing, come back later
            claim ann 1 => c.1:A epoch 2 attempt 1 <Judge><k>0</k></Judge> (ballot 1 of 3)
            claim bob 1 => c.1:A epoch 3 attempt 1 <Judge><k>0</k></Judge> (ballot 2 of 3)
            claim cem 1 => c.1:A epoch 4 attempt 1 <Judge><k>0</k></Judge> (ballot 3 of 3)
            hand-ballot ann c.1:A bob => ballot-refused: work item c.1:A: agent bob holds a ballot of it, or has voted
            hand-ballot ann c.1:A dan => HandedOff { item: "c.1:A", epoch: Epoch(5) }
            vote dan c.1:A 0.9 <Judge><k>1</k></Judge> => Done
            vote bob c.1:A 0.9 <Judge><k>2</k></Judge> => Done
            vote cem c.1:A 0.9 <Judge><k>3</k></Judge> => Done
            reviews escalated => c.1:A escalated 3 of 3
            claim ann 5 => nothing, come back later
            claim judge 5 => c.1:A epoch 9 attempt 1 <Judge><k>0</k></Judge> (the arbiter's ballot bob cem dan)
            vote cem c.1:A 0.9 <Judge><k>1</k></Judge> => stale-epoch: work item c.1:A: epoch 0 is not, or no longer, valid: no ballot of the item is held under it
            give-back judge c.1:A => Done
            claim judge 5 => c.1:A epoch 11 attempt 1 <Judge><k>0</k></Judge> (the arbiter's ballot bob cem dan)
            vote judge c.1:A 1 <Judge><k>2</k></Judge> => Done
            items => c:B Enabled
            reviews => 
        "#]],
    );
}

#[test]
fn a_person_settles_what_the_arbiter_does_not() {
    check(
        &begun(
            "claim ann 1
             claim bob 1
             vote ann c.1:A 0.9 X
             resolve c.1:A eve Y
             advance 3601000
             reviews
             register judge word
             claim judge 1
             advance 3662000
             advance 3664000
             register judge word
             claim judge 1
             advance 7202000
             reviews human-needed
             vote judge c.1:A 1 Y
             resolve c.1:A eve <Judge><k>many</k></Judge>
             resolve c.1:A eve Z
             reviews
             items",
        ),
        expect![[r#"
            upload judged => judged:1.0
            launch judged:1.0 case=c => case c running at 0
            register ann,bob,cem,dan work => epoch 1 New, epoch 2 New, epoch 3 New, epoch 4 New
            register judge word => epoch 5 New
            claim ann 1 => c.1:A epoch 2 attempt 1 <Judge><k>0</k></Judge> (ballot 1 of 3)
            claim bob 1 => c.1:A epoch 3 attempt 1 <Judge><k>0</k></Judge> (ballot 2 of 3)
            vote ann c.1:A 0.9 <Judge><k>1</k></Judge> => Done
            resolve c.1:A eve <Judge><k>2</k></Judge> => no-person-asked: work item c.1:A: the review is in voting: no answer of a person is waited for
            advance 3601000 => ok
            reviews => c.1:A escalated 1 of 3
            register judge word => epoch 6 New
            claim judge 1 => c.1:A epoch 7 attempt 1 <Judge><k>0</k></Judge> (the arbiter's ballot ann)
            advance 3662000 => ok
            advance 3664000 => ok
            register judge word => epoch 6 Same
            claim judge 1 => c.1:A epoch 10 attempt 2 <Judge><k>0</k></Judge> (the arbiter's ballot ann)
            advance 7202000 => ok
            reviews human-needed => c.1:A human-needed 1 of 3
            vote judge c.1:A 1 <Judge><k>2</k></Judge> => stale-epoch: work item c.1:A: epoch 0 is not, or no longer, valid: no ballot of the item is held under it
            resolve c.1:A eve <Judge><k>many</k></Judge> => data-invalid: data is not valid for output of task A: 1 violation(s), first /Judge/k: Invalid integer value 'many': invalid digit found in string
            resolve c.1:A eve <Judge><k>3</k></Judge> => Done
            reviews => 
            items => c:B Enabled
        "#]],
    );
}

#[test]
fn an_item_that_nobody_settles_is_a_dead_letter_until_it_is_reviewed_anew() {
    check(
        &script(
            "upload judged alone
             launch alone:1.0 case=c
             register ann,bob,cem work
             claim ann 1
             claim bob 1
             claim cem 1
             vote ann c.1:A 0.9 X
             vote bob c.1:A 0.9 Y
             vote cem c.1:A 0.9 Z
             leases
             reviews
             review c.1:A
             claim ann 1
             resolve c.1:A eve Z
             revive c.1:A
             reviews
             claim ann 1
             claim bob 1
             vote ann c.1:A 0.9 X
             vote bob c.1:A 0.9 X
             claim cem 1
             vote cem c.1:A 0.9 X
             items",
        ),
        expect![[r#"
            upload judged alone => alone:1.0
            launch alone:1.0 case=c => case c running at 0
            register ann,bob,cem work => epoch 1 New, epoch 2 New, epoch 3 New
            claim ann 1 => c.1:A epoch 2 attempt 1 <Judge><k>0</k></Judge> (ballot 1 of 3)
            claim bob 1 => c.1:A epoch 3 attempt 1 <Judge><k>0</k></Judge> (ballot 2 of 3)
            claim cem 1 => c.1:A epoch 4 attempt 1 <Judge><k>0</k></Judge> (ballot 3 of 3)
            vote ann c.1:A 0.9 <Judge><k>1</k></Judge> => Done
            vote bob c.1:A 0.9 <Judge><k>2</k></Judge> => Done
            vote cem c.1:A 0.9 <Judge><k>3</k></Judge> => Done
            leases => c.1:A Fired dead-letter, failed 1; c:A Is parent
            reviews => c.1:A unresolved 3 of 3
            review c.1:A => c.1:A unresolved 3 of 3; ann 1 0.9 <Judge><k>1</k></Judge>; bob 2 0.9 <Judge><k>2</k></Judge>; cem 3 0.9 <Judge><k>3</k></Judge>; 1 for <Judge><k>1</k></Judge>; 1 for <Judge><k>2</k></Judge>; 1 for <Judge><k>3</k></Judge>
            claim ann 1 => nothing, come back later
            resolve c.1:A eve <Judge><k>3</k></Judge> => no-person-asked: work item c.1:A: the review is unresolved: no answer of a person is waited for
            revive c.1:A => Done
            reviews => 
            claim ann 1 => c.1:A epoch 9 attempt 1 <Judge><k>0</k></Judge> (ballot 1 of 3)
            claim bob 1 => c.1:A epoch 10 attempt 1 <Judge><k>0</k></Judge> (ballot 2 of 3)
            vote ann c.1:A 0.9 <Judge><k>1</k></Judge> => Done
            vote bob c.1:A 0.9 <Judge><k>1</k></Judge> => Done
            claim cem 1 => c.1:A epoch 13 attempt 1 <Judge><k>0</k></Judge> (ballot 3 of 3)
            vote cem c.1:A 0.9 <Judge><k>1</k></Judge> => Done
            items => c:B Enabled
        "#]],
    );
}

#[test]
fn nobody_goes_round_a_review_but_operators_may_end_it() {
    check(
        &begun(
            "start c:A
             revive c:A
             claim ann 1
             start c.1:A
             complete c.1:A X
             complete-held c.1:A 99 X
             resolve c.1:A eve X
             vote ann c.1:A 1 <Judge><k>many</k></Judge>
             vote ann c.1:A 1 <Wrong/>
             review c.1:A
             suspend c.1:A
             vote ann c.1:A 1 X
             advance 4000000
             review c.1:A
             unsuspend c.1:A
             rollback c.1:A
             reviews
             vote 3 c.1:A 1 X
             register ann,bob work
             claim ann 1
             cancel c
             reviews
             review c.1:A
             launch judged:1.0 case=d
             claim bob 1
             review d.1:A
             complete-held d.1:A 8 X
             resolve d.1:B eve X
             review d:B",
        ),
        expect![[r#"
            upload judged => judged:1.0
            launch judged:1.0 case=c => case c running at 0
            register ann,bob,cem,dan work => epoch 1 New, epoch 2 New, epoch 3 New, epoch 4 New
            register judge word => epoch 5 New
            start c:A => ballot-needed: work item c:A: its task asks for a review by 3 agents: claim a ballot, and bring the result under its epoch
            revive c:A => not-a-dead-letter: work item c:A: it is no dead letter
            claim ann 1 => c.1:A epoch 2 attempt 1 <Judge><k>0</k></Judge> (ballot 1 of 3)
            start c.1:A => wrong-status: work item c.1:A is Executing, which does not permit to start it
            complete c.1:A <Judge><k>1</k></Judge> => ballot-needed: work item c.1:A: its task asks for a review by 3 agents: claim a ballot, and bring the result under its epoch
            complete-held c.1:A 99 <Judge><k>1</k></Judge> => stale-epoch: work item c.1:A: epoch 99 is not, or no longer, valid: no ballot of the item is held under it
            resolve c.1:A eve <Judge><k>1</k></Judge> => no-person-asked: work item c.1:A: the review is in voting: no answer of a person is waited for
            vote ann c.1:A 1 <Judge><k>many</k></Judge> => data-invalid: data is not valid for output of task A: 1 violation(s), first /Judge/k: Invalid integer value 'many': invalid digit found in string
            vote ann c.1:A 1 <Wrong/> => data-invalid: data is not valid for output of task A: 1 violation(s), first /Wrong: the element is incomplete: k is expected
            review c.1:A => c.1:A voting 0 of 3; ballot 1 held by ann
            suspend c.1:A => done
            vote ann c.1:A 1 <Judge><k>1</k></Judge> => wrong-status: work item c.1:A is Suspended, which does not permit to complete it
            advance 4000000 => ok
            review c.1:A => c.1:A voting 0 of 3; ballot 1 held by ann
            unsuspend c.1:A => done
            rollback c.1:A => done
            reviews => 
            vote 3 c.1:A 1 <Judge><k>1</k></Judge> => stale-epoch: work item c.1:A: epoch 3 is not, or no longer, valid: no ballot of the item is held under it
            register ann,bob work => epoch 6 New, epoch 7 New
            claim ann 1 => c.1:A epoch 6 attempt 1 <Judge><k>0</k></Judge> (ballot 2 of 3)
            cancel c => done
            reviews => 
            review c.1:A => no-such-item: no work item c.1:A
            launch judged:1.0 case=d => case d running at 4000000
            claim bob 1 => d.1:A epoch 2 attempt 1 <Judge><k>0</k></Judge> (ballot 1 of 3)
            review d.1:A => d.1:A voting 0 of 3; ballot 1 held by bob
            complete-held d.1:A 8 <Judge><k>1</k></Judge> => stale-epoch: work item d.1:A: epoch 8 is not, or no longer, valid: no ballot of the item is held under it
            resolve d.1:B eve <Judge><k>1</k></Judge> => no-such-review: work item d.1:B: it is under no review
            review d:B => no-such-item: no work item d:B
        "#]],
    );
}

#[test]
fn a_vote_that_is_sent_again_counts_once() {
    check(
        &begun(
            "claim ann 1
             claim bob 1
             vote 3 c.1:A 0.9 X
             vote 3 c.1:A 0.9 X
             vote 3 c.1:A 0.9 Y
             vote 3 c.1:A 0.8 X
             review c.1:A",
        ),
        expect![[r#"
            upload judged => judged:1.0
            launch judged:1.0 case=c => case c running at 0
            register ann,bob,cem,dan work => epoch 1 New, epoch 2 New, epoch 3 New, epoch 4 New
            register judge word => epoch 5 New
            claim ann 1 => c.1:A epoch 2 attempt 1 <Judge><k>0</k></Judge> (ballot 1 of 3)
            claim bob 1 => c.1:A epoch 3 attempt 1 <Judge><k>0</k></Judge> (ballot 2 of 3)
            vote 3 c.1:A 0.9 <Judge><k>1</k></Judge> => Done
            vote 3 c.1:A 0.9 <Judge><k>1</k></Judge> => Done
            vote 3 c.1:A 0.9 <Judge><k>2</k></Judge> => already-voted: work item c.1:A: agent bob has voted already, under epoch 3
            vote 3 c.1:A 0.8 <Judge><k>1</k></Judge> => already-voted: work item c.1:A: agent bob has voted already, under epoch 3
            review c.1:A => c.1:A voting 1 of 3; bob 2 0.9 <Judge><k>1</k></Judge>; ballot 1 held by ann; 1 for <Judge><k>1</k></Judge>
        "#]],
    );
}

/// Steps of reviews that end in each way; each answer is what was said to the line.
const SCRIPT: &str = "
    upload judged
    upload judged alone
    register ann,bob,cem,dan work
    register judge word
    launch judged:1.0 case=c
    claim ann 1
    claim ann 1
    claim bob 2
    claim cem 2
    vote ann c.1:A 0.9 X
    give-back bob c.1:A
    claim dan 2
    vote cem c.1:A 0.9 Y
    vote dan c.1:A 0.9 Z
    claim judge 1
    vote judge c.1:A 1 Y
    cancel c
    launch alone:1.0 case=d
    claim ann 1
    claim bob 1
    claim cem 1
    vote ann d.1:A 0.9 X
    give-up bob d.1:A
    advance 2000
    claim dan 1
    vote dan d.1:A 0.9 Y
    vote cem d.1:A 0.9 Z
    revive d.1:A
    claim ann 1
    skip d.1:A
    cancel d
";

const SHOW: &str = "
    cases
    items
    leases
    reviews
    review c.1:A
    review d.1:A
    history c
    history d
";

#[derive(Clone, Copy, Debug)]
enum Between {
    Nothing,
    Crash,
    Shutdown,
}

/// All that is said to each line, and that can be seen then.
async fn seen(mut world: World, between: Between) -> String {
    let mut seen = String::new();
    for line in script(SCRIPT).lines() {
        seen.push_str(&world.tell(line).await);
        match between {
            Between::Nothing => {}
            Between::Crash => world.crash().await,
            Between::Shutdown => world.shut_down().await,
        }
        seen.push_str(&world.tell(SHOW).await);
    }
    seen
}

#[test]
fn a_restart_after_every_step_of_a_review_changes_nothing() {
    run(async {
        let one = || Config { partitions: 1, ..config() };
        let small = || Config { hot_cases_max: 1, snapshot_every_records: 2, ..one() };
        let want = seen(World::memory(one()).await, Between::Nothing).await;
        for word in
            ["voted", "review-escalated", "review-resolved", "review-unresolved", "ballot-given-up"]
        {
            assert!(want.contains(word), "{word}: {want}");
        }
        for between in [Between::Crash, Between::Shutdown] {
            let got = seen(World::memory(small()).await, between).await;
            assert_eq!(got, want, "in memory, little kept, {between:?}");
            let got = seen(World::disk(one()).await, between).await;
            assert_eq!(got, want, "on disk, {between:?}");
        }
    });
}

#[test]
fn phases_begin_anew_after_a_restart_and_end_in_time() {
    check(
        &begun(
            "claim ann 1
             vote ann c.1:A 0.9 X
             advance 3000000
             crash
             advance 4000000
             reviews
             shutdown
             advance 7700000
             reviews
             crash
             advance 11400000
             reviews
             crash
             resolve c.1:A eve Z
             items",
        ),
        expect![[r#"
            upload judged => judged:1.0
            launch judged:1.0 case=c => case c running at 0
            register ann,bob,cem,dan work => epoch 1 New, epoch 2 New, epoch 3 New, epoch 4 New
            register judge word => epoch 5 New
            claim ann 1 => c.1:A epoch 2 attempt 1 <Judge><k>0</k></Judge> (ballot 1 of 3)
            vote ann c.1:A 0.9 <Judge><k>1</k></Judge> => Done
            advance 3000000 => ok
            crash => ok
            advance 4000000 => ok
            reviews => c.1:A voting 1 of 3
            shutdown => ok
            advance 7700000 => ok
            reviews => c.1:A escalated 1 of 3
            crash => ok
            advance 11400000 => ok
            reviews => c.1:A human-needed 1 of 3
            crash => ok
            resolve c.1:A eve <Judge><k>3</k></Judge> => Done
            items => c:B Enabled
        "#]],
    );
}

#[test]
fn the_order_of_votes_does_not_matter() {
    let votes = [("ann", 0.9, X), ("bob", 0.7, Y), ("cem", 0.8, X)];
    let orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];
    let outcome = |order: [usize; 3]| {
        run(async {
            let mut world = World::memory(config()).await;
            world.tell(BEGUN).await;
            world.tell("claim ann 1\nclaim bob 1\nclaim cem 1").await;
            for (who, confidence, answer) in order.map(|at| votes[at]) {
                world.tell(&format!("vote {who} c.1:A {confidence} {answer}")).await;
            }
            world.tell("items\ncase c").await
        })
    };
    let want = outcome(orders[0]);
    assert!(want.contains("<k>1</k>") && want.contains("c:B Enabled"), "{want}");
    for order in orders {
        assert_eq!(outcome(order), want, "{order:?}");
    }
}

#[test]
fn an_arbiter_who_waits_is_woken_and_a_voter_who_waits_keeps_no_ballot_from_others() {
    run(async {
        let mut world = World::memory(Config { partitions: 1, ..config() }).await;
        world.tell(BEGUN).await;
        let handle = world.handle();
        let claim = |name: &str| {
            Box::pin(handle.claim(ClaimRequest {
                agent: people::whom(&handle, &name.parse().unwrap()),
                class: "test".to_owned(),
                capabilities: None,
                items_max: 1,
                wait_ms: 30_000,
                term_ms: 60_000,
            }))
        };
        // Ann holds a ballot and waits for more; bob gives his back, and it goes to dan behind her.
        world.tell("claim ann 1\nclaim bob 1\nclaim cem 1").await;
        let (mut ann, mut dan, mut judge) = (claim("ann"), claim("dan"), claim("judge"));
        tokio::select! {
            biased;
            _ = &mut ann => unreachable!("she has her ballot"),
            _ = &mut dan => unreachable!("no ballot is left"),
            _ = &mut judge => unreachable!("nothing is escalated"),
            _ = handle.discovery() => {}
        }
        let (_, granted) = tokio::join!(world.tell("give-back bob c.1:A"), dan);
        let item = granted.unwrap().items.remove(0);
        assert_eq!(item.ballot.map(|ballot| ballot.ballot.0), Some(2));
        let votes = script("vote ann c.1:A 0.9 X\nvote dan c.1:A 0.9 Y\nvote cem c.1:A 0.9 Z");
        let (_, granted) = tokio::join!(world.tell(&votes), judge);
        let ballot = granted.unwrap().items.remove(0).ballot.unwrap();
        assert_eq!((ballot.ballot.0, ballot.votes.len()), (0, 3));
    });
}

#[test]
fn the_first_valid_epoch_wins_whoever_comes_first_and_whatever_restarts() {
    const WORK: &str = "<Work><k>1</k></Work>";
    let begin = "upload pair\nlaunch pair:1.0 case=X\nregister ann,bob work\nclaim ann 1\n\
                 hand-off X.1:A 2 ann bob";
    // Ann had the item under epoch 2, bob has it under 3.
    let results =
        [format!("complete-held X.1:A 2 {WORK}"), format!("complete-held X.1:A 3 {WORK}")];
    let mut said = String::new();
    for order in [[0, 1], [1, 0]] {
        for between in ["", "crash", "shutdown"] {
            run(async {
                let mut world = World::disk(config()).await;
                world.tell(begin).await;
                world.tell(between).await;
                for result in order {
                    said.push_str(&world.tell(&results[result]).await);
                    world.tell(between).await;
                }
                let items = world.tell("items\ncase X").await;
                assert!(items.contains("X:B Enabled") && items.contains("<k>1</k>"), "{items}");
            });
        }
        said.push('\n');
    }
    expect![[r#"
        complete-held X.1:A 2 <Work><k>1</k></Work> => stale-epoch: work item X.1:A: epoch 2 is not, or no longer, valid: the item has another holder
        complete-held X.1:A 3 <Work><k>1</k></Work> => Done
        complete-held X.1:A 2 <Work><k>1</k></Work> => stale-epoch: work item X.1:A: epoch 2 is not, or no longer, valid: the item has another holder
        complete-held X.1:A 3 <Work><k>1</k></Work> => Done
        complete-held X.1:A 2 <Work><k>1</k></Work> => stale-epoch: work item X.1:A: epoch 2 is not, or no longer, valid: the item has another holder
        complete-held X.1:A 3 <Work><k>1</k></Work> => Done

        complete-held X.1:A 3 <Work><k>1</k></Work> => Done
        complete-held X.1:A 2 <Work><k>1</k></Work> => stale-epoch: work item X.1:A: epoch 2 is not, or no longer, valid: nobody holds the item
        complete-held X.1:A 3 <Work><k>1</k></Work> => Done
        complete-held X.1:A 2 <Work><k>1</k></Work> => stale-epoch: work item X.1:A: epoch 2 is not, or no longer, valid: nobody holds the item
        complete-held X.1:A 3 <Work><k>1</k></Work> => Done
        complete-held X.1:A 2 <Work><k>1</k></Work> => stale-epoch: work item X.1:A: epoch 2 is not, or no longer, valid: nobody holds the item

    "#]].assert_eq(&said);
}

#[test]
fn after_a_lease_has_ended_the_next_holder_wins_whoever_comes_first_and_whatever_restarts() {
    let mut said = String::new();
    for order in [["2", "5"], ["5", "2"]] {
        for between in ["", "crash", "shutdown"] {
            run(async {
                let mut world = World::disk(Config { partitions: 1, ..config() }).await;
                world
                    .tell(
                        "upload pair\nlaunch pair:1.0 case=X\nregister ann,bob work\nclaim ann 1\n\
                         advance 61000\nadvance 62500\nrenew bob\nclaim bob 1",
                    )
                    .await;
                world.tell(between).await;
                for epoch in order {
                    let line = format!("complete-held X.1:A {epoch} <Work><k>{epoch}</k></Work>");
                    said.push_str(&world.tell(&line).await);
                    world.tell(between).await;
                }
                let case = world.tell("case X").await;
                assert!(case.contains("<k>5</k>"), "{case}");
            });
        }
        said.push('\n');
    }
    expect![[r#"
        complete-held X.1:A 2 <Work><k>2</k></Work> => stale-epoch: work item X.1:A: epoch 2 is not, or no longer, valid: the item has another holder
        complete-held X.1:A 5 <Work><k>5</k></Work> => Done
        complete-held X.1:A 2 <Work><k>2</k></Work> => stale-epoch: work item X.1:A: epoch 2 is not, or no longer, valid: the item has another holder
        complete-held X.1:A 5 <Work><k>5</k></Work> => Done
        complete-held X.1:A 2 <Work><k>2</k></Work> => stale-epoch: work item X.1:A: epoch 2 is not, or no longer, valid: the item has another holder
        complete-held X.1:A 5 <Work><k>5</k></Work> => Done

        complete-held X.1:A 5 <Work><k>5</k></Work> => Done
        complete-held X.1:A 2 <Work><k>2</k></Work> => stale-epoch: work item X.1:A: epoch 2 is not, or no longer, valid: nobody holds the item
        complete-held X.1:A 5 <Work><k>5</k></Work> => Done
        complete-held X.1:A 2 <Work><k>2</k></Work> => stale-epoch: work item X.1:A: epoch 2 is not, or no longer, valid: nobody holds the item
        complete-held X.1:A 5 <Work><k>5</k></Work> => Done
        complete-held X.1:A 2 <Work><k>2</k></Work> => stale-epoch: work item X.1:A: epoch 2 is not, or no longer, valid: nobody holds the item

    "#]].assert_eq(&said);
}
