//! What a command means for the jury of an item.

use super::{Answer, Ballot, Command, Jury, Refusal, What, admits, is_open};
use crate::{
    conflict::{self, Review},
    ids::{AgentId, Epoch},
    lease::{self, Retry, Standing},
};

/// What holds for the item, and the epoch for whatever begins now.
#[derive(Clone, Copy, Debug)]
pub struct Rules<'r> {
    pub review: &'r Review,
    /// How often a ballot that came back without a vote is given out again.
    pub retry: Retry,
    /// Greater than every epoch given before.
    pub next: Epoch,
}

/// Decides what `command` means. The caller stores the events, then applies them. No event: nothing needs to be done.
pub fn decide<K: Clone + Ord>(
    jury: Option<&Jury<K>>,
    command: Command,
    rules: Rules<'_>,
) -> Result<Vec<What>, Refusal> {
    let Some(jury) = jury else { return without_jury::<K>(command, rules) };
    match command {
        Command::Claim { ballot, holder, term_ms } => {
            claim(Some(jury), (ballot, holder, term_ms), rules)
        }
        Command::Answer(answer) => jury.answer(answer, rules),
        Command::Return { epoch } => {
            let item = jury.ballot_of(epoch)?;
            jury.lease(lease::Command::Return { item, epoch }, rules)
        }
        Command::Fail { epoch } => {
            let item = jury.ballot_of(epoch)?;
            jury.lease(lease::Command::Fail { item, epoch }, rules)
        }
        Command::HandOff { from, epoch, to } => jury.hand_off((from, epoch, to), rules),
        Command::Expire { epoch } => match jury.ballot_of(epoch) {
            Ok(item) => jury.lease(lease::Command::Expire { item, epoch }, rules),
            Err(_) => Ok(Vec::new()),
        },
        Command::Wake { ballot } => jury.lease(lease::Command::Wake { item: ballot }, rules),
        Command::Revive => jury.revive(rules),
        Command::Resolve { by, answer } => {
            jury.panel((conflict::Command::Resolve { by, answer }, None), rules)
        }
        Command::TimeUp { since } if since == jury.since => {
            let phase = jury.panel.phase;
            jury.panel((conflict::Command::Expire { phase }, None), rules)
        }
        Command::TimeUp { .. } => Ok(Vec::new()),
    }
}

/// The item is gone, or is not at work any more.
pub fn close<K>(jury: &Jury<K>) -> Vec<What> {
    jury.end_ballots(None).chain([What::Closed]).collect()
}

/// What is to be the item's result, if the events settle it.
pub fn settled(events: &[What]) -> Option<&[u8]> {
    events.iter().find_map(|what| match what {
        What::Panel { event: conflict::Event::Agreed { answer }, .. }
        | What::Panel { event: conflict::Event::Resolved { answer, .. }, .. } => Some(&**answer),
        What::Ballot(_) | What::Panel { .. } | What::Refused { .. } | What::Closed => None,
    })
}

/// Whether the events leave the item without a result, and nobody to ask.
pub fn is_unresolved(events: &[What]) -> bool {
    events.iter().any(|what| matches!(what, What::Panel { event: conflict::Event::Unresolved, .. }))
}

/// Whether somebody answers, or has answered, under this epoch: asked before the answer is looked at.
pub fn may_answer<K>(jury: Option<&Jury<K>>, epoch: Epoch) -> Result<(), Refusal> {
    let jury = jury.ok_or_else(|| stale(epoch))?;
    if jury.panel.votes.values().any(|vote| vote.epoch == epoch) {
        return Ok(());
    }
    let finish = lease::Command::Finish { item: jury.ballot_of(epoch)?, epoch: Some(epoch) };
    lease::decide(&jury.ballots, finish, Retry::default())?;
    Ok(())
}

/// The same events where the answer that was agreed on is no result that the item can be completed with: a person is
/// asked, or nobody. Votes alone come to this; whoever answers alone is told.
pub fn refused(events: Vec<What>, reason: &str, review: &Review) -> Vec<What> {
    let mut instead = Vec::with_capacity(events.len() + 1);
    for what in events {
        match what {
            What::Panel { event: conflict::Event::Agreed { .. }, since } => {
                let reason = conflict::cut(reason).into();
                instead.push(What::Refused { reason });
                instead.push(What::Panel { event: conflict::ask_human(review), since });
            }
            What::Ballot(_) | What::Panel { .. } | What::Refused { .. } | What::Closed => {
                instead.push(what);
            }
        }
    }
    instead
}

fn without_jury<K: Clone + Ord>(command: Command, rules: Rules<'_>) -> Result<Vec<What>, Refusal> {
    match command {
        Command::Claim { ballot, holder, term_ms } => {
            claim::<K>(None, (ballot, holder, term_ms), rules)
        }
        Command::Answer(Answer { epoch, .. })
        | Command::Return { epoch }
        | Command::Fail { epoch }
        | Command::HandOff { epoch, .. } => Err(stale(epoch)),
        Command::Resolve { .. } | Command::Revive => Err(Refusal::NoReview),
        Command::Expire { .. } | Command::Wake { .. } | Command::TimeUp { .. } => Ok(Vec::new()),
    }
}

fn claim<K>(
    jury: Option<&Jury<K>>,
    (ballot, holder, term_ms): (Ballot, AgentId, u64),
    rules: Rules<'_>,
) -> Result<Vec<What>, Refusal> {
    let Rules { review, retry, next: epoch } = rules;
    admits(jury, review, (ballot, &holder))?;
    let claim = lease::Command::Claim { item: ballot, holder, term_ms, epoch };
    let none = lease::Leases::new();
    let ballots = jury.map_or(&none, |jury| &jury.ballots);
    let event = lease::decide(ballots, claim, retry)?;
    if !is_open(jury, review, ballot) {
        return Err(conflict::Refusal::Closed { quorum: review.quorum }.into());
    }
    Ok(event.map(What::Ballot).into_iter().collect())
}

impl<K> Jury<K> {
    /// A vote, or the arbiter's word.
    fn answer(&self, given: Answer, rules: Rules<'_>) -> Result<Vec<What>, Refusal> {
        let Answer { epoch, answer, confidence, reasoning } = given;
        let first = self.panel.votes.iter().find(|(_, vote)| vote.epoch == epoch);
        if let Some((agent, _)) = first {
            // A retried request gets the first answer.
            let agent = agent.clone();
            let again = conflict::Command::Submit { agent, epoch, answer, confidence, reasoning };
            return self.panel((again, None), rules);
        }
        let ballot = self.ballot_of(epoch)?;
        let finish = lease::Command::Finish { item: ballot, epoch: Some(epoch) };
        lease::decide(&self.ballots, finish, rules.retry)?;
        let (_, holder) = self.holder(epoch).ok_or_else(|| stale(epoch))?;
        let agent = holder.clone();
        let command = if ballot == Ballot::ARBITER {
            conflict::Command::Arbitrate { by: agent, answer }
        } else {
            conflict::Command::Submit { agent, epoch, answer, confidence, reasoning }
        };
        self.panel((command, Some(ballot)), rules)
    }

    /// Asks the panel. The ballot that the answer came with is used up, and with the phase all others end.
    fn panel(
        &self,
        (command, ballot): (conflict::Command, Option<Ballot>),
        rules: Rules<'_>,
    ) -> Result<Vec<What>, Refusal> {
        let events = conflict::decide(rules.review, &self.panel, command)?;
        let since = rules.next;
        let mut after = self.panel.clone();
        let mut whats = Vec::with_capacity(events.len() + 1);
        for (at, event) in events.into_iter().enumerate() {
            conflict::apply(&mut after, &event);
            let ends = after.phase != self.panel.phase;
            let used = ballot.filter(|_| at == 0).map(|item| lease::Event::Finished { item });
            // The vote is told before its ballot goes, so that it can be seen whose it was.
            if ends {
                whats.extend(used.map(What::Ballot));
                whats.extend(self.end_ballots(ballot));
                whats.push(What::Panel { event, since });
            } else {
                whats.push(What::Panel { event, since });
                whats.extend(used.map(What::Ballot));
            }
        }
        Ok(whats)
    }

    /// Nobody has a ballot any more.
    fn end_ballots(&self, but: Option<Ballot>) -> impl Iterator<Item = What> {
        let others = self.ballots.iter().filter(move |lease| Some(lease.item) != but);
        others.map(|lease| What::Ballot(lease::Event::Forgotten { item: lease.item }))
    }

    fn hand_off(
        &self,
        (from, epoch, to): (AgentId, Epoch, AgentId),
        rules: Rules<'_>,
    ) -> Result<Vec<What>, Refusal> {
        let item = self.ballot_of(epoch)?;
        let hand_off =
            lease::Command::HandOff { item, from, epoch, to: to.clone(), next: rules.next };
        let events = self.lease(hand_off, rules)?;
        admits(Some(self), rules.review, (item, &to))?;
        Ok(events)
    }

    fn revive(&self, rules: Rules<'_>) -> Result<Vec<What>, Refusal> {
        let dead = self.ballots.iter().filter(|lease| lease.standing == Standing::DeadLetter);
        let mut revived = Vec::new();
        for lease in dead {
            revived.extend(self.lease(lease::Command::Revive { item: lease.item }, rules)?);
        }
        if revived.is_empty() { Err(lease::Refusal::NotDead.into()) } else { Ok(revived) }
    }

    fn lease(
        &self,
        command: lease::Command<Ballot>,
        rules: Rules<'_>,
    ) -> Result<Vec<What>, Refusal> {
        let event = lease::decide(&self.ballots, command, rules.retry)?;
        Ok(event.map(What::Ballot).into_iter().collect())
    }

    /// The ballot that was last given out under this epoch.
    fn ballot_of(&self, epoch: Epoch) -> Result<Ballot, Refusal> {
        let lease = self.ballots.iter().find(|lease| lease.epoch == epoch);
        lease.map(|lease| lease.item).ok_or_else(|| stale(epoch))
    }
}

fn stale(given: Epoch) -> Refusal {
    let reason = "no ballot of the item is held under it";
    lease::Refusal::StaleEpoch { given, reason }.into()
}
