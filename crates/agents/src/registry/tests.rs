//! The registry as scripts: one command a line, and what it answers.

mod hostile;
mod rules;
mod simulation;
mod stored;
mod time;

use std::{collections::BTreeSet, fmt::Write as _, sync::Arc};

use expect_test::Expect;

use super::{
    Absent, Answer, Capabilities, Command, Denied, Event, Fact, Incarnation, Liveness, Profile,
    Registration, Registry, Settings, StateChange, Who, apply, check_invariants, restore,
    state::State,
};
use crate::ids::{Epoch, Moment, SessionId, Slot};

/// A registry with its clock and all that was stored of it.
struct World {
    registry: Registry,
    now: Moment,
    stored: Vec<Vec<u8>>,
    /// As one is told who listens to changes alone.
    stale: BTreeSet<Slot>,
}

impl World {
    fn new(settings: Settings) -> Self {
        let now = Moment { ms: 1_000_000 };
        Self {
            registry: Registry::resume(State::new(settings), now),
            now,
            stored: Vec::new(),
            stale: BTreeSet::new(),
        }
    }

    fn state(&self) -> &State {
        self.registry.state()
    }

    /// Decides, stores and applies.
    fn send(&mut self, command: Command) -> Result<Answer, super::Refusal> {
        let decision = self.registry.decide(command, self.now)?;
        if let Some(event) = &decision.event {
            self.store(event);
        }
        Ok(decision.answer)
    }

    fn store(&mut self, event: &Event) {
        self.stored.push(postcard::to_stdvec(event).expect("events are encoded"));
        let gone = self.registry.state().ends(event).into_iter().map(|(slot, _)| slot);
        let mut not_stale: Vec<Slot> = gone.collect();
        not_stale.extend(self.registry.apply(event));
        self.stale.retain(|slot| !not_stale.contains(slot));
        check_invariants(self.registry.state());
    }

    /// Looks at `now`. The agents that died are told by their names.
    fn tick(&mut self) -> (super::Tick, Vec<String>) {
        let tick = self.registry.tick(self.now);
        let mut names = Vec::new();
        self.stale.extend(&tick.stale);
        if let Some(event) = &tick.event {
            let ends = self.registry.state().ends(event);
            names.extend(ends.iter().map(|(_, agent)| agent.id().to_string()));
            self.store(event);
        }
        let live = self.registry.state().len() - self.stale.len();
        assert_eq!(live, self.registry.live() as usize, "changes tell who is live");
        (tick, names)
    }

    /// The process ends and begins again from what was stored.
    fn restart(&mut self) {
        let state = self.replayed();
        let stale =
            |(slot, agent)| (state.liveness(agent, self.now) != Liveness::Live).then_some(slot);
        self.stale = state.agents().filter_map(stale).collect();
        self.registry = Registry::resume(state, self.now);
    }

    fn replayed(&self) -> State {
        let mut state = State::new(*self.registry.state().settings());
        for bytes in &self.stored {
            apply(&mut state, &postcard::from_bytes(bytes).expect("events are read back"));
        }
        state
    }

    /// What was stored, and a snapshot, give the same state again.
    #[track_caller]
    fn check_stored(&self) {
        let snapshot: Vec<_> = self.state().snapshot().collect();
        let replayed = self.replayed();
        assert_eq!(replayed.snapshot().collect::<Vec<_>>(), snapshot, "replay equals live");
        let bytes = postcard::to_stdvec(&snapshot).expect("snapshots are encoded");
        let read: Vec<_> = postcard::from_bytes(&bytes).expect("snapshots are read back");
        let restored = restore(*self.state().settings(), read).expect("it is a snapshot");
        check_invariants(&restored);
        assert_eq!(restored.snapshot().collect::<Vec<_>>(), snapshot, "restored equals live");
    }
}

/// Runs a script and compares the answers. The only place that knows the API.
#[track_caller]
fn check(script: &str, want: Expect) {
    let mut world = World::new(Settings::default());
    let mut got = String::new();
    for line in script.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let answer = run(&mut world, line);
        let gap = if answer.is_empty() || answer.starts_with('\n') { "" } else { " " };
        writeln!(got, "{line}:{gap}{answer}").unwrap();
    }
    world.check_stored();
    want.assert_eq(&got);
}

fn run(world: &mut World, line: &str) -> String {
    let (verb, rest) = line.split_once(' ').unwrap_or((line, ""));
    let command = match verb {
        "at" => {
            world.now = moment(rest);
            return show_tick(world);
        }
        // Time goes by and nobody looks.
        "away" => {
            world.now = moment(rest);
            return String::new();
        }
        "restart" => {
            world.restart();
            return format!("{} live", world.registry.live());
        }
        "show" => return show(world),
        "claim" => return show_claim(world, rest),
        "open" => Command::OpenSession { host: rest.parse().unwrap() },
        "close" => Command::CloseSession { session: session(rest) },
        "register" => registration(rest),
        "renew" => Command::Renew { agents: lives(rest) },
        "keep" => Command::RenewSessions { sessions: rest.split(' ').map(session).collect() },
        "say" => {
            let say = |(life, next): (&str, &str)| (lives(life).remove(0), next.parse().unwrap());
            let changes = rest.split(", ").map(|one| say(one.split_once(' ').unwrap()));
            Command::SetStates { changes: changes.collect() }
        }
        "drain" => Command::Drain { agents: names(rest) },
        "quarantine" => {
            let (agents, reason) = rest.split_once(" because ").unwrap();
            Command::Quarantine { agents: names(agents), reason: reason.parse().unwrap() }
        }
        "release" => Command::Release { agents: names(rest) },
        "deregister" => Command::Deregister { agents: lives(rest) },
        "extend" => Command::Extend,
        _ => panic!("no such command: {line}"),
    };
    let before = world.stored.len();
    match world.send(command) {
        Err(refusal) => format!("refused, {refusal}"),
        Ok(answer) if world.stored.len() == before => {
            format!("{}, nothing stored", answered(&answer))
        }
        Ok(answer) => answered(&answer),
    }
}

/// Seconds after the beginning.
fn moment(text: &str) -> Moment {
    Moment { ms: 1_000_000 + text.parse::<u64>().unwrap() * 1_000 }
}

fn session(text: &str) -> SessionId {
    SessionId(text.strip_prefix('s').unwrap().parse().unwrap())
}

fn names(text: &str) -> Vec<crate::AgentId> {
    text.split(' ').filter(|name| !name.is_empty()).map(|name| name.parse().unwrap()).collect()
}

/// `a/3` is the agent a under epoch 3, `#0/3` the one in slot 0.
fn lives(text: &str) -> Vec<Incarnation> {
    let life = |text: &str| {
        let (who, epoch) = text.split_once('/').unwrap();
        let who = match who.strip_prefix('#') {
            Some(slot) => Who::Slot(Slot(slot.parse().unwrap())),
            None => Who::Id(who.parse().unwrap()),
        };
        Incarnation { who, epoch: Epoch(epoch.parse().unwrap()) }
    };
    text.split(' ').filter(|text| !text.is_empty()).map(life).collect()
}

/// `register s1 a b can order, pack as Picker`, or `register - a`.
fn registration(text: &str) -> Command {
    let (text, profile) = match text.split_once(" as ") {
        Some((text, name)) => (text, Some(named(name))),
        None => (text, None),
    };
    let (text, can) = text.split_once(" can ").unwrap_or((text, ""));
    let can = can.split(", ").filter(|one| !one.is_empty()).map(|one| one.parse().unwrap());
    let capabilities = Capabilities::new(can.collect()).unwrap();
    let (first, ids) = text.split_once(' ').unwrap_or((text, ""));
    let agent =
        |id| Registration { id, capabilities: capabilities.clone(), profile: profile.clone() };
    Command::Register {
        session: (first != "-").then(|| session(first)),
        agents: names(ids).into_iter().map(agent).collect(),
    }
}

fn named(name: &str) -> Arc<Profile> {
    Arc::new(Profile { name: name.parse().unwrap(), ..Profile::default() })
}

fn answered(answer: &Answer) -> String {
    match answer {
        Answer::SessionOpened(session) => format!("s{}", session.0),
        Answer::SessionClosed { agents } => format!("closed with {agents}"),
        Answer::Registered(all) => {
            list(all, |one| format!("{:?} #{}/{}", one.arrival, one.slot.0, one.epoch.0))
        }
        Answer::Renewed(all) => list(all, |one| match one {
            Ok(notice) => {
                let draining = if notice.draining { ", drain" } else { "" };
                let quarantined = if notice.quarantined { ", quarantined" } else { "" };
                format!("renewed{draining}{quarantined}")
            }
            Err(absent) => show_absent(absent),
        }),
        Answer::SessionsRenewed(all) => list(all, |one| match one {
            Some(agents) => format!("renewed with {agents}"),
            None => "unknown".to_owned(),
        }),
        Answer::StatesSet(all) => list(all, |one| match one {
            Ok(StateChange::Changed { from, held_ms }) => format!("was {from} for {held_ms} ms"),
            Ok(StateChange::Same) => "same".to_owned(),
            Ok(StateChange::Illegal { from }) => format!("illegal from {from}"),
            Err(absent) => show_absent(absent),
        }),
        Answer::Draining(all) | Answer::Deregistered(all) => list(all, |one| match one {
            Ok(()) => "done".to_owned(),
            Err(absent) => show_absent(absent),
        }),
        Answer::Quarantined(all) => list(all, |one| match one {
            Some(slot) => format!("#{}", slot.0),
            None => "away".to_owned(),
        }),
        Answer::Released(all) => list(all, |was_in| was_in.to_string()),
        Answer::Extended => "extended".to_owned(),
    }
}

fn list<T>(all: &[T], show: impl Fn(&T) -> String) -> String {
    all.iter().map(show).collect::<Vec<_>>().join("; ")
}

fn show_absent(absent: &Absent) -> String {
    match absent {
        Absent::Unknown => "unknown".to_owned(),
        Absent::StaleEpoch { present } => format!("stale, now {}", present.0),
    }
}

fn show_claim(world: &World, life: &str) -> String {
    match world.state().may_claim(&lives(life)[0], world.now) {
        Ok(claimant) => {
            let can: Vec<&str> = claimant.capabilities.iter().map(|one| one.as_str()).collect();
            format!("{} may, it can {can:?}", claimant.id)
        }
        Err(Denied::NotRenewed { age_ms }) => format!("no, not renewed for {age_ms} ms"),
        Err(denied) => format!("no, {denied}"),
    }
}

fn show_tick(world: &mut World) -> String {
    let (tick, dead) = world.tick();
    let mut got = format!("{} live", world.registry.live());
    if !tick.stale.is_empty() {
        let name = |slot: &Slot| match world.state().agent(*slot) {
            Some(agent) => agent.id().to_string(),
            None => "(gone)".to_owned(),
        };
        write!(got, ", stale: {}", list(&tick.stale, name)).unwrap();
    }
    if !dead.is_empty() {
        write!(got, ", dead: {}", dead.join("; ")).unwrap();
    }
    match tick.event.map(|event| event.fact) {
        Some(Fact::Extended { by_ms, .. }) => write!(got, ", extended by {by_ms} ms").unwrap(),
        Some(Fact::Died { sessions, .. }) if !sessions.is_empty() => {
            write!(got, ", over: {}", list(&sessions, |id| format!("s{}", id.0))).unwrap();
        }
        _ => {}
    }
    got
}

fn show(world: &World) -> String {
    let mut got = String::new();
    for (slot, agent) in world.state().agents() {
        let session = agent.session().map(|session| format!("s{}", session.0));
        let session = session.unwrap_or_else(|| "-".to_owned());
        let name = agent.profile().map_or("", |profile| profile.name.as_str());
        let state = (agent.state(), world.state().liveness(agent, world.now));
        let flags = match (agent.draining(), agent.quarantined()) {
            (false, false) => "",
            (true, false) => " draining",
            (false, true) => " quarantined",
            (true, true) => " draining quarantined",
        };
        let (id, epoch) = (agent.id(), agent.epoch().0);
        let name = if name.is_empty() { String::new() } else { format!(" {name:?}") };
        let (state, liveness) = state;
        write!(got, "\n  #{} {id}/{epoch} {session} {state} {liveness:?}{flags}{name}", slot.0)
            .unwrap();
    }
    got
}
