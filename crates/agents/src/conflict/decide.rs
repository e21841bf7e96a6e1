//! What a command means to a panel.

use super::{
    ANSWER_BYTES_MAX, Command, Event, Panel, Phase, REASONING_CHARS_MAX, Refusal, Review, Vote,
    tally::{Outcome, tally},
};
use crate::ids::AgentId;

/// Decides what `command` means. The caller stores the events, then applies them.
pub fn decide(review: &Review, panel: &Panel, command: Command) -> Result<Vec<Event>, Refusal> {
    match command {
        Command::Submit { agent, epoch, answer, confidence, reasoning } => {
            let reasoning = cut(&reasoning).into();
            submit(review, panel, agent, Vote { epoch, answer, confidence, reasoning })
        }
        Command::Arbitrate { by, answer } => arbitrate(review, panel, &by, answer),
        Command::Resolve { by, answer } => resolve(panel, by, answer),
        Command::Expire { phase } => Ok(expire(review, panel, phase)),
    }
}

fn submit(
    review: &Review,
    panel: &Panel,
    agent: AgentId,
    vote: Vote,
) -> Result<Vec<Event>, Refusal> {
    within_limit(&vote.answer)?;
    if let Some(first) = panel.votes.get(&agent) {
        // A retried request gets the first answer; a second opinion of the same agent is none.
        return if *first == vote {
            Ok(Vec::new())
        } else {
            Err(Refusal::Voted { agent, epoch: first.epoch })
        };
    }
    if panel.phase != Phase::Voting {
        return Err(Refusal::Closed { quorum: review.quorum });
    }
    let mut events = Vec::with_capacity(2);
    if panel.votes.len() + 1 >= usize::from(review.quorum) {
        let votes = panel.votes.values().chain([&vote]);
        events.push(follow(review, tally(review, votes)));
    }
    let Vote { epoch, answer, confidence, reasoning } = vote;
    events.insert(0, Event::Submitted { agent, epoch, answer, confidence, reasoning });
    Ok(events)
}

fn arbitrate(
    review: &Review,
    panel: &Panel,
    by: &AgentId,
    answer: Box<[u8]>,
) -> Result<Vec<Event>, Refusal> {
    within_limit(&answer)?;
    match &review.arbiter {
        Some(arbiter) if arbiter != by => {
            Err(Refusal::NotArbiter { arbiter: arbiter.clone(), by: by.clone() })
        }
        Some(_) if panel.phase == Phase::Escalated => {
            Ok(vec![Event::Resolved { by: by.as_str().into(), answer }])
        }
        Some(_) if is_settled_by(panel, &answer) => Ok(Vec::new()),
        Some(_) | None => Err(Refusal::NotEscalated { phase: panel.phase }),
    }
}

fn resolve(panel: &Panel, by: Box<str>, answer: Box<[u8]>) -> Result<Vec<Event>, Refusal> {
    within_limit(&answer)?;
    match panel.phase {
        Phase::HumanNeeded => Ok(vec![Event::Resolved { by, answer }]),
        Phase::Settled if is_settled_by(panel, &answer) => Ok(Vec::new()),
        Phase::Voting | Phase::Escalated | Phase::Settled | Phase::Unresolved => {
            Err(Refusal::NoHumanNeeded { phase: panel.phase })
        }
    }
}

fn expire(review: &Review, panel: &Panel, phase: Phase) -> Vec<Event> {
    if phase != panel.phase {
        return Vec::new();
    }
    match phase {
        Phase::Voting => {
            let outcome = tally(review, panel.votes.values());
            vec![Event::TimedOut { phase }, follow(review, outcome)]
        }
        Phase::Escalated => vec![Event::TimedOut { phase }, ask_human(review)],
        // A person has no deadline: nobody comes after.
        Phase::HumanNeeded | Phase::Settled | Phase::Unresolved => Vec::new(),
    }
}

/// The event that a count of the votes leads to.
fn follow(review: &Review, outcome: Outcome<'_>) -> Event {
    match (outcome, &review.arbiter) {
        (Outcome::Agreed(answer), _) => Event::Agreed { answer: answer.into() },
        (Outcome::AskArbiter, Some(arbiter)) => Event::Escalated { to: arbiter.clone() },
        (Outcome::AskArbiter, None) => ask_human(review),
        // The strategy asks for a person: that outweighs the fallback's setting.
        (Outcome::AskHuman, _) => Event::HumanNeeded,
    }
}

/// Neither votes nor arbiter have settled it.
pub(crate) fn ask_human(review: &Review) -> Event {
    if review.fallback_to_human { Event::HumanNeeded } else { Event::Unresolved }
}

fn is_settled_by(panel: &Panel, answer: &[u8]) -> bool {
    panel.answer.as_deref() == Some(answer)
}

fn within_limit(answer: &[u8]) -> Result<(), Refusal> {
    match answer.len() {
        bytes if bytes > ANSWER_BYTES_MAX => Err(Refusal::AnswerTooLong { bytes }),
        _ => Ok(()),
    }
}

/// The first [`REASONING_CHARS_MAX`] characters.
pub(crate) fn cut(text: &str) -> &str {
    text.char_indices().nth(REASONING_CHARS_MAX).map_or(text, |(end, _)| &text[..end])
}
