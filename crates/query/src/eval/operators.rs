//! Logic, comparison, arithmetic, `||`, `to`.

use std::collections::BTreeSet;

use xsd_schema::{
    XmlTypeCode,
    types::value::{XmlValue, XmlValueKind},
    xpath::{
        XPathValue,
        ast::{BinaryOpKind, UnaryOpKind},
        iterator::XmlItem,
        operators::{eval_binary_with_timezone, eval_unary},
    },
};

use super::{Evaluated, Evaluator, Value, too_many_items, types::cast_atom};
use crate::{
    ast::{Comparison, Expr, NodeComparison, Switch},
    error::EvaluateError,
    limits::{INTEGER_BITS_MAX, SEQUENCE_ITEMS_MAX},
    node::Node,
};

impl<'e, 'd> Evaluator<'e, 'd> {
    pub(super) fn or(&mut self, operands: &'e [Expr]) -> Evaluated<Value<'d>> {
        for operand in operands {
            if self.truth(operand)? {
                return Ok(XPathValue::boolean(true));
            }
        }
        Ok(XPathValue::boolean(false))
    }

    pub(super) fn and(&mut self, operands: &'e [Expr]) -> Evaluated<Value<'d>> {
        for operand in operands {
            if !self.truth(operand)? {
                return Ok(XPathValue::boolean(false));
            }
        }
        Ok(XPathValue::boolean(true))
    }

    /// The branch whose condition holds.
    pub(super) fn branch(
        &mut self,
        branches: &'e [(Expr, Expr)],
        otherwise: &'e Expr,
    ) -> Evaluated<&'e Expr> {
        for (condition, then) in branches {
            if self.truth(condition)? {
                return Ok(then);
            }
        }
        Ok(otherwise)
    }

    pub(super) fn switch(&mut self, switch: &'e Switch) -> Evaluated<&'e Expr> {
        let operand = self.eval(&switch.operand)?;
        let operand = self.atom(operand)?.map(untyped_as_string);
        for (values, result) in &switch.cases {
            for value in values {
                let value = self.eval(value)?;
                let value = self.atom(value)?.map(untyped_as_string);
                let same = match (&operand, &value) {
                    (None, None) => true,
                    (Some(a), Some(b)) => {
                        (is_nan(a) && is_nan(b))
                            || self.compared(Comparison::Eq, a, b).unwrap_or(false)
                    }
                    (None, Some(_)) | (Some(_), None) => false,
                };
                if same {
                    return Ok(result);
                }
            }
        }
        Ok(&switch.default)
    }

    /// `=` and its kin: whether any pair compares so.
    pub(super) fn general(
        &mut self,
        operator: Comparison,
        sides: &'e (Expr, Expr),
    ) -> Evaluated<Value<'d>> {
        let left = self.eval(&sides.0)?;
        let left = self.atoms(left)?;
        let right = self.eval(&sides.1)?;
        let right = self.atoms(right)?;
        self.any_pair(operator, &left, &right).map(XPathValue::boolean)
    }

    fn any_pair(
        &mut self,
        operator: Comparison,
        left: &[XmlValue],
        right: &[XmlValue],
    ) -> Evaluated<bool> {
        const PAIRS_PLAIN_MAX: usize = 1_000;
        let large = left.len().saturating_mul(right.len()) > PAIRS_PLAIN_MAX;
        if large && operator == Comparison::Eq {
            let texts = left.iter().chain(right).all(|atom| text(atom).is_some());
            if texts {
                self.budget.steps((left.len() + right.len()) as u64)?;
                let known: BTreeSet<&str> = left.iter().filter_map(text).collect();
                return Ok(right.iter().filter_map(text).any(|text| known.contains(text)));
            }
        }
        for a in left {
            self.budget.steps(right.len() as u64)?;
            for b in right {
                if self.pair(operator, a, b)? {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    /// One pair of a general comparison: untyped values take the type of the other side.
    fn pair(&self, operator: Comparison, a: &XmlValue, b: &XmlValue) -> Evaluated<bool> {
        if let (Some(a), Some(b)) = (text(a), text(b)) {
            return Ok(operator.holds(a.cmp(b)));
        }
        if let (Some(a), Some(b)) = (plain_number(a), plain_number(b)) {
            return Ok(operator.holds(a.total_cmp(&b)));
        }
        match (is_untyped(a), is_untyped(b)) {
            (true, false) => self.compared(operator, &typed_as(a, b)?, b),
            (false, true) => self.compared(operator, a, &typed_as(b, a)?),
            (true, true) | (false, false) => self.compared(operator, a, b),
        }
    }

    pub(super) fn compared(
        &self,
        operator: Comparison,
        a: &XmlValue,
        b: &XmlValue,
    ) -> Evaluated<bool> {
        let result = eval_binary_with_timezone(operator.operator(), a, b, self.timezone)?;
        Ok(result.as_boolean().unwrap_or(false))
    }

    /// `eq` and its kin.
    pub(super) fn value_comparison(
        &mut self,
        operator: Comparison,
        sides: &'e (Expr, Expr),
    ) -> Evaluated<Value<'d>> {
        let Some((left, right)) = self.both(sides)? else { return Ok(XPathValue::Empty) };
        let (left, right) = (untyped_as_string(left), untyped_as_string(right));
        self.compared(operator, &left, &right).map(XPathValue::boolean)
    }

    /// Both sides as single values; `None` if one is empty.
    fn both(&mut self, sides: &'e (Expr, Expr)) -> Evaluated<Option<(XmlValue, XmlValue)>> {
        let left = self.eval(&sides.0)?;
        let left = self.atom(left)?;
        let right = self.eval(&sides.1)?;
        let right = self.atom(right)?;
        Ok(left.zip(right))
    }

    pub(super) fn node_comparison(
        &mut self,
        operator: NodeComparison,
        sides: &'e (Expr, Expr),
    ) -> Evaluated<Value<'d>> {
        let left = self.eval(&sides.0)?;
        let right = self.eval(&sides.1)?;
        let (Some(left), Some(right)) = (one_node(left)?, one_node(right)?) else {
            return Ok(XPathValue::Empty);
        };
        Ok(XPathValue::boolean(match operator {
            NodeComparison::Is => left.same(&right),
            NodeComparison::Before => left.document_order(&right).is_lt(),
            NodeComparison::After => left.document_order(&right).is_gt(),
        }))
    }

    pub(super) fn concat(&mut self, operands: &'e [Expr]) -> Evaluated<Value<'d>> {
        let mut text = String::new();
        for operand in operands {
            let value = self.eval(operand)?;
            if let Some(atom) = self.atom(value)? {
                let piece = atom.to_string_value();
                self.budget.text(piece.len())?;
                text.push_str(&piece);
            }
        }
        self.budget.text(text.len())?;
        Ok(XPathValue::string(text))
    }

    pub(super) fn range(&mut self, sides: &'e (Expr, Expr)) -> Evaluated<Value<'d>> {
        let Some((from, to)) = self.both(sides)? else { return Ok(XPathValue::Empty) };
        let (from, to) = (whole(&from)?, whole(&to)?);
        if from > to {
            return Ok(XPathValue::Empty);
        }
        let count = to.checked_sub(from).and_then(|span| usize::try_from(span).ok());
        let Some(count) = count.filter(|count| *count < SEQUENCE_ITEMS_MAX) else {
            return Err(too_many_items());
        };
        self.budget.steps(count as u64)?;
        let items = (from..=to).map(|number| XmlItem::Atomic(XmlValue::integer(number.into())));
        Ok(XPathValue::from_sequence(items.collect()))
    }

    pub(super) fn arithmetic(
        &mut self,
        first: &'e Expr,
        rest: &'e [(BinaryOpKind, Expr)],
    ) -> Evaluated<Value<'d>> {
        let value = self.eval(first)?;
        let mut left = self.atom(value)?;
        for (operator, operand) in rest {
            let value = self.eval(operand)?;
            let right = self.atom(value)?;
            left = match left.zip(right) {
                Some((a, b)) => {
                    Some(self.computed_number(*operator, &a, &b).map_err(|e| e.or_at(operand.at))?)
                }
                None => None,
            };
        }
        Ok(left.map_or(XPathValue::Empty, XPathValue::from_atomic))
    }

    pub(super) fn computed_number(
        &self,
        operator: BinaryOpKind,
        a: &XmlValue,
        b: &XmlValue,
    ) -> Evaluated<XmlValue> {
        let result = eval_binary_with_timezone(operator, a, b, self.timezone)?;
        if result.as_integer().is_some_and(|number| number.bits() > INTEGER_BITS_MAX) {
            return Err(EvaluateError::new("FOAR0002", "the result is too large an integer"));
        }
        Ok(result)
    }

    pub(super) fn sign(&mut self, negate: bool, operand: &'e Expr) -> Evaluated<Value<'d>> {
        let value = self.eval(operand)?;
        let operator = if negate { UnaryOpKind::Negate } else { UnaryOpKind::Identity };
        Ok(match self.atom(value)? {
            Some(atom) => XPathValue::from_atomic(eval_unary(operator, &atom)?),
            None => XPathValue::Empty,
        })
    }
}

/// The text of a string or untyped value.
pub(super) fn text(atom: &XmlValue) -> Option<&str> {
    if is_untyped(atom) || atom.type_code == XmlTypeCode::String { atom.as_string() } else { None }
}

/// The double that one side of a comparison with an untyped value is compared as, for untyped digits and doubles or
/// integers that a double holds exactly: by far the most frequent case, and free of a cast.
fn plain_number(atom: &XmlValue) -> Option<f64> {
    const DIGITS_MAX: usize = 15;
    if is_untyped(atom) {
        let text = atom.as_string()?;
        let is_plain = !text.is_empty()
            && text.len() <= DIGITS_MAX
            && text.bytes().all(|byte| byte.is_ascii_digit());
        return if is_plain { text.parse().ok() } else { None };
    }
    let number = i32::try_from(atom.as_integer()?).ok()?;
    Some(f64::from(number))
}

pub(super) fn is_untyped(atom: &XmlValue) -> bool {
    matches!(atom.value, XmlValueKind::UntypedAtomic(_))
}

/// An untyped value as the type that the other side of a comparison calls for. (XPath 3.1, 3.7.2)
fn typed_as(untyped: &XmlValue, other: &XmlValue) -> Evaluated<XmlValue> {
    let code = if other.type_code.is_numeric() { XmlTypeCode::Double } else { other.type_code };
    cast_atom(untyped, code)
}

pub(super) fn untyped_as_string(atom: XmlValue) -> XmlValue {
    if let XmlValueKind::UntypedAtomic(text) = atom.value { XmlValue::string(text) } else { atom }
}

pub(super) fn is_nan(atom: &XmlValue) -> bool {
    atom.type_code.is_numeric() && atom.as_double().is_some_and(f64::is_nan)
}

/// An integer as a bound of `to` or a position.
pub(super) fn whole(atom: &XmlValue) -> Evaluated<i64> {
    let integer =
        if is_untyped(atom) { cast_atom(atom, XmlTypeCode::Integer)? } else { atom.clone() };
    match integer.as_integer() {
        Some(number) => i64::try_from(number)
            .map_err(|_| EvaluateError::limit("an integer is too large to count to")),
        None => Err(EvaluateError::new("XPTY0004", "an integer is needed here")),
    }
}

fn one_node<'d>(value: Value<'d>) -> Evaluated<Option<Node<'d>>> {
    match value.into_vec().as_slice() {
        [] => Ok(None),
        [XmlItem::Node(node)] => Ok(Some(node.clone())),
        _ => Err(EvaluateError::new("XPTY0004", "one node is needed on either side")),
    }
}
