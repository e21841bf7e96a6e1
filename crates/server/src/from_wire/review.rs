//! What agents think of their results, and people who settle what a review did not.

use agents::conflict::{Phase, Share};
use wire::review::Part;

use crate::problem::{Code, Failure};

/// Characters of a person's name: it is kept with what was said.
const NAME_CHARS_MAX: usize = 128;

pub(crate) fn confidence(from: Part) -> Result<Share, Failure> {
    Share::new(from.0).map_err(|error| invalid(format!("confidence: {error}")))
}

pub(crate) fn name(from: &str) -> Result<String, Failure> {
    let count = from.chars().take(NAME_CHARS_MAX + 1).count();
    if (1..=NAME_CHARS_MAX).contains(&count) && !from.chars().any(char::is_control) {
        return Ok(from.to_owned());
    }
    Err(invalid(format!(
        "by: use 1 to {NAME_CHARS_MAX} characters, none of them a control character"
    )))
}

pub(crate) fn phase(from: &str) -> Result<Phase, Failure> {
    // What is settled is completed, and not under review any more.
    let mut listed = Phase::ALL.into_iter().filter(|phase| *phase != Phase::Settled);
    let found = listed.clone().find(|phase| phase.name() == from);
    found.ok_or_else(|| {
        let names: Vec<_> = listed.by_ref().map(Phase::name).collect();
        let detail = format!("no review is {from:?}; use one of {}", names.join(", "));
        Failure::new(Code::MalformedQuery, detail)
    })
}

fn invalid(detail: String) -> Failure {
    Failure::new(Code::ReviewInvalid, detail)
}
