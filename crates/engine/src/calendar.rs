//! Durations and moments of XML Schema on the proleptic Gregorian calendar, UTC unless said otherwise.

#[cfg(test)]
mod tests;

const DAY_MS: i64 = 86_400_000;

/// An `xs:duration`: calendar months and exact milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Duration {
    pub months: i64,
    pub ms: i64,
}

/// A text that is no duration or moment.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    #[error("{0:?} is no duration")]
    NotADuration(String),
    #[error("{0:?} is no moment")]
    NotAMoment(String),
}

impl Duration {
    /// Reads `-P1Y2M3DT4H5M6.7S` and its parts.
    pub fn parse(text: &str) -> Result<Self, Error> {
        parse_duration(text.trim())
            .ok_or_else(|| Error::NotADuration(text.chars().take(200).collect()))
    }

    /// The moment this long after `from_ms`. Saturates at the ends of time.
    pub fn after(self, from_ms: i64) -> i64 {
        add_months(from_ms, self.months).saturating_add(self.ms)
    }

    /// The moment this long after `from_ms` (of a clock that is `offset_ms` ahead of UTC) if weekends stop the clock.
    /// As the reference steps, day by day from now: each day stepped on that is a Saturday or Sunday moves the end by a day
    /// (`reference 2.9`), so that a second on a Friday night ends on Sunday night.
    pub(crate) fn after_on_work_days(self, from_ms: i64, offset_ms: i64) -> i64 {
        let end_ms = self.after(from_ms);
        let length_ms = end_ms.saturating_sub(from_ms);
        if length_ms <= 0 {
            return end_ms;
        }
        let today = from_ms.saturating_add(offset_ms).div_euclid(DAY_MS);
        let mut work_days = (length_ms - 1) / DAY_MS + 1;
        // A whole week has two days off, wherever it starts.
        let weeks = (work_days - 1) / 5;
        work_days -= 5 * weeks;
        let mut days_off = 2 * weeks;
        let mut day = today;
        while work_days > 0 {
            day += 1;
            if is_weekend(day) { days_off += 1 } else { work_days -= 1 }
        }
        end_ms.saturating_add(days_off.saturating_mul(DAY_MS))
    }
}

/// Whether a day, counted from 1970-01-01 (a Thursday), is a Saturday or Sunday.
fn is_weekend(day: i64) -> bool {
    matches!(day.rem_euclid(7), 2 | 3)
}

fn parse_duration(text: &str) -> Option<Duration> {
    let (sign, text) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
    let text = text.strip_prefix('P')?;
    let (date, time) = match text.split_once('T') {
        Some((date, time)) => (date, Some(time)),
        None => (text, None),
    };
    let mut duration = Duration::default();
    let mut parts = read_parts(date, "YMD")?;
    let mut count = parts.len();
    for (number, unit) in parts.drain(..) {
        let number: i64 = number.parse().ok()?;
        match unit {
            'Y' => duration.months = duration.months.checked_add(number.checked_mul(12)?)?,
            'M' => duration.months = duration.months.checked_add(number)?,
            _ => duration.ms = duration.ms.checked_add(number.checked_mul(DAY_MS)?)?,
        }
    }
    if let Some(time) = time {
        let parts = read_parts(time, "HMS")?;
        if parts.is_empty() {
            return None;
        }
        count += parts.len();
        for (number, unit) in parts {
            let ms = match unit {
                'H' => number.parse::<i64>().ok()?.checked_mul(3_600_000)?,
                'M' => number.parse::<i64>().ok()?.checked_mul(60_000)?,
                _ => seconds_to_ms(number)?,
            };
            duration.ms = duration.ms.checked_add(ms)?;
        }
    }
    (count > 0).then_some(Duration { months: sign * duration.months, ms: sign * duration.ms })
}

/// Numbers with their units, each unit at most once and in the order of `units`.
fn read_parts<'t>(mut text: &'t str, units: &str) -> Option<Vec<(&'t str, char)>> {
    let mut parts = Vec::new();
    let mut left = units;
    while !text.is_empty() {
        let end = text.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let (number, rest) = text.split_at(end);
        let unit = rest.chars().next()?;
        let place = left.find(unit)?;
        if number.is_empty() || (number.contains('.') && unit != 'S') {
            return None;
        }
        left = &left[place + 1..];
        parts.push((number, unit));
        text = &rest[1..];
    }
    Some(parts)
}

/// `6.789` as milliseconds, finer digits cut.
fn seconds_to_ms(text: &str) -> Option<i64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    if whole.is_empty() || fraction.is_empty() {
        return None;
    }
    let digits: String = fraction.chars().chain("000".chars()).take(3).collect();
    whole.parse::<i64>().ok()?.checked_mul(1000)?.checked_add(digits.parse().ok()?)
}

/// Reads `2026-11-21T09:30:00.5Z`, `…+10:00`, or without an offset (then UTC); also a bare date.
pub fn parse_moment(text: &str) -> Result<i64, Error> {
    moment(text.trim()).ok_or_else(|| Error::NotAMoment(text.chars().take(200).collect()))
}

fn moment(text: &str) -> Option<i64> {
    let (date, time) = text.split_once('T').unwrap_or((text, "00:00:00"));
    let mut date = date.splitn(3, '-');
    let (year, month, day) = (date.next()?, date.next()?, date.next()?);
    let (year, month, day) = (year.parse().ok()?, month.parse().ok()?, day.parse().ok()?);
    if !(1..=9999).contains(&year)
        || !(1..=12).contains(&month)
        || !(1..=days_in_month(year, month)).contains(&day)
    {
        return None;
    }
    let (clock, offset_ms) = split_offset(time)?;
    let mut clock = clock.splitn(3, ':');
    let (hour, minute): (i64, i64) = (clock.next()?.parse().ok()?, clock.next()?.parse().ok()?);
    let second = seconds_to_ms(clock.next().unwrap_or("0"))?;
    if !(0..=24).contains(&hour) || !(0..60).contains(&minute) || !(0..60_000).contains(&second) {
        return None;
    }
    let of_day = hour * 3_600_000 + minute * 60_000 + second;
    Some(days_from_civil(year, month, day) * DAY_MS + of_day - offset_ms)
}

fn split_offset(time: &str) -> Option<(&str, i64)> {
    if let Some(clock) = time.strip_suffix('Z') {
        return Some((clock, 0));
    }
    let Some(at) = time.rfind(['+', '-']) else { return Some((time, 0)) };
    let (clock, offset) = time.split_at(at);
    let (hours, minutes) = offset[1..].split_once(':')?;
    let ms = hours.parse::<i64>().ok()? * 3_600_000 + minutes.parse::<i64>().ok()? * 60_000;
    Some((clock, if offset.starts_with('-') { -ms } else { ms }))
}

/// The same day and time so many months on; a day that the month lacks becomes its last.
pub fn add_months(from_ms: i64, months: i64) -> i64 {
    if months == 0 {
        return from_ms;
    }
    let (days, of_day) = (from_ms.div_euclid(DAY_MS), from_ms.rem_euclid(DAY_MS));
    let (year, month, day) = civil_from_days(days);
    let total = (year * 12 + month - 1).saturating_add(months);
    // Ten thousand years are far beyond any timer and keep the arithmetic below from overflowing.
    let total = total.clamp(-120_000, 240_000);
    let (year, month) = (total.div_euclid(12), total.rem_euclid(12) + 1);
    days_from_civil(year, month, day.min(days_in_month(year, month))) * DAY_MS + of_day
}

fn days_in_month(year: i64, month: i64) -> i64 {
    let leap = year.rem_euclid(4) == 0 && (year.rem_euclid(100) != 0 || year.rem_euclid(400) == 0);
    match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days since 1970-01-01 (Hinnant, "chrono-compatible low-level date algorithms").
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let shifted = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    (year + era * 400 + i64::from(month <= 2), month, day)
}
