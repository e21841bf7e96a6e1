//! Events of reviews in names.

use agents::{
    conflict::{self, ESCALATED_TO_HUMAN},
    jury::{self, Ballot, What},
    lease,
};
use engine::ItemKey;

use super::{Failure, optional};

/// What happened, in kebab case; that a person was called has the name by which the audit knows it.
pub(super) fn name(event: &jury::Event<ItemKey>) -> &'static str {
    match &event.what {
        What::Ballot(event) => ballot_name(event),
        What::Panel { event, .. } => panel_name(event),
        What::Refused { .. } => "review-answer-refused",
        What::Closed => "review-closed",
    }
}

fn ballot_name(event: &lease::Event<Ballot>) -> &'static str {
    match event {
        lease::Event::Claimed { .. } => "ballot-claimed",
        lease::Event::Finished { .. } => "ballot-used",
        lease::Event::Returned { .. } => "ballot-returned",
        lease::Event::Failed { how: Failure::Expired, .. } => "ballot-expired",
        lease::Event::Failed { how: Failure::Reported, .. } => "ballot-given-up",
        lease::Event::Failed { how: Failure::Refused | Failure::Unresolved, .. } => {
            "ballot-refused"
        }
        lease::Event::HandedOff { .. } => "ballot-handed-off",
        lease::Event::Woken { .. } => "ballot-rest-ended",
        lease::Event::Revived { .. } => "ballot-revived",
        lease::Event::Forgotten { .. } => "ballot-ended",
    }
}

fn panel_name(event: &conflict::Event) -> &'static str {
    match event {
        conflict::Event::Submitted { .. } => "voted",
        conflict::Event::Agreed { .. } => "review-agreed",
        conflict::Event::Escalated { .. } => "review-escalated",
        conflict::Event::HumanNeeded => ESCALATED_TO_HUMAN,
        conflict::Event::Resolved { .. } => "review-resolved",
        conflict::Event::TimedOut { .. } => "review-timed-out",
        conflict::Event::Unresolved => "review-unresolved",
    }
}

pub(super) fn detail(event: &jury::Event<ItemKey>) -> Vec<(&'static str, String)> {
    match &event.what {
        What::Ballot(event) => {
            let mut detail = vec![("ballot", event.item().0.to_string())];
            detail.extend(super::lease_detail(event));
            detail
        }
        What::Panel { event, .. } => panel_detail(event),
        What::Refused { reason } => vec![("reason", reason.to_string())],
        What::Closed => Vec::new(),
    }
}

fn panel_detail(event: &conflict::Event) -> Vec<(&'static str, String)> {
    let text = |answer: &[u8]| String::from_utf8_lossy(answer).into_owned();
    match event {
        conflict::Event::Submitted { agent, epoch, answer, confidence, reasoning } => optional([
            ("agent", Some(agent.to_string())),
            ("epoch", Some(epoch.0.to_string())),
            ("confidence", Some(confidence.to_string())),
            ("answer", Some(text(answer))),
            ("reasoning", (!reasoning.is_empty()).then(|| reasoning.to_string())),
        ]),
        conflict::Event::Agreed { answer } => vec![("answer", text(answer))],
        conflict::Event::Escalated { to } => vec![("to", to.to_string())],
        conflict::Event::Resolved { by, answer } => {
            vec![("by", by.to_string()), ("answer", text(answer))]
        }
        conflict::Event::TimedOut { phase } => vec![("phase", phase.name().to_owned())],
        conflict::Event::HumanNeeded | conflict::Event::Unresolved => Vec::new(),
    }
}
