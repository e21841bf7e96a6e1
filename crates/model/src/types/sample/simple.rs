//! Texts of simple types that need no search: words, numbers in a range, days, lists.

use std::collections::BTreeMap;

use super::{
    super::shape::{Base, Bound, Facets, Simple, Variety},
    Choose, pick,
};

/// The simple types, and texts for those whose facets cannot be met by construction.
pub(super) struct Texts<'a> {
    pub(super) simples: &'a [Simple],
    pub(super) pools: &'a BTreeMap<usize, Vec<String>>,
}

/// Plain words, so that a sample reads like something a person typed.
const WORDS: [&str; 32] = [
    "amber", "anchor", "birch", "bridge", "cedar", "copper", "delta", "ember", "fern", "garnet",
    "harbour", "hazel", "indigo", "ivory", "juniper", "lantern", "linen", "maple", "meadow",
    "north", "ochre", "onyx", "pearl", "quartz", "river", "saffron", "slate", "timber", "umber",
    "velvet", "willow", "zephyr",
];
/// Digits after the point that a decimal is written with, if it may have them.
const FRACTION_DIGITS: u32 = 2;
/// Numbers without bounds come from 0 to this.
const SPAN: i128 = 1_000;
/// Entries of a list of texts that are written at least, however many the schema asks for.
const ITEMS_MAX: u64 = 1_000;
/// Longest text that is filled up to a least length.
const LENGTH_MAX: usize = 100_000;
/// Longest binary text.
const OCTETS_MAX: u64 = 100_000;

/// One to three words.
pub(super) fn words(choose: Choose<'_>) -> String {
    let count = 1 + choose(3);
    let words: Vec<&str> = (0..count).map(|_| WORDS[pick(choose, WORDS.len())]).collect();
    words.join(" ")
}

/// A text of the simple type at `index`: from its pool if it has one, else made.
pub(super) fn value(texts: &Texts<'_>, index: usize, ids: &mut u32, choose: Choose<'_>) -> String {
    match texts.pools.get(&index) {
        Some(pool) if !pool.is_empty() => pool[pick(choose, pool.len())].clone(),
        Some(_) | None => made(texts, index, ids, choose),
    }
}

/// A text made from enumeration, bounds and lengths; patterns are not looked at.
pub(super) fn made(texts: &Texts<'_>, index: usize, ids: &mut u32, choose: Choose<'_>) -> String {
    let simple = &texts.simples[index];
    let facets = &simple.facets;
    if !facets.enumeration.is_empty() {
        return facets.enumeration[pick(choose, facets.enumeration.len())].clone();
    }
    match &simple.variety {
        Variety::Atomic { base, .. } => atomic(*base, facets, ids, choose),
        Variety::List(item) => {
            let least = facets.length_minimum.unwrap_or(0).min(ITEMS_MAX);
            let most = facets.length_maximum.unwrap_or_else(|| least.max(1) + 2).min(least + 3);
            let extra = u32::try_from(most.saturating_sub(least)).unwrap_or(0);
            let count = least + u64::from(choose(extra + 1));
            let items: Vec<String> = (0..count).map(|_| value(texts, *item, ids, choose)).collect();
            items.join(" ")
        }
        Variety::Union(members) if members.is_empty() => words(choose),
        Variety::Union(members) => value(texts, members[pick(choose, members.len())], ids, choose),
    }
}

fn atomic(base: Base, facets: &Facets, ids: &mut u32, choose: Choose<'_>) -> String {
    match base {
        Base::Words => sized(words(choose), facets),
        Base::Letters => sized(WORDS[pick(choose, WORDS.len())].to_owned(), facets),
        Base::Uri => sized(format!("urn:sample:{}", WORDS[pick(choose, WORDS.len())]), facets),
        Base::Language => ["de", "en", "fr", "nl", "pt-BR"][pick(choose, 5)].to_owned(),
        Base::Id => {
            *ids += 1;
            format!("id-{ids}")
        }
        // The first identifier of the value, whether it comes before or after.
        Base::IdRef => "id-1".to_owned(),
        Base::Boolean => ["false", "true"][pick(choose, 2)].to_owned(),
        Base::Integer => number(facets, 0, choose),
        Base::Decimal | Base::Double => {
            let digits = facets.fraction_digits.unwrap_or(FRACTION_DIGITS).min(FRACTION_DIGITS);
            number(facets, digits, choose)
        }
        Base::Hex => (0..octets(facets, 1)).map(|_| format!("{:02X}", choose(256))).collect(),
        Base::Base64 => base64(octets(facets, 3), choose),
        Base::Duration if choose(2) == 0 => format!("P{}D", part(1, 30, choose)),
        Base::Duration => format!("PT{}H{}M", part(0, 24, choose), part(1, 59, choose)),
        Base::DateTime => format!("{}T{}", date(choose), time(choose)),
        Base::Date => date(choose),
        Base::Time => time(choose),
        Base::Year => year(choose).to_string(),
        Base::YearMonth => format!("{}-{:02}", year(choose), part(1, 12, choose)),
        Base::Month => format!("--{:02}", part(1, 12, choose)),
        // Days that every month has.
        Base::MonthDay => format!("--{:02}-{:02}", part(1, 12, choose), part(1, 28, choose)),
        Base::Day => format!("---{:02}", part(1, 28, choose)),
    }
}

fn part(from: u32, count: u32, choose: Choose<'_>) -> u32 {
    from + choose(count)
}

fn year(choose: Choose<'_>) -> u32 {
    part(2025, 4, choose)
}

fn date(choose: Choose<'_>) -> String {
    format!("{}-{:02}-{:02}", year(choose), part(1, 12, choose), part(1, 28, choose))
}

fn time(choose: Choose<'_>) -> String {
    format!("{:02}:{:02}:{:02}", part(0, 24, choose), part(0, 60, choose), part(0, 60, choose))
}

/// Cuts or fills a text to the lengths that the facets allow. Letters and single spaces only.
fn sized(text: String, facets: &Facets) -> String {
    let most = facets
        .length_maximum
        .map_or(usize::MAX, |most| usize::try_from(most).unwrap_or(usize::MAX));
    let least = usize::try_from(facets.length_minimum.unwrap_or(0)).unwrap_or(0).min(LENGTH_MAX);
    let mut text: String = text.chars().take(most).collect();
    // White space at the end would be collapsed away.
    while text.ends_with(' ') {
        text.pop();
    }
    while text.len() < least {
        text.push(char::from(b'a' + u8::try_from(text.len() % 26).expect("below 26")));
    }
    text
}

fn octets(facets: &Facets, usual: u64) -> u64 {
    let usual = facets.length_minimum.unwrap_or(0).max(usual);
    usual.min(facets.length_maximum.unwrap_or(usual)).min(OCTETS_MAX)
}

fn base64(octets: u64, choose: Choose<'_>) -> String {
    // Whole groups of random letters, then the letter A (no bits set) and padding for the rest.
    let mut text = String::new();
    for _ in 0..octets / 3 {
        for _ in 0..4 {
            text.push(char::from(b'a' + u8::try_from(choose(26)).expect("below 26")));
        }
    }
    text.push_str(match octets % 3 {
        1 => "AA==",
        2 => "AAA=",
        _ => "",
    });
    text
}

/// A number with `digits` after the point, within the bounds.
fn number(facets: &Facets, digits: u32, choose: Choose<'_>) -> String {
    let finer = [&facets.minimum, &facets.maximum]
        .into_iter()
        .flatten()
        .map(|bound| digits_of(&bound.value));
    let allowed = facets.fraction_digits.unwrap_or(12).min(12);
    let mut digits = if digits == 0 { 0 } else { finer.fold(digits, u32::max).min(allowed) };
    if let Some(total) = facets.total_digits {
        digits = digits.min(total.saturating_sub(1));
    }
    let scale = 10_i128.pow(digits);
    let unit = |bound: &Option<Bound>, inward: i128| {
        let bound = bound.as_ref()?;
        Some(scaled(&bound.value, digits)? + if bound.exclusive { inward } else { 0 })
    };
    let greatest = facets.total_digits.map_or(i128::MAX, |total| 10_i128.pow(total.min(30)) - 1);
    let (least, most) = match (unit(&facets.minimum, 1), unit(&facets.maximum, -1)) {
        (None, None) => (0, SPAN * scale),
        (Some(least), None) => (least, least.saturating_add(SPAN * scale)),
        (None, Some(most)) => (most.saturating_sub(SPAN * scale), most),
        (Some(least), Some(most)) if least <= 0 && most > SPAN * scale => (0, SPAN * scale),
        (Some(least), Some(most)) => (least, most),
    };
    let (least, most) = (least.max(-greatest), most.min(greatest));
    let width = u32::try_from(most.saturating_sub(least).max(0)).unwrap_or(u32::MAX - 1);
    let number = least + i128::from(choose(width.saturating_add(1)));
    if digits == 0 {
        return number.to_string();
    }
    let (sign, number) = if number < 0 { ("-", -number) } else { ("", number) };
    format!("{sign}{}.{:0width$}", number / scale, number % scale, width = digits as usize)
}

fn digits_of(text: &str) -> u32 {
    let fraction = text.split_once('.').map_or("", |(_, fraction)| fraction);
    u32::try_from(fraction.trim_end_matches('0').len()).unwrap_or(u32::MAX)
}

/// A decimal text as a count of units of `10^-digits`, digits beyond that cut off.
pub(super) fn scaled(text: &str, digits: u32) -> Option<i128> {
    let (sign, text) = match text.strip_prefix('-') {
        Some(text) => (-1, text),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let mut fraction: String = fraction.chars().take(digits as usize).collect();
    while fraction.len() < digits as usize {
        fraction.push('0');
    }
    format!("{whole}{fraction}").parse::<i128>().ok().map(|units| sign * units)
}
