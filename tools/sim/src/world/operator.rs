//! Who brings the work, and who looks after it: launches, dead letters, suspended cases, agents in quarantine.

use agents::{AgentId, registry::Command};

use super::{Happening, OPERATOR_EVERY_MS, World};
use crate::{
    cases::Place,
    message::{Address, Command as ItemCommand, Request},
};

/// Most items of one case.
const CASE_ITEMS_MAX: u64 = 3;

impl World {
    /// The operator's next command.
    pub(super) fn order(&mut self) -> Address {
        self.next_order += 1;
        Address { client: None, life: 0, number: self.next_order }
    }

    pub(super) fn on_launch(&mut self) {
        let mean_ms = self.plan.launch_every_ms;
        let next_ms = self.chance.between(1, 2 * mean_ms);
        self.schedule.after(next_ms, Happening::Launch);
        if !self.calm && self.schedule.now() >= self.drought_until {
            self.launch();
        }
    }

    pub(super) fn launch(&mut self) {
        let case = self.next_case;
        self.next_case += 1;
        let items = 1 + self.chance.below(CASE_ITEMS_MAX);
        // Only what somebody can do: a drought of agents is not looked at here.
        let offered: Vec<_> =
            self.clients.iter().flat_map(|client| client.capabilities.clone()).collect();
        let items = (0..items).map(|_| offered[self.chance.place(offered.len())].clone()).collect();
        let specification =
            u32::try_from(self.chance.below(u64::from(self.plan.specifications))).unwrap_or(0);
        let command = ItemCommand::Launch { specification, items };
        self.ledger.count("cases launched");
        self.operate(Place { case, item: 0 }, command);
    }

    fn operate(&mut self, place: Place, command: ItemCommand) {
        let address = self.order();
        self.send(address, Request::Command { place, command });
    }

    fn manage(&mut self, command: Command) {
        let address = self.order();
        self.send(address, Request::Registry(command));
    }

    /// Looks for what needs an operator.
    pub(super) fn on_operator(&mut self) {
        self.schedule.after(OPERATOR_EVERY_MS, Happening::Operator);
        let dead: Vec<Place> = self.places_where(|case, item| {
            let lease = case.leases.get(&item);
            lease.is_some_and(|lease| lease.standing == agents::lease::Standing::DeadLetter)
        });
        for place in dead {
            if self.calm || self.chance.percent(30) {
                self.operate(place, ItemCommand::Revive);
            }
        }
        for place in self.places_where(|case, _| case.suspended) {
            if self.calm || self.chance.percent(30) {
                self.operate(place, ItemCommand::Resume);
            }
        }
        let Some(process) = &self.node.process else { return };
        let quarantined = process.desk.registry.state().quarantined();
        let agents: Vec<AgentId> = quarantined.map(|(id, _)| id.clone()).collect();
        if !agents.is_empty() && (self.calm || self.chance.percent(30)) {
            self.manage(Command::Release { agents });
        }
    }

    /// The operator takes a hand in the work, for better or worse.
    pub(super) fn meddle(&mut self) {
        let places = self.places_where(|_, _| true);
        if places.is_empty() {
            return;
        }
        let place = places[self.chance.place(places.len())];
        let number = self.chance.place(self.clients.len());
        let agents = vec![self.clients[number].names[0].clone()];
        match self.chance.below(5) {
            0 => {
                self.ledger.count("items cancelled");
                self.operate(place, ItemCommand::Cancel);
            }
            1 | 2 => {
                self.ledger.count("cases suspended");
                self.operate(place, ItemCommand::Suspend);
            }
            3 => {
                self.ledger.count("agents in quarantine");
                let reason = "the operator does not trust it".parse().unwrap_or_default();
                self.manage(Command::Quarantine { agents, reason });
            }
            _ => {
                self.ledger.count("agents drained by the operator");
                self.manage(Command::Drain { agents });
            }
        }
    }

    fn places_where(&self, wanted: impl Fn(&crate::cases::Case, u8) -> bool) -> Vec<Place> {
        let partitions = self.node.process.iter().flat_map(|process| &process.partitions);
        let cases = partitions.flat_map(|partition| &partition.cases.open);
        let places = cases.flat_map(|(number, case)| {
            let items = case.items.keys().filter(|item| wanted(case, **item));
            items.map(|item| Place { case: *number, item: *item })
        });
        places.collect()
    }
}

/// What a measured drought needs.
impl World {
    /// Nobody waits at the desk: everybody asks, and comes back when it is told to.
    pub(crate) fn only_polls(&mut self) {
        for client in &mut self.clients {
            client.temper.polls = 100;
            client.temper.items_max = 1;
            (client.temper.errs, client.temper.returns, client.temper.is_slow) = (0, 0, 0);
        }
    }

    pub(crate) fn dry_until(&mut self, ms: u64) {
        self.drought_until = ms;
    }

    pub(crate) fn agents(&self) -> u64 {
        self.clients.iter().map(|client| client.names.len() as u64).sum()
    }
}
