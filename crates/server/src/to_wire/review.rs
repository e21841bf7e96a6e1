//! Reviews as clients read them.

use agents::conflict::Share;
use node::{
    BallotSummary, ClaimedBallot, ReviewDetail, ReviewSummary, Standing, Tallied, VoteSummary,
};
use wire::review::{self, Part};

use super::{agent, count};

/// Ten-thousandths in a whole.
const WHOLE: f64 = 10_000.0;

pub(crate) fn ballot(claimed: &ClaimedBallot) -> review::Ballot {
    let votes = claimed.votes.iter().map(vote).collect();
    review::Ballot { number: claimed.ballot.0, quorum: claimed.quorum, votes }
}

fn vote(vote: &VoteSummary) -> review::Vote {
    review::Vote {
        agent: vote.agent.to_string(),
        ballot: vote.ballot.map(|ballot| ballot.0),
        answer: vote.answer.to_string(),
        confidence: part(vote.confidence),
        reasoning: vote.reasoning.to_string(),
    }
}

pub(crate) fn standing(standing: &Standing) -> review::Standing {
    review::Standing {
        phase: standing.phase.name().to_owned(),
        quorum: standing.quorum,
        voted: count(standing.votes),
    }
}

pub(crate) fn summary(summary: &ReviewSummary) -> review::ReviewSummary {
    review::ReviewSummary {
        item: summary.item.clone(),
        case: summary.case.to_string(),
        specification: summary.specification.to_string(),
        task: summary.task.clone(),
        task_name: summary.task_name.clone(),
        standing: standing(&summary.standing),
    }
}

pub(crate) fn detail(detail: &ReviewDetail) -> review::Review {
    let asked = &detail.review;
    review::Review {
        summary: summary(&detail.summary),
        strategy: asked.strategy.name().to_owned(),
        severity: asked.severity.name().to_owned(),
        confidence_min: part(asked.confidence_min),
        votes_min: asked.votes_min,
        supermajority: asked.supermajority.map(part),
        arbiter: asked.arbiter.as_ref().map(ToString::to_string),
        timeout_ms: asked.timeout_ms,
        fallback_to_human: asked.fallback_to_human,
        votes: detail.votes.iter().map(vote).collect(),
        ballots: detail.ballots.iter().map(held).collect(),
        tally: detail.tally.iter().map(tallied).collect(),
    }
}

fn held(ballot: &BallotSummary) -> review::HeldBallot {
    review::HeldBallot { number: ballot.ballot.0, lease: agent::lease(&ballot.lease) }
}

fn tallied(tallied: &Tallied) -> review::Tallied {
    let mean = tallied.confidence / (tallied.votes as u64).max(1);
    review::Tallied {
        answer: tallied.answer.to_string(),
        votes: count(tallied.votes),
        confidence: of_whole(mean),
    }
}

fn part(share: Share) -> Part {
    of_whole(share.parts())
}

#[allow(clippy::cast_precision_loss, reason = "at most ten thousand")]
fn of_whole(parts: u64) -> Part {
    Part(parts as f64 / WHOLE)
}
