//! `resourcing` as a value that cannot be wrong. (YAWL: three interaction points, each begun by a user or by the
//! system.)

use std::collections::BTreeMap;

use smol_str::SmolStr;

use super::{
    allocator::Allocator,
    expression::Expression,
    ids::{ParticipantId, RoleId},
    read::{self, ReadError},
};

/// What a task asks of those who do it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resourcing {
    pub offer: Offer,
    pub allocate: Allocate,
    pub start: Initiator,
    /// Noted and shown. Nothing is reserved.
    pub secondary: Secondary,
    /// What participants may do with an item beyond working on it. What is missing is allowed to nobody.
    pub privileges: BTreeMap<Privilege, Grant>,
}

/// Who takes the step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Initiator {
    User,
    System,
}

/// Whom items are offered to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Offer {
    /// Nobody before an administrator has said so.
    ByAdministrator,
    /// Whoever completed that task in the same case, without regard to set, filters and constraints.
    ToFamiliar {
        task: SmolStr,
    },
    ToSet(DistributionSet),
    /// Every participant of the organisation: what YAWL does with a task that does not say.
    ToEverybody,
}

/// Who can be asked: all that are named, without those whom a filter or a constraint takes out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DistributionSet {
    pub named: People,
    /// Variables of the net that name more of them.
    pub variables: Vec<Variable>,
    pub filters: Vec<Filter>,
    pub constraints: Vec<Constraint>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct People {
    pub participants: Vec<ParticipantId>,
    /// Their members, and those of the roles below.
    pub roles: Vec<RoleId>,
}

/// A variable of the net that holds names, separated by commas.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable {
    pub name: SmolStr,
    pub refers: Refers,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refers {
    /// Login names of participants.
    Participant,
    /// Names of roles.
    Role,
}

/// Who stays in the set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Filter {
    Capability(Expression),
    /// By position, by group, or by both; never by neither.
    Organisation {
        position: Option<Expression>,
        group: Option<Expression>,
    },
}

/// Who must not be in the set because of what happened before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Constraint {
    /// Nobody who completed that task in the same case.
    SeparationOfDuties { task: SmolStr },
    /// Takes nobody out: it says that participants may pile the task, which the privilege `canPile` decides.
    PiledExecution,
}

/// Who of the set gets the item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Allocate {
    /// Whoever accepts first.
    ByUser,
    BySystem(Allocator),
}

/// People and things that are needed beside whoever does the work.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Secondary {
    pub people: People,
    pub resources: Vec<SmolStr>,
    pub categories: Vec<Category>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Category {
    pub name: SmolStr,
    pub subcategory: Option<SmolStr>,
}

/// What may be done with an item of the task.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Privilege {
    Suspend,
    ReallocateStateless,
    ReallocateStateful,
    Deallocate,
    Delegate,
    Skip,
    Pile,
}

/// Whom a privilege is given to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// Whether everybody has it. Those who are named then are the exceptions.
    pub all: bool,
    pub named: People,
}

impl Resourcing {
    /// What a task is taken to ask that says nothing, where those too are for participants: whoever accepts it first
    /// starts it when they like, and may do nothing else with it.
    pub fn everybody() -> Self {
        Self {
            offer: Offer::ToEverybody,
            allocate: Allocate::ByUser,
            start: Initiator::User,
            secondary: Secondary::default(),
            privileges: BTreeMap::new(),
        }
    }

    /// What a task is taken to ask that cannot be read any more: an administrator decides on each item.
    pub fn administrator() -> Self {
        Self { offer: Offer::ByAdministrator, ..Self::everybody() }
    }

    /// Reads the XML text of a `resourcing` element.
    pub fn read(text: &str) -> Result<Self, ReadError> {
        read::read(text)
    }
}

impl Privilege {
    pub const ALL: [Self; 7] = [
        Self::Suspend,
        Self::ReallocateStateless,
        Self::ReallocateStateful,
        Self::Deallocate,
        Self::Delegate,
        Self::Skip,
        Self::Pile,
    ];

    /// As specifications write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Suspend => "canSuspend",
            Self::ReallocateStateless => "canReallocateStateless",
            Self::ReallocateStateful => "canReallocateStateful",
            Self::Deallocate => "canDeallocate",
            Self::Delegate => "canDelegate",
            Self::Skip => "canSkip",
            Self::Pile => "canPile",
        }
    }
}
