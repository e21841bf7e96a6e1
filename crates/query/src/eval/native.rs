//! Functions evaluated here, see [`Native`](crate::functions::Native).

use std::collections::BTreeSet;

use xsd_schema::{
    XmlTypeCode,
    types::value::XmlValue,
    xpath::{FunctionId, XPathValue, ast::BinaryOpKind, atomize::to_number, iterator::XmlItem},
};

use super::{
    Evaluated, Evaluator, Item, Value,
    operators::{is_nan, is_untyped, text, untyped_as_string, whole},
    sort,
};
use crate::{
    ast::{Comparison, Expr},
    error::EvaluateError,
    functions::Native,
    node::Node,
};

impl<'e, 'd> Evaluator<'e, 'd> {
    pub(super) fn native(&mut self, native: Native, arguments: &'e [Expr]) -> Evaluated<Value<'d>> {
        match native {
            Native::True => Ok(XPathValue::boolean(true)),
            Native::False => Ok(XPathValue::boolean(false)),
            Native::Position => self.focus_number(|focus| focus.position),
            Native::Last => self.focus_number(|focus| focus.size),
            Native::Matches => self.matches(arguments),
            Native::Replace => self.replace(arguments),
            Native::Tokenize => self.tokenize(arguments),
            Native::Round => self.round(arguments),
            Native::FormatNumber => self.format_number(arguments),
            Native::FormatDate => self.format_moment(XmlTypeCode::Date, arguments),
            Native::FormatDateTime => self.format_moment(XmlTypeCode::DateTime, arguments),
            Native::FormatTime => self.format_moment(XmlTypeCode::Time, arguments),
            Native::StringJoin => self.string_join(arguments),
            Native::Substring => self.substring(arguments),
            Native::ContainsToken => self.contains_token(arguments),
            Native::Boolean
            | Native::Not
            | Native::Count
            | Native::Empty
            | Native::Exists
            | Native::Data
            | Native::DistinctValues
            | Native::GenerateId
            | Native::HasChildren
            | Native::Head
            | Native::Tail
            | Native::Innermost
            | Native::Outermost
            | Native::Number
            | Native::Sort
            | Native::String => {
                let value = match arguments.first() {
                    Some(argument) => self.eval(argument)?,
                    None => XPathValue::from_item(self.context_item()?.clone()),
                };
                self.of_value(native, value)
            }
        }
    }

    /// The functions of one argument, which is the context item where it is left out.
    fn of_value(&mut self, native: Native, value: Value<'d>) -> Evaluated<Value<'d>> {
        Ok(match native {
            Native::Boolean => XPathValue::boolean(self.boolean_of(&value)?),
            Native::Not => XPathValue::boolean(!self.boolean_of(&value)?),
            Native::Count => XPathValue::integer(value.len() as i64),
            Native::Empty => XPathValue::boolean(value.is_empty()),
            Native::Exists => XPathValue::boolean(!value.is_empty()),
            Native::Head => {
                value.into_vec().into_iter().next().map_or(XPathValue::Empty, XPathValue::from_item)
            }
            Native::Tail => {
                XPathValue::from_sequence(value.into_vec().into_iter().skip(1).collect())
            }
            Native::Data => sequence_of(self.atoms(value)?),
            Native::DistinctValues => sequence_of(self.distinct(value)?),
            Native::Sort => self.sort(value)?,
            Native::Number => {
                let number = self.atom(value)?.map_or(f64::NAN, |atom| to_number(&atom));
                XPathValue::double(number)
            }
            Native::String => match value.as_slice() {
                [] => XPathValue::string(""),
                [XmlItem::Node(node)] => XPathValue::string(self.node_text(node)?),
                [XmlItem::Atomic(atom)] => XPathValue::string(atom.to_string_value()),
                [_, ..] => {
                    return Err(EvaluateError::new(
                        "XPTY0004",
                        "`string()` takes one item; add `[1]` or use `string-join()`",
                    ));
                }
            },
            Native::GenerateId => {
                let node = single_node(value)?;
                XPathValue::string(node.map_or(String::new(), |node| {
                    let (tree, id, attribute) = node.order_key();
                    format!("n{tree}-{id}-{attribute}")
                }))
            }
            Native::HasChildren => XPathValue::boolean(
                single_node(value)?.is_some_and(|node| node.first_child().is_some()),
            ),
            Native::Innermost => self.nested(value, true)?,
            Native::Outermost => self.nested(value, false)?,
            Native::True
            | Native::False
            | Native::Position
            | Native::Last
            | Native::Matches
            | Native::Replace
            | Native::Tokenize
            | Native::Round
            | Native::FormatNumber
            | Native::FormatDate
            | Native::FormatDateTime
            | Native::FormatTime
            | Native::StringJoin
            | Native::Substring
            | Native::ContainsToken => unreachable!("native() evaluates these itself"),
        })
    }

    fn focus_number(&self, number: impl Fn(&super::Focus<'d>) -> usize) -> Evaluated<Value<'d>> {
        match &self.focus {
            Some(focus) => Ok(XPathValue::integer(number(focus) as i64)),
            None => Err(EvaluateError::new(
                "XPDY0002",
                "there is no context item here, hence no position",
            )),
        }
    }

    /// The text of a string argument; empty if it is the empty sequence.
    pub(super) fn string_argument(&mut self, argument: &'e Expr) -> Evaluated<String> {
        let value = self.eval(argument)?;
        let Some(atom) = self.atom(value)? else { return Ok(String::new()) };
        match text(&atom) {
            Some(text) => {
                self.budget.text(text.len())?;
                Ok(text.to_owned())
            }
            None if atom.as_string().is_some() => Ok(atom.to_string_value()),
            None => Err(EvaluateError::new(
                "XPTY0004",
                "a string is needed, but there is another value; convert it with `string()`",
            )
            .or_at(argument.at)),
        }
    }

    fn string_join(&mut self, arguments: &'e [Expr]) -> Evaluated<Value<'d>> {
        let value = self.eval(&arguments[0])?;
        let atoms = self.atoms(value)?;
        let separator = match arguments.get(1) {
            Some(argument) => self.string_argument(argument)?,
            None => String::new(),
        };
        let mut joined = String::new();
        for (index, atom) in atoms.iter().enumerate() {
            if index > 0 {
                joined.push_str(&separator);
            }
            let before = joined.len();
            joined.push_str(&atom.to_string_value());
            self.budget.text(joined.len() - before + separator.len())?;
        }
        Ok(XPathValue::string(joined))
    }

    /// The library's own overflows at positions beyond its integers; here they stay doubles, as F&O 5.4.3 has it.
    fn substring(&mut self, arguments: &'e [Expr]) -> Evaluated<Value<'d>> {
        let text = self.string_argument(&arguments[0])?;
        let begin = (self.double_argument(&arguments[1])? + 0.5).floor();
        let end = match arguments.get(2) {
            Some(argument) => begin + (self.double_argument(argument)? + 0.5).floor(),
            None => f64::INFINITY,
        };
        let mut position = 0.0;
        let kept = text.chars().filter(|_| {
            position += 1.0;
            position >= begin && position < end
        });
        Ok(XPathValue::string(kept.collect::<String>()))
    }

    fn double_argument(&mut self, argument: &'e Expr) -> Evaluated<f64> {
        let value = self.eval(argument)?;
        let atom = self.atom(value)?.filter(|atom| atom.type_code.is_numeric() || is_untyped(atom));
        let Some(atom) = atom else {
            return Err(
                EvaluateError::new("XPTY0004", "a number is needed here").or_at(argument.at)
            );
        };
        let double = super::types::cast_atom(&atom, XmlTypeCode::Double)
            .map_err(|error| error.or_at(argument.at))?;
        Ok(double.as_double().unwrap_or(f64::NAN))
    }

    fn contains_token(&mut self, arguments: &'e [Expr]) -> Evaluated<Value<'d>> {
        let value = self.eval(&arguments[0])?;
        let atoms = self.atoms(value)?;
        let token = self.string_argument(&arguments[1])?;
        let token = token.trim();
        let found = atoms
            .iter()
            .filter_map(XmlValue::as_string)
            .any(|text| text.split_ascii_whitespace().any(|word| word == token));
        Ok(XPathValue::boolean(found))
    }

    /// Each value once, as it first came.
    fn distinct(&mut self, value: Value<'d>) -> Evaluated<Vec<XmlValue>> {
        let mut texts = BTreeSet::new();
        let mut others: Vec<XmlValue> = Vec::new();
        let mut distinct = Vec::new();
        for atom in self.atoms(value)? {
            if let Some(text) = text(&atom) {
                if texts.insert(text.to_owned()) {
                    distinct.push(atom);
                }
                continue;
            }
            self.budget.steps(others.len() as u64)?;
            let known = others.iter().any(|known| {
                (is_nan(known) && is_nan(&atom))
                    || self.compared(Comparison::Eq, known, &atom).unwrap_or(false)
            });
            if !known {
                others.push(atom.clone());
                distinct.push(atom);
            }
        }
        Ok(distinct)
    }

    /// `sort()`: by the values themselves.
    fn sort(&mut self, value: Value<'d>) -> Evaluated<Value<'d>> {
        let mut keyed: Vec<(Option<XmlValue>, Item<'d>)> = Vec::new();
        for item in value.into_vec() {
            let key = self.item_atom(item.clone())?;
            keyed.push((Some(untyped_as_string(key)), item));
        }
        let timezone = self.timezone;
        let budget = &mut self.budget;
        let sorted = sort::merge_sort(keyed, &mut |a, b| {
            budget.steps(1)?;
            sort::key_order((a.0.as_ref(), b.0.as_ref()), false, timezone)
        })?;
        Ok(XPathValue::from_sequence(sorted.into_iter().map(|(_, item)| item).collect()))
    }

    /// `round()` with a number of places.
    fn round(&mut self, arguments: &'e [Expr]) -> Evaluated<Value<'d>> {
        const PLACES_MAX: i64 = 28;
        let value = self.eval(&arguments[0])?;
        let Some(atom) = self.atom(value)? else { return Ok(XPathValue::Empty) };
        let places = self.eval(&arguments[1])?;
        let Some(places) = self.atom(places)? else {
            return Err(EvaluateError::new("XPTY0004", "the number of places is empty"));
        };
        let places = whole(&places)?.clamp(-PLACES_MAX, PLACES_MAX);
        // F&O 4.4.4: multiply by a power of ten, round, divide; the factor is decimal so that decimals stay exact.
        let digits = usize::try_from(places.abs()).unwrap_or(0);
        let factor = super::types::cast_atom(
            &XmlValue::string(format!("1{}", "0".repeat(digits))),
            if atom.as_integer().is_some() { XmlTypeCode::Integer } else { XmlTypeCode::Decimal },
        )?;
        if atom.as_integer().is_some() && places >= 0 {
            return Ok(XPathValue::from_atomic(atom));
        }
        let (up, down) = if places < 0 {
            (BinaryOpKind::Div, BinaryOpKind::Mul)
        } else {
            (BinaryOpKind::Mul, BinaryOpKind::Div)
        };
        let is_integer = atom.as_integer().is_some();
        let scaled = self.computed_number(up, &atom, &factor)?;
        let rounded =
            self.library.call(FunctionId::Round, None, vec![XPathValue::from_atomic(scaled)])?;
        let Some(rounded) = self.atom(rounded)? else { return Ok(XPathValue::Empty) };
        let result = self.computed_number(down, &rounded, &factor)?;
        if is_integer {
            return Ok(XPathValue::from_atomic(super::types::cast_atom(
                &result,
                XmlTypeCode::Integer,
            )?));
        }
        Ok(XPathValue::from_atomic(result))
    }

    /// The nodes that contain none of the others, or that are contained in none.
    fn nested(&mut self, value: Value<'d>, innermost: bool) -> Evaluated<Value<'d>> {
        let nodes = self.ordered(value.into_vec())?;
        let keys: BTreeSet<_> = nodes.iter().map(Node::order_key).collect();
        let mut outer = BTreeSet::new();
        let mut inner = BTreeSet::new();
        for node in &nodes {
            let mut walk = node.parent();
            while let Some(parent) = walk {
                self.budget.steps(1)?;
                if keys.contains(&parent.order_key()) {
                    outer.insert(parent.order_key());
                    inner.insert(node.order_key());
                }
                walk = parent.parent();
            }
        }
        let dropped = if innermost { outer } else { inner };
        let kept = nodes.into_iter().filter(|node| !dropped.contains(&node.order_key()));
        Ok(XPathValue::from_sequence(kept.map(XmlItem::Node).collect()))
    }
}

fn sequence_of<'d>(atoms: Vec<XmlValue>) -> Value<'d> {
    XPathValue::from_sequence(atoms.into_iter().map(XmlItem::Atomic).collect())
}

fn single_node<'d>(value: Value<'d>) -> Evaluated<Option<Node<'d>>> {
    match value.into_vec().as_slice() {
        [] => Ok(None),
        [XmlItem::Node(node)] => Ok(Some(node.clone())),
        _ => Err(EvaluateError::new("XPTY0004", "one node is needed")),
    }
}
