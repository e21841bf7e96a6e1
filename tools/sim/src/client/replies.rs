//! What a client makes of an answer.

use agents::registry::{Absent, Answer, Refusal};

use super::{Act, Around, Asked, Client, Held, Intent, What};
use crate::message::{Claimed, Command, Done, Refused, Request, Response};

impl Client {
    /// An answer has come. One to a question that nobody remembers is dropped.
    pub(crate) fn hear(&mut self, number: u64, response: Response, around: &mut Around<'_>) {
        let Some(up) = &mut self.up else { return };
        let Some(Asked { what, request }) = up.asked.remove(&number) else { return };
        match (what, response) {
            (_, Response::Registry(answer)) => self.on_registry(what, answer, around),
            (What::Claim(agent), response) => self.on_claimed(agent, response, around),
            (What::Work(agent, place), Response::Command(answer)) => {
                self.on_worked((agent, place), request, answer, around);
            }
            (What::Work(..), _) => {
                // Busy: the same again, under the same number.
                up.asked.insert(number, Asked { what, request });
            }
            (What::Open | What::Register, _) => self.plan(Intent::Begin, 1_000, around),
            (What::Leave, _) => around.acts.push(Act::End),
            (What::Keep, Response::Renewed(renewed)) => self.on_kept(&request, &renewed),
            (What::Beat | What::Keep, _) => {}
        }
    }

    /// What was not renewed belongs to somebody else: it is put away.
    fn on_kept(&mut self, request: &Request, renewed: &[bool]) {
        let (Some(up), Request::Renew(renewals)) = (&mut self.up, request) else { return };
        for (renewal, _) in renewals.iter().zip(renewed).filter(|(_, renewed)| !**renewed) {
            let is_it = |held: &Held| held.epoch == renewal.epoch;
            for agent in &mut up.agents {
                if agent.held.get(&renewal.place).is_some_and(is_it) {
                    agent.held.remove(&renewal.place);
                }
            }
        }
    }

    fn on_registry(
        &mut self,
        what: What,
        answer: Result<Answer, Refusal>,
        around: &mut Around<'_>,
    ) {
        let Some(up) = &mut self.up else { return };
        match answer {
            Ok(Answer::SessionOpened(session)) => {
                up.session = Some(session);
                self.enrol(around);
            }
            Ok(Answer::Registered(enrolments)) => {
                for (agent, enrolment) in up.agents.iter_mut().zip(enrolments) {
                    agent.epoch = Some(enrolment.epoch);
                }
                for agent in 0..self.names.len() {
                    let after_ms = around.chance.below(1_000);
                    self.plan_claim(agent, after_ms, around);
                }
            }
            Ok(Answer::Renewed(answers)) => self.on_renewed(&answers, around),
            Ok(Answer::SessionsRenewed(answers)) => {
                if answers.first().is_some_and(Option::is_none) {
                    up.session = None;
                    self.enrol_again(around);
                } else if answers.iter().flatten().any(|agents| *agents == 0) {
                    // Its agents are another's now.
                    around.acts.push(Act::Count("doubles that gave way"));
                    around.acts.push(Act::End);
                }
            }
            Ok(Answer::Deregistered(_)) => around.acts.push(Act::End),
            Ok(
                Answer::SessionClosed { .. }
                | Answer::StatesSet(_)
                | Answer::Draining(_)
                | Answer::Quarantined(_)
                | Answer::Released(_)
                | Answer::Extended,
            ) => {}
            Err(_) => match what {
                What::Leave => around.acts.push(Act::End),
                // Its session is over.
                What::Open | What::Register | What::Beat => {
                    up.session = None;
                    self.enrol_again(around);
                }
                What::Claim(_) | What::Keep | What::Work(..) => {}
            },
        }
    }

    fn on_renewed(
        &mut self,
        answers: &[Result<agents::registry::Notice, Absent>],
        around: &mut Around<'_>,
    ) {
        let is_replaced =
            |answer: &Result<_, Absent>| matches!(answer, Err(Absent::StaleEpoch { .. }));
        if answers.iter().any(is_replaced) {
            // Another process has the name now.
            around.acts.push(Act::Count("doubles that gave way"));
            around.acts.push(Act::End);
        } else if answers.iter().any(Result::is_err) {
            self.enrol_again(around);
        }
    }

    fn enrol_again(&mut self, around: &mut Around<'_>) {
        around.acts.push(Act::Count("registered again"));
        let Some(up) = &mut self.up else { return };
        up.agents.iter_mut().for_each(|agent| agent.epoch = None);
        self.plan(Intent::Begin, 100, around);
    }

    fn on_claimed(&mut self, agent: usize, response: Response, around: &mut Around<'_>) {
        let is_slow = !around.calm && around.chance.percent(self.temper.is_slow);
        let Some(up) = &mut self.up else { return };
        let me = &mut up.agents[agent];
        me.is_claiming = false;
        if let Response::Denied { draining: true } = response {
            around.acts.push(Act::Count("clients that were told to drain"));
            return self.drain(around);
        }
        let again_ms = match response {
            Response::Granted(items) => {
                for Claimed { place, epoch, term_ms } in &items {
                    let (epoch, term_ms) = (*epoch, *term_ms);
                    let held = Held { epoch, term_ms, is_renewed: !is_slow };
                    me.held.insert(*place, held);
                }
                for Claimed { place, epoch, .. } in items {
                    self.work(agent, place, epoch, around);
                }
                around.chance.below(200)
            }
            Response::Empty { retry_after_ms } => retry_after_ms,
            Response::Denied { .. } => 5_000,
            Response::Busy
            | Response::Registry(_)
            | Response::Renewed(_)
            | Response::Command(_) => 1_000,
        };
        self.plan_claim(agent, again_ms, around);
    }

    fn on_worked(
        &mut self,
        (agent, place): (usize, crate::cases::Place),
        request: Request,
        answer: Result<Done, Refused>,
        around: &mut Around<'_>,
    ) {
        let Some(up) = &mut self.up else { return };
        match answer {
            Ok(Done::Done) => drop(up.agents[agent].held.remove(&place)),
            Ok(Done::HandedOff(next)) => {
                let heir = (agent + 1) % up.agents.len();
                if let Some(held) = up.agents[agent].held.remove(&place) {
                    up.agents[heir].held.insert(place, Held { epoch: next, ..held });
                    self.work(heir, place, next, around);
                }
            }
            Err(Refused::Suspended) => {
                // Asked again, as a new question, when the case may have been resumed.
                let Request::Command { command, .. } = request else { return };
                let epoch = match command {
                    Command::Complete { epoch, .. }
                    | Command::Return { epoch }
                    | Command::Fail { epoch }
                    | Command::HandOff { epoch, .. } => epoch,
                    Command::Launch { .. }
                    | Command::Revive
                    | Command::Cancel
                    | Command::Suspend
                    | Command::Resume => return,
                };
                self.plan(Intent::Finish(agent, place, epoch), 5_000, around);
            }
            Err(Refused::Stale | Refused::Gone | Refused::Other) => {
                around.acts.push(Act::Count("late results refused"));
                up.agents[agent].held.remove(&place);
            }
        }
    }
}
