//! The states that a reset net can reach, breadth first, up to a limit.

use std::{collections::BTreeMap, rc::Rc};

use engine::TaskIndex;

use crate::{
    Limit,
    advice::Observed,
    reset_net::{Guard, Place, ResetNet, Transition, busy_place},
};

/// Tokens in one place. A state with more is not looked at: the net may gather them without end.
const TOKENS_MAX: u8 = 32;

/// Tokens per place.
pub(crate) type State = Rc<[u8]>;

/// Number of a state, in the order in which it was found.
pub(crate) type StateIndex = usize;

/// How a state was first reached.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Arrival {
    pub(crate) from: StateIndex,
    pub(crate) transition: usize,
}

#[derive(Debug)]
pub(crate) struct Graph {
    pub(crate) states: Vec<State>,
    pub(crate) arrivals: Vec<Option<Arrival>>,
    /// What can happen in each state; `None` where it was not looked at.
    pub(crate) next: Vec<Option<Vec<(usize, StateIndex)>>>,
    /// Transitions that could fire.
    pub(crate) fired: Vec<bool>,
    /// A state that holds all tokens of one that it comes from, and more.
    pub(crate) grows: Option<Growth>,
    pub(crate) observed: Observed,
    index: BTreeMap<State, StateIndex>,
    /// States looked at and OR-joins tested.
    pub(crate) cost: usize,
    /// The limit came before all states were looked at.
    pub(crate) is_exhausted: bool,
    tokens_max: u8,
}

/// Tokens gather: `last` holds more than `first`, from which it comes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Growth {
    pub(crate) first: StateIndex,
    pub(crate) last: StateIndex,
}

impl Graph {
    /// Every state that can be reached, unless the limit comes first.
    pub(crate) fn explore(net: &ResetNet<'_>, limit: Limit) -> Self {
        let mut graph = Self {
            states: Vec::new(),
            arrivals: Vec::new(),
            next: Vec::new(),
            fired: vec![false; net.transitions.len()],
            grows: None,
            observed: Observed::default(),
            index: BTreeMap::new(),
            cost: 0,
            is_exhausted: false,
            tokens_max: TOKENS_MAX,
        };
        graph.insert(net.initial().into(), None);
        // Where nothing is reset and nothing waits for others, more tokens can do all that fewer can.
        let is_monotone = !net.has_or_joins && !net.is_reset.contains(&true);
        let mut at = 0;
        while at < graph.states.len() && graph.cost < limit.0 {
            graph.cost += 1;
            if is_monotone && graph.grows.is_none() {
                graph.look_for_growth(at);
            }
            if graph.states[at].iter().all(|tokens| *tokens <= graph.tokens_max) {
                graph.expand(net, at);
            }
            at += 1;
        }
        graph.is_exhausted = at < graph.states.len();
        graph
    }

    /// Whether every state was looked at.
    pub(crate) fn is_complete(&self) -> bool {
        self.next.iter().all(Option::is_some)
    }

    /// States by number, from the first one to `state`, with the transition into each.
    pub(crate) fn path(&self, state: StateIndex) -> Vec<Arrival> {
        let mut path = Vec::new();
        let mut at = state;
        while let Some(arrival) = self.arrivals[at] {
            path.push(arrival);
            at = arrival.from;
        }
        path.reverse();
        path
    }

    fn insert(&mut self, state: State, arrival: Option<Arrival>) -> StateIndex {
        if let Some(known) = self.index.get(&state) {
            return *known;
        }
        let number = self.states.len();
        self.index.insert(state.clone(), number);
        self.states.push(state);
        self.arrivals.push(arrival);
        self.next.push(None);
        number
    }

    fn expand(&mut self, net: &ResetNet<'_>, at: StateIndex) {
        let state = self.states[at].clone();
        let mut next = Vec::new();
        if state[net.output] == 0 {
            let mut joins = BTreeMap::new();
            for (number, transition) in net.transitions.iter().enumerate() {
                if !self.is_enabled(net, &state, transition, &mut joins) {
                    continue;
                }
                self.fired[number] = true;
                self.observed.fires(net, &state, transition);
                let after = fire(&state, transition).into();
                let arrival = Arrival { from: at, transition: number };
                next.push((number, self.insert(after, Some(arrival))));
            }
        }
        self.next[at] = Some(next);
    }

    /// `joins` remembers what the OR-joins said in this state.
    fn is_enabled(
        &mut self,
        net: &ResetNet<'_>,
        state: &[u8],
        transition: &Transition,
        joins: &mut BTreeMap<TaskIndex, bool>,
    ) -> bool {
        match transition.guard {
            Guard::None => has(state, &transition.pre),
            Guard::Idle(task) => {
                has(state, &transition.pre) && state[busy_place(net.net, task)] == 0
            }
            Guard::OrJoin(task) => *joins.entry(task).or_insert_with(|| {
                if transition.pre.iter().all(|place| state[*place] == 0) {
                    return false;
                }
                self.cost += 1;
                net.marking(state).enables(net.net, task)
            }),
        }
    }

    /// Notes whether the state at `at` holds more than one that it comes from.
    fn look_for_growth(&mut self, at: StateIndex) {
        let state = &self.states[at];
        // What grows without end has two tokens in one place sooner or later.
        if state.iter().all(|tokens| *tokens < 2) {
            return;
        }
        let covers = |earlier: StateIndex| {
            let less = &self.states[earlier];
            less != state && less.iter().zip(state.iter()).all(|(less, more)| less <= more)
        };
        let first = self.path(at).iter().map(|arrival| arrival.from).find(|from| covers(*from));
        if let Some(first) = first {
            // The net is not bounded: what is asked from now on is only how a case can end.
            self.tokens_max = state.iter().copied().max().unwrap_or(self.tokens_max);
            self.grows = Some(Growth { first, last: at });
        }
    }
}

fn has(state: &[u8], pre: &[Place]) -> bool {
    // A transition seldom takes two tokens of one place; where it does they stand together.
    let mut rest = pre;
    while let Some(place) = rest.first() {
        let same = rest.iter().take_while(|other| *other == place).count();
        if usize::from(state[*place]) < same {
            return false;
        }
        rest = &rest[same..];
    }
    true
}

/// Takes, empties, gives.
fn fire(state: &[u8], transition: &Transition) -> Vec<u8> {
    let mut after = state.to_vec();
    let is_or_join = matches!(transition.guard, Guard::OrJoin(_));
    for place in &transition.pre {
        after[*place] =
            if is_or_join { after[*place].saturating_sub(1) } else { after[*place] - 1 };
    }
    transition.resets.iter().for_each(|place| after[*place] = 0);
    transition.post.iter().for_each(|place| after[*place] = after[*place].saturating_add(1));
    after
}
