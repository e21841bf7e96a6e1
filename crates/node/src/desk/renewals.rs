//! Renewals that came together are decided as one: one event, one record, whether ten callers renew a hundred agents each
//! or a thousand callers one.

use agents::registry::{Answer, Command, Incarnation, RENEW_MAX};
use tokio::sync::oneshot;

use super::{
    Running,
    messages::{Message, Reply},
};
use crate::rejected::Rejected;

type Caller = oneshot::Sender<Result<Answer, Rejected>>;

/// Renewals that were not decided yet, in the order in which they came.
#[derive(Default)]
pub(super) struct Renewals {
    agents: Vec<Incarnation>,
    /// Who renews how many of them.
    callers: Vec<(Caller, usize)>,
}

impl Running {
    /// Keeps a renewal for later; gives back every other message.
    pub(super) fn gather(&mut self, message: Message) -> Option<Message> {
        let Message::Registry { command: Command::Renew { mut agents }, reply } = message else {
            return Some(message);
        };
        // One that is too large by itself is refused by itself.
        if self.renewals.agents.len() + agents.len() > RENEW_MAX {
            self.renew();
        }
        self.renewals.callers.push((reply, agents.len()));
        self.renewals.agents.append(&mut agents);
        None
    }

    /// Decides what was gathered. Each caller gets the answers to what it asked for.
    pub(super) fn renew(&mut self) {
        let Renewals { agents, callers } = std::mem::take(&mut self.renewals);
        if callers.is_empty() {
            return;
        }
        let answers = match self.decide(Command::Renew { agents }) {
            Ok(Answer::Renewed(answers)) => answers,
            Ok(_) => unreachable!("a renewal is answered as one"),
            Err(rejected) => {
                for (caller, _) in callers {
                    self.batch.replies.push(Reply::Registry(caller, Err(rejected.clone())));
                }
                return;
            }
        };
        let mut answers = answers.into_iter();
        for (caller, count) in callers {
            let own = Answer::Renewed(answers.by_ref().take(count).collect());
            self.batch.replies.push(Reply::Registry(caller, Ok(own)));
        }
    }
}
