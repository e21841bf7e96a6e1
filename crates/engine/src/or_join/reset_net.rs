//! A net as a reset net, as the OR-join sees it (Wynn et al. 2005, section 3).
//!
//! A task is a place "busy" between transitions that start it and transitions that end it. Every OR-join
//! starts like an XOR-join; the one that is looked at does not start at all, which its test sees to.

use model::specification::Gate;

use super::bits::Bits;
use crate::{ids::TaskIndex, program::Task};

/// The net's conditions, then one per task for "busy".
pub(super) type Place = usize;

#[derive(Debug, Default)]
pub(super) struct ResetNet {
    pub(super) conditions: usize,
    pub(super) transitions: Vec<Transition>,
    /// Transitions by the places that they put a token into, take one from, and empty.
    pub(super) producers: Vec<Vec<usize>>,
    pub(super) consumers: Vec<Vec<usize>>,
    pub(super) resetters: Vec<Vec<usize>>,
}

/// Some of the net.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) places: Bits,
    pub(super) transitions: Bits,
}

#[derive(Debug)]
pub(super) struct Transition {
    pub(super) preset: Vec<Place>,
    pub(super) postset: Vec<Place>,
    pub(super) reset: Vec<Place>,
}

impl ResetNet {
    pub(super) fn new(conditions: usize, tasks: &[Task]) -> Self {
        let mut net = Self { conditions, ..Self::default() };
        for (index, task) in (0..).map(TaskIndex).zip(tasks) {
            net.add_starts(index, task);
            net.add_ends(index, task);
        }
        let places = conditions + tasks.len();
        net.producers = by_place(places, &net.transitions, |it| &it.postset);
        net.consumers = by_place(places, &net.transitions, |it| &it.preset);
        net.resetters = by_place(places, &net.transitions, |it| &it.reset);
        net
    }

    pub(super) fn places(&self) -> usize {
        self.producers.len()
    }

    pub(super) fn busy(&self, task: TaskIndex) -> Place {
        self.conditions + task.0 as usize
    }

    /// The task that is busy while the place is marked; none for a condition.
    pub(super) fn task_of(&self, place: Place) -> Option<TaskIndex> {
        let task = place.checked_sub(self.conditions)?;
        Some(TaskIndex(u32::try_from(task).expect("a task index fits")))
    }

    /// What tokens can reach from `marking` within `part`, if no token is ever used up.
    pub(super) fn reach(&self, part: &Part, marking: &[u32]) -> Part {
        let mut transitions = Bits::below(self.transitions.len());
        let mut places = Bits::below(self.places());
        let mut pending: Vec<Place> = part.places.iter().filter(|it| marking[*it] > 0).collect();
        while let Some(place) = pending.pop() {
            if !places.insert(place) {
                continue;
            }
            for &number in &self.consumers[place] {
                let transition = &self.transitions[number];
                let can_fire = part.transitions.contains(number)
                    && transition.preset.iter().all(|place| places.contains(*place));
                if can_fire && transitions.insert(number) {
                    let put = transition.postset.iter().filter(|it| part.places.contains(**it));
                    pending.extend(put);
                }
            }
        }
        Part { places, transitions }
    }

    /// The part from which a token can still reach one of `goals`, without the starts of `join`.
    pub(super) fn part_leading_to(&self, goals: &[Place], join: TaskIndex) -> Part {
        let mut transitions = Bits::below(self.transitions.len());
        let mut places = Bits::below(self.places());
        let mut pending = goals.to_vec();
        while let Some(place) = pending.pop() {
            if !places.insert(place) {
                continue;
            }
            for &number in &self.producers[place] {
                let transition = &self.transitions[number];
                let starts_join = transition.postset == [self.busy(join)];
                if !starts_join && transitions.insert(number) {
                    pending.extend(&transition.preset);
                }
            }
        }
        Part { places, transitions }
    }

    fn add_starts(&mut self, index: TaskIndex, task: &Task) {
        let busy = self.busy(index);
        let start = |preset| Transition { preset, postset: vec![busy], reset: Vec::new() };
        let preset = task.preset.iter().map(|condition| condition.0 as Place);
        match task.join {
            Gate::And if task.preset.is_empty() => {}
            Gate::And => self.transitions.push(start(preset.collect())),
            Gate::Xor | Gate::Or => {
                self.transitions.extend(preset.map(|place| start(vec![place])));
            }
        }
    }

    fn add_ends(&mut self, index: TaskIndex, task: &Task) {
        let busy = self.busy(index);
        let conditions = task.removes_conditions.iter().map(|condition| condition.0 as Place);
        let tasks = task.removes_tasks.iter().map(|task| self.busy(*task));
        let reset: Vec<Place> = conditions.chain(tasks).collect();
        let end = |postset| {
            let reset = reset.clone();
            Transition { preset: vec![busy], postset, reset }
        };
        let postset = task.flows.iter().map(|flow| flow.to.0 as Place);
        match task.split {
            // An OR-split that gives every token covers all that it could give.
            Gate::And | Gate::Or => self.transitions.push(end(postset.collect())),
            Gate::Xor => self.transitions.extend(postset.map(|place| end(vec![place]))),
        }
    }
}

fn by_place(
    places: usize,
    transitions: &[Transition],
    of: impl Fn(&Transition) -> &Vec<Place>,
) -> Vec<Vec<usize>> {
    let mut index = vec![Vec::new(); places];
    for (number, transition) in transitions.iter().enumerate() {
        of(transition).iter().for_each(|place| index[*place].push(number));
    }
    index
}
