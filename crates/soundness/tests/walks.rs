//! A random net that is judged sound does not fail on any of 10,000 random walks over it: by the definitions, and in
//! the engine.
//!
//! `FLOTILLA_WALKS=10000 FLOTILLA_SEEDS=20 cargo test --release -p soundness --test walks` walks as often in the
//! engine as by the definitions.

use std::collections::BTreeMap;

use engine::{
    Case, CaseId, Command, Inputs, Launch, Now, Program, Refusal,
    case::{CaseStatus, ItemStatus},
    event::CaseEnd,
    launch,
    program::Net,
    view,
};
use model::specification::Specification;
use netgen::{Construct, Random, Shape};
use soundness::{Limit, Marking, Outcome, judge};

/// Specifications that are walked over.
const SPECIFICATIONS: usize = 20;
/// Walks over each net by the definitions.
const WALKS: u64 = 10_000;
/// Walks over each specification in the engine, where it does not say otherwise: what a build without optimization
/// does in seconds.
const ENGINE_WALKS: u64 = 200;
/// Moves of one walk by the definitions. A loop is left sooner or later; the walk is cut where it is later.
const MOVES_MAX: usize = 2_000;
/// Commands of one walk in the engine. A loop whose predicate looks at what nobody writes is never left: that is the
/// data's doing, and no deadlock.
const COMMANDS_MAX: usize = 150;

fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok()?.parse().ok()
}

/// A specification that is judged sound, with its seed in its uri.
struct Sound {
    specification: Specification,
    program: Program,
}

/// The first sound ones of all shapes in turn, none of them trivial.
fn sound_ones() -> Vec<Sound> {
    let count = number("FLOTILLA_SEEDS").map_or(SPECIFICATIONS, |seeds| seeds as usize);
    let rest = [Construct::OrGate, Construct::Cancellation];
    let shapes = [
        Shape::structured(9),
        Shape::free(7).without(&rest),
        Shape::free(6),
        Shape::structured(14).without(&[Construct::Data]),
        Shape::free(8),
    ];
    let made = (0u64..).zip(shapes.iter().cycle()).map(|(seed, shape)| {
        let specification = netgen::specification(seed, shape);
        let program = Program::compile(&specification).expect("generated nets compile");
        Sound { specification, program }
    });
    let is_sound = |one: &Sound| {
        let branches = |net: &Net| net.tasks.iter().any(|task| task.flows.len() > 1);
        one.program.nets.iter().any(branches)
            && judge(&one.program, Limit::UPLOAD).outcome() == Outcome::Sound
    };
    made.filter(is_sound).take(count).collect()
}

/// Markings of a net and what follows each, found as walks come by: the same definitions as without it, asked once.
struct Markings<'n> {
    net: &'n Net,
    known: Vec<Marking>,
    numbers: BTreeMap<Marking, usize>,
    next: Vec<Option<Vec<usize>>>,
}

impl<'n> Markings<'n> {
    fn new(net: &'n Net) -> Self {
        let mut markings =
            Self { net, known: Vec::new(), numbers: BTreeMap::new(), next: Vec::new() };
        markings.number(Marking::initial(net));
        markings
    }

    fn number(&mut self, marking: Marking) -> usize {
        if let Some(number) = self.numbers.get(&marking) {
            return *number;
        }
        self.numbers.insert(marking.clone(), self.known.len());
        self.known.push(marking);
        self.next.push(None);
        self.known.len() - 1
    }

    fn after(&mut self, at: usize) -> &[usize] {
        if self.next[at].is_none() {
            let marking = self.known[at].clone();
            let moves = marking.moves(self.net).into_iter();
            let after = moves.map(|step| self.number(marking.after(self.net, &step))).collect();
            self.next[at] = Some(after);
        }
        self.next[at].as_deref().expect("it was just found")
    }

    /// Where a random walk ends.
    fn wander(&mut self, mut random: Random) -> &Marking {
        let mut at = 0;
        for _ in 0..MOVES_MAX {
            match self.after(at) {
                [] => break,
                next => at = *random.pick(next),
            }
        }
        &self.known[at]
    }
}

#[test]
fn by_the_definitions_no_walk_fails() {
    let (mut walks, mut ended) = (0, 0);
    for sound in sound_ones() {
        for net in &sound.program.nets {
            let mut markings = Markings::new(net);
            for walk in 0..WALKS {
                let end = markings.wander(Random::new(walk));
                let what =
                    || format!("{} {}, walk {walk}: {end:?}", sound.specification.uri, net.id);
                assert!(!end.is_over(net) || end.is_proper(net), "{}", what());
                assert!(end.is_over(net) || !end.moves(net).is_empty(), "{}", what());
                walks += 1;
                ended += u64::from(end.is_over(net));
            }
        }
    }
    println!("{ended} of {walks} walks ended");
    assert!(ended * 10 > walks * 9, "{ended} of {walks} walks ended");
}

#[test]
fn in_the_engine_no_walk_fails() {
    let walks = number("FLOTILLA_WALKS").unwrap_or(ENGINE_WALKS);
    let (mut done, mut completed, mut commands) = (0, 0, 0);
    for sound in sound_ones() {
        for walk in 0..walks {
            let mut walker = Walker::new(&sound, walk);
            walker.walk();
            let status = walker.case.status;
            let is_right =
                matches!(status, CaseStatus::Running | CaseStatus::Ended(CaseEnd::Completed));
            assert!(is_right, "{}, walk {walk}: {:?}", sound.specification.uri, walker.case);
            done += 1;
            completed += u64::from(walker.case.has_ended());
            commands += walker.commands;
        }
    }
    println!("{completed} of {done} walks completed, {commands} commands");
    assert!(completed * 10 > done * 8, "{completed} of {done} walks completed");
}

/// Starts and completes whatever is there, in any order, with any valid results.
struct Walker<'s> {
    sound: &'s Sound,
    case: Case,
    random: Random,
    commands: usize,
}

impl<'s> Walker<'s> {
    fn new(sound: &'s Sound, seed: u64) -> Self {
        let mut random = Random::new(seed);
        let case = CaseId::parse("C").expect("a letter is an id");
        let launch_it = Launch { case, data: None, start_at_ms: None };
        let launched = launch(&sound.program, launch_it, inputs(&mut random));
        let case = launched.expect("a generated net takes no data").case;
        Self { sound, case, random, commands: 0 }
    }

    fn walk(&mut self) {
        while !self.case.has_ended() && self.commands < COMMANDS_MAX {
            let command = self.choose();
            let inputs = inputs(&mut self.random);
            let decided = engine::decide(&self.sound.program, &self.case, command, inputs);
            match decided {
                Ok(decision) => self.case = decision.case,
                // By its data: nothing has changed, something else is tried.
                Err(Refusal::InstanceCount { .. }) => {}
                Err(refusal) => panic!("{}: {refusal}", self.sound.specification.uri),
            }
            self.commands += 1;
        }
    }

    fn choose(&mut self) -> Command {
        use ItemStatus::{Enabled, Executing, Fired};
        let Sound { specification, program } = self.sound;
        let items = self.case.items.iter();
        let open = items.filter(|(_, item)| matches!(item.status, Enabled | Fired | Executing));
        let open: Vec<_> = open.collect();
        assert!(!open.is_empty(), "{} waits for nothing: {:?}", specification.uri, self.case);
        let (key, item) = self.random.pick(&open);
        let (item, is_executing) = ((*key).clone(), item.status == Executing);
        if !is_executing {
            return Command::Start { item };
        }
        let shown = view::item(program, &self.case, &item).expect("the case has it");
        let data = netgen::result(specification, &shown.decomposition, &mut self.random);
        Command::Complete { item, data }
    }
}

/// Time stands still: no timer takes part.
fn inputs(random: &mut Random) -> Inputs {
    Inputs { now: Now { unix_ms: 1_000_000, offset_minutes: 0 }, seed: random.number() }
}
