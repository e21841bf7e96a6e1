//! The pacer: a thread that hands each moment of the plan over when it is due. A thread of its own, because the timers of
//! the runtime are a millisecond coarse, and because nothing else may make it late.

use std::{
    cmp::Reverse,
    collections::BinaryHeap,
    sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel},
    thread,
};

use tokio::{sync::mpsc, time::Instant};

use crate::Error;

/// Moments that wait to be taken, and to be planned. A swarm that is so far behind is late, and the report says so.
const WAITING_MAX: usize = 65_536;

/// Something that is due: when, in which order, and what.
struct Due<T> {
    at: Instant,
    order: u64,
    what: T,
}

/// Where further moments are planned.
pub(crate) struct Pacer<T> {
    plan: SyncSender<(Instant, T)>,
}

impl<T: Send + 'static> Pacer<T> {
    /// Begins with these moments, which are in order. The receiver gets them when they are due.
    pub(crate) fn start(
        moments: impl Iterator<Item = (Instant, T)> + Send + 'static,
    ) -> Result<(Self, mpsc::Receiver<(Instant, T)>), Error> {
        let (plan, planned) = sync_channel(WAITING_MAX);
        let (due, receiver) = mpsc::channel(WAITING_MAX);
        // It ends when the receiver is gone.
        thread::Builder::new()
            .name("pacer".to_owned())
            .spawn(move || pace(moments, &planned, &due))
            .map_err(Error::Thread)?;
        Ok((Self { plan }, receiver))
    }

    /// Plans one more. False if the pacer cannot take it.
    pub(crate) fn plan(&self, at: Instant, what: T) -> bool {
        self.plan.try_send((at, what)).is_ok()
    }
}

fn pace<T>(
    moments: impl Iterator<Item = (Instant, T)>,
    planned: &Receiver<(Instant, T)>,
    due: &mpsc::Sender<(Instant, T)>,
) {
    let mut moments = moments.peekable();
    let mut later: BinaryHeap<Reverse<Due<T>>> = BinaryHeap::new();
    let mut order = 0;
    loop {
        let first = moments.peek().map(|(at, _)| *at);
        let second = later.peek().map(|Reverse(due)| due.at);
        let next = [first, second].into_iter().flatten().min();
        let now = Instant::now();
        if let Some(at) = next.filter(|at| *at <= now) {
            let taken = match first == Some(at) {
                true => moments.next(),
                false => later.pop().map(|Reverse(due)| (due.at, due.what)),
            };
            let Some(taken) = taken else { continue };
            if due.blocking_send(taken).is_err() {
                return;
            }
            continue;
        }
        let wait = next.map_or(std::time::Duration::from_secs(1), |at| at - now);
        match planned.recv_timeout(wait) {
            Ok((at, what)) => {
                order += 1;
                later.push(Reverse(Due { at, order, what }));
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return,
        }
    }
}

impl<T> PartialEq for Due<T> {
    fn eq(&self, other: &Self) -> bool {
        (self.at, self.order) == (other.at, other.order)
    }
}

impl<T> Eq for Due<T> {}

impl<T> PartialOrd for Due<T> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl<T> Ord for Due<T> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.at, self.order).cmp(&(other.at, other.order))
    }
}
