//! The XPath library's side of an evaluation: its name table and contexts, made only when a function needs them.

use std::cell::OnceCell;

use xsd_schema::{
    XmlTypeCode,
    namespace::table::NameTable,
    types::value::{TimezoneOffset, XmlAtomicValue, XmlValue, XmlValueKind},
    xpath::{DynamicContext, FunctionId, XPathContext, cast::cast_to, functions::eval_function},
};

use super::{Evaluated, Focus, Value};
use crate::{error::EvaluateError, node::Node, now::Now};

/// Storage for what the library's contexts borrow. Its name table is not `Sync`, so each evaluation has its own.
#[derive(Default)]
pub(crate) struct Tables<'t> {
    names: OnceCell<NameTable>,
    statics: OnceCell<XPathContext<'t>>,
}

/// Calls the library's functions.
pub(super) struct Library<'e, 'd> {
    tables: &'e Tables<'e>,
    now: Now,
    context: Option<DynamicContext<'e, Node<'d>>>,
}

impl<'e, 'd> Library<'e, 'd> {
    pub(super) fn new(tables: &'e Tables<'e>, now: Now) -> Self {
        Self { tables, now, context: None }
    }

    pub(super) fn call(
        &mut self,
        id: FunctionId,
        focus: Option<&Focus<'d>>,
        arguments: Vec<Value<'d>>,
    ) -> Evaluated<Value<'d>> {
        let context = self.context()?;
        context.context_item = focus.map(|focus| focus.item.clone());
        context.context_position = focus.map_or(0, |focus| focus.position);
        context.context_size = focus.map_or(0, |focus| focus.size);
        Ok(eval_function(id, context, arguments)?)
    }

    fn context(&mut self) -> Evaluated<&mut DynamicContext<'e, Node<'d>>> {
        if self.context.is_none() {
            let timezone = TimezoneOffset(self.now.offset());
            let names = self.tables.names.get_or_init(NameTable::new);
            let statics = self.tables.statics.get_or_init(|| XPathContext::new(names));
            let context = DynamicContext::new(statics, 0).with_implicit_timezone(timezone);
            let moment =
                cast_to(&XmlValue::string(self.now.to_date_time()), XmlTypeCode::DateTime)?;
            let XmlValueKind::Atomic(XmlAtomicValue::DateTime(moment)) = moment.value else {
                return Err(EvaluateError::new("FODT0001", "the present moment is out of range"));
            };
            self.context = Some(context.with_current_datetime(moment));
        }
        match &mut self.context {
            Some(context) => Ok(context),
            None => Err(EvaluateError::new("FOER0000", "the library has no context")),
        }
    }
}
