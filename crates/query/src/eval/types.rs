//! Casts and tests of types.

use xsd_schema::{
    XmlTypeCode,
    types::value::XmlValue,
    xpath::{
        XPathValue,
        cast::{cast_to, type_matches},
        iterator::XmlItem,
    },
};

use super::{Evaluated, Evaluator, Item, Value, axis, boolean_value, operators};
use crate::{
    ast::{Axis, Expr, ItemType, Occurrence, SequenceType, SingleType, Typeswitch},
    error::EvaluateError,
    limits::NUMBER_CHARS_MAX,
    node::NodeKind,
};

impl<'e, 'd> Evaluator<'e, 'd> {
    pub(super) fn cast(&mut self, operand: &'e Expr, target: SingleType) -> Evaluated<Value<'d>> {
        let value = self.eval(operand)?;
        match self.atom(value)? {
            Some(atom) => Ok(XPathValue::from_atomic(cast_atom(&atom, target.code)?)),
            None if target.optional => Ok(XPathValue::Empty),
            None => Err(EvaluateError::new(
                "XPTY0004",
                "the value to cast is empty; write `?` behind the type to allow that",
            )),
        }
    }

    pub(super) fn castable(
        &mut self,
        operand: &'e Expr,
        target: SingleType,
    ) -> Evaluated<Value<'d>> {
        let value = self.eval(operand)?;
        let castable = match value.len() {
            0 => target.optional,
            1 => match self.atom(value)? {
                Some(atom) => cast_atom(&atom, target.code).is_ok(),
                None => target.optional,
            },
            _ => false,
        };
        Ok(XPathValue::boolean(castable))
    }

    pub(super) fn instance_of(
        &mut self,
        operand: &'e Expr,
        kind: &SequenceType,
    ) -> Evaluated<Value<'d>> {
        let value = self.eval(operand)?;
        Ok(XPathValue::boolean(is_instance(&value, kind)))
    }

    pub(super) fn treat_as(
        &mut self,
        operand: &'e Expr,
        kind: &SequenceType,
    ) -> Evaluated<Value<'d>> {
        let value = self.eval(operand)?;
        if is_instance(&value, kind) {
            return Ok(value);
        }
        Err(EvaluateError::new("XPDY0050", "the value is not of the type that `treat as` names"))
    }

    pub(super) fn typeswitch(&mut self, typeswitch: &'e Typeswitch) -> Evaluated<Value<'d>> {
        let value = self.eval(&typeswitch.operand)?;
        let matching = |kinds: &[SequenceType]| kinds.iter().any(|kind| is_instance(&value, kind));
        let case = typeswitch.cases.iter().find(|case| matching(&case.types));
        let case = case.unwrap_or(&typeswitch.default);
        if let Some(slot) = case.slot {
            self.frame[slot as usize] = value;
        }
        self.eval(&case.result)
    }

    /// Checks a variable against its declared type, without converting it.
    pub(super) fn check_type(
        &self,
        value: &Value<'d>,
        kind: Option<&SequenceType>,
    ) -> Evaluated<()> {
        match kind {
            Some(kind) if !is_instance(value, kind) => Err(EvaluateError::new(
                "XPTY0004",
                "the value is not of the declared type of the variable",
            )),
            Some(_) | None => Ok(()),
        }
    }

    /// Converts an argument or result to its declared type, as calls do: nodes to atomic values, untyped values and
    /// numbers to the wanted type.
    pub(super) fn converted(
        &mut self,
        value: Value<'d>,
        kind: Option<&SequenceType>,
    ) -> Evaluated<Value<'d>> {
        let Some(kind) = kind else { return Ok(value) };
        let mut converted = value;
        if let SequenceType::Of(ItemType::Atomic(code), _) = kind {
            let mut items: Vec<Item<'d>> = Vec::new();
            for atom in self.atoms(converted)? {
                items.push(XmlItem::Atomic(promoted(atom, *code)?));
            }
            converted = XPathValue::from_sequence(items);
        }
        if is_instance(&converted, kind) {
            return Ok(converted);
        }
        Err(EvaluateError::new(
            "XPTY0004",
            "an argument or result is not of the type that the function declares",
        ))
    }

    /// The argument of `fn:boolean` and `fn:not`.
    pub(super) fn boolean_of(&self, value: &Value<'d>) -> Evaluated<bool> {
        boolean_value(value)
    }
}

fn promoted(atom: XmlValue, code: XmlTypeCode) -> Evaluated<XmlValue> {
    if type_matches(atom.type_code, code) || code == XmlTypeCode::AnyAtomicType {
        return Ok(atom);
    }
    let numeric =
        atom.type_code.is_numeric() && matches!(code, XmlTypeCode::Double | XmlTypeCode::Float);
    let uri = atom.type_code == XmlTypeCode::AnyUri && code == XmlTypeCode::String;
    if operators::is_untyped(&atom) || numeric || uri {
        return cast_atom(&atom, code);
    }
    Ok(atom)
}

/// Casts one value. Texts of absurd length are refused, for reading them as numbers takes quadratic time.
pub(super) fn cast_atom(atom: &XmlValue, code: XmlTypeCode) -> Evaluated<XmlValue> {
    let is_text = operators::text(atom).is_some_and(|text| text.len() > NUMBER_CHARS_MAX);
    let from_text =
        matches!(code, XmlTypeCode::String | XmlTypeCode::UntypedAtomic | XmlTypeCode::AnyUri);
    if is_text && !from_text {
        let message =
            format!("a text of more than {NUMBER_CHARS_MAX} bytes is no value of that type");
        return Err(EvaluateError::new("FORG0001", message));
    }
    Ok(cast_to(atom, code)?)
}

pub(super) fn is_instance(value: &Value<'_>, kind: &SequenceType) -> bool {
    let items = value.as_slice();
    match kind {
        SequenceType::Empty => items.is_empty(),
        SequenceType::Of(item, occurrence) => {
            let counted = match occurrence {
                Occurrence::One => items.len() == 1,
                Occurrence::Optional => items.len() < 2,
                Occurrence::Any => true,
                Occurrence::Some => !items.is_empty(),
            };
            counted && items.iter().all(|found| item_is(found, item))
        }
    }
}

fn item_is(item: &Item<'_>, kind: &ItemType) -> bool {
    match (kind, item) {
        (ItemType::Item, _) => true,
        (ItemType::Atomic(code), XmlItem::Atomic(atom)) => type_matches(atom.type_code, *code),
        (ItemType::Node(test), XmlItem::Node(node)) => {
            let axis =
                if node.kind() == NodeKind::Attribute { Axis::Attribute } else { Axis::SelfNode };
            axis::matches(test, axis, node)
        }
        (ItemType::Atomic(_), XmlItem::Node(_)) | (ItemType::Node(_), XmlItem::Atomic(_)) => false,
    }
}
