//! A running net: its tokens, its busy tasks with their instances, its data.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use super::{marking::Marking, task_set::TaskSet};
use crate::{
    event::NetEnd,
    ids::{ConditionIndex, NetIndex, TaskIndex, VariableIndex},
    small_map::{SmallMap, copy},
};

/// One running net.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Runner {
    pub net: NetIndex,
    pub marking: Marking,
    pub enabled: TaskSet,
    pub busy: SmallMap<TaskIndex, Busy, 1>,
    /// Absent means dormant.
    pub timers: SmallMap<TaskIndex, TimerState, 2>,
    /// Children numbered so far.
    pub children: u32,
    /// One XML element per variable of the net. Cases share what none of them has written.
    pub data: Arc<[Arc<str>]>,
    /// A subnet that is over and never reached its end.
    pub stuck: Option<NetEnd>,
}

/// The state of a task's timer variable, as `timer(T) = '...'` sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TimerState {
    Active,
    Closed,
    Expired,
}

/// A busy task's instances.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Busy {
    /// In the order of their numbers.
    instances: SmallVec<[Instance; 1]>,
    /// Absent until an instance has given something.
    results: Option<Box<Results>>,
}

/// One instance of a busy task.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Instance {
    /// Its number among its net's children.
    pub child: u32,
    pub state: InstanceState,
    pub input: Arc<str>,
}

/// Where an instance stands: the inner conditions of a busy task.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum InstanceState {
    Entered,
    Executing,
    Complete,
}

/// What instances have given so far.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Results {
    /// Results that wait for the exit; the last finisher wins.
    writes: SmallMap<VariableIndex, Arc<str>, 1>,
    /// Results for the joining query, in the order of completion.
    grouped: Vec<Arc<str>>,
}

impl Runner {
    /// A net of so many conditions without a token.
    pub fn new(net: NetIndex, conditions: usize) -> Self {
        Self {
            net,
            marking: Marking::new(conditions),
            enabled: TaskSet::default(),
            busy: SmallMap::default(),
            timers: SmallMap::default(),
            children: 0,
            data: Arc::default(),
            stuck: None,
        }
    }

    /// Tokens in a condition.
    pub fn tokens(&self, condition: ConditionIndex) -> u32 {
        self.marking.tokens(condition)
    }

    /// No token anywhere: neither in a condition nor in a task.
    pub fn is_empty(&self) -> bool {
        self.busy.is_empty() && self.marking.is_empty()
    }

    /// Nothing runs and nothing can.
    pub(crate) fn clear(&mut self) {
        self.marking.clear();
        self.busy.clear();
        self.enabled.clear();
    }

    /// Gives variables new values; those that the net does not have are left out.
    pub(crate) fn write<'v>(
        &mut self,
        writes: impl IntoIterator<Item = (VariableIndex, &'v Arc<str>)>,
    ) {
        for (variable, value) in writes {
            if let Some(place) = Arc::make_mut(&mut self.data).get_mut(variable.0 as usize) {
                place.clone_from(value);
            }
        }
    }
}

impl Clone for Busy {
    fn clone(&self) -> Self {
        Self { instances: copy(&self.instances), results: self.results.clone() }
    }
}

impl Busy {
    pub fn instances(&self) -> &[Instance] {
        &self.instances
    }

    fn place(&self, child: u32) -> Result<usize, usize> {
        self.instances.binary_search_by_key(&child, |instance| instance.child)
    }

    pub fn instance(&self, child: u32) -> Option<&Instance> {
        self.place(child).ok().map(|at| &self.instances[at])
    }

    pub fn has(&self, child: u32) -> bool {
        self.place(child).is_ok()
    }

    /// The instance is there and stands so.
    pub fn is(&self, child: u32, state: InstanceState) -> bool {
        self.instance(child).is_some_and(|instance| instance.state == state)
    }

    /// How many instances stand so.
    pub fn count(&self, state: InstanceState) -> usize {
        self.instances.iter().filter(|instance| instance.state == state).count()
    }

    /// What complete instances want to write at the exit, in the order of the variables.
    pub fn writes(&self) -> impl Iterator<Item = (VariableIndex, &Arc<str>)> {
        let results = self.results.iter();
        results.flat_map(|results| &results.writes).map(|(variable, value)| (*variable, value))
    }

    /// What complete instances gave to the joining query.
    pub fn grouped(&self) -> &[Arc<str>] {
        self.results.as_ref().map_or(&[], |results| &results.grouped)
    }

    /// One more instance, before it is started.
    pub(crate) fn enter(&mut self, child: u32, input: Arc<str>) {
        if let Err(at) = self.place(child) {
            self.instances.insert(at, Instance { child, state: InstanceState::Entered, input });
        }
    }

    /// Brings an instance from one state to another. One that stands elsewhere stays there.
    pub(crate) fn advance(&mut self, child: u32, from: InstanceState, to: InstanceState) {
        if let Ok(at) = self.place(child)
            && self.instances[at].state == from
        {
            self.instances[at].state = to;
        }
    }

    pub(crate) fn complete(&mut self, child: u32) {
        if let Ok(at) = self.place(child) {
            self.instances[at].state = InstanceState::Complete;
        }
    }

    /// Keeps what an instance gave.
    pub(crate) fn keep(
        &mut self,
        writes: &[(VariableIndex, Arc<str>)],
        grouped: Option<&Arc<str>>,
    ) {
        if writes.is_empty() && grouped.is_none() {
            return;
        }
        let results = self.results.get_or_insert_default();
        for (variable, value) in writes {
            results.writes.insert(*variable, value.clone());
        }
        results.grouped.extend(grouped.cloned());
    }
}
