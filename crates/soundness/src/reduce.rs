//! Makes a reset net smaller without changing what is asked about it. Every transition keeps the moves of the
//! original net that it stands for, so that a walk of the smaller net is one of the original.
//!
//! The rules are those of Wynn, Verbeek, van der Aalst, ter Hofstede, Edmond, "Soundness-preserving reduction
//! rules for reset workflow nets" (2009), which extend Murata's to reset arcs:
//!
//! - **series** (FSP, FST and the alternative forms): a place whose consumers take nothing else is skipped, its
//!   producers go on with each consumer. Moving a consumer forward to its producer changes nothing if it
//!   is free of guards and resets, and if neither the place nor what the consumer gives can be emptied. An
//!   OR-join that was enabled with the token in the place is enabled after: less can arrive.
//! - **parallel transitions** (FPT): of two that take and give the same, one is kept.
//! - **parallel places** (FPP): of two with the same producers and consumers, one is kept.
//! - **self-loops** (ELT): a transition that gives back the one token that it takes is dropped.

use std::collections::{BTreeMap, BTreeSet};

use crate::reset_net::{Guard, Place, ResetNet, Transition};

/// A series place with so many producers and consumers is skipped in any case: the net does not grow much.
const PRODUCTS_SMALL: usize = 8;

/// Reduces until no rule applies.
pub(crate) fn reduce(net: &mut ResetNet<'_>) {
    loop {
        let before = net.transitions.len();
        let changed =
            parallel_transitions(net) | self_loops(net) | parallel_places(net) | series(net);
        if !changed && net.transitions.len() == before {
            return;
        }
    }
}

/// Transitions by the place that they take from or give to.
struct Neighbours {
    producers: Vec<Vec<usize>>,
    consumers: Vec<Vec<usize>>,
}

impl Neighbours {
    fn of(net: &ResetNet<'_>) -> Self {
        let mut producers = vec![Vec::new(); net.places];
        let mut consumers = vec![Vec::new(); net.places];
        for (number, transition) in net.transitions.iter().enumerate() {
            transition.pre.iter().for_each(|place| consumers[*place].push(number));
            transition.post.iter().for_each(|place| producers[*place].push(number));
        }
        Self { producers, consumers }
    }
}

/// Skips series places. One pass: a place is left alone when a neighbour of it has changed already.
fn series(net: &mut ResetNet<'_>) -> bool {
    let around = Neighbours::of(net);
    let mut gone = vec![false; net.transitions.len()];
    let mut changed = false;
    for place in 0..net.places {
        let (producers, consumers) = (&around.producers[place], &around.consumers[place]);
        let mut touched = producers.iter().chain(consumers);
        if touched.any(|number| gone[*number]) || !is_series(net, place, producers, consumers) {
            continue;
        }
        for producer in producers {
            let fused: Vec<Transition> = consumers
                .iter()
                .map(|consumer| net.transitions[*producer].then(&net.transitions[*consumer]))
                .collect();
            net.transitions.extend(fused);
        }
        producers.iter().chain(consumers).for_each(|number| gone[*number] = true);
        forget_busy(net, place);
        changed = true;
    }
    let mut gone = gone.into_iter();
    net.transitions.retain(|_| !gone.next().unwrap_or(false));
    changed
}

fn is_series(net: &ResetNet<'_>, place: Place, producers: &[usize], consumers: &[usize]) -> bool {
    let (many, sum) = (producers.len() * consumers.len(), producers.len() + consumers.len());
    if place == net.output || place == net.launch || net.is_reset[place] || many == 0 {
        return false;
    }
    // A case is over in the moment in which the output is marked: nothing can be put behind that, and what leads
    // to it must not come before what else may happen.
    let skips = |consumer: &usize| {
        let next = &net.transitions[*consumer];
        next.pre == [place]
            && next.guard == Guard::None
            && next.resets.is_empty()
            && next.post.iter().all(|given| *given != place && !net.is_reset[*given])
            && !next.post.contains(&net.output)
    };
    let goes_on = |producer: &usize| {
        let post = &net.transitions[*producer].post;
        post.iter().filter(|given| **given == place).count() == 1 && !post.contains(&net.output)
    };
    many <= sum.max(PRODUCTS_SMALL) && consumers.iter().all(skips) && producers.iter().all(goes_on)
}

/// A task whose busy place is gone is never seen to be busy.
fn forget_busy(net: &mut ResetNet<'_>, place: Place) {
    for transition in &mut net.transitions {
        if let Guard::Idle(task) = transition.guard
            && crate::reset_net::busy_place(net.net, task) == place
        {
            transition.guard = Guard::None;
        }
    }
}

fn parallel_transitions(net: &mut ResetNet<'_>) -> bool {
    type Shape = (Vec<Place>, Guard, Vec<Place>, Vec<Place>);
    let mut kept: Vec<Transition> = Vec::with_capacity(net.transitions.len());
    let mut by_shape: BTreeMap<Shape, usize> = BTreeMap::new();
    let before = net.transitions.len();
    for transition in net.transitions.drain(..) {
        let Transition { pre, guard, post, resets, .. } = &transition;
        let shape = (pre.clone(), *guard, post.clone(), resets.clone());
        match by_shape.get(&shape) {
            Some(at) => {
                let first = &mut kept[*at];
                first.covers.extend(&transition.covers);
                if transition.word.len() < first.word.len() {
                    first.word = transition.word;
                }
            }
            None => {
                by_shape.insert(shape, kept.len());
                kept.push(transition);
            }
        }
    }
    net.transitions = kept;
    net.transitions.len() < before
}

/// A self-loop can fire as soon as anything gives its place a token, unless that ends the case.
fn self_loops(net: &mut ResetNet<'_>) -> bool {
    let loops = |it: &Transition| {
        it.pre.len() == 1 && it.pre == it.post && it.guard == Guard::None && it.resets.is_empty()
    };
    let mut changed = false;
    while let Some(at) = net.transitions.iter().position(loops) {
        let removed = net.transitions.remove(at);
        let output = net.output;
        let gives =
            |it: &&mut Transition| it.post.contains(&removed.pre[0]) && !it.post.contains(&output);
        net.transitions.iter_mut().filter(gives).for_each(|it| it.covers.extend(&removed.covers));
        changed = true;
    }
    changed
}

/// An OR-join looks at places one by one, so that none can stand for another.
fn parallel_places(net: &mut ResetNet<'_>) -> bool {
    if net.has_or_joins {
        return false;
    }
    let around = Neighbours::of(net);
    let mut seen = BTreeSet::new();
    let mut is_twin = |place: Place| {
        let (producers, consumers) = (&around.producers[place], &around.consumers[place]);
        let is_plain = place != net.output && place != net.launch && !net.is_reset[place];
        let is_used = !(producers.is_empty() && consumers.is_empty());
        is_plain && is_used && !seen.insert((producers, consumers))
    };
    let twins: Vec<bool> = (0..net.places).map(&mut is_twin).collect();
    for transition in &mut net.transitions {
        transition.pre.retain(|place| !twins[*place]);
        transition.post.retain(|place| !twins[*place]);
    }
    twins.contains(&true)
}
