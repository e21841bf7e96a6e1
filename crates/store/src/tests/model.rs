//! Random sequences of appends, snapshots, crashes and restarts against a list of records.

use proptest::prelude::*;

use super::{SMALL, SMALL_TAIL, recover};
use crate::disk::simulated::{SimulatedDisk, Tear, Trouble};
use crate::embedded::open_on;
use crate::{Keep, Opened, Options, Position, Record};

#[derive(Clone, Debug)]
enum Step {
    /// Lengths of the records.
    Append(Vec<usize>),
    Snapshot,
    Restart(Tear),
    /// A crash after so many operations of the next appends.
    Crash(u64),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let tear = prop_oneof![
        Just(Tear::Nothing),
        Just(Tear::Everything),
        (0..3000_usize).prop_map(Tear::Bytes),
        any::<u64>().prop_map(Tear::Sectors),
    ];
    let length = prop_oneof![0..40_usize, 0..1200_usize, 3000..5000_usize];
    let step = prop_oneof![
        6 => prop::collection::vec(length, 1..5).prop_map(Step::Append),
        1 => Just(Step::Snapshot),
        2 => tear.prop_map(Step::Restart),
        2 => (0..12_u64).prop_map(Step::Crash),
    ];
    prop::collection::vec(step, 1..40)
}

/// The store and what it must hold.
struct Run {
    disk: SimulatedDisk,
    options: Options,
    /// `None` after a fault.
    opened: Option<Opened>,
    records: Vec<Vec<u8>>,
    in_flight: Vec<Vec<u8>>,
}

impl Run {
    fn step(&mut self, number: u8, step: &Step) {
        match step {
            Step::Append(lengths) => self.append(number, lengths),
            Step::Snapshot => {
                let Some(opened) = &mut self.opened else { return };
                let upto = Position(self.records.len() as u64);
                let mut state = self.records.iter().map(|bytes| (1, bytes.clone()));
                // Its fault leaves the log as it is; the crash that caused it is seen by the next.
                let _ = opened.snapshots.write(upto, &mut state);
            }
            Step::Restart(tear) => self.restart(*tear),
            Step::Crash(after) => self.disk.arrange(*after, Trouble::Crash),
        }
    }

    fn append(&mut self, number: u8, lengths: &[usize]) {
        let Some(opened) = &mut self.opened else { return };
        // Every fourth is all zeros.
        let fill = if number.is_multiple_of(4) { 0 } else { number };
        let batch: Vec<Vec<u8>> = lengths.iter().map(|&length| vec![fill; length]).collect();
        let records: Vec<_> = batch.iter().map(|bytes| Record { tag: number, bytes }).collect();
        match opened.log.append(&records) {
            Ok(first) => {
                assert_eq!(first, Position(self.records.len() as u64));
                self.records.extend(batch);
            }
            Err(_) => {
                self.in_flight = batch;
                self.opened = None;
            }
        }
    }

    fn restart(&mut self, tear: Tear) {
        self.opened = None;
        self.disk.restart(tear);
        let (opened, snapshot, tail) =
            recover(open_on(self.disk.directory(), self.options).unwrap()).unwrap();
        let mut found: Vec<Vec<u8>> = snapshot.into_iter().map(|(_, bytes)| bytes).collect();
        found.extend(tail.into_iter().map(|stored| stored.bytes));
        self.records.truncate(found.len());
        let in_flight = std::mem::take(&mut self.in_flight);
        if found.len() > self.records.len() {
            self.records.extend(in_flight);
        }
        assert_eq!(found, self.records);
        self.opened = Some(opened);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_store_is_a_list_that_crashes_do_not_shorten(
        steps in steps(),
        options in prop_oneof![Just(SMALL), Just(SMALL_TAIL)],
    ) {
        let disk = SimulatedDisk::default();
        let (records, in_flight) = (Vec::new(), Vec::new());
        let mut run = Run { disk, options, opened: None, records, in_flight };
        run.restart(Tear::Nothing);
        for (number, step) in (0_u8..).zip(&steps) {
            let before = run.records.len();
            run.step(number, step);
            prop_assert!(run.records.len() >= before, "records were lost");
        }
        run.restart(Tear::Nothing);
        let opened = run.opened.as_ref().expect("it was opened just now");
        let first = match options.keep {
            Keep::All => Position(0),
            Keep::Tail => opened.report.snapshot.unwrap_or_default(),
        };
        let stored = opened.reader.read_from(first, usize::MAX).unwrap();
        let read: Vec<Vec<u8>> = stored.into_iter().map(|stored| stored.bytes).collect();
        prop_assert_eq!(&read[..], &run.records[usize::try_from(first.0).unwrap()..]);
    }
}
