//! Who gets an item, step by step; what holds for any specification, people and past.

use std::{collections::BTreeSet, fmt::Write as _};

use expect_test::{Expect, expect};
use proptest::prelude::*;

use super::{Distribution, OFFER_MAX, Standing, distribute};
use crate::resourcing::{
    ParticipantId, Resourcing,
    testing::{World, list, people, person, resourcing, roles, set, who},
};

/// What becomes of a fresh item, in one line.
fn fresh(asked: &Resourcing, world: &World) -> String {
    standing(asked, world, None, None, "")
}

fn standing(
    asked: &Resourcing,
    world: &World,
    piled_by: Option<&str>,
    chained_by: Option<&str>,
    deallocated_by: &str,
) -> String {
    let [piled_by, chained_by] = [piled_by, chained_by].map(|name| name.map(who));
    let standing = Standing {
        piled_by: piled_by.as_ref(),
        chained_by: chained_by.as_ref(),
        deallocated_by: &set(deallocated_by),
        allocated: &|_| 0,
    };
    match distribute(asked, world, &standing, 1) {
        Distribution::Unoffered(reason) => format!("unoffered, {reason:?}"),
        Distribution::Offered(to) => format!("offered to {}", list(&to)),
        Distribution::Allocated(to) => format!("allocated to {to}"),
        Distribution::Started(by) => format!("started for {by}"),
    }
}

/// Whom items are offered to that ask for each of these sets.
#[track_caller]
fn check(world: &World, sets: &[(&str, String)], want: Expect) {
    let mut got = String::new();
    for (name, set) in sets {
        writeln!(got, "{name}: {}", fresh(&resourcing(set, "user", "user"), world)).unwrap();
    }
    want.assert_eq(&got);
}

#[test]
fn the_set_has_participants_members_of_roles_and_agents() {
    check(
        &World::new(),
        &[
            ("participants", people("eve,ann bob")),
            ("a role with those below it", roles("staff")),
            ("the lowest role", roles("junior")),
            ("roles together", roles("junior boss")),
            ("an agent by its name", people("bot:1 ann")),
            ("names that nobody has", people("nobody ann") + ""),
            ("only names that nobody has", people("nobody")),
            ("a role that is not there", roles("pilots")),
            ("nobody", people("")),
        ],
        expect![[r#"
            participants: offered to ann bob eve
            a role with those below it: offered to ann bob cid
            the lowest role: offered to cid
            roles together: offered to cid dan
            an agent by its name: offered to ann bot:1
            names that nobody has: offered to ann
            only names that nobody has: unoffered, NobodyNamed
            a role that is not there: unoffered, NobodyNamed
            nobody: unoffered, NobodyNamed
        "#]],
    );
}

#[test]
fn variables_of_the_net_name_people_by_login_and_roles_by_name() {
    let mut world = World::new();
    for (name, value) in [
        ("Manager", "dan@firm"),
        ("Several", " ann@firm , bob@firm,nobody@firm, bot:2"),
        ("Desk", "The junior, The boss, The pilots"),
        ("Empty", ""),
    ] {
        world.variables.insert(name.into(), value.into());
    }
    let param = |name: &str, refers: &str| {
        format!(
            "<initialSet><param><name>{name}</name><refers>{refers}</refers></param></initialSet>"
        )
    };
    check(
        &world,
        &[
            ("one", param("Manager", "participant")),
            ("several", param("Several", "participant")),
            ("roles", param("Desk", "role")),
            ("empty", param("Empty", "participant")),
            ("missing", param("Missing", "role")),
        ],
        expect![[r#"
            one: offered to dan
            several: offered to ann bob bot:2
            roles: offered to cid dan
            empty: unoffered, NobodyNamed
            missing: unoffered, NobodyNamed
        "#]],
    );
}

#[test]
fn filters_leave_those_who_can_and_belong() {
    let mut world = World::new();
    world.variables.insert("Language".into(), "French".into());
    let everybody = people("ann bob cid dan eve bot:1 bot:2");
    let filtered = |filters: &str| format!("{everybody}<filters>{filters}</filters>");
    let filter = |name: &str, key: &str, value: &str| {
        format!(
            "<filter><name>{name}</name><params><param><key>{key}</key><value>{value}</value>\
             </param></params></filter>"
        )
    };
    let can = |value| filter("CapabilityFilter", "Capability", value);
    check(
        &world,
        &[
            ("english", filtered(&can("English"))),
            ("both", filtered(&can("english &amp; french"))),
            ("not english", filtered(&can("!english"))),
            ("by variable", filtered(&can("$Language"))),
            ("a degree", filtered(&can("Bachelor's in law"))),
            ("unheard of", filtered(&can("juggling"))),
            ("position", filtered(&filter("OrgFilter", "Position", "adjuster | head"))),
            ("group with those below it", filtered(&filter("OrgFilter", "OrgGroup", "firm"))),
            ("lower group", filtered(&filter("OrgFilter", "OrgGroup", "claims"))),
            (
                "two filters",
                filtered(&(can("french") + &filter("OrgFilter", "OrgGroup", "claims"))),
            ),
        ],
        expect![[r#"
            english: offered to ann bob bot:1 dan
            both: offered to dan
            not english: offered to bot:2 cid eve
            by variable: offered to bot:2 cid dan
            a degree: offered to ann
            unheard of: unoffered, NobodyNamed
            position: offered to ann cid dan
            group with those below it: offered to ann cid dan
            lower group: offered to ann cid
            two filters: offered to cid
        "#]],
    );
}

#[test]
fn duties_are_separated_from_those_of_another_task() {
    let mut world = World::new();
    let constrained = |name: &str, params: &str| {
        format!(
            "{}<constraints><constraint><name>{name}</name>{params}</constraint></constraints>",
            roles("clerk")
        )
    };
    let apart = constrained(
        "SeparationOfDuties",
        "<params><param><key>familiarTask</key><value>Check</value></param></params>",
    );
    check(
        &world,
        &[("nobody has done it", apart.clone()), ("piled", constrained("PiledExecution", ""))],
        expect![[r#"
            nobody has done it: offered to ann bob cid
            piled: offered to ann bob cid
        "#]],
    );
    world.completed.insert("Check".into(), vec![who("ann"), who("eve")]);
    check(
        &world,
        &[("ann has done it", apart)],
        expect![[r#"
        ann has done it: offered to bob cid
    "#]],
    );
}

#[test]
fn a_familiar_participant_is_who_did_the_other_task() {
    let asked = Resourcing::read(
        "<resourcing><offer initiator='system'><familiarParticipant taskID='Check'/></offer>\
         <allocate initiator='user'/><start initiator='user'/></resourcing>",
    )
    .unwrap();
    let mut world = World::new();
    assert_eq!(fresh(&asked, &world), "unoffered, NobodyNamed");
    world.completed.insert("Check".into(), vec![who("eve"), who("bot:1")]);
    assert_eq!(fresh(&asked, &world), "offered to bot:1 eve");
    world.set_available("bot:1", false);
    assert_eq!(fresh(&asked, &world), "offered to eve");
}

#[test]
fn the_three_initiators_say_how_far_an_item_goes_by_itself() {
    let world = World::new();
    let by_administrator = Resourcing::read(
        "<resourcing><offer initiator='user'/><allocate initiator='system'/>\
         <start initiator='system'/></resourcing>",
    )
    .unwrap();
    assert_eq!(fresh(&by_administrator, &world), "unoffered, ByAdministrator");
    let go = |allocate, start| fresh(&resourcing(&roles("clerk"), allocate, start), &world);
    assert_eq!(go("user", "user"), "offered to ann bob cid");
    // Who accepts is started then; nobody has yet.
    assert_eq!(go("user", "system"), "offered to ann bob cid");
    assert_eq!(go("system", "user"), "allocated to ann");
    assert_eq!(go("ShortestQueue", "system"), "started for ann");
}

#[test]
fn who_gave_it_back_or_is_away_does_not_get_it() {
    let mut world = World::new();
    let asked = resourcing(&roles("clerk"), "user", "user");
    assert_eq!(standing(&asked, &world, None, None, "ann"), "offered to bob cid");
    world.set_available("bob", false);
    assert_eq!(standing(&asked, &world, None, None, "ann"), "offered to cid");
    assert_eq!(standing(&asked, &world, None, None, "ann cid"), "unoffered, NobodyLeft");
    let by_system = resourcing(&roles("clerk"), "RandomChoice", "user");
    assert_eq!(standing(&by_system, &world, None, None, "ann cid"), "unoffered, NobodyLeft");
}

#[test]
fn an_agent_in_the_organisation_has_what_both_say_of_it() {
    let mut world = World::new();
    world.set(person("bot:1", &["boss"], &[], &["law"]));
    let can = |capability: &str| {
        let filter = format!(
            "{}<filters><filter><name>CapabilityFilter</name><params><param><key>Capability</key>\
             <value>{capability}</value></param></params></filter></filters>",
            roles("boss")
        );
        resourcing(&filter, "user", "user")
    };
    assert_eq!(fresh(&can("law &amp; english"), &world), "offered to bot:1");
    world.set_available("bot:1", false);
    assert_eq!(fresh(&can("law"), &world), "unoffered, NobodyLeft");
    world.set_available("bot:1", true);
    world.set_person_available("bot:1", false);
    assert_eq!(fresh(&can("law"), &world), "unoffered, NobodyLeft");
    world.set_person_available("bot:1", true);
    assert_eq!(fresh(&can("law"), &world), "offered to bot:1");
    // The registry has lost it: its entry in the organisation gets no work.
    world.agents.clear();
    assert_eq!(fresh(&can("law"), &world), "unoffered, NobodyLeft");
}

#[test]
fn a_piled_task_starts_for_whoever_piled_it_and_a_chained_case_if_it_is_offered() {
    let mut world = World::new();
    let asked = resourcing(&roles("clerk"), "user", "user");
    // Piling looks at no set: it is the task that is taken.
    assert_eq!(standing(&asked, &world, Some("eve"), None, ""), "started for eve");
    assert_eq!(standing(&asked, &world, None, Some("bob"), ""), "started for bob");
    assert_eq!(standing(&asked, &world, None, Some("eve"), ""), "offered to ann bob cid");
    assert_eq!(standing(&asked, &world, Some("eve"), Some("bob"), "eve"), "started for bob");
    assert_eq!(standing(&asked, &world, None, Some("bob"), "bob"), "offered to ann cid");
    world.set_available("eve", false);
    assert_eq!(standing(&asked, &world, Some("eve"), None, ""), "offered to ann bob cid");
}

#[test]
fn a_large_set_is_asked_in_parts_that_change_from_item_to_item() {
    let mut world = World::new();
    for index in 0..OFFER_MAX + 500 {
        world.set(person(&format!("p{index:04}"), &["junior"], &[], &[]));
    }
    let asked = resourcing(&roles("junior"), "user", "user");
    let mut asked_once = BTreeSet::new();
    for seed in 0..20 {
        let none = BTreeSet::new();
        let fresh =
            Standing { piled_by: None, chained_by: None, deallocated_by: &none, allocated: &|_| 0 };
        let Distribution::Offered(to) = distribute(&asked, &world, &fresh, seed) else {
            panic!("nobody is asked")
        };
        assert_eq!(to.len(), OFFER_MAX);
        asked_once.extend(to);
    }
    assert_eq!(asked_once.len(), OFFER_MAX + 501, "cid and all the others");
}

const NAMES: [&str; 7] = ["ann", "bob", "cid", "dan", "eve", "bot:1", "bot:2"];

/// Some of the names.
fn some() -> impl Strategy<Value = BTreeSet<ParticipantId>> {
    prop::collection::btree_set(prop::sample::select(NAMES.to_vec()), 0..5)
        .prop_map(|names| names.into_iter().map(who).collect())
}

proptest! {
    #[test]
    fn nobody_who_is_away_excluded_or_not_named_ever_gets_an_item(
        named in some(),
        away in some(),
        familiar in some(),
        deallocated_by in some(),
        chained_by in prop::option::of(prop::sample::select(NAMES.to_vec())),
        piled_by in prop::option::of(prop::sample::select(NAMES.to_vec())),
        (allocate, start) in (
            prop::sample::select(vec!["user", "RandomChoice", "ShortestQueue", "DearestResource"]),
            prop::sample::select(vec!["user", "system"]),
        ),
        seed: u64,
    ) {
        let mut world = World::new();
        for person in &away {
            world.set_available(person.as_str(), false);
        }
        world.completed.insert("Check".into(), familiar.iter().cloned().collect());
        let apart = "<constraints><constraint><name>SeparationOfDuties</name><params><param>\
            <key>familiarTask</key><value>Check</value></param></params></constraint></constraints>";
        let asked = resourcing(&(people(&list(&named)) + apart), allocate, start);
        let [piled_by, chained_by] = [piled_by, chained_by].map(|name| name.map(who));
        let standing = Standing {
            piled_by: piled_by.as_ref(),
            chained_by: chained_by.as_ref(),
            deallocated_by: &deallocated_by,
            allocated: &|_| 0,
        };
        let got = distribute(&asked, &world, &standing, seed);
        prop_assert_eq!(&got, &distribute(&asked, &world, &standing, seed), "the same again");
        let all = match got {
            Distribution::Unoffered(_) => BTreeSet::new(),
            Distribution::Offered(to) => {
                prop_assert!(!to.is_empty() && allocate == "user");
                to
            }
            Distribution::Allocated(to) => {
                prop_assert!(start == "user");
                [to].into()
            }
            Distribution::Started(by) => {
                let is_by_right = piled_by.as_ref() == Some(&by) || chained_by.as_ref() == Some(&by);
                prop_assert!(start == "system" || is_by_right);
                [by].into()
            }
        };
        prop_assert!(all.is_disjoint(&away));
        prop_assert!(all.is_disjoint(&deallocated_by));
        // Whoever piled the task gets it whatever the set is.
        for person in all.iter().filter(|person| piled_by.as_ref() != Some(person)) {
            prop_assert!(named.contains(person) && !familiar.contains(person));
        }
    }
}
