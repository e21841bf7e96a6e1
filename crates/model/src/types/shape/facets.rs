//! The facets of one restriction, put together with those of its base.

use roxmltree::Node;

use super::{Bound, Facets, Simple, exact};

/// Adds the facets below `node` to `base`.
pub(super) fn restrict(node: Node<'_, '_>, mut base: Simple) -> Simple {
    base.is_exact &= exact::is_understood(node);
    let (mut enumeration, mut patterns) = (Vec::new(), Vec::new());
    for facet in node.children().filter(Node::is_element) {
        let Some(value) = facet.attribute("value") else { continue };
        match facet.tag_name().name() {
            "enumeration" => enumeration.push(value.to_owned()),
            "pattern" => patterns.push(value.to_owned()),
            name => base.is_exact &= limit(&mut base.facets, name, value.trim()),
        }
    }
    if !enumeration.is_empty() {
        let before = std::mem::replace(&mut base.facets.enumeration, enumeration);
        let allows = |value| before.is_empty() || before.contains(value);
        base.is_exact &= base.facets.enumeration.iter().all(allows);
    }
    if !patterns.is_empty() {
        base.facets.patterns.push(patterns);
    }
    base
}

/// Sets one facet. False if what it says, or what the base said before, is not all in the result.
fn limit(facets: &mut Facets, name: &str, value: &str) -> bool {
    let bound = |exclusive| Bound { value: value.to_owned(), exclusive };
    match name {
        "minInclusive" => narrow(&mut facets.minimum, bound(false), |new, old| new > old),
        "minExclusive" => narrow(&mut facets.minimum, bound(true), |new, old| new > old),
        "maxInclusive" => narrow(&mut facets.maximum, bound(false), |new, old| new < old),
        "maxExclusive" => narrow(&mut facets.maximum, bound(true), |new, old| new < old),
        "minLength" => count(&mut facets.length_minimum, value, |new, old| new >= old),
        "maxLength" => count(&mut facets.length_maximum, value, |new, old| new <= old),
        "length" => {
            count(&mut facets.length_minimum, value, |new, old| new >= old)
                & count(&mut facets.length_maximum, value, |new, old| new <= old)
        }
        "totalDigits" => count(&mut facets.total_digits, value, |new, old| new <= old),
        "fractionDigits" => count(&mut facets.fraction_digits, value, |new, old| new <= old),
        _ => false,
    }
}

/// Puts `new` in place of the base's bound; true if what the new one allows, the old one allowed, too.
fn narrow(bound: &mut Option<Bound>, new: Bound, is_inside: fn(i128, i128) -> bool) -> bool {
    let Some(old) = bound.replace(new.clone()) else { return true };
    let (Ok(number), Ok(before)) = (new.value.parse(), old.value.parse()) else {
        return new == old;
    };
    is_inside(number, before) || (number == before && (new.exclusive || !old.exclusive))
}

/// The same for a number of characters or digits.
fn count<N: std::str::FromStr + Copy>(
    facet: &mut Option<N>,
    value: &str,
    narrows: fn(N, N) -> bool,
) -> bool {
    let old = std::mem::replace(facet, value.parse().ok());
    match (*facet, old) {
        (None, _) => false,
        (Some(_), None) => true,
        (Some(new), Some(old)) => narrows(new, old),
    }
}
