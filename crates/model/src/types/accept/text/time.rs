//! Dates, times of day and durations in their usual spelling.

/// `YYYY-MM-DD`, perhaps with a time zone.
pub(super) fn is_date(text: &str) -> bool {
    let Some((date, zone)) = text.split_at_checked(10) else { return false };
    is_day(date) && is_zone(zone)
}

/// `hh:mm:ss`, perhaps with a fraction of a second and a time zone.
pub(super) fn is_time(text: &str) -> bool {
    let Some((clock, rest)) = text.split_at_checked(8) else { return false };
    let zone = match rest.strip_prefix('.') {
        Some(fraction) => {
            let end = fraction.find(|it: char| !it.is_ascii_digit()).unwrap_or(fraction.len());
            if end == 0 || end > FRACTION_DIGITS_MAX {
                return false;
            }
            &fraction[end..]
        }
        None => rest,
    };
    is_clock(clock) && is_zone(zone)
}

/// `YYYY-MM-DDThh:mm:ss` with what a time may have behind it.
pub(super) fn is_date_time(text: &str) -> bool {
    let Some((date, rest)) = text.split_at_checked(10) else { return false };
    is_day(date) && rest.strip_prefix('T').is_some_and(is_time)
}

/// `P1Y2M3DT4H5M6.7S` with at least one part, each of at most six digits.
pub(super) fn is_duration(text: &str) -> bool {
    let Some(parts) = text.strip_prefix('-').unwrap_or(text).strip_prefix('P') else {
        return false;
    };
    let (days, times) = match parts.split_once('T') {
        Some((days, times)) => (days, Some(times)),
        None => (parts, None),
    };
    let has_days = days.is_empty() || is_parts(days, "YMD");
    let has_times = times.is_none_or(|times| is_parts(times, "HMS"));
    has_days && has_times && !parts.is_empty()
}

/// Digits behind the point of a second.
const FRACTION_DIGITS_MAX: usize = 6;
/// Digits of a number in a duration.
const PART_DIGITS_MAX: usize = 6;

/// One or more numbers, each with one of `units` in their order; seconds may have a fraction.
fn is_parts(text: &str, units: &str) -> bool {
    let (mut rest, mut units) = (text, units);
    while !rest.is_empty() {
        let end = rest.find(|it: char| it.is_ascii_alphabetic()).unwrap_or(rest.len());
        let (number, tail) = rest.split_at(end);
        let Some(unit) = tail.chars().next().and_then(|unit| units.find(unit)) else {
            return false;
        };
        let (whole, fraction) = match (number.split_once('.'), &tail[..1]) {
            (Some((whole, fraction)), "S") => (whole, fraction),
            (Some(_), _) => return false,
            (None, _) => (number, "0"),
        };
        let is_number = |digits: &str| {
            (1..=PART_DIGITS_MAX).contains(&digits.len())
                && digits.bytes().all(|byte| byte.is_ascii_digit())
        };
        if !is_number(whole) || !is_number(fraction) {
            return false;
        }
        units = &units[unit + 1..];
        rest = &tail[1..];
    }
    !text.is_empty()
}

fn is_day(text: &str) -> bool {
    let [y0, y1, y2, y3, b'-', m0, m1, b'-', d0, d1] = text.as_bytes() else { return false };
    let year = number(&[*y0, *y1, *y2, *y3]);
    let (Some(year), Some(month), Some(day)) = (year, number(&[*m0, *m1]), number(&[*d0, *d1]))
    else {
        return false;
    };
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if is_leap => 29,
        2 => 28,
        _ => 0,
    };
    year > 0 && (1..=days).contains(&day)
}

fn is_clock(text: &str) -> bool {
    let [h0, h1, b':', m0, m1, b':', s0, s1] = text.as_bytes() else { return false };
    let below = |digits: [u8; 2], limit| number(&digits).is_some_and(|it| it < limit);
    below([*h0, *h1], 24) && below([*m0, *m1], 60) && below([*s0, *s1], 60)
}

/// Nothing, `Z`, or hours and minutes from universal time.
fn is_zone(text: &str) -> bool {
    match text.as_bytes() {
        [] | [b'Z'] => true,
        [b'+' | b'-', h0, h1, b':', m0, m1] => {
            number(&[*h0, *h1]).is_some_and(|hours| hours < 14)
                && number(&[*m0, *m1]).is_some_and(|minutes| minutes < 60)
        }
        _ => false,
    }
}

fn number(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0, |sum, digit| {
        digit.is_ascii_digit().then(|| sum * 10 + u32::from(*digit - b'0'))
    })
}
