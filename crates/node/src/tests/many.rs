//! Many cases at once, and what is counted and announced of them.

use std::collections::BTreeMap;

use super::world::{PAIR, World, config, run};
use crate::{
    Answered, Asked, CaseFilter, ChangeKind, Command, CommandId, Config, Handle, ItemFilter,
    Launch, config::PAGE_MAX,
};

/// Works one case from launch to end.
async fn work(handle: Handle, number: usize) {
    let data = Some(format!("<Pair><k>{number}</k></Pair>"));
    let launch = Launch { specification: "pair:1.0".to_owned(), data, ..Launch::default() };
    let case = handle.launch(launch).await.unwrap().case;
    for task in ["A", "B"] {
        let start = Command::Start { item: format!("{case}:{task}") };
        let Answered::Started { item, data } = handle.command(&case, None, start).await.unwrap()
        else {
            panic!("not started")
        };
        assert_eq!(*data, *format!("<Work><k>{number}</k></Work>"));
        let complete = Command::Complete { item, data: data.to_string() };
        handle.command(&case, None, complete).await.unwrap();
    }
    let detail = handle.case(&case).await.unwrap();
    assert_eq!(detail.output.as_deref(), Some(&*format!("<Pair><k>{number}</k></Pair>")));
}

#[test]
fn a_thousand_cases_run_at_once() {
    run(async {
        let config = Config { hot_cases_max: 100, snapshot_every_records: 500, ..config() };
        let mut world = World::disk(config).await;
        let handle = world.handle();
        handle.upload(PAIR).await.unwrap();
        let mut changes = handle.changes();
        let mut cases = tokio::task::JoinSet::new();
        for number in 0..1000 {
            cases.spawn(work(handle.clone(), number));
        }
        cases.join_all().await;
        let telemetry = handle.telemetry();
        assert_eq!(telemetry.cases_created.get(), 1000);
        assert_eq!(telemetry.cases_ended.get(), 1000);
        assert_eq!(telemetry.cases_active.get(), 0);
        assert_eq!(telemetry.case_create_ms.read().count, 1000);
        assert_eq!(telemetry.checkout_ms.read().count, 2000);
        assert_eq!(telemetry.records_appended.get(), 5000);
        let mut announced: BTreeMap<&str, usize> = BTreeMap::new();
        let mut missed = 0;
        loop {
            match changes.try_recv() {
                Ok(change) => *announced.entry(change.what.name()).or_default() += 1,
                Err(tokio::sync::broadcast::error::TryRecvError::Lagged(count)) => missed += count,
                Err(_) => break,
            }
        }
        assert_eq!(announced.values().sum::<usize>() as u64 + missed, 5000);
        assert!(announced[ChangeKind::Ended.name()] > 0);
        world.shut_down().await;
        assert_eq!(world.node().recovered().cases, 1000);
        assert_eq!(world.node().recovered().open_cases, 0);
        assert_eq!(world.node().recovered().records, 0, "the last snapshot holds all");
        let page = world.handle().cases(&CaseFilter::default(), None, PAGE_MAX);
        let ids: Vec<u32> =
            page.items.iter().map(|case| case.case.as_str().parse().unwrap()).collect();
        assert_eq!(ids, (1..=1000).collect::<Vec<u32>>());
    });
}

#[test]
fn batches_are_answered_in_order_and_each_for_itself() {
    run(async {
        let world = World::memory(config()).await;
        let handle = world.handle();
        handle.upload(PAIR).await.unwrap();
        let launch = |number: usize| Launch {
            specification: if number % 10 == 9 { "none" } else { "pair:1.0" }.to_owned(),
            data: Some("<Pair><k>0</k></Pair>".to_owned()),
            ..Launch::default()
        };
        let answers = handle.launch_many((0..1000).map(launch).collect()).await;
        for (number, answer) in answers.iter().enumerate() {
            assert_eq!(answer.is_err(), number % 10 == 9);
        }
        let items = handle.items(&ItemFilter::default(), None, PAGE_MAX).items;
        assert_eq!(items.len(), 900);
        let start = |item: &crate::ItemSummary| Asked {
            case: item.case.clone(),
            id: None,
            command: Command::Start { item: item.item.clone() },
        };
        let answers = handle.commands(items.iter().map(start).collect()).await;
        for (item, answer) in items.iter().zip(answers) {
            let Ok(Answered::Started { item: started, .. }) = answer else { panic!("{answer:?}") };
            assert_eq!(started, format!("{}.1:A", item.case));
        }
    });
}

#[test]
fn a_command_twice_in_one_call_happens_once() {
    run(async {
        let world = World::memory(config()).await;
        let handle = world.handle();
        handle.upload(PAIR).await.unwrap();
        let launch = Launch {
            specification: "pair:1.0".to_owned(),
            data: Some("<Pair><k>0</k></Pair>".to_owned()),
            command: Some(CommandId::parse("launch").unwrap()),
            ..Launch::default()
        };
        let launched = handle.launch_many(vec![launch; 3]).await;
        let first = launched[0].clone().unwrap();
        assert!(launched.iter().all(|launched| *launched == Ok(first.clone())), "{launched:?}");
        let start = Asked {
            case: first.case,
            id: Some(CommandId::parse("start").unwrap()),
            command: Command::Start { item: "1:A".to_owned() },
        };
        let started = handle.commands(vec![start; 3]).await;
        assert!(matches!(&started[0], Ok(Answered::Started { item, .. }) if item == "1.1:A"));
        assert!(started.iter().all(|answer| *answer == started[0]), "{started:?}");
        assert_eq!(handle.telemetry().repeated.get(), 4);
    });
}
