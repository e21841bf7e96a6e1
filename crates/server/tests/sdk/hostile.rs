//! Servers that are out of their minds: the client tells, the worker goes on, and both keep to their bounds.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use sdk::{
    Client, Error, Worker,
    client::{Pauses, Settings},
    wire::claim::Claim,
};

use crate::{
    fake::{Fake, Reply, Request, json},
    site::{answer, client, soon},
};

fn claim() -> Claim {
    Claim {
        agent: "ann".to_owned(),
        epoch: 1,
        capabilities: None,
        max: 1,
        wait_ms: 0,
        term_ms: 60_000,
        class: "agent".to_owned(),
    }
}

/// A client that gives up after one attempt and reads little.
fn brief(url: &str) -> Client {
    let settings = Settings {
        patience: Duration::from_secs(20),
        attempts_max: 1,
        pauses: Pauses::default(),
        answer_bytes_max: 100_000,
    };
    Client::with(url, settings).unwrap()
}

fn status(code: u16, body: &str) -> Reply {
    json(code, body)
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_that_make_no_sense_are_errors_and_no_results() {
    let huge = format!(r#"{{"items":[],"retry_after_ms":null,"x":"{}"}}"#, "x".repeat(200_000));
    let answers: Vec<(&str, Reply)> = vec![
        ("no JSON", status(200, "hello")),
        ("wrong types", status(200, r#"{"items":7}"#)),
        ("an array", status(200, "[]")),
        ("nothing", status(200, "")),
        ("huge", status(200, &huge)),
        ("an error without a problem", status(500, "<html>")),
        ("a redirect", status(302, "")),
        ("no HTTP", Reply::Bytes(b"SSH-2.0-OpenSSH\r\n".to_vec())),
        (
            "less than it says",
            Reply::Bytes(b"HTTP/1.1 200 X\r\ncontent-length: 99\r\n\r\n{}".to_vec()),
        ),
        (
            "not UTF-8",
            Reply::Bytes(b"HTTP/1.1 200 X\r\ncontent-length: 2\r\n\r\n\xff\xfe".to_vec()),
        ),
        (
            "an endless head",
            Reply::Bytes([b"HTTP/1.1 200 X\r\n".to_vec(), b"x: y\r\n".repeat(100_000)].concat()),
        ),
        ("no answer", Reply::Nothing),
    ];
    for (what, reply) in answers {
        let reply = std::sync::Mutex::new(Some(reply));
        let fake =
            Fake::start(None, move |_| reply.lock().unwrap().take().unwrap_or(Reply::Nothing))
                .await;
        let error = soon(brief(&fake.url()).claim(&claim())).await.unwrap_err();
        let is_told = matches!(error, Error::Nonsense { .. } | Error::Broken(_));
        assert!(is_told, "{what}: {error:?}");
        assert!(!error.is_undone(), "{what}: nobody knows what was done");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_with_too_few_answers_is_an_error() {
    let fake = Fake::start(None, |_| json(200, r#"{"results":[]}"#)).await;
    let client = brief(&fake.url());
    let error = soon(client.give_back("1.1:Answer", 1)).await.unwrap_err();
    assert!(matches!(error, Error::Nonsense { .. }), "{error:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pause_that_no_server_means_is_not_waited_for() {
    let problem = r#"{"type":"t","title":"t","status":503,"code":"overloaded","detail":"d","retry_after_ms":9000000000000000000}"#;
    let fake = Fake::start(None, |_| json(503, problem)).await;
    let error = soon(client(&fake.url()).case("1")).await.unwrap_err();
    assert_eq!(error.code(), Some("overloaded"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pause_that_the_server_asks_for_is_kept_and_attempts_are_counted() {
    let problem = r#"{"type":"t","title":"t","status":503,"code":"overloaded","detail":"d","retry_after_ms":150}"#;
    let asked = Arc::new(AtomicUsize::new(0));
    let counted = asked.clone();
    let fake = Fake::start(None, move |_| {
        counted.fetch_add(1, Ordering::SeqCst);
        json(503, problem)
    })
    .await;
    let began = tokio::time::Instant::now();
    let error = soon(client(&fake.url()).case("1")).await.unwrap_err();
    assert_eq!((error.code(), asked.load(Ordering::SeqCst)), (Some("overloaded"), 6));
    assert!(began.elapsed() >= Duration::from_millis(5 * 150), "{:?}", began.elapsed());
}

/// A server that knows how to register and is mad in everything else.
async fn mad() -> (Fake, Arc<AtomicUsize>) {
    let turns = Arc::new(AtomicUsize::new(0));
    let counted = turns.clone();
    // Each kind of request sees all moods, whatever else is asked in between.
    let (renewals, claims) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let lifetime = r#"{"renew_every_ms":50,"stale_after_ms":1,"dead_after_ms":1}"#;
    let item = r#"{"item":"1.1:Answer","case":"1","specification":"s","task":"t","task_name":"t","epoch":1,"term_ms":0,
        "ends_at":"2026-11-21T06:30:00Z","attempt":1,"enabled_at":"2026-11-21T06:30:00Z","data":"<not xml"}"#;
    let items =
        [item, &item.replace("\"epoch\":1", "\"epoch\":18446744073709551615"), item].join(",");
    let fake = Fake::start(None, move |request: &Request| {
        counted.fetch_add(1, Ordering::SeqCst);
        let path = request.line.split(' ').nth(1).unwrap_or_default();
        match path {
            "/api/v1/sessions" => json(201, &format!(r#"{{"session":1,"lifetime":{lifetime}}}"#)),
            "/api/v1/agents" => json(
                200,
                &format!(
                    r#"{{"results":[{{"agent":"ann","slot":1,"epoch":1,"arrival":"new"}}],"lifetime":{lifetime}}}"#
                ),
            ),
            "/api/v1/sessions/renew" => match renewals.fetch_add(1, Ordering::SeqCst) % 3 {
                0 => json(200, r#"{"results":[{"session":1,"agents":1}]}"#),
                1 => json(200, r#"{"results":[]}"#),
                _ => json(500, "sorry"),
            },
            "/api/v1/claims" => match claims.fetch_add(1, Ordering::SeqCst) % 4 {
                0 => json(200, &format!(r#"{{"items":[{items}],"retry_after_ms":0}}"#)),
                1 => json(200, r#"{"items":[],"retry_after_ms":0}"#),
                2 => json(200, "garbage"),
                _ => Reply::Nothing,
            },
            "/api/v1/sessions/1/events" => Reply::Bytes(
                b"HTTP/1.1 200 X\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n\
                  event: cancelled\ndata: {\"agent\":\"ann\",\"item\":\"1.1:Answer\",\"epoch\":1,\"case\":\"1\",\"reason\":\"x\"}\n\n\
                  event: item\ndata: 7\n\n\xff\xff\n\n"
                    .to_vec(),
            ),
            _ => json(200, r#"{"results":[{"item":"1.1:Answer"}]}"#),
        }
    })
    .await;
    (fake, turns)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_of_a_mad_server_goes_on_and_stops_when_it_is_asked_to() {
    let (fake, turns) = mad().await;
    let worker = Worker::new(client(&fake.url()), "ann")
        .grace(Duration::ZERO)
        .drain_within(Duration::ZERO)
        .on("Answer", answer);
    let running = worker.start().unwrap();
    crate::site::until(|| async { turns.load(Ordering::SeqCst) > 60 }).await;
    let tally = soon(running.drain()).await.unwrap();
    assert_eq!(tally.completed, 0, "{tally:?}");
    assert!(tally.failed + tally.lost > 0, "{tally:?}");
}
