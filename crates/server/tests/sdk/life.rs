//! A worker's whole life, and the ways in which items end.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use sdk::{Element, Failure, Work, Worker, wire::case::Launch, worker::Output};
use tokio::sync::Barrier;

use crate::site::{SPECIFICATION, Site, answer, heard, soon};

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_registers_does_all_there_is_and_leaves() {
    let site = Site::new().await;
    let cases = site.launch(20).await;
    let (worker, mut ends) = site.worker("ann");
    let running = worker.on("answer", answer).host("test").start().unwrap();
    for _ in &cases {
        assert_eq!(ends.how().await, "completed");
    }
    for case in &cases {
        let detail = site.client.case(case).await.unwrap();
        assert_eq!(detail.head.status, "completed");
        let reply = detail.output.unwrap().parse::<Element>().unwrap().text("Reply").unwrap();
        assert_eq!(reply, "What is the answer? <Forty> & \"two\".");
    }
    let agent = site.client.agent("ann").await.unwrap();
    assert_eq!((agent.capabilities, agent.host), (vec!["answer".into()], Some("test".into())));
    let tally = soon(running.drain()).await.unwrap();
    assert_eq!((tally.completed, tally.lost, tally.unknown), (20, 0, 0));
    let gone = site.client.agent("ann").await.unwrap_err();
    assert_eq!(gone.code(), Some("no-such-agent"));
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn as_many_items_are_worked_on_at_once_as_were_asked_for() {
    let site = Site::new().await;
    site.launch(9).await;
    let (together, most) = (Arc::new(Barrier::new(3)), Arc::new(AtomicUsize::new(0)));
    let now = Arc::new(AtomicUsize::new(0));
    let (worker, mut ends) = site.worker("ann");
    let counted = most.clone();
    let worker = worker.at_once(3).on("Answer", move |work: Work| {
        let (together, most, now) = (together.clone(), counted.clone(), now.clone());
        async move {
            most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            // Nobody passes before three are here.
            together.wait().await;
            now.fetch_sub(1, Ordering::SeqCst);
            answer(work).await
        }
    });
    let running = worker.start().unwrap();
    for _ in 0..9 {
        assert_eq!(ends.how().await, "completed");
    }
    assert_eq!(most.load(Ordering::SeqCst), 3);
    soon(running.drain()).await.unwrap();
    site.stop().await;
}

/// What the handler does is told by the number of the attempt.
async fn one_way_after_the_other(work: Work) -> Result<Output, Failure> {
    match work.item().attempt {
        1 => Err(Failure::fail("no idea")),
        2 => panic!("what a question"),
        3 => Ok(Output::xml("forty-two")),
        4 => Ok(Output::xml("<Answer><Reply>42")),
        _ => Ok(work.output()?.with("Reply", 42).into()),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn errors_panics_and_results_that_are_refused_count_as_attempts() {
    let site = Site::with(|config| config.retry_rest_ms = 1).await;
    let cases = site.launch(1).await;
    let (worker, mut ends) = site.worker("ann");
    let running = worker.on("Answer", one_way_after_the_other).start().unwrap();
    assert_eq!(ends.how().await, "failed: no idea");
    assert_eq!(ends.how().await, "failed: the handler panicked: what a question");
    for _ in ["no XML", "half of it"] {
        let how = ends.how().await;
        assert!(how.starts_with("rejected: "), "{how}");
    }
    assert_eq!(ends.how().await, "completed");
    assert_eq!(site.status(&cases[0]).await, "completed");
    let tally = soon(running.drain()).await.unwrap();
    assert_eq!((tally.completed, tally.failed, tally.rejected), (1, 2, 2));
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_agent_gives_back_another_has_at_once() {
    let site = Site::new().await;
    site.launch(1).await;
    let (shy, mut shy_ends) = site.worker("shy");
    // It asks so rarely that the other one comes first.
    let refuse = async |_: Work| Err::<Element, _>(Failure::give_back("not for me"));
    let shy = shy.on("Answer", refuse).start().unwrap();
    assert_eq!(shy_ends.how().await, "given back: not for me");
    soon(shy.drain()).await.unwrap();
    let (worker, mut ends) = site.worker("ann");
    let attempts = |work: Work| async move {
        match work.item().attempt {
            1 => answer(work).await,
            later => Err(Failure::fail(format!("attempt {later}"))),
        }
    };
    let running = worker.on("Answer", attempts).start().unwrap();
    assert_eq!(ends.how().await, "completed", "no attempt was counted");
    soon(running.drain()).await.unwrap();
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_capability_has_its_handler() {
    let site = Site::new().await;
    let tasks = include_str!("../../../../examples/four_tasks.yawl");
    let uploaded = site.client.upload(tasks).await.unwrap();
    let key = uploaded.specifications[0].key.clone();
    let launch = Launch { specification: key, ..Launch::default() };
    site.client.launch(launch).await.unwrap();
    site.launch(1).await;
    let (worker, mut ends) = site.worker("ann");
    let other = async |work: Work| {
        assert_ne!(work.item().capability.as_deref(), Some("answer"));
        Err::<Element, _>(Failure::fail("a task of the other specification"))
    };
    let other_capability = {
        let items = site.client.work_items_of_status("Enabled").await.unwrap();
        let of_it = items.items.into_iter().filter_map(|item| item.capability);
        of_it.into_iter().find(|capability| capability != "answer").unwrap()
    };
    let running = worker.on("Answer", answer).on(&other_capability, other).start().unwrap();
    let mut hows = [ends.how().await, ends.how().await];
    hows.sort();
    assert_eq!(hows, ["completed", "failed: a task of the other specification"]);
    soon(running.drain()).await.unwrap();
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_process_with_the_same_name_ends_the_first() {
    let site = Site::new().await;
    let (first, mut first_ends) = site.worker("ann");
    let mut first = first.on("Answer", answer).start().unwrap();
    site.launch(1).await;
    assert_eq!(first_ends.how().await, "completed");
    let (second, mut ends) = heard(Worker::new(site.client.clone(), "ann"));
    let second = second.on("Answer", answer).start().unwrap();
    let error = soon(first.ended()).await.unwrap_err();
    assert_eq!(error.code(), Some("stale-agent"));
    site.launch(1).await;
    assert_eq!(ends.how().await, "completed");
    soon(second.drain()).await.unwrap();
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operators_drain_ends_a_worker_in_good_order() {
    let site = Site::new().await;
    let (worker, mut ends) = site.worker("ann");
    let mut running = worker.on("Answer", answer).start().unwrap();
    site.launch(1).await;
    assert_eq!(ends.how().await, "completed");
    let drained = site.client.drain_agents(vec!["ann".to_owned()]).await.unwrap();
    assert!(drained[0].is_ok());
    assert_eq!(soon(running.ended()).await.unwrap().completed, 1);
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trace_goes_from_the_launch_through_the_handler_to_what_it_launches() {
    let site = Site::new().await;
    let launch = || Launch { specification: SPECIFICATION.to_owned(), ..Launch::default() };
    let (said, mut traces) = tokio::sync::mpsc::channel(2);
    let (worker, mut ends) = site.worker("ann");
    let worker = worker.on("Answer", move |work: Work| {
        let said = said.clone();
        async move {
            let trace = work.traceparent().map(|trace| (trace.trace_id(), trace.to_string()));
            // The first one launches a second one.
            if said.capacity() == 2 {
                work.client().launch(launch()).await?;
            }
            said.try_send(trace)?;
            answer(work).await
        }
    });
    let running = worker.start().unwrap();
    let trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    let traced = site.client.in_trace(Some(trace.parse().unwrap()));
    traced.launch(launch()).await.unwrap();
    assert_eq!([ends.how().await, ends.how().await], ["completed", "completed"]);
    let (first, second) = (traces.recv().await.unwrap(), traces.recv().await.unwrap());
    let (first, second) = (first.unwrap(), second.unwrap());
    assert_eq!([&first.0, &second.0], ["4bf92f3577b34da6a3ce929d0e0e4736"; 2]);
    assert!(first.1 != trace && second.1 != first.1, "each has a parent of its own");
    soon(running.drain()).await.unwrap();
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_that_no_server_takes_are_refused_before_anything_is_asked() {
    let client = crate::site::client("http://127.0.0.1:1");
    let worker = || Worker::new(client.clone(), "ann").on("Answer", answer);
    let seconds = std::time::Duration::from_secs;
    for (worker, part) in [
        (Worker::new(client.clone(), "ann"), "can do nothing"),
        (worker().at_once(0), "at_once"),
        (worker().at_once(1_001), "at_once"),
        (worker().term(seconds(0)), "term"),
        (worker().wait(seconds(61)), "wait"),
    ] {
        let error = worker.start().map(drop).unwrap_err().to_string();
        assert!(error.contains(part), "{error}");
    }
}
