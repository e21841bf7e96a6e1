//! How a node is set up. Every limit has its reason here.

use std::path::PathBuf;

use agents::{backoff::Backoff, breaker, lease::Retry, registry};

use crate::clock::Clock;

/// Partitions of a new directory. A directory keeps the number that it was made with.
pub const PARTITIONS_DEFAULT: usize = 2;
/// More than any machine has cores to decide on; each costs threads and a log.
pub const PARTITIONS_MAX: usize = 256;
/// Commands that may wait per partition. At 20 µs each the last one waits a sixth of a second.
pub const INBOX_MAX_DEFAULT: usize = 8192;
/// Records in one log write. Bounds the work done between two syncs.
pub const BATCH_MAX_DEFAULT: usize = 1024;
/// Cases whose state is kept in memory, over all partitions: some 1 GiB of four-task cases.
pub const HOT_CASES_MAX_DEFAULT: usize = 250_000;
/// Records between two snapshots of a partition: replaying so many takes about a second.
pub const SNAPSHOT_EVERY_RECORDS_DEFAULT: u64 = 200_000;
/// Launches or commands in one call. Bounds what one caller can queue at once.
pub const CALL_MAX: usize = 10_000;
/// Bytes of a specification file. It must fit into one record of the catalogue's log.
pub const SPECIFICATION_BYTES_MAX: usize = 6 * 1024 * 1024;
/// Specifications on one node, unloaded ones that old cases still need included.
pub const SPECIFICATIONS_MAX: usize = 10_000;
/// Entries of one page of a list.
pub const PAGE_MAX: usize = 1000;
/// Changes that a slow listener may be behind before it is told that it missed some.
pub const CHANGES_MAX: usize = 4096;

/// What a node needs to know to start.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where the logs live. `None`: in memory, gone with the node.
    pub directory: Option<PathBuf>,
    /// Owners of cases, each with a thread that decides and one that writes.
    pub partitions: usize,
    /// Commands that may wait per partition; more are refused with advice when to come back.
    pub inbox_max: usize,
    /// Records in one log write.
    pub batch_max: usize,
    /// Cases whose state is kept in memory. The least recently used ones go to the store.
    pub hot_cases_max: usize,
    /// Records between two snapshots of a partition.
    pub snapshot_every_records: u64,
    pub clock: Clock,
    /// Offset of the local time zone that time functions of queries show.
    pub offset_minutes: i16,
    /// Decides where the reference engine decides at random.
    pub seed: u64,
    /// How often an item that an agent gave up or lost is tried again.
    pub retry: Retry,
    /// How long agents live without being renewed, and how many there may be.
    pub agents: registry::Settings,
    /// How long an agent that found no work should stay away.
    pub backoff: Backoff,
    /// When claims that fail are not tried for a while.
    pub breaker: breaker::Rule,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            directory: None,
            partitions: PARTITIONS_DEFAULT,
            inbox_max: INBOX_MAX_DEFAULT,
            batch_max: BATCH_MAX_DEFAULT,
            hot_cases_max: HOT_CASES_MAX_DEFAULT,
            snapshot_every_records: SNAPSHOT_EVERY_RECORDS_DEFAULT,
            clock: Clock::system(),
            offset_minutes: 0,
            seed: 0,
            retry: Retry::default(),
            agents: registry::Settings::default(),
            backoff: Backoff::default(),
            breaker: breaker::Rule::default(),
        }
    }
}
