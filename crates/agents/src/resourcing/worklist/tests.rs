//! What participants do with items, as scripts.

mod properties;

use std::fmt::Write as _;

use expect_test::{Expect, expect};

use super::{
    Command, Context, Event, Part, Reallocation, Refusal, Status, Worklist, apply,
    check_invariants, decide,
};
use crate::{
    ids::Moment,
    resourcing::{
        CaseId, History, ItemId, OFFER_MAX, Resourcing, TaskKey,
        organisation::{self, Entry, UserPrivilege},
        testing::{World, list, person, resourcing_with, roles, set, who},
    },
};

/// Everybody may do everything.
const ALL: &str = "<privilege><name>canSuspend</name><allowall>true</allowall></privilege>\
    <privilege><name>canReallocateStateless</name><allowall>true</allowall></privilege>\
    <privilege><name>canReallocateStateful</name><allowall>true</allowall></privilege>\
    <privilege><name>canDeallocate</name><allowall>true</allowall></privilege>\
    <privilege><name>canDelegate</name><allowall>true</allowall></privilege>\
    <privilege><name>canSkip</name><allowall>true</allowall></privilege>\
    <privilege><name>canPile</name><allowall>true</allowall></privilege>";

/// A task for clerks who choose and start for themselves.
fn clerks(privileges: &str) -> Resourcing {
    resourcing_with(&roles("clerk"), "user", "user", privileges)
}

/// One play: the only place that knows the API.
struct Play {
    world: World,
    asked: Resourcing,
    worklist: Worklist,
    events: Vec<Event>,
    now: Moment,
}

impl Play {
    fn new(asked: Resourcing) -> Self {
        let (world, worklist) = (World::new(), Worklist::default());
        Self { world, asked, worklist, events: Vec::new(), now: Moment { ms: 0 } }
    }

    fn give(&mut self, command: Command) -> Result<Vec<Event>, Refusal> {
        self.now = self.now.after(1_000);
        let context = Context {
            resourcing: &self.asked,
            facts: &self.world,
            now: self.now,
            seed: self.now.ms,
        };
        let events = decide(&self.worklist, &context, command)?;
        for event in &events {
            apply(&mut self.worklist, event);
            check_invariants(&self.worklist);
            // A restart after every event: the play goes on with what was stored.
            let stored = postcard::to_allocvec(&self.worklist).unwrap();
            let restored = postcard::from_bytes(&stored).unwrap();
            assert_eq!(self.worklist, restored);
            self.worklist = restored;
        }
        self.events.extend(events.iter().cloned());
        Ok(events)
    }

    /// Runs `script`, one command a line, and compares the answers and the queues at the end.
    #[track_caller]
    fn check(&mut self, script: &str, want: Expect) {
        let mut got = String::new();
        for line in script.lines().map(str::trim).filter(|line| !line.is_empty()) {
            match self.give(command(line)) {
                Ok(events) => {
                    let shown: Vec<_> = events.iter().map(show).collect();
                    writeln!(got, "{line}: {}", shown.join(", ")).unwrap();
                }
                Err(refusal) => writeln!(got, "{line}: refused, {refusal}").unwrap(),
            }
        }
        got += &self.queues();
        want.assert_eq(&got);
    }

    fn queues(&self) -> String {
        let mut shown = String::new();
        let names =
            |ids: Vec<&ItemId>| ids.into_iter().map(ItemId::as_str).collect::<Vec<_>>().join(" ");
        let unoffered = names(self.worklist.unoffered().collect());
        if !unoffered.is_empty() {
            writeln!(shown, "= unoffered: {unoffered}").unwrap();
        }
        for name in ["ann", "bob", "cid", "dan", "eve", "bot:1"] {
            let Some(queues) = self.worklist.queues(&who(name)) else { continue };
            write!(shown, "= {name}").unwrap();
            for (title, queue) in [
                ("offered", &queues.offered),
                ("allocated", &queues.allocated),
                ("started", &queues.started),
                ("suspended", &queues.suspended),
            ] {
                if !queue.is_empty() {
                    write!(shown, " | {title}: {}", names(queue.values().collect())).unwrap();
                }
            }
            shown.push('\n');
        }
        shown
    }
}

/// `VERB ITEM [PARTICIPANT [PARTICIPANT]]`. Items are `1a`: case 1, task a.
fn command(line: &str) -> Command {
    let words: Vec<&str> = line.split_whitespace().collect();
    let id = |text: &str| text.parse::<ItemId>().unwrap();
    let case = |text: &str| text[..1].parse::<CaseId>().unwrap();
    let task = |text: &str| TaskKey { specification: "S".into(), task: text[1..].into() };
    match *words {
        ["distribute", item] => {
            Command::Distribute { item: id(item), case: case(item), task: task(item) }
        }
        ["redistribute", item] => Command::Redistribute { item: id(item) },
        ["complete", item] => Command::Complete { item: id(item) },
        ["withdraw", item] => Command::Withdraw { item: id(item) },
        ["close", closed] => Command::CloseCase { case: case(closed) },
        ["rename", item, to] => Command::Rename { item: id(item), to: id(to) },
        ["start-for", item, to] => Command::StartFor { item: id(item), to: who(to) },
        ["refuse", item] => Command::Refuse { item: id(item) },
        ["follow", item, how] => {
            Command::Follow { item: id(item), is_suspended: how == "suspended" }
        }
        ["allocate", item, to] => Command::Allocate { item: id(item), to: who(to) },
        ["accept", item, by] => Command::AcceptOffer { item: id(item), by: who(by) },
        ["start", item, by] => Command::Start { item: id(item), by: who(by) },
        ["deallocate", item, by] => Command::Deallocate { item: id(item), by: who(by) },
        ["suspend", item, by] => Command::Suspend { item: id(item), by: who(by) },
        ["resume", item, by] => Command::Resume { item: id(item), by: who(by) },
        ["skip", item, by] => Command::Skip { item: id(item), by: who(by) },
        ["pile", item, by] => Command::Pile { item: id(item), by: who(by) },
        ["chain", item, by] => Command::Chain { item: id(item), by: who(by) },
        ["unchain", item, by] => Command::Unchain { case: case(item), by: who(by) },
        ["delegate", item, by, to] => {
            Command::Delegate { item: id(item), by: who(by), to: who(to) }
        }
        [verb @ ("hand" | "hand-fresh"), item, by, to] => {
            let fresh = verb == "hand-fresh";
            let how = if fresh { Reallocation::Stateless } else { Reallocation::Stateful };
            Command::Reallocate { item: id(item), by: who(by), to: who(to), how }
        }
        ["offer", item, ref to @ ..] => Command::Offer { item: id(item), to: set(&to.join(" ")) },
        _ => panic!("{line}"),
    }
}

fn show(event: &Event) -> String {
    match event {
        Event::Received { .. } => "Received".into(),
        Event::Unoffered { reason, .. } => format!("Unoffered({reason:?})"),
        Event::Offered { to, .. } => format!("Offered({})", list(to)),
        Event::Allocated { to, .. } => format!("Allocated({to})"),
        Event::Started { by, .. } => format!("Started({by})"),
        Event::Suspended { .. } => "Suspended".into(),
        Event::Resumed { .. } => "Resumed".into(),
        Event::Deallocated { by, .. } => format!("Deallocated({by})"),
        Event::Delegated { to, .. } => format!("Delegated({to})"),
        Event::Reallocated { to, how, .. } => format!("Reallocated({to}, {how:?})"),
        Event::Skipped { by, .. } => format!("Skipped({by})"),
        Event::Chained { case, by } => format!("Chained({case}, {by})"),
        Event::Unchained { case } => format!("Unchained({case})"),
        Event::Returned { .. } => "Returned".into(),
        Event::Renamed { to, .. } => format!("Renamed({to})"),
        Event::Completed { by, .. } => format!("Completed({by})"),
        Event::Withdrawn { .. } => "Withdrawn".into(),
        Event::CaseClosed { .. } => "CaseClosed".into(),
    }
}

#[test]
fn who_accepts_first_has_the_item_and_the_others_lose_the_offer() {
    Play::new(clerks("")).check(
        "distribute 1a
         distribute 1a
         start 1a ann
         accept 1a dan
         accept 1a bob
         accept 1a bob
         accept 1a ann
         start 1a ann
         start 1a bob
         start 1a bob
         rename 1a 1.1a
         complete 1.1a
         complete 1.1a
         accept 1a ann",
        expect![[r#"
            distribute 1a: Received, Offered(ann bob cid)
            distribute 1a: 
            start 1a ann: refused, item 1a is Offered
            accept 1a dan: refused, item 1a is not offered to dan
            accept 1a bob: Allocated(bob)
            accept 1a bob: 
            accept 1a ann: refused, item 1a is bob's, not ann's
            start 1a ann: refused, item 1a is bob's, not ann's
            start 1a bob: Started(bob)
            start 1a bob: 
            rename 1a 1.1a: Renamed(1.1a)
            complete 1.1a: Completed(bob)
            complete 1.1a: 
            accept 1a ann: refused, item 1a is in no queue
        "#]],
    );
}

#[test]
fn where_the_system_starts_an_accepted_item_is_started() {
    Play::new(resourcing_with(&roles("clerk"), "user", "system", "")).check(
        "distribute 1a
         accept 1a cid
         accept 1a cid",
        expect![[r#"
            distribute 1a: Received, Offered(ann bob cid)
            accept 1a cid: Allocated(cid), Started(cid)
            accept 1a cid: 
            = cid | started: 1a
        "#]],
    );
}

#[test]
fn an_item_given_back_is_offered_to_the_others() {
    Play::new(clerks(ALL)).check(
        "distribute 1a
         accept 1a ann
         deallocate 1a bob
         deallocate 1a ann
         accept 1a bob
         deallocate 1a bob
         accept 1a cid
         deallocate 1a cid
         offer 1a
         offer 1a ann eve
         redistribute 1a
         allocate 1a bob
         allocate 1a bob",
        expect![[r#"
            distribute 1a: Received, Offered(ann bob cid)
            accept 1a ann: Allocated(ann)
            deallocate 1a bob: refused, item 1a is ann's, not bob's
            deallocate 1a ann: Deallocated(ann), Offered(bob cid)
            accept 1a bob: Allocated(bob)
            deallocate 1a bob: Deallocated(bob), Offered(cid)
            accept 1a cid: Allocated(cid)
            deallocate 1a cid: Deallocated(cid), Unoffered(NobodyLeft)
            offer 1a: refused, nobody was named to offer item 1a to
            offer 1a ann eve: Offered(ann eve)
            redistribute 1a: Returned, Unoffered(NobodyLeft)
            allocate 1a bob: Allocated(bob)
            allocate 1a bob: 
            = bob | allocated: 1a
        "#]],
    );
}

#[test]
fn a_task_without_privileges_gives_none() {
    Play::new(clerks("")).check(
        "distribute 1a
         accept 1a ann
         deallocate 1a ann
         delegate 1a ann bob
         skip 1a ann
         pile 1a ann
         chain 1a ann
         start 1a ann
         suspend 1a ann
         hand 1a ann bob
         hand-fresh 1a ann bob",
        expect![[r#"
            distribute 1a: Received, Offered(ann bob cid)
            accept 1a ann: Allocated(ann)
            deallocate 1a ann: refused, ann has not the privilege canDeallocate
            delegate 1a ann bob: refused, ann has not the privilege canDelegate
            skip 1a ann: refused, ann has not the privilege canSkip
            pile 1a ann: refused, ann has not the privilege canPile
            chain 1a ann: refused, ann has not the privilege canChainExecution
            start 1a ann: Started(ann)
            suspend 1a ann: refused, ann has not the privilege canSuspend
            hand 1a ann bob: refused, ann has not the privilege canReallocateStateful
            hand-fresh 1a ann bob: refused, ann has not the privilege canReallocateStateless
            = ann | started: 1a
        "#]],
    );
}

#[test]
fn a_privilege_is_given_by_name_by_role_or_to_all_with_exceptions() {
    let grant = |grant: &str| {
        let privileges = format!("<privilege><name>canSkip</name>{grant}</privilege>");
        let mut play = Play::new(clerks(&privileges));
        let mut may = Vec::new();
        for name in ["ann", "bob", "cid", "bot:1"] {
            play.give(command(&format!("distribute {}a", may.len()))).unwrap();
            play.give(command(&format!("allocate {}a {name}", may.len()))).unwrap();
            let skipped = play.give(command(&format!("skip {}a {name}", may.len())));
            may.push(format!("{name} {}", if skipped.is_ok() { "may" } else { "may not" }));
        }
        may.join(", ")
    };
    assert_eq!(
        grant("<set><participant>bob</participant><participant>bot:1</participant></set>"),
        "ann may not, bob may, cid may not, bot:1 may"
    );
    assert_eq!(
        grant("<set><role>junior</role></set>"),
        "ann may not, bob may not, cid may, bot:1 may not"
    );
    assert_eq!(
        grant("<allowall>true</allowall><set><role>junior</role></set>"),
        "ann may, bob may, cid may not, bot:1 may"
    );
    assert_eq!(
        grant("<allowall>false</allowall>"),
        "ann may not, bob may not, cid may not, bot:1 may not"
    );
}

#[test]
fn an_item_changes_hands_by_delegation_before_and_by_reallocation_after_its_start() {
    let mut play = Play::new(clerks(ALL));
    play.world.set_available("dan", false);
    play.check(
        "distribute 1a
         accept 1a ann
         hand 1a ann bob
         delegate 1a bob cid
         delegate 1a ann dan
         delegate 1a ann nobody
         delegate 1a ann eve
         delegate 1a ann eve
         start 1a eve
         delegate 1a eve ann
         hand-fresh 1a eve bot:1
         hand 1a bot:1 bob
         hand 1a bot:1 bob
         complete 1a",
        expect![[r#"
            distribute 1a: Received, Offered(ann bob cid)
            accept 1a ann: Allocated(ann)
            hand 1a ann bob: refused, item 1a is Allocated
            delegate 1a bob cid: refused, item 1a is ann's, not bob's
            delegate 1a ann dan: refused, dan is not known or cannot be given work now
            delegate 1a ann nobody: refused, nobody is not known or cannot be given work now
            delegate 1a ann eve: Delegated(eve)
            delegate 1a ann eve: 
            start 1a eve: Started(eve)
            delegate 1a eve ann: refused, item 1a is Started
            hand-fresh 1a eve bot:1: Reallocated(bot:1, Stateless)
            hand 1a bot:1 bob: Reallocated(bob, Stateful)
            hand 1a bot:1 bob: 
            complete 1a: Completed(bob)
        "#]],
    );
}

#[test]
fn a_suspended_item_is_resumed_by_its_holder() {
    Play::new(clerks(ALL)).check(
        "distribute 1a
         accept 1a ann
         suspend 1a ann
         start 1a ann
         suspend 1a bob
         suspend 1a ann
         suspend 1a ann
         hand 1a ann bob
         resume 1a bob
         resume 1a ann
         resume 1a ann
         suspend 1a ann",
        expect![[r#"
            distribute 1a: Received, Offered(ann bob cid)
            accept 1a ann: Allocated(ann)
            suspend 1a ann: refused, item 1a is Allocated
            start 1a ann: Started(ann)
            suspend 1a bob: refused, item 1a is ann's, not bob's
            suspend 1a ann: Suspended
            suspend 1a ann: 
            hand 1a ann bob: refused, item 1a is Suspended
            resume 1a bob: refused, item 1a is ann's, not bob's
            resume 1a ann: Resumed
            resume 1a ann: 
            suspend 1a ann: Suspended
            = ann | suspended: 1a
        "#]],
    );
}

#[test]
fn a_piled_task_goes_to_whoever_piled_it_over_all_cases() {
    let mut play = Play::new(clerks(ALL));
    play.check(
        "distribute 1a
         accept 1a ann
         pile 1a bob
         pile 1a ann
         pile 1a ann",
        expect![[r#"
            distribute 1a: Received, Offered(ann bob cid)
            accept 1a ann: Allocated(ann)
            pile 1a bob: refused, item 1a is ann's, not bob's
            pile 1a ann: Started(ann)
            pile 1a ann: 
            = ann | started: 1a
        "#]],
    );
    let task = || TaskKey { specification: "S".into(), task: "a".into() };
    play.world.change(organisation::Command::Pile { task: task(), by: who("ann") });
    play.check(
        "distribute 2a
         distribute 2b
         allocate 2b bob
         distribute 3a
         redistribute 3a",
        expect![[r#"
            distribute 2a: Received, Started(ann)
            distribute 2b: Received, Offered(ann bob cid)
            allocate 2b bob: Allocated(bob)
            distribute 3a: Received, Started(ann)
            redistribute 3a: Returned, Started(ann)
            = ann | started: 1a 2a 3a
            = bob | allocated: 2b
        "#]],
    );
    // Away, the one who piled it gets nothing; another one cannot pile it meanwhile.
    play.world.set_available("ann", false);
    play.check(
        "redistribute 3a
         allocate 3a bob
         pile 3a bob",
        expect![[r#"
            redistribute 3a: Returned, Offered(bob cid)
            allocate 3a bob: Allocated(bob)
            pile 3a bob: refused, the task a of S is piled by ann
            = ann | started: 1a 2a
            = bob | allocated: 2b 3a
        "#]],
    );
    play.world.change(organisation::Command::Unpile { task: task(), by: who("ann") });
    play.check(
        "distribute 4a",
        expect![[r#"
            distribute 4a: Received, Offered(bob cid)
            = ann | started: 1a 2a
            = bob | offered: 4a | allocated: 2b 3a
            = cid | offered: 4a
        "#]],
    );
}

#[test]
fn an_administrator_starts_an_item_for_somebody_and_the_net_has_the_last_word() {
    Play::new(clerks("")).check(
        "distribute 1a
         start-for 1a nobody
         start-for 1a eve
         start-for 1a eve
         start-for 1a ann
         follow 1a suspended
         follow 1a suspended
         follow 1a resumed
         follow 1a resumed
         refuse 1a
         follow 1a suspended
         refuse 9z
         follow 9z suspended",
        expect![[r#"
            distribute 1a: Received, Offered(ann bob cid)
            start-for 1a nobody: refused, nobody is not known or cannot be given work now
            start-for 1a eve: Allocated(eve), Started(eve)
            start-for 1a eve: 
            start-for 1a ann: refused, item 1a is Started
            follow 1a suspended: Suspended
            follow 1a suspended: 
            follow 1a resumed: Resumed
            follow 1a resumed: 
            refuse 1a: Returned, Unoffered(NotStarted)
            follow 1a suspended: 
            refuse 9z: refused, item 9z is in no queue
            follow 9z suspended: 
            = unoffered: 1a
        "#]],
    );
}

#[test]
fn a_case_is_put_back_as_it_was_and_parts_make_the_whole() {
    let mut play = Play::new(clerks(ALL));
    play.check(
        "distribute 1a
         distribute 1b
         distribute 2a
         accept 1a ann",
        expect![[r#"
            distribute 1a: Received, Offered(ann bob cid)
            distribute 1b: Received, Offered(ann bob cid)
            distribute 2a: Received, Offered(ann bob cid)
            accept 1a ann: Allocated(ann)
            = ann | offered: 1b 2a | allocated: 1a
            = bob | offered: 1b 2a
            = cid | offered: 1b 2a
        "#]],
    );
    let (before, case) = (play.worklist.clone(), "1".parse().unwrap());
    let slice = play.worklist.slice(&case);
    for line in ["withdraw 1b", "start 1a ann", "distribute 1c", "close 1"] {
        play.give(command(line)).unwrap();
    }
    assert_ne!(play.worklist, before);
    play.worklist.put_back(slice);
    check_invariants(&play.worklist);
    // Numbers are given once, whatever becomes of them.
    let mut built = Worklist::default();
    play.worklist.parts().for_each(|part| built.restore(part));
    assert_eq!(built, play.worklist);
    let mut merged = Worklist::default();
    merged.merge(&play.worklist);
    assert_eq!(merged, play.worklist);
    built.restore(Part::Numbers(0));
    let items = |worklist: &Worklist| worklist.parts().skip(1).collect::<Vec<_>>();
    assert_eq!(items(&built), items(&before));
}

#[test]
fn a_chained_case_goes_to_whoever_chained_it() {
    let mut play = Play::new(clerks(ALL));
    for name in ["ann", "bob"] {
        let Entry::Participant(mut chainer) = person(name, &["clerk"], &[], &[]) else { continue };
        chainer.privileges.insert(UserPrivilege::ChainExecution);
        play.world.set(Entry::Participant(chainer));
    }
    play.check(
        "distribute 1a
         distribute 1b
         chain 1a cid
         chain 1a dan
         chain 1a ann
         chain 1b bob
         distribute 1c
         distribute 2a
         unchain 1 bob
         close 1
         distribute 1d",
        expect![[r#"
            distribute 1a: Received, Offered(ann bob cid)
            distribute 1b: Received, Offered(ann bob cid)
            chain 1a cid: refused, cid has not the privilege canChainExecution
            chain 1a dan: refused, item 1a is not offered to dan
            chain 1a ann: Chained(1, ann), Started(ann)
            chain 1b bob: refused, the case 1 is chained by ann
            distribute 1c: Received, Started(ann)
            distribute 2a: Received, Offered(ann bob cid)
            unchain 1 bob: refused, the case 1 is chained by ann
            close 1: Unchained(1), CaseClosed
            distribute 1d: Received, Offered(ann bob cid)
            = ann | offered: 1b 2a 1d | started: 1a 1c
            = bob | offered: 1b 2a 1d
            = cid | offered: 1b 2a 1d
        "#]],
    );
}

#[test]
fn who_may_not_choose_starts_the_oldest_and_one_at_a_time() {
    let mut play = Play::new(clerks(""));
    let Entry::Participant(mut plain) = person("ann", &["clerk"], &[], &[]) else { unreachable!() };
    plain.privileges.clear();
    play.world.set(Entry::Participant(plain));
    play.check(
        "distribute 1a
         distribute 2a
         accept 2a ann
         accept 1a ann
         start 2a ann
         start 1a ann
         start 2a ann
         complete 1a
         start 2a ann
         distribute 3a
         distribute 4a
         allocate 3a bot:1
         allocate 4a bot:1
         start 4a bot:1
         start 3a bot:1",
        expect![[r#"
            distribute 1a: Received, Offered(ann bob cid)
            distribute 2a: Received, Offered(ann bob cid)
            accept 2a ann: Allocated(ann)
            accept 1a ann: Allocated(ann)
            start 2a ann: refused, ann has not the privilege canChooseItemToStart
            start 1a ann: Started(ann)
            start 2a ann: refused, ann has not the privilege canStartConcurrent
            complete 1a: Completed(ann)
            start 2a ann: Started(ann)
            distribute 3a: Received, Offered(ann bob cid)
            distribute 4a: Received, Offered(ann bob cid)
            allocate 3a bot:1: Allocated(bot:1)
            allocate 4a bot:1: Allocated(bot:1)
            start 4a bot:1: Started(bot:1)
            start 3a bot:1: Started(bot:1)
            = ann | started: 2a
            = bot:1 | started: 3a 4a
        "#]],
    );
}

#[test]
fn an_item_that_is_gone_is_in_no_queue() {
    Play::new(clerks(ALL)).check(
        "distribute 1a
         distribute 2a
         distribute 3a
         distribute 4a
         accept 2a ann
         accept 3a bob
         start 3a bob
         withdraw 1a
         withdraw 2a
         withdraw 3a
         withdraw 3a
         complete 4a
         distribute 5a
         rename 5a 5b
         distribute 5a
         rename 5b 5a
         rename 5b 5b
         accept 5b cid
         skip 5b cid
         skip 5b cid",
        expect![[r#"
            distribute 1a: Received, Offered(ann bob cid)
            distribute 2a: Received, Offered(ann bob cid)
            distribute 3a: Received, Offered(ann bob cid)
            distribute 4a: Received, Offered(ann bob cid)
            accept 2a ann: Allocated(ann)
            accept 3a bob: Allocated(bob)
            start 3a bob: Started(bob)
            withdraw 1a: Withdrawn
            withdraw 2a: Withdrawn
            withdraw 3a: Withdrawn
            withdraw 3a: 
            complete 4a: Withdrawn
            distribute 5a: Received, Offered(ann bob cid)
            rename 5a 5b: Renamed(5b)
            distribute 5a: Received, Offered(ann bob cid)
            rename 5b 5a: refused, there is an item 5a already
            rename 5b 5b: 
            accept 5b cid: Allocated(cid)
            skip 5b cid: Skipped(cid)
            skip 5b cid: refused, item 5b is in no queue
            = ann | offered: 5a
            = bob | offered: 5a
            = cid | offered: 5a
        "#]],
    );
}

#[test]
fn an_allocator_counts_what_others_have_and_not_the_item_itself() {
    Play::new(resourcing_with(&roles("clerk"), "ShortestQueue", "user", ALL)).check(
        "distribute 1a
         distribute 2a
         distribute 3a
         distribute 4a
         redistribute 4a
         redistribute 2a
         deallocate 1a ann",
        expect![[r#"
            distribute 1a: Received, Allocated(ann)
            distribute 2a: Received, Allocated(bob)
            distribute 3a: Received, Allocated(cid)
            distribute 4a: Received, Allocated(ann)
            redistribute 4a: Returned, Allocated(ann)
            redistribute 2a: Returned, Allocated(bob)
            deallocate 1a ann: Deallocated(ann), Allocated(bob)
            = ann | allocated: 4a
            = bob | allocated: 1a 2a
            = cid | allocated: 3a
        "#]],
    );
}

#[test]
fn an_administrator_names_so_many_at_most_and_only_those_who_can_be_given_work() {
    let mut play = Play::new(clerks(""));
    play.check(
        "distribute 1a
         offer 1a ann nobody
         allocate 1a nobody
         accept 1a ann
         start 1a ann
         offer 1a bob
         allocate 1a bob
         offer 9z bob",
        expect![[r#"
            distribute 1a: Received, Offered(ann bob cid)
            offer 1a ann nobody: refused, nobody is not known or cannot be given work now
            allocate 1a nobody: refused, nobody is not known or cannot be given work now
            accept 1a ann: Allocated(ann)
            start 1a ann: Started(ann)
            offer 1a bob: refused, item 1a is Started
            allocate 1a bob: refused, item 1a is Started
            offer 9z bob: refused, item 9z is in no queue
            = ann | started: 1a
        "#]],
    );
    play.give(command("distribute 2a")).unwrap();
    let to = (0..=OFFER_MAX).map(|index| who(&format!("p{index}"))).collect();
    let offer = Command::Offer { item: "2a".parse().unwrap(), to };
    let refusal = play.give(offer).unwrap_err();
    assert_eq!(refusal, Refusal::TooManyNamed { count: OFFER_MAX + 1, max: OFFER_MAX });
}

#[test]
fn an_item_of_a_holder_who_is_gone_is_given_to_another() {
    let mut play = Play::new(clerks(ALL));
    play.check(
        "distribute 1a
         accept 1a ann
         start 1a ann",
        expect![[r#"
            distribute 1a: Received, Offered(ann bob cid)
            accept 1a ann: Allocated(ann)
            start 1a ann: Started(ann)
            = ann | started: 1a
        "#]],
    );
    play.world.set_available("ann", false);
    play.check(
        "redistribute 1a
         accept 1a ann
         accept 1a bob",
        expect![[r#"
            redistribute 1a: Returned, Offered(bob cid)
            accept 1a ann: refused, item 1a is not offered to ann
            accept 1a bob: Allocated(bob)
            = bob | allocated: 1a
        "#]],
    );
}
