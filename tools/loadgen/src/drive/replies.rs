//! What the swarm makes of answers.

use std::time::Duration;

use tokio::time::Instant;
use wire::claim::ClaimedItem;

use super::{Drive, Fired, Next, Whose};
use crate::{
    fleet::{Hand, Hold, Will},
    shot::Reply,
};

/// What a result is refused with that came too late.
const TOO_LATE: [&str; 4] = ["stale-epoch", "wrong-holder", "no-such-item", "no-such-case"];
/// Times that one result is sent: then it is unknown for good.
const ATTEMPTS_MAX: u32 = 8;
/// Before a result is sent again that nobody has answered.
const AGAIN: Duration = Duration::from_millis(500);

impl Drive<'_> {
    pub(super) fn on_fired(&mut self, fired: Fired) {
        let Fired { shot, whose } = fired;
        let phase = self.plan.phase(shot.intended.saturating_duration_since(self.began));
        self.latencies.count(phase, &shot);
        match whose {
            Whose::Launch(number) => match shot.reply {
                Reply::Done | Reply::Claimed(..) | Reply::Renewed(_) => {
                    self.ledger.launched(number)
                }
                Reply::Refused { .. } => self.ledger.launch_refused(number),
                Reply::Unknown => self.ledger.launch_unknown(number),
            },
            Whose::Claim(agent) => self.on_claimed(agent, shot.reply),
            Whose::Finish(session, hold, will) => {
                self.on_finished((session, hold), will, shot.reply)
            }
            Whose::Keep(session, holds) => {
                if let Reply::Renewed(each) = shot.reply {
                    let lost = holds.into_iter().zip(each).filter(|(_, goes_on)| !goes_on);
                    for (hold, _) in lost {
                        self.on_lost(session, &hold);
                    }
                }
            }
            Whose::Beat => {}
            Whose::Register(session, Some(enrolled)) => self.fleet.enrolled(session, &enrolled),
            Whose::Register(session, None) => {
                tracing::warn!(session, "a session did not come back; trying again");
                self.plan_next(Instant::now() + AGAIN, Next::Planned(crate::plan::What::Storm));
            }
        }
    }

    fn on_claimed(&mut self, agent: usize, reply: Reply) {
        self.fleet.agents[agent].is_claiming = false;
        let now = Instant::now();
        let away = match reply {
            Reply::Claimed(items, away) => {
                let is_empty = items.is_empty();
                for item in items {
                    self.take(agent, &item, now);
                }
                away.filter(|_| is_empty)
            }
            Reply::Refused { retry_after, .. } => Some(retry_after.unwrap_or(AGAIN)),
            Reply::Unknown => Some(AGAIN),
            Reply::Done | Reply::Renewed(_) => None,
        };
        // After the last launch work has to be found, not waited for.
        let away = away.filter(|_| self.end.is_none());
        self.fleet.agents[agent].away_until = away.map(|away| now + away);
    }

    /// An agent has an item: what it will do with it, and when, is its temper.
    fn take(&mut self, agent: usize, item: &ClaimedItem, now: Instant) {
        self.ledger.claimed += 1;
        let temper = self.settings.temper;
        let term = Duration::from_millis(item.term_ms);
        let think = temper.think.time(&mut self.chance);
        let dice = self.chance.place(100);
        let (errs, returns) = (usize::from(temper.errs), usize::from(temper.returns));
        let slow = errs + returns + usize::from(temper.is_slow);
        let crash = slow + usize::from(temper.crashes);
        let (will, renews, after) = match dice {
            dice if dice < errs => (Will::Fail, true, think),
            dice if dice < errs + returns => (Will::Return, true, think),
            dice if dice < slow => (Will::Complete, false, term + think),
            dice if dice < crash => (Will::Complete, false, 2 * term + think),
            _ => (Will::Complete, true, think),
        };
        let hold = Hold { item: item.item.clone(), epoch: item.epoch };
        let session = self.fleet.agents[agent].session;
        let hand = Hand { will, renews, attempts: 0 };
        self.fleet.sessions[session].hands.insert(hold.clone(), hand);
        self.plan_next(now + after, Next::Finish(session, hold));
    }

    fn on_finished(&mut self, (session, hold): (usize, Hold), will: Will, reply: Reply) {
        let is_result = will == Will::Complete;
        let again = match &reply {
            Reply::Done | Reply::Claimed(..) | Reply::Renewed(_) => None,
            Reply::Refused { retry_after: Some(pause), .. } => Some(*pause),
            Reply::Refused { code, .. } if code == "not-sent" => Some(AGAIN),
            Reply::Refused { .. } => None,
            Reply::Unknown => Some(AGAIN),
        };
        let hands = &mut self.fleet.sessions[session].hands;
        if let Some(pause) = again
            && let Some(hand) = hands.get_mut(&hold)
            && hand.attempts < ATTEMPTS_MAX
        {
            hand.attempts += 1;
            return self.plan_next(Instant::now() + pause, Next::Finish(session, hold));
        }
        hands.remove(&hold);
        if !is_result {
            return;
        }
        match reply {
            Reply::Done | Reply::Claimed(..) | Reply::Renewed(_) => {
                self.ledger.results.acknowledged += 1;
                self.ledger.completed(hold.item, hold.epoch);
            }
            Reply::Refused { code, .. } => {
                self.ledger.results.failed += 1;
                self.ledger.late_refused += u64::from(TOO_LATE.contains(&code.as_str()));
            }
            Reply::Unknown => self.ledger.results.unknown += 1,
        }
    }

    /// A lease is gone before the work is done. A result that is under way decides by itself.
    fn on_lost(&mut self, session: usize, hold: &Hold) {
        let hands = &mut self.fleet.sessions[session].hands;
        if hands.get(hold).is_some_and(|hand| hand.attempts == 0) {
            // Its agent finds out when it brings the result.
            self.ledger.lost_in_hand += 1;
            if let Some(hand) = hands.get_mut(hold) {
                hand.renews = false;
            }
        }
    }
}
