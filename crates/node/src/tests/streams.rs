//! Whoever reads a session's stream is told what its agents lose, and gets work for those that asked.

use agents::SessionId;
use expect_test::expect;

use super::world::{World, config, people, run};
use crate::{Handle, ItemFilter, Push, SessionStream, StreamEvent};

const SESSION: SessionId = SessionId(1);
/// Nothing here may take longer.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(60);

/// A world with two agents in the first session, whose stream is read.
async fn streamed() -> (World, SessionStream) {
    let mut world = World::memory(config()).await;
    world.tell("upload pair\nupload race\nsession ann,bob work").await;
    let stream = world.handle().open_stream(SESSION).unwrap();
    (world, stream)
}

async fn told(stream: &mut SessionStream) -> String {
    match stream.next().await.unwrap() {
        StreamEvent::Item { agent, claimed } => format!("{agent}: take {}", claimed.item),
        StreamEvent::Cancelled { agent, item, case, epoch, reason } => {
            format!("{agent}: {item} of {case} under {} {}", epoch.0, reason.name())
        }
        StreamEvent::LeaseEnding { agent, item, left_ms, .. } => {
            format!("{agent}: {item} ends in {left_ms}")
        }
        StreamEvent::LeaseEnded { agent, item, .. } => format!("{agent}: {item} has ended"),
        StreamEvent::Lagged { missed } => format!("{missed} missed"),
    }
}

async fn heard(stream: &mut SessionStream, count: usize) -> String {
    let mut said = String::new();
    for _ in 0..count {
        said += &told(stream).await;
        said.push('\n');
    }
    said
}

fn push(handle: &Handle, agents: &[(&str, usize)]) -> Vec<Result<usize, &'static str>> {
    let push = |(name, in_hand_max): &(&str, usize)| Push {
        agent: people::whom(handle, &name.parse().unwrap()),
        in_hand_max: *in_hand_max,
        term_ms: 60_000,
        capabilities: None,
    };
    let answers = handle.push(SESSION, agents.iter().map(push).collect()).unwrap();
    answers.into_iter().map(|answer| answer.map_err(|rejected| rejected.code())).collect()
}

/// Items that are held.
fn held(handle: &Handle) -> usize {
    let filter = ItemFilter { lease: Some("held".to_owned()), ..ItemFilter::default() };
    handle.items(&filter, None, 1000).items.len()
}

async fn until_held(handle: &Handle, count: usize) {
    while held(handle) != count {
        tokio::task::yield_now().await;
    }
}

#[test]
fn a_holder_is_told_why_its_item_was_taken_away() {
    let said = run(async {
        let (mut world, mut stream) = streamed().await;
        let mut said = String::new();
        for (script, count) in [
            ("launch pair:1.0 case=X\nclaim ann 1\nrollback X.1:A", 1),
            ("claim ann 1\ncancel X", 1),
            ("launch pair:1.0 case=Y\nclaim ann 1\nforce Y.1:A", 1),
            ("claim ann 1\nhand-off Y.2:B * ann bob", 1),
            ("complete-held Y.2:B * <Work><k>1</k></Work>", 0),
            ("launch race:1.0 case=R\nclaim bob 2\nleases\ncomplete-held R.3:B * <Work/>", 1),
            ("claim ann 1\nreturn-held R.4:C *\nclaim ann 1\nfail-held R.4:C *", 0),
            ("advance 30000\nrenew-session 1\nclaim bob 1\nadvance 95000", 1),
        ] {
            said += &world.tell(script).await;
            let told = async { heard(&mut stream, count).await };
            said +=
                &tokio::time::timeout(PATIENCE, told).await.unwrap_or_else(|_| panic!("{said}"));
        }
        said
    });
    expect![[r#"
        launch pair:1.0 case=X => case X running at 0
        claim ann 1 => X.1:A epoch 2 attempt 1 <Work><k>0</k></Work>
        rollback X.1:A => done
        ann: X.1:A of X under 2 rolled-back
        claim ann 1 => X.1:A epoch 4 attempt 1 <Work><k>0</k></Work>
        cancel X => done
        ann: X.1:A of X under 4 case-cancelled
        launch pair:1.0 case=Y => case Y running at 0
        claim ann 1 => Y.1:A epoch 2 attempt 1 <Work><k>0</k></Work>
        force Y.1:A => done
        ann: Y.1:A of Y under 2 completed-elsewhere
        claim ann 1 => Y.2:B epoch 4 attempt 1 <Work><k>0</k></Work>
        hand-off Y.2:B * ann bob => HandedOff { item: "Y.2:B", epoch: Epoch(5) }
        ann: Y.2:B of Y under 4 handed-off
        complete-held Y.2:B * <Work><k>1</k></Work> => Done
        launch race:1.0 case=R => case R running at 0
        claim bob 2 => R.2:A epoch 7 attempt 1 <Work></Work>, R.3:B epoch 8 attempt 1 <Work></Work>
        leases => R.2:A Executing held by bob, failed 0; R.3:B Executing held by bob, failed 0; R:A Is parent; R:B Is parent
        complete-held R.3:B * <Work/> => Done
        bob: R.2:A of R under 7 cancelled
        claim ann 1 => R.4:C epoch 10 attempt 1 <Work></Work>
        return-held R.4:C * => Done
        claim ann 1 => R.4:C epoch 12 attempt 1 <Work></Work>
        fail-held R.4:C * => Done
        advance 30000 => ok
        renew-session 1 => SessionsRenewed([Some(2)])
        claim bob 1 => R.4:C epoch 15 attempt 2 <Work></Work>
        advance 95000 => ok
        bob: R.4:C has ended
    "#]]
    .assert_eq(&said);
}

#[test]
fn a_holder_is_warned_before_its_lease_ends_and_told_when_it_has() {
    let said = run(async {
        let (mut world, mut stream) = streamed().await;
        world.tell("launch pair:1.0 case=X\nclaim ann 1\nadvance 39000\nadvance 41000").await;
        let warned = told(&mut stream).await + "\n";
        world.tell("renew-session 1\nrenew-lease X.1:A *\nadvance 80000\nadvance 82000").await;
        let again = told(&mut stream).await + "\n";
        world.tell("renew-session 1\nadvance 102000").await;
        warned + &again + &told(&mut stream).await
    });
    expect![[r#"
        ann: X.1:A ends in 19000
        ann: X.1:A ends in 19000
        ann: X.1:A has ended"#]]
    .assert_eq(&said);
}

#[test]
fn work_is_pushed_to_agents_that_asked_and_never_more_than_fits_into_their_hands() {
    run(async {
        let (mut world, mut stream) = streamed().await;
        let handle = world.handle();
        for _ in 0..6 {
            world.tell("launch pair:1.0").await;
        }
        assert_eq!(push(&handle, &[("ann", 2), ("bob", 1)]), [Ok(0), Ok(0)]);
        until_held(&handle, 3).await;
        let mut done = 0;
        while done < 12 {
            let StreamEvent::Item { agent, claimed } = stream.next().await.unwrap() else {
                panic!("nothing was taken away")
            };
            assert!(held(&handle) <= 3, "ann has two hands, bob has one");
            let complete = format!("complete-held {} * <Work><k>1</k></Work>", claimed.item);
            world.tell(&complete).await;
            assert!(["ann", "bob"].contains(&agent.as_str()));
            done += 1;
        }
        assert_eq!(world.tell("items").await, "items => \n");
    });
}

#[test]
fn what_the_reader_did_not_take_goes_back_unharmed_when_the_stream_closes() {
    let said = run(async {
        let (mut world, stream) = streamed().await;
        let handle = world.handle();
        world.tell("launch pair:1.0 case=X").await;
        push(&handle, &[("ann", 1)]);
        until_held(&handle, 1).await;
        drop(stream);
        until_held(&handle, 0).await;
        world.tell("launch pair:1.0 case=Y\nleases\nclaim bob 2").await
    });
    expect![[r#"
        launch pair:1.0 case=Y => case Y running at 0
        leases => X.1:A Fired free, failed 0; X:A Is parent; Y:A Enabled
        claim bob 2 => X.1:A epoch 4 attempt 1 <Work><k>0</k></Work>, Y.1:A epoch 2 attempt 1 <Work><k>0</k></Work>
    "#]].assert_eq(&said);
}

#[test]
fn pushed_items_stay_in_hand_when_the_stream_is_opened_again() {
    run(async {
        let (mut world, mut first) = streamed().await;
        let handle = world.handle();
        world.tell("launch pair:1.0 case=X\nlaunch pair:1.0 case=Y").await;
        push(&handle, &[("ann", 1)]);
        let taken = told(&mut first).await;
        let mut second = handle.open_stream(SESSION).unwrap();
        assert_eq!(first.next().await, None, "somebody else reads");
        drop(first);
        assert_eq!(push(&handle, &[("ann", 1)]), [Ok(1)]);
        let item = taken.strip_prefix("ann: take ").unwrap();
        world.tell(&format!("complete-held {item} * <Work><k>1</k></Work>")).await;
        assert!(told(&mut second).await.starts_with("ann: take "));
        assert_eq!(held(&handle), 1);
    });
}

#[test]
fn an_item_that_is_taken_away_before_it_was_read_is_never_shown() {
    run(async {
        let (mut world, mut stream) = streamed().await;
        let handle = world.handle();
        world.tell("launch pair:1.0 case=X").await;
        // The stream has it, and not the partition alone.
        while push(&handle, &[("ann", 1)]) != [Ok(1)] {
            tokio::task::yield_now().await;
        }
        world.tell("cancel X\nlaunch pair:1.0 case=Y").await;
        assert_eq!(told(&mut stream).await, "ann: take Y.1:A");
    });
}

#[test]
fn a_stream_ends_with_its_session_and_nothing_is_pushed_without_one() {
    run(async {
        let (mut world, mut stream) = streamed().await;
        let handle = world.handle();
        world.tell("session eve work\nregister zoe work").await;
        assert_eq!(
            push(&handle, &[("ann", 1), ("eve", 1), ("zoe", 1), ("nobody", 1), ("bob", 0)]),
            [
                Ok(0),
                Err("other-session"),
                Err("other-session"),
                Err("no-such-agent"),
                Err("too-large")
            ]
        );
        let code = |session| handle.push(SessionId(session), Vec::new()).unwrap_err().code();
        assert_eq!((code(2), code(3)), ("no-stream", "no-such-session"));
        assert_eq!(handle.open_stream(SessionId(3)).err().unwrap().code(), "no-such-session");
        world.tell("close-session 1").await;
        assert_eq!(stream.next().await, None);
        drop(stream);
        assert!(!handle.0.context.streams.is_listened(), "nobody reads");
    });
}
