//! What each command does.

use expect_test::expect;

use super::{
    super::{AgentState, UnknownState},
    check,
};

#[test]
fn an_agent_that_registers_again_is_the_same_as_before() {
    check(
        "open host-a
         register s1 a b can order, pack as Picker
         at 30
         register s1 a b can pack, ORDER as Picker
         at 55
         at 80
         show
         register s1 a can order as Picker
         register s1 a can order as Packer
         register s1 a b c can order as Packer
         show",
        expect![[r#"
            open host-a: s1
            register s1 a b can order, pack as Picker: New #0/1; New #1/2
            at 30: 2 live
            register s1 a b can pack, ORDER as Picker: Same #0/1; Same #1/2
            at 55: 2 live
            at 80: 2 live
            show:
              #0 a/1 s1 INITIALIZING Live "Picker"
              #1 b/2 s1 INITIALIZING Live "Picker"
            register s1 a can order as Picker: Updated #0/1
            register s1 a can order as Packer: Updated #0/1
            register s1 a b c can order as Packer: Same #0/1; Updated #1/2; New #2/3
            show:
              #0 a/1 s1 INITIALIZING Live "Packer"
              #1 b/2 s1 INITIALIZING Live "Packer"
              #2 c/3 s1 INITIALIZING Live "Packer"
        "#]],
    );
}

#[test]
fn a_name_under_another_session_begins_a_new_life() {
    check(
        "open host-a
         open host-b
         register s1 a b
         say a/1 DISCOVERING
         drain a
         register s2 a
         renew a/1 a/3
         claim a/1
         claim a/3
         register - a
         register - a
         show
         keep s1 s2
         close s1
         show",
        expect![[r#"
            open host-a: s1
            open host-b: s2
            register s1 a b: New #0/1; New #1/2
            say a/1 DISCOVERING: was INITIALIZING for 0 ms
            drain a: done
            register s2 a: Replaced #0/3
            renew a/1 a/3: stale, now 3; renewed
            claim a/1: no, the agent is registered under epoch 3
            claim a/3: a may, it can []
            register - a: Replaced #0/4
            register - a: Same #0/4
            show:
              #0 a/4 - INITIALIZING Live
              #1 b/2 s1 INITIALIZING Live
            keep s1 s2: renewed with 1; renewed with 0
            close s1: closed with 1
            show:
              #0 a/4 - INITIALIZING Live
        "#]],
    );
}

#[test]
fn a_renewal_answers_for_each_agent_and_never_fails_as_a_whole() {
    check(
        "register - a b
         renew a/1 #1/2 a/1 nobody/1 a/7 #9/1
         drain b
         renew b/2
         renew
         deregister a/1 a/1 b/9 nobody/1
         register - c
         renew #0/1 #0/3
         show",
        expect![[r#"
            register - a b: New #0/1; New #1/2
            renew a/1 #1/2 a/1 nobody/1 a/7 #9/1: renewed; renewed; renewed; unknown; stale, now 1; unknown
            drain b: done
            renew b/2: renewed, drain
            renew: , nothing stored
            deregister a/1 a/1 b/9 nobody/1: done; done; stale, now 2; unknown
            register - c: New #0/3
            renew #0/1 #0/3: stale, now 3; renewed
            show:
              #0 c/3 - INITIALIZING Live
              #1 b/2 - INITIALIZING Live draining
        "#]],
    );
}

#[test]
fn one_renewal_of_a_session_renews_all_its_agents() {
    check(
        "open host-a
         register s1 a b
         register - c
         at 25
         at 50
         keep s1 s7 s1
         at 75
         at 100
         keep s1
         at 125
         show",
        expect![[r#"
            open host-a: s1
            register s1 a b: New #0/1; New #1/2
            register - c: New #2/3
            at 25: 3 live
            at 50: 3 live
            keep s1 s7 s1: renewed with 2; unknown; renewed with 2
            at 75: 2 live, stale: c
            at 100: 2 live
            keep s1: renewed with 2
            at 125: 2 live, dead: c
            show:
              #0 a/1 s1 INITIALIZING Live
              #1 b/2 s1 INITIALIZING Live
        "#]],
    );
}

#[test]
fn a_session_that_is_closed_takes_its_agents_along() {
    check(
        "open host-a
         open host-b
         register s1 a b
         register s2 c
         close s1
         close s1
         close s9
         close s0
         show
         register s1 a
         renew a/1",
        expect![[r#"
            open host-a: s1
            open host-b: s2
            register s1 a b: New #0/1; New #1/2
            register s2 c: New #2/3
            close s1: closed with 2
            close s1: closed with 0, nothing stored
            close s9: refused, there is no session 9
            close s0: refused, there is no session 0
            show:
              #2 c/3 s2 INITIALIZING Live
            register s1 a: refused, there is no session 1
            renew a/1: unknown, nothing stored
        "#]],
    );
}

#[test]
fn a_session_without_agents_is_over_when_nobody_renews_it() {
    check(
        "open host-a
         open host-b
         register s2 a
         at 25
         at 50
         renew a/1
         at 75
         at 100
         renew a/1
         at 119
         keep s1
         at 122
         renew a/1
         keep s2
         deregister a/1
         at 145
         at 170
         at 195
         at 220
         at 245
         keep s1 s2
         open host-c",
        expect![[r#"
            open host-a: s1
            open host-b: s2
            register s2 a: New #0/1
            at 25: 1 live
            at 50: 1 live
            renew a/1: renewed
            at 75: 1 live
            at 100: 1 live
            renew a/1: renewed
            at 119: 1 live
            keep s1: renewed with 0
            at 122: 1 live
            renew a/1: renewed
            keep s2: renewed with 1
            deregister a/1: done
            at 145: 0 live
            at 170: 0 live
            at 195: 0 live
            at 220: 0 live
            at 245: 0 live, over: s1; s2
            keep s1 s2: unknown; unknown, nothing stored
            open host-c: s3
        "#]],
    );
}

#[test]
fn states_follow_the_table() {
    check(
        "register - a
         at 1
         say a/1 PROCESSING
         say a/1 DISCOVERING
         at 3
         say a/1 DISCOVERING
         say a/1 REASONING
         say a/1 ACTING
         at 4
         say a/1 DISCOVERING, a/1 PROCESSING, a/1 INITIALIZING, nobody/1 STOPPED
         say a/1 STOPPING
         claim a/1
         say a/1 DISCOVERING
         say a/1 FAILED
         say a/1 STOPPING
         say a/9 STOPPED
         show",
        expect![[r#"
            register - a: New #0/1
            at 1: 1 live
            say a/1 PROCESSING: illegal from INITIALIZING
            say a/1 DISCOVERING: was INITIALIZING for 1000 ms
            at 3: 1 live
            say a/1 DISCOVERING: same
            say a/1 REASONING: was DISCOVERING for 2000 ms
            say a/1 ACTING: same
            at 4: 1 live
            say a/1 DISCOVERING, a/1 PROCESSING, a/1 INITIALIZING, nobody/1 STOPPED: was PROCESSING for 1000 ms; was DISCOVERING for 0 ms; illegal from PROCESSING; unknown
            say a/1 STOPPING: was PROCESSING for 1000 ms
            claim a/1: no, it is STOPPING
            say a/1 DISCOVERING: illegal from STOPPING
            say a/1 FAILED: was STOPPING for 0 ms
            say a/1 STOPPING: illegal from STOPPED
            say a/9 STOPPED: stale, now 1, nothing stored
            show:
              #0 a/1 - STOPPED Live
        "#]],
    );
}

#[test]
fn every_state_is_its_own_successor_and_nobody_comes_back_from_stopping() {
    let mut table = String::new();
    for from in AgentState::ALL {
        let next = AgentState::ALL.into_iter().filter(|next| from.may_become(*next));
        let next: Vec<&str> = next.map(AgentState::as_str).collect();
        table.push_str(&format!("{from}: {}\n", next.join(" ")));
    }
    expect![[r#"
        INITIALIZING: INITIALIZING DISCOVERING STOPPING STOPPED
        DISCOVERING: DISCOVERING PROCESSING STOPPING STOPPED
        PROCESSING: DISCOVERING PROCESSING STOPPING STOPPED
        STOPPING: STOPPING STOPPED
        STOPPED: STOPPED
    "#]]
    .assert_eq(&table);
}

#[test]
fn the_nine_states_of_the_reference_are_five_here() {
    let names = [
        "CREATED",
        "INITIALIZING",
        "DISCOVERING",
        "REASONING",
        "ACTING",
        "REPORTING",
        "STOPPING",
        "STOPPED",
        "FAILED",
        "PROCESSING",
    ];
    let pairs = names.map(|name| format!("{name} {}", AgentState::from_reference(name).unwrap()));
    expect![[r#"
        CREATED INITIALIZING
        INITIALIZING INITIALIZING
        DISCOVERING DISCOVERING
        REASONING PROCESSING
        ACTING PROCESSING
        REPORTING PROCESSING
        STOPPING STOPPING
        STOPPED STOPPED
        FAILED STOPPED
        PROCESSING PROCESSING"#]]
    .assert_eq(&pairs.join("\n"));
    assert_eq!("RUNNING".parse::<AgentState>(), Err(UnknownState("RUNNING".to_owned())));
}

#[test]
fn a_state_that_is_told_renews_and_is_held_from_when_it_began() {
    check(
        "register - a
         at 20
         say a/1 DISCOVERING
         at 50
         say a/1 DISCOVERING
         at 75
         at 100
         say a/1 PROCESSING
         show",
        expect![[r#"
            register - a: New #0/1
            at 20: 1 live
            say a/1 DISCOVERING: was INITIALIZING for 20000 ms
            at 50: 1 live
            say a/1 DISCOVERING: same
            at 75: 1 live
            at 100: 1 live
            say a/1 PROCESSING: was DISCOVERING for 80000 ms
            show:
              #0 a/1 - PROCESSING Live
        "#]],
    );
}

#[test]
fn a_draining_agent_gets_nothing_until_its_next_life() {
    check(
        "open host-a
         register s1 a can order
         claim a/1
         drain a nobody a
         drain a
         claim a/1
         register s1 a can order
         claim a/1
         register - a can order
         claim a/2",
        expect![[r#"
            open host-a: s1
            register s1 a can order: New #0/1
            claim a/1: a may, it can ["order"]
            drain a nobody a: done; unknown; done
            drain a: done, nothing stored
            claim a/1: no, it is draining
            register s1 a can order: Same #0/1
            claim a/1: no, it is draining
            register - a can order: Replaced #0/2
            claim a/2: a may, it can ["order"]
        "#]],
    );
}

#[test]
fn quarantine_is_of_a_name_and_outlasts_the_agent() {
    check(
        "register - a can order
         quarantine a b because it sends nonsense
         quarantine a b because it sends nonsense
         claim a/1
         renew a/1
         quarantine a because it still does
         claim a/1
         deregister a/1
         register - a b can order
         claim a/2
         claim b/3
         release a b c
         release a
         claim a/2
         show",
        expect![[r#"
            register - a can order: New #0/1
            quarantine a b because it sends nonsense: #0; away
            quarantine a b because it sends nonsense: #0; away, nothing stored
            claim a/1: no, it is in quarantine: it sends nonsense
            renew a/1: renewed, quarantined
            quarantine a because it still does: #0
            claim a/1: no, it is in quarantine: it still does
            deregister a/1: done
            register - a b can order: New #0/2; New #1/3
            claim a/2: no, it is in quarantine: it still does
            claim b/3: no, it is in quarantine: it sends nonsense
            release a b c: true; true; false
            release a: false, nothing stored
            claim a/2: a may, it can ["order"]
            show:
              #0 a/2 - INITIALIZING Live
              #1 b/3 - INITIALIZING Live
        "#]],
    );
}

#[test]
fn only_a_live_agent_in_its_present_life_may_claim() {
    check(
        "register - a can order, pack
         claim a/1
         claim #0/1
         claim a/2
         claim b/1
         at 25
         at 50
         at 60
         claim a/1
         at 61
         claim a/1
         renew a/1
         claim a/1",
        expect![[r#"
            register - a can order, pack: New #0/1
            claim a/1: a may, it can ["order", "pack"]
            claim #0/1: a may, it can ["order", "pack"]
            claim a/2: no, the agent is registered under epoch 1
            claim b/1: no, no such agent is registered
            at 25: 1 live
            at 50: 1 live
            at 60: 1 live
            claim a/1: a may, it can ["order", "pack"]
            at 61: 0 live, stale: a
            claim a/1: no, not renewed for 61000 ms
            renew a/1: renewed
            claim a/1: a may, it can ["order", "pack"]
        "#]],
    );
}

#[test]
fn a_free_slot_is_used_again_the_lowest_first() {
    check(
        "register - a b c d
         deregister c/3 a/1
         register - e f g
         show",
        expect![[r#"
            register - a b c d: New #0/1; New #1/2; New #2/3; New #3/4
            deregister c/3 a/1: done; done
            register - e f g: New #0/5; New #2/6; New #4/7
            show:
              #0 e/5 - INITIALIZING Live
              #1 b/2 - INITIALIZING Live
              #2 f/6 - INITIALIZING Live
              #3 d/4 - INITIALIZING Live
              #4 g/7 - INITIALIZING Live
        "#]],
    );
}
