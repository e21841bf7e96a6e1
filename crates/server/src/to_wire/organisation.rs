//! Participants, roles, positions and groups as clients read them.

use agents::resourcing::organisation::{Group, Kind, Participant, Position, Role, UserPrivilege};
use wire::organisation as wire;

pub(crate) fn participant(from: &Participant) -> wire::Participant {
    wire::Participant {
        participant: from.id.to_string(),
        is: wire::ParticipantEntry {
            kind: match from.kind {
                Kind::Person => wire::ParticipantKind::Person,
                Kind::Agent => wire::ParticipantKind::Agent,
            },
            name: from.name.to_string(),
            login: from.login.to_string(),
            roles: from.roles.iter().map(ToString::to_string).collect(),
            positions: from.positions.iter().map(ToString::to_string).collect(),
            capabilities: from.capabilities.iter().map(ToString::to_string).collect(),
            privileges: from.privileges.iter().copied().map(privilege).collect(),
            available: from.is_available,
            cost_per_hour: from.cost_per_hour,
        },
    }
}

pub(crate) fn role(from: &Role) -> wire::Role {
    let above = from.above.as_ref().map(ToString::to_string);
    wire::Role {
        role: from.id.to_string(),
        is: wire::RoleEntry { name: from.name.to_string(), above },
    }
}

pub(crate) fn position(from: &Position) -> wire::Position {
    let group = from.group.as_ref().map(ToString::to_string);
    wire::Position {
        position: from.id.to_string(),
        is: wire::PositionEntry { name: from.name.to_string(), group },
    }
}

pub(crate) fn group(from: &Group) -> wire::Group {
    let above = from.above.as_ref().map(ToString::to_string);
    wire::Group {
        group: from.id.to_string(),
        is: wire::GroupEntry { name: from.name.to_string(), above },
    }
}

fn privilege(privilege: UserPrivilege) -> String {
    privilege.name().to_owned()
}
