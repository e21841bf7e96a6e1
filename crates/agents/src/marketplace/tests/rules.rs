//! Rules one by one, as scripts: `NAME word=value …` publishes, the other lines begin with a verb.

use std::fmt::Write as _;

use expect_test::{Expect, expect};

use super::{super::*, World};

/// Runs a script and compares its answers.
#[track_caller]
fn check(script: &str, want: Expect) {
    let (mut world, mut got) = (World::new(), String::new());
    for line in script.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let mut words = line.split(' ');
        let verb = words.next().unwrap();
        let rest: Vec<(&str, &str)> =
            words.map(|word| word.split_once('=').unwrap_or((word, ""))).collect();
        match verb {
            "pass" => world.pass(rest[0].0.parse().unwrap()),
            "beat" => world.beat(rest[0].0.parse().unwrap()),
            "unpublish" => {
                let slot = Slot(rest[0].0.parse().unwrap());
                world.command(Command::Unpublish { slot }).unwrap();
            }
            "find" => writeln!(got, "{line}: {}", find(&world, &rest)).unwrap(),
            agent => {
                let slot = value(&rest, "slot").unwrap_or("0").parse().unwrap();
                if let Err(refusal) = world.publish(slot, agent, draft(&rest)) {
                    writeln!(got, "{line}: {refusal}").unwrap();
                }
            }
        }
        check_invariants(&world.market);
    }
    want.assert_eq(&got);
}

fn value<'a>(words: &[(&str, &'a str)], name: &str) -> Option<&'a str> {
    words.iter().find(|word| word.0 == name).map(|word| word.1)
}

fn list(words: &[(&str, &str)], name: &str) -> Vec<smol_str::SmolStr> {
    value(words, name).into_iter().flat_map(|text| text.split(',')).map(Into::into).collect()
}

/// `latency=GRAPH:P99,…`, `fit=WCP:INPUT:OUTPUT:sound,…`.
fn draft(words: &[(&str, &str)]) -> Draft {
    let mut draft = Draft::minimal(value(words, "domain").unwrap_or("Work"), "");
    draft.description = value(words, "says").unwrap_or_default().replace('_', " ").into();
    draft.coverage.namespaces = list(words, "ns");
    draft.coverage.sparql_patterns = list(words, "sparql");
    for text in list(words, "fit") {
        let parts: Vec<&str> = text.split(':').collect();
        draft.fit.push(Contract {
            wcp_patterns: vec![Wcp::new(parts[0].parse().unwrap()).unwrap()],
            input_tokens: vec![parts[1].into()],
            output_tokens: vec![parts[2].into()],
            maintains_soundness: parts[3] == "sound",
        });
    }
    draft.cost.base_price_per_cycle = value(words, "price").unwrap_or("1").parse().unwrap();
    for text in list(words, "latency") {
        let (graph, p99) = text.split_once(':').unwrap();
        let (graph_triples, p99_ms) = (graph.parse().unwrap(), p99.parse().unwrap());
        draft.latency.push(LatencyProfile { graph_triples, p50_ms: 0, p95_ms: 0, p99_ms });
    }
    draft
}

fn query(words: &[(&str, &str)]) -> Query {
    let number = |name| value(words, name).map(|text| text.parse().unwrap());
    match words[0] {
        ("all", _) => Query::AllLive,
        ("id", id) => Query::Id(id.parse().unwrap()),
        ("namespace", namespace) => Query::Namespace(namespace.into()),
        ("cost", max) => Query::MaxCost(max.parse().unwrap()),
        ("p99", max) => Query::MaxLatency(max.parse().unwrap()),
        ("wcp", wcp) => Query::WcpPattern(Wcp::new(wcp.parse().unwrap()).unwrap()),
        ("slot", _) => Query::TransitionSlot(SlotQuery {
            capability_keyword: value(words, "keyword").map(|text| text.replace('_', " ").into()),
            namespaces: list(words, "ns"),
            sparql_patterns: list(words, "sparql"),
            wcp_pattern: number("fits").map(|wcp| Wcp::new(wcp as u8).unwrap()),
            input_tokens: list(words, "in"),
            output_tokens: list(words, "out"),
            must_maintain_soundness: value(words, "sound").is_some(),
            max_cost_per_cycle: value(words, "max").map(|text| text.parse().unwrap()),
            max_p99_ms: number("within"),
            graph_triples: number("graph").unwrap_or(GRAPH_TRIPLES),
        }),
        (kind, _) => panic!("no kind of query: {kind}"),
    }
}

fn find(world: &World, words: &[(&str, &str)]) -> String {
    let staleness =
        value(words, "staleness").map(|ms| Staleness::of_ms(ms.parse().unwrap()).unwrap());
    let limit = value(words, "limit").map(|limit| Limit::near(limit.parse().unwrap()));
    let search = Search {
        query: query(words),
        staleness: staleness.unwrap_or_default(),
        limit: limit.unwrap_or_default(),
        after: None,
    };
    let beat = |slot: Slot| world.beats[&slot];
    let watch = Watch { now: world.now, beat: &beat };
    match world.market.search(&search, watch) {
        Ok(page) => {
            let names: Vec<&str> = page.found.iter().map(|found| found.agent.as_str()).collect();
            let more = if page.next.is_some() { " …" } else { "" };
            format!("{}{more}", names.join(" "))
        }
        Err(invalid) => invalid.to_string(),
    }
}

#[test]
fn the_economic_order_is_price_then_worst_latency_then_id() {
    check(
        "z slot=0 price=0.5 latency=1:10,9:900
         y slot=1 price=0.5 latency=5:100
         x slot=2 price=0.5
         b slot=3 price=2 latency=1:1
         a slot=4 price=2 latency=1:1
         c slot=5 price=0
         find all
         find all limit=4
         find cost=0.5
         find cost=0.49
         find cost=inf
         find p99=100
         find p99=18446744073709551615",
        expect![[r#"
            find all: c y z x a b
            find all limit=4: c y z x …
            find cost=0.5: c y z x
            find cost=0.49: c
            find cost=inf: c y z x a b
            find p99=100: a b y
            find p99=18446744073709551615: a b y z
        "#]],
    );
}

#[test]
fn undeclared_latency_passes_a_slot_and_is_left_out_of_a_search_by_latency() {
    check(
        "silent slot=0
         quick slot=1 latency=1000000:50,1000000000:9000
         find slot within=0
         find slot within=50
         find slot within=50 graph=900000000
         find p99=8999
         find p99=9000",
        expect![[r#"
            find slot within=0: silent
            find slot within=50: quick silent
            find slot within=50 graph=900000000: silent
            find p99=8999: 
            find p99=9000: quick
        "#]],
    );
}

#[test]
fn one_contract_must_keep_all_that_a_slot_asks_for() {
    check(
        "one slot=0 fit=5:order:bill:sound
         two slot=1 fit=5:order:parcel:sound,6:parcel:bill:unsound
         none slot=2
         find slot fits=5
         find slot fits=5 in=order out=bill
         find slot fits=6
         find slot fits=6 sound
         find slot out=bill
         find slot out=bill sound
         find slot sound
         find slot
         find wcp=6
         find wcp=43",
        expect![[r#"
            find slot fits=5: one two
            find slot fits=5 in=order out=bill: one
            find slot fits=6: two
            find slot fits=6 sound: 
            find slot out=bill: one two
            find slot out=bill sound: one
            find slot sound: one two
            find slot: none one two
            find wcp=6: two
            find wcp=43: 
        "#]],
    );
}

#[test]
fn a_keyword_is_a_part_of_domain_or_description_without_regard_to_case() {
    check(
        "a slot=0 domain=OrderFulfilment says=Ships_small_parcels
         b slot=1 domain=Carrier says=ΟΔΟΣ
         c slot=2 domain=x says=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaz
         find slot keyword=FULFIL
         find slot keyword=all_PARC
         find slot keyword=s_parc
         find slot keyword=mentships
         find slot keyword=οδοσ
         find slot keyword=σ
         find slot keyword=aaz
         find slot keyword=r
         find slot keyword=_
         find slot keyword=-",
        expect![[r#"
            find slot keyword=FULFIL: a
            find slot keyword=all_PARC: a
            find slot keyword=s_parc: 
            find slot keyword=mentships: 
            find slot keyword=οδοσ: b
            find slot keyword=σ: b
            find slot keyword=aaz: c
            find slot keyword=r: a b
            find slot keyword=_: capability_keyword: is empty
            find slot keyword=-: 
        "#]],
    );
}

#[test]
fn coverage_must_hold_all_that_is_asked_for_letter_by_letter() {
    check(
        "a slot=0 ns=urn:a,urn:b sparql=?s_a_?t
         b slot=1 ns=urn:b
         find namespace=urn:b
         find namespace=urn:B
         find namespace=urn
         find slot ns=urn:b,urn:a
         find slot ns=urn:b sparql=?s_a_?t
         find slot ns=urn:nobody",
        expect![[r#"
            find namespace=urn:b: a b
            find namespace=urn:B: 
            find namespace=urn: 
            find slot ns=urn:b,urn:a: a
            find slot ns=urn:b sparql=?s_a_?t: a
            find slot ns=urn:nobody: 
        "#]],
    );
}

#[test]
fn an_agent_is_as_live_as_the_query_says() {
    check(
        "a slot=0
         b slot=1
         pass 30000
         find all staleness=30000
         pass 1
         find all staleness=30000
         beat 1
         find all staleness=30000
         pass 29999
         find all staleness=60000
         pass 1
         find all staleness=60000
         find all
         find id=a
         find id=a staleness=60000
         pass 240000
         find all
         beat 0
         find all staleness=30000",
        expect![[r#"
            find all staleness=30000: a b
            find all staleness=30000: 
            find all staleness=30000: b
            find all staleness=60000: a b
            find all staleness=60000: b
            find all: a b
            find id=a: a
            find id=a staleness=60000: 
            find all: b
            find all staleness=30000: a
        "#]],
    );
}

#[test]
fn who_publishes_again_changes_the_offering_and_who_unpublishes_is_in_no_index() {
    check(
        "a slot=0 domain=Freight ns=urn:a price=3
         b slot=1 domain=Freight ns=urn:a price=3
         a slot=0 domain=Carrier ns=urn:b price=1
         find slot keyword=freight
         find namespace=urn:b
         find all
         unpublish 0
         unpublish 0
         unpublish 99
         find all
         find id=a
         c slot=0
         find all
         a slot=2
         find all",
        expect![[r#"
            find slot keyword=freight: b
            find namespace=urn:b: a
            find all: a b
            find all: b
            find id=a: 
            find all: c b
            find all: a c b
        "#]],
    );
}

#[test]
fn a_place_has_one_agent_and_an_agent_one_place() {
    check(
        "a slot=0
         b slot=0
         a slot=1
         c slot=4294967295
         find all",
        expect![[r#"
            b slot=0: place 0 belongs to a
            a slot=1: a is listed at place 0
            c slot=4294967295: place 4294967295 is beyond 16777216
            find all: a
        "#]],
    );
}

#[test]
fn numbers_that_are_none_are_refused_in_queries() {
    check(
        "find cost=NaN
         find cost=-1
         find slot max=NaN
         find slot max=-inf
         find namespace=",
        expect![[r#"
            find cost=NaN: max_cost: is NaN, allowed is a number from 0
            find cost=-1: max_cost: is -1, allowed is a number from 0
            find slot max=NaN: max_cost: is NaN, allowed is a number from 0
            find slot max=-inf: max_cost: is -inf, allowed is a number from 0
            find namespace=: namespace: is empty
        "#]],
    );
}
