//! What nobody should send.

use std::sync::Arc;

use expect_test::expect;

use super::{
    super::{
        Capabilities, Command, Incarnation, Metadata, Profile, Refusal, Registration, Settings,
        Text, Who,
    },
    World, check, lives, names,
};
use crate::ids::{Epoch, SessionId, Slot};

fn agents(from: usize, count: usize) -> Vec<Registration> {
    let capabilities = Capabilities::new(vec!["order".parse().unwrap()]).unwrap();
    let agent = |i| Registration {
        id: format!("agent-{i}").parse().unwrap(),
        capabilities: capabilities.clone(),
        profile: None,
    };
    (from..from + count).map(agent).collect()
}

fn register(from: usize, count: usize) -> Command {
    Command::Register { session: None, agents: agents(from, count) }
}

#[test]
fn lists_that_are_empty_or_name_an_agent_twice() {
    check(
        "register -
         register - a b a
         register s1 a
         renew
         keep s1 s1
         drain
         deregister
         release
         show",
        expect![[r#"
            register -: refused, the registration names no agent
            register - a b a: refused, agent a is there twice
            register s1 a: refused, there is no session 1
            renew: , nothing stored
            keep s1 s1: unknown; unknown, nothing stored
            drain: , nothing stored
            deregister: , nothing stored
            release: , nothing stored
            show:
        "#]],
    );
}

#[test]
fn lists_that_are_too_long_change_nothing() {
    let mut world = World::new(Settings::default());
    let too_many = |given, max| Refusal::TooMany { given, max };
    assert_eq!(world.send(register(0, 10_001)), Err(too_many(10_001, 10_000)));
    let whom = Incarnation { who: Who::Slot(Slot(0)), epoch: Epoch(1) };
    let agents = vec![whom.clone(); 100_001];
    let refusal = Err(too_many(100_001, 100_000));
    assert_eq!(world.send(Command::Renew { agents: agents.clone() }), refusal);
    assert_eq!(world.send(Command::Deregister { agents }), refusal);
    let sessions = vec![SessionId(1); 100_001];
    assert_eq!(world.send(Command::RenewSessions { sessions }), refusal);
    let changes = vec![(whom, super::super::AgentState::Stopped); 100_001];
    assert_eq!(world.send(Command::SetStates { changes }), refusal);
    let ids = vec![names("a").remove(0); 10_001];
    let refusal = Err(too_many(10_001, 10_000));
    assert_eq!(world.send(Command::Drain { agents: ids.clone() }), refusal);
    assert_eq!(world.send(Command::Release { agents: ids.clone() }), refusal);
    let reason = "none".parse().unwrap();
    assert_eq!(world.send(Command::Quarantine { agents: ids, reason }), refusal);
    assert!(world.stored.is_empty());
    assert!(world.send(register(0, 10_000)).is_ok(), "the most that is allowed");
}

#[test]
fn a_registration_is_no_larger_than_a_record_of_the_log() {
    let mut world = World::new(Settings::default());
    let described = |mut agent: Registration| {
        let text = format!("{} {}", agent.id, "\u{e9}".repeat(990));
        let description = text.parse().unwrap();
        agent.profile = Some(Arc::new(Profile { description, ..Profile::default() }));
        agent
    };
    let register = |from, count| Command::Register {
        session: None,
        agents: agents(from, count).into_iter().map(described).collect(),
    };
    let refused = world.send(register(0, 2_200)).err();
    assert!(matches!(refused, Some(Refusal::TooLarge { bytes: 4_194_305.., max: 4_194_304 })));
    world.send(register(0, 2_000)).unwrap();
    let stored = world.stored[0].len();
    assert!((3_900_000..4_194_304).contains(&stored), "{stored} bytes");
}

#[test]
fn a_full_registry_takes_whom_it_has_but_nobody_new() {
    let settings = Settings { agents_max: 3, sessions_max: 1, ..Settings::default() };
    let mut world = World::new(settings);
    assert_eq!(world.send(register(0, 4)), Err(Refusal::Full { max: 3 }));
    assert!(world.send(register(0, 3)).is_ok());
    assert!(world.send(register(1, 2)).is_ok(), "they are there already");
    assert_eq!(world.send(register(2, 2)), Err(Refusal::Full { max: 3 }));
    assert!(world.send(Command::Deregister { agents: lives("agent-1/2") }).is_ok());
    assert!(world.send(register(2, 2)).is_ok());
    let open = || Command::OpenSession { host: "host".parse().unwrap() };
    assert!(world.send(open()).is_ok());
    assert_eq!(world.send(open()), Err(Refusal::TooManySessions { max: 1 }));
}

#[test]
fn a_session_has_an_end_of_its_room() {
    let mut world = World::new(Settings::default());
    world.send(Command::OpenSession { host: "host".parse().unwrap() }).unwrap();
    let session = Some(SessionId(1));
    // Invariants are checked after each event, which takes a while with so many.
    for batch in 0..10 {
        let agents = agents(batch * 10_000, 10_000);
        let decision = world.registry.decide(Command::Register { session, agents }, world.now);
        world.registry.apply(&decision.unwrap().event.unwrap());
    }
    let one_more = Command::Register { session, agents: agents(100_000, 1) };
    let refusal = Refusal::SessionFull { agents: 100_001, max: 100_000 };
    assert_eq!(world.send(one_more), Err(refusal));
    let again = Command::Register { session, agents: agents(0, 10_000) };
    assert!(world.send(again).is_ok(), "they are in it already");
}

#[test]
fn what_an_agent_says_about_itself_has_limits() {
    let many = (0..65).map(|i| format!("c{i}").parse().unwrap()).collect();
    let refused = Capabilities::new(many).unwrap_err().to_string();
    assert_eq!(refused, "65 capabilities, at most 64 are allowed");
    let text = |i: u32| i.to_string().parse::<Text<64>>().unwrap();
    let many = (0..17).map(|i| (text(i), "x".parse().unwrap())).collect();
    let refused = Metadata::new(many).unwrap_err().to_string();
    assert_eq!(refused, "17 entries of metadata, at most 16 are allowed");
    assert_eq!(
        "12345".parse::<Text<4>>().unwrap_err().to_string(),
        "the text has 5 bytes, at most 4 are allowed"
    );
    assert!("two\n\tlines".parse::<Text<16>>().is_ok());
    assert!("bell\u{7}".parse::<Text<16>>().is_err());
}

#[test]
fn quarantine_has_an_end_of_its_room() {
    let mut world = World::new(Settings::default());
    let ids = |from: usize, count| {
        (from..from + count).map(|i| format!("q{i}").parse().unwrap()).collect()
    };
    let reason = || "too many".parse().unwrap();
    for batch in 0..10 {
        let some = Command::Quarantine { agents: ids(batch * 10_000, 10_000), reason: reason() };
        assert!(world.send(some).is_ok());
    }
    let more = Command::Quarantine { agents: ids(99_999, 2), reason: "more".parse().unwrap() };
    assert_eq!(world.send(more), Err(Refusal::QuarantineFull { max: 100_000 }));
    let known = Command::Quarantine { agents: ids(5, 2), reason: "other".parse().unwrap() };
    assert!(world.send(known).is_ok(), "they are in it already");
}
