//! What is bounded is refused at its bound.

use expect_test::expect;

use super::world::{PAIR, World, check, config, run};
use crate::{CaseFilter, Config, ItemFilter, Launch, Node, Rejected, Storage, config::CALL_MAX};

fn launch() -> Launch {
    Launch {
        specification: "pair:1.0".to_owned(),
        data: Some("<Pair><k>0</k></Pair>".to_owned()),
        ..Launch::default()
    }
}

#[test]
fn a_full_inbox_refuses_at_once_with_advice() {
    run(async {
        let world = World::memory(Config { inbox_max: 16, partitions: 1, ..config() }).await;
        let handle = world.handle();
        handle.upload(PAIR).await.unwrap();
        let mut calls = tokio::task::JoinSet::new();
        for _ in 0..2000 {
            let handle = handle.clone();
            calls.spawn(async move { handle.launch(launch()).await });
        }
        let answers = calls.join_all().await;
        let launched = answers.iter().filter(|answer| answer.is_ok()).count();
        let refused = answers.iter().filter(|answer| {
            matches!(answer, Err(Rejected::Overloaded { retry_after_ms }) if (10..=5000).contains(retry_after_ms))
        });
        let refused = refused.count();
        assert!(launched >= 16 && refused > 0, "{launched} launched, {refused} refused");
        assert_eq!(launched + refused, 2000);
        let listed = handle.cases(&CaseFilter::default(), None, 1000).items.len();
        assert_eq!(listed, launched.min(1000));
        assert_eq!(handle.telemetry().overloaded.get(), refused as u64);
        assert_eq!(handle.telemetry().inbox_depth[0].get(), 0);
    });
}

#[test]
fn a_call_of_too_many_is_refused_as_a_whole() {
    run(async {
        let world = World::memory(config()).await;
        let answers = world.handle().launch_many(vec![launch(); CALL_MAX + 1]).await;
        let refused = answers.iter().all(|answer| matches!(answer, Err(Rejected::TooLarge { .. })));
        assert!(refused && answers.len() == CALL_MAX + 1);
    });
}

#[test]
fn old_command_ids_are_forgotten_and_newer_ones_are_not() {
    let mut script = "upload pair\nlaunch pair:1.0 id=l\nstart 1:A id=first\n".to_owned();
    for number in 0..31 {
        let command = if number % 2 == 0 { "suspend" } else { "unsuspend" };
        script += &format!("{command} 1.1:A id=c{number}\n");
    }
    run(async {
        let mut world = World::memory(config()).await;
        world.tell(&script).await;
        let said = world.tell("start 1:A id=first\nunsuspend 1.1:A id=c99\nstart 1:A id=first\nlaunch pair:1.0 id=l").await;
        expect![[r#"
            start 1:A id=first => started 1.1:A <Work><k>0</k></Work>
            unsuspend 1.1:A id=c99 => done
            start 1:A id=first => wrong-status: work item 1:A is Is parent, which does not permit to start it
            launch pair:1.0 id=l => case 1 running at 0
        "#]].assert_eq(&said);
    });
}

#[test]
fn a_long_case_is_loaded_from_a_state_record() {
    run(async {
        let config = || Config { partitions: 1, hot_cases_max: 1, ..config() };
        let mut world = World::memory(config()).await;
        world.tell("upload pair\nlaunch pair:1.0\nlaunch pair:1.0\nstart 1:A").await;
        for _ in 0..300 {
            world.tell("suspend 1.1:A\nunsuspend 1.1:A").await;
        }
        let hot = world.tell("case 1\nhistory 1").await;
        world.tell("start 2:A\nsuspend 2.1:A\nunsuspend 2.1:A").await;
        assert_eq!(world.handle().telemetry().cases_hot.get(), 1);
        assert_eq!(world.tell("case 1\nhistory 1").await, hot);
        world.crash().await;
        assert_eq!(world.tell("case 1\nhistory 1").await, hot);
        let said = world.tell("complete 1.1:A <Work><k>1</k></Work>\ncase 1").await;
        expect![[r#"
            complete 1.1:A <Work><k>1</k></Work> => done
            case 1 => running | 1/c{A_B}=1 | 1:B Enabled | <Pair><k>1</k></Pair>
        "#]]
        .assert_eq(&said);
    });
}

#[test]
fn lists_are_paged_in_natural_order() {
    run(async {
        let mut world = World::memory(config()).await;
        world.tell("upload pair").await;
        let handle = world.handle();
        for answer in handle.launch_many(vec![launch(); 25]).await {
            answer.unwrap();
        }
        world.tell("cancel 3\ncancel 24\nlaunch pair:1.0 case=a\nstart 11:A").await;
        let (mut said, mut after) = (String::new(), None);
        loop {
            let page = handle.cases(&CaseFilter::default(), after.as_ref(), 10);
            said += &page.items.iter().map(|case| format!("{} ", case.case)).collect::<String>();
            said += "| ";
            let Some(next) = page.next else { break };
            after = Some(engine::CaseId::parse(&next).unwrap());
        }
        let mut after: Option<String> = None;
        loop {
            let page = handle.items(&ItemFilter::default(), after.as_deref(), 10);
            said += &page.items.iter().map(|item| format!("{} ", item.item)).collect::<String>();
            said += "| ";
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        let ended = CaseFilter { status: Some("cancelled".to_owned()), ..CaseFilter::default() };
        said += &format!("{:?} ", handle.cases(&ended, None, 10).items.len());
        let prefix = CaseFilter { prefix: Some("2".to_owned()), ..CaseFilter::default() };
        said += &format!("{:?} ", handle.cases(&prefix, None, 10).items.len());
        let of_case = ItemFilter {
            case: Some(engine::CaseId::parse("11").unwrap()),
            ..ItemFilter::default()
        };
        said += &format!("{:?}", handle.items(&of_case, None, 10).items.len());
        expect!["1 2 3 4 5 6 7 8 9 10 | 11 12 13 14 15 16 17 18 19 20 | 21 22 23 24 25 a | 1:A 2:A 4:A 5:A 6:A 7:A 8:A 9:A 10:A 11.1:A | 11:A 12:A 13:A 14:A 15:A 16:A 17:A 18:A 19:A 20:A | 21:A 22:A 23:A 25:A a:A | 2 7 2"].assert_eq(&said);
    });
}

#[test]
fn a_node_is_not_started_with_settings_that_cannot_work() {
    let tried = run(async {
        let mut said = String::new();
        for config in [
            Config { partitions: 0, ..config() },
            Config { partitions: 100_000, ..config() },
            Config { inbox_max: 0, ..config() },
        ] {
            let storage = Storage::memory(1);
            let error = Node::start_on(config, storage).await.err().unwrap();
            said += &format!("{error}\n");
        }
        let storage = Storage::memory(3);
        let three =
            Node::start_on(Config { partitions: 3, ..config() }, storage.clone()).await.unwrap();
        three.shutdown().await.unwrap();
        let error = Node::start_on(config(), storage).await.err().unwrap();
        said + &error.to_string()
    });
    expect![[r#"
        partitions is 0, allowed are 1 to 256
        partitions is 100000, allowed are 1 to 256
        inbox_max is 0, allowed are 1 to 1000000
        the directory was made with 3 partitions, 2 were asked for; start with 3"#]]
    .assert_eq(&tried);
}

#[test]
fn a_specification_that_is_too_large_is_refused_before_it_is_read() {
    run(async {
        let world = World::memory(config()).await;
        let text = " ".repeat(crate::config::SPECIFICATION_BYTES_MAX + 1);
        let rejected = world.handle().upload(&text).await.unwrap_err();
        assert_eq!(rejected.code(), "too-large");
    });
}

#[test]
fn texts_that_are_no_command_ids_are_refused() {
    check(
        "start 1:A id=ä",
        expect![[r#"
        start 1:A id=ä => not-a-command-id: "ä" is no command id: use 1 to 128 visible ASCII characters, such as a UUID
    "#]],
    );
}
