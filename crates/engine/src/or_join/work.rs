//! What one test may cost, in units that do not depend on the machine.

/// Units that one test may spend: a comparison of two markings, or a word of a row of the concurrency relation.
/// One takes 3 to 8 ns where many are spent: half of 50 ms at most.
pub const WORK_MAX: usize = 4_000_000;

#[derive(Debug)]
pub(super) struct Work {
    pub(super) spent: usize,
    max: usize,
}

impl Work {
    /// For one test.
    pub(super) fn new() -> Self {
        Self::at_most(WORK_MAX)
    }

    pub(super) fn at_most(max: usize) -> Self {
        Self { spent: 0, max }
    }

    pub(super) fn spend(&mut self, units: usize) {
        self.spent += units;
    }

    pub(super) fn is_spent(&self) -> bool {
        self.spent > self.max
    }
}
