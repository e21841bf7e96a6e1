//! Words of a script that are about reviews:
//!
//! ```text
//! vote ann 1.1:A 0.9 <Work/>    with ann's ballot, or with the epoch that is given instead
//! give-back ann 1.1:A           also give-up, hand-ballot ann 1.1:A bob, renew-ballot
//! resolve 1.1:A eve <Work/>
//! review 1.1:A                  reviews, reviews human-needed
//! ```

use std::fmt::Write as _;

use agents::{
    Epoch,
    conflict::{Phase, Share},
    jury::Ballot,
    lease::TERM_MS_DEFAULT,
};

use super::people::id;
use crate::{
    ClaimedBallot, Command, Handle, Rejected, Renewal, ReviewFilter, ReviewSummary, case_of_item,
};

/// Does a line, or gives nothing if it is not about reviews.
pub(super) async fn tell(
    handle: &Handle,
    word: &str,
    rest: &str,
) -> Option<Result<String, Rejected>> {
    let words: Vec<&str> = rest.split(' ').collect();
    let told = match word {
        "review" => handle.review(words[0]).await.map(|detail| show(&detail)),
        "reviews" => Ok(list(handle, rest)),
        "resolve" => {
            let (item, by) = (words[0].to_owned(), words[1].to_owned());
            ask(handle, words[0], Command::Resolve { item, data: words[2..].join(" "), by }).await
        }
        "renew-ballot" => {
            let (item, epoch) = (words[1].to_owned(), epoch(handle, words[0], words[1]).await);
            let renewal = Renewal { item, epoch, term_ms: TERM_MS_DEFAULT };
            handle.renew_leases(vec![renewal]).await.remove(0).map(|left| format!("{left} ms left"))
        }
        "vote" | "give-back" | "give-up" | "hand-ballot" => {
            let epoch = epoch(handle, words[0], words[1]).await;
            ask(handle, words[1], command(word, &words, epoch)).await
        }
        _ => return None,
    };
    Some(told)
}

fn command(word: &str, words: &[&str], epoch: Epoch) -> Command {
    let item = words[1].to_owned();
    match word {
        "vote" => Command::Vote {
            item,
            data: words[3..].join(" "),
            epoch,
            confidence: Share::new(words[2].parse().unwrap()).unwrap(),
            reasoning: "as it seems".to_owned(),
        },
        "give-back" => Command::ReturnHeld { item, epoch },
        "give-up" => Command::FailHeld { item, epoch },
        _ => Command::HandOff { item, from: id(words[0]), epoch, to: id(words[2]) },
    }
}

async fn ask(handle: &Handle, item: &str, command: Command) -> Result<String, Rejected> {
    let case = case_of_item(item).unwrap();
    Ok(format!("{:?}", handle.command(&case, None, command).await?))
}

/// The epoch of an agent's ballot, or the one that is given.
async fn epoch(handle: &Handle, who: &str, item: &str) -> Epoch {
    if let Ok(number) = who.parse() {
        return Epoch(number);
    }
    let Ok(detail) = handle.review(item).await else { return Epoch(0) };
    let mut ballots = detail.ballots.iter();
    let held = ballots.find(|one| one.lease.holder == Some(id(who)));
    held.map_or(Epoch(0), |one| one.lease.epoch)
}

/// What a claimant got of an item under review.
pub(super) fn ballot(claimed: &ClaimedBallot) -> String {
    let name = match claimed.ballot {
        Ballot::ARBITER => "the arbiter's ballot".to_owned(),
        Ballot(number) => format!("ballot {number} of {}", claimed.quorum),
    };
    let votes: Vec<_> = claimed.votes.iter().map(|vote| vote.agent.to_string()).collect();
    format!(" ({name}{})", votes.iter().map(|vote| format!(" {vote}")).collect::<String>())
}

fn show(detail: &crate::ReviewDetail) -> String {
    let mut said = standing(&detail.summary);
    for vote in &detail.votes {
        let ballot = vote.ballot.map_or(0, |ballot| ballot.0);
        write!(said, "; {} {} {} {}", vote.agent, ballot, vote.confidence, vote.answer).unwrap();
    }
    for one in &detail.ballots {
        let holder = one.lease.holder.as_ref().map(|id| format!(" by {id}")).unwrap_or_default();
        write!(said, "; ballot {} {}{holder}", one.ballot.0, one.lease.standing).unwrap();
    }
    for tallied in &detail.tally {
        write!(said, "; {} for {}", tallied.votes, tallied.answer).unwrap();
    }
    said
}

fn standing(summary: &ReviewSummary) -> String {
    let standing = summary.standing;
    let phase = standing.phase.name();
    format!("{} {phase} {} of {}", summary.item, standing.votes, standing.quorum)
}

fn list(handle: &Handle, rest: &str) -> String {
    let phase = Phase::ALL.into_iter().find(|phase| phase.name() == rest);
    let (mut said, mut after) = (Vec::new(), None);
    loop {
        let page = handle.reviews(&ReviewFilter { phase }, after.as_deref(), 1);
        said.extend(page.items.iter().map(standing));
        after = page.next;
        if after.is_none() {
            return said.join(", ");
        }
    }
}
