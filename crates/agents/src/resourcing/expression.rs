//! Conditions of filters: names with `&`, `|`, `!` and brackets, as in `Clerk & !(Trainee | $excluded)`.
//!
//! `&` and `|` bind alike and are taken from left to right, as YAWL does: `a | b & c` is `(a | b) & c`. `!` and
//! brackets are ours. A name is everything between these signs; one that begins with `$` stands for the value
//! of a variable of the net.

use smol_str::SmolStr;

/// Bytes of one expression.
const BYTES_MAX: usize = 4_096;
/// Brackets within brackets. Reading and asking go as deep.
const DEPTH_MAX: usize = 16;

/// A condition on what somebody has or belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expression {
    first: Term,
    rest: Vec<(Operator, Term)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operator {
    And,
    Or,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Term {
    negated: bool,
    operand: Operand,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Operand {
    Name(SmolStr),
    Variable(SmolStr),
    Group(Box<Expression>),
}

/// Why a text is no condition.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Invalid {
    #[error("a name is missing before {before}")]
    NameMissing { before: String },
    #[error("{found:?} stands where `&`, `|` or the end should be")]
    OperatorMissing { found: char },
    #[error("a bracket is not closed")]
    NotClosed,
    #[error("it is longer than {BYTES_MAX} bytes")]
    TooLong,
    #[error("brackets are more than {DEPTH_MAX} deep")]
    TooDeep,
}

impl Expression {
    pub fn read(text: &str) -> Result<Self, Invalid> {
        if text.len() > BYTES_MAX {
            return Err(Invalid::TooLong);
        }
        let mut rest = text;
        let expression = expression(&mut rest, 0)?;
        match rest.chars().next() {
            None => Ok(expression),
            Some(found) => Err(Invalid::OperatorMissing { found }),
        }
    }

    /// Whether it holds where `has` tells of one name. `value` gives what a variable holds; one without a value
    /// is a name that nobody has.
    pub fn holds(
        &self,
        has: &dyn Fn(&str) -> bool,
        value: &dyn Fn(&str) -> Option<String>,
    ) -> bool {
        let holds = |term: &Term| {
            let plain = match &term.operand {
                Operand::Name(name) => has(name),
                Operand::Variable(name) => value(name).is_some_and(|name| has(name.trim())),
                Operand::Group(group) => group.holds(has, value),
            };
            plain != term.negated
        };
        self.rest.iter().fold(holds(&self.first), |so_far, (operator, term)| match operator {
            Operator::And => so_far && holds(term),
            Operator::Or => so_far || holds(term),
        })
    }
}

fn expression(rest: &mut &str, depth: usize) -> Result<Expression, Invalid> {
    if depth > DEPTH_MAX {
        return Err(Invalid::TooDeep);
    }
    let first = term(rest, depth)?;
    let mut following = Vec::new();
    loop {
        let operator = match rest.chars().next() {
            Some('&') => Operator::And,
            Some('|') => Operator::Or,
            Some(_) | None => return Ok(Expression { first, rest: following }),
        };
        *rest = &rest[1..];
        following.push((operator, term(rest, depth)?));
    }
}

fn term(rest: &mut &str, depth: usize) -> Result<Term, Invalid> {
    let mut negated = false;
    *rest = rest.trim_start();
    while let Some(after) = rest.strip_prefix('!') {
        negated = !negated;
        *rest = after.trim_start();
    }
    let operand = if let Some(inside) = rest.strip_prefix('(') {
        *rest = inside;
        let group = expression(rest, depth + 1)?;
        *rest = rest.strip_prefix(')').ok_or(Invalid::NotClosed)?.trim_start();
        Operand::Group(group.into())
    } else {
        let end = rest.find(['&', '|', '!', '(', ')']).unwrap_or(rest.len());
        let (name, after) = rest.split_at(end);
        *rest = after;
        match name.trim() {
            "" | "$" => return Err(name_missing(after)),
            name => name.strip_prefix('$').map_or_else(
                || Operand::Name(name.into()),
                |variable| Operand::Variable(variable.into()),
            ),
        }
    };
    Ok(Term { negated, operand })
}

fn name_missing(rest: &str) -> Invalid {
    let before =
        rest.chars().next().map_or_else(|| "the end".to_owned(), |sign| format!("`{sign}`"));
    Invalid::NameMissing { before }
}

#[cfg(test)]
mod tests;
