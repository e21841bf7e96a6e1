//! What a task's `resourcing` may hold. It is kept as text; whoever distributes work reads it again
//! and may rely on this form.

use super::{
    shape::{Attribute, Shape, allowed, bare, leaf, many, nest, one, optional, required, some},
    value::Value,
};
use crate::{limits::ENTRIES_MAX, specification::SchemaVersion as V};

pub(super) const RESOURCING: Shape = nest(&[
    one("offer", &OFFER),
    one("allocate", &ALLOCATE),
    one("start", &bare(&[INITIATOR])),
    optional("secondary", &SECONDARY).since(V::V2_2),
    optional("privileges", &PRIVILEGES),
]);

const NAME: Shape = leaf(Value::Filled);
const INITIATOR: Attribute = required("initiator", Value::OneOf(&["user", "system"]));

const OFFER: Shape = Shape {
    attributes: &[INITIATOR],
    open: false,
    children: &[
        optional("distributionSet", &DISTRIBUTION_SET),
        optional("familiarParticipant", &bare(&[required("taskID", Value::Filled)])),
    ],
    text: Value::Nothing,
};
const ALLOCATE: Shape = Shape {
    attributes: &[INITIATOR],
    open: false,
    children: &[optional("allocator", &SELECTOR)],
    text: Value::Nothing,
};

const DISTRIBUTION_SET: Shape = nest(&[
    one("initialSet", &INITIAL_SET),
    optional("filters", &nest(&[many("filter", &SELECTOR, ENTRIES_MAX)])),
    optional("constraints", &nest(&[many("constraint", &SELECTOR, ENTRIES_MAX)])),
]);
const INITIAL_SET: Shape = nest(&[
    many("participant", &NAME, ENTRIES_MAX),
    many("role", &NAME, ENTRIES_MAX),
    many("param", &INITIAL_PARAM, ENTRIES_MAX),
]);
/// A net variable that names participants or roles.
const INITIAL_PARAM: Shape = nest(&[one("name", &NAME), one("refers", &REFERS)]);
const REFERS: Shape = leaf(Value::OneOf(&["participant", "role"]));

/// A filter, constraint or allocator by name, with parameters.
const SELECTOR: Shape = nest(&[one("name", &NAME), optional("params", &PARAMS)]);
const PARAMS: Shape = nest(&[some("param", &PARAM, ENTRIES_MAX)]);
const PARAM: Shape = nest(&[one("key", &NAME), one("value", &NAME)]);

const PEOPLE: Shape =
    nest(&[many("participant", &NAME, ENTRIES_MAX), many("role", &NAME, ENTRIES_MAX)]);
const SECONDARY: Shape = nest(&[
    many("participant", &NAME, ENTRIES_MAX),
    many("role", &NAME, ENTRIES_MAX),
    many("nonHumanResource", &NAME, ENTRIES_MAX),
    many("nonHumanCategory", &CATEGORY, ENTRIES_MAX),
]);
const CATEGORY: Shape = Shape {
    attributes: &[allowed("subcategory", Value::Any)],
    open: false,
    children: &[],
    text: Value::Filled,
};

const PRIVILEGES: Shape = nest(&[many("privilege", &PRIVILEGE, PRIVILEGE_NAMES.len())]);
const PRIVILEGE: Shape = nest(&[
    one("name", &leaf(Value::OneOf(&PRIVILEGE_NAMES))),
    optional("allowall", &leaf(Value::Boolean)),
    optional("set", &PEOPLE),
]);
const PRIVILEGE_NAMES: [&str; 7] = [
    "canSuspend",
    "canReallocateStateless",
    "canReallocateStateful",
    "canDeallocate",
    "canDelegate",
    "canSkip",
    "canPile",
];
