//! Who is live, stale and dead, and when: also if nobody looked for a while.

use expect_test::expect;

use super::{
    super::{Command, Settings},
    World, check, lives, run,
};
use crate::ids::Moment;

#[test]
fn not_renewed_for_60_s_is_stale_and_for_120_s_dead() {
    check(
        "register - a b
         at 30
         at 60
         renew b/2
         at 61
         at 90
         at 119
         at 120
         at 121
         at 122
         at 150
         at 180
         at 181
         renew a/1 b/2
         register - a",
        expect![[r#"
            register - a b: New #0/1; New #1/2
            at 30: 2 live
            at 60: 2 live
            renew b/2: renewed
            at 61: 1 live, stale: a
            at 90: 1 live
            at 119: 1 live
            at 120: 1 live
            at 121: 0 live, stale: b, dead: a
            at 122: 0 live
            at 150: 0 live
            at 180: 0 live
            at 181: 0 live, dead: b
            renew a/1 b/2: unknown; unknown, nothing stored
            register - a: New #0/3
        "#]],
    );
}

#[test]
fn a_stale_agent_comes_back_and_is_stale_again_in_time() {
    check(
        "register - a
         at 30
         at 60
         at 61
         renew a/1
         at 62
         at 90
         at 120
         at 121
         at 122
         at 150
         at 180
         at 181
         at 182",
        expect![[r#"
            register - a: New #0/1
            at 30: 1 live
            at 60: 1 live
            at 61: 0 live, stale: a
            renew a/1: renewed
            at 62: 1 live
            at 90: 1 live
            at 120: 1 live
            at 121: 1 live
            at 122: 0 live, stale: a
            at 150: 0 live
            at 180: 0 live
            at 181: 0 live
            at 182: 0 live, dead: a
        "#]],
    );
}

#[test]
fn stale_agents_come_back_with_their_session() {
    check(
        "open host-a
         register s1 a b
         at 30
         at 60
         at 61
         keep s1
         at 62
         at 90
         at 120
         at 122
         renew a/1
         keep s1
         at 150
         at 180
         at 181
         at 184",
        expect![[r#"
            open host-a: s1
            register s1 a b: New #0/1; New #1/2
            at 30: 2 live
            at 60: 2 live
            at 61: 0 live, stale: a; b
            keep s1: renewed with 2
            at 62: 2 live
            at 90: 2 live
            at 120: 2 live
            at 122: 0 live, stale: a; b
            renew a/1: renewed
            keep s1: renewed with 2
            at 150: 2 live
            at 180: 2 live
            at 181: 2 live
            at 184: 0 live, stale: a; b
        "#]],
    );
}

#[test]
fn a_pause_is_on_nobodys_account() {
    check(
        "open host-a
         register - a b
         register s1 c
         at 10
         renew b/2
         at 20
         at 2000
         at 2030
         at 2041
         at 2042
         keep s1
         at 2052
         renew b/2
         at 2080
         at 2101
         show",
        expect![[r#"
            open host-a: s1
            register - a b: New #0/1; New #1/2
            register s1 c: New #2/3
            at 10: 3 live
            renew b/2: renewed
            at 20: 3 live
            at 2000: 3 live, extended by 1980000 ms
            at 2030: 3 live
            at 2041: 1 live, stale: a; c
            at 2042: 1 live
            keep s1: renewed with 1
            at 2052: 1 live, stale: b
            renew b/2: renewed
            at 2080: 2 live
            at 2101: 2 live, dead: a
            show:
              #1 b/2 - INITIALIZING Live
              #2 c/3 s1 INITIALIZING Live
        "#]],
    );
}

#[test]
fn a_clock_that_jumps_back_stands_still() {
    check(
        "register - a
         at 30
         renew a/1
         at 0
         register - b
         renew a/1
         show
         at 60
         at 90
         at 91
         at 20
         at 92",
        expect![[r#"
            register - a: New #0/1
            at 30: 1 live
            renew a/1: renewed
            at 0: 1 live
            register - b: New #1/2
            renew a/1: renewed
            show:
              #0 a/1 - INITIALIZING Live
              #1 b/2 - INITIALIZING Live
            at 60: 2 live
            at 90: 2 live
            at 91: 0 live, stale: b; a
            at 20: 0 live
            at 92: 0 live
        "#]],
    );
}

#[test]
fn after_a_restart_everybody_who_was_not_dead_has_the_whole_time_again() {
    check(
        "open host-a
         register s1 a
         register - b
         at 30
         keep s1
         at 60
         away 3000
         restart
         extend
         at 3001
         at 3030
         at 3059
         at 3060
         at 3061
         keep s1
         at 3090
         at 3120
         at 3121
         show",
        expect![[r#"
            open host-a: s1
            register s1 a: New #0/1
            register - b: New #1/2
            at 30: 2 live
            keep s1: renewed with 1
            at 60: 2 live
            away 3000:
            restart: 0 live
            extend: extended
            at 3001: 2 live
            at 3030: 2 live
            at 3059: 2 live
            at 3060: 2 live
            at 3061: 0 live, stale: a; b
            keep s1: renewed with 1
            at 3090: 1 live
            at 3120: 1 live
            at 3121: 1 live, dead: b
            show:
              #0 a/1 s1 INITIALIZING Live
        "#]],
    );
}

#[test]
fn who_was_dead_before_the_restart_stays_dead() {
    let mut world = World::new(Settings::default());
    run(&mut world, "register - a b");
    world.now = world.now.after(121_000);
    // Written before anybody looked: the last event is of a moment at which b was dead already.
    world.send(Command::Renew { agents: lives("a/1") }).unwrap();
    world.now = world.now.after(3_600_000);
    world.restart();
    world.send(Command::Extend).unwrap();
    world.now = world.now.after(100);
    let (_, dead) = world.tick();
    assert_eq!(dead, ["b"]);
    assert_eq!(world.registry.live(), 1);
    world.check_stored();
}

#[test]
fn nobody_to_extend_stores_nothing() {
    check(
        "extend\nat 5000\nregister - a\nextend\nextend",
        expect![[r#"
        extend: extended, nothing stored
        at 5000: 0 live
        register - a: New #0/1
        extend: extended
        extend: extended
    "#]],
    );
}

#[test]
fn a_slot_that_is_given_on_does_not_inherit_the_end_of_its_former_agent() {
    check(
        "register - a b
         at 30
         deregister a/1
         at 59
         register - c
         at 60
         at 61
         at 90
         at 118
         at 119
         at 120
         at 121",
        expect![[r#"
            register - a b: New #0/1; New #1/2
            at 30: 2 live
            deregister a/1: done
            at 59: 1 live
            register - c: New #0/3
            at 60: 2 live
            at 61: 1 live, stale: b
            at 90: 1 live
            at 118: 1 live
            at 119: 1 live
            at 120: 0 live, stale: c
            at 121: 0 live, dead: b
        "#]],
    );
}

#[test]
fn when_many_die_at_once_each_look_buries_some_and_all_are_buried() {
    let mut world = World::new(Settings::default());
    for batch in 0..3 {
        let names: Vec<String> = (0..8_000).map(|i| format!("a{batch}-{i}")).collect();
        run(&mut world, &format!("register - {}", names.join(" ")));
    }
    for second in [30, 60, 90, 120] {
        run(&mut world, &format!("at {second}"));
    }
    let mut buried = Vec::new();
    while !world.state().is_empty() {
        world.now = world.now.after(100);
        buried.push(world.tick().1.len());
    }
    assert_eq!(buried, [10_000, 10_000, 4_000], "in looks of 100 ms");
}

#[test]
fn a_death_that_was_not_stored_is_found_again() {
    let mut world = World::new(Settings::default());
    run(&mut world, "register - a");
    for _ in 0..4 {
        world.now = world.now.after(29_000);
        assert!(world.registry.tick(world.now).event.is_none());
    }
    world.now = world.now.after(5_000);
    let first = world.registry.tick(world.now).event.expect("a is dead");
    world.now = Moment { ms: world.now.ms + 100 };
    let second = world.registry.tick(world.now).event.expect("and still is");
    assert_eq!(first.fact, second.fact);
    world.store(&second);
    assert!(world.state().is_empty());
    world.now = Moment { ms: world.now.ms + 100 };
    assert!(world.registry.tick(world.now).event.is_none());
}
