//! Texts for simple types whose facets cannot be met by construction: tried out once, kept where valid.
//!
//! The types are written as a schema of their own, and the library judges each attempt. Attempts are made with a
//! fixed sequence of numbers, so that the pools of a schema are always the same.

use std::{collections::BTreeMap, fmt::Write as _};

use super::{
    super::{
        XML_SCHEMA,
        compiled::{self, Document},
        shape::{Base, Bound, Facets, Shapes, Simple, Variety},
    },
    Choose,
    pattern::Pattern,
    pick,
    simple::{self, Texts},
};

/// Texts kept for one type.
const POOL_MAX: usize = 64;
/// Attempts for one type.
const ATTEMPTS_MAX: u32 = 400;
/// Attempts after which a type without any valid text is given up.
const HOPELESS: u32 = 100;
/// Types that get a pool. Bounds the time of the first sample to about a second.
const POOLS_MAX: usize = 1_000;
/// How often open repetitions of a pattern run beyond their least, in turn: short texts first.
const SPREADS: [u32; 4] = [2, 4, 12, 40];

pub(super) fn fill(shapes: &Shapes) -> BTreeMap<usize, Vec<String>> {
    let simples = &shapes.simples;
    let doubtful = (0..simples.len()).filter(|index| is_doubtful(&simples[*index]));
    let doubtful: Vec<usize> = doubtful.take(POOLS_MAX).collect();
    let mut pools = BTreeMap::new();
    if doubtful.is_empty() {
        return pools;
    }
    let mut text = format!(
        "<xs:schema xmlns:xs=\"{XML_SCHEMA}\" targetNamespace=\"{}\">\n",
        compiled::NAMESPACE
    );
    for (number, index) in doubtful.iter().enumerate() {
        writeln!(
            text,
            "<xs:simpleType name=\"s{number}\">{}</xs:simpleType>",
            define(simples, *index)
        )
        .expect("writing to a string");
    }
    text.push_str("</xs:schema>");
    let documents = [Document { name: Document::SEQUENCES, text }];
    // What does not compile here (a QName's enumeration needs its namespaces) goes without a pool.
    let Ok(judge) = compiled::compile(&documents) else { return pools };
    for (number, index) in doubtful.into_iter().enumerate() {
        let texts = Texts { simples, pools: &pools };
        let pool = try_out(&texts, index, &mut |text| judge.accepts(number, text));
        pools.insert(index, pool);
    }
    pools
}

/// Making a text from the facets may give one that is invalid.
fn is_doubtful(simple: &Simple) -> bool {
    let Facets { patterns, minimum, maximum, length_minimum, length_maximum, .. } = &simple.facets;
    let has_length = length_minimum.is_some() || length_maximum.is_some();
    let mut bounds = minimum.iter().chain(maximum);
    match &simple.variety {
        _ if !patterns.is_empty() => true,
        Variety::Atomic { base: Base::Integer | Base::Decimal, .. } => {
            bounds.any(|bound| simple::scaled(&bound.value, 0).is_none())
        }
        Variety::Atomic { base, .. } => {
            bounds.next().is_some() || (has_length && *base == Base::Language)
        }
        Variety::List(_) | Variety::Union(_) => false,
    }
}

fn try_out(texts: &Texts<'_>, index: usize, accepts: &mut dyn FnMut(&str) -> bool) -> Vec<String> {
    let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15 ^ index as u64);
    let mut choose = |below: u32| numbers.below(below);
    let facets = &texts.simples[index].facets;
    let step = facets.patterns.last().map(Vec::as_slice).unwrap_or_default();
    let patterns: Vec<Pattern> = step.iter().filter_map(|text| Pattern::read(text)).collect();
    let mut pool = Vec::new();
    let bounds = facets.minimum.iter().chain(&facets.maximum).map(|bound| bound.value.clone());
    let mut candidates: Vec<String> = bounds.chain(facets.enumeration.iter().cloned()).collect();
    for attempt in 0..ATTEMPTS_MAX {
        let candidate = match candidates.pop() {
            Some(candidate) => Some(candidate),
            None if patterns.is_empty() => Some(near_bounds(texts, index, &mut choose)),
            None => {
                let mut text = String::new();
                let spread = SPREADS[attempt as usize % SPREADS.len()];
                let pattern = &patterns[pick(&mut choose, patterns.len())];
                pattern.write(spread, &mut text, &mut choose).then_some(text)
            }
        };
        if let Some(candidate) = candidate
            && !pool.contains(&candidate)
            && accepts(&candidate)
        {
            pool.push(candidate);
        }
        let is_hopeless = pool.is_empty() && attempt >= HOPELESS;
        if pool.len() >= POOL_MAX || is_hopeless {
            break;
        }
    }
    pool
}

/// A text made without patterns, moved towards the bounds: years of days, sizes of floating-point numbers.
fn near_bounds(texts: &Texts<'_>, index: usize, choose: Choose<'_>) -> String {
    let mut simple = texts.simples[index].clone();
    let facets = &mut simple.facets;
    for bound in facets.minimum.iter_mut().chain(&mut facets.maximum) {
        // An exponent written out.
        if let Ok(number) = bound.value.parse::<f64>()
            && number.is_finite()
        {
            bound.value = number.to_string();
        }
    }
    let bounds: Vec<Bound> = facets.minimum.iter().chain(&facets.maximum).cloned().collect();
    let made =
        simple::made(&Texts { simples: &[simple], pools: &BTreeMap::new() }, 0, &mut 0, choose);
    let Variety::Atomic {
        base: Base::Date | Base::DateTime | Base::Year | Base::YearMonth, ..
    } = texts.simples[index].variety
    else {
        return made;
    };
    let years = bounds.iter().filter_map(|bound| bound.value.get(..4)?.parse::<u32>().ok());
    let years: Vec<u32> = years.flat_map(|year| [year.saturating_sub(1), year, year + 1]).collect();
    match (made.get(4..), years.is_empty()) {
        (Some(rest), false) => format!("{:04}{rest}", years[pick(choose, years.len())]),
        _ => made,
    }
}

/// The content of an `xs:simpleType`: one restriction per step of patterns.
fn define(simples: &[Simple], index: usize) -> String {
    let Simple { variety, facets, is_exact: _ } = &simples[index];
    let base = match variety {
        Variety::Atomic { built_in, .. } => format!("<xs:restriction base=\"xs:{built_in}\">"),
        Variety::List(item) => format!(
            "<xs:restriction><xs:simpleType><xs:list><xs:simpleType>{}</xs:simpleType></xs:list></xs:simpleType>",
            define(simples, *item)
        ),
        Variety::Union(members) => {
            let mut text = "<xs:restriction><xs:simpleType><xs:union>".to_owned();
            for member in members {
                write!(text, "<xs:simpleType>{}</xs:simpleType>", define(simples, *member))
                    .expect("writing to a string");
            }
            text + "</xs:union></xs:simpleType>"
        }
    };
    let mut text = base + &constraints(facets) + "</xs:restriction>";
    for step in &facets.patterns {
        let alternatives: String = step.iter().map(|pattern| facet("pattern", pattern)).collect();
        text = format!(
            "<xs:restriction><xs:simpleType>{text}</xs:simpleType>{alternatives}</xs:restriction>"
        );
    }
    text
}

/// All facets but patterns.
fn constraints(facets: &Facets) -> String {
    let mut text = String::new();
    let bounds = [(&facets.minimum, "min"), (&facets.maximum, "max")];
    for (bound, side) in bounds {
        if let Some(Bound { value, exclusive }) = bound {
            let kind = if *exclusive { "Exclusive" } else { "Inclusive" };
            text += &facet(&format!("{side}{kind}"), value);
        }
    }
    let counts = [
        (facets.length_minimum, "minLength"),
        (facets.length_maximum, "maxLength"),
        (facets.total_digits.map(u64::from), "totalDigits"),
        (facets.fraction_digits.map(u64::from), "fractionDigits"),
    ];
    for (count, name) in counts {
        if let Some(count) = count {
            text += &facet(name, &count.to_string());
        }
    }
    for value in &facets.enumeration {
        text += &facet("enumeration", value);
    }
    text
}

fn facet(name: &str, value: &str) -> String {
    let value = value.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;");
    let value = value.replace('\n', "&#10;").replace('\r', "&#13;").replace('\t', "&#9;");
    format!("<xs:{name} value=\"{value}\"/>")
}

/// Numbers by a fixed rule (xorshift64*).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, below: u32) -> u32 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let number = self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 32;
        u32::try_from(number % u64::from(below.max(1))).expect("below a u32")
    }
}
