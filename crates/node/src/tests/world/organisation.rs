//! Words of a script that are about the organisation:
//!
//! ```text
//! role staff   role clerk staff              the second one below the first
//! group firm   position head firm
//! person ann clerk,boss head english         roles, positions, capabilities; `-` for none
//! agent bot clerk                            as a participant of the organisation
//! away ann   back ann
//! remove-person ann   remove-role clerk
//! pile-task pair:1.0 A ann   unpile-task pair:1.0 A ann
//! organisation                               all of it
//! ```

use std::{collections::BTreeSet, fmt::Write as _, str::FromStr};

use agents::resourcing::{
    TaskKey,
    organisation::{Command, Entry, Group, Key, Kind, Participant, Position, Role, UserPrivilege},
};

use crate::{Handle, Rejected};

/// Does a line, or gives nothing if it is not about the organisation.
pub(super) async fn tell(
    handle: &Handle,
    word: &str,
    rest: &str,
) -> Option<Result<String, Rejected>> {
    let words: Vec<&str> = rest.split(' ').collect();
    let command = match word {
        "role" => Command::Set(Entry::Role(Role {
            id: id(words[0]),
            name: format!("The {}", words[0]).into(),
            above: words.get(1).map(|above| id(above)),
        })),
        "group" => Command::Set(Entry::Group(Group {
            id: id(words[0]),
            name: words[0].into(),
            above: words.get(1).map(|above| id(above)),
        })),
        "position" => Command::Set(Entry::Position(Position {
            id: id(words[0]),
            name: words[0].into(),
            group: words.get(1).map(|group| id(group)),
        })),
        "person" => Command::Set(Entry::Participant(participant(Kind::Person, &words))),
        "agent" => Command::Set(Entry::Participant(participant(Kind::Agent, &words))),
        "away" => Command::SetAvailable { who: id(words[0]), is_available: false },
        "back" => Command::SetAvailable { who: id(words[0]), is_available: true },
        "remove-person" => Command::Remove(Key::Participant(id(words[0]))),
        "remove-role" => Command::Remove(Key::Role(id(words[0]))),
        "pile-task" => Command::Pile { task: task(&words), by: id(words[2]) },
        "unpile-task" => Command::Unpile { task: task(&words), by: id(words[2]) },
        "organisation" => return Some(Ok(show(handle))),
        _ => return None,
    };
    Some(handle.organise(command).await.map(|()| "done".to_owned()))
}

fn participant(kind: Kind, words: &[&str]) -> Participant {
    let list = |index: usize| words.get(index).copied().filter(|list| *list != "-");
    Participant {
        id: id(words[0]),
        kind,
        name: words[0].into(),
        login: words[0].into(),
        roles: ids(list(1)),
        positions: ids(list(2)),
        capabilities: ids(list(3)),
        // Whoever lacks one says so by a fifth word.
        privileges: match list(4) {
            Some("plain") => BTreeSet::new(),
            _ => UserPrivilege::ALL.into(),
        },
        is_available: true,
        cost_per_hour: None,
    }
}

fn task(words: &[&str]) -> TaskKey {
    TaskKey { specification: words[0].into(), task: words[1].into() }
}

fn id<T: FromStr<Err = agents::InvalidName>>(text: &str) -> T {
    text.parse().unwrap()
}

fn ids<T: FromStr<Err = agents::InvalidName> + Ord>(list: Option<&str>) -> BTreeSet<T> {
    list.into_iter().flat_map(|list| list.split(',')).map(id).collect()
}

fn show(handle: &Handle) -> String {
    let organisation = handle.organisation();
    let mut said = String::new();
    for role in organisation.roles(None) {
        write!(said, "\n  role {} above {:?}", role.id, role.above).unwrap();
    }
    for group in organisation.groups(None) {
        write!(said, "\n  group {} above {:?}", group.id, group.above).unwrap();
    }
    for position in organisation.positions(None) {
        write!(said, "\n  position {} of {:?}", position.id, position.group).unwrap();
    }
    for one in organisation.participants(None) {
        let Participant { id, kind, roles, positions, capabilities, .. } = one;
        let available = if one.is_available { "" } else { " away" };
        write!(said, "\n  {kind:?} {id} {roles:?} {positions:?} {capabilities:?}{available}")
            .unwrap();
    }
    for (task, by) in organisation.piles() {
        write!(said, "\n  {task} piled by {by}").unwrap();
    }
    said
}
