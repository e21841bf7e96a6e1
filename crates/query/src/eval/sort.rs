//! Sorting with an order that may fail.

use std::cmp::Ordering;

use xsd_schema::{
    types::value::{TimezoneOffset, XmlValue},
    xpath::{ast::BinaryOpKind, operators::eval_binary_with_timezone},
};

use super::{
    Evaluated,
    flwor::incomparable,
    operators::{is_nan, text},
};

/// Stable merge sort. The standard sorts cannot stop at an error and may panic when an order contradicts itself.
pub(super) fn merge_sort<T>(
    items: Vec<T>,
    order: &mut dyn FnMut(&T, &T) -> Evaluated<Ordering>,
) -> Evaluated<Vec<T>> {
    let mut runs: Vec<Vec<T>> = items.into_iter().map(|item| vec![item]).collect();
    while runs.len() > 1 {
        let mut merged = Vec::with_capacity(runs.len().div_ceil(2));
        let mut pairs = runs.into_iter();
        while let Some(left) = pairs.next() {
            merged.push(match pairs.next() {
                Some(right) => merge(left, right, order)?,
                None => left,
            });
        }
        runs = merged;
    }
    Ok(runs.pop().unwrap_or_default())
}

fn merge<T>(
    left: Vec<T>,
    right: Vec<T>,
    order: &mut dyn FnMut(&T, &T) -> Evaluated<Ordering>,
) -> Evaluated<Vec<T>> {
    let mut merged = Vec::with_capacity(left.len() + right.len());
    let (mut left, mut right) = (left.into_iter().peekable(), right.into_iter().peekable());
    while let (Some(a), Some(b)) = (left.peek(), right.peek()) {
        let next = if order(a, b)?.is_le() { left.next() } else { right.next() };
        merged.extend(next);
    }
    merged.extend(left);
    merged.extend(right);
    Ok(merged)
}

/// The order of two keys. NaN stands below all numbers, the empty sequence below NaN or above all.
pub(super) fn key_order(
    sides: (Option<&XmlValue>, Option<&XmlValue>),
    empty_greatest: bool,
    timezone: TimezoneOffset,
) -> Evaluated<Ordering> {
    let rank = |key: Option<&XmlValue>| match key {
        None if empty_greatest => 3,
        None => 0,
        Some(key) if is_nan(key) => 1,
        Some(_) => 2,
    };
    let ranks = (rank(sides.0), rank(sides.1));
    let (Some(a), Some(b)) = sides else { return Ok(ranks.0.cmp(&ranks.1)) };
    if ranks != (2, 2) {
        return Ok(ranks.0.cmp(&ranks.1));
    }
    if let (Some(a), Some(b)) = (text(a), text(b)) {
        return Ok(a.cmp(b));
    }
    let holds = |operator| {
        let result = eval_binary_with_timezone(operator, a, b, timezone);
        result
            .map(|result| result.as_boolean() == Some(true))
            .map_err(|error| incomparable(error.into()))
    };
    if holds(BinaryOpKind::ValueLt)? {
        return Ok(Ordering::Less);
    }
    Ok(if holds(BinaryOpKind::ValueGt)? { Ordering::Greater } else { Ordering::Equal })
}
