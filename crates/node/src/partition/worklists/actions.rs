//! What participants and administrators do with an item.

use agents::{
    lease,
    resourcing::{
        ItemId, ParticipantId,
        worklist::{Command, Event, Reallocation},
    },
};
use engine::{Decision, ItemKey, case::ItemStatus, view};

use super::{Given, case_id, item_id, starts::AtWork};
use crate::{
    api::{Action, Answered},
    entry::{Body, Entry},
    partition::{Running, guard, unchanged},
    rejected::Rejected,
};

/// What an action did, ready to be stored.
pub(in crate::partition) struct Acted {
    pub(in crate::partition) decision: Decision,
    pub(in crate::partition) leased: Option<lease::Event<ItemKey>>,
    pub(in crate::partition) given: Given,
    pub(in crate::partition) answer: Answered,
}

impl Running {
    /// Decides what an action on an item does to the worklist, and what that does to the net and to the lease.
    pub(in crate::partition) fn act(
        &mut self,
        before: &Entry,
        item: &str,
        action: Action,
    ) -> Result<Acted, Rejected> {
        let Body::Hot(state) = &before.body else { unreachable!("the entry was heated") };
        let missing = || Rejected::NoSuchItem(item.to_owned());
        let key = before.loaded.program.parse_item(state, item).ok_or_else(missing)?;
        let id = item_id(item)?;
        let command = command(action, id.clone());
        let given = self.reserve(before, Some(&key), command)?;
        match self.carry_out(before, (&id, &key), &given) {
            Ok((at_work, answer, renamed)) => {
                let AtWork { decision, leased, .. } = at_work;
                let mut given = given;
                given.events.extend(renamed.events);
                Ok(Acted { decision, leased, given, answer })
            }
            Err(rejected) => {
                self.put_back(given);
                Err(rejected)
            }
        }
    }

    /// Ends a chain.
    pub(in crate::partition) fn unchain(
        &mut self,
        before: &Entry,
        by: ParticipantId,
    ) -> Result<Acted, Rejected> {
        let Body::Hot(state) = &before.body else { unreachable!("the entry was heated") };
        let command = Command::Unchain { case: case_id(&state.id), by };
        let given = self.reserve(before, None, command)?;
        let decision = unchanged(state);
        Ok(Acted { decision, leased: None, given, answer: Answered::Done })
    }

    /// What the net and the lease have to do for the worklist's events.
    fn carry_out(
        &self,
        before: &Entry,
        (id, key): (&ItemId, &ItemKey),
        given: &Given,
    ) -> Result<(AtWork, Answered, Given), Rejected> {
        let Body::Hot(state) = &before.body else { unreachable!("the entry was heated") };
        let nothing = || AtWork { decision: unchanged(state), leased: None, epoch: None };
        let mut at_work = nothing();
        for event in &given.events {
            match event {
                Event::Started { by, .. } if !is_handed_on(&given.events) => {
                    let (at_work, renamed) = self.put_to_work(before, (id, key), by)?;
                    let answer = taken(before, &at_work);
                    return Ok((at_work, answer, renamed));
                }
                Event::Suspended { .. } => {
                    let suspend = engine::Command::Suspend { item: key.clone() };
                    at_work.decision = self.net(before, suspend)?;
                }
                Event::Resumed { .. } => {
                    let resume = engine::Command::Unsuspend { item: key.clone() };
                    at_work.decision = self.net(before, resume)?;
                }
                Event::Skipped { .. } => {
                    at_work.decision =
                        self.net(before, engine::Command::Skip { item: key.clone() })?;
                }
                Event::Returned { .. } => {
                    if let Some(decision) = self.roll_back(before, key)? {
                        at_work.decision = decision;
                    }
                }
                Event::Reallocated { to, .. } => {
                    at_work.leased = self.hand_on(before, key, to)?;
                    at_work.epoch = at_work.leased.as_ref().map(|_| self.next_epoch());
                }
                // A start by the system for somebody else follows in a record of its own.
                Event::Started { .. }
                | Event::Received { .. }
                | Event::Unoffered { .. }
                | Event::Offered { .. }
                | Event::Allocated { .. }
                | Event::Deallocated { .. }
                | Event::Delegated { .. }
                | Event::Chained { .. }
                | Event::Unchained { .. }
                | Event::Renamed { .. }
                | Event::Completed { .. }
                | Event::Withdrawn { .. }
                | Event::CaseClosed { .. } => {}
            }
        }
        let answer = if given.events.is_empty() { held(before, key) } else { Answered::Done };
        Ok((at_work, answer, Given::default()))
    }

    /// The net's word on it. What is executing goes back to be offered; what waits stays as it is.
    pub(super) fn roll_back(
        &self,
        before: &Entry,
        key: &ItemKey,
    ) -> Result<Option<Decision>, Rejected> {
        let status = before.item(key).map(|item| item.status);
        match status {
            Some(ItemStatus::Executing) => {
                self.net(before, engine::Command::Rollback { item: key.clone() }).map(Some)
            }
            Some(ItemStatus::Suspended) => {
                let Body::Hot(state) = &before.body else { unreachable!("the entry was heated") };
                let resume = engine::Command::Unsuspend { item: key.clone() };
                let resumed = self.net(before, resume)?;
                let (program, inputs) = (&before.loaded.program, self.inputs());
                let back = engine::Command::Rollback { item: key.clone() };
                let mut back =
                    guard(&state.id, || engine::decide(program, &resumed.case, back, inputs))??;
                back.events.splice(0..0, resumed.events);
                Ok(Some(back))
            }
            Some(
                ItemStatus::Enabled
                | ItemStatus::Fired
                | ItemStatus::Complete
                | ItemStatus::IsParent
                | ItemStatus::Deadlocked
                | ItemStatus::ForcedComplete
                | ItemStatus::Failed,
            )
            | None => Ok(None),
        }
    }

    fn net(&self, before: &Entry, command: engine::Command) -> Result<Decision, Rejected> {
        let Body::Hot(state) = &before.body else { unreachable!("the entry was heated") };
        let (program, inputs) = (&before.loaded.program, self.inputs());
        Ok(guard(&state.id, || engine::decide(program, state, command, inputs))??)
    }

    /// An agent holds a started item under a lease, a person without one.
    fn hand_on(
        &self,
        before: &Entry,
        key: &ItemKey,
        to: &ParticipantId,
    ) -> Result<Option<lease::Event<ItemKey>>, Rejected> {
        let Body::Hot(state) = &before.body else { unreachable!("the entry was heated") };
        let (item, epoch) = (key.clone(), self.next_epoch());
        let held = before.leases().get(key).and_then(|lease| match &lease.standing {
            lease::Standing::Held { holder, .. } => Some((holder.clone(), lease.epoch)),
            lease::Standing::Free
            | lease::Standing::Resting { .. }
            | lease::Standing::DeadLetter => None,
        });
        let command = match (self.with_ground(|_, ground| ground.works_as_agent(to)), held) {
            (Some(to), Some((from, present))) => {
                lease::Command::HandOff { item, from, epoch: present, to, next: epoch }
            }
            (Some(holder), None) => {
                let term_ms = lease::TERM_MS_DEFAULT;
                lease::Command::Claim { item, holder, term_ms, epoch }
            }
            (None, Some(_)) => lease::Command::Forget { item },
            (None, None) => return Ok(None),
        };
        self.decide_lease(&state.id, before, command)
    }
}

/// A start is answered with the item that executes now.
fn taken(before: &Entry, at_work: &AtWork) -> Answered {
    let engine::Answer::Started { item, data } = &at_work.decision.answer else {
        unreachable!("a start is answered with the item")
    };
    let item = before.loaded.program.item_id(&at_work.decision.case, item);
    Answered::Taken { item, data: data.clone(), epoch: at_work.epoch }
}

/// A repeated start is answered with what there is.
fn held(before: &Entry, key: &ItemKey) -> Answered {
    let Body::Hot(state) = &before.body else { return Answered::Done };
    let program = &before.loaded.program;
    let executes = before.item(key).is_some_and(|item| item.status == ItemStatus::Executing);
    let data = view::item(program, state, key).and_then(|item| item.data);
    match data.filter(|_| executes) {
        Some(data) => Answered::Taken {
            item: program.item_id(state, key),
            data,
            epoch: before.leases().get(key).map(|lease| lease.epoch),
        },
        None => Answered::Done,
    }
}

/// Whether the item was given back and started for another one by the rule of distribution.
fn is_handed_on(events: &[Event]) -> bool {
    events.iter().any(|event| matches!(event, Event::Deallocated { .. } | Event::Returned { .. }))
}

fn command(action: Action, item: ItemId) -> Command {
    match action {
        Action::Accept { by } => Command::AcceptOffer { item, by },
        Action::Start { by } => Command::Start { item, by },
        Action::Deallocate { by } => Command::Deallocate { item, by },
        Action::Delegate { by, to } => Command::Delegate { item, by, to },
        Action::ReallocateStateless { by, to } => {
            Command::Reallocate { item, by, to, how: Reallocation::Stateless }
        }
        Action::ReallocateStateful { by, to } => {
            Command::Reallocate { item, by, to, how: Reallocation::Stateful }
        }
        Action::Suspend { by } => Command::Suspend { item, by },
        Action::Resume { by } => Command::Resume { item, by },
        Action::Skip { by } => Command::Skip { item, by },
        Action::Pile { by } => Command::Pile { item, by },
        Action::Chain { by } => Command::Chain { item, by },
        Action::Offer { to } => Command::Offer { item, to },
        Action::Allocate { to } => Command::Allocate { item, to },
        Action::StartFor { to } => Command::StartFor { item, to },
        Action::Redistribute => Command::Redistribute { item },
    }
}
