//! How the results of each task of a specification are reviewed, as the task's binding and its decomposition say.

use agents::{
    Capability,
    conflict::{Review, Share},
};
use engine::{ItemKey, NetIndex, Program, calendar::Duration};
use model::specification::{Decomposition, ReviewTerms, Specification, Task};

use crate::resourced::Resourced;

#[cfg(test)]
mod tests;

/// By net and task, as the program counts them. Empty where nothing is reviewed.
#[derive(Debug, Default)]
pub(crate) struct Reviews(Vec<Vec<Option<Review>>>);

impl Reviews {
    /// Of a specification that was verified. What is distributed to participants is not claimed, and not reviewed.
    pub(crate) fn of(
        program: &Program,
        specification: &Specification,
        resourced: Option<&Resourced>,
    ) -> Self {
        let mut any = false;
        let mut review = |net: &engine::program::Net, id: &str| {
            let decomposition = specification.decomposition(&net.id);
            let Some(Decomposition::Net(net)) = decomposition else { return None };
            let task = net.tasks.iter().find(|task| task.id == id)?;
            let review = of_task(specification, task)?;
            any = true;
            Some(review)
        };
        let mut nets = Vec::with_capacity(program.nets.len());
        for (index, net) in (0..).map(NetIndex).zip(&program.nets) {
            let given = |task| resourced.is_some_and(|all| all.get(index, task).is_some());
            let tasks = net.task_indices().zip(&net.tasks);
            let asked = |(at, task): (_, &engine::program::Task)| {
                if given(at) { None } else { review(net, &task.id) }
            };
            nets.push(tasks.map(asked).collect());
        }
        if any { Self(nets) } else { Self::default() }
    }

    /// Whether nothing is reviewed.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What the task of this item, in this net, asks for.
    pub(crate) fn get(&self, net: NetIndex, item: &ItemKey) -> Option<&Review> {
        self.0.get(net.0 as usize)?.get(item.task.0 as usize)?.as_ref()
    }

    /// What the arbiters are asked by.
    pub(crate) fn arbiters(&self) -> impl Iterator<Item = Capability> {
        let reviews = self.0.iter().flatten().flatten();
        reviews.filter_map(|review| review.arbiter.as_ref()).map(Capability::of_agent)
    }
}

fn of_task(specification: &Specification, task: &Task) -> Option<Review> {
    let id = task.decomposes_to.as_deref()?;
    // A composite task has no work items.
    let Some(Decomposition::Gateway(_)) = specification.decomposition(id) else { return None };
    let terms = specification.review_of(task);
    let review = with(Review::of(terms.quorum?), &terms);
    review.check().expect("verification has refused what cannot be held");
    Some(review)
}

/// The review with what is said beyond the quorum.
fn with(usual: Review, terms: &ReviewTerms) -> Review {
    let read = "the reader has checked the form of each term";
    let share = |text: &String| Share::new(text.parse().expect(read)).expect(read);
    let timeout_ms = |text: &String| Duration::parse(text).expect(read).ms.unsigned_abs();
    Review {
        quorum: usual.quorum,
        strategy: terms.strategy.as_ref().map_or(usual.strategy, |text| text.parse().expect(read)),
        severity: terms.severity.as_ref().map_or(usual.severity, |text| text.parse().expect(read)),
        confidence_min: terms.confidence_min.as_ref().map_or(usual.confidence_min, share),
        votes_min: terms.votes_min.unwrap_or(usual.votes_min),
        supermajority: terms.supermajority.as_ref().map(share).or(usual.supermajority),
        arbiter: terms.arbiter.as_ref().map(|name| name.parse().expect(read)),
        timeout_ms: terms.timeout.as_ref().map_or(usual.timeout_ms, timeout_ms),
        fallback_to_human: terms.fallback_to_human.unwrap_or(usual.fallback_to_human),
    }
}
