//! Simple types: the built-in ones, and what restrictions, lists and unions make of them.

/// A simple type with all facets of its derivation merged.
#[derive(Clone, Debug)]
pub(in crate::types) struct Simple {
    pub(in crate::types) variety: Variety,
    pub(in crate::types) facets: Facets,
    /// The facets are all that the schema asks of a text.
    pub(in crate::types) is_exact: bool,
}

#[derive(Clone, Debug)]
pub(in crate::types) enum Variety {
    Atomic { built_in: &'static str, base: Base },
    List(usize),
    Union(Vec<usize>),
}

/// How texts of a built-in type are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::types) enum Base {
    Words,
    Letters,
    Language,
    Id,
    IdRef,
    Uri,
    Boolean,
    Integer,
    Decimal,
    Double,
    Duration,
    DateTime,
    Date,
    Time,
    Year,
    YearMonth,
    Month,
    MonthDay,
    Day,
    Hex,
    Base64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::types) struct Bound {
    pub(in crate::types) value: String,
    pub(in crate::types) exclusive: bool,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::types) struct Facets {
    pub(in crate::types) enumeration: Vec<String>,
    /// Every step must match by one of its patterns.
    pub(in crate::types) patterns: Vec<Vec<String>>,
    pub(in crate::types) minimum: Option<Bound>,
    pub(in crate::types) maximum: Option<Bound>,
    pub(in crate::types) length_minimum: Option<u64>,
    pub(in crate::types) length_maximum: Option<u64>,
    pub(in crate::types) total_digits: Option<u32>,
    pub(in crate::types) fraction_digits: Option<u32>,
}

/// The built-in type of this name; `None` for the lists of names and for what is no simple type.
pub(super) fn built_in(name: &str) -> Option<Simple> {
    let (built_in, base, minimum, maximum) = BUILT_IN.iter().find(|(known, ..)| *known == name)?;
    let bound =
        |text: &str| (!text.is_empty()).then(|| Bound { value: text.to_owned(), exclusive: false });
    let facets = Facets { minimum: bound(minimum), maximum: bound(maximum), ..Facets::default() };
    Some(Simple { variety: Variety::Atomic { built_in, base: *base }, facets, is_exact: true })
}

/// The item type of a built-in list type.
pub(super) fn built_in_item(name: &str) -> Option<&'static str> {
    match name {
        "NMTOKENS" => Some("NMTOKEN"),
        "IDREFS" => Some("IDREF"),
        "ENTITIES" => Some("ENTITY"),
        _ => None,
    }
}

/// Name, kind, least and greatest value.
const BUILT_IN: [(&str, Base, &str, &str); 41] = [
    ("ENTITY", Base::Letters, "", ""),
    ("ID", Base::Id, "", ""),
    ("IDREF", Base::IdRef, "", ""),
    ("NCName", Base::Letters, "", ""),
    ("NMTOKEN", Base::Letters, "", ""),
    ("Name", Base::Letters, "", ""),
    ("QName", Base::Letters, "", ""),
    ("anySimpleType", Base::Words, "", ""),
    ("anyURI", Base::Uri, "", ""),
    ("base64Binary", Base::Base64, "", ""),
    ("boolean", Base::Boolean, "", ""),
    ("byte", Base::Integer, "-128", "127"),
    ("date", Base::Date, "", ""),
    ("dateTime", Base::DateTime, "", ""),
    ("decimal", Base::Decimal, "", ""),
    ("double", Base::Double, "", ""),
    ("duration", Base::Duration, "", ""),
    ("float", Base::Double, "", ""),
    ("gDay", Base::Day, "", ""),
    ("gMonth", Base::Month, "", ""),
    ("gMonthDay", Base::MonthDay, "", ""),
    ("gYear", Base::Year, "", ""),
    ("gYearMonth", Base::YearMonth, "", ""),
    ("hexBinary", Base::Hex, "", ""),
    ("int", Base::Integer, "-2147483648", "2147483647"),
    ("integer", Base::Integer, "", ""),
    ("language", Base::Language, "", ""),
    ("long", Base::Integer, "-9223372036854775808", "9223372036854775807"),
    ("negativeInteger", Base::Integer, "", "-1"),
    ("nonNegativeInteger", Base::Integer, "0", ""),
    ("nonPositiveInteger", Base::Integer, "", "0"),
    ("normalizedString", Base::Words, "", ""),
    ("positiveInteger", Base::Integer, "1", ""),
    ("short", Base::Integer, "-32768", "32767"),
    ("string", Base::Words, "", ""),
    ("time", Base::Time, "", ""),
    ("token", Base::Words, "", ""),
    ("unsignedByte", Base::Integer, "0", "255"),
    ("unsignedInt", Base::Integer, "0", "4294967295"),
    ("unsignedLong", Base::Integer, "0", "18446744073709551615"),
    ("unsignedShort", Base::Integer, "0", "65535"),
];
