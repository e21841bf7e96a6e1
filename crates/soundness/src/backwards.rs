//! What can still be said of a net whose states were not all seen: asked backwards, from what must not happen or must
//! be able to.

use std::collections::{BTreeMap, BTreeSet};

use engine::TaskIndex;

use crate::{
    coverability::{Coverability, Coverable, Goal},
    reset_net::{Place, ResetNet},
};

/// What a backward search says; each `Coverable::Perhaps` still has to be tried on the net.
pub(crate) struct Backwards {
    /// The output condition is marked.
    pub(crate) end: Coverable,
    /// It is marked beside another token.
    pub(crate) improper_end: Coverable,
    /// These tasks start.
    pub(crate) starts: Vec<(TaskIndex, Coverable)>,
}

impl Backwards {
    /// `unseen` are the tasks that no state seen so far lets start.
    pub(crate) fn ask(net: &ResetNet<'_>, unseen: &BTreeSet<TaskIndex>) -> Self {
        let mut coverability = Coverability::new(net);
        let end = coverability.search(vec![ending(net, None)]);
        let improper_end = match end {
            Coverable::Never => Coverable::Never,
            Coverable::Perhaps(_) | Coverable::Unknown => {
                let others = (0..net.places).filter(|place| *place != net.launch);
                coverability.search(others.map(|place| ending(net, Some(place))).collect())
            }
        };
        let mut starts = Vec::new();
        for task in unseen {
            let starting = (0..net.transitions.len())
                .filter(|number| net.transitions[*number].covers.contains(task));
            let goals = starting.flat_map(|number| coverability.firing(number)).collect();
            starts.push((*task, coverability.search(goals)));
        }
        Self { end, improper_end, starts }
    }
}

/// A token in the output condition and one more.
fn ending(net: &ResetNet<'_>, beside: Option<Place>) -> Goal {
    let mut needs = BTreeMap::from([(net.output, 1)]);
    if let Some(place) = beside {
        *needs.entry(place).or_default() += 1;
    }
    Goal { needs, then: None }
}
