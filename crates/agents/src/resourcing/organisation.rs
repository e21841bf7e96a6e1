//! Who there is: participants, and the roles, positions and groups that they can be found by.
//!
//! Roles and groups stand in trees: a member of a role is a member of every role above it. What something else
//! names is not removed, so that no name ever points nowhere.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Bound,
};

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use super::ids::{GroupId, ParticipantId, PositionId, RoleId, TaskKey};
use crate::ids::Capability;

mod decide;

pub use self::decide::{Refusal, decide};

/// Entries of each kind. An agent needs none: it is known by its registration.
pub const ENTRIES_MAX: usize = 100_000;
/// Roles, positions or capabilities of one participant.
pub const LIST_MAX: usize = 200;
/// Bytes of a participant's name or login, or of the name of a role, position or group.
pub const TEXT_BYTES_MAX: usize = 256;
/// Tasks that are piled at once.
pub const PILES_MAX: usize = 100_000;

/// All that is known of an organisation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Organisation {
    pub(super) participants: BTreeMap<ParticipantId, Participant>,
    pub(super) roles: BTreeMap<RoleId, Role>,
    pub(super) positions: BTreeMap<PositionId, Position>,
    pub(super) groups: BTreeMap<GroupId, Group>,
    /// Participants by the roles that they have themselves. Follows from `participants`.
    members: BTreeMap<RoleId, BTreeSet<ParticipantId>>,
    /// Participants by login. Follows from `participants`.
    logins: BTreeMap<SmolStr, ParticipantId>,
    /// Who has every item of a task, over all cases.
    pub(super) piles: BTreeMap<TaskKey, ParticipantId>,
}

/// A person, or what is known of an agent beyond its registration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Participant {
    pub id: ParticipantId,
    pub kind: Kind,
    pub name: SmolStr,
    /// What variables of a net name people by. Unique.
    pub login: SmolStr,
    pub roles: BTreeSet<RoleId>,
    pub positions: BTreeSet<PositionId>,
    pub capabilities: BTreeSet<Capability>,
    pub privileges: BTreeSet<UserPrivilege>,
    pub is_available: bool,
    /// What an hour of the participant's time costs, in millionths of a unit of account.
    pub cost_per_hour: Option<u64>,
}

/// Who a participant is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Kind {
    Person,
    /// It can be given work only while the registry has it under its id.
    Agent,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Role {
    pub id: RoleId,
    pub name: SmolStr,
    pub above: Option<RoleId>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    pub id: PositionId,
    pub name: SmolStr,
    pub group: Option<GroupId>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    pub id: GroupId,
    pub name: SmolStr,
    pub above: Option<GroupId>,
}

/// What a participant may do with any item. Those on views and on cases are for whoever shows them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum UserPrivilege {
    /// Start another item than the oldest allocated one.
    ChooseItemToStart,
    /// Start an item while another is started.
    StartConcurrent,
    Reorder,
    ViewTeamItems,
    ViewGroupItems,
    /// Have all items of a case.
    ChainExecution,
    ManageCases,
}

/// Changes the organisation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Adds or replaces. The same again is quietly nothing.
    Set(Entry),
    /// What is not there is quietly nothing.
    Remove(Key),
    /// The participant can be given work, or not.
    SetAvailable {
        who: ParticipantId,
        is_available: bool,
    },
    /// The participant has every item of the task from now on. Whether it may is decided where its items are.
    Pile {
        task: TaskKey,
        by: ParticipantId,
    },
    Unpile {
        task: TaskKey,
        by: ParticipantId,
    },
}

/// What happened. Stored for ever: variants are added at the end, never changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Event {
    Set(Entry),
    Removed(Key),
    AvailabilitySet { who: ParticipantId, is_available: bool },
    Piled { task: TaskKey, by: ParticipantId },
    Unpiled { task: TaskKey },
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Entry {
    Participant(Participant),
    Role(Role),
    Position(Position),
    Group(Group),
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Key {
    Participant(ParticipantId),
    Role(RoleId),
    Position(PositionId),
    Group(GroupId),
}

impl UserPrivilege {
    pub const ALL: [Self; 7] = [
        Self::ChooseItemToStart,
        Self::StartConcurrent,
        Self::Reorder,
        Self::ViewTeamItems,
        Self::ViewGroupItems,
        Self::ChainExecution,
        Self::ManageCases,
    ];

    /// As organisations of the reference write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::ChooseItemToStart => "canChooseItemToStart",
            Self::StartConcurrent => "canStartConcurrent",
            Self::Reorder => "canReorder",
            Self::ViewTeamItems => "canViewTeamItems",
            Self::ViewGroupItems => "canViewOrgGroupItems",
            Self::ChainExecution => "canChainExecution",
            Self::ManageCases => "canManageCases",
        }
    }
}

impl Organisation {
    pub fn participant(&self, id: &ParticipantId) -> Option<&Participant> {
        self.participants.get(id)
    }

    /// Those behind `after`, or all, in the order of their ids; so with roles, positions and groups.
    pub fn participants(
        &self,
        after: Option<&ParticipantId>,
    ) -> impl Iterator<Item = &Participant> {
        behind(&self.participants, after)
    }

    pub fn role(&self, id: &RoleId) -> Option<&Role> {
        self.roles.get(id)
    }

    pub fn roles(&self, after: Option<&RoleId>) -> impl Iterator<Item = &Role> {
        behind(&self.roles, after)
    }

    pub fn position(&self, id: &PositionId) -> Option<&Position> {
        self.positions.get(id)
    }

    pub fn positions(&self, after: Option<&PositionId>) -> impl Iterator<Item = &Position> {
        behind(&self.positions, after)
    }

    pub fn group(&self, id: &GroupId) -> Option<&Group> {
        self.groups.get(id)
    }

    pub fn groups(&self, after: Option<&GroupId>) -> impl Iterator<Item = &Group> {
        behind(&self.groups, after)
    }

    /// Who has every item of the task.
    pub fn piled_by(&self, task: &TaskKey) -> Option<&ParticipantId> {
        self.piles.get(task)
    }

    /// Tasks that are piled, with whoever has their items.
    pub fn piles(&self) -> impl Iterator<Item = (&TaskKey, &ParticipantId)> {
        self.piles.iter()
    }

    /// Events that make this organisation of an empty one: what a snapshot keeps.
    pub fn events(&self) -> impl Iterator<Item = Event> {
        let set = |entry| Event::Set(entry);
        let participants = self.participants.values().cloned().map(Entry::Participant).map(set);
        let roles = self.roles.values().cloned().map(Entry::Role).map(set);
        let positions = self.positions.values().cloned().map(Entry::Position).map(set);
        let groups = self.groups.values().cloned().map(Entry::Group).map(set);
        let piled = |(task, by): (&TaskKey, &ParticipantId)| Event::Piled {
            task: task.clone(),
            by: by.clone(),
        };
        let entries = participants.chain(roles).chain(positions).chain(groups);
        entries.chain(self.piles.iter().map(piled))
    }

    /// Who logs in under that name.
    pub fn by_login(&self, login: &str) -> Option<&ParticipantId> {
        self.logins.get(login)
    }

    /// The first role of that name.
    pub fn role_by_name(&self, name: &str) -> Option<&RoleId> {
        self.roles.values().find(|role| role.name == name).map(|role| &role.id)
    }

    /// Members of the role and of those below it.
    pub fn members(&self, role: &RoleId) -> BTreeSet<&ParticipantId> {
        let inside = |one: &&RoleId| self.is_role_within(one, role);
        self.members
            .iter()
            .filter(|(one, _)| inside(one))
            .flat_map(|(_, members)| members)
            .collect()
    }

    /// Whether somebody has the role or one below it.
    pub fn has_role(&self, who: &ParticipantId, role: &RoleId) -> bool {
        let within = |own: &RoleId| self.is_role_within(own, role);
        self.participants.get(who).is_some_and(|person| person.roles.iter().any(within))
    }

    /// Whether somebody holds a position of that name.
    pub fn has_position(&self, who: &ParticipantId, name: &str) -> bool {
        self.positions_of(who).any(|position| position.name == name)
    }

    /// Whether one of somebody's positions belongs to a group of that name or to one below it.
    pub fn is_in_group(&self, who: &ParticipantId, name: &str) -> bool {
        self.positions_of(who).any(|position| {
            let up = |group: &&Group| group.above.as_ref().and_then(|above| self.groups.get(above));
            let own = position.group.as_ref().and_then(|group| self.groups.get(group));
            std::iter::successors(own, up).any(|group| group.name == name)
        })
    }

    fn positions_of(&self, who: &ParticipantId) -> impl Iterator<Item = &Position> {
        let person = self.participants.get(who);
        let held = person.into_iter().flat_map(|person| &person.positions);
        held.filter_map(|position| self.positions.get(position))
    }

    fn is_role_within(&self, role: &RoleId, whole: &RoleId) -> bool {
        let up = |role: &&Role| role.above.as_ref().and_then(|above| self.roles.get(above));
        std::iter::successors(self.roles.get(role), up).any(|role| role.id == *whole)
    }

    fn link(&mut self, person: &Participant) {
        for role in &person.roles {
            self.members.entry(role.clone()).or_default().insert(person.id.clone());
        }
        self.logins.insert(person.login.clone(), person.id.clone());
    }

    fn unlink(&mut self, person: &Participant) {
        for role in &person.roles {
            if let Some(members) = self.members.get_mut(role) {
                members.remove(&person.id);
                if members.is_empty() {
                    self.members.remove(role);
                }
            }
        }
        self.logins.remove(&person.login);
    }
}

/// Entries in the order of their ids, those behind `after` if it is given.
fn behind<'e, I: Ord, E>(
    entries: &'e BTreeMap<I, E>,
    after: Option<&I>,
) -> impl Iterator<Item = &'e E> {
    let from = after.map_or(Bound::Unbounded, Bound::Excluded);
    entries.range((from, Bound::Unbounded)).map(|(_, entry)| entry)
}

/// Applies one stored event.
pub fn apply(organisation: &mut Organisation, event: &Event) {
    match event {
        Event::Set(Entry::Participant(person)) => {
            let before = organisation.participants.insert(person.id.clone(), person.clone());
            if let Some(before) = before {
                organisation.unlink(&before);
            }
            organisation.link(person);
        }
        Event::Set(Entry::Role(role)) => {
            organisation.roles.insert(role.id.clone(), role.clone());
        }
        Event::Set(Entry::Position(position)) => {
            organisation.positions.insert(position.id.clone(), position.clone());
        }
        Event::Set(Entry::Group(group)) => {
            organisation.groups.insert(group.id.clone(), group.clone());
        }
        Event::Removed(Key::Participant(id)) => {
            if let Some(before) = organisation.participants.remove(id) {
                organisation.unlink(&before);
            }
        }
        Event::Removed(Key::Role(id)) => drop(organisation.roles.remove(id)),
        Event::Removed(Key::Position(id)) => drop(organisation.positions.remove(id)),
        Event::Removed(Key::Group(id)) => drop(organisation.groups.remove(id)),
        Event::AvailabilitySet { who, is_available } => {
            if let Some(person) = organisation.participants.get_mut(who) {
                person.is_available = *is_available;
            }
        }
        Event::Piled { task, by } => {
            organisation.piles.insert(task.clone(), by.clone());
        }
        Event::Unpiled { task } => {
            organisation.piles.remove(task);
        }
    }
}

/// Asserts what holds after every event.
pub fn check_invariants(organisation: &Organisation) {
    let mut built = Organisation::default();
    for person in organisation.participants.values() {
        assert!(person.roles.iter().all(|role| organisation.roles.contains_key(role)), "roles");
        let is_there = |position| organisation.positions.contains_key(position);
        assert!(person.positions.iter().all(is_there), "positions");
        built.link(person);
    }
    assert_eq!(built.members, organisation.members, "members follow from participants");
    assert_eq!(built.logins, organisation.logins, "logins follow from participants");
    assert_eq!(built.logins.len(), organisation.participants.len(), "a login is one person's");
    for role in organisation.roles.values() {
        let up = |role: &&Role| role.above.as_ref().map(|above| &organisation.roles[above]);
        let height = std::iter::successors(Some(role), up).take(ENTRIES_MAX + 1).count();
        assert!(height <= organisation.roles.len(), "the roles above {} go in a circle", role.id);
    }
    for group in organisation.groups.values() {
        let up = |group: &&Group| group.above.as_ref().map(|above| &organisation.groups[above]);
        let height = std::iter::successors(Some(group), up).take(ENTRIES_MAX + 1).count();
        assert!(
            height <= organisation.groups.len(),
            "the groups above {} go in a circle",
            group.id
        );
    }
}

#[cfg(test)]
mod tests;
