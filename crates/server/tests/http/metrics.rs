//! M21 to M57: each series that can move is moved, and every name stands in the documents with its meaning.

use std::{
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use agents::{
    Epoch,
    registry::{AgentState, Command, Incarnation, Who},
};
use node::case_of_item;

use crate::{
    fleet::{
        RESULT, Scrape, become_, claim, id, launch, life, publish, register, registrations, renew,
        search,
    },
    site::{Deadline, Site},
};

/// Scrapes until the series is as wanted. Nothing is waited for but the server's own looks.
#[track_caller]
fn until(site: &Site, series: &str, wanted: impl Fn(f64) -> bool) {
    let deadline = Deadline::begin();
    while !wanted(Scrape::of(site).value(series)) {
        assert!(!deadline.is_over(), "{series} is {}", Scrape::of(site).value(series));
    }
}

/// What an epoch that was never given stands for.
fn nobody(name: &str) -> Incarnation {
    Incarnation { who: Who::Id(id(name)), epoch: Epoch(u64::MAX) }
}

/// How much each series grows while `work` is done.
#[track_caller]
fn grows(site: &Site, series: &[(&str, f64)], work: impl FnOnce()) {
    let before = Scrape::of(site);
    work();
    let after = Scrape::of(site);
    for (series, by) in series {
        let grown = after.value(series) - before.value(series);
        assert_eq!(grown, *by, "{series} from {} to {}", before.value(series), after.value(series));
    }
}

#[test]
fn heartbeats_are_counted_by_how_they_end() {
    let site = Site::new();
    let node = site.node();
    grows(
        &site,
        &[
            ("yawl_agent_created_total", 3.0),
            ("yawl_etcd_query_latency_ms_count{query_type=\"publish\"}", 1.0),
        ],
        || site.run(register(&node, &["ann", "bob", "eve"])),
    );
    until(&site, "yawl_marketplace_live_agents_count", |live| live == 3.0);
    grows(
        &site,
        &[
            ("yawl_heartbeat_latency_ms_count", 1.0),
            ("yawl_heartbeat_throughput_per_sec", 2.0),
            ("yawl_heartbeat_renewal_success{outcome=\"success\"}", 2.0),
            ("yawl_heartbeat_renewal_success{outcome=\"error\"}", 1.0),
            ("yawl_heartbeat_renewal_success{outcome=\"timeout\"}", 0.0),
            ("yawl_heartbeat_executor_task_count", 3.0),
            ("yawl_etcd_query_latency_ms_count{query_type=\"heartbeat\"}", 1.0),
        ],
        || {
            let agents = vec![life(&node, "ann"), life(&node, "bob"), nobody("eve")];
            assert_eq!(site.run(renew(&node, agents)), 2);
        },
    );
    let (stopped, node_after) = (site.stop(), node);
    stopped.unwrap();
    let renewal = Command::Renew { agents: vec![nobody("ann"), nobody("bob")] };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(node_after.registry(renewal)).unwrap_err();
    assert_eq!(node_after.telemetry().agents.renewals_unanswered.get(), 2, "no desk, no answer");
}

#[test]
fn a_desk_with_much_to_do_shows_its_queue_and_its_threads() {
    let site = Site::new();
    let node = site.node();
    site.run(register(&node, &["ann"]));
    let (busy, whom) = (Arc::new(AtomicBool::new(true)), life(&node, "ann"));
    let hammers: Vec<_> = (0..200)
        .map(|_| {
            let (busy, node, whom) = (busy.clone(), node.clone(), whom.clone());
            site.start(async move {
                while busy.load(Ordering::Relaxed) {
                    renew(&node, vec![whom.clone(); 1_000]).await;
                }
            })
        })
        .collect();
    until(&site, "yawl_heartbeat_executor_queue_depth", |depth| depth > 0.0);
    until(&site, "yawl_heartbeat_executor_active_threads", |threads| threads > 0.0);
    busy.store(false, Ordering::Relaxed);
    hammers.into_iter().for_each(|hammer| site.run(hammer).unwrap());
    until(&site, "yawl_heartbeat_executor_queue_depth", |depth| depth == 0.0);
    until(&site, "yawl_heartbeat_executor_active_threads", |threads| threads == 0.0);
}

#[test]
fn the_marketplace_counts_what_is_published_and_asked() {
    let site = Site::new();
    let node = site.node();
    site.run(register(&node, &["ann"]));
    grows(
        &site,
        &[
            ("yawl_marketplace_publish_count{outcome=\"success\"}", 1.0),
            ("yawl_marketplace_publish_count{outcome=\"stale_check_fail\"}", 1.0),
            ("yawl_marketplace_index_sync_time_ms_count", 1.0),
            ("yawl_marketplace_unpublish_count", 0.0),
            ("yawl_marketplace_query_latency_ms_count", 1.0),
            ("yawl_etcd_query_latency_ms_count{query_type=\"discovery\"}", 1.0),
            ("yawl_etcd_query_latency_ms_count{query_type=\"publish\"}", 2.0),
        ],
        || {
            site.run(publish(&node, life(&node, "ann"))).unwrap();
            site.run(publish(&node, nobody("ann"))).unwrap_err();
            assert_eq!(search(&node), 1);
        },
    );
    grows(
        &site,
        &[
            ("yawl_marketplace_unpublish_count", 1.0),
            ("yawl_etcd_query_latency_ms_count{query_type=\"unpublish\"}", 1.0),
        ],
        || site.run(node.unpublish(life(&node, "ann"))).unwrap(),
    );
    assert_eq!(search(&node), 0);
    let looks = Scrape::of(&site).value("yawl_marketplace_liveness_filter_duration_ms_count");
    until(&site, "yawl_marketplace_liveness_filter_duration_ms_count", |count| count > looks);
    let quantile = "yawl_marketplace_liveness_filter_duration_ms{quantile=\"0.95\"}";
    assert!(Scrape::of(&site).value(quantile) > 0.0);
}

#[test]
fn agents_are_counted_from_their_registration_to_their_end() {
    let site = Site::new();
    let node = site.node();
    site.run(register(&node, &["ann", "bob"]));
    let held = |state: &str| format!("yawl_agent_state_duration_ms_count{{state=\"{state}\"}}");
    let (starting, seeking) = (held("INITIALIZING"), held("DISCOVERING"));
    let (working, stopping) = (held("PROCESSING"), held("STOPPING"));
    grows(&site, &[(&starting, 1.0), (&seeking, 1.0), (&working, 1.0), (&stopping, 1.0)], || {
        use AgentState::{Discovering, Processing, Stopped, Stopping};
        for state in [Discovering, Processing, Stopping, Stopped] {
            site.run(become_(&node, "ann", state));
        }
    });
    grows(
        &site,
        &[
            ("yawl_agent_stopped_total", 1.0),
            ("yawl_agent_created_total", 0.0),
            ("yawl_etcd_query_latency_ms_count{query_type=\"unpublish\"}", 1.0),
        ],
        || {
            let agents = vec![life(&node, "ann")];
            site.run(node.registry(Command::Deregister { agents })).unwrap();
        },
    );
    grows(
        &site,
        &[
            ("yawl_agent_reconnect_count{reason=\"manual\"}", 1.0),
            ("yawl_agent_created_total", 1.0),
            ("yawl_agent_stopped_total", 1.0),
            (&starting, 1.0),
        ],
        || {
            let host = "elsewhere".parse().unwrap();
            let opened = site.run(node.registry(Command::OpenSession { host })).unwrap();
            let agents::registry::Answer::SessionOpened(session) = opened else {
                panic!("{opened:?}")
            };
            let agents = registrations(&["bob"]);
            site.run(node.registry(Command::Register { session: Some(session), agents })).unwrap();
        },
    );
}

#[test]
fn an_agent_that_was_silent_for_too_long_reconnects() {
    let site = Site::with(|config| config.agents_stale_after_ms = 1_000);
    let node = site.node();
    site.run(register(&node, &["ann"]));
    until(&site, "yawl_marketplace_live_agents_count", |live| live == 1.0);
    until(&site, "yawl_marketplace_live_agents_count", |live| live == 0.0);
    site.run(renew(&node, vec![life(&node, "ann")]));
    until(&site, "yawl_agent_reconnect_count{reason=\"heartbeat_miss\"}", |count| count == 1.0);
    until(&site, "yawl_marketplace_live_agents_count", |live| live == 1.0);
}

#[test]
fn work_is_counted_from_its_claim_to_its_end() {
    let site = Site::with_examples();
    let node = site.node();
    site.run(register(&node, &["ann"]));
    launch(&site, 2);
    let granted = |node: &node::Handle| {
        let mut granted = site.run(claim(node, "ann", 0)).items;
        granted.pop().expect("there is an item")
    };
    let hold = granted(&node);
    let bring = |command| {
        let case = case_of_item(&hold.item).unwrap();
        site.run(node.command(&case, None, command))
    };
    grows(
        &site,
        &[
            ("yawl_agent_work_item_checkin_count{outcome=\"success\"}", 1.0),
            ("yawl_agent_work_item_checkin_count{outcome=\"error\"}", 0.0),
        ],
        || {
            let (item, data) = (hold.item.clone(), RESULT.to_owned());
            bring(node::Command::CompleteHeld { item, data, epoch: hold.epoch }).unwrap();
        },
    );
    let fail = granted(&node);
    assert_eq!(Scrape::of(&site).value("yawl_agent_work_item_checkout_count"), 2.0);
    assert_eq!(Scrape::of(&site).value("yawl_items_claimed_total"), 2.0);
    grows(
        &site,
        &[
            ("yawl_agent_work_item_checkin_count{outcome=\"success\"}", 0.0),
            ("yawl_agent_work_item_checkin_count{outcome=\"error\"}", 1.0),
        ],
        || {
            let case = case_of_item(&fail.item).unwrap();
            let command = node::Command::FailHeld { item: fail.item, epoch: fail.epoch };
            site.run(node.command(&case, None, command)).unwrap();
        },
    );
}

#[test]
fn discovery_that_finds_nothing_backs_off_until_it_is_reset() {
    let site = Site::with_examples();
    let node = site.node();
    site.run(register(&node, &["ann", "bob"]));
    launch(&site, 1);
    let slept = |scrape: &Scrape| {
        let samples = scrape.family("yawl_discovery_backoff_sleep_time_ms_count");
        samples
            .iter()
            .map(|line| line.rsplit(' ').next().unwrap().parse::<f64>().unwrap())
            .sum::<f64>()
    };
    grows(
        &site,
        &[
            ("yawl_agent_discovery_attempts{outcome=\"success\"}", 1.0),
            ("yawl_agent_discovery_attempts{outcome=\"no_work\"}", 3.0),
            ("yawl_agent_discovery_attempts{outcome=\"timeout\"}", 1.0),
        ],
        || {
            assert_eq!(site.run(claim(&node, "ann", 0)).items.len(), 1);
            for wait_ms in [0, 0, 0, 1] {
                assert_eq!(site.run(claim(&node, "bob", wait_ms)).items.len(), 0);
            }
        },
    );
    let drought = Scrape::of(&site);
    assert_eq!(slept(&drought), 4.0);
    assert_eq!(drought.value("yawl_agent_backoff_level"), 3.0);
    assert_eq!(drought.value("yawl_discovery_backoff_cycles"), 3.0);
    assert_eq!(drought.value("yawl_discovery_empty_result_consecutive"), 4.0);
    assert_eq!(drought.value("yawl_discovery_agents_in_backoff"), 1.0);
    assert_eq!(drought.value("yawl_discovery_polling_load_reduction_percent"), 87.5);
    assert_eq!(drought.family("yawl_discovery_backoff_sleep_time_ms_count").len(), 8);
    let reset = site.ask("POST", "/yawl/resilience/discovery/reset", None);
    assert_eq!(reset.json()["circuit_breaker"], "CLOSED");
    let after = Scrape::of(&site);
    for gauge in [
        "yawl_agent_backoff_level",
        "yawl_discovery_backoff_cycles",
        "yawl_discovery_empty_result_consecutive",
        "yawl_discovery_agents_in_backoff",
        "yawl_discovery_polling_load_reduction_percent",
    ] {
        assert_eq!(after.value(gauge), 0.0, "{gauge}");
    }
    assert_eq!(after.value("yawl_agent_reconnect_count{reason=\"discovery_restart\"}"), 1.0);
}

#[test]
fn a_claim_that_waits_is_a_subscription() {
    let site = Site::with_examples();
    let node = site.node();
    site.run(register(&node, &["ann"]));
    assert_eq!(Scrape::of(&site).value("yawl_etcd_watch_stream_count"), 0.0);
    let asking = {
        let node = node.clone();
        site.start(async move { claim(&node, "ann", 60_000).await })
    };
    until(&site, "yawl_etcd_watch_stream_count", |streams| streams == 1.0);
    launch(&site, 1);
    assert_eq!(site.run(asking).unwrap().items.len(), 1);
    assert_eq!(Scrape::of(&site).value("yawl_etcd_watch_stream_count"), 0.0);
}

#[test]
fn one_member_leads_itself_and_keeps_its_agents_over_a_restart() {
    let directory = tempfile::tempdir().unwrap();
    let data = directory.path().join("data");
    let site = Site::with(|config| config.data = data.clone());
    let node = site.node();
    site.run(register(&node, &["ann", "bob"]));
    let scrape = Scrape::of(&site);
    assert_eq!(scrape.value("yawl_etcd_leader_changes"), 0.0);
    assert_eq!(scrape.value("etcd_server_has_leader"), 1.0);
    let lag = scrape.family("yawl_etcd_replication_lag_ms");
    assert!(lag[0].contains("member_role=\"leader\"") && lag[0].ends_with(" 0"), "{lag:?}");
    let bytes = scrape.value("yawl_etcd_db_size_bytes");
    assert!(bytes > 0.0);
    drop(node);
    site.stop().unwrap();
    let site = Site::with(|config| config.data = data);
    let scrape = Scrape::of(&site);
    assert_eq!(scrape.value("yawl_agent_created_total"), 2.0, "created less stopped are there");
    assert_eq!(scrape.value("yawl_agent_stopped_total"), 0.0);
    assert!(scrape.value("yawl_etcd_db_size_bytes") > bytes, "there is a snapshot now");
}

/// `docs/metrics.md` and the exposition name the same metrics with the same types and labels.
#[test]
fn every_metric_is_documented_as_it_is() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/metrics.md");
    let document = std::fs::read_to_string(path).unwrap();
    let documented: BTreeSet<String> = document
        .lines()
        .filter_map(|line| {
            let cells: Vec<&str> = line.strip_prefix("| `")?.split('|').map(str::trim).collect();
            let labels = cells[2].replace(['`', ' '], "");
            Some(format!("{} {} {labels}", cells[0].trim_end_matches('`'), cells[1]))
        })
        .collect();
    let site = Site::new();
    let scrape = Scrape::of(&site);
    let types = scrape.text().lines().filter_map(|line| line.strip_prefix("# TYPE "));
    let exported: BTreeSet<String> = types
        .map(|line| {
            let (name, kind) = line.split_once(' ').unwrap();
            let series =
                if kind == "histogram" { format!("{name}_count") } else { name.to_owned() };
            let labels: BTreeSet<&str> = scrape
                .family(&series)
                .iter()
                .filter_map(|line| line.split_once('{')?.1.rsplit_once('}'))
                .flat_map(|(labels, _)| {
                    labels.split(',').map(|label| label.split('=').next().unwrap())
                })
                .collect();
            let labels: Vec<_> = labels.into_iter().collect();
            format!("{name} {kind} {}", labels.join(","))
        })
        .collect();
    let missing: Vec<_> = exported.difference(&documented).collect();
    let gone: Vec<_> = documented.difference(&exported).collect();
    assert!(missing.is_empty() && gone.is_empty(), "to document: {missing:#?}\nnot so: {gone:#?}");
}
