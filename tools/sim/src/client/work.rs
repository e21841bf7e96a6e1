//! Claiming, working, bringing results.

use agents::{
    Epoch,
    registry::{Incarnation, Who},
};

use super::{Act, Around, Asked, Client, Intent, What, plan_keep};
use crate::{
    cases::Place,
    message::{Claim, Command, Renewal, Request},
};

/// An agent with so many items claims no more.
const HELD_MAX: usize = 6;

impl Client {
    pub(super) fn claim(&mut self, agent: usize, planned: u64, around: &mut Around<'_>) {
        let polls = around.chance.percent(self.temper.polls);
        let temper = self.temper;
        let Some(up) = &mut self.up else { return };
        let me = &mut up.agents[agent];
        if me.is_claiming || up.leaving || me.planned != planned {
            return;
        }
        if me.held.len() >= HELD_MAX {
            return self.plan_claim(agent, 2_000, around);
        }
        // Whoever is not registered is told when it is.
        let Some(epoch) = me.epoch else { return };
        me.is_claiming = true;
        let who = Who::Id(self.names[agent].clone());
        let wait_ms = if polls { 0 } else { around.chance.spread(1_000, 60_000) };
        let (low, high) = around.plan.term_ms;
        let claim = Claim {
            agent: Incarnation { who, epoch },
            capabilities: self.capabilities.clone(),
            items_max: 1 + around.chance.place(temper.items_max),
            wait_ms,
            term_ms: around.chance.between(low, high),
        };
        around.acts.push(Act::Count("claims"));
        self.ask(What::Claim(agent), Request::Claim(claim), around);
    }

    /// It has been given an item and works on it.
    pub(super) fn work(&self, agent: usize, place: Place, epoch: Epoch, around: &mut Around<'_>) {
        let work_ms = around.chance.spread(10, around.plan.work_ms_max);
        let is_slow = self.up.as_ref().and_then(|up| up.agents[agent].held.get(&place));
        let longer_ms = match is_slow {
            Some(held) if !held.is_renewed => held.term_ms + around.chance.below(20_000),
            Some(_) | None => 0,
        };
        self.plan(Intent::Finish(agent, place, epoch), work_ms + longer_ms, around);
    }

    /// Renews the leases of what it holds, by partition.
    pub(super) fn keep(&mut self, around: &mut Around<'_>) {
        self.plan(Intent::Keep, plan_keep(around.plan), around);
        let partitions = around.plan.partitions;
        let Some(up) = &self.up else { return };
        let mut by_partition: Vec<Vec<Renewal>> = vec![Vec::new(); partitions];
        for (place, held) in up.agents.iter().flat_map(|agent| &agent.held) {
            if held.is_renewed {
                let renewal = Renewal { place: *place, epoch: held.epoch, term_ms: held.term_ms };
                by_partition[crate::world::partition_of(*place, partitions)].push(renewal);
            }
        }
        for renewals in by_partition.into_iter().filter(|renewals| !renewals.is_empty()) {
            self.ask(What::Keep, Request::Renew(renewals), around);
        }
    }

    /// The work is done, well or badly, or somebody else is to do it.
    pub(super) fn finish(
        &mut self,
        agent: usize,
        (place, epoch): (Place, Epoch),
        around: &mut Around<'_>,
    ) {
        let Some(up) = &self.up else { return };
        if up.agents[agent].held.get(&place).is_none_or(|held| held.epoch != epoch) {
            return;
        }
        let from = self.names[agent].clone();
        let temper = self.temper;
        let chance = &mut *around.chance;
        let command = if around.calm {
            Command::Complete { epoch, by: from }
        } else if chance.percent(temper.errs) {
            Command::Fail { epoch }
        } else if chance.percent(temper.returns) {
            Command::Return { epoch }
        } else if self.names.len() > 1 && chance.percent(temper.hands_on) {
            let to = self.names[(agent + 1) % self.names.len()].clone();
            Command::HandOff { from, epoch, to }
        } else {
            Command::Complete { epoch, by: from }
        };
        self.ask(What::Work(agent, place), Request::Command { place, command }, around);
    }

    /// A question was not answered in time: what changes something is asked again in the same words.
    pub(super) fn give_up(&mut self, number: u64, around: &mut Around<'_>) {
        let address = self.address(number);
        let Some(up) = &mut self.up else { return };
        let Some(asked) = up.asked.get(&number) else { return };
        let Asked { what, request } = asked.clone();
        around.acts.push(Act::Count("questions without an answer"));
        match what {
            What::Work(..) => {
                around.acts.push(Act::Send(address, request));
                return self.plan(Intent::GiveUp(number), super::PATIENCE_MS, around);
            }
            What::Leave => {
                around.acts.push(Act::End);
                return;
            }
            What::Open | What::Register | What::Beat | What::Claim(_) | What::Keep => {}
        }
        up.asked.remove(&number);
        around.acts.push(Act::HangUp(address));
        match what {
            What::Open | What::Register => self.plan(Intent::Begin, 1_000, around),
            What::Claim(agent) => {
                up.agents[agent].is_claiming = false;
                self.plan_claim(agent, 500, around);
            }
            What::Beat | What::Keep | What::Work(..) | What::Leave => {}
        }
    }
}
