//! What travels: between clients and node over the network, within the node, and to its disks.

use agents::registry::{Command, Incarnation, Who};

use super::{Happening, World, partition_of};
use crate::{
    desk::{self, LOOK_MS, Message, Out},
    message::{Address, Claim, Claimed, Command as ItemCommand, Request, Response},
    partition::{self, Job, Told},
};

/// How long a sync takes.
const SYNC_MS: (u64, u64) = (1, 30);

impl World {
    /// A message sets out for the node.
    pub(super) fn send(&mut self, address: Address, request: Request) {
        self.tell(|| format!("{address:?} asks {request:?}"));
        if let Request::Claim(Claim { agent: Incarnation { who: Who::Id(id), .. }, .. }) = &request
        {
            let first = (0, self.schedule.now());
            self.claimed.entry(id.clone()).or_insert(first).0 += 1;
        }
        for _ in 0..self.copies(address) {
            let delay_ms = self.delay();
            self.schedule.after(delay_ms, Happening::Arrived(address, request.clone()));
        }
    }

    /// An answer sets out for a client.
    fn reply(&mut self, to: Address, response: &Response) {
        self.tell(|| format!("{to:?} is told {response:?}"));
        for _ in 0..self.copies(to) {
            let delay_ms = self.delay();
            self.schedule.after(delay_ms, Happening::Answered(to, response.clone()));
        }
    }

    /// A client closes the connection of a question. The node hears of it if it can be reached.
    pub(super) fn hang_up(&mut self, address: Address) {
        if self.copies(address) > 0 {
            let delay_ms = self.delay();
            self.schedule.after(delay_ms, Happening::HungUp(address));
        }
    }

    /// All connections of a client's process close.
    pub(super) fn hang_up_all(&mut self, number: usize, life: u64) {
        let all = Address { client: Some(number), life, number: u64::MAX };
        self.hang_up(all);
    }

    /// How many copies of a message arrive.
    fn copies(&mut self, address: Address) -> u32 {
        let Some(number) = address.client else { return 1 };
        let network = self.plan.network;
        if self.clients[number].cut_until > self.schedule.now() {
            self.ledger.count("messages cut off");
            return 0;
        }
        if self.calm {
            return 1;
        }
        if self.chance.percent(network.lost_percent) {
            self.ledger.count("messages lost");
            return 0;
        }
        if self.chance.percent(network.twice_percent) {
            self.ledger.count("messages doubled");
            return 2;
        }
        1
    }

    fn delay(&mut self) -> u64 {
        self.chance.spread(1, self.plan.network.delay_ms_max)
    }

    pub(super) fn on_arrived(&mut self, to: Address, request: Request) {
        if self.node.process.is_none() {
            return;
        }
        let heard = request.clone();
        let partitions = self.plan.partitions;
        let (place, has_room) = match request {
            Request::Registry(command) => {
                (partitions, self.submit_to_desk(Message::Registry { to, command }))
            }
            Request::Claim(claim) => {
                (partitions, self.submit_to_desk(Message::Claim { to, claim }))
            }
            Request::Renew(renewals) => {
                let first = renewals.first().map(|renewal| renewal.place);
                let Some(place) = first else { return };
                self.submit_to_partition(place, Job::Renew { to, renewals })
            }
            Request::Command { place, command } => {
                self.submit_to_partition(place, Job::Command { to, place, command })
            }
        };
        if has_room {
            self.hear(&heard);
            self.wake(place, self.schedule.now());
        } else {
            self.ledger.count("requests turned away");
            self.reply(to, &Response::Busy);
        }
    }

    /// The ledger hears what the node has taken in. Whom it turns away it has promised nothing.
    fn hear(&mut self, request: &Request) {
        let Some(process) = &self.node.process else { return };
        let state = process.desk.registry.state();
        let ledger = &mut self.ledger;
        let mut agent = |whom: &Incarnation| {
            if let Who::Id(id) = &whom.who {
                ledger.heard_of_agent(id, whom.epoch);
            }
        };
        match request {
            Request::Registry(Command::Renew { agents }) => agents.iter().for_each(agent),
            Request::Registry(Command::RenewSessions { sessions }) => {
                for slot in sessions.iter().flat_map(|session| state.members(*session)) {
                    if let Some(found) = state.agent(slot) {
                        let who = Who::Id(found.id().clone());
                        agent(&Incarnation { who, epoch: found.epoch() });
                    }
                }
            }
            Request::Renew(renewals) => {
                for renewal in renewals {
                    ledger.heard_of_lease(renewal.place, renewal.epoch);
                }
            }
            Request::Registry(_) | Request::Claim(_) | Request::Command { .. } => {}
        }
    }

    fn submit_to_desk(&mut self, message: Message) -> bool {
        self.node.process.as_mut().is_some_and(|process| process.desk.submit(message))
    }

    fn submit_to_partition(&mut self, place: crate::cases::Place, job: Job) -> (usize, bool) {
        let (number, now) = (partition_of(place, self.plan.partitions), self.schedule.now());
        let process = self.node.process.as_mut();
        (number, process.is_some_and(|process| process.partitions[number].submit(job, now)))
    }

    pub(super) fn on_hung_up(&mut self, address: Address) {
        if let Some(process) = &mut self.node.process {
            process.desk.closed(address);
        }
    }

    /// Has a partition or the desk take its turn then, unless it has one before.
    pub(super) fn wake(&mut self, place: usize, at: u64) {
        let Some(process) = &mut self.node.process else { return };
        let at = at.max(process.paused_until);
        if process.turns[place].is_none_or(|turn| at < turn) {
            process.turns[place] = Some(at);
            self.schedule.at(at, Happening::Turn { run: self.node.run, place });
        }
    }

    pub(super) fn on_turn(&mut self, run: u64, place: usize) {
        let now = self.schedule.now();
        let Some(process) = self.node.process.as_mut().filter(|_| self.node.run == run) else {
            return;
        };
        if process.turns[place] != Some(now) {
            return;
        }
        process.turns[place] = None;
        if process.paused_until > now {
            return self.wake(place, now);
        }
        if place == self.plan.partitions { self.desk_turn() } else { self.partition_turn(place) }
    }

    fn partition_turn(&mut self, number: usize) {
        let (now, desk) = (self.schedule.now(), self.plan.partitions);
        let wall_ms = self.node.wall_ms(now);
        let Some(process) = &mut self.node.process else { return };
        let (moment, retry) = (process.moment(now), self.plan.retry);
        let (board, ledger) = (&mut process.board, &mut self.ledger);
        let mut around = partition::Around { now: moment, wall_ms, retry, board, ledger };
        process.partitions[number].turn(&mut around);
        let look = process.partitions[number].next_look().map(|look| process.true_ms(look));
        let records = process.partitions[number].take_batch();
        let has_fresh = process.board.has_fresh();
        if let Some(records) = records {
            self.node.logs[number].write(records);
            self.sync_later(number);
        }
        if let Some(look) = look {
            self.wake(number, look.max(now + 1));
        }
        if has_fresh {
            self.wake(desk, now);
        }
    }

    fn desk_turn(&mut self) {
        let (now, place) = (self.schedule.now(), self.plan.partitions);
        let Some(process) = &mut self.node.process else { return };
        let moment = process.moment(now);
        let full = process.partitions.iter().map(|partition| partition.full_until > now);
        process.board.full = full.collect();
        let (board, ledger, chance) = (&mut process.board, &mut self.ledger, &mut self.chance);
        let mut around = desk::Around { now: moment, board, ledger, chance };
        let outs = process.desk.turn(&mut around);
        let events = process.desk.take_batch();
        if let Some(events) = events {
            self.node.agents.write(events);
            self.sync_later(place);
        }
        outs.into_iter().for_each(|out| self.carry_out(out));
        self.wake(place, now + LOOK_MS);
    }

    fn carry_out(&mut self, out: Out) {
        match out {
            Out::Reply { to, response } => self.reply(to, &response),
            Out::GiveBack(items) => self.give_back(items),
            Out::Ask { partition, job } => {
                let (now, ticket) = (self.schedule.now(), job.ticket);
                let Some(process) = &mut self.node.process else { return };
                if process.partitions[partition].submit(Job::Claim(job), now) {
                    return self.wake(partition, now);
                }
                self.ledger.count("asks turned away");
                process.desk.answered(ticket, None);
                self.wake(self.plan.partitions, now);
            }
        }
    }

    /// Where the partition has no room the lease ends by itself.
    fn give_back(&mut self, items: Vec<Claimed>) {
        for Claimed { place, epoch, .. } in items {
            let command = ItemCommand::Return { epoch };
            let to = self.order();
            let (number, _) = self.submit_to_partition(place, Job::Command { to, place, command });
            self.wake(number, self.schedule.now());
        }
    }

    fn sync_later(&mut self, place: usize) {
        let (low, high) = SYNC_MS;
        let after_ms = self.chance.between(low, high);
        self.schedule.after(after_ms, Happening::Synced { run: self.node.run, place });
        if std::mem::take(&mut self.crash_at_write) {
            let crash_ms = self.chance.below(after_ms);
            self.schedule.after(crash_ms, Happening::NodeCrashes);
        }
    }

    pub(super) fn on_synced(&mut self, run: u64, place: usize) {
        let now = self.schedule.now();
        let Some(process) = self.node.process.as_mut().filter(|_| self.node.run == run) else {
            return;
        };
        if process.paused_until > now {
            return self.schedule.at(process.paused_until, Happening::Synced { run, place });
        }
        if place == self.plan.partitions {
            let replies = process.desk.on_written();
            self.node.agents_synced(&self.plan);
            replies.iter().for_each(|(to, response)| self.reply(*to, response));
            return self.wake(place, now);
        }
        let told = process.partitions[place].writing.take().unwrap_or_default();
        let stored = self.node.logs[place].synced();
        for record in &self.node.logs[place].records()[stored] {
            self.ledger.stored(place, record);
            if let (Some(_), Some(crate::cases::Net::Completed(item))) =
                (&record.result, &record.net)
            {
                let place = crate::cases::Place { case: record.case, item: *item };
                self.ledger.acknowledged(place);
            }
        }
        told.into_iter().for_each(|told| self.told(told));
        self.wake(place, now);
    }

    fn told(&mut self, told: Told) {
        match told {
            Told::Reply { to, response } => self.reply(to, &response),
            Told::Claimed { ticket, items } => {
                if let Some(process) = &mut self.node.process {
                    process.desk.answered(ticket, Some(items));
                }
                self.wake(self.plan.partitions, self.schedule.now());
            }
        }
    }
}
