//! Whether a reset net can reach a marking that holds certain tokens and maybe more, searched backwards.
//!
//! Backwards from what is asked for, each step finds the least tokens from which a transition leads there. Least
//! needs that hold those of an earlier one are dropped, so that the search ends, also on nets without bound (Abdulla,
//! Čerāns, Jonsson, Tsay, "General decidability theorems for infinite-state systems", 1996; for reset nets Dufourd,
//! Finkel, Schnoebelen, "Reset nets between decidability and undecidability", 1998; for YAWL Wynn, Edmond, van der
//! Aalst, ter Hofstede, "Achieving a general, formal and decidable approach to the OR-join in workflow using
//! reset nets", 2005).
//!
//! Guards are left out and an OR-join may start with any of its inputs: more can happen here than in the net. "Never"
//! is therefore certain, a way that is found must be tried.

use std::collections::BTreeMap;

use crate::reset_net::{Guard, Place, ResetNet, Transition};

/// Steps backwards for all questions about one net. With each, needs are compared with those known: a few tenths of a
/// second in all.
const STEPS_MAX: usize = 10_000;

/// Tokens that must be there, at least.
type Needs = BTreeMap<Place, usize>;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Coverable {
    /// Transitions that may lead there from the initial state.
    Perhaps(Vec<usize>),
    Never,
    /// The limit came first.
    Unknown,
}

/// A question: tokens, and the transition that is to fire with them, if any.
pub(crate) struct Goal {
    pub(crate) needs: Needs,
    pub(crate) then: Option<usize>,
}

/// What the search has found to lead to a goal.
struct Known {
    needs: Needs,
    /// The transition that leads on, and what it leads to; a goal has no such need.
    via: Option<usize>,
    next: Option<usize>,
    /// Less is known to be enough.
    is_dropped: bool,
}

pub(crate) struct Coverability<'a, 'n> {
    net: &'a ResetNet<'n>,
    /// Transitions by the place that they give to.
    producers: Vec<Vec<usize>>,
    steps: usize,
}

impl<'a, 'n> Coverability<'a, 'n> {
    pub(crate) fn new(net: &'a ResetNet<'n>) -> Self {
        let mut producers = vec![Vec::new(); net.places];
        for (number, transition) in net.transitions.iter().enumerate() {
            transition.post.iter().for_each(|place| producers[*place].push(number));
        }
        producers.iter_mut().for_each(Vec::dedup);
        Self { net, producers, steps: 0 }
    }

    /// Goals that ask whether a transition can fire.
    pub(crate) fn firing(&self, number: usize) -> Vec<Goal> {
        let takes = takes(&self.net.transitions[number]);
        takes.into_iter().map(|needs| Goal { needs, then: Some(number) }).collect()
    }

    /// Whether any of the goals can be reached.
    pub(crate) fn search(&mut self, goals: Vec<Goal>) -> Coverable {
        let mut known: Vec<Known> = Vec::new();
        for Goal { needs, then } in goals {
            insert(&mut known, Known { needs, via: then, next: None, is_dropped: false });
        }
        let mut at = 0;
        while at < known.len() {
            if self.is_initial(&known[at].needs) {
                return Coverable::Perhaps(path(&known, at));
            }
            let is_new = !known[at].is_dropped;
            let before = if is_new { self.before(&known[at].needs) } else { Vec::new() };
            self.steps += before.len();
            if self.steps > STEPS_MAX {
                return Coverable::Unknown;
            }
            for (via, needs) in before {
                let (via, next) = (Some(via), Some(at));
                insert(&mut known, Known { needs, via, next, is_dropped: false });
            }
            at += 1;
        }
        Coverable::Never
    }

    fn is_initial(&self, needs: &Needs) -> bool {
        needs.iter().all(|(place, tokens)| *place == self.net.launch && *tokens <= 1)
    }

    /// The least needs from which one transition leads to these. What gives nothing that is needed helps nobody.
    fn before(&self, needs: &Needs) -> Vec<(usize, Needs)> {
        let mut producers: Vec<usize> =
            needs.keys().flat_map(|place| self.producers[*place].iter().copied()).collect();
        producers.sort_unstable();
        producers.dedup();
        let mut before = Vec::new();
        for number in producers {
            let transition = &self.net.transitions[number];
            let Some(rest) = rest(needs, transition) else { continue };
            for mut taken in takes(transition) {
                for (place, tokens) in &rest {
                    *taken.entry(*place).or_default() += tokens;
                }
                if self.is_possible(&taken) {
                    before.push((number, taken));
                }
            }
        }
        before
    }

    /// A task is busy once at most, and the launch happens once.
    fn is_possible(&self, needs: &Needs) -> bool {
        let once = self.net.net.conditions.len()..;
        needs.range(once).all(|(_, tokens)| *tokens <= 1)
    }
}

/// What the transition takes: one list per way.
fn takes(transition: &Transition) -> Vec<Needs> {
    let count = |places: &[Place]| {
        let mut needs = Needs::new();
        places.iter().for_each(|place| *needs.entry(*place).or_default() += 1);
        needs
    };
    match transition.guard {
        Guard::OrJoin(_) => transition.pre.iter().map(|place| count(&[*place])).collect(),
        Guard::None | Guard::Idle(_) => vec![count(&transition.pre)],
    }
}

/// What must be there beside what the transition takes. Nothing where it empties a place and gives too little.
fn rest(needs: &Needs, transition: &Transition) -> Option<Needs> {
    let mut rest = needs.clone();
    for place in &transition.post {
        if let Some(tokens) = rest.get_mut(place) {
            *tokens -= 1;
            if *tokens == 0 {
                rest.remove(place);
            }
        }
    }
    let is_emptied = transition.resets.iter().any(|place| rest.contains_key(place));
    (!is_emptied).then_some(rest)
}

fn insert(known: &mut Vec<Known>, new: Known) {
    let is_less = |less: &Needs, more: &Needs| {
        less.iter().all(|(place, tokens)| more.get(place).is_some_and(|more| tokens <= more))
    };
    if known.iter().any(|old| !old.is_dropped && is_less(&old.needs, &new.needs)) {
        return;
    }
    for old in known.iter_mut().filter(|old| !old.is_dropped) {
        old.is_dropped = is_less(&new.needs, &old.needs);
    }
    known.push(new);
}

fn path(known: &[Known], start: usize) -> Vec<usize> {
    let mut path = Vec::new();
    let mut at = Some(start);
    while let Some(here) = at {
        path.extend(known[here].via);
        at = known[here].next;
    }
    path
}
