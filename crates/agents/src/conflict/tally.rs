//! Counting votes. The result depends on the votes alone, not on their order.

use std::{cmp::Ordering, collections::BTreeMap};

use super::{Review, Strategy, Vote};

/// What the votes say.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Outcome<'v> {
    Agreed(&'v [u8]),
    /// They do not settle it: the next one is asked.
    AskArbiter,
    AskHuman,
}

/// The counted votes for one answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Support {
    pub votes: usize,
    /// Sum of their confidence, ten-thousandths.
    pub confidence: u64,
}

/// How many votes that count each answer has, in the order of the answers. An answer without one is still an answer
/// that differs.
pub fn count<'v>(
    review: &Review,
    votes: impl Iterator<Item = &'v Vote>,
) -> BTreeMap<&'v [u8], Support> {
    let mut answers: BTreeMap<&[u8], Support> = BTreeMap::new();
    for vote in votes {
        let support = answers.entry(&*vote.answer).or_default();
        if vote.confidence >= review.confidence_min {
            support.votes += 1;
            support.confidence += vote.confidence.parts();
        }
    }
    answers
}

/// Counts `votes`.
pub(super) fn tally<'v>(review: &Review, votes: impl Iterator<Item = &'v Vote>) -> Outcome<'v> {
    let answers = count(review, votes);
    let counted: usize = answers.values().map(|support| support.votes).sum();
    let enough = counted >= usize::from(review.votes_min);
    // The first of the best in the order of the answers.
    let best = answers.iter().reduce(|best, next| match compare(next.1, best.1) {
        Ordering::Greater => next,
        Ordering::Less | Ordering::Equal => best,
    });
    let Some((answer, support)) = best.filter(|_| enough) else {
        return undecided(review);
    };
    let wins = match review.strategy_now() {
        Strategy::MajorityVote => {
            review.supermajority.is_none_or(|share| share.is_met_by(support.votes, counted))
        }
        Strategy::Escalate | Strategy::HumanFallback | Strategy::Hybrid => answers.len() == 1,
    };
    if wins { Outcome::Agreed(answer) } else { undecided(review) }
}

/// More votes are better; of as many, the greater mean confidence.
fn compare(left: &Support, right: &Support) -> Ordering {
    // With as many votes each, the greater sum is the greater mean.
    (left.votes, left.confidence).cmp(&(right.votes, right.confidence))
}

fn undecided<'v>(review: &Review) -> Outcome<'v> {
    match review.strategy_now() {
        Strategy::HumanFallback => Outcome::AskHuman,
        Strategy::MajorityVote | Strategy::Escalate | Strategy::Hybrid => Outcome::AskArbiter,
    }
}
