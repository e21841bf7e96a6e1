//! Splits: which flows get a token (`reference 2.5`).

use std::sync::Arc;

use model::specification::Gate;
use query::Document;

use crate::{
    case::{Busy, TimerState},
    command::Refusal,
    event::Conditions,
    ids::{Path, TaskIndex, VariableIndex},
    program::{Flow, Predicate},
    step::Step,
};

impl Step<'_> {
    /// The conditions that get a token when `task` is left, predicates seeing the net's data as the exit will leave them.
    pub(crate) fn split_tokens(
        &self,
        path: &Path,
        task: TaskIndex,
        joined: Option<&(VariableIndex, Arc<str>)>,
    ) -> Result<Conditions, Refusal> {
        let Some((runner, net)) = self.running(path) else { return Ok(Conditions::new()) };
        let split = net.task(task);
        if split.split == Gate::And {
            return Ok(split.flows.iter().flat_map(Flow::produced).collect());
        }
        let mut data = runner.data.to_vec();
        let writes = self.busy(path, task).into_iter().flat_map(Busy::writes);
        for (at, value) in writes.chain(joined.map(|(at, value)| (*at, value))) {
            data[at.0 as usize] = value.clone();
        }
        let document = Document::of_elements(&net.data_root, &data);
        let holds = |flow: &Flow| match &flow.predicate {
            None => Ok(false),
            Some(Predicate::Query(query)) => self.predicate(&split.id, query, &document),
            Some(Predicate::Timer { task: timed, state, equal }) => {
                let now = self.timer_state(path, *timed, *timed == task);
                Ok((now == *state) == *equal)
            }
        };
        match split.split {
            Gate::And | Gate::Xor => {
                for flow in &split.flows {
                    // The default flow is the last and is taken unseen.
                    if flow.is_default || holds(flow)? {
                        return Ok(flow.produced().collect());
                    }
                }
                Err(Refusal::NoFlow(split.id.clone()))
            }
            Gate::Or => {
                let mut produced = Conditions::new();
                for flow in &split.flows {
                    if holds(flow)? || (flow.is_default && produced.is_empty()) {
                        produced.extend(flow.produced());
                    }
                }
                if produced.is_empty() {
                    Err(Refusal::NoFlow(split.id.clone()))
                } else {
                    Ok(produced)
                }
            }
        }
    }

    /// A task's timer as a predicate sees it; the task that is being left has just closed its own.
    fn timer_state(&self, path: &Path, task: TaskIndex, is_left: bool) -> Option<TimerState> {
        match self.runner(path)?.timers.get(&task).copied() {
            Some(TimerState::Active) if is_left => Some(TimerState::Closed),
            state => state,
        }
    }
}
