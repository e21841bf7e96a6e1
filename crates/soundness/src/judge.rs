//! From the state graph to the verdict.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use engine::{NetIndex, Program, TaskIndex, program::Net};
use model::specification::Gate;

use crate::{
    Limit,
    backwards::Backwards,
    coverability::Coverable,
    graph::{Graph, Growth, StateIndex},
    marking::{Marking, Move},
    reduce::reduce,
    reset_net::{ResetNet, TooWide, place},
    verdict::{Answer, Defect, Effort, Kind, NetVerdict, Open, Verdict},
};

/// Judges every net of a program, each within `limit`.
pub fn judge(program: &Program, limit: Limit) -> Verdict {
    let nets = (0..).map(NetIndex).zip(&program.nets);
    Verdict { nets: nets.map(|(index, net)| judge_net(net, index, limit)).collect() }
}

/// Judges one net.
pub fn judge_net(net: &Net, index: NetIndex, limit: Limit) -> NetVerdict {
    if let Some(extension) = net.extensions().first() {
        return NetVerdict::open(index, Open::Extension(extension));
    }
    let mut reset_net = match ResetNet::of(net) {
        Ok(reset_net) => reset_net,
        Err(TooWide::Split(task)) => return NetVerdict::open(index, Open::Split(task)),
        Err(TooWide::Net) => return NetVerdict::open(index, Open::Size),
    };
    let transitions = reset_net.transitions.len();
    reduce(&mut reset_net);
    let graph = Graph::explore(&reset_net, limit);
    let effort =
        Effort { transitions, reduced_to: reset_net.transitions.len(), states: graph.cost };
    let mut findings = Search::new(&reset_net, &graph);
    findings.look();
    findings.verdict(index, effort)
}

/// The state graph, read backwards.
struct Search<'a, 'n> {
    net: &'a ResetNet<'n>,
    graph: &'a Graph,
    before: Vec<Vec<StateIndex>>,
    defects: Vec<Defect>,
    /// A defect whose walk did not replay. Never seen; a wrong walk must not be given out.
    unconfirmed: bool,
    /// What holds although not all states were seen.
    beyond: Beyond,
}

/// What was found backwards, where not all states were seen.
#[derive(Default)]
struct Beyond {
    is_proper: bool,
    can_end: bool,
    never_ends: bool,
    no_dead_tasks: bool,
}

impl<'a, 'n> Search<'a, 'n> {
    fn new(net: &'a ResetNet<'n>, graph: &'a Graph) -> Self {
        let mut before = vec![Vec::new(); graph.states.len()];
        for (from, next) in graph.next.iter().enumerate() {
            next.iter().flatten().for_each(|(_, to)| before[*to].push(from));
        }
        Self {
            net,
            graph,
            before,
            defects: Vec::new(),
            unconfirmed: false,
            beyond: Beyond::default(),
        }
    }

    fn look(&mut self) {
        let doomed = self.doomed();
        self.look_for_stuck();
        self.look_for_livelock(&doomed);
        self.look_for_improper_completion();
        self.look_for_growth();
        if self.graph.is_complete() {
            self.look_for_dead_tasks();
        } else {
            self.look_backwards();
        }
    }

    fn verdict(self, index: NetIndex, effort: Effort) -> NetVerdict {
        let is_complete = self.graph.is_complete() && !self.unconfirmed;
        let has = |kinds: &[Kind]| self.defects.iter().any(|defect| kinds.contains(&defect.kind));
        let answer = |fails: bool, holds: bool| match (fails, is_complete || holds) {
            (true, _) => Answer::No,
            (false, true) => Answer::Yes,
            (false, false) => Answer::Unknown,
        };
        let has_dead = self.defects.iter().any(|it| matches!(it.kind, Kind::DeadTask(_)));
        let stuck = has(&[Kind::Deadlock, Kind::Livelock, Kind::NoCompletion]);
        let is_improper = has(&[Kind::ImproperCompletion, Kind::Unbounded]);
        let can_end = self.beyond.can_end || self.ends_somewhere();
        NetVerdict {
            net: index,
            option_to_complete: answer(stuck, false),
            weak_option_to_complete: match (can_end, is_complete || self.beyond.never_ends) {
                (true, _) => Answer::Yes,
                (false, true) => Answer::No,
                (false, false) => Answer::Unknown,
            },
            proper_completion: answer(is_improper, self.beyond.is_proper),
            no_dead_tasks: answer(has_dead, self.beyond.no_dead_tasks),
            advice: if is_complete { self.graph.observed.advice(self.net.net) } else { Vec::new() },
            effort,
            open: self.open(is_complete),
            defects: self.defects,
        }
    }

    fn open(&self, is_complete: bool) -> Option<Open> {
        if is_complete {
            None
        } else if self.unconfirmed {
            Some(Open::Unconfirmed)
        } else if self.graph.is_exhausted {
            Some(Open::Limit)
        } else {
            Some(Open::Tokens)
        }
    }

    fn ends_somewhere(&self) -> bool {
        (0..self.graph.states.len()).any(|state| self.is_over(state))
    }

    fn is_over(&self, state: StateIndex) -> bool {
        self.graph.states[state][self.net.output] > 0
    }

    /// States from which one of `goals` can be reached.
    fn leading_to(&self, goals: impl Fn(StateIndex) -> bool) -> Vec<bool> {
        let mut leads: Vec<bool> = (0..self.graph.states.len()).map(goals).collect();
        let mut pending: Vec<StateIndex> = (0..leads.len()).filter(|state| leads[*state]).collect();
        while let Some(state) = pending.pop() {
            for from in &self.before[state] {
                if !leads[*from] {
                    leads[*from] = true;
                    pending.push(*from);
                }
            }
        }
        leads
    }

    /// States from which no case can complete, whatever lies beyond the limit.
    fn doomed(&self) -> Vec<bool> {
        let is_open = |state: StateIndex| self.is_over(state) || self.graph.next[state].is_none();
        self.leading_to(is_open).into_iter().map(|leads| !leads).collect()
    }

    fn is_stuck(&self, state: StateIndex) -> bool {
        !self.is_over(state) && self.graph.next[state].as_ref().is_some_and(Vec::is_empty)
    }

    /// The nearest state in which nothing can happen. It holds tokens: whatever empties others gives some.
    fn look_for_stuck(&mut self) {
        if let Some(state) = (0..self.graph.states.len()).find(|state| self.is_stuck(*state)) {
            let walk = self.walk(state);
            self.add_stuck(walk);
        }
    }

    /// A self-loop that was reduced away can still go on where the smaller net is stuck.
    fn add_stuck(&mut self, walk: Option<(Vec<Move>, Marking)>) {
        let Some((mut walk, marking)) = walk else {
            self.unconfirmed = true;
            return;
        };
        let Lasso { lead, cycle, marking } = Lasso::from(self.net.net, marking);
        walk.extend(lead);
        let kind = if cycle.is_empty() { Kind::Deadlock } else { Kind::Livelock };
        if self.defects.iter().all(|defect| defect.kind != kind) {
            self.defects.push(Defect { kind, walk, cycle, marking });
        }
    }

    /// The nearest state that can reach neither the end nor a state in which nothing can happen.
    fn look_for_livelock(&mut self, doomed: &[bool]) {
        let ends = self.leading_to(|state| !doomed[state] || self.is_stuck(state));
        let Some(state) = ends.iter().position(|ends| !ends) else { return };
        let walk = self.walk(state);
        self.add_stuck(walk);
    }

    fn look_for_improper_completion(&mut self) {
        let is_improper = |state: &StateIndex| {
            let tokens = self.graph.states[*state].iter().map(|tokens| usize::from(*tokens));
            self.is_over(*state) && tokens.sum::<usize>() > 1
        };
        if let Some(state) = (0..self.graph.states.len()).find(is_improper) {
            let walk = self.walk(state);
            self.add(Kind::ImproperCompletion, walk);
        }
    }

    /// What ends a case from `first` ends it from `last` with tokens left.
    fn look_for_growth(&mut self) {
        let Some(Growth { first, last }) = self.graph.grows else { return };
        let walk = self.walk(last);
        self.add(Kind::Unbounded, walk);
        let known = self.defects.iter().any(|it| it.kind == Kind::ImproperCompletion);
        if let (false, Some(ending)) = (known, self.ending(first)) {
            let path = self.graph.path(last).iter().map(|arrival| arrival.transition).collect();
            let walk = self.walk_over([path, ending].concat());
            self.add(Kind::ImproperCompletion, walk);
        }
    }

    /// The shortest way from `start` to the end.
    fn ending(&self, start: StateIndex) -> Option<Vec<usize>> {
        let mut arrivals: BTreeMap<StateIndex, Option<(StateIndex, usize)>> = BTreeMap::new();
        arrivals.insert(start, None);
        let mut pending = VecDeque::from([start]);
        while let Some(state) = pending.pop_front() {
            if self.is_over(state) {
                let mut path = Vec::new();
                let mut at = state;
                while let Some((from, transition)) = arrivals[&at] {
                    path.push(transition);
                    at = from;
                }
                path.reverse();
                return Some(path);
            }
            for (transition, to) in self.graph.next[state].iter().flatten() {
                if !arrivals.contains_key(to) {
                    arrivals.insert(*to, Some((state, *transition)));
                    pending.push_back(*to);
                }
            }
        }
        None
    }

    fn look_for_dead_tasks(&mut self) {
        self.unseen().into_iter().for_each(|task| self.add_dead(task));
    }

    fn add_dead(&mut self, task: TaskIndex) {
        let walk = self.walk(self.nearest(self.net.net, task));
        self.add(Kind::DeadTask(task), walk);
    }

    /// The tasks that could start in no state.
    fn unseen(&self) -> BTreeSet<TaskIndex> {
        let fired = self.net.transitions.iter().zip(&self.graph.fired).filter(|(_, fired)| **fired);
        let seen: BTreeSet<TaskIndex> =
            fired.flat_map(|(transition, _)| transition.covers.iter().copied()).collect();
        self.net.net.task_indices().filter(|task| !seen.contains(task)).collect()
    }

    /// What is never is certain; what may be is tried, and counts if it happens.
    fn look_backwards(&mut self) {
        let Backwards { end, improper_end, starts } = Backwards::ask(self.net, &self.unseen());
        let ends = |(_, marking): &(Vec<Move>, Marking)| marking.is_over(self.net.net);
        self.beyond.can_end = self.tried(end.clone()).is_some_and(|walk| ends(&walk));
        self.beyond.never_ends = end == Coverable::Never;
        let is_stuck = |it: &Defect| matches!(it.kind, Kind::Deadlock | Kind::Livelock);
        if self.beyond.never_ends && !self.defects.iter().any(is_stuck) {
            self.add(Kind::NoCompletion, Some((Vec::new(), Marking::initial(self.net.net))));
        }
        self.beyond.is_proper = improper_end == Coverable::Never;
        let is_known = self.defects.iter().any(|it| it.kind == Kind::ImproperCompletion);
        let walk = self.tried(improper_end).filter(ends);
        let improper = walk.filter(|(_, marking)| !is_known && !marking.is_proper(self.net.net));
        if improper.is_some() {
            self.add(Kind::ImproperCompletion, improper);
        }
        let mut all_start = true;
        for (task, start) in starts {
            if start == Coverable::Never {
                self.add_dead(task);
            } else {
                all_start &= self.tried(start).is_some();
            }
        }
        self.beyond.no_dead_tasks = all_start;
    }

    /// The walk that a backward search has found, if the whole of it can happen.
    fn tried(&self, found: Coverable) -> Option<(Vec<Move>, Marking)> {
        let Coverable::Perhaps(path) = found else { return None };
        let words = path.iter().map(|number| self.net.transitions[*number].word.len());
        let length: usize = words.sum();
        self.walk_over(path).filter(|(walk, _)| walk.len() == length)
    }

    /// The first state in which most inputs of the task are marked.
    fn nearest(&self, net: &Net, task: TaskIndex) -> StateIndex {
        let preset = &net.task(task).preset;
        let marked = |state: StateIndex| {
            preset.iter().filter(|from| self.graph.states[state][place(**from)] > 0).count()
        };
        let running = (0..self.graph.states.len()).filter(|state| !self.is_over(*state));
        // Of equals `max_by_key` takes the last.
        running.rev().max_by_key(|state| marked(*state)).unwrap_or(0)
    }

    fn add(&mut self, kind: Kind, walk: Option<(Vec<Move>, Marking)>) {
        match walk {
            Some((walk, marking)) => {
                self.defects.push(Defect { kind, walk, cycle: Vec::new(), marking });
            }
            None => self.unconfirmed = true,
        }
    }

    /// The walk of the original net into a state.
    fn walk(&self, state: StateIndex) -> Option<(Vec<Move>, Marking)> {
        let path = self.graph.path(state).iter().map(|arrival| arrival.transition).collect();
        self.walk_over(path)
    }

    /// The moves behind a sequence of transitions, each confirmed on the original net. The walk ends where the
    /// case is over.
    fn walk_over(&self, path: Vec<usize>) -> Option<(Vec<Move>, Marking)> {
        let net = self.net.net;
        let mut marking = Marking::initial(net);
        let mut walk = Vec::new();
        let words = path.iter().flat_map(|transition| &self.net.transitions[*transition].word);
        for step in words {
            if marking.is_over(net) {
                break;
            }
            let step = taking(net, &marking, step);
            if !marking.permits(net, &step) {
                return None;
            }
            marking = marking.after(net, &step);
            walk.push(step);
        }
        Some((walk, marking))
    }
}

/// The move with what an OR-join takes in this marking.
fn taking(net: &Net, marking: &Marking, step: &Move) -> Move {
    match step {
        Move::Start { task, .. } if net.task(*task).join == Gate::Or => {
            let preset = net.task(*task).preset.iter().copied();
            let from = preset.filter(|condition| marking.is_marked(*condition)).collect();
            Move::Start { task: *task, from }
        }
        Move::Start { .. } | Move::Complete { .. } => step.clone(),
    }
}

/// Moves that are made in search of a cycle. A marking that cannot complete has few around it.
const LASSO_MOVES_MAX: usize = 10_000;

/// What happens from a marking that cannot complete if the first thing that can happen does, again and again.
struct Lasso {
    /// Before it repeats itself.
    lead: Vec<Move>,
    /// What is repeated; empty where nothing can happen after the lead.
    cycle: Vec<Move>,
    /// After the lead.
    marking: Marking,
}

impl Lasso {
    fn from(net: &Net, start: Marking) -> Self {
        let mut seen = BTreeMap::new();
        let mut moves: Vec<Move> = Vec::new();
        let mut marking = start;
        while moves.len() < LASSO_MOVES_MAX && !seen.contains_key(&marking) {
            seen.insert(marking.clone(), moves.len());
            let Some(step) = marking.moves(net).into_iter().next() else {
                return Self { lead: moves, cycle: Vec::new(), marking };
            };
            marking = marking.after(net, &step);
            moves.push(step);
        }
        let cycle = moves.split_off(seen.get(&marking).copied().unwrap_or(0));
        Self { lead: moves, cycle, marking }
    }
}
