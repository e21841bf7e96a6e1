//! What clients say of participants, roles, positions and groups.

use std::{collections::BTreeSet, str::FromStr};

use agents::{
    InvalidName,
    resourcing::organisation::{Group, Kind, Participant, Position, Role, UserPrivilege},
};
use wire::organisation::{GroupEntry, ParticipantEntry, ParticipantKind, PositionEntry, RoleEntry};

use super::{capability, name};
use crate::problem::{Code, Failure};

pub(crate) fn participant(id: &str, from: ParticipantEntry) -> Result<Participant, Failure> {
    let capabilities = from.capabilities.iter().map(|one| capability(one));
    let login = if from.login.is_empty() { id.trim() } else { &from.login };
    Ok(Participant {
        id: name(id)?,
        kind: match from.kind {
            ParticipantKind::Person => Kind::Person,
            ParticipantKind::Agent => Kind::Agent,
        },
        name: from.name.into(),
        login: login.into(),
        roles: names(&from.roles)?,
        positions: names(&from.positions)?,
        capabilities: capabilities.collect::<Result<_, _>>()?,
        privileges: from.privileges.iter().map(|one| privilege(one)).collect::<Result<_, _>>()?,
        is_available: from.available,
        cost_per_hour: from.cost_per_hour,
    })
}

pub(crate) fn role(id: &str, from: RoleEntry) -> Result<Role, Failure> {
    let above = from.above.as_deref().map(name).transpose()?;
    Ok(Role { id: name(id)?, name: from.name.into(), above })
}

pub(crate) fn position(id: &str, from: PositionEntry) -> Result<Position, Failure> {
    let group = from.group.as_deref().map(name).transpose()?;
    Ok(Position { id: name(id)?, name: from.name.into(), group })
}

pub(crate) fn group(id: &str, from: GroupEntry) -> Result<Group, Failure> {
    let above = from.above.as_deref().map(name).transpose()?;
    Ok(Group { id: name(id)?, name: from.name.into(), above })
}

fn names<T: FromStr<Err = InvalidName> + Ord>(from: &[String]) -> Result<BTreeSet<T>, Failure> {
    from.iter().map(|one| name(one)).collect()
}

fn privilege(from: &str) -> Result<UserPrivilege, Failure> {
    let named = UserPrivilege::ALL.into_iter().find(|one| one.name() == from);
    named.ok_or_else(|| {
        let known = UserPrivilege::ALL.map(UserPrivilege::name).join(", ");
        let from: String = from.chars().take(100).collect();
        Failure::new(Code::EntryInvalid, format!("no privilege is {from:?}; use one of {known}"))
    })
}
