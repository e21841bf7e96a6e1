//! Recovery of an embedded store: newest valid snapshot, tail, and how the log goes on.

use std::sync::Arc;

use crate::disk::{Directory, Lock};
use crate::frame::mismatch;
use crate::scan::{Found, Scan};
use crate::segment::{self, FIRST_BATCH, Segment};
use crate::shelf::{Shelf, check_end};
use crate::writer::{End, Writer};
use crate::{
    Cut, EachSnapshot, EachStored, Fault, Keep, Opened, Options, Position, Recovery, Report,
    Stored, batch, snapshot,
};

/// A store that is being opened.
pub(crate) struct Recovering {
    directory: Directory,
    options: Options,
    lock: Lock,
    /// Where each segment begins, ascending.
    firsts: Vec<Position>,
    /// The end of the log, once it is known.
    end: Option<Tail>,
    /// Snapshots that are damaged.
    rejected: Vec<Position>,
    report: Report,
}

/// How the log ends.
struct Tail {
    /// `None` in an empty log.
    active: Option<Segment>,
    offset: u64,
    /// Offset of the last whole batch, which ends at `offset`.
    last: u64,
}

impl Recovering {
    /// Takes the directory and looks at what is there.
    pub(crate) fn open(directory: Directory, options: Options) -> Result<Self, Fault> {
        let lock = directory.lock()?;
        let firsts = segment::list(&directory)?;
        let begins_later = firsts.first().is_some_and(|&first| first != Position(0));
        if begins_later && options.keep == Keep::All {
            return Err(first_is_missing(&directory, "later segments only"));
        }
        let (rejected, report) = (Vec::new(), Report::default());
        Ok(Self { directory, options, lock, firsts, end: None, rejected, report })
    }

    /// Reads the log from the segment that holds `from` to its end.
    fn scan(&mut self, from: Position, each: EachStored<'_>) -> Result<Tail, Fault> {
        if let Some(&first) = self.firsts.first().filter(|&&first| first > from) {
            let expected = format!("the records from position {from} on");
            let wrong = mismatch(expected, format!("later ones only, from {first} on"));
            let file = self.directory.path(&segment::name(first));
            return Err(wrong.at(&file, 0, Some(from)).into());
        }
        let mut tail = Tail { active: None, offset: FIRST_BATCH, last: FIRST_BATCH };
        let skipped = self.firsts.partition_point(|&first| first <= from).saturating_sub(1);
        for at in skipped..self.firsts.len() {
            let segment = Segment::open(&self.directory, self.firsts[at])?;
            let follower = self.firsts.get(at + 1).copied();
            let mut scan = Scan::new(&segment, follower.is_none());
            loop {
                match scan.step()? {
                    Found::Batch { offset, batch } => {
                        segment.note_batch(offset, batch);
                        self.visit(from, batch, each)?;
                        tail.last = offset;
                    }
                    Found::End => break,
                    Found::Torn { bytes } => {
                        let file = segment.file.path().to_owned();
                        self.report.cut = Some(Cut { file, offset: scan.offset(), bytes });
                        break;
                    }
                }
            }
            if let Some(follower) = follower {
                check_end(&scan, &segment, follower)?;
            }
            tail.offset = scan.offset();
            self.report.next = scan.next();
            tail.active = Some(segment);
        }
        self.check_reaches(from, &tail)?;
        Ok(tail)
    }

    /// Gives `each` the records of a whole batch from `from` on.
    fn visit(&mut self, from: Position, batch: &[u8], each: EachStored<'_>) -> Result<(), Fault> {
        for (_, frame) in batch::frames(batch).filter(|(_, frame)| frame.position >= from) {
            self.report.tail_records += 1;
            let (position, tag) = (frame.position, frame.tag);
            each(Stored { position, tag, bytes: frame.bytes.to_vec() })?;
        }
        Ok(())
    }

    /// A snapshot is written of durable records only: a log that ends before it has lost some.
    fn check_reaches(&self, from: Position, tail: &Tail) -> Result<(), Fault> {
        let next = self.report.next;
        if next >= from {
            return Ok(());
        }
        let Some(active) = &tail.active else {
            return Err(first_is_missing(&self.directory, "a snapshot only"));
        };
        let expected = format!("records up to position {from}, of which there is a snapshot");
        let wrong = mismatch(expected, "the end of the log");
        Err(wrong.at(active.file.path(), tail.offset, Some(next)).into())
    }
}

fn first_is_missing(directory: &Directory, found: &str) -> Fault {
    let name = directory.path(&segment::name(Position(0)));
    mismatch("the first segment", found).at(&name, 0, Some(Position(0))).into()
}

impl Recovery for Recovering {
    fn snapshot(&mut self, each: EachSnapshot<'_>) -> Result<Option<Position>, Fault> {
        for upto in snapshot::list(&self.directory)? {
            match snapshot::verify(&self.directory, upto) {
                Ok(()) => {
                    snapshot::read(&self.directory, upto, each)?;
                    self.report.snapshot = Some(upto);
                    break;
                }
                // The log is kept from the older snapshot on, or from its first record: one of them will do.
                Err(Fault::Corrupt(corruption)) => {
                    self.rejected.push(upto);
                    self.report.snapshots_rejected.push(corruption.to_string());
                }
                Err(fault) => return Err(fault),
            }
        }
        Ok(self.report.snapshot)
    }

    fn tail(&mut self, each: EachStored<'_>) -> Result<(), Fault> {
        self.report.tail_records = 0;
        let from = self.report.snapshot.unwrap_or_default();
        self.end = Some(self.scan(from, each)?);
        Ok(())
    }

    fn into_log(mut self: Box<Self>) -> Result<Opened, Fault> {
        if self.end.is_none() {
            self.tail(&mut |_| Ok(()))?;
        }
        let Self { directory, options, lock, firsts, end, rejected, report } = *self;
        let Tail { active, offset, last } = end.expect("`tail` has set it");
        if let Some(active) = &active {
            if let Some(cut) = &report.cut {
                // Zeroed, not only forgotten: a later recovery must not see it behind new batches.
                active.file.write_zeros(cut.offset, cut.bytes)?;
            }
            // The last batch may be there only in the kernel's cache, written by a process that
            // was killed, or whose sync failed, after which a sync of clean pages does nothing.
            // Written anew it is dirty, and this sync tells the truth.
            let bytes = usize::try_from(offset - last).expect("it was in memory a moment ago");
            let mut batch = vec![0; bytes];
            active.file.read_at(&mut batch, last)?;
            active.file.write_at(&batch, last)?;
            active.file.sync_data()?;
            // Likewise the name of its segment.
            directory.sync()?;
        }

        let shelf = Arc::new(Shelf::new(directory.clone(), firsts));
        let active = active.map(Arc::new);
        if let Some(active) = &active {
            shelf.activate(Arc::clone(active));
        }
        shelf.advance(report.next);
        let lock = Arc::new(lock);
        let end = End { active, offset, next: report.next };
        Ok(Opened {
            log: Box::new(Writer::new(
                directory.clone(),
                options,
                Arc::clone(&shelf),
                Arc::clone(&lock),
                end,
            )),
            snapshots: Box::new(snapshot::Writer {
                directory,
                shelf: Arc::clone(&shelf),
                keep: options.keep,
                rejected,
                _lock: lock,
            }),
            reader: shelf,
            report,
        })
    }
}
