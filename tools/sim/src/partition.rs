//! A partition as `node::partition` runs it, with the real queues, leases and clocks, and items instead of nets.
//!
//! One turn does what has come in and puts it into a batch; answers leave when the batch is synced. What is
//! not synced when the process dies is gone with it.

mod leasing;
mod work;

use std::collections::VecDeque;

use agents::{
    AgentId, Capability, Epoch, Moment,
    lease::{self, Retry},
    waiters::Ticket,
};

use self::work::Work;
use crate::{
    board::Board,
    cases::{Case, Cases, Item, Net, Place, Record, Status},
    ledger::Ledger,
    message::{Address, Claimed, Command, Done, Refused, Renewal, Response},
};

/// Messages that wait at once; further ones are turned away.
const INBOX_MAX: usize = 256;

/// What a partition needs of the world for one turn.
pub(crate) struct Around<'a> {
    pub(crate) now: Moment,
    pub(crate) wall_ms: i64,
    pub(crate) retry: Retry,
    pub(crate) board: &'a mut Board,
    pub(crate) ledger: &'a mut Ledger,
}

/// What is asked of a partition.
#[derive(Clone, Debug)]
pub(crate) enum Job {
    Claim(ClaimJob),
    Renew { to: Address, renewals: Vec<Renewal> },
    Command { to: Address, place: Place, command: Command },
}

#[derive(Clone, Debug)]
pub(crate) struct ClaimJob {
    pub(crate) ticket: Ticket,
    pub(crate) holder: AgentId,
    pub(crate) capabilities: Vec<Capability>,
    pub(crate) items_max: usize,
    pub(crate) term_ms: u64,
}

/// What leaves when the batch is durable.
#[derive(Clone, Debug)]
pub(crate) enum Told {
    Claimed { ticket: Ticket, items: Vec<Claimed> },
    Reply { to: Address, response: Response },
}

/// What was decided between two writes.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    pub(crate) records: Vec<Record>,
    pub(crate) told: Vec<Told>,
}

#[derive(Debug)]
pub(crate) struct Partition {
    /// Ahead of the disk.
    pub(crate) cases: Cases,
    work: Work,
    /// Position of the next record.
    next: u64,
    inbox: VecDeque<Job>,
    batch: Batch,
    pub(crate) writing: Option<Vec<Told>>,
    /// It turns everything away until then: its inbox is full of what others sent.
    pub(crate) full_until: u64,
}

/// A command that net and leases agree to.
struct Decided {
    net: Option<Net>,
    lease: Option<lease::Event<u8>>,
    done: Done,
}

impl Partition {
    /// Takes over what was recovered.
    pub(crate) fn resume(
        number: usize,
        (cases, next): (Cases, u64),
        around: &mut Around<'_>,
    ) -> Self {
        let work = Work::resume(number, &cases, around);
        Self {
            cases,
            work,
            next,
            inbox: VecDeque::new(),
            batch: Batch::default(),
            writing: None,
            full_until: 0,
        }
    }

    /// Puts a job into the inbox; `false` if it is full.
    pub(crate) fn submit(&mut self, job: Job, now_ms: u64) -> bool {
        let has_room = self.inbox.len() < INBOX_MAX && now_ms >= self.full_until;
        if has_room {
            self.inbox.push_back(job);
        }
        has_room
    }

    /// Does what is due and what has come in.
    pub(crate) fn turn(&mut self, around: &mut Around<'_>) {
        self.lapse(around);
        self.work.tidy(&self.cases);
        while let Some(job) = self.inbox.pop_front() {
            self.on_job(job, around);
        }
        self.work.announce(around.board);
        self.check(around);
    }

    /// What is to be written next, if the disk is idle.
    pub(crate) fn take_batch(&mut self) -> Option<Vec<Record>> {
        let is_empty = self.batch.records.is_empty() && self.batch.told.is_empty();
        if self.writing.is_some() || is_empty {
            return None;
        }
        let Batch { records, told } = std::mem::take(&mut self.batch);
        self.writing = Some(told);
        Some(records)
    }

    /// When to look at the leases again.
    pub(crate) fn next_look(&self) -> Option<Moment> {
        self.work.next_look()
    }

    fn on_job(&mut self, job: Job, around: &mut Around<'_>) {
        let told = match job {
            Job::Claim(claim) => {
                Told::Claimed { ticket: claim.ticket, items: self.on_claim(&claim, around) }
            }
            Job::Renew { to, renewals } => {
                let renewed = renewals.iter().map(|renewal| self.on_renewal(renewal, around));
                let response = Response::Renewed(renewed.collect());
                Told::Reply { to, response }
            }
            Job::Command { to, place, command } => {
                let response = Response::Command(self.on_command(to, place, command, around));
                Told::Reply { to, response }
            }
        };
        self.batch.told.push(told);
    }

    fn on_command(
        &mut self,
        id: Address,
        place: Place,
        command: Command,
        around: &mut Around<'_>,
    ) -> Result<Done, Refused> {
        if let Some(done) = self.cases.repeated(id) {
            return Ok(done);
        }
        let result = match &command {
            Command::Complete { epoch, by } => Some((*epoch, by.clone())),
            Command::Launch { .. }
            | Command::Return { .. }
            | Command::Fail { .. }
            | Command::HandOff { .. }
            | Command::Revive
            | Command::Cancel
            | Command::Suspend
            | Command::Resume => None,
        };
        let Decided { net, lease, done } = self.decide(place, command, around)?;
        let leases = self.leases_of(place, net.as_ref(), lease);
        self.note_heir(place, done, around.ledger);
        let command = Some((id, done));
        self.record(Record { case: place.case, net, leases, command, result }, around);
        Ok(done)
    }

    /// Whoever is handed an item has it for the term that was agreed on.
    fn note_heir(&self, place: Place, done: Done, ledger: &mut Ledger) {
        let lease = self.cases.get(place.case).and_then(|case| case.leases.get(&place.item));
        if let (Done::HandedOff(epoch), Some(lease)) = (done, lease)
            && let lease::Standing::Held { term_ms, .. } = lease.standing
        {
            ledger.holds(place, epoch, term_ms);
        }
    }

    fn decide(
        &self,
        place: Place,
        command: Command,
        around: &Around<'_>,
    ) -> Result<Decided, Refused> {
        let item = place.item;
        if let Command::Launch { specification, items } = command {
            return Ok(launched(specification, items, around.wall_ms));
        }
        let case = self.cases.get(place.case).ok_or(Refused::Gone)?;
        let there = case.items.get(&item);
        let back = Net::RolledBack { item, at_ms: around.wall_ms };
        let (net, command) = match command {
            Command::Launch { .. } => unreachable!("it was decided above"),
            Command::Complete { epoch, .. } => (
                Some(Net::Completed(item)),
                Some(lease::Command::Finish { item, epoch: Some(epoch) }),
            ),
            Command::Return { epoch } => (Some(back), Some(lease::Command::Return { item, epoch })),
            Command::Fail { epoch } => (Some(back), Some(lease::Command::Fail { item, epoch })),
            Command::HandOff { from, epoch, to } => {
                let next = self.next_epoch();
                (None, Some(lease::Command::HandOff { item, from, epoch, to, next }))
            }
            Command::Revive => (None, Some(lease::Command::Revive { item })),
            Command::Cancel => (Some(Net::Cancelled(item)), None),
            Command::Suspend => (Some(Net::Suspended), None),
            Command::Resume => (Some(Net::Resumed), None),
        };
        let lease = match command {
            None => None,
            Some(command) => {
                there.ok_or(Refused::Gone)?;
                lease::decide(&case.leases, command, around.retry).map_err(refused)?
            }
        };
        let works = matches!(&net, Some(Net::Completed(_) | Net::RolledBack { .. }));
        if works && case.suspended {
            return Err(Refused::Suspended);
        }
        if works && there.is_none_or(|item| item.status != Status::Executing) {
            return Err(Refused::Other);
        }
        let done = match &lease {
            Some(lease::Event::HandedOff { epoch, .. }) => Done::HandedOff(*epoch),
            Some(_) | None => Done::Done,
        };
        Ok(Decided { net, lease, done })
    }

    /// What happens to the leases of a case, with those whose item is not what it was when it was leased.
    fn leases_of(
        &self,
        place: Place,
        net: Option<&Net>,
        lease: Option<lease::Event<u8>>,
    ) -> Vec<lease::Event<u8>> {
        let mut events = Vec::from_iter(lease);
        if let Some(case) = self.cases.get(place.case) {
            let mut after: Case = (**case).clone();
            after.step(net);
            events.iter().for_each(|event| after.leases.apply(event));
            let stands = |lease: &&lease::Lease<u8>| !after.still_stands(lease);
            let gone = after.leases.iter().filter(stands);
            events.extend(gone.map(|lease| lease::Event::Forgotten { item: lease.item }));
        }
        events
    }

    /// Puts a record into the batch and makes it the state to decide on next.
    fn record(&mut self, record: Record, around: &mut Around<'_>) {
        if record.net.is_none() && record.leases.is_empty() {
            return;
        }
        let (before, after) = self.cases.apply(&record);
        self.work.changed(record.case, (before.as_deref(), after.as_deref()), around);
        self.batch.records.push(record);
        self.next += 1;
    }

    /// The epoch for a holder whom the next record names: positions only grow, and no two records share one.
    fn next_epoch(&self) -> Epoch {
        Epoch(self.next + 1)
    }

    fn check(&self, around: &mut Around<'_>) {
        self.work.check(&self.cases, around);
    }
}

fn launched(specification: u32, items: Vec<Capability>, wall_ms: i64) -> Decided {
    let item = |capability| Item { capability, status: Status::Enabled, enabled_at_ms: wall_ms };
    let case = Case {
        specification,
        suspended: false,
        items: (0..).zip(items.into_iter().map(item)).collect(),
        leases: lease::Leases::new(),
    };
    Decided { net: Some(Net::Launched(case)), lease: None, done: Done::Done }
}

fn refused(refusal: lease::Refusal) -> Refused {
    match refusal {
        lease::Refusal::StaleEpoch { .. } | lease::Refusal::WrongHolder { .. } => Refused::Stale,
        lease::Refusal::Held { .. }
        | lease::Refusal::Resting { .. }
        | lease::Refusal::DeadLetter { .. }
        | lease::Refusal::NotDead
        | lease::Refusal::Term { .. } => Refused::Other,
    }
}
