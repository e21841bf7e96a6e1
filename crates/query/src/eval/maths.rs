//! `math:*`, on doubles.

use xsd_schema::{XmlTypeCode, xpath::XPathValue};

use super::{Evaluated, Evaluator, Value, types::cast_atom};
use crate::{ast::Expr, error::EvaluateError, functions::Math};

impl<'e, 'd> Evaluator<'e, 'd> {
    pub(super) fn math(&mut self, function: Math, arguments: &'e [Expr]) -> Evaluated<Value<'d>> {
        let mut numbers = [0.0, 0.0];
        for (argument, number) in arguments.iter().zip(&mut numbers) {
            let value = self.eval(argument)?;
            let Some(atom) = self.atom(value)? else { return Ok(XPathValue::Empty) };
            let is_number =
                atom.type_code.is_numeric() || atom.type_code == XmlTypeCode::UntypedAtomic;
            let double =
                if is_number { cast_atom(&atom, XmlTypeCode::Double)?.as_double() } else { None };
            *number = double.ok_or_else(|| {
                EvaluateError::new("XPTY0004", "a number is needed, but there is another value")
            })?;
        }
        let [x, y] = numbers;
        Ok(XPathValue::double(match function {
            Math::Pi => std::f64::consts::PI,
            Math::Exp => x.exp(),
            Math::Exp10 => 10_f64.powf(x),
            Math::Log => x.ln(),
            Math::Log10 => x.log10(),
            Math::Pow => x.powf(y),
            Math::Sqrt => x.sqrt(),
            Math::Sin => x.sin(),
            Math::Cos => x.cos(),
            Math::Tan => x.tan(),
            Math::Asin => x.asin(),
            Math::Acos => x.acos(),
            Math::Atan => x.atan(),
            Math::Atan2 => x.atan2(y),
        }))
    }
}
