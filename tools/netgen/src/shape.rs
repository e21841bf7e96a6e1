//! What a generated specification may hold.

use std::collections::BTreeSet;

/// How nets are made, how large, of what.
#[derive(Clone, Debug)]
pub struct Shape {
    pub form: Form,
    /// Tasks of the root net, about; each subnet has up to a third of it.
    pub tasks: usize,
    pub constructs: BTreeSet<Construct>,
}

/// How the flows of a net come to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// By refinement: every block has one entry and one exit. Sound, whatever the data are.
    Structured,
    /// By chance: a chain from input to output with flows strewn over it. May be unsound in any way.
    Free,
}

/// What can be left out. AND and XOR gates, explicit and implicit conditions are always there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Construct {
    OrGate,
    Loop,
    DeferredChoice,
    /// Tasks that exclude each other by a condition that each takes and gives back (structured only).
    Mutex,
    Cancellation,
    Instances,
    Composite,
    Empty,
    Timer,
    /// Variables and mappings beside the integer `n`, with a schema of their own.
    Data,
}

impl Construct {
    pub const ALL: [Self; 10] = [
        Self::OrGate,
        Self::Loop,
        Self::DeferredChoice,
        Self::Mutex,
        Self::Cancellation,
        Self::Instances,
        Self::Composite,
        Self::Empty,
        Self::Timer,
        Self::Data,
    ];
}

impl Shape {
    /// Sound nets with every construct.
    pub fn structured(tasks: usize) -> Self {
        Self { form: Form::Structured, tasks, constructs: Construct::ALL.into() }
    }

    /// Arbitrary nets with every construct.
    pub fn free(tasks: usize) -> Self {
        Self { form: Form::Free, tasks, constructs: Construct::ALL.into() }
    }

    /// This shape without these constructs.
    #[must_use]
    pub fn without(mut self, constructs: &[Construct]) -> Self {
        constructs.iter().for_each(|construct| {
            self.constructs.remove(construct);
        });
        self
    }

    pub fn has(&self, construct: Construct) -> bool {
        self.constructs.contains(&construct)
    }
}
