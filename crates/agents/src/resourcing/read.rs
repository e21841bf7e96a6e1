//! Reading the XML text of `resourcing`. The text has been held against the grammar by whoever read the
//! specification; what a grammar cannot say is refused here, with the element that it stands in.

use std::{collections::BTreeMap, str::FromStr};

use roxmltree::{Document, Node, ParsingOptions};
use smol_str::SmolStr;

use super::{
    allocator::Allocator,
    expression::{self, Expression},
    specification::{
        Allocate, Category, Constraint, DistributionSet, Filter, Grant, Initiator, Offer, People,
        Privilege, Refers, Resourcing, Secondary, Variable,
    },
};
use crate::ids::InvalidName;

/// Bytes of one `resourcing`. The largest known has 2 KiB.
const BYTES_MAX: usize = 1024 * 1024;
/// Nodes of its tree: a few for each of the thousand entries that the grammar allows in each list.
const NODES_MAX: u32 = 50_000;

/// Why a text is no `resourcing`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    #[error("resourcing has {bytes} bytes, at most {BYTES_MAX} are read")]
    TooLong { bytes: usize },
    #[error("resourcing is no XML: {0}")]
    NotXml(String),
    #[error("{within} has no {what}")]
    Missing { what: &'static str, within: String },
    #[error("{element}: {value:?} is not one of {known}")]
    Unknown { element: String, value: String, known: &'static str },
    #[error("{element}: {error}")]
    Name { element: String, error: InvalidName },
    #[error("{element}: {value:?} is no condition: {error}")]
    Condition { element: String, value: String, error: expression::Invalid },
}

type Result<T> = std::result::Result<T, ReadError>;
type Element<'n, 't> = Node<'n, 't>;

pub(super) fn read(text: &str) -> Result<Resourcing> {
    if text.len() > BYTES_MAX {
        return Err(ReadError::TooLong { bytes: text.len() });
    }
    // No document type is allowed, so there are no entities that could blow up.
    let options = ParsingOptions { nodes_limit: NODES_MAX, ..ParsingOptions::default() };
    let document = Document::parse_with_options(text, options)
        .map_err(|error| ReadError::NotXml(error.to_string()))?;
    let root = document.root_element();
    if root.tag_name().name() != "resourcing" {
        let value = shown(root.tag_name().name());
        return Err(ReadError::Unknown { element: "root".into(), value, known: "resourcing" });
    }
    Ok(Resourcing {
        offer: offer(needed(root, "offer")?)?,
        allocate: allocate(needed(root, "allocate")?)?,
        start: initiator(needed(root, "start")?)?,
        secondary: child(root, "secondary").map(secondary).transpose()?.unwrap_or_default(),
        privileges: child(root, "privileges").map(privileges).transpose()?.unwrap_or_default(),
    })
}

fn offer(element: Element<'_, '_>) -> Result<Offer> {
    if initiator(element)? == Initiator::User {
        return Ok(Offer::ByAdministrator);
    }
    if let Some(familiar) = child(element, "familiarParticipant") {
        return Ok(Offer::ToFamiliar { task: attribute(familiar, "taskID")?.into() });
    }
    distribution_set(needed(element, "distributionSet")?).map(Offer::ToSet)
}

fn distribution_set(element: Element<'_, '_>) -> Result<DistributionSet> {
    let initial = needed(element, "initialSet")?;
    Ok(DistributionSet {
        named: people(initial)?,
        variables: children(initial, "param").map(variable).collect::<Result<_>>()?,
        filters: in_list(element, "filters", "filter").map(filter).collect::<Result<_>>()?,
        constraints: in_list(element, "constraints", "constraint")
            .map(constraint)
            .collect::<Result<_>>()?,
    })
}

fn people(element: Element<'_, '_>) -> Result<People> {
    Ok(People { participants: names(element, "participant")?, roles: names(element, "role")? })
}

/// The names in all children `name`, each of which may hold several.
fn names<T: FromStr<Err = InvalidName>>(element: Element<'_, '_>, name: &str) -> Result<Vec<T>> {
    let mut all = Vec::new();
    for child in children(element, name) {
        for part in content(child).split(',') {
            let named = part.parse();
            all.push(named.map_err(|error| ReadError::Name { element: path(child), error })?);
        }
    }
    Ok(all)
}

fn variable(element: Element<'_, '_>) -> Result<Variable> {
    let name = filled(element, "name")?.into();
    let refers = match filled(element, "refers")? {
        "participant" => Refers::Participant,
        "role" => Refers::Role,
        other => return Err(unknown(needed(element, "refers")?, other, "participant, role")),
    };
    Ok(Variable { name, refers })
}

fn filter(element: Element<'_, '_>) -> Result<Filter> {
    match filled(element, "name")? {
        "CapabilityFilter" => Ok(Filter::Capability(
            condition(element, "Capability")?
                .ok_or_else(|| missing(element, "param with the key Capability"))?,
        )),
        "OrgFilter" => {
            let position = condition(element, "Position")?;
            let group = condition(element, "OrgGroup")?;
            if position.is_none() && group.is_none() {
                return Err(missing(element, "param with the key Position or OrgGroup"));
            }
            Ok(Filter::Organisation { position, group })
        }
        other => Err(unknown(element, other, "CapabilityFilter, OrgFilter")),
    }
}

fn constraint(element: Element<'_, '_>) -> Result<Constraint> {
    match filled(element, "name")? {
        "SeparationOfDuties" => {
            let task = param(element, "familiarTask")?;
            let task = task.ok_or_else(|| missing(element, "param with the key familiarTask"))?;
            Ok(Constraint::SeparationOfDuties { task: task.into() })
        }
        "PiledExecution" => Ok(Constraint::PiledExecution),
        other => Err(unknown(element, other, "SeparationOfDuties, PiledExecution")),
    }
}

fn allocate(element: Element<'_, '_>) -> Result<Allocate> {
    if initiator(element)? == Initiator::User {
        return Ok(Allocate::ByUser);
    }
    let Some(selector) = child(element, "allocator") else {
        return Ok(Allocate::BySystem(Allocator::default()));
    };
    let name = filled(selector, "name")?;
    let named = Allocator::named(name);
    named.map(Allocate::BySystem).ok_or_else(|| unknown(selector, name, super::allocator::NAMES))
}

fn initiator(element: Element<'_, '_>) -> Result<Initiator> {
    match attribute(element, "initiator")? {
        "user" => Ok(Initiator::User),
        "system" => Ok(Initiator::System),
        other => Err(unknown(element, other, "user, system")),
    }
}

fn secondary(element: Element<'_, '_>) -> Result<Secondary> {
    let category = |node: Element<'_, '_>| Category {
        name: content(node).into(),
        subcategory: node.attribute("subcategory").map(SmolStr::new),
    };
    Ok(Secondary {
        people: people(element)?,
        resources: children(element, "nonHumanResource").map(|node| content(node).into()).collect(),
        categories: children(element, "nonHumanCategory").map(category).collect(),
    })
}

fn privileges(element: Element<'_, '_>) -> Result<BTreeMap<Privilege, Grant>> {
    const KNOWN: &str = "canSuspend, canReallocateStateless, canReallocateStateful, canDeallocate, \
                         canDelegate, canSkip, canPile";
    let mut grants = BTreeMap::new();
    for entry in children(element, "privilege") {
        let name = filled(entry, "name")?;
        // Reference: capitals do not count here.
        let named = Privilege::ALL.into_iter().find(|one| one.name().eq_ignore_ascii_case(name));
        let privilege = named.ok_or_else(|| unknown(entry, name, KNOWN))?;
        let all = child(entry, "allowall").is_some_and(|all| matches!(content(all), "true" | "1"));
        let named = child(entry, "set").map(people).transpose()?.unwrap_or_default();
        grants.insert(privilege, Grant { all, named });
    }
    Ok(grants)
}

/// The condition under `key` of a filter.
fn condition(selector: Element<'_, '_>, key: &str) -> Result<Option<Expression>> {
    let Some(value) = param(selector, key)? else { return Ok(None) };
    let read = Expression::read(value);
    read.map(Some).map_err(|error| ReadError::Condition {
        element: path(selector),
        value: shown(value),
        error,
    })
}

/// The value of the parameter `key`; the last one counts. An empty one is as good as none.
fn param<'n>(selector: Element<'n, '_>, key: &str) -> Result<Option<&'n str>> {
    let mut value = None;
    for param in in_list(selector, "params", "param") {
        if filled(param, "key")? == key {
            value = Some(content(needed(param, "value")?)).filter(|value| !value.is_empty());
        }
    }
    Ok(value)
}

fn children<'n, 't: 'n>(
    element: Element<'n, 't>,
    name: &str,
) -> impl Iterator<Item = Element<'n, 't>> {
    element.children().filter(move |child| child.tag_name().name() == name)
}

fn child<'n, 't: 'n>(element: Element<'n, 't>, name: &str) -> Option<Element<'n, 't>> {
    children(element, name).next()
}

/// The children `name` of the one child `list`.
fn in_list<'n, 't: 'n>(
    element: Element<'n, 't>,
    list: &str,
    name: &str,
) -> impl Iterator<Item = Element<'n, 't>> {
    child(element, list).into_iter().flat_map(move |list| children(list, name))
}

fn needed<'n, 't: 'n>(element: Element<'n, 't>, name: &'static str) -> Result<Element<'n, 't>> {
    child(element, name).ok_or_else(|| missing(element, name))
}

fn attribute<'n>(element: Element<'n, '_>, name: &'static str) -> Result<&'n str> {
    let value = element.attribute(name).map(str::trim).filter(|value| !value.is_empty());
    value.ok_or_else(|| missing(element, name))
}

/// What the child `name` holds, which is not nothing.
fn filled<'n>(element: Element<'n, '_>, name: &'static str) -> Result<&'n str> {
    match content(needed(element, name)?) {
        "" => Err(missing(element, name)),
        text => Ok(text),
    }
}

fn content<'n>(element: Element<'n, '_>) -> &'n str {
    element.text().unwrap_or_default().trim()
}

fn missing(element: Element<'_, '_>, what: &'static str) -> ReadError {
    ReadError::Missing { what, within: path(element) }
}

fn unknown(element: Element<'_, '_>, value: &str, known: &'static str) -> ReadError {
    ReadError::Unknown { element: path(element), value: shown(value), known }
}

/// The element with those that it stands in.
fn path(element: Element<'_, '_>) -> String {
    let elements = element.ancestors().filter(Node::is_element);
    let mut names: Vec<_> = elements.map(|node| node.tag_name().name()).collect();
    names.reverse();
    names.join("/")
}

/// As much of a value as an error shows.
fn shown(value: &str) -> String {
    value.chars().take(100).collect()
}

#[cfg(test)]
mod tests;
