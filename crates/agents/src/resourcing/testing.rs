//! A small world for tests: an organisation with its people, two agents, and whatever past a test gives it.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Experience, Facts, GroupId, Organisation, ParticipantId, PositionId, Resourcing, RoleId,
    organisation::{
        Command, Entry, Group, Kind, Participant, Position, Role, UserPrivilege, apply, decide,
    },
};
use crate::ids::Capability;

/// People `ann`, `bob`, `cid`, `dan` and `eve`; agents `bot:1` and `bot:2`.
///
/// ```text
///   role staff    ── role clerk (ann, bob) ── role junior (cid)         dan is boss, eve has no role
///   group firm ── group claims ── position adjuster (ann, cid)          position head, of firm (dan)
/// ```
pub(super) struct World {
    pub(super) organisation: Organisation,
    /// Agents with their capabilities, and whether they take work.
    pub(super) agents: BTreeMap<ParticipantId, (bool, Vec<Capability>)>,
    /// Who completed which task in this case.
    pub(super) completed: BTreeMap<String, Vec<ParticipantId>>,
    pub(super) variables: BTreeMap<String, String>,
    pub(super) experience: BTreeMap<ParticipantId, Experience>,
}

impl Facts for World {
    fn organisation(&self) -> &Organisation {
        &self.organisation
    }

    fn is_agent(&self, who: &ParticipantId) -> bool {
        self.agents.contains_key(who)
    }

    fn agent_takes_work(&self, who: &ParticipantId) -> bool {
        self.agents.get(who).is_some_and(|(takes_work, _)| *takes_work)
    }

    fn agent_can(&self, who: &ParticipantId, capability: &Capability) -> bool {
        self.agents.get(who).is_some_and(|(_, capabilities)| capabilities.contains(capability))
    }

    fn who_completed(&self, task: &str) -> Vec<ParticipantId> {
        self.completed.get(task).cloned().unwrap_or_default()
    }

    fn variable(&self, name: &str) -> Option<String> {
        self.variables.get(name).cloned()
    }

    fn experience(&self, who: &ParticipantId) -> Experience {
        self.experience.get(who).cloned().unwrap_or_default()
    }
}

impl World {
    pub(super) fn new() -> Self {
        let mut world = Self {
            organisation: Organisation::default(),
            agents: BTreeMap::new(),
            completed: BTreeMap::new(),
            variables: BTreeMap::new(),
            experience: BTreeMap::new(),
        };
        for (id, above) in [("staff", None), ("clerk", Some("staff")), ("junior", Some("clerk"))] {
            world.set(role(id, above));
        }
        world.set(role("boss", None));
        world.set(group("firm", None));
        world.set(group("claims", Some("firm")));
        world.set(position("adjuster", "claims"));
        world.set(position("head", "firm"));
        world.set(person("ann", &["clerk"], &["adjuster"], &["Bachelor's in law", "english"]));
        world.set(person("bob", &["clerk"], &[], &["english"]));
        world.set(person("cid", &["junior"], &["adjuster"], &["french"]));
        world.set(person("dan", &["boss"], &["head"], &["english", "french"]));
        world.set(person("eve", &[], &[], &[]));
        for (agent, capability) in [("bot:1", "english"), ("bot:2", "french")] {
            world.agents.insert(who(agent), (true, vec![capability.parse().unwrap()]));
        }
        world
    }

    pub(super) fn set(&mut self, entry: Entry) {
        self.change(Command::Set(entry));
    }

    /// Whether a person or an agent can be given work.
    pub(super) fn set_available(&mut self, name: &str, is_available: bool) {
        if let Some(agent) = self.agents.get_mut(&who(name)) {
            agent.0 = is_available;
        } else {
            self.set_person_available(name, is_available);
        }
    }

    /// What the organisation says of somebody, be it an agent or not.
    pub(super) fn set_person_available(&mut self, name: &str, is_available: bool) {
        self.change(Command::SetAvailable { who: who(name), is_available });
    }

    pub(super) fn experienced(&mut self, name: &str, experience: Experience) {
        self.experience.insert(who(name), experience);
    }

    pub(super) fn change(&mut self, command: Command) {
        for event in decide(&self.organisation, command).unwrap() {
            apply(&mut self.organisation, &event);
        }
    }
}

pub(super) fn who(name: &str) -> ParticipantId {
    name.parse().unwrap()
}

/// The participants of a list such as `ann bob`.
pub(super) fn set(names: &str) -> BTreeSet<ParticipantId> {
    names.split_whitespace().map(who).collect()
}

/// Names in one line.
pub(super) fn list<'p>(people: impl IntoIterator<Item = &'p ParticipantId>) -> String {
    people.into_iter().map(ParticipantId::as_str).collect::<Vec<_>>().join(" ")
}

/// `resourcing` with a system's offer to the set, and the initiators of allocation and start.
pub(super) fn resourcing(set: &str, allocate: &str, start: &str) -> Resourcing {
    resourcing_with(set, allocate, start, "")
}

/// The same with privileges. `allocate` is `user`, `system` or an allocator's name.
pub(super) fn resourcing_with(
    set: &str,
    allocate: &str,
    start: &str,
    privileges: &str,
) -> Resourcing {
    let allocate = match allocate {
        "user" | "system" => format!("<allocate initiator='{allocate}'/>"),
        name => format!(
            "<allocate initiator='system'><allocator><name>{name}</name></allocator></allocate>"
        ),
    };
    Resourcing::read(&format!(
        "<resourcing><offer initiator='system'><distributionSet>{set}</distributionSet></offer>\
         {allocate}<start initiator='{start}'/><privileges>{privileges}</privileges></resourcing>"
    ))
    .unwrap()
}

/// The part `initialSet` that names these roles.
pub(super) fn roles(names: &str) -> String {
    let role = |name| format!("<role>{name}</role>");
    format!("<initialSet>{}</initialSet>", names.split_whitespace().map(role).collect::<String>())
}

/// The part `initialSet` that names these participants.
pub(super) fn people(names: &str) -> String {
    let participant = |name| format!("<participant>{name}</participant>");
    let all: String = names.split_whitespace().map(participant).collect();
    format!("<initialSet>{all}</initialSet>")
}

pub(super) fn person(id: &str, roles: &[&str], positions: &[&str], capabilities: &[&str]) -> Entry {
    let roles: BTreeSet<RoleId> = roles.iter().map(|role| role.parse().unwrap()).collect();
    let positions: BTreeSet<PositionId> =
        positions.iter().map(|position| position.parse().unwrap()).collect();
    Entry::Participant(Participant {
        id: who(id),
        kind: if id.starts_with("bot") { Kind::Agent } else { Kind::Person },
        name: id.into(),
        login: format!("{id}@firm").into(),
        roles,
        positions,
        capabilities: capabilities.iter().map(|name| name.parse().unwrap()).collect(),
        privileges: [UserPrivilege::ChooseItemToStart, UserPrivilege::StartConcurrent].into(),
        is_available: true,
        cost_per_hour: None,
    })
}

pub(super) fn role(id: &str, above: Option<&str>) -> Entry {
    let above = above.map(|above| above.parse().unwrap());
    Entry::Role(Role { id: id.parse::<RoleId>().unwrap(), name: format!("The {id}").into(), above })
}

pub(super) fn group(id: &str, above: Option<&str>) -> Entry {
    let above = above.map(|above| above.parse().unwrap());
    Entry::Group(Group { id: id.parse::<GroupId>().unwrap(), name: id.into(), above })
}

pub(super) fn position(id: &str, group: &str) -> Entry {
    let group = Some(group.parse().unwrap());
    Entry::Position(Position { id: id.parse::<PositionId>().unwrap(), name: id.into(), group })
}
