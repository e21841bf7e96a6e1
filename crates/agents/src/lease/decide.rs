//! What a command means for the leases of a case.

use super::{
    Command, Event, Failure, Lease, Leases, Refusal, Retry, Standing, TERM_MS_MAX, TERM_MS_MIN,
};
use crate::ids::{AgentId, Epoch};

/// Decides what `command` means. The caller stores the event, then applies it. No event: nothing needs to be done.
pub fn decide<K: Clone + Ord>(
    leases: &Leases<K>,
    command: Command<K>,
    retry: Retry,
) -> Result<Option<Event<K>>, Refusal> {
    match command {
        Command::Claim { item, holder, term_ms, epoch } => {
            claim(leases.get(&item), term_ms)?;
            Ok(Some(Event::Claimed { item, holder, term_ms, epoch }))
        }
        Command::Finish { item, epoch } => {
            finish(leases.get(&item), epoch)?;
            Ok(leases.get(&item).map(|_| Event::Finished { item }))
        }
        Command::Return { item, epoch } => {
            holder(leases.get(&item), epoch)?;
            Ok(Some(Event::Returned { item }))
        }
        Command::Fail { item, epoch } => {
            holder(leases.get(&item), epoch)?;
            Ok(Some(failed(leases, (item, epoch), Failure::Reported, retry)))
        }
        Command::Expire { item, epoch } => {
            let is_present = holder(leases.get(&item), epoch).is_ok();
            Ok(is_present.then(|| failed(leases, (item, epoch), Failure::Expired, retry)))
        }
        Command::Refuse { item, epoch } => {
            claim(leases.get(&item), TERM_MS_MIN)?;
            Ok(Some(failed(leases, (item, epoch), Failure::Refused, retry)))
        }
        Command::Condemn { item, epoch } => {
            let how = Failure::Unresolved;
            let attempts = leases.get(&item).map_or(0, |lease| lease.attempts).saturating_add(1);
            Ok(Some(Event::Failed { item, epoch, how, attempts, rest_ms: None }))
        }
        Command::HandOff { item, from, epoch, to, next } => {
            let holder = holder(leases.get(&item), epoch)?;
            if *holder != from {
                return Err(Refusal::WrongHolder { holder: holder.clone(), claimed: from });
            }
            Ok(Some(Event::HandedOff { item, to, epoch: next }))
        }
        Command::Wake { item } => {
            let rests = leases
                .get(&item)
                .is_some_and(|lease| matches!(lease.standing, Standing::Resting { .. }));
            Ok(rests.then_some(Event::Woken { item }))
        }
        Command::Revive { item } => match leases.get(&item).map(|lease| &lease.standing) {
            Some(Standing::DeadLetter) => Ok(Some(Event::Revived { item })),
            Some(Standing::Held { .. } | Standing::Free | Standing::Resting { .. }) | None => {
                Err(Refusal::NotDead)
            }
        },
        Command::Forget { item } => Ok(leases.get(&item).map(|_| Event::Forgotten { item })),
    }
}

fn claim<K>(lease: Option<&Lease<K>>, term_ms: u64) -> Result<(), Refusal> {
    if !(TERM_MS_MIN..=TERM_MS_MAX).contains(&term_ms) {
        return Err(Refusal::Term { given: term_ms });
    }
    let Some(lease) = lease else { return Ok(()) };
    let attempts = lease.attempts;
    match &lease.standing {
        Standing::Free => Ok(()),
        Standing::Held { holder, .. } => {
            Err(Refusal::Held { holder: holder.clone(), epoch: lease.epoch })
        }
        Standing::Resting { rest_ms } => Err(Refusal::Resting { rest_ms: *rest_ms, attempts }),
        Standing::DeadLetter => Err(Refusal::DeadLetter { attempts }),
    }
}

/// A result counts from the present holder, or from anybody where nobody holds the item.
fn finish<K>(lease: Option<&Lease<K>>, epoch: Option<Epoch>) -> Result<(), Refusal> {
    if let Some(epoch) = epoch {
        return holder(lease, epoch).map(drop);
    }
    match lease.map(|lease| (&lease.standing, lease.epoch)) {
        Some((Standing::Held { holder, .. }, epoch)) => {
            Err(Refusal::Held { holder: holder.clone(), epoch })
        }
        Some((Standing::Free | Standing::Resting { .. } | Standing::DeadLetter, _)) | None => {
            Ok(())
        }
    }
}

/// The holder under this epoch.
fn holder<K>(lease: Option<&Lease<K>>, given: Epoch) -> Result<&AgentId, Refusal> {
    let stale = |reason| Refusal::StaleEpoch { given, reason };
    let Some(lease) = lease else { return Err(stale("nobody holds the item")) };
    match &lease.standing {
        Standing::Held { holder, .. } if lease.epoch == given => Ok(holder),
        Standing::Held { .. } => Err(stale("the item has another holder")),
        Standing::Free => Err(stale("the item was given back")),
        Standing::Resting { .. } => Err(stale("the lease ended, the item will be claimed again")),
        Standing::DeadLetter => Err(stale("the lease ended, the item is a dead letter")),
    }
}

fn failed<K: Clone + Ord>(
    leases: &Leases<K>,
    (item, epoch): (K, Epoch),
    how: Failure,
    retry: Retry,
) -> Event<K> {
    let attempts = leases.get(&item).map_or(0, |lease| lease.attempts).saturating_add(1);
    Event::Failed { item, epoch, how, attempts, rest_ms: retry.rest_ms(attempts) }
}
