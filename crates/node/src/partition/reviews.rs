//! Items under review: each is given to several agents at once, and completed once, with what their votes, the arbiter
//! or a person settle.
//!
//! ```text
//!   first ballot claimed ─▶ the item starts      answers ─▶ tried on the net, kept as votes
//!                                                   │ settled             │ unresolved
//!                                                   ▼                     ▼
//!                                          completed with that     rolled back, a dead letter
//! ```
//!
//! The net knows nothing of it: it sees one start and one completion. Everything that one command does to jury, leases
//! and net stands in one record.

use std::sync::Arc;

use agents::{
    Epoch, Moment,
    conflict::{ESCALATED_TO_HUMAN, Event as Asked, Review, Share},
    jury::{self, Answer, Ballot, Jury, Rules, What},
    lease,
};
use engine::{
    Case, Decision, Event, ItemKey,
    case::{Item, ItemStatus},
};

use super::{
    Running, guard,
    keeping::{Of, Step},
    seats::review_of,
    unchanged,
    work::Place,
    worklists::Given,
};
use crate::{
    api::{Answered, ClaimedBallot, Command},
    cases::Slot,
    entry::{Body, Entry},
    ids::CommandId,
    inbox::{ClaimJob, Told},
    items,
    rejected::Rejected,
};

/// What a command means where items are reviewed.
pub(super) enum Reviewed {
    /// It was about an item under review, and is done.
    Done(Told),
    /// The review has no say in it.
    Other(Command),
}

/// An item whose task asks for a review.
struct Subject<'a> {
    slot: Slot,
    before: &'a Arc<Entry>,
    state: &'a Case,
    key: ItemKey,
    review: &'a Review,
    command: Option<&'a CommandId>,
}

impl Subject<'_> {
    fn jury(&self) -> Option<&Jury<ItemKey>> {
        self.before.juries().get(&self.key)
    }

    fn item(&self) -> Option<&Item> {
        self.state.items.get(&self.key)
    }

    fn is(&self, statuses: &[ItemStatus]) -> bool {
        self.item().is_some_and(|item| statuses.contains(&item.status))
    }

    fn rejected(&self, refusal: jury::Refusal) -> Rejected {
        let item = self.before.loaded.program.item_id(self.state, &self.key);
        Rejected::Review { item, refusal }
    }
}

impl Running {
    /// Does what is about an item under review.
    pub(super) fn on_reviewed(
        &mut self,
        (slot, before): (Slot, &Arc<Entry>),
        id: Option<&CommandId>,
        command: Command,
    ) -> Result<Reviewed, Rejected> {
        let Some(item) = item_of(&command).filter(|_| !before.loaded.reviews.is_empty()) else {
            return Ok(Reviewed::Other(command));
        };
        let Body::Hot(state) = &before.body else { unreachable!("the entry was heated") };
        let Some(key) = before.loaded.program.parse_item(state, item) else {
            return Ok(Reviewed::Other(command));
        };
        let Some(review) = review_of(before, &key) else { return Ok(Reviewed::Other(command)) };
        let subject = Subject { slot, before, state, key, review, command: id };
        let ballot_needed = jury::Refusal::BallotNeeded { quorum: review.quorum };
        let asked = match command {
            Command::Start { .. } if subject.is(&[ItemStatus::Enabled, ItemStatus::Fired]) => {
                return Err(subject.rejected(ballot_needed));
            }
            Command::Complete { .. } if subject.is(&[ItemStatus::Executing]) => {
                return Err(subject.rejected(ballot_needed));
            }
            Command::Revive { .. } if subject.jury().is_none_or(is_unresolved) => {
                return Ok(Reviewed::Other(command));
            }
            Command::CompleteHeld { data, epoch, .. } => {
                return self.answer(&subject, data, (epoch, Share::ALL, String::new()));
            }
            Command::Vote { data, epoch, confidence, reasoning, .. } => {
                return self.answer(&subject, data, (epoch, confidence, reasoning));
            }
            Command::Resolve { data, by, .. } => return self.resolve(&subject, data, by),
            Command::ReturnHeld { epoch, .. } => jury::Command::Return { epoch },
            Command::FailHeld { epoch, .. } => jury::Command::Fail { epoch },
            Command::HandOff { from, epoch, to, .. } => jury::Command::HandOff { from, epoch, to },
            Command::Revive { .. } => jury::Command::Revive,
            // What the net alone decides, and what operators do: it ends the review where the item ends.
            other @ (Command::Start { .. }
            | Command::Complete { .. }
            | Command::Force { .. }
            | Command::Fail { .. }
            | Command::Skip { .. }
            | Command::Suspend { .. }
            | Command::Unsuspend { .. }
            | Command::Rollback { .. }
            | Command::Add { .. }
            | Command::CancelItem { .. }
            | Command::CompleteTask { .. }
            | Command::Restart { .. }
            | Command::Act { .. }
            | Command::Unchain { .. }
            | Command::CancelCase
            | Command::SuspendCase
            | Command::ResumeCase) => return Ok(Reviewed::Other(other)),
        };
        let events = self.ask_jury(&subject, asked)?;
        let answer = handed_off(&subject, &events).unwrap_or(Answered::Done);
        self.write(&subject, (unchanged(state), None), events)?;
        Ok(Reviewed::Done(Told::Answered(answer)))
    }

    /// Gives a ballot of an item that starts, or has started, in this decision.
    pub(super) fn claim_ballot(
        &self,
        (before, state): (&Entry, &Case),
        (item, ballot): (&ItemKey, Ballot),
        claim: &ClaimJob,
    ) -> Result<(ClaimedBallot, Vec<jury::Event<ItemKey>>), Rejected> {
        let rejected = |refusal| {
            let item = before.loaded.program.item_id(state, item);
            Rejected::Review { item, refusal }
        };
        let net = state.runner_of(item).map(|(_, runner)| runner.net);
        let review = net.and_then(|net| before.loaded.reviews.get(net, item));
        let review = review.ok_or_else(|| rejected(jury::Refusal::NoReview))?;
        let jury = before.juries().get(item);
        let (holder, term_ms) = (claim.holder.clone(), claim.term_ms);
        let asked = jury::Command::Claim { ballot, holder, term_ms };
        let events = jury::decide(jury, asked, self.rules(review)).map_err(rejected)?;
        let votes = match jury {
            Some(jury) if ballot == Ballot::ARBITER => items::votes(jury),
            Some(_) | None => Vec::new(),
        };
        let claimed = ClaimedBallot { ballot, quorum: review.quorum, votes };
        Ok((claimed, of_item(item, events)))
    }

    /// The holder of a ballot was silent for its whole term: that ballot goes to another.
    pub(super) fn on_ballot_term(
        &mut self,
        place: &Place,
        epoch: Epoch,
        now: Moment,
    ) -> Result<(), Rejected> {
        let before = self.heated(place.slot)?;
        let Some(subject) = subject(place, &before) else { return Ok(()) };
        if subject.is(&[ItemStatus::Suspended]) {
            // Nobody may work on it, so nobody is late.
            let term_ms = subject.jury().and_then(|jury| jury.term_ms(epoch));
            let term_ms = term_ms.unwrap_or(lease::TERM_MS_DEFAULT);
            self.work.hold(epoch, place.clone(), (now, term_ms));
            return Ok(());
        }
        let events = self.ask_jury(&subject, jury::Command::Expire { epoch })?;
        self.partition.context.telemetry.leases_expired.add(u64::from(!events.is_empty()));
        self.write(&subject, (unchanged(subject.state), None), events)
    }

    /// A ballot has rested.
    pub(super) fn on_ballot_rest(&mut self, place: &Place, ballot: Ballot) -> Result<(), Rejected> {
        let before = self.heated(place.slot)?;
        let Some(subject) = subject(place, &before) else { return Ok(()) };
        let events = self.ask_jury(&subject, jury::Command::Wake { ballot })?;
        self.write(&subject, (unchanged(subject.state), None), events)
    }

    /// The time for votes, or for the arbiter, is up.
    pub(super) fn on_phase(
        &mut self,
        place: &Place,
        since: Epoch,
        now: Moment,
    ) -> Result<(), Rejected> {
        let before = self.heated(place.slot)?;
        let Some(subject) = subject(place, &before) else { return Ok(()) };
        let wait_ms = subject.jury().and_then(|jury| jury.panel.wait_ms(subject.review));
        if let Some(wait_ms) = wait_ms.filter(|_| subject.is(&[ItemStatus::Suspended])) {
            self.work.hold_phase(since, place.clone(), (now, wait_ms));
            return Ok(());
        }
        let events = self.ask_jury(&subject, jury::Command::TimeUp { since })?;
        self.conclude(&subject, None, events)
    }

    /// An answer of whoever holds a ballot. What could not complete the item is no answer: it is refused, and the
    /// ballot stays.
    fn answer(
        &mut self,
        subject: &Subject<'_>,
        data: String,
        (epoch, confidence, reasoning): (Epoch, Share, String),
    ) -> Result<Reviewed, Rejected> {
        jury::may_answer(subject.jury(), epoch).map_err(|refusal| subject.rejected(refusal))?;
        let decision = self.complete(subject, data)?;
        let answer = output_of(subject, &decision);
        let given = Answer { epoch, answer, confidence, reasoning };
        let events = self.ask_jury(subject, jury::Command::Answer(given))?;
        self.conclude(subject, Some(decision), events)?;
        Ok(Reviewed::Done(Told::Answered(Answered::Done)))
    }

    fn resolve(
        &mut self,
        subject: &Subject<'_>,
        data: String,
        by: String,
    ) -> Result<Reviewed, Rejected> {
        // Whether a person is asked at all is said first.
        let nothing = jury::Command::Resolve { by: by.as_str().into(), answer: Box::default() };
        jury::decide(subject.jury(), nothing, self.rules(subject.review))
            .map_err(|refusal| subject.rejected(refusal))?;
        let decision = self.complete(subject, data)?;
        let answer = output_of(subject, &decision);
        let asked = jury::Command::Resolve { by: by.into(), answer };
        let events = self.ask_jury(subject, asked)?;
        self.conclude(subject, Some(decision), events)?;
        Ok(Reviewed::Done(Told::Answered(Answered::Done)))
    }

    /// Does to the net what the jury has come to. `own` is the completion by the answer that was just given.
    fn conclude(
        &mut self,
        subject: &Subject<'_>,
        own: Option<Decision>,
        events: Vec<What>,
    ) -> Result<(), Rejected> {
        let Some(answer) = jury::settled(&events) else {
            return self.leave(subject, events);
        };
        let text = String::from_utf8_lossy(answer).into_owned();
        let decided = match own.filter(|own| *output_of(subject, own) == *answer) {
            Some(own) => Ok(own),
            None => self.complete(subject, text),
        };
        match decided {
            Ok(decision) => self.write(subject, (decision, None), events),
            Err(rejected @ Rejected::Fault(_)) => Err(rejected),
            Err(rejected) => {
                let reason = rejected.to_string();
                self.leave(subject, jury::refused(events, &reason, subject.review))
            }
        }
    }

    /// The item is not completed now. If nobody is left to ask, it is a dead letter.
    fn leave(&mut self, subject: &Subject<'_>, events: Vec<What>) -> Result<(), Rejected> {
        if !jury::is_unresolved(&events) {
            return self.write(subject, (unchanged(subject.state), None), events);
        }
        let (case, key) = (&subject.state.id, &subject.key);
        let back = engine::Command::Rollback { item: key.clone() };
        let decision = self.decide_on(subject, back)?;
        let condemn = lease::Command::Condemn { item: key.clone(), epoch: self.next_epoch() };
        let leased = self.decide_lease(case, subject.before, condemn)?;
        self.write(subject, (decision, leased), events)
    }

    /// The item completed with this result.
    fn complete(&self, subject: &Subject<'_>, data: String) -> Result<Decision, Rejected> {
        self.decide_on(subject, engine::Command::Complete { item: subject.key.clone(), data })
    }

    fn decide_on(
        &self,
        subject: &Subject<'_>,
        command: engine::Command,
    ) -> Result<Decision, Rejected> {
        let (program, state, inputs) =
            (&subject.before.loaded.program, subject.state, self.inputs());
        Ok(guard(&state.id, || engine::decide(program, state, command, inputs))??)
    }

    fn ask_jury(
        &self,
        subject: &Subject<'_>,
        command: jury::Command,
    ) -> Result<Vec<What>, Rejected> {
        jury::decide(subject.jury(), command, self.rules(subject.review))
            .map_err(|refusal| subject.rejected(refusal))
    }

    fn rules<'r>(&self, review: &'r Review) -> Rules<'r> {
        Rules { review, retry: self.partition.context.retry, next: self.next_epoch() }
    }

    /// Puts it into one record: what happens in the net, to the lease and to the jury.
    fn write(
        &mut self,
        subject: &Subject<'_>,
        (decision, leased): (Decision, Option<lease::Event<ItemKey>>),
        events: Vec<What>,
    ) -> Result<(), Rejected> {
        if events.iter().any(asks_people) {
            let item = subject.before.loaded.program.item_id(subject.state, &subject.key);
            tracing::info!(case = %subject.state.id, item, event = ESCALATED_TO_HUMAN, "a person is asked");
        }
        let of = Of::Known { slot: subject.slot, before: subject.before.clone() };
        let given = Given::default();
        let step = Step { of, command: subject.command, at_ms: self.now_ms(), leased, given };
        let answer = subject.command.map(|_| match handed_off(subject, &events) {
            Some(answered) => crate::named::stored(&answered),
            None => crate::named::stored(&Answered::Done),
        });
        self.record_reviewed((step, of_item(&subject.key, events)), decision, answer)
    }
}

/// What a clock is about, if it is still there.
fn subject<'a>(place: &Place, before: &'a Arc<Entry>) -> Option<Subject<'a>> {
    let Body::Hot(state) = &before.body else { unreachable!("the entry was heated") };
    let review = review_of(before, &place.item)?;
    let key = place.item.clone();
    Some(Subject { slot: place.slot, before, state, key, review, command: None })
}

/// Those events of the juries of a case that follow from what has happened to their items.
pub(super) fn close(
    before: &Entry,
    events: &[jury::Event<ItemKey>],
    (after, is_dead): (&Case, impl Fn(&ItemKey) -> bool),
) -> Vec<jury::Event<ItemKey>> {
    if before.juries().is_empty() && events.is_empty() {
        return Vec::new();
    }
    let mut juries = before.juries().clone();
    events.iter().for_each(|event| juries.apply(event));
    let gone = juries.iter().filter(|jury| !still_sits(jury, after, is_dead(&jury.item)));
    gone.flat_map(|jury| of_item(&jury.item, jury::close(jury))).collect()
}

/// A jury sits while its item is at work; one that did not come to a result is shown while the item is a dead letter.
fn still_sits(jury: &Jury<ItemKey>, case: &Case, is_dead: bool) -> bool {
    let Some(item) = case.items.get(&jury.item) else { return false };
    if is_unresolved(jury) {
        return is_dead;
    }
    item.before_suspension.unwrap_or(item.status) == ItemStatus::Executing
}

fn is_unresolved(jury: &Jury<ItemKey>) -> bool {
    jury.panel.phase == agents::conflict::Phase::Unresolved
}

fn asks_people(what: &What) -> bool {
    matches!(what, What::Panel { event: Asked::HumanNeeded, .. })
}

fn of_item(item: &ItemKey, events: Vec<What>) -> Vec<jury::Event<ItemKey>> {
    events.into_iter().map(|what| jury::Event { item: item.clone(), what }).collect()
}

/// The result as the net took it: one text for answers that differ in white space only.
fn output_of(subject: &Subject<'_>, decision: &Decision) -> Box<[u8]> {
    let output = decision.events.iter().find_map(|event| {
        let Event::Completed { path, task, child, output, .. } = event else { return None };
        let is_its = path.child(*child) == subject.key.path && *task == subject.key.task;
        is_its.then_some(output)
    });
    output.map_or_else(Box::default, |output| output.as_bytes().into())
}

fn handed_off(subject: &Subject<'_>, events: &[What]) -> Option<Answered> {
    events.iter().find_map(|what| match what {
        What::Ballot(lease::Event::HandedOff { epoch, .. }) => {
            let item = subject.before.loaded.program.item_id(subject.state, &subject.key);
            Some(Answered::HandedOff { item, epoch: *epoch })
        }
        What::Ballot(_) | What::Panel { .. } | What::Refused { .. } | What::Closed => None,
    })
}

/// The item that a command is about, where a review may have a say in it.
fn item_of(command: &Command) -> Option<&str> {
    match command {
        Command::Start { item }
        | Command::Complete { item, .. }
        | Command::CompleteHeld { item, .. }
        | Command::Vote { item, .. }
        | Command::Resolve { item, .. }
        | Command::ReturnHeld { item, .. }
        | Command::FailHeld { item, .. }
        | Command::HandOff { item, .. }
        | Command::Revive { item } => Some(item),
        Command::Force { .. }
        | Command::Fail { .. }
        | Command::Skip { .. }
        | Command::Suspend { .. }
        | Command::Unsuspend { .. }
        | Command::Rollback { .. }
        | Command::Add { .. }
        | Command::CancelItem { .. }
        | Command::CompleteTask { .. }
        | Command::Restart { .. }
        | Command::Act { .. }
        | Command::Unchain { .. }
        | Command::CancelCase
        | Command::SuspendCase
        | Command::ResumeCase => None,
    }
}
