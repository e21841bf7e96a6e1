//! `for` .. `return`, `some`, `every`.
//!
//! Tuples stream through `for`, `let` and `where`. `order by`, `group by` and `count` see all tuples before the first
//! goes on: they split the clauses into stages.

use xsd_schema::{types::value::XmlValue, xpath::XPathValue};

use super::{
    Evaluated, Evaluator, Value,
    operators::{is_nan, untyped_as_string},
    sort,
};
use crate::{
    ast::{Clause, Comparison, Expr, Flwor, OrderKey, Quantified},
    error::EvaluateError,
    limits::SEQUENCE_ITEMS_MAX,
};

/// What is done with each tuple; the variables stand in the frame.
type Each<'w, 'e, 'd> = &'w mut dyn FnMut(&mut Evaluator<'e, 'd>) -> Evaluated<()>;

/// Values of the variables bound so far, by slot.
struct Tuple<'d> {
    values: Vec<Value<'d>>,
    keys: Vec<Option<XmlValue>>,
}

impl<'e, 'd> Evaluator<'e, 'd> {
    pub(super) fn flwor(&mut self, flwor: &'e Flwor) -> Evaluated<Value<'d>> {
        let mut all = Vec::new();
        self.tuples(&flwor.clauses, &mut |this| {
            let value = this.eval(&flwor.result)?;
            this.append(&mut all, value)
        })?;
        Ok(XPathValue::from_sequence(all))
    }

    /// Runs `each` for every tuple that `clauses` give.
    pub(super) fn tuples(
        &mut self,
        clauses: &'e [Clause],
        each: Each<'_, 'e, 'd>,
    ) -> Evaluated<()> {
        let barrier = clauses.iter().rposition(|clause| {
            matches!(clause, Clause::OrderBy(_) | Clause::GroupBy(..) | Clause::Count(_))
        });
        let Some(barrier) = barrier else { return self.stream(clauses, each) };
        let (before, after) = (&clauses[..barrier], &clauses[barrier + 1..]);
        let slots = bound_slots(before);
        let mut tuples = Vec::new();
        let keys: &[OrderKey] =
            if let Clause::OrderBy(keys) = &clauses[barrier] { keys } else { &[] };
        self.tuples(before, &mut |this| {
            let tuple = this.tuple(&slots, keys)?;
            tuples.push(tuple);
            if tuples.len() > SEQUENCE_ITEMS_MAX { Err(super::too_many_items()) } else { Ok(()) }
        })?;
        match &clauses[barrier] {
            Clause::OrderBy(keys) => tuples = self.sorted_tuples(tuples, keys)?,
            Clause::GroupBy(keys, others) => {
                tuples = self.grouped(tuples, &slots, (keys, others))?
            }
            Clause::Count(_) | Clause::For { .. } | Clause::Let { .. } | Clause::Where(_) => {}
        }
        for (index, tuple) in tuples.into_iter().enumerate() {
            for (slot, value) in slots.iter().zip(tuple.values) {
                self.frame[*slot as usize] = value;
            }
            if let Clause::Count(slot) = &clauses[barrier] {
                self.frame[*slot as usize] = XPathValue::integer(index as i64 + 1);
            }
            self.stream(after, each)?;
        }
        Ok(())
    }

    fn stream(&mut self, clauses: &'e [Clause], each: Each<'_, 'e, 'd>) -> Evaluated<()> {
        let mut rest = clauses;
        while let Some((clause, after)) = rest.split_first() {
            rest = after;
            match clause {
                Clause::Let { slot, kind, value } => {
                    let value = self.eval(value)?;
                    self.check_type(&value, kind.as_ref())?;
                    self.frame[*slot as usize] = value;
                }
                Clause::Where(condition) => {
                    if !self.truth(condition)? {
                        return Ok(());
                    }
                }
                Clause::For { source, .. } => {
                    self.enter(source)?;
                    let done = self.for_each(clause, after, each);
                    self.depth -= 1;
                    return done;
                }
                Clause::OrderBy(_) | Clause::GroupBy(..) | Clause::Count(_) => {
                    unreachable!("tuples() splits the clauses at these")
                }
            }
        }
        each(self)
    }

    fn for_each(
        &mut self,
        clause: &'e Clause,
        after: &'e [Clause],
        each: Each<'_, 'e, 'd>,
    ) -> Evaluated<()> {
        let Clause::For { slot, position, allowing_empty, kind, source } = clause else {
            return Ok(());
        };
        let items = self.eval(source)?.into_vec();
        if items.is_empty() && *allowing_empty {
            self.frame[*slot as usize] = XPathValue::Empty;
            if let Some(position) = position {
                self.frame[*position as usize] = XPathValue::integer(0_i64);
            }
            return self.stream(after, each);
        }
        for (index, item) in items.into_iter().enumerate() {
            let value = XPathValue::from_item(item);
            self.check_type(&value, kind.as_ref())?;
            self.frame[*slot as usize] = value;
            if let Some(position) = position {
                self.frame[*position as usize] = XPathValue::integer(index as i64 + 1);
            }
            self.budget.steps(1)?;
            self.stream(after, each)?;
        }
        Ok(())
    }

    fn tuple(&mut self, slots: &[u32], keys: &'e [OrderKey]) -> Evaluated<Tuple<'d>> {
        let mut values = Vec::with_capacity(slots.len());
        for slot in slots {
            values.push(self.variable(*slot)?);
        }
        let mut found = Vec::with_capacity(keys.len());
        for key in keys {
            let value = self.eval(&key.key)?;
            let atom = self.atom(value).map_err(|error| error.or_at(key.key.at))?;
            found.push(atom.map(untyped_as_string));
        }
        Ok(Tuple { values, keys: found })
    }

    fn sorted_tuples(
        &mut self,
        tuples: Vec<Tuple<'d>>,
        keys: &'e [OrderKey],
    ) -> Evaluated<Vec<Tuple<'d>>> {
        let timezone = self.timezone;
        let budget = &mut self.budget;
        sort::merge_sort(tuples, &mut |a, b| {
            budget.steps(1)?;
            for (index, key) in keys.iter().enumerate() {
                let sides = (a.keys[index].as_ref(), b.keys[index].as_ref());
                let ordering = sort::key_order(sides, key.empty_greatest, timezone)
                    .map_err(|error| error.or_at(key.key.at))?;
                let ordering = if key.descending { ordering.reverse() } else { ordering };
                if ordering.is_ne() {
                    return Ok(ordering);
                }
            }
            Ok(std::cmp::Ordering::Equal)
        })
    }

    /// One tuple for each combination of keys, in the order in which they first came.
    fn grouped(
        &mut self,
        tuples: Vec<Tuple<'d>>,
        slots: &[u32],
        (keys, others): (&[u32], &[u32]),
    ) -> Evaluated<Vec<Tuple<'d>>> {
        let mut groups: Vec<Tuple<'d>> = Vec::new();
        for mut tuple in tuples {
            for (slot, value) in slots.iter().zip(&mut tuple.values) {
                if keys.contains(slot) {
                    let atom = self.atom(std::mem::replace(value, XPathValue::Empty))?;
                    let atom = atom.map(untyped_as_string);
                    *value = atom.clone().map_or(XPathValue::Empty, XPathValue::from_atomic);
                    tuple.keys.push(atom);
                }
            }
            self.budget.steps(groups.len() as u64)?;
            let found = groups.iter().position(|group| self.same_keys(&group.keys, &tuple.keys));
            let Some(found) = found else {
                groups.push(tuple);
                continue;
            };
            for (index, value) in tuple.values.into_iter().enumerate() {
                if others.contains(&slots[index]) {
                    let known =
                        std::mem::replace(&mut groups[found].values[index], XPathValue::Empty);
                    let mut joined = known.into_vec();
                    self.append(&mut joined, value)?;
                    groups[found].values[index] = XPathValue::from_sequence(joined);
                }
            }
        }
        Ok(groups)
    }

    fn same_keys(&self, a: &[Option<XmlValue>], b: &[Option<XmlValue>]) -> bool {
        a.iter().zip(b).all(|pair| match pair {
            (None, None) => true,
            (Some(a), Some(b)) => {
                (is_nan(a) && is_nan(b)) || self.compared(Comparison::Eq, a, b).unwrap_or(false)
            }
            (None, Some(_)) | (Some(_), None) => false,
        })
    }

    pub(super) fn quantified(&mut self, quantified: &'e Quantified) -> Evaluated<Value<'d>> {
        let found =
            self.satisfied(&quantified.bindings, &quantified.condition, quantified.every)?;
        Ok(XPathValue::boolean(found))
    }

    fn satisfied(
        &mut self,
        bindings: &'e [(u32, Expr)],
        condition: &'e Expr,
        every: bool,
    ) -> Evaluated<bool> {
        let Some(((slot, source), rest)) = bindings.split_first() else {
            return self.truth(condition);
        };
        self.enter(source)?;
        let mut result = Ok(every);
        for item in self.eval(source)?.into_vec() {
            self.budget.steps(1)?;
            self.frame[*slot as usize] = XPathValue::from_item(item);
            // One item decides: the first that holds for `some`, the first that does not for `every`.
            match self.satisfied(rest, condition, every) {
                Ok(holds) if holds == every => {}
                decided => {
                    result = decided;
                    break;
                }
            }
        }
        self.depth -= 1;
        result
    }
}

fn bound_slots(clauses: &[Clause]) -> Vec<u32> {
    let mut slots = Vec::new();
    for clause in clauses {
        match clause {
            Clause::For { slot, position, .. } => {
                slots.push(*slot);
                slots.extend(position);
            }
            Clause::Let { slot, .. } | Clause::Count(slot) => slots.push(*slot),
            Clause::Where(_) | Clause::OrderBy(_) | Clause::GroupBy(..) => {}
        }
    }
    slots
}

/// The error of two keys that cannot be compared.
pub(super) fn incomparable(error: EvaluateError) -> EvaluateError {
    EvaluateError::new(
        "XPTY0004",
        format!("values of different types cannot be put in order: {}", error.message),
    )
}
