//! Whether the results of a task can be reviewed as it asks for.

use crate::{
    rules,
    specification::{Decomposition, ReviewTerms, Task},
};

use super::{View, report::Report};

pub(super) fn check(view: &View<'_>, task: &Task, report: &mut Report) {
    let bound = task.binding.as_ref().is_some_and(|binding| !binding.review.is_empty());
    let terms = view.specification.review_of(task);
    if terms.is_empty() {
        return;
    }
    let name = view.name_of(task);
    let makes_items = matches!(view.decomposition_of(task), Some(Decomposition::Gateway(_)));
    if bound && !makes_items {
        let message = "its results are to be reviewed, and it has no work items";
        report.push(rules::REVIEW_TASK.found(&name, message));
    }
    let Some(quorum) = terms.quorum else {
        let message = "it says how results are reviewed, but not by how many agents";
        report.push(rules::REVIEW_QUORUM.found(&name, message));
        return;
    };
    if let Some(votes_min) = terms.votes_min.filter(|votes_min| *votes_min > quorum) {
        let message = format!("{votes_min} votes are to count, and only {quorum} agents vote");
        report.push(rules::REVIEW_VOTES.found(&name, message));
    }
    if nobody_settles(&terms) {
        let message = "what the votes do not settle is settled by nobody: there is no arbiter, and people are not asked";
        report.push(rules::REVIEW_NOBODY.found(&name, message));
    }
}

/// A disagreement can only end as a dead letter.
fn nobody_settles(terms: &ReviewTerms) -> bool {
    terms.arbiter.is_none()
        && terms.fallback_to_human == Some(false)
        && terms.strategy.as_deref() != Some("HUMAN_FALLBACK")
}
