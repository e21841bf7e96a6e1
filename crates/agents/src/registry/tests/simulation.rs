//! Hours of virtual time with renewals, silences, takeovers, pauses and restarts, from a seed.
//! `FLOTILLA_SEEDS=1000` runs so many.
//!
//! Beside the registry runs a model that counts for each agent only the time in which somebody looked. The
//! registry's age of an agent must be the model's, to the millisecond; who is live, stale or gone follows.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    super::{Answer, Arrival, Command, Incarnation, Registration, Settings, Who},
    World, named,
};
use crate::ids::{AgentId, Epoch, SessionId};

const AGENTS: u64 = 60;
const SESSIONS: u64 = 20;
const HOURS: u64 = 2;
const SEEDS: u64 = 4;
/// The wheel finds what is due at most so much later, if somebody looks.
const SLACK_MS: u64 = 101;

/// An agent as itself and the model know it.
struct Simulated {
    id: AgentId,
    /// Who renews it, if not itself.
    session: Option<usize>,
    life: Option<Life>,
    /// When it does something next.
    next_ms: u64,
}

struct Life {
    epoch: Epoch,
    /// Watched time of the last renewal.
    renewed_ms: u64,
}

struct Simulation {
    world: World,
    settings: Settings,
    seed: u64,
    /// Time in which somebody looked.
    watched_ms: u64,
    agents: Vec<Simulated>,
    sessions: Vec<(Option<SessionId>, u64)>,
    epochs: BTreeSet<Epoch>,
    counts: BTreeMap<&'static str, u32>,
}

/// Every other seed has a long time between stale and dead.
fn settings(seed: u64) -> Settings {
    let [stale_after_ms, dead_after_ms] =
        if seed.is_multiple_of(2) { [60_000, 120_000] } else { [40_000, 200_000] };
    Settings { stale_after_ms, dead_after_ms, ..Settings::default() }
}

impl Simulation {
    fn new(seed: u64) -> Self {
        let mut simulation = Self {
            world: World::new(settings(seed)),
            settings: settings(seed),
            seed,
            watched_ms: 1_000_000,
            agents: Vec::new(),
            sessions: Vec::new(),
            epochs: BTreeSet::new(),
            counts: BTreeMap::new(),
        };
        for i in 0..AGENTS {
            let session = simulation.chance(SESSIONS * 2);
            let next_ms = simulation.chance(60_000);
            simulation.agents.push(Simulated {
                id: format!("agent-{i}").parse().unwrap(),
                session: (session < SESSIONS).then_some(session as usize),
                life: None,
                next_ms,
            });
        }
        simulation.sessions.resize(SESSIONS as usize, (None, 0));
        simulation
    }

    /// A number below `end` (splitmix64).
    fn chance(&mut self, end: u64) -> u64 {
        self.seed = self.seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.seed;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % end
    }

    fn count(&mut self, what: &'static str) {
        *self.counts.entry(what).or_insert(0) += 1;
    }

    fn run(&mut self) {
        let end = self.world.now.after(HOURS * 3_600_000);
        while self.world.now < end {
            match self.chance(1_000) {
                0 => self.restart(),
                1..3 => {
                    let pause_ms = 30_001 + self.chance(600_000);
                    self.pause(pause_ms);
                }
                _ => {
                    let step_ms = 20 + self.chance(980);
                    self.step(step_ms);
                }
            }
            self.act();
            self.check();
        }
        self.world.check_stored();
    }

    fn step(&mut self, ms: u64) {
        self.world.now = self.world.now.after(ms);
        self.watched_ms += ms;
        let (_, dead) = self.world.tick();
        self.bury(&dead);
    }

    /// Nobody looks for so long, and then either the clock is looked at first or what had queued up is done.
    fn pause(&mut self, ms: u64) {
        self.count("pauses");
        self.world.now = self.world.now.after(ms);
        if self.chance(2) == 0 {
            self.act();
        }
        let (_, dead) = self.world.tick();
        assert!(dead.is_empty(), "nobody dies of a pause");
    }

    fn restart(&mut self) {
        self.count("restarts");
        self.world.now = self.world.now.after(500_000);
        self.world.restart();
        self.world.send(Command::Extend).unwrap();
        let dead_after_ms = self.settings.dead_after_ms;
        for agent in self.agents.iter_mut().filter_map(|agent| agent.life.as_mut()) {
            // Who was dead may be found so, or have another chance: the last event says when we ended.
            if self.watched_ms - agent.renewed_ms <= dead_after_ms {
                agent.renewed_ms = self.watched_ms;
            }
        }
        for agent in &mut self.agents {
            let there = self.world.state().by_id(&agent.id);
            let age_ms =
                there.map(|(_, there)| self.world.now.since(self.world.state().renewed_at(there)));
            if let (Some(life), Some(age_ms)) = (agent.life.as_mut(), age_ms)
                && self.watched_ms - life.renewed_ms > dead_after_ms
            {
                life.renewed_ms = self.watched_ms.saturating_sub(age_ms);
            }
        }
    }

    fn bury(&mut self, dead: &[String]) {
        for name in dead {
            self.count("deaths");
            let agent = self.agents.iter_mut().find(|agent| agent.id.as_str() == name).unwrap();
            let life = agent.life.take().expect("only the living die");
            let age_ms = self.watched_ms - life.renewed_ms;
            assert!(age_ms > self.settings.dead_after_ms, "{name} died after {age_ms} ms");
        }
    }

    /// Everybody whose time has come does something.
    fn act(&mut self) {
        let now_ms = self.world.now.ms;
        self.renew_sessions(now_ms);
        let due: Vec<usize> =
            (0..self.agents.len()).filter(|i| self.agents[*i].next_ms <= now_ms).collect();
        let mut renewing = Vec::new();
        for i in due {
            self.agents[i].next_ms = now_ms + 20_000 + self.chance(20_000);
            match self.chance(100) {
                // Silent: long enough to be stale, or dead.
                0..4 => self.agents[i].next_ms = now_ms + 50_000 + self.chance(300_000),
                4 => self.deregister(i),
                5..8 => {
                    let session = self.chance(SESSIONS * 2);
                    self.agents[i].session = (session < SESSIONS).then_some(session as usize);
                    self.register(i);
                }
                _ if self.agents[i].life.is_none() => self.register(i),
                _ => renewing.push(i),
            }
        }
        self.renew(&renewing);
    }

    fn renew_sessions(&mut self, now_ms: u64) {
        for i in 0..self.sessions.len() {
            let (session, next_ms) = self.sessions[i];
            let Some(session) = session else {
                self.open(i);
                continue;
            };
            if next_ms > now_ms {
                continue;
            }
            let silence = if self.chance(10) == 0 { self.chance(400_000) } else { 0 };
            self.sessions[i].1 = now_ms + 30_000 + silence;
            let command = Command::RenewSessions { sessions: vec![session] };
            let Answer::SessionsRenewed(answers) = self.world.send(command).unwrap() else {
                panic!("another answer")
            };
            if answers[0].is_none() {
                self.count("sessions over");
                self.open(i);
                continue;
            }
            let watched_ms = self.watched_ms;
            for agent in &mut self.agents {
                let there = self.world.state().by_id(&agent.id);
                if there.is_some_and(|(_, there)| there.session() == Some(session)) {
                    agent.life.as_mut().expect("it is there").renewed_ms = watched_ms;
                }
            }
        }
    }

    fn open(&mut self, i: usize) {
        let command = Command::OpenSession { host: "host".parse().unwrap() };
        let Ok(Answer::SessionOpened(session)) = self.world.send(command) else {
            panic!("there is room")
        };
        self.sessions[i] = (Some(session), self.world.now.ms + 30_000);
    }

    fn register(&mut self, i: usize) {
        let agent = &self.agents[i];
        let session = agent.session.and_then(|session| self.sessions[session].0);
        let registration = Registration {
            id: agent.id.clone(),
            capabilities: super::Capabilities::new(vec!["order".parse().unwrap()]).unwrap(),
            profile: [None, Some("Picker"), Some("Packer")][i % 3].map(named),
        };
        let command = || Command::Register { session, agents: vec![registration.clone()] };
        let Ok(Answer::Registered(answer)) = self.world.send(command()) else {
            // Its session is over, and it does not know yet.
            self.agents[i].session = None;
            return;
        };
        let enrolment = answer[0];
        let new = matches!(enrolment.arrival, Arrival::New | Arrival::Replaced);
        assert_eq!(self.epochs.insert(enrolment.epoch), new, "an epoch is given once");
        let before = self.agents[i].life.as_ref().map(|life| life.epoch);
        assert_eq!(before.is_none(), enrolment.arrival == Arrival::New);
        // The same again changes nothing.
        let Ok(Answer::Registered(again)) = self.world.send(command()) else {
            panic!("it was taken before")
        };
        assert_eq!((again[0].epoch, again[0].arrival), (enrolment.epoch, Arrival::Same));
        let life = Life { epoch: enrolment.epoch, renewed_ms: self.watched_ms };
        self.agents[i].life = Some(life);
        if enrolment.arrival == Arrival::Replaced {
            self.count("takeovers");
        }
    }

    fn whom(&self, i: usize) -> Incarnation {
        let epoch = self.agents[i].life.as_ref().map_or(Epoch(u64::MAX), |life| life.epoch);
        Incarnation { who: Who::Id(self.agents[i].id.clone()), epoch }
    }

    fn deregister(&mut self, i: usize) {
        let whom = self.whom(i);
        let command = || Command::Deregister { agents: vec![whom.clone()] };
        let was_there = self.agents[i].life.take().is_some();
        let first = self.world.send(command()).unwrap();
        assert_eq!(matches!(first, Answer::Deregistered(all) if all[0].is_ok()), was_there);
        let again = self.world.send(command()).unwrap();
        assert!(matches!(again, Answer::Deregistered(all) if all[0].is_err()));
    }

    fn renew(&mut self, all: &[usize]) {
        let agents = all.iter().map(|i| self.whom(*i)).collect();
        let Ok(Answer::Renewed(answers)) = self.world.send(Command::Renew { agents }) else {
            panic!("a renewal is not refused")
        };
        for (i, answer) in all.iter().zip(answers) {
            assert!(answer.is_ok(), "the model knows who is there");
            let life = self.agents[*i].life.as_mut().expect("only the living renew");
            life.renewed_ms = self.watched_ms;
        }
    }

    /// The registry is of the model's mind.
    fn check(&mut self) {
        let settings = self.settings;
        let state = self.world.state();
        let mut ages = Vec::new();
        for agent in &self.agents {
            let there = state.by_id(&agent.id).map(|(_, there)| there);
            let Some(life) = &agent.life else {
                assert!(there.is_none(), "{} has gone", agent.id);
                continue;
            };
            let there = there.unwrap_or_else(|| panic!("{} is there", agent.id));
            assert_eq!(there.epoch(), life.epoch);
            let age_ms = self.watched_ms - life.renewed_ms;
            assert_eq!(self.world.now.since(state.renewed_at(there)), age_ms, "{}", agent.id);
            ages.push(age_ms);
        }
        let count = |limit_ms| ages.iter().filter(|age_ms| **age_ms <= limit_ms).count();
        assert_eq!(count(u64::MAX), state.len());
        assert_eq!(count(settings.dead_after_ms + SLACK_MS), state.len(), "the dead are removed");
        let live = self.world.registry.live() as usize;
        assert!(count(settings.stale_after_ms) <= live, "who is live is counted");
        assert!(live <= count(settings.stale_after_ms + SLACK_MS), "who is stale is not");
    }
}

#[test]
fn no_agent_is_stale_or_dead_early_and_every_dead_one_is_removed() {
    let mut counts: BTreeMap<&str, u32> = BTreeMap::new();
    let seeds = std::env::var("FLOTILLA_SEEDS").map_or(SEEDS, |text| text.parse().unwrap());
    for seed in 0..seeds {
        println!("seed {seed}");
        let mut simulation = Simulation::new(seed);
        simulation.run();
        for (what, count) in simulation.counts {
            *counts.entry(what).or_insert(0) += count;
        }
    }
    for what in ["deaths", "pauses", "restarts", "sessions over", "takeovers"] {
        assert!(counts.contains_key(what), "there were {what}: {counts:?}");
    }
}
