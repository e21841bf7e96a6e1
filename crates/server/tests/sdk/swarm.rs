//! The swarm against a real server, and against one that stalls on purpose.

use std::time::Duration;

use loadgen::{Settings, Temper, Think, drought};
use tokio::time::Instant;

use crate::{
    fake::{Fake, Reply, Request},
    site::Site,
};

fn settings(url: String) -> Settings {
    Settings {
        url,
        seed: 7,
        agents: 100,
        connections: 64,
        launches_per_second: 40.0,
        claims_per_launch: 2.0,
        warm_up_seconds: 1,
        seconds: 5,
        settle_seconds: 60,
        term_ms: 1_000,
        temper: Temper { think: Think::Exponential { mean_ms: 20 }, ..Temper::default() },
        ..Settings::default()
    }
}

fn url(site: &Site) -> String {
    format!("http://{}", site.server.addresses().public)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_swarm_of_every_temper_loses_nothing_and_doubles_nothing() {
    let site = Site::with(|config| config.retry_rest_ms = 1).await;
    let temper = Temper {
        errs: 5,
        returns: 5,
        is_slow: 3,
        crashes: 2,
        think: Think::Exponential { mean_ms: 20 },
    };
    let settings = Settings { temper, storm: true, sessions: 4, ..settings(url(&site)) };
    let report = loadgen::run(&settings).await.unwrap();
    assert_eq!(report.verdict.ledger, Vec::<String>::new(), "{report}");
    let disagreed = report.verdict.refused.iter().find(|why| why.contains("by our ledger"));
    assert_eq!(disagreed, None, "{report}");
    let ledger = &report.ledger;
    assert!(ledger.items_completed > 150, "{report}");
    assert!(ledger.late_refused > 0, "{report}");
    assert_eq!(ledger.launches.issued, ledger.launches.acknowledged);
    let shown = serde_json::to_string(&report).unwrap();
    assert!(shown.contains(r#""loop":"open""#), "{shown}");
    site.stop().await;
}

/// A way to the real server that stalls for 1.4 s, three seconds after it was made.
async fn stalling(site: &Site) -> Fake {
    let made = Instant::now();
    Fake::start(Some(site.server.addresses().public), move |request: &Request| {
        let (from, to) = (made + Duration::from_secs(3), made + Duration::from_millis(4_400));
        let is_asked = !request.line.contains("/actuator/");
        match (from..to).contains(&Instant::now()) && is_asked {
            true => Reply::PassOnAt(to),
            false => Reply::PassOn,
        }
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_open_loop_shows_a_stall_that_a_closed_one_hides() {
    let site = Site::new().await;
    // Of the launches; the operation's name is what JSON calls it.
    let p90 = |report: &loadgen::Report| {
        let shown = serde_json::to_value(&report.series).unwrap();
        let is_it =
            |one: &&serde_json::Value| one["operation"] == "launch" && one["phase"] == "measured";
        let launches = shown.as_array().unwrap().iter().find(is_it).unwrap();
        launches["latency_ms"]["p90"].as_f64().unwrap()
    };
    let fake = stalling(&site).await;
    let open = loadgen::run(&settings(fake.url())).await.unwrap();
    assert!(open.latency_p99_ms > 1_000.0, "{open}");
    let fake = stalling(&site).await;
    let closed = Settings { closed: 2, ..settings(fake.url()) };
    let closed = loadgen::run(&closed).await.unwrap();
    assert!(p90(&closed) < p90(&open) / 2.0, "{closed}\n{open}");
    assert_eq!(closed.loop_, "closed");
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_limit_that_is_not_kept_is_told() {
    let site = Site::new().await;
    let limit = loadgen::Limit {
        operation: serde_json::from_str(r#""launch""#).unwrap(),
        percentile: 50.0,
        at_most_ms: 0.0,
    };
    let settings = Settings { seconds: 1, limits: vec![limit], ..settings(url(&site)) };
    let report = loadgen::run(&settings).await.unwrap();
    assert_eq!(report.verdict.limits.len(), 1, "{report}");
    assert!(!report.verdict.is_good());
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_drought_costs_little_and_everybody_is_back_within_one_back_off() {
    let site = Site::with(|config| {
        (config.backoff_base_ms, config.backoff_cap_ms) = (40, 480);
    })
    .await;
    let settings = Settings { agents: 20, ..settings(url(&site)) };
    let drought = drought::measure(&settings, 8).await.unwrap();
    assert_eq!(drought.broken(), Vec::<String>::new(), "{drought:?}");
    site.stop().await;
}
