//! Calls: declared functions, and functions of the XPath library with their arguments paid for.

use xsd_schema::{
    XmlTypeCode,
    types::value::XmlValue,
    xpath::{FunctionId, XPathValue, iterator::XmlItem},
};

use super::{Evaluated, Evaluator, Value, operators::is_untyped};
use crate::{
    ast::Expr,
    error::EvaluateError,
    functions::Function,
    limits::{CALL_DEPTH_MAX, INTEGER_BITS_MAX},
};

impl<'e, 'd> Evaluator<'e, 'd> {
    pub(super) fn call(
        &mut self,
        function: &'e Function,
        arguments: &'e [Expr],
    ) -> Evaluated<Value<'d>> {
        match function {
            Function::Native(native) => self.native(*native, arguments),
            Function::Math(function) => self.math(*function, arguments),
            Function::Declared(index) => self.declared(*index, arguments),
            Function::Library(id, atomised) => self.library(*id, atomised, arguments),
        }
    }

    fn declared(&mut self, index: u32, arguments: &'e [Expr]) -> Evaluated<Value<'d>> {
        let function = &self.module.functions[index as usize];
        if self.calls >= CALL_DEPTH_MAX {
            return Err(EvaluateError::limit(format!(
                "`{}` calls functions deeper than {CALL_DEPTH_MAX} levels",
                function.name
            )));
        }
        let mut frame = Vec::with_capacity(function.slots);
        for (argument, kind) in arguments.iter().zip(&function.parameters) {
            let value = self.eval(argument)?;
            frame.push(
                self.converted(value, kind.as_ref()).map_err(|error| error.or_at(argument.at))?,
            );
        }
        frame.resize(function.slots.max(frame.len()), XPathValue::Empty);
        let outer = std::mem::replace(&mut self.frame, frame);
        self.calls += 1;
        let result = self.focused(None, |this| {
            let value = this.eval(&function.body)?;
            this.converted(value, function.result.as_ref())
        });
        self.calls -= 1;
        self.frame = outer;
        result
    }

    fn library(
        &mut self,
        id: FunctionId,
        atomised: &'e [Option<XmlTypeCode>],
        arguments: &'e [Expr],
    ) -> Evaluated<Value<'d>> {
        let mut values = Vec::with_capacity(arguments.len());
        for (index, argument) in arguments.iter().enumerate() {
            let value = self.eval(argument)?;
            let code = atomised.get(index).or_else(|| atomised.last()).copied().flatten();
            values.push(self.argument(value, code).map_err(|error| error.or_at(argument.at))?);
        }
        if matches!(id, FunctionId::RoundHalfToEven) && values.len() == 2 {
            check_precision(&values[1])?;
        }
        let result = self.library.call(id, self.focus.as_ref(), values)?;
        self.charge(&result)?;
        for item in result.as_slice() {
            let number = item.as_atomic().and_then(|atom| atom.as_integer());
            if number.is_some_and(|number| number.bits() > INTEGER_BITS_MAX) {
                return Err(EvaluateError::new("FOAR0002", "the result is too large an integer"));
            }
        }
        Ok(result)
    }

    /// An argument as the function takes it, and what reading it costs.
    fn argument(&mut self, value: Value<'d>, atomic: Option<XmlTypeCode>) -> Evaluated<Value<'d>> {
        let mut cost = 0;
        let mut bytes = 0;
        for item in value.as_slice() {
            match item {
                XmlItem::Node(node) if atomic.is_none() => cost += node.size(),
                XmlItem::Node(_) => {}
                XmlItem::Atomic(atom) => bytes += atom.as_string().map_or(8, str::len),
            }
        }
        self.budget.steps(cost + value.len() as u64)?;
        self.budget.text(bytes)?;
        let Some(code) = atomic else { return Ok(value) };
        let atoms = self.atoms(value)?;
        for atom in &atoms {
            check_kind(atom, code)?;
        }
        Ok(XPathValue::from_sequence(atoms.into_iter().map(XmlItem::Atomic).collect()))
    }
}

/// Refuses a number where a string is declared, and the other way round. The library itself converts.
fn check_kind(atom: &XmlValue, code: XmlTypeCode) -> Evaluated<()> {
    let fits = if code == XmlTypeCode::String {
        atom.as_string().is_some() || atom.type_code == XmlTypeCode::AnyUri
    } else {
        !code.is_numeric() || atom.type_code.is_numeric()
    };
    if fits || is_untyped(atom) {
        return Ok(());
    }
    let wanted = if code == XmlTypeCode::String { "string" } else { "number" };
    let message = format!("a {wanted} is needed, but there is `{}`", atom.to_string_value());
    Err(EvaluateError::new("XPTY0004", message))
}

/// Rounding to a billion places would compute a number with a billion digits.
fn check_precision(value: &Value<'_>) -> Evaluated<()> {
    const PLACES_MAX: i64 = 400;
    let places = value.as_integer().and_then(|places| i64::try_from(places).ok());
    match places {
        Some(places) if places.abs() <= PLACES_MAX => Ok(()),
        Some(_) => Err(EvaluateError::limit(format!("more than {PLACES_MAX} places to round to"))),
        None if value.as_integer().is_some() => {
            Err(EvaluateError::limit("too many places to round to"))
        }
        None => Ok(()),
    }
}
