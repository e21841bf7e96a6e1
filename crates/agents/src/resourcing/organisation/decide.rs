//! What a command means to the organisation: nothing may name what is not there, and no tree may be a circle.

use super::{
    Command, ENTRIES_MAX, Entry, Event, Group, Key, LIST_MAX, Organisation, PILES_MAX, Participant,
    Position, Role, TEXT_BYTES_MAX,
};
use crate::resourcing::ids::{GroupId, ParticipantId, RoleId, TaskKey};

/// Why a command was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("{what} {id} is not known")]
    Unknown { what: &'static str, id: String },
    #[error("{what} {id} would stand above itself")]
    Circle { what: &'static str, id: String },
    #[error("{what} {id} is named by {by}")]
    InUse { what: &'static str, id: String, by: String },
    #[error("the login {login:?} is that of participant {of}")]
    LoginTaken { login: String, of: ParticipantId },
    #[error("the login is empty")]
    NoLogin,
    #[error("there are {ENTRIES_MAX} {what}s, which is the most")]
    Full { what: &'static str },
    #[error("participant {id} has more than {LIST_MAX} {what}")]
    TooMany { id: ParticipantId, what: &'static str },
    #[error("the {what} has {bytes} bytes, at most {TEXT_BYTES_MAX} are allowed")]
    TooLong { what: &'static str, bytes: usize },
    #[error("the task {task} is piled by {by}")]
    Piled { task: TaskKey, by: ParticipantId },
    #[error("{PILES_MAX} tasks are piled, which is the most")]
    TooManyPiles,
}

/// Decides what `command` means. The caller stores the events, then applies them.
pub fn decide(organisation: &Organisation, command: Command) -> Result<Vec<Event>, Refusal> {
    match command {
        Command::Set(entry) => set(organisation, entry),
        Command::Remove(key) => remove(organisation, key),
        Command::SetAvailable { who, is_available } => match organisation.participant(&who) {
            Some(person) if person.is_available == is_available => Ok(Vec::new()),
            Some(_) => Ok(vec![Event::AvailabilitySet { who, is_available }]),
            None => Err(unknown("participant", &who)),
        },
        Command::Pile { task, by } => match organisation.piled_by(&task) {
            Some(piler) if *piler == by => Ok(Vec::new()),
            Some(piler) => Err(Refusal::Piled { by: piler.clone(), task }),
            None if organisation.piles.len() >= PILES_MAX => Err(Refusal::TooManyPiles),
            None => Ok(vec![Event::Piled { task, by }]),
        },
        Command::Unpile { task, by } => match organisation.piled_by(&task) {
            Some(piler) if *piler == by => Ok(vec![Event::Unpiled { task }]),
            Some(piler) => Err(Refusal::Piled { by: piler.clone(), task }),
            None => Ok(Vec::new()),
        },
    }
}

fn set(organisation: &Organisation, entry: Entry) -> Result<Vec<Event>, Refusal> {
    let is_same = match &entry {
        Entry::Participant(person) => {
            check_participant(organisation, person)?;
            changes(&organisation.participants, &person.id, person, "participant")?
        }
        Entry::Role(role) => {
            short("name", &role.name)?;
            check_role(organisation, role)?;
            changes(&organisation.roles, &role.id, role, "role")?
        }
        Entry::Position(position) => {
            short("name", &position.name)?;
            check_position(organisation, position)?;
            changes(&organisation.positions, &position.id, position, "position")?
        }
        Entry::Group(group) => {
            short("name", &group.name)?;
            check_group(organisation, group)?;
            changes(&organisation.groups, &group.id, group, "group")?
        }
    };
    Ok(if is_same { Vec::new() } else { vec![Event::Set(entry)] })
}

/// Whether `entries` has exactly this one already; refused where a new one has no room.
fn changes<I: Ord, E: PartialEq>(
    entries: &std::collections::BTreeMap<I, E>,
    id: &I,
    entry: &E,
    what: &'static str,
) -> Result<bool, Refusal> {
    match entries.get(id) {
        Some(before) => Ok(before == entry),
        None if entries.len() >= ENTRIES_MAX => Err(Refusal::Full { what }),
        None => Ok(false),
    }
}

fn check_participant(organisation: &Organisation, person: &Participant) -> Result<(), Refusal> {
    if person.login.is_empty() {
        return Err(Refusal::NoLogin);
    }
    short("login", &person.login)?;
    short("name", &person.name)?;
    if let Some(of) = organisation.by_login(&person.login).filter(|of| **of != person.id) {
        return Err(Refusal::LoginTaken { login: person.login.to_string(), of: of.clone() });
    }
    let lists = [
        ("roles", person.roles.len()),
        ("positions", person.positions.len()),
        ("capabilities", person.capabilities.len()),
    ];
    if let Some((what, _)) = lists.into_iter().find(|(_, count)| *count > LIST_MAX) {
        return Err(Refusal::TooMany { id: person.id.clone(), what });
    }
    if let Some(role) = person.roles.iter().find(|role| !organisation.roles.contains_key(*role)) {
        return Err(unknown("role", role));
    }
    let is_missing = |position: &&_| !organisation.positions.contains_key(*position);
    match person.positions.iter().find(is_missing) {
        Some(position) => Err(unknown("position", position)),
        None => Ok(()),
    }
}

fn short(what: &'static str, text: &str) -> Result<(), Refusal> {
    match text.len() {
        bytes if bytes > TEXT_BYTES_MAX => Err(Refusal::TooLong { what, bytes }),
        _ => Ok(()),
    }
}

fn check_role(organisation: &Organisation, role: &Role) -> Result<(), Refusal> {
    let Some(above) = &role.above else { return Ok(()) };
    let up = |id: &&RoleId| organisation.roles.get(*id).and_then(|role| role.above.as_ref());
    if std::iter::successors(Some(above), up).any(|id| *id == role.id) {
        return Err(Refusal::Circle { what: "role", id: role.id.to_string() });
    }
    if !organisation.roles.contains_key(above) {
        return Err(unknown("role", above));
    }
    Ok(())
}

fn check_group(organisation: &Organisation, group: &Group) -> Result<(), Refusal> {
    let Some(above) = &group.above else { return Ok(()) };
    let up = |id: &&GroupId| organisation.groups.get(*id).and_then(|group| group.above.as_ref());
    if std::iter::successors(Some(above), up).any(|id| *id == group.id) {
        return Err(Refusal::Circle { what: "group", id: group.id.to_string() });
    }
    if !organisation.groups.contains_key(above) {
        return Err(unknown("group", above));
    }
    Ok(())
}

fn check_position(organisation: &Organisation, position: &Position) -> Result<(), Refusal> {
    match &position.group {
        Some(group) if !organisation.groups.contains_key(group) => Err(unknown("group", group)),
        Some(_) | None => Ok(()),
    }
}

fn remove(organisation: &Organisation, key: Key) -> Result<Vec<Event>, Refusal> {
    let is_there = match &key {
        Key::Participant(id) => organisation.participants.contains_key(id),
        Key::Role(id) => organisation.roles.contains_key(id),
        Key::Position(id) => organisation.positions.contains_key(id),
        Key::Group(id) => organisation.groups.contains_key(id),
    };
    if !is_there {
        return Ok(Vec::new());
    }
    if let Some((what, id, by)) = user(organisation, &key) {
        return Err(Refusal::InUse { what, id, by });
    }
    let is_theirs = |by: &ParticipantId| matches!(&key, Key::Participant(id) if id == by);
    let piles = organisation.piles().filter(|(_, by)| is_theirs(by));
    let mut events: Vec<_> = piles.map(|(task, _)| Event::Unpiled { task: task.clone() }).collect();
    events.push(Event::Removed(key));
    Ok(events)
}

/// Something that names the entry: what it is, its id, and by whom.
fn user(organisation: &Organisation, key: &Key) -> Option<(&'static str, String, String)> {
    let mut people = organisation.participants.values();
    match key {
        Key::Participant(_) => None,
        Key::Role(id) => {
            let holder = people.find(|person| person.roles.contains(id));
            let mut roles = organisation.roles.values();
            let by = holder.map(|person| format!("participant {}", person.id)).or_else(|| {
                let below = roles.find(|role| role.above.as_ref() == Some(id));
                below.map(|role| format!("role {}", role.id))
            });
            by.map(|by| ("role", id.to_string(), by))
        }
        Key::Position(id) => {
            let holder = people.find(|person| person.positions.contains(id));
            holder.map(|by| ("position", id.to_string(), format!("participant {}", by.id)))
        }
        Key::Group(id) => {
            let mut positions = organisation.positions.values();
            let mut groups = organisation.groups.values();
            let position = positions.find(|position| position.group.as_ref() == Some(id));
            let by = position.map(|position| format!("position {}", position.id)).or_else(|| {
                let below = groups.find(|group| group.above.as_ref() == Some(id));
                below.map(|group| format!("group {}", group.id))
            });
            by.map(|by| ("group", id.to_string(), by))
        }
    }
}

fn unknown(what: &'static str, id: &impl ToString) -> Refusal {
    Refusal::Unknown { what, id: id.to_string() }
}
