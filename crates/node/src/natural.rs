//! The order in which ids are listed: runs of digits count as numbers, so `9` comes before `10`.

use std::cmp::Ordering;

use engine::CaseId;

use crate::ids::number_of;

/// A case id in natural order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Natural {
    /// The id as a number, 0 if it is none: two numbers, which most ids are, are compared at once.
    number: u64,
    pub(crate) case: CaseId,
}

impl Natural {
    pub(crate) fn new(case: CaseId) -> Self {
        Self { number: number_of(&case).unwrap_or(0), case }
    }
}

impl Ord for Natural {
    fn cmp(&self, other: &Self) -> Ordering {
        if self.number > 0 && other.number > 0 {
            return self.number.cmp(&other.number);
        }
        compare(self.case.as_str(), other.case.as_str())
    }
}

impl PartialOrd for Natural {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Natural order, total: texts that differ only in leading zeros are ordered by their bytes.
pub(crate) fn compare(left: &str, right: &str) -> Ordering {
    let (mut a, mut b) = (left.as_bytes(), right.as_bytes());
    while let (Some(x), Some(y)) = (a.first(), b.first()) {
        if x.is_ascii_digit() && y.is_ascii_digit() {
            let (run_a, rest_a) = split_number(a);
            let (run_b, rest_b) = split_number(b);
            let order = run_a.len().cmp(&run_b.len()).then_with(|| run_a.cmp(run_b));
            if order.is_ne() {
                return order;
            }
            (a, b) = (rest_a, rest_b);
        } else {
            if x != y {
                return x.cmp(y);
            }
            (a, b) = (&a[1..], &b[1..]);
        }
    }
    a.len().cmp(&b.len()).then_with(|| left.cmp(right))
}

/// The leading digits without leading zeros, and what follows them.
fn split_number(text: &[u8]) -> (&[u8], &[u8]) {
    let end = text.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(text.len());
    let (run, rest) = text.split_at(end);
    let zeros = run.iter().position(|byte| *byte != b'0').unwrap_or(run.len());
    (&run[zeros..], rest)
}

#[cfg(test)]
mod tests;
