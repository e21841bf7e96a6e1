//! What one test may cost, in units that do not depend on the machine.

/// Units that one test may spend. One is about a dozen instructions: a comparison of two markings, or a word of
/// a row of the concurrency relation.
pub(super) const WORK_MAX: usize = 2_000_000;

#[derive(Debug, Default)]
pub(super) struct Work(pub(super) usize);

impl Work {
    pub(super) fn spend(&mut self, units: usize) {
        self.0 += units;
    }

    pub(super) fn is_spent(&self) -> bool {
        self.0 > WORK_MAX
    }
}
