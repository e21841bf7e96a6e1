//! Who is offered an item, and how far it goes without anybody's word. (YAWL: `ResourceMap.distribute`.)
//!
//! The set that the specification names, without those whom filters and constraints take out, without those
//! who gave the item back and those who cannot be given work now. What is left of it decides: whoever piled the
//! task or has chained the case gets the item started; else it is offered to all, or the allocator picks one.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{
    allocator::{Past, mixed},
    facts::{Facts, is_available, is_capable, is_known},
    ids::ParticipantId,
    specification::{
        Allocate, Constraint, DistributionSet, Filter, Initiator, Offer, Refers, Resourcing,
        Variable,
    },
};

/// Participants that one item is offered to. Of a larger set chance takes so many.
pub const OFFER_MAX: usize = 1_000;

/// What becomes of an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Distribution {
    /// An administrator must say who gets it.
    Unoffered(Reason),
    Offered(BTreeSet<ParticipantId>),
    Allocated(ParticipantId),
    /// The item is to be started for the participant at once.
    Started(ParticipantId),
}

/// Why an item is offered to nobody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Reason {
    /// It has not been distributed yet.
    Fresh,
    /// The specification says so.
    ByAdministrator,
    /// The specification's set, filters and constraints leave nobody.
    NobodyNamed,
    /// Those that they leave gave the item back or cannot be given work now.
    NobodyLeft,
    /// The net would not start it, or it failed too often.
    NotStarted,
    /// Too many offers are open.
    Full,
}

/// What is known of the item, its task and its case beside the facts.
#[derive(Clone, Copy)]
pub struct Standing<'s> {
    /// Who gets every item of the task.
    pub piled_by: Option<&'s ParticipantId>,
    /// Who gets every item of the case that is offered to them.
    pub chained_by: Option<&'s ParticipantId>,
    /// Who gave the item back: they are not asked again.
    pub deallocated_by: &'s BTreeSet<ParticipantId>,
    /// How many allocated items somebody has.
    pub allocated: &'s dyn Fn(&ParticipantId) -> usize,
}

/// Distributes one item. `seed` is the chance.
pub fn distribute(
    asked: &Resourcing,
    facts: &dyn Facts,
    standing: &Standing<'_>,
    seed: u64,
) -> Distribution {
    let may_get =
        |who: &ParticipantId| !standing.deallocated_by.contains(who) && is_available(facts, who);
    if let Some(piler) = standing.piled_by.filter(|piler| may_get(piler)) {
        return Distribution::Started(piler.clone());
    }
    let mut set = match &asked.offer {
        Offer::ByAdministrator => return Distribution::Unoffered(Reason::ByAdministrator),
        Offer::ToFamiliar { task } => facts.who_completed(task).into_iter().collect(),
        Offer::ToSet(set) => of_set(set, facts),
        Offer::ToEverybody => {
            facts.organisation().participants(None).map(|one| one.id.clone()).collect()
        }
    };
    if set.is_empty() {
        return Distribution::Unoffered(Reason::NobodyNamed);
    }
    set.retain(may_get);
    if let Some(chainer) = standing.chained_by.filter(|chainer| set.contains(*chainer)) {
        return Distribution::Started(chainer.clone());
    }
    let Allocate::BySystem(allocator) = asked.allocate else {
        return offered(set, seed);
    };
    let past = Past { facts, allocated: standing.allocated };
    match (allocator.choose(&set, past, seed), asked.start) {
        (None, _) => Distribution::Unoffered(Reason::NobodyLeft),
        (Some(who), Initiator::User) => Distribution::Allocated(who.clone()),
        (Some(who), Initiator::System) => Distribution::Started(who.clone()),
    }
}

fn offered(set: BTreeSet<ParticipantId>, seed: u64) -> Distribution {
    if set.is_empty() {
        return Distribution::Unoffered(Reason::NobodyLeft);
    }
    if set.len() <= OFFER_MAX {
        return Distribution::Offered(set);
    }
    // So many in a row from somewhere on: over many items everybody is asked alike.
    let first = usize::try_from(mixed(seed) % set.len() as u64).unwrap_or_default();
    Distribution::Offered(set.iter().cycle().skip(first).take(OFFER_MAX).cloned().collect())
}

/// Everybody that the set leaves.
fn of_set(asked: &DistributionSet, facts: &dyn Facts) -> BTreeSet<ParticipantId> {
    let organisation = facts.organisation();
    let mut set: BTreeSet<ParticipantId> = asked.named.participants.iter().cloned().collect();
    for role in &asked.named.roles {
        set.extend(organisation.members(role).into_iter().cloned());
    }
    for variable in &asked.variables {
        add_variable(variable, facts, &mut set);
    }
    // A name that nobody has is passed over: people leave while specifications stay.
    set.retain(|who| is_known(facts, who));
    for filter in &asked.filters {
        set.retain(|who| passes(filter, who, facts));
    }
    for constraint in &asked.constraints {
        match constraint {
            Constraint::SeparationOfDuties { task } => {
                let excluded: BTreeSet<_> = facts.who_completed(task).into_iter().collect();
                set.retain(|who| !excluded.contains(who));
            }
            Constraint::PiledExecution => {}
        }
    }
    set
}

/// Adds those whom the variable of the net names now.
fn add_variable(variable: &Variable, facts: &dyn Facts, set: &mut BTreeSet<ParticipantId>) {
    let organisation = facts.organisation();
    let value = facts.variable(&variable.name).unwrap_or_default();
    for name in value.split(',').map(str::trim) {
        match variable.refers {
            Refers::Participant => {
                // An agent has no login: it is named by its id, as whoever has no such login is.
                let by_login = organisation.by_login(name).cloned();
                set.extend(by_login.or_else(|| name.parse().ok()));
            }
            Refers::Role => {
                let role = organisation.role_by_name(name);
                let members = role.map(|role| organisation.members(role)).unwrap_or_default();
                set.extend(members.into_iter().cloned());
            }
        }
    }
}

fn passes(filter: &Filter, who: &ParticipantId, facts: &dyn Facts) -> bool {
    let organisation = facts.organisation();
    let value = |name: &str| facts.variable(name);
    match filter {
        Filter::Capability(expression) => {
            expression.holds(&|name| is_capable(facts, who, name), &value)
        }
        Filter::Organisation { position, group } => {
            let position = position.as_ref().is_none_or(|expression| {
                expression.holds(&|name| organisation.has_position(who, name), &value)
            });
            let group = group.as_ref().is_none_or(|expression| {
                expression.holds(&|name| organisation.is_in_group(who, name), &value)
            });
            position && group
        }
    }
}

#[cfg(test)]
mod tests;
