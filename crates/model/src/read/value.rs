//! What a text or an attribute may be, and why one is not.

use crate::{
    limits::{
        AGENT_NAME_BYTES_MAX, FLOW_TOKENS_MAX, ID_CHARS_MAX, QUERY_BYTES_MAX, REVIEW_QUORUM_MAX,
        REVIEW_TIMEOUT_MS_MAX,
    },
    specification::{SchemaVersion, Version},
};

/// The kinds of value in a specification.
#[derive(Clone, Copy)]
pub(super) enum Value {
    /// Nothing but white space.
    Nothing,
    /// Any text.
    Any,
    /// Any text but the empty one.
    Filled,
    /// A text that becomes a key: not empty, not longer than an id may be.
    Key,
    /// A query: not empty, not longer than a query may be.
    Query,
    /// An XML name without a colon: it becomes an element's name.
    NcName,
    /// As [`Value::NcName`] since Beta 4, before that any [`Value::Key`].
    DecompositionId,
    NmToken,
    /// A whole number of 32 bits.
    Index,
    /// A whole number of 64 bits.
    Integer,
    Boolean,
    /// `yyyy-MM-dd`.
    Date,
    Duration,
    /// `major.minor`, 0.1 at least.
    Version,
    OneOf(&'static [&'static str]),
    /// How many tokens a flow carries.
    Tokens,
    /// How many agents vote, or how many votes count.
    Quorum,
    /// A part of a whole.
    Share,
    AgentName,
    ReviewTimeout,
}

impl Value {
    /// Says what is wrong with `text`, if anything is.
    pub(super) fn check(self, text: &str, origin: SchemaVersion) -> Result<(), String> {
        let token = text.trim();
        let ok = match self {
            Self::Nothing => token.is_empty(),
            Self::Any => true,
            Self::Filled => !text.is_empty(),
            Self::Key => !token.is_empty() && is_short(token),
            Self::Query => {
                if text.len() > QUERY_BYTES_MAX {
                    let bytes = text.len();
                    return Err(format!("{bytes} bytes; a query has {QUERY_BYTES_MAX} at most"));
                }
                !token.is_empty()
            }
            Self::NcName => is_nc_name(token) && is_short(token),
            Self::DecompositionId if origin.uses_simple_root_data() => {
                return Self::Key.check(text, origin);
            }
            Self::DecompositionId => return Self::NcName.check(text, origin),
            Self::NmToken => is_nm_token(token) && is_short(token),
            Self::Index => token.parse::<i32>().is_ok(),
            Self::Integer => token.parse::<i64>().is_ok(),
            Self::Boolean => matches!(token, "true" | "false" | "1" | "0"),
            Self::Date => is_date(token),
            Self::Duration => is_duration(token),
            Self::Version => version(token).is_some(),
            Self::OneOf(codes) => codes.contains(&token),
            Self::Tokens => token.parse().is_ok_and(|count| (1..=FLOW_TOKENS_MAX).contains(&count)),
            Self::Quorum => {
                token.parse().is_ok_and(|count| (1..=REVIEW_QUORUM_MAX).contains(&count))
            }
            Self::Share => is_share(token),
            Self::AgentName => is_agent_name(token),
            Self::ReviewTimeout => {
                duration_ms(token).is_some_and(|ms| (1..=REVIEW_TIMEOUT_MS_MAX).contains(&ms))
            }
        };
        if ok { Ok(()) } else { Err(format!("{} is not {}", quote(token), self.name())) }
    }

    fn name(self) -> String {
        match self {
            Self::Nothing => "white space, and no text may stand here".to_owned(),
            Self::Any | Self::Filled => "a text of at least one character".to_owned(),
            Self::Key => format!("a text of 1 to {ID_CHARS_MAX} characters"),
            Self::Query => "a query".to_owned(),
            Self::NcName | Self::DecompositionId => {
                format!(
                    "a name of 1 to {ID_CHARS_MAX} letters, digits, '.', '-' and '_' that starts with a letter or '_'"
                )
            }
            Self::NmToken => {
                format!("a token of 1 to {ID_CHARS_MAX} letters, digits, '.', '-', '_' and ':'")
            }
            Self::Index => "a whole number of 32 bits".to_owned(),
            Self::Integer => "a whole number of 64 bits".to_owned(),
            Self::Boolean => "true or false".to_owned(),
            Self::Date => "a date such as 2026-12-31".to_owned(),
            Self::Duration => "a duration such as P1DT12H".to_owned(),
            Self::Version => "a version such as 1.2, from 0.1 on".to_owned(),
            Self::OneOf(codes) => format!("one of {}", codes.join(", ")),
            Self::Tokens => format!("a whole number from 1 to {FLOW_TOKENS_MAX}"),
            Self::Quorum => format!("a whole number from 1 to {REVIEW_QUORUM_MAX}"),
            Self::Share => "a number from 0 to 1 such as 0.6".to_owned(),
            Self::AgentName => format!(
                "an agent's name of 1 to {AGENT_NAME_BYTES_MAX} letters, digits and . _ : @ / -"
            ),
            Self::ReviewTimeout => {
                "a duration of days and less such as PT15M, from a millisecond to 31 days"
                    .to_owned()
            }
        }
    }
}

/// The value for a message: in quotes, and short.
fn quote(text: &str) -> String {
    /// A longer value is no help in a message.
    const SHOWN_MAX: usize = 80;
    if text.chars().count() <= SHOWN_MAX {
        return format!("{text:?}");
    }
    let start: String = text.chars().take(SHOWN_MAX).collect();
    format!("{start:?}...")
}

/// Reads `major.minor`, or `major` for `major.0`.
pub(super) fn version(text: &str) -> Option<Version> {
    let (major, minor) = text.split_once('.').unwrap_or((text, "0"));
    let number = |digits: &str| {
        let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        if plain { digits.parse::<u32>().ok() } else { None }
    };
    let version = Version { major: number(major)?, minor: number(minor)? };
    (version != Version { major: 0, minor: 0 }).then_some(version)
}

fn is_short(text: &str) -> bool {
    // Bytes first: counting characters of a long text takes longer.
    text.len() <= ID_CHARS_MAX || text.chars().take(ID_CHARS_MAX + 1).count() <= ID_CHARS_MAX
}

/// Whether `text` is an XML name without a colon.
pub(crate) fn is_nc_name(text: &str) -> bool {
    let mut characters = text.chars();
    characters.next().is_some_and(is_name_start) && characters.all(is_name_character)
}

fn is_nm_token(text: &str) -> bool {
    !text.is_empty()
        && text.chars().all(|character| character == ':' || is_name_character(character))
}

// XML 1.0, production 4, without the colon.
fn is_name_start(character: char) -> bool {
    matches!(character,
        'A'..='Z' | '_' | 'a'..='z' | '\u{C0}'..='\u{D6}' | '\u{D8}'..='\u{F6}'
        | '\u{F8}'..='\u{2FF}' | '\u{370}'..='\u{37D}' | '\u{37F}'..='\u{1FFF}'
        | '\u{200C}'..='\u{200D}' | '\u{2070}'..='\u{218F}' | '\u{2C00}'..='\u{2FEF}'
        | '\u{3001}'..='\u{D7FF}' | '\u{F900}'..='\u{FDCF}' | '\u{FDF0}'..='\u{FFFD}'
        | '\u{10000}'..='\u{EFFFF}')
}

// XML 1.0, production 4a.
fn is_name_character(character: char) -> bool {
    is_name_start(character)
        || matches!(character,
            '-' | '.' | '0'..='9' | '\u{B7}' | '\u{300}'..='\u{36F}' | '\u{203F}'..='\u{2040}')
}

/// `yyyy-MM-dd`, a time zone allowed: days and months in range, not the calendar's finer points.
fn is_date(text: &str) -> bool {
    let digits = |part: &str, count: usize| {
        part.len() == count && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    let in_range = |part: &str, max: u8| {
        digits(part, 2) && part.parse::<u8>().is_ok_and(|number| (1..=max).contains(&number))
    };
    let Some((date, zone)) = text.split_at_checked(10) else { return false };
    let mut parts = date.split('-');
    let (year, month, day) = (parts.next(), parts.next(), parts.next());
    let zone_ok = match zone.strip_prefix(['+', '-']) {
        Some(offset) => offset.split_once(':').is_some_and(|(h, m)| digits(h, 2) && digits(m, 2)),
        None => zone.is_empty() || zone == "Z",
    };
    zone_ok
        && parts.next().is_none()
        && year.is_some_and(|year| digits(year, 4))
        && month.is_some_and(|month| in_range(month, 12))
        && day.is_some_and(|day| in_range(day, 31))
}

/// `xs:duration`: `P1Y2M3DT4H5M6.7S`, parts in this order, one at least.
pub(crate) fn is_duration(text: &str) -> bool {
    let text = text.strip_prefix('-').unwrap_or(text);
    let Some(rest) = text.strip_prefix('P') else { return false };
    let (date, time) = match rest.split_once('T') {
        Some((date, time)) => (date, Some(time)),
        None => (rest, None),
    };
    let date_parts = duration_parts(date, "YMD");
    let time_parts =
        time.map_or(Some(0), |time| duration_parts(time, "HMS").filter(|parts| *parts > 0));
    matches!((date_parts, time_parts), (Some(date), Some(time)) if date + time > 0)
}

/// How many `<number><unit>` parts there are, units in the order given; none if it is something else.
fn duration_parts(text: &str, units: &str) -> Option<usize> {
    let (mut rest, mut units, mut count) = (text, units, 0);
    while !rest.is_empty() {
        let end = rest.find(|character: char| !character.is_ascii_digit() && character != '.')?;
        let (number, unit) = (&rest[..end], rest[end..].chars().next()?);
        let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
        let is_whole = !number.contains('.');
        if whole.is_empty()
            || fraction.is_empty()
            || fraction.contains('.')
            || !(is_whole || unit == 'S')
        {
            return None;
        }
        let at = units.find(unit)?;
        units = &units[at + 1..];
        rest = &rest[end + 1..];
        count += 1;
    }
    Some(count)
}

/// A decimal from 0 to 1.
fn is_share(text: &str) -> bool {
    let is_plain = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    is_plain && text.parse::<f64>().is_ok_and(|part| (0.0..=1.0).contains(&part))
}

/// As the registry of agents takes names.
fn is_agent_name(text: &str) -> bool {
    let allowed = |byte: u8| {
        byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b':' | b'@' | b'/' | b'-')
    };
    (1..=AGENT_NAME_BYTES_MAX).contains(&text.len()) && text.bytes().all(allowed)
}

/// Milliseconds of a duration that has no years and months, whose length the calendar decides.
fn duration_ms(text: &str) -> Option<u64> {
    if !is_duration(text) || text.starts_with('-') {
        return None;
    }
    let rest = &text[1..];
    let (date, time) = rest.split_once('T').unwrap_or((rest, ""));
    let parts = [
        (date, 'D', 86_400_000.0),
        (time, 'H', 3_600_000.0),
        (time, 'M', 60_000.0),
        (time, 'S', 1_000.0),
    ];
    let is_exact = !date.contains(['Y', 'M']);
    let mut ms = 0.0;
    for (text, unit, length_ms) in parts {
        let Some(end) = text.find(unit) else { continue };
        let start = text[..end].rfind(|c: char| c.is_ascii_uppercase()).map_or(0, |at| at + 1);
        ms += text[start..end].parse::<f64>().ok()? * length_ms;
    }
    // Far below 2^53 wherever it is within the limit; beyond, the conversion saturates.
    is_exact.then_some(ms as u64)
}
