//! What all threads of a node share. Holds no address of a partition, so that a partition ends when the last
//! handle is gone.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use agents::lease::Retry;
use tokio::sync::{broadcast, watch};

use crate::{
    api::{Change, Loaded},
    board::Board,
    catalogue::Catalogue,
    clock::Clock,
    config::{CHANGES_MAX, Config},
    rejected::{Fault, Rejected},
    streams::Streams,
    telemetry::Telemetry,
    worklists::Worklists,
};

/// Shared by handles and partitions.
pub(crate) struct Context {
    pub(crate) catalogue: Catalogue,
    pub(crate) clock: Clock,
    pub(crate) offset_minutes: i16,
    pub(crate) telemetry: Telemetry,
    pub(crate) changes: broadcast::Sender<Change>,
    pub(crate) board: Arc<Board>,
    pub(crate) streams: Streams,
    /// How often an item that came back without a result is tried again.
    pub(crate) retry: Retry,
    pub(crate) worklists: Worklists,
    /// The first fault that stopped a partition or the catalogue.
    failed: watch::Sender<Option<Fault>>,
    stopping: AtomicBool,
    crashed: AtomicBool,
}

impl Context {
    pub(crate) fn new(catalogue: Catalogue, config: &Config, telemetry: Telemetry) -> Arc<Self> {
        let board = Arc::new(Board::new(config.partitions));
        let context = Arc::new(Self {
            catalogue,
            clock: config.clock.clone(),
            offset_minutes: config.offset_minutes,
            telemetry,
            changes: broadcast::Sender::new(CHANGES_MAX),
            board,
            streams: Streams::default(),
            retry: config.retry,
            worklists: Worklists::new(config.partitions),
            failed: watch::Sender::new(None),
            stopping: AtomicBool::new(false),
            crashed: AtomicBool::new(false),
        });
        for loaded in context.catalogue.all() {
            context.expect_arbiters(Some(&loaded));
        }
        context
    }

    /// Has claims of the arbiters of this specification look for what they are asked by name.
    pub(crate) fn expect_arbiters(&self, loaded: Option<&Loaded>) {
        for arbiter in loaded.into_iter().flat_map(|loaded| loaded.reviews.arbiters()) {
            self.board.expect_by_name(&arbiter);
        }
    }

    /// Keeps the first fault and wakes whoever waits for one.
    pub(crate) fn fail(&self, fault: Fault) {
        self.failed.send_if_modified(|first| {
            let is_first = first.is_none();
            first.get_or_insert(fault);
            is_first
        });
    }

    /// Keeps the fault that an answer is about, if it stopped the catalogue.
    pub(crate) fn note(&self, rejected: &Rejected) {
        if let Rejected::Fault(fault @ Fault::Catalogue(source)) = rejected {
            tracing::error!(error = %source, "the catalogue has stopped");
            self.fail(fault.clone());
        }
    }

    pub(crate) fn fault(&self) -> Option<Fault> {
        self.failed.borrow().clone()
    }

    pub(crate) fn watch_faults(&self) -> watch::Receiver<Option<Fault>> {
        self.failed.subscribe()
    }

    /// No command is taken any more.
    pub(crate) fn stop(&self) {
        self.stopping.store(true, Ordering::SeqCst);
    }

    pub(crate) fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::SeqCst)
    }

    /// As if the process had been killed: nothing more is written or answered.
    pub(crate) fn crash(&self) {
        self.crashed.store(true, Ordering::SeqCst);
        self.stop();
    }

    pub(crate) fn is_crashed(&self) -> bool {
        self.crashed.load(Ordering::SeqCst)
    }
}
