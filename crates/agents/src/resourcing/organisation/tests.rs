//! What an organisation takes in, and what it refuses.

use std::fmt::Write as _;

use expect_test::{Expect, expect};
use proptest::prelude::*;

use super::{
    Command, Entry, Event, Key, LIST_MAX, Organisation, Role, TEXT_BYTES_MAX, apply,
    check_invariants, decide,
};
use crate::resourcing::{
    TaskKey,
    testing::{group, list, person, position, role, who},
};

/// Gives the commands in turn and shows what came of each.
#[track_caller]
fn check(commands: Vec<Command>, want: Expect) -> Organisation {
    let mut organisation = Organisation::default();
    let mut got = String::new();
    for command in commands {
        match decide(&organisation, command.clone()) {
            Ok(events) => {
                for event in &events {
                    apply(&mut organisation, event);
                    check_invariants(&organisation);
                }
                assert_eq!(decide(&organisation, command), Ok(vec![]), "a duplicate");
                writeln!(got, "{} events", events.len()).unwrap();
            }
            Err(refusal) => writeln!(got, "refused, {refusal}").unwrap(),
        }
    }
    want.assert_eq(&got);
    organisation
}

#[test]
fn what_is_named_must_be_there_and_stays_as_long_as_it_is_named() {
    use Command::{Remove, Set, SetAvailable};
    let role_key = |id: &str| Key::Role(id.parse().unwrap());
    check(
        vec![
            Set(person("ann", &["clerk"], &[], &[])),
            Set(role("clerk", Some("staff"))),
            Set(role("staff", None)),
            Set(role("clerk", Some("staff"))),
            Set(role("staff", Some("clerk"))),
            Set(role("staff", Some("staff"))),
            Set(person("ann", &["clerk"], &[], &[])),
            Remove(role_key("clerk")),
            Remove(role_key("staff")),
            Set(person("ann", &[], &[], &[])),
            Remove(role_key("clerk")),
            Remove(role_key("nothing")),
            Set(position("adjuster", "claims")),
            Set(group("claims", None)),
            Set(group("claims", Some("claims"))),
            Set(position("adjuster", "claims")),
            Remove(Key::Group("claims".parse().unwrap())),
            SetAvailable { who: who("bob"), is_available: false },
            SetAvailable { who: who("ann"), is_available: false },
            Remove(Key::Participant(who("ann"))),
        ],
        expect![[r#"
            refused, role clerk is not known
            refused, role staff is not known
            1 events
            1 events
            refused, role staff would stand above itself
            refused, role staff would stand above itself
            1 events
            refused, role clerk is named by participant ann
            refused, role staff is named by role clerk
            1 events
            1 events
            0 events
            refused, group claims is not known
            1 events
            refused, group claims would stand above itself
            1 events
            refused, group claims is named by position adjuster
            refused, participant bob is not known
            1 events
            1 events
        "#]],
    );
}

#[test]
fn a_login_is_one_persons_and_moves_with_them() {
    let with_login = |id: &str, login: &str| {
        let Entry::Participant(mut person) = person(id, &[], &[], &[]) else { unreachable!() };
        person.login = login.into();
        Command::Set(Entry::Participant(person))
    };
    let organisation = check(
        vec![
            with_login("ann", "a"),
            with_login("bob", "a"),
            with_login("ann", "b"),
            with_login("bob", "a"),
            with_login("cid", ""),
        ],
        expect![[r#"
            1 events
            refused, the login "a" is that of participant ann
            1 events
            1 events
            refused, the login is empty
        "#]],
    );
    assert_eq!(organisation.by_login("a"), Some(&who("bob")));
    assert_eq!(organisation.by_login("b"), Some(&who("ann")));
}

#[test]
fn members_of_a_role_are_those_below_it_too() {
    let organisation = check(
        vec![
            Command::Set(role("staff", None)),
            Command::Set(role("clerk", Some("staff"))),
            Command::Set(role("boss", None)),
            Command::Set(person("ann", &["clerk"], &[], &[])),
            Command::Set(person("bob", &["staff", "boss"], &[], &[])),
        ],
        expect![[r#"
            1 events
            1 events
            1 events
            1 events
            1 events
        "#]],
    );
    let members = |role: &str| list(organisation.members(&role.parse().unwrap()));
    assert_eq!(members("staff"), "ann bob");
    assert_eq!(members("clerk"), "ann");
    assert_eq!(members("boss"), "bob");
    assert!(organisation.has_role(&who("ann"), &"staff".parse().unwrap()));
    assert!(!organisation.has_role(&who("bob"), &"clerk".parse().unwrap()));
}

#[test]
fn lists_of_a_participant_have_a_limit() {
    let with = |count: usize| {
        let names: Vec<String> = (0..count).map(|index| format!("c{index}")).collect();
        person("ann", &[], &[], &names.iter().map(String::as_str).collect::<Vec<_>>())
    };
    check(
        vec![Command::Set(with(LIST_MAX)), Command::Set(with(LIST_MAX + 1))],
        expect![[r#"
            1 events
            refused, participant ann has more than 200 capabilities
        "#]],
    );
}

fn task(id: &str) -> TaskKey {
    TaskKey { specification: "S".into(), task: id.into() }
}

#[test]
fn a_pile_is_one_participants_and_ends_with_them() {
    let (pile, unpile) = (
        |by| Command::Pile { task: task("t"), by: who(by) },
        |by| Command::Unpile { task: task("t"), by: who(by) },
    );
    let organisation = check(
        vec![
            Command::Set(person("ann", &[], &[], &[])),
            pile("ann"),
            pile("bob"),
            unpile("bob"),
            unpile("ann"),
            unpile("bob"),
            pile("ann"),
            Command::Remove(Key::Participant(who("ann"))),
            pile("bot:1"),
        ],
        expect![[r#"
            1 events
            1 events
            refused, the task t of S is piled by ann
            refused, the task t of S is piled by ann
            1 events
            0 events
            1 events
            2 events
            1 events
        "#]],
    );
    assert_eq!(organisation.piled_by(&task("t")), Some(&who("bot:1")));
}

#[test]
fn texts_have_a_limit() {
    let Entry::Participant(mut ann) = person("ann", &[], &[], &[]) else { unreachable!() };
    ann.login = "x".repeat(TEXT_BYTES_MAX + 1).into();
    let mut clerk = Role { id: "clerk".parse().unwrap(), name: "".into(), above: None };
    clerk.name = "x".repeat(TEXT_BYTES_MAX).into();
    check(
        vec![Command::Set(Entry::Participant(ann)), Command::Set(Entry::Role(clerk))],
        expect![[r#"
            refused, the login has 257 bytes, at most 256 are allowed
            1 events
        "#]],
    );
}

fn commands() -> impl Strategy<Value = Vec<Command>> {
    let id = || prop::sample::select(vec!["a", "b", "c"]);
    let entry = prop_oneof![
        (id(), prop::option::of(id())).prop_map(|(id, above)| role(id, above)),
        (id(), prop::option::of(id())).prop_map(|(id, above)| group(id, above)),
        (id(), id()).prop_map(|(id, group)| position(id, group)),
        (id(), id(), id()).prop_map(|(id, role, position)| person(id, &[role], &[position], &[])),
    ];
    let key = prop_oneof![
        id().prop_map(|id| Key::Role(id.parse().unwrap())),
        id().prop_map(|id| Key::Group(id.parse().unwrap())),
        id().prop_map(|id| Key::Position(id.parse().unwrap())),
        id().prop_map(|id| Key::Participant(who(id))),
    ];
    let command = prop_oneof![
        3 => entry.prop_map(Command::Set),
        1 => key.prop_map(Command::Remove),
        1 => (id(), any::<bool>())
            .prop_map(|(id, is_available)| Command::SetAvailable { who: who(id), is_available }),
        1 => (id(), id()).prop_map(|(id, by)| Command::Pile { task: task(id), by: who(by) }),
        1 => (id(), id()).prop_map(|(id, by)| Command::Unpile { task: task(id), by: who(by) }),
    ];
    prop::collection::vec(command, 0..60)
}

proptest! {
    #[test]
    fn replay_equals_live_and_duplicates_change_nothing(commands in commands()) {
        let (mut live, mut stored) = (Organisation::default(), Vec::new());
        for command in commands {
            let Ok(events) = decide(&live, command.clone()) else { continue };
            for event in events {
                apply(&mut live, &event);
                check_invariants(&live);
                stored.push(postcard::to_allocvec(&event).unwrap());
            }
            prop_assert_eq!(decide(&live, command), Ok(vec![]));
        }
        let mut replayed = Organisation::default();
        for event in &stored {
            apply(&mut replayed, &postcard::from_bytes::<Event>(event).unwrap());
        }
        prop_assert_eq!(&replayed, &live);
        let mut built = Organisation::default();
        live.events().for_each(|event| apply(&mut built, &event));
        prop_assert_eq!(&built, &live, "what a snapshot keeps");
        let snapshot = postcard::to_allocvec(&live).unwrap();
        prop_assert_eq!(postcard::from_bytes::<Organisation>(&snapshot).unwrap(), live);
    }
}
