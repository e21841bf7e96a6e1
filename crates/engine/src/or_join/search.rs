//! Can a marking be covered? The backward search with a finite basis (Abdulla et al. 1996; Wynn et al.
//! 2005, section 4), first where the fewest places lack tokens.
//!
//! Two things keep it small. Markings that the concurrency relation rules out are dropped. And of the
//! transitions that could have fired last only a stubborn set is tried (Valmari 1991, run backward): some
//! place that is not marked enough needs a token, so one of its producers fires; whatever cannot keep
//! such a producer from firing last may as well fire before it, and is left for later.

use std::collections::BTreeSet;

use super::{
    bits::Bits,
    concurrency::Concurrency,
    reset_net::{Place, ResetNet},
    work::Work,
};

/// Tokens that are needed, sorted; a place stands once for each.
type Needs = Vec<Place>;

pub(super) enum Coverable {
    /// By firing these transitions.
    By(Vec<usize>),
    No,
    /// The work was spent before it was known.
    Undecided,
}

pub(super) struct Search<'n> {
    net: &'n ResetNet,
    from: &'n [u32],
    concurrency: &'n Concurrency,
    basis: Vec<Node>,
    /// Nodes still to be looked at, with the number of places that lack tokens.
    pending: BTreeSet<(usize, usize)>,
    /// Nodes by a place that needs more tokens than it has: a node that asks for less asks for one of these.
    lacking: Vec<Vec<usize>>,
    /// By place, the transitions to be tried together if the place needs a token; made when asked for.
    stubborn: Vec<Option<Bits>>,
}

/// Units for making a predecessor: it is as dear as so many comparisons.
const PREDECESSOR_WORK: usize = 16;

struct Node {
    needs: Needs,
    /// A bit for each place modulo 64: whoever lacks a bit cannot contain this.
    signature: u64,
    /// The transition that leads from here to the node from which it was reached.
    next: Option<(usize, usize)>,
}

impl<'n> Search<'n> {
    pub(super) fn new(net: &'n ResetNet, from: &'n [u32], concurrency: &'n Concurrency) -> Self {
        Self {
            net,
            from,
            concurrency,
            basis: Vec::new(),
            pending: BTreeSet::new(),
            lacking: vec![Vec::new(); net.places()],
            stubborn: vec![None; net.places()],
        }
    }

    /// Whether one of `targets` can be covered.
    pub(super) fn run(mut self, targets: Vec<Needs>, work: &mut Work) -> Coverable {
        for needs in targets {
            let is_possible =
                (0..needs.len()).all(|at| self.concurrency.allows(needs[at], &needs[..at]));
            if is_possible && let Some(way) = self.add(needs, None, work) {
                return Coverable::By(way);
            }
        }
        while let Some((_, at)) = self.pending.pop_first() {
            for (transition, needs) in self.predecessors(at, work) {
                if let Some(way) = self.add(needs, Some((transition, at)), work) {
                    return Coverable::By(way);
                }
                if work.is_spent() {
                    return Coverable::Undecided;
                }
            }
        }
        Coverable::No
    }

    /// Takes in what needs no more than the marking has, giving the way from there, or what is new.
    fn add(
        &mut self,
        needs: Needs,
        next: Option<(usize, usize)>,
        work: &mut Work,
    ) -> Option<Vec<usize>> {
        let signature = signature(&needs);
        let lacking: Vec<Place> = self.lacking(&needs).collect();
        let fewest = lacking.iter().copied().min_by_key(|place| self.lacking[*place].len());
        let Some(fewest) = fewest else {
            return Some(self.way(next));
        };
        for known in lacking.iter().flat_map(|place| &self.lacking[*place]) {
            work.spend(1);
            let known = &self.basis[*known];
            if known.signature & !signature == 0 && contains(&needs, &known.needs) {
                return None;
            }
        }
        self.pending.insert((lacking.len(), self.basis.len()));
        self.lacking[fewest].push(self.basis.len());
        self.basis.push(Node { needs, signature, next });
        None
    }

    /// The places that need more tokens than the marking has.
    fn lacking(&self, needs: &[Place]) -> impl Iterator<Item = Place> {
        needs.chunk_by(|left, right| left == right).filter_map(|tokens| {
            let has = self.from[tokens[0]] as usize;
            (tokens.len() > has).then_some(tokens[0])
        })
    }

    fn way(&self, mut next: Option<(usize, usize)>) -> Vec<usize> {
        let mut way = Vec::new();
        while let Some((transition, node)) = next {
            way.push(transition);
            next = self.basis[node].next;
        }
        way
    }

    /// The least markings from which one firing covers the node's, for a stubborn set of transitions.
    fn predecessors(&mut self, at: usize, work: &mut Work) -> Vec<(usize, Needs)> {
        let node = &self.basis[at];
        let mut useful: Vec<usize> = Vec::new();
        for producer in node.needs.iter().flat_map(|place| &self.net.producers[*place]) {
            if self.concurrency.live.contains(*producer) && !useful.contains(producer) {
                useful.push(*producer);
            }
        }
        let before = |transition| Some((transition, self.before(&node.needs, transition)?));
        let mut found: Vec<(usize, Needs)> = useful.into_iter().filter_map(before).collect();
        work.spend(PREDECESSOR_WORK * (1 + found.len()));
        if found.len() > 1 {
            let lacking: Vec<Place> = self.lacking(&node.needs).collect();
            let best = lacking.into_iter().min_by_key(|place| {
                let tried = self.stubborn_set(*place, work);
                found.iter().filter(|(transition, _)| tried.contains(*transition)).count()
            });
            if let Some(tried) = best.and_then(|place| self.stubborn[place].as_ref()) {
                found.retain(|(transition, _)| tried.contains(*transition));
            }
        }
        found
    }

    /// What is needed so that `transition` gives `needs`; `None` if it cannot, or if nothing leads to that.
    fn before(&self, needs: &[Place], transition: usize) -> Option<Needs> {
        let it = &self.net.transitions[transition];
        let mut before = needs.to_vec();
        for place in &it.postset {
            if let Ok(at) = before.binary_search(place) {
                before.remove(at);
            }
        }
        // What is reset keeps only what the transition itself puts there.
        if it.reset.iter().any(|place| before.binary_search(place).is_ok()) {
            return None;
        }
        for place in &it.preset {
            if !self.concurrency.allows(*place, &before) {
                return None;
            }
            let at = before.binary_search(place).unwrap_or_else(|at| at);
            before.insert(at, *place);
        }
        Some(before)
    }

    /// The producers of `place`, and whatever could keep one of them from firing last.
    fn stubborn_set(&mut self, place: Place, work: &mut Work) -> &Bits {
        let (net, live) = (self.net, &self.concurrency.live);
        self.stubborn[place].get_or_insert_with(|| {
            let mut set = Bits::below(net.transitions.len());
            let mut pending = net.producers[place].clone();
            while let Some(transition) = pending.pop() {
                work.spend(1);
                if !live.contains(transition) || !set.insert(transition) {
                    continue;
                }
                let it = &net.transitions[transition];
                let takes = it.postset.iter().chain(&it.reset);
                pending.extend(takes.flat_map(|place| &net.consumers[*place]));
                pending.extend(it.preset.iter().flat_map(|place| &net.resetters[*place]));
                pending.extend(it.reset.iter().flat_map(|place| &net.producers[*place]));
            }
            set
        })
    }
}

fn signature(needs: &[Place]) -> u64 {
    needs.iter().fold(0, |bits, place| bits | 1 << (place % 64))
}

/// Whether the tokens of `small` are all in `large`.
fn contains(large: &[Place], small: &[Place]) -> bool {
    let mut rest = large.iter();
    small.iter().all(|place| rest.by_ref().find(|it| *it >= place) == Some(place))
}
