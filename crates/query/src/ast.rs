//! The compiled form of a query. Variables are slots, functions and types are resolved, names are expanded.

use std::cmp::Ordering;

use xsd_schema::{XmlTypeCode, types::value::XmlValue, xpath::ast::BinaryOpKind};

use crate::{functions::Function, name::Name};

/// A complete main module.
#[derive(Debug)]
pub(crate) struct Module {
    pub(crate) functions: Vec<UserFunction>,
    /// Declared variables, each of which may use those before it.
    pub(crate) globals: Vec<Expr>,
    pub(crate) body: Expr,
    /// Slots that the body and the globals need.
    pub(crate) slots: usize,
}

/// `declare function`. Parameters take the first slots.
#[derive(Debug)]
pub(crate) struct UserFunction {
    pub(crate) name: String,
    pub(crate) parameters: Vec<Option<SequenceType>>,
    pub(crate) result: Option<SequenceType>,
    pub(crate) body: Expr,
    pub(crate) slots: usize,
}

/// An expression and where it stands in the text.
#[derive(Debug)]
pub(crate) struct Expr {
    pub(crate) at: u32,
    pub(crate) kind: Kind,
}

#[derive(Debug)]
pub(crate) enum Kind {
    Literal(XmlValue),
    Sequence(Vec<Expr>),
    Variable(u32),
    Global(u32),
    ContextItem,
    /// `/` alone or at the start of a path: the root of the context node's tree.
    Root,
    Axis(AxisStep),
    Path(Box<Expr>, Vec<PathStep>),
    Filter(Box<Expr>, Vec<Expr>),
    Call(Function, Vec<Expr>),
    Flwor(Box<Flwor>),
    Quantified(Box<Quantified>),
    If(Vec<(Expr, Expr)>, Box<Expr>),
    Switch(Box<Switch>),
    Typeswitch(Box<Typeswitch>),
    Or(Vec<Expr>),
    And(Vec<Expr>),
    /// `=` and its kin: any pair.
    General(Comparison, Box<(Expr, Expr)>),
    /// `eq` and its kin: single values.
    Value(Comparison, Box<(Expr, Expr)>),
    NodeComparison(NodeComparison, Box<(Expr, Expr)>),
    Concat(Vec<Expr>),
    Range(Box<(Expr, Expr)>),
    Arithmetic(Box<Expr>, Vec<(BinaryOpKind, Expr)>),
    /// Signs before an operand; true when they negate.
    Sign(bool, Box<Expr>),
    Union(Vec<Expr>),
    /// `a intersect b except c`
    Sets(Box<Expr>, Vec<(SetOperator, Expr)>),
    InstanceOf(Box<Expr>, SequenceType),
    TreatAs(Box<Expr>, SequenceType),
    Castable(Box<Expr>, SingleType),
    Cast(Box<Expr>, SingleType),
    /// `a ! b ! c`
    Map(Vec<Expr>),
    Element(Box<Element>),
    Computed(Computed),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Comparison {
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
}

impl Comparison {
    /// Whether two values in this order compare so.
    pub(crate) fn holds(self, ordering: Ordering) -> bool {
        match self {
            Self::Eq => ordering.is_eq(),
            Self::Ne => ordering.is_ne(),
            Self::Lt => ordering.is_lt(),
            Self::Le => ordering.is_le(),
            Self::Gt => ordering.is_gt(),
            Self::Ge => ordering.is_ge(),
        }
    }

    /// The XPath library's name for it.
    pub(crate) fn operator(self) -> BinaryOpKind {
        match self {
            Self::Eq => BinaryOpKind::ValueEq,
            Self::Ne => BinaryOpKind::ValueNe,
            Self::Lt => BinaryOpKind::ValueLt,
            Self::Le => BinaryOpKind::ValueLe,
            Self::Gt => BinaryOpKind::ValueGt,
            Self::Ge => BinaryOpKind::ValueGe,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NodeComparison {
    Is,
    Before,
    After,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SetOperator {
    Intersect,
    Except,
}

#[derive(Debug)]
pub(crate) struct PathStep {
    /// Whether `//` stands before the step.
    pub(crate) deep: bool,
    pub(crate) step: Expr,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Axis {
    Child,
    Descendant,
    DescendantOrSelf,
    Attribute,
    SelfNode,
    Parent,
    Ancestor,
    AncestorOrSelf,
    FollowingSibling,
    PrecedingSibling,
    Following,
    Preceding,
}

#[derive(Debug)]
pub(crate) struct AxisStep {
    pub(crate) axis: Axis,
    pub(crate) test: NodeTest,
    pub(crate) predicates: Vec<Expr>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum NodeTest {
    /// `*`, of the axis' principal kind.
    AnyName,
    Named(Name),
    /// `*:local`
    AnyNamespace(Box<str>),
    /// `prefix:*`
    AnyLocal(Box<str>),
    AnyNode,
    Text,
    Comment,
    Instruction(Option<Box<str>>),
    Document,
    Element(Option<Name>),
    Attribute(Option<Name>),
}

#[derive(Debug)]
pub(crate) struct Flwor {
    pub(crate) clauses: Vec<Clause>,
    pub(crate) result: Expr,
}

#[derive(Debug)]
pub(crate) enum Clause {
    For {
        slot: u32,
        position: Option<u32>,
        allowing_empty: bool,
        kind: Option<SequenceType>,
        source: Expr,
    },
    Let {
        slot: u32,
        kind: Option<SequenceType>,
        value: Expr,
    },
    Where(Expr),
    OrderBy(Vec<OrderKey>),
    Count(u32),
    /// Slots of the grouping keys, then of the variables that are not keys.
    GroupBy(Vec<u32>, Vec<u32>),
}

#[derive(Debug)]
pub(crate) struct OrderKey {
    pub(crate) key: Expr,
    pub(crate) descending: bool,
    pub(crate) empty_greatest: bool,
}

#[derive(Debug)]
pub(crate) struct Quantified {
    pub(crate) every: bool,
    pub(crate) bindings: Vec<(u32, Expr)>,
    pub(crate) condition: Expr,
}

#[derive(Debug)]
pub(crate) struct Switch {
    pub(crate) operand: Expr,
    pub(crate) cases: Vec<(Vec<Expr>, Expr)>,
    pub(crate) default: Expr,
}

#[derive(Debug)]
pub(crate) struct Typeswitch {
    pub(crate) operand: Expr,
    pub(crate) cases: Vec<TypeCase>,
    pub(crate) default: TypeCase,
}

#[derive(Debug)]
pub(crate) struct TypeCase {
    /// Any of these types; empty in the default case.
    pub(crate) types: Vec<SequenceType>,
    pub(crate) slot: Option<u32>,
    pub(crate) result: Expr,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Occurrence {
    One,
    Optional,
    Any,
    Some,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ItemType {
    Item,
    Atomic(XmlTypeCode),
    Node(NodeTest),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum SequenceType {
    Empty,
    Of(ItemType, Occurrence),
}

/// The target of a cast.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SingleType {
    pub(crate) code: XmlTypeCode,
    pub(crate) optional: bool,
}

/// A direct element constructor.
#[derive(Debug)]
pub(crate) struct Element {
    pub(crate) name: Name,
    /// Namespaces declared here, as (prefix, uri).
    pub(crate) namespaces: Vec<(Box<str>, Box<str>)>,
    pub(crate) attributes: Vec<(Name, Vec<Content>)>,
    pub(crate) content: Vec<Content>,
}

/// A piece of content between two borders of a constructor.
#[derive(Debug)]
pub(crate) enum Content {
    Text(Box<str>),
    /// What braces enclose.
    Enclosed(Expr),
    /// A nested constructor.
    Node(Expr),
}

/// The name of a computed constructor: known, or an expression.
#[derive(Debug)]
pub(crate) enum ComputedName {
    Known(Name),
    Expr(Box<Expr>),
}

#[derive(Debug)]
pub(crate) enum Computed {
    Document(Box<Expr>),
    Element(ComputedName, Box<Expr>),
    Attribute(ComputedName, Box<Expr>),
    Text(Box<Expr>),
    Comment(Box<Expr>),
    Instruction(ComputedName, Box<Expr>),
}
