//! Work that does not grow with the number of agents, events that can be repeated, indexes that are made anew.

use super::*;

fn offering(change: impl FnOnce(&mut Draft)) -> Arc<Offering> {
    let mut draft = Draft::minimal("Ordering", "takes orders");
    change(&mut draft);
    Arc::new(Offering::new(draft).unwrap())
}

fn published(slot: u32, offering: &Arc<Offering>) -> Event {
    Event::Published(Listing {
        slot: Slot(slot),
        agent: format!("agent-{slot:06}").parse().unwrap(),
        offering: Arc::clone(offering),
        registered_at: Moment { ms: 0 },
    })
}

/// `agents` of which the first nine tenths in every order are not heard of any more.
fn mostly_stale(agents: u32, offerings: &[Arc<Offering>], is_told: bool) -> Marketplace {
    let mut market = Marketplace::default();
    for slot in 0..agents {
        let offering = &offerings[slot as usize * offerings.len() / agents as usize];
        apply(&mut market, &published(slot, offering));
        if is_told && slot < agents / 10 * 9 {
            market.set_stale(Slot(slot));
        }
    }
    market
}

const AGENTS: u32 = 50_000;
const NOW: Moment = Moment { ms: 1_000_000 };

fn beat(slot: Slot) -> Moment {
    if slot.0 < AGENTS / 10 * 9 { Moment { ms: NOW.ms - 400_000 } } else { NOW }
}

fn search_for(staleness_ms: u64) -> Search {
    let slot = SlotQuery { capability_keyword: Some("order".into()), ..SlotQuery::default() };
    let staleness = Staleness::of_ms(staleness_ms).unwrap();
    Search { staleness, ..Search::new(Query::TransitionSlot(slot)) }
}

fn prices(count: u32) -> Vec<Arc<Offering>> {
    (0..count)
        .map(|price| offering(|draft| draft.cost.base_price_per_cycle = f64::from(price)))
        .collect()
}

#[test]
fn agents_told_to_be_stale_cost_nothing_however_many_stand_in_front() {
    let watch = Watch { now: NOW, beat: &beat };
    for offerings in [prices(10), prices(AGENTS)] {
        let market = mostly_stale(AGENTS, &offerings, true);
        let page = market.search(&search_for(60_000), watch).unwrap();
        assert_eq!((page.found.len(), page.is_partial), (LIMIT, false));
        assert_eq!(page.looks.stale, 0);
        assert!(page.looks.agents + page.looks.offerings <= 2 * LIMIT, "{:?}", page.looks);
        assert_eq!(page.found[0].slot, Slot(AGENTS / 10 * 9));
        assert_eq!(market.live_len(), AGENTS as usize / 10);
    }
}

#[test]
fn a_query_that_meets_nothing_but_stale_agents_stops_and_says_how_to_go_on() {
    let watch = Watch { now: NOW, beat: &beat };
    for (offerings, is_told) in [(prices(10), true), (prices(10), false), (prices(AGENTS), true)] {
        let market = mostly_stale(AGENTS, &offerings, is_told);
        let (mut search, mut pages) = (search_for(300_000), 0);
        let page = loop {
            let page = market.search(&search, watch).unwrap();
            assert!(page.looks.agents + page.looks.offerings <= STEPS_MAX + 1, "{:?}", page.looks);
            pages += 1;
            if !page.is_partial {
                break page;
            }
            assert_eq!(page.found, []);
            search.after = page.next;
        };
        assert!(pages > 1, "the first page was partial");
        assert_eq!(page.found.len(), LIMIT);
        assert_eq!(page.found[0].slot, Slot(AGENTS / 10 * 9));
    }
}

#[test]
fn equal_offerings_are_kept_once() {
    let mut market = Marketplace::default();
    for slot in 0..100 {
        apply(&mut market, &published(slot, &offering(|_| {})));
    }
    let kept = market.listing(Slot(0)).unwrap().offering;
    assert_eq!(market.stats().offerings, 1);
    assert!(Arc::ptr_eq(&kept, &market.listing(Slot(99)).unwrap().offering));
    for slot in 0..100 {
        apply(&mut market, &Event::Unpublished { slot: Slot(slot) });
    }
    assert!(market.is_empty());
    assert_eq!(market.stats().offerings, 0);
    assert_eq!(market.stats().indexes, BTreeMap::new());
    assert_eq!(Arc::strong_count(&kept), 1, "nothing holds it any more");
}

#[test]
fn a_repeated_event_changes_nothing_and_replay_equals_live() {
    let mut world = World::new();
    let mut log = Vec::new();
    for seed in 0..200u64 {
        let mut choices = Choices(seed.wrapping_mul(0x2545_f491_4f6c_dd1d));
        let slot = choices.of(20) as u32;
        let listing = Listing {
            slot: Slot(slot),
            agent: format!("agent-{slot}").parse().unwrap(),
            offering: Arc::new(Offering::new(choices.draft()).unwrap()),
            registered_at: world.now,
        };
        let command = match choices.of(4) {
            0 => Command::Unpublish { slot: Slot(slot) },
            _ => Command::Publish { listing, last_heartbeat: world.now },
        };
        for event in decide(&world.market, command.clone(), world.now).unwrap() {
            apply(&mut world.market, &event);
            log.push(event);
        }
        assert_eq!(decide(&world.market, command, world.now), Ok(vec![]), "it is done already");
    }
    let mut replayed = Marketplace::default();
    for event in &log {
        let bytes = postcard::to_stdvec(event).unwrap();
        let event = postcard::from_bytes(&bytes).unwrap();
        apply(&mut replayed, &event);
        apply(&mut replayed, &event);
        check_invariants(&replayed);
    }
    let listings =
        |market: &Marketplace| (0..20).map(|slot| market.listing(Slot(slot))).collect::<Vec<_>>();
    assert_eq!(listings(&replayed), listings(&world.market));
    assert_eq!(replayed.stats(), world.market.stats());
}

#[test]
fn an_update_keeps_the_day_of_registration_and_whether_the_agent_is_stale() {
    let mut world = World::new();
    world.publish(1, "a", Draft::minimal("Ordering", "")).unwrap();
    let registered_at = world.now;
    world.pass(STALE_AFTER_MS + 1);
    assert_eq!(world.market.live_len(), 0);
    let listing = Listing {
        offering: offering(|_| {}),
        registered_at: world.now,
        ..world.market.listing(Slot(1)).unwrap()
    };
    world.command(Command::Publish { listing, last_heartbeat: world.now }).unwrap();
    assert_eq!(world.market.listing(Slot(1)).unwrap().registered_at, registered_at);
    assert_eq!(world.market.live_len(), 0, "a heartbeat makes it live, not a listing");
}

#[test]
fn who_was_not_heard_of_is_not_published() {
    let market = Marketplace::default();
    let listing = |ms| Listing {
        slot: Slot(0),
        agent: "a".parse().unwrap(),
        offering: offering(|_| {}),
        registered_at: Moment { ms },
    };
    let publish = |registered, heartbeat, now| {
        let last_heartbeat = Moment { ms: heartbeat };
        let command = Command::Publish { listing: listing(registered), last_heartbeat };
        decide(&market, command, Moment { ms: now }).map(|events| events.len())
    };
    assert_eq!(publish(0, 0, 300_000), Ok(1));
    assert_eq!(publish(0, 0, 300_001), Err(Refusal::Stale { ms: 300_001, max_ms: 300_000 }));
    let refusal = Refusal::HeartbeatBeforeRegistration { heartbeat_ms: 4, registered_ms: 5 };
    assert_eq!(publish(5, 4, 5), Err(refusal));
}

#[test]
fn a_resync_mends_indexes_and_names_what_was_wrong() {
    let mut world = World::new();
    for slot in 0..30 {
        let draft = Choices(u64::from(slot).wrapping_mul(0x2545_f491_4f6c_dd1d)).draft();
        world.publish(slot, &format!("agent-{slot}"), draft).unwrap();
    }
    world.pass(STALE_AFTER_MS + 1);
    (0..10).for_each(|slot| world.beat(slot));
    let stats = world.market.stats();
    assert_eq!(world.market.resync(), [], "nothing was wrong");
    let Marketplace { shelf, live, .. } = &mut world.market;
    live.remove(shelf, Slot(3));
    shelf.by_id = ordered::Ordered::default();
    let wrong = world.market.resync();
    for list in [List::AgentsById, List::Members, List::Postings] {
        assert!(wrong.contains(&list), "{wrong:?}");
    }
    check_invariants(&world.market);
    assert_eq!(world.market.stats(), stats);
    assert_eq!(world.market.resync(), []);
}

#[test]
fn statistics_count_listings_keys_and_depths() {
    let mut world = World::new();
    for slot in 0..3 {
        let mut draft = Draft::minimal("Ordering", "");
        draft.coverage.namespaces = vec!["urn:a".into(), format!("urn:{slot}").into()];
        world.publish(slot, &format!("agent-{slot}"), draft).unwrap();
    }
    world.market.set_stale(Slot(2));
    let stats = world.market.stats();
    assert_eq!((stats.listings, stats.live, stats.stale, stats.offerings), (3, 2, 1, 3));
    assert_eq!(stats.indexes["namespace"], Depth { keys: 4, entries: 6, depth_max: 3 });
    assert_eq!(stats.indexes["namespace"].depth_avg(), 1.5);
    assert_eq!(stats.indexes["capability"], Depth { keys: 1, entries: 3, depth_max: 3 });
}
