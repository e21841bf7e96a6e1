//! Operators, by climbing their precedence.

use xsd_schema::xpath::ast::BinaryOpKind;

use super::{Parsed, Parser};
use crate::{
    ast::{Comparison, Expr, Kind, NodeComparison, SetOperator},
    limits::NESTING_MAX,
};

/// An operator between two operands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operator {
    Or,
    And,
    General(Comparison),
    Value(Comparison),
    Node(NodeComparison),
    Concat,
    To,
    Arithmetic(BinaryOpKind),
    Union,
    Set(SetOperator),
    InstanceOf,
    TreatAs,
    CastableAs,
    CastAs,
    Arrow,
}

/// Symbols, the longer before the shorter.
const SYMBOLS: [(&str, Operator); 14] = [
    ("||", Operator::Concat),
    ("=>", Operator::Arrow),
    ("!=", Operator::General(Comparison::Ne)),
    ("<<", Operator::Node(NodeComparison::Before)),
    (">>", Operator::Node(NodeComparison::After)),
    ("<=", Operator::General(Comparison::Le)),
    (">=", Operator::General(Comparison::Ge)),
    ("=", Operator::General(Comparison::Eq)),
    ("<", Operator::General(Comparison::Lt)),
    (">", Operator::General(Comparison::Gt)),
    ("+", Operator::Arithmetic(BinaryOpKind::Add)),
    ("-", Operator::Arithmetic(BinaryOpKind::Sub)),
    ("*", Operator::Arithmetic(BinaryOpKind::Mul)),
    ("|", Operator::Union),
];

const WORDS: [(&str, Operator); 20] = [
    ("or", Operator::Or),
    ("and", Operator::And),
    ("eq", Operator::Value(Comparison::Eq)),
    ("ne", Operator::Value(Comparison::Ne)),
    ("lt", Operator::Value(Comparison::Lt)),
    ("le", Operator::Value(Comparison::Le)),
    ("gt", Operator::Value(Comparison::Gt)),
    ("ge", Operator::Value(Comparison::Ge)),
    ("is", Operator::Node(NodeComparison::Is)),
    ("to", Operator::To),
    ("div", Operator::Arithmetic(BinaryOpKind::Div)),
    ("idiv", Operator::Arithmetic(BinaryOpKind::IDiv)),
    ("mod", Operator::Arithmetic(BinaryOpKind::Mod)),
    ("union", Operator::Union),
    ("intersect", Operator::Set(SetOperator::Intersect)),
    ("except", Operator::Set(SetOperator::Except)),
    ("instance", Operator::InstanceOf),
    ("treat", Operator::TreatAs),
    ("castable", Operator::CastableAs),
    ("cast", Operator::CastAs),
];

impl Operator {
    /// How tightly it binds.
    fn level(self) -> u8 {
        match self {
            Self::Or => 1,
            Self::And => 2,
            Self::General(_) | Self::Value(_) | Self::Node(_) => 3,
            Self::Concat => 4,
            Self::To => 5,
            Self::Arithmetic(BinaryOpKind::Add | BinaryOpKind::Sub) => 6,
            Self::Arithmetic(_) => 7,
            Self::Union => 8,
            Self::Set(_) => 9,
            Self::InstanceOf => 10,
            Self::TreatAs => 11,
            Self::CastableAs => 12,
            Self::CastAs => 13,
            Self::Arrow => 14,
        }
    }

    /// Whether `a op b op c` is an error rather than a chain.
    fn stands_alone(self) -> bool {
        matches!(self.level(), 3 | 5 | 10..=13)
    }
}

impl Parser<'_> {
    /// `OrExpr`: operands with operators between them.
    pub(super) fn operation(&mut self) -> Parsed<Expr> {
        self.climb(1)
    }

    /// An operand and the operators behind it that bind at least as tightly as `level`.
    fn climb(&mut self, level: u8) -> Parsed<Expr> {
        let mut left = self.signed()?;
        let mut alone = None;
        let mut arrows = 0;
        loop {
            self.space()?;
            let Some((operator, length)) = self.peek_operator() else { return Ok(left) };
            if operator.level() < level {
                return Ok(left);
            }
            if alone == Some(operator.level()) {
                return Err(self
                    .error(format!("a second {} in a row", self.found()))
                    .remedy("put one of the two in parentheses"));
            }
            arrows += u32::from(operator == Operator::Arrow);
            if arrows > NESTING_MAX {
                return Err(self.error(format!("more than {NESTING_MAX} calls chained with `=>`")));
            }
            alone = operator.stands_alone().then(|| operator.level());
            let at = self.place();
            self.at += length;
            left = self.operate(at, left, operator)?;
        }
    }

    fn peek_operator(&self) -> Option<(Operator, usize)> {
        let word = self.peek_name();
        if word.is_empty() {
            let (symbol, operator) = SYMBOLS.iter().find(|(symbol, _)| self.looking_at(symbol))?;
            return Some((*operator, symbol.len()));
        }
        let (word, operator) = WORDS.iter().find(|(known, _)| *known == word)?;
        Some((*operator, word.len()))
    }

    /// Takes the right side of `operator` and joins it with `left`.
    fn operate(&mut self, at: u32, left: Expr, operator: Operator) -> Parsed<Expr> {
        let kind = match operator {
            Operator::InstanceOf => {
                self.expect_word("of")?;
                Kind::InstanceOf(Box::new(left), self.sequence_type()?)
            }
            Operator::TreatAs => {
                self.expect_word("as")?;
                Kind::TreatAs(Box::new(left), self.sequence_type()?)
            }
            Operator::CastableAs => {
                self.expect_word("as")?;
                Kind::Castable(Box::new(left), self.single_type()?)
            }
            Operator::CastAs => {
                self.expect_word("as")?;
                Kind::Cast(Box::new(left), self.single_type()?)
            }
            Operator::Arrow => return self.arrow(left),
            Operator::Or
            | Operator::And
            | Operator::General(_)
            | Operator::Value(_)
            | Operator::Node(_)
            | Operator::Concat
            | Operator::To
            | Operator::Arithmetic(_)
            | Operator::Union
            | Operator::Set(_) => {
                self.enter()?;
                let right = self.climb(operator.level() + 1)?;
                self.depth -= 1;
                join(operator, left, right)
            }
        };
        Ok(Expr { at, kind })
    }

    /// Signs, then a value.
    fn signed(&mut self) -> Parsed<Expr> {
        self.space()?;
        let at = self.place();
        let mut sign = None;
        loop {
            if self.eat("-")? {
                sign = Some(sign != Some(true));
            } else if self.eat("+")? {
                sign = sign.or(Some(false));
            } else {
                break;
            }
        }
        let operand = self.mapped()?;
        Ok(match sign {
            Some(negate) => Expr { at, kind: Kind::Sign(negate, Box::new(operand)) },
            None => operand,
        })
    }

    /// `a ! b ! c`
    fn mapped(&mut self) -> Parsed<Expr> {
        self.space()?;
        let at = self.place();
        let first = self.path()?;
        let mut steps = Vec::new();
        loop {
            self.space()?;
            if !self.looking_at("!") || self.looking_at("!=") {
                break;
            }
            self.at += 1;
            self.space()?;
            steps.push(self.path()?);
        }
        if steps.is_empty() {
            return Ok(first);
        }
        steps.insert(0, first);
        Ok(Expr { at, kind: Kind::Map(steps) })
    }

    /// The call behind `=>`, with `left` as its first argument.
    fn arrow(&mut self, left: Expr) -> Parsed<Expr> {
        self.space()?;
        if self.peek_name().is_empty() {
            return Err(self
                .error(format!("expected a function behind `=>` but found {}", self.found()))
                .remedy("name a function"));
        }
        self.call(Some(left))
    }
}

/// Chains of one level become one node, so that their length costs no depth.
fn join(operator: Operator, left: Expr, right: Expr) -> Kind {
    let at = left.at;
    match (operator, left.kind) {
        (Operator::Or, Kind::Or(mut all)) => {
            all.push(right);
            Kind::Or(all)
        }
        (Operator::And, Kind::And(mut all)) => {
            all.push(right);
            Kind::And(all)
        }
        (Operator::Concat, Kind::Concat(mut all)) => {
            all.push(right);
            Kind::Concat(all)
        }
        (Operator::Union, Kind::Union(mut all)) => {
            all.push(right);
            Kind::Union(all)
        }
        (Operator::Arithmetic(kind), Kind::Arithmetic(first, mut rest))
            if rest
                .iter()
                .all(|(known, _)| Operator::Arithmetic(*known).level() == operator.level()) =>
        {
            rest.push((kind, right));
            Kind::Arithmetic(first, rest)
        }
        (Operator::Set(kind), Kind::Sets(first, mut rest)) => {
            rest.push((kind, right));
            Kind::Sets(first, rest)
        }
        (operator, kind) => {
            let left = Expr { at, kind };
            match operator {
                Operator::Or => Kind::Or(vec![left, right]),
                Operator::And => Kind::And(vec![left, right]),
                Operator::Concat => Kind::Concat(vec![left, right]),
                Operator::Union => Kind::Union(vec![left, right]),
                Operator::General(kind) => Kind::General(kind, Box::new((left, right))),
                Operator::Value(kind) => Kind::Value(kind, Box::new((left, right))),
                Operator::Node(kind) => Kind::NodeComparison(kind, Box::new((left, right))),
                Operator::To => Kind::Range(Box::new((left, right))),
                Operator::Arithmetic(kind) => Kind::Arithmetic(Box::new(left), vec![(kind, right)]),
                Operator::Set(kind) => Kind::Sets(Box::new(left), vec![(kind, right)]),
                Operator::InstanceOf
                | Operator::TreatAs
                | Operator::CastableAs
                | Operator::CastAs
                | Operator::Arrow => unreachable!("taken by operate() before"),
            }
        }
    }
}
