//! The node as a process on a machine: partitions, desk, disks, clocks. It may stop, pause, and start again.

use std::collections::BTreeSet;

use agents::{Moment, registry, registry::State};

use crate::{
    board::Board,
    cases::{Cases, Place, Record},
    chance::Chance,
    desk::{self, DeskTask, Snapshot},
    ledger::Ledger,
    log::{LastBatch, Log},
    partition::{self, Partition},
    plan::Plan,
};

/// Where the wall clock stands when the world begins.
const EPOCH_MS: i64 = 1_700_000_000_000;

/// A machine with its disks, and the process that may run on it.
#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) logs: Vec<Log<Record>>,
    pub(crate) agents: Log<registry::Event>,
    snapshot: Option<Snapshot>,
    /// How far the wall clock runs ahead of the truth.
    pub(crate) wall_ahead_ms: i64,
    /// Processes so far.
    pub(crate) run: u64,
    pub(crate) process: Option<Process>,
}

/// A running process.
#[derive(Debug)]
pub(crate) struct Process {
    began: u64,
    began_at: Moment,
    pub(crate) paused_until: u64,
    pub(crate) board: Board,
    pub(crate) partitions: Vec<Partition>,
    pub(crate) desk: DeskTask,
    /// When each of the partitions, and last the desk, has its next turn.
    pub(crate) turns: Vec<Option<u64>>,
}

impl Node {
    pub(crate) fn new(plan: &Plan) -> Self {
        Self {
            logs: (0..plan.partitions).map(|_| Log::new()).collect(),
            agents: Log::new(),
            snapshot: None,
            wall_ahead_ms: 0,
            run: 0,
            process: None,
        }
    }

    pub(crate) fn wall_ms(&self, now: u64) -> i64 {
        EPOCH_MS + i64::try_from(now).unwrap_or(i64::MAX) + self.wall_ahead_ms
    }

    /// Starts a process on what the disks hold.
    pub(crate) fn start(
        &mut self,
        plan: &Plan,
        now: u64,
        (ledger, chance): (&mut Ledger, &mut Chance),
    ) {
        self.run += 1;
        let recovered: Vec<(Cases, u64)> = self.logs.iter().map(replay).collect();
        let open: BTreeSet<Place> = recovered.iter().flat_map(|(cases, _)| places(cases)).collect();
        ledger.recovered(&open);
        let state = match self.recover_agents(plan) {
            Ok(state) => state,
            Err(damaged) => return ledger.broken(format!("the snapshot is damaged: {damaged}")),
        };
        let wall_ms = self.wall_ms(now);
        let began_at = Self::first_moment(wall_ms, &state);
        let mut board = Board::new(plan.partitions);
        let mut partitions = Vec::new();
        for (number, found) in recovered.into_iter().enumerate() {
            let board = &mut board;
            let retry = plan.retry;
            let mut around = partition::Around { now: began_at, wall_ms, retry, board, ledger };
            partitions.push(Partition::resume(number, found, &mut around));
        }
        let mut around = desk::Around { now: began_at, board: &mut board, ledger, chance };
        let desk = DeskTask::resume(state, plan.rules, &mut around);
        let turns = vec![None; plan.partitions + 1];
        let paused_until = 0;
        let process =
            Process { began: now, began_at, paused_until, board, partitions, desk, turns };
        self.process = Some(process);
    }

    /// The process is gone, and with it what was not synced.
    pub(crate) fn crash(&mut self, ledger: &mut Ledger, chance: &mut Chance) {
        if self.process.take().is_none() {
            return;
        }
        for (partition, log) in self.logs.iter_mut().enumerate() {
            let before = log.records().len();
            count(log.crash(chance), ledger);
            for record in &log.records()[before..] {
                ledger.stored(partition, record);
            }
        }
        count(self.agents.crash(chance), ledger);
    }

    /// Events of the registry became durable.
    pub(crate) fn agents_synced(&mut self, plan: &Plan) {
        self.agents.synced();
        let snapshot = desk::snapshot(plan.settings, self.snapshot.as_ref(), self.agents.records());
        self.snapshot = snapshot.or_else(|| self.snapshot.take());
    }

    fn recover_agents(&self, plan: &Plan) -> Result<State, registry::Damaged> {
        desk::recover(plan.settings, self.snapshot.as_ref(), self.agents.records())
    }

    /// As `node::Clock` begins: at the wall clock, but not before what is stored.
    fn first_moment(wall_ms: i64, state: &State) -> Moment {
        Moment { ms: u64::try_from(wall_ms).unwrap_or_default() }.max(state.moment())
    }
}

impl Process {
    /// On a line of its own: what is done to the wall clock does not count.
    pub(crate) fn moment(&self, now: u64) -> Moment {
        self.began_at.after(now - self.began)
    }

    /// True time of a moment of this process.
    pub(crate) fn true_ms(&self, moment: Moment) -> u64 {
        self.began + moment.since(self.began_at)
    }
}

fn replay(log: &Log<Record>) -> (Cases, u64) {
    let mut cases = Cases::default();
    log.records().iter().for_each(|record| drop(cases.apply(record)));
    (cases, log.next())
}

fn places(cases: &Cases) -> impl Iterator<Item = Place> {
    cases
        .open
        .iter()
        .flat_map(|(case, state)| state.items.keys().map(|item| Place { case: *case, item: *item }))
}

fn count(last: LastBatch, ledger: &mut Ledger) {
    match last {
        LastBatch::None => {}
        LastBatch::Kept => ledger.count("last batches kept, nobody told"),
        LastBatch::Torn => ledger.count("last batches torn"),
    }
}
